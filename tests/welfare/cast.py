"""The people of the welfare tests: one for each role, two communities, and short words for the verbs."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from ledger.accounts import account
from ledger.models import Account, AccountRole, EntryKind, PaymentVoucher
from ledger.posting import EntryDraft, LineDraft, post
from members.models import Community, Fund, Meeting, Member, MemberCount
from office.models import User
from tests.factories import (
    REGULATION_FILE,
    TODAY,
    BeneficiaryFactory,
    CommunityFactory,
    HouseholdFactory,
    MeetingFactory,
    MemberFactory,
    make_fund,
    make_user,
)
from welfare.certifying import certify_claim
from welfare.claims import enter_claim, submit_claim, verify_claim
from welfare.deciding import Decision, decide_at_meeting
from welfare.events import Event
from welfare.models import Claim
from welfare.paying import Recipient, pay_claim
from welfare.regulations import load_regulation

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
CERTIFICATE = frozenset({"hospital-certificate"})
ID_NUMBER = "1000000000009"


@dataclass
class Cast:
    """A fund of two communities with money in the box, and one user for each role (all different people)."""

    fund: Fund
    home: Community
    away: Community
    member: Member
    leader: User
    registrar: User
    committee: User
    treasurer: User
    auditor: User
    meeting: Meeting
    today: date = TODAY
    moments: list[datetime] = field(default_factory=lambda: [NOW])

    @property
    def now(self) -> datetime:
        """The real time, a minute later at each look."""
        self.moments.append(self.moments[-1] + timedelta(minutes=1))
        return self.moments[-1]

    def by(self, user: User) -> dict[str, Any]:
        return {"by": user, "today": self.today, "now": self.now}

    def drafted(self, member: Member | None = None, event: Event | None = None) -> Claim:
        return enter_claim(
            member=member or self.member,
            event=event or stay(date(2020, 10, 5), date(2020, 10, 8)),
            request_id=uuid.uuid4(),
            **self.by(self.leader),
        )

    def submitted(self, member: Member | None = None, event: Event | None = None) -> Claim:
        return submit_claim(claim=self.drafted(member, event), **self.by(self.leader))

    def certified(self, claim: Claim) -> Claim:
        """In a strict fund three others have said that it is true."""
        if Fund.objects.get().controls == "strict":
            for _place in range(3):
                certify_claim(claim=claim, **self.by(make_user("committee")))
        return claim

    def verified(self, member: Member | None = None, event: Event | None = None) -> Claim:
        return self.checked(self.certified(self.submitted(member, event)))

    def checked(self, claim: Claim) -> Claim:
        return verify_claim(claim=claim, papers_seen=every_paper(claim), **self.by(self.registrar))

    def decided(self, member: Member | None = None, event: Event | None = None, **decision: Any) -> Claim:
        claim = self.verified(member, event)
        self.decide(Decision(claim.pk, **({"approve": True} | decision)))
        claim.refresh_from_db()
        return claim

    def decide(self, *decisions: Decision, by: User | None = None) -> list[Claim]:
        return decide_at_meeting(
            meeting=self.meeting, decisions=decisions, request_id=uuid.uuid4(), **self.by(by or self.committee)
        )

    def pay(self, claim: Claim, *, by: User | None = None, **changes: Any) -> PaymentVoucher:
        facts = {
            "claim": claim,
            "account": account(AccountRole.CASH),
            "paid_on": self.today,
            "recipient": Recipient(claim.recipient_name, ID_NUMBER),
            "request_id": uuid.uuid4(),
        }
        return pay_claim(**(facts | changes), **self.by(by or self.treasurer))


def every_paper(claim: Claim) -> set[str]:
    benefit = claim.regulation.document["benefits"]
    terms = next(one for one in benefit if one["code"] == claim.benefit_code)
    return {paper for papers in terms.get("evidence", []) for paper in papers}


def stay(admitted: date, discharged: date, **facts: Any) -> Event:
    """Nights in hospital, with the certificate, papers received on the day of discharge."""
    base = {"benefit_code": "hospital-night", "evidence": CERTIFICATE, "received_on": discharged}
    return Event(event_from=admitted, event_until=discharged, **(base | facts))


def event(code: str, day: date = date(2020, 10, 5), **facts: Any) -> Event:
    return Event(benefit_code=code, event_from=day, **({"received_on": day} | facts))


def fill_box(amount: str = "100000.00", *, into: Account | None = None, by: User | None = None) -> None:
    """Put money into the cash box (or another account) as of the fund's day."""
    draft = EntryDraft(
        date=TODAY,
        kind=EntryKind.OPENING,
        lines=[LineDraft(into or account(AccountRole.CASH), account(AccountRole.ACCUMULATED_FUND), Decimal(amount))],
        posted_by=by,
    )
    post(draft, posted_at=NOW)


def assemble(*, controls: str = "standard") -> Cast:
    """Everything of the cast, in the database."""
    fund = make_fund(controls=controls)
    load_regulation(REGULATION_FILE.read_text(encoding="utf-8"), by=None, now=NOW)
    home, away = CommunityFactory(number=1), CommunityFactory(number=2)
    MemberCount.objects.update(current=20, cumulative=20)
    member = MemberFactory(community=home, household=HouseholdFactory(community=home), number=101)
    BeneficiaryFactory(member=member)
    return Cast(
        fund=fund,
        home=home,
        away=away,
        member=member,
        leader=make_user("leader", community=home, username="leader"),
        registrar=make_user("registrar", username="registrar"),
        committee=make_user("committee", username="committee"),
        treasurer=make_user("treasurer", username="treasurer"),
        auditor=make_user("auditor", username="auditor"),
        meeting=MeetingFactory(),
    )
