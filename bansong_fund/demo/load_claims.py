"""Money out: claims in every state with the steps of their lives, and the vouchers of those that were paid."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from bansong_fund.demo.load_books import VOUCHER, Order, Posting
from bansong_fund.demo.load_reckoning import Reckoner
from bansong_fund.demo.load_rows import copy_rows
from bansong_fund.demo.load_world import World, fixed_id, moment
from bansong_fund.demo.shapes import LAST_DAY
from bansong_fund.demo.shapes import Claim as PlannedClaim
from bansong_fund.lib.national_id import encrypt_id, with_check_digit
from bansong_fund.lib.thai_dates import be_year, format_date
from contributions.verbs import means_of
from ledger.accounts import benefit_account
from ledger.documents import PaperDraft, PaperLine, label, next_numbers
from ledger.models import Account, EntryKind
from ledger.posting import LineDraft
from members.models import Child
from office.models import User
from welfare.claims import CLAIM_SERIES
from welfare.models import Category, Claim, ClaimState, ClaimStep

DECIDED = frozenset({"approved", "rejected", "paid"})
CHECKED = DECIDED | {"verified"}


class ClaimsPlan:
    """The postings of all paid claims, and afterwards the claims themselves."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.benefits: dict[str, Account] = {str(category): benefit_account(category) for category in Category}
        self.reckoner = Reckoner(world)
        self.claims = _rows(world, self.reckoner)
        self.payments = [(group, self._payment(key, group)) for key, group in vouchers_of(world).items()]

    def postings(self) -> list[Posting]:
        return [posting for _group, posting in self.payments]

    def _payment(self, key: str, group: list[PlannedClaim]) -> Posting:
        """One voucher with a line for each claim on it."""
        first = group[0]
        place = self.world.accounts[first.paid_from]
        return Posting(
            name=f"voucher:{key}",
            day=first.paid_on,
            order=Order.PAYMENT,
            kind=EntryKind.PAYMENT,
            by=self.world.users["treasurer"],
            lines=[self._line(claim, place) for claim in group],
            document=VOUCHER,
            series=VOUCHER,
            papers=[self._voucher(key, group, place)],
        )

    def _line(self, claim: PlannedClaim, place: Account) -> LineDraft:
        member = self.world.members[claim.person]
        return LineDraft(self.benefits[claim.category], place, claim.amount, member.community, member)

    def _voucher(self, key: str, group: list[PlannedClaim], place: Account) -> PaperDraft:
        claim = group[0]
        on_list = claim.list_key is not None
        row = self.claims[claim.key]
        names = f"ผู้มีสิทธิตามบัญชีรายชื่อ {row.community.name_th} จำนวน {len(group)} คน"
        return PaperDraft(
            date=claim.paid_on,
            party_name=names if on_list else row.recipient_name,
            account=place,
            request_id=fixed_id("voucher", key),
            lines=[self._words(claim) for claim in group],
            means=means_of(place),
            member=None if on_list else row.member,
            extra={
                "resolution_label": self.world.decisions[claim.meeting].label,
                "recipient_id_encrypted": "" if on_list else _recipient_id(claim, row),
                "public_token": fixed_id("voucher-token", key),
            },
        )

    def _words(self, claim: PlannedClaim) -> PaperLine:
        """What the money is for: benefit, whose, and the days of the event."""
        row, name = self.claims[claim.key], self.world.document.benefit(claim.benefit).name
        th, en = (_days(claim, language) for language in ("th", "en"))
        who = row.member
        return PaperLine(
            f"{name.th} {who.full_name} (เลขที่สมาชิก {who.number}) {th}",
            f"{name.en}, {who.full_name} (member no. {who.number}), {en}",
            {"claim_number": label(be_year(claim.received_on), claim.number)},
        )

    def write_rows(self) -> None:
        """Claims and steps; after the books are written."""
        for group, posting in self.payments:
            for claim in group:
                self.claims[claim.key].voucher = posting.papers_written[0]
        self._take_numbers()
        Child.objects.bulk_create({id(row.child): row.child for row in self.claims.values() if row.child}.values())
        copy_rows(self.claims.values())
        copy_rows(step for planned in self.world.plan.claims for step in self._steps(planned))

    def _take_numbers(self) -> None:
        """The plan numbers its claims; the series has to know how far it went, for the first claim of a visitor."""
        for year, count in sorted(Counter(row.year_be for row in self.claims.values()).items()):
            taken = next_numbers(CLAIM_SERIES, year, count)
            planned = sorted(row.number for row in self.claims.values() if row.year_be == year)
            if planned != list(taken):
                raise ValueError(f"the plan numbers its claims of {year} otherwise than the series {taken}")

    def _steps(self, planned: PlannedClaim) -> Iterator[ClaimStep]:
        row, state = self.claims[planned.key], ""
        for step in _life(self.world, planned):
            yield ClaimStep(
                claim=row,
                action=step.action,
                from_state=state,
                to_state=step.to_state,
                user=step.by,
                reason=step.reason,
                day=step.day,
                at=moment(step.day),
            )
            state = step.to_state


class Step(NamedTuple):
    action: str
    to_state: str
    by: User
    day: date
    reason: str = ""


