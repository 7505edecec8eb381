"""Reading money out. Every list, count, page and paper of claims starts from `visible_claims(user)`."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from ledger.models import Account, AccountRole, PaymentVoucher, PaymentVoucherLine
from ledger.queries import balances
from members.models import Meeting, Member
from members.persons import with_doubles
from members.queries import named_now, visible_communities, visible_members
from office.models import Attachment, User
from office.roles import WHOLE_FUND_ROLES
from welfare.events import CLAIM_PAPERS
from welfare.models import Claim, ClaimState, DeliveryLine, PaymentListLine, WelfareSettings


def welfare_settings() -> WelfareSettings:
    """The fund's few settings of deciding and paying; as they begin, where nobody has set them."""
    return WelfareSettings.objects.first() or WelfareSettings(pk=1)


def visible_claims(user: User) -> QuerySet[Claim]:
    """The claims a user may see: all for the committee's staff, those of her communities for a leader, else none."""
    if user.has_role(*WHOLE_FUND_ROLES):
        return Claim.objects.all()
    return Claim.objects.filter(community__in=visible_communities(user))


def listed(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """With what a row of a list shows, in one query; the reckonings stay where they are."""
    return claims.select_related("member", "community", "regulation", "voucher", "benefit_list").defer(
        "assessment", "regulation__document"
    )


def older_than(claims: QuerySet[Claim], label: str) -> QuerySet[Claim]:
    """Newest numbers first, those behind a claim's number ("2563/000123"); all of them where it is no number."""
    claims = claims.order_by("-year_be", "-number")
    year, _slash, number = label.partition("/")
    if not (year.isdecimal() and number.isdecimal() and len(label) < len("2563/000000000")):
        return claims
    behind = Q(year_be__lt=int(year)) | Q(year_be=int(year), number__lt=int(number))
    return claims.filter(behind, year_be__lte=int(year))


def entry_day_of(claim: Claim) -> date | None:
    """The fund's day on which one claim was written down; None for one that came with the demonstration's years."""
    return claim.steps.filter(action="enter").values_list("day", flat=True).first()


def with_reckonings(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """As `listed`, with the kept reckoning of each: for the committee, who weighs its steps."""
    return claims.select_related("member", "community", "regulation").defer("regulation__document")


def claims_to_check(user: User) -> QuerySet[Claim]:
    """The registrar's work: submitted claims, those whose papers came first on top."""
    return visible_claims(user).filter(state=ClaimState.SUBMITTED).order_by("received_on", "id")


def claims_to_decide(user: User) -> QuerySet[Claim]:
    """The next meeting's cases, in the order in which they were submitted."""
    return visible_claims(user).filter(state=ClaimState.VERIFIED).order_by("submitted_at", "id")


def claims_to_pay(user: User) -> QuerySet[Claim]:
    """The treasurer's work: approved claims, the oldest decision first; none on its way or on a payment list."""
    carried = DeliveryLine.objects.filter(claim=OuterRef("pk"), settlement=None)
    on_a_list = PaymentListLine.objects.filter(claim=OuterRef("pk"), outcome="")
    approved = visible_claims(user).filter(~Exists(carried), ~Exists(on_a_list), state=ClaimState.APPROVED)
    return approved.order_by("decided_on", "id")


def claims_to_correct(user: User) -> QuerySet[Claim]:
    """Drafts, those that were returned among them: what waits for a leader."""
    return visible_claims(user).filter(state=ClaimState.DRAFT).order_by("entered_at", "id")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many claims wait at a desk, and their sum in baht."""

    count: int
    total: Decimal


def waiting(claims: QuerySet[Claim]) -> Waiting:
    """Count and sum of claims: what was approved, else what the reckoning came to."""
    rows = claims.order_by().aggregate(
        count=Count("pk"),
        approved=Sum("amount_approved"),
        reckoned=Sum("amount", filter=Q(amount_approved=None)),
    )
    return Waiting(rows["count"], (rows["approved"] or Decimal(0)) + (rows["reckoned"] or Decimal(0)))


def claims_of(member: Member) -> QuerySet[Claim]:
    """All claims of a person, her doubles' among them, newest first."""
    # the person's rows first: an OR over the joined member would read all claims
    person = Member.objects.filter(Q(pk=member.pk) | Q(merged_into=member))
    return listed(Claim.objects.filter(member__in=person)).order_by("-event_from", "-id")


def papers_handed_in(claim: Claim) -> QuerySet[Attachment]:
    """The files of a claim, in the order in which they came."""
    return Attachment.objects.filter(owner_kind=CLAIM_PAPERS, owner_id=claim.pk).order_by("uploaded_at", "id")


def sees_claim(user: User, claim_id: int) -> bool:
    """Whether a user may see the papers of a claim."""
    return visible_claims(user).filter(pk=claim_id).exists()


def paying_accounts() -> list[tuple[Account, Decimal]]:
    """The cash box and the open bank accounts with what each holds."""
    held = balances(AccountRole.CASH, AccountRole.BANK)
    return [(account, amount) for account, amount in held if account.is_open]


def visible_vouchers(user: User) -> QuerySet[PaymentVoucher]:
    """Vouchers of claims, of members whom a user may see; one of a whole list where she sees all its communities."""
    of_claims = PaymentVoucher.objects.exclude(lines__claim_number="")
    related = ("account__holder", "member", "void__voided_by")
    its_lines = PaymentVoucherLine.objects.filter(voucher=OuterRef("pk"))
    of_many = Q(member=None) & ~Exists(its_lines.exclude(line__community__in=visible_communities(user)))
    hers = Q(member__in=with_doubles(visible_members(user)))
    return of_claims.filter(hers | of_many).select_related(*related).distinct()


def claims_of_voucher(voucher: PaymentVoucher) -> list[Claim]:
    """The claims that a voucher paid, also after it became void, in the order of its lines."""
    labels = voucher.lines.exclude(claim_number="").values_list("claim_number", flat=True)
    numbers = [label.split("/") for label in labels]
    found = Claim.objects.none()
    for year in {year for year, _running in numbers}:
        running = [int(number) for its_year, number in numbers if its_year == year]
        found = found | Claim.objects.filter(year_be=int(year), number__in=running)
    return list(found.order_by("year_be", "number"))


def meetings() -> QuerySet[Meeting]:
    """Meetings, newest first, with how many claims each decided."""
    return Meeting.objects.annotate(claims_decided=Count("resolutions__claims")).order_by("-held_on", "-id")


def possible_recipients(member: Member) -> list[tuple[str, str]]:
    """Who is named to receive the funeral grant: (name, relation), the latest named and the largest share first."""
    named = named_now(member).order_by(F("named_on").desc(nulls_last=True), "-share_percent", "-id")
    return list(named.values_list("name", "relation"))


def reason_of_return(claim: Claim) -> str:
    """Why a draft was sent back to its leader; empty for one that never was, and for a claim on its way."""
    if claim.state != ClaimState.DRAFT:
        return ""
    returns = claim.steps.filter(action="return").order_by("-pk")
    return returns.values_list("reason", flat=True).first() or ""
