"""What waits for a meeting, and what the committee weighs of each case: for its page and for its papers."""

from collections.abc import Collection, Iterable

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from bansong_fund.lib.papers import Words
from bansong_fund.lib.thai_dates import active_language, format_date
from ledger.book_papers import in_both
from members.models import Member, Resolution
from members.persons import survivor_of
from office.models import User
from welfare.eligibility import Background, facts_of, gather_background
from welfare.events import event_of
from welfare.list_queries import STANDS
from welfare.models import BenefitList, Claim, ClaimApproval, ClaimStep
from welfare.queries import claims_of, claims_to_decide, visible_claims
from welfare.regulations import document_of
from welfare.rules.left import Left, left_of
from welfare.rules.steps import Step

AT_ONE_MEETING = 100  # cases on a page of the meeting, and on its agenda


def cases_to_decide(user: User) -> QuerySet[Claim]:
    """Checked claims that are decided one by one (those of a list go with it), with the day of entry as `entered_on`.

    One of a decided list is among them where it waits for the second approval of two.
    """
    by_itself = Q(benefit_list=None) | Q(benefit_list__state=BenefitList.State.DECIDED)
    return _with_day_of_entry(claims_to_decide(user).filter(by_itself))


def cases_sent(user: User, keys: Collection[int]) -> QuerySet[Claim]:
    """The cases that a sent page showed, whatever became of them since: each is decided, or told why not."""
    return _with_day_of_entry(visible_claims(user).filter(pk__in=keys)).order_by("submitted_at", "id")


def _with_day_of_entry(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    entered = ClaimStep.objects.filter(claim=OuterRef("pk"), action="enter").order_by("id").values("day")[:1]
    return claims.annotate(entered_on=Subquery(entered))


def lists_to_decide() -> QuerySet[BenefitList]:
    """Lists that were sent in, the oldest first, with `people` and `baht` of their lines that are claims."""
    sent = BenefitList.objects.filter(state=BenefitList.State.SENT)
    return sent.annotate(people=Count("lines", filter=STANDS), baht=Sum("lines__amount", filter=STANDS)).order_by(
        "sent_at", "id"
    )


def benefit_words(claim: Claim) -> Words:
    """Benefit and days: "ค่านอนโรงพยาบาล 5 – 8 ต.ค. 2563"; `regulation` is joined. Never a diagnosis."""
    document = document_of(claim.regulation) if claim.regulation_id else None
    benefit = document.benefit(claim.benefit_code) if document and document.offers(claim.benefit_code) else None
    name = Words(benefit.name.th, benefit.name.en) if benefit else in_both(lambda: str(claim.get_category_display()))
    days = {language: _days(claim, language) for language in ("th", "en")}
    return Words(f"{name.th} {days['th']}", f"{name.en or name.th} {days['en']}")


def _days(claim: Claim, language: str) -> str:
    first = format_date(claim.event_from, "short", language)
    if claim.event_until in (None, claim.event_from):
        return first
    return f"{first} – {format_date(claim.event_until, 'short', language)}"


def weighed(claim: Claim, language: str) -> list[str]:
    """What is neither here nor there: late papers, suspended rights, a cut; backdating, relatives, an appeal."""
    steps = (Step.from_json(step) for step in claim.assessment.get("steps", ()) if step["ok"] is None)
    return [*(step.sentence(language) for step in steps), *said_at_entry(claim)]


def said_at_entry(claim: Claim) -> list[str]:
    """What the entry told beside the facts: papers dated back, a recipient who is a relative, who asks for her."""
    told = []
    entered_on = getattr(claim, "entered_on", None)
    if entered_on is not None and claim.received_on is not None and claim.received_on < entered_on:
        days = (entered_on - claim.received_on).days
        told.append(_("The papers are dated %(days)d days before the claim was entered.") % {"days": days})
    if claim.recipient_relative_of:
        told.append(_("The recipient is a relative of %(name)s.") % {"name": claim.recipient_relative_of})
    if claim.claimant_name:
        told.append(_("%(name)s asks for the member.") % {"name": claim.claimant_name})
    return told


def what_to_weigh(claim: Claim) -> Words:
    """The same as one text, in both languages."""
    return in_both(lambda: " ".join(weighed(claim, active_language())))


def first_given(resolutions: Iterable[Resolution]) -> dict[int, list[Claim]]:
    """Claims that a resolution gave their first approval of two, by the resolution's key. One query."""
    given = ClaimApproval.objects.filter(resolution__in=resolutions).select_related(
        "claim__member", "claim__regulation"
    )
    found: dict[int, list[Claim]] = {}
    for one in given.order_by("id"):
        found.setdefault(one.resolution_id, []).append(one.claim)
    return found


def history_of(claim: Claim, most: int = 20) -> list[Claim]:
    """The person's other claims, newest first."""
    return list(claims_of(survivor_of(claim.member)).exclude(pk=claim.pk)[:most])


def left_beside(claim: Claim) -> tuple[Left, ...]:
    """What is left of each limit before this claim is paid; () where it has none, or no rule is in force."""
    background: Background = gather_background(Member.objects.get(pk=claim.member_id), claim.event_from, before=claim)
    if background.version.benefit(claim.benefit_code) is None:
        return ()
    return left_of(facts_of(background, event_of(claim)), background.version.terms(claim.benefit_code))