def _life(world: World, claim: PlannedClaim) -> Iterator[Step]:
    """The steps that brought a claim to its state; a draft with a reason was handed in and returned."""
    leader, registrar = world.leader(world.plan.person(claim.person).community), world.users["registrar"]
    yield Step("enter", ClaimState.DRAFT, leader, claim.received_on)
    if is_untouched(claim):
        return
    yield Step("submit", ClaimState.SUBMITTED, leader, claim.received_on)
    next_day = min(claim.received_on + timedelta(days=1), LAST_DAY)
    if claim.status == "draft":
        yield Step("return", ClaimState.DRAFT, registrar, next_day, claim.reason_th)
    if claim.status == "cancelled":
        yield Step("cancel", ClaimState.CANCELLED, registrar, next_day, claim.reason_th)
    if claim.status in CHECKED:
        yield Step("verify", ClaimState.VERIFIED, registrar, claim.verified_on)
    if claim.status == "rejected":
        yield Step("reject", ClaimState.REJECTED, world.decider(claim.meeting), claim.decided_on, claim.reason_th)
    elif claim.status in DECIDED:
        yield Step("approve", ClaimState.APPROVED, world.decider(claim.meeting), claim.decided_on)
    if claim.status == "paid":
        yield Step("pay", ClaimState.PAID, world.users["treasurer"], claim.paid_on)


def is_untouched(claim: PlannedClaim) -> bool:
    """A draft that was never handed in."""
    return claim.status == "draft" and not claim.reason_th


def vouchers_of(world: World) -> dict[str, list[PlannedClaim]]:
    """Paid claims by voucher: a community's list of one benefit and paying day is one, every other claim its own."""
    found: dict[str, list[PlannedClaim]] = defaultdict(list)
    for claim in world.plan.claims:
        if claim.paid_on is None:
            continue
        on_list = f"{claim.list_key}:{claim.paid_on}:{claim.meeting}:{claim.paid_from}"
        found[on_list if claim.list_key else claim.key].append(claim)
    return found


def _days(claim: PlannedClaim, language: str) -> str:
    first = format_date(claim.event_on, "short", language)
    if claim.event_ends_on in (None, claim.event_on):
        return first
    return f"{first} – {format_date(claim.event_ends_on, 'short', language)}"


def _recipient_id(claim: PlannedClaim, row: Claim) -> str:
    """The member's own number, or an invented one for the beneficiary: with the province code that does not exist."""
    if claim.recipient is None:
        return row.member.national_id_encrypted
    return encrypt_id(with_check_digit(f"500{claim.received_on.year}{claim.number:05d}"))


# --- rows -------------------------------------------------------------------------------------


def _rows(world: World, reckoner: Reckoner) -> dict[str, Claim]:
    children: dict[tuple, Child] = {}
    return {claim.key: claim_row(world, claim, reckoner, children) for claim in world.plan.claims}


def claim_row(world: World, claim: PlannedClaim, reckoner: Reckoner, children: dict[tuple, Child]) -> Claim:
    member = world.members[claim.person]
    row = Claim(
        request_id=fixed_id(claim.key),
        public_token=fixed_id("claim-token", claim.key),
        year_be=be_year(claim.received_on),
        number=claim.number,
        member=member,
        community=member.community,
        household=member.household,
        regulation=world.regulation,
        benefit_code=claim.benefit,
        category=claim.category,
        event_from=claim.event_on,
        event_until=claim.event_ends_on,
        units=claim.units,
        grade=claim.grade or "",
        proposed_amount=claim.proposed,
        child=_child(world, claim, children),
        event_key=reckoner.events.get(claim.disaster or "", ""),
        evidence_seen=reckoner.papers(claim),
        recipient_name=claim.recipient.name if claim.recipient else member.full_name,
        recipient_relation=claim.recipient.relation if claim.recipient else "",
        received_on=claim.received_on,
        state=claim.status,
        entered_by=world.leader(member.community.number),
        entered_at=moment(claim.received_on),
    )
    assessment = reckoner.reckon(claim)
    if not is_untouched(claim):
        row.submitted_at = moment(claim.received_on)
        row.membership = world.memberships[claim.person]
        row.outcome, row.amount, row.assessment = assessment.outcome, assessment.amount, assessment.to_json()
    _put_hands(world, claim, row)
    return row


def _put_hands(world: World, claim: PlannedClaim, row: Claim) -> None:
    """By whose hands it went on: checked, decided and paid by different people."""
    if claim.status in CHECKED:
        row.verified_by = world.users["registrar"]
    if claim.status in DECIDED:
        row.decided_by, row.decided_on = world.decider(claim.meeting), claim.decided_on
        row.resolution = world.decisions[claim.meeting]
        row.decision_reason = claim.reason_th
    if claim.status in ("approved", "paid"):
        row.amount_approved = claim.amount
    if claim.status == "paid":
        row.paid_by, row.paid_on = world.users["treasurer"], claim.paid_on


def _child(world: World, claim: PlannedClaim, children: dict[tuple, Child]) -> Child | None:
    """One row for each child of a parent, however many claims are about it."""
    if claim.child is None:
        return None
    key = (claim.person, claim.child.name, claim.child.birth_date)
    if key not in children:
        children[key] = Child(
            parent=world.members[claim.person], name=claim.child.name, birth_date=claim.child.birth_date
        )
    return children[key]
