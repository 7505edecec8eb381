"""What several pages of money out show in the same way."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.sheets import Column
from bansong_fund.lib.thai_dates import active_language, format_date
from members.models import Relation
from members.regulations import NoRuleInForce
from welfare.events import Event
from welfare.models import Claim, Claimant
from welfare.queries import entry_day_of
from welfare.regulations import Version, document_of, version_on
from welfare.row_facts import Opening
from welfare.rules.document import BenefitTerms
from welfare.rules.spans import count_nights
from welfare.rules.steps import Assessment
from welfare.rules.words import LABELS, counted, label

ABOUT_PAPERS = frozenset({"evidence_missing", "evidence_complete"})


def claim_url(claim: Claim) -> str:
    """Address of a claim's page."""
    return reverse("welfare:claim", args=[claim.year_be, claim.number])


def shown_reckoning(assessment: Assessment, event: Event | Claim, *, papers: bool = False) -> dict[str, Any]:
    """A reckoning for a page: sum, outcome and steps in the active language; papers are told beside it."""
    language = active_language()
    steps = [step for step in assessment.steps if papers or step.code not in ABOUT_PAPERS]
    return {
        "assessment": assessment,
        "steps": [(step.ok, step.sentence(language)) for step in steps],
        "nights": nights_in_words(event),
    }


def nights_in_words(event: Event | Claim) -> str:
    """ "นอน 3 คืน" of a stay; "" for an event of one day."""
    if event.event_until is None or event.event_until < event.event_from:
        return ""
    language = active_language()
    nights = counted(count_nights(event.event_from, event.event_until), "night", language)
    return f"นอน {nights}" if language == "th" else nights


def claimant_in_words(claim: Claim) -> str:
    """Who asks, where it is not the member herself: "นายสมมติ (มารดา), Her guardian"; else ""."""
    if claim.claimant == Claimant.MEMBER:
        return ""
    relation = dict(Relation.choices).get(claim.claimant_relation, "")
    named = f"{claim.claimant_name} ({relation})" if relation else claim.claimant_name
    return ", ".join(filter(None, (named, str(claim.get_claimant_display()))))


def backdated_in_words(claim: Claim) -> str:
    """How long before its entry the papers are said to have been there; "" where it was entered on that day."""
    entered = entry_day_of(claim)
    days = (entered - claim.received_on).days if entered and claim.received_on else 0
    message = ngettext(
        "Entered on %(day)s, %(days)d day after the papers are said to have come.",
        "Entered on %(day)s, %(days)d days after the papers are said to have come.",
        days,
    )
    return message % {"day": format_date(entered, "short"), "days": days} if days > 0 else ""


def benefit_of_claim(claim: Claim, version: Version | None = None) -> BenefitTerms | None:
    """The benefit as the version that judges the claim has it."""
    return (version or version_on(claim.event_from)).benefit(claim.benefit_code)


def name_benefits(claims: list[Claim]) -> list[Claim]:
    """Give each claim `benefit` (its terms, or None) and `benefit_name` in the active language, without a query."""
    language = active_language()
    for claim in claims:
        document = document_of(claim.regulation) if claim.regulation_id else None
        offered = document is not None and document.offers(claim.benefit_code)
        claim.benefit = document.benefit(claim.benefit_code) if document and offered else None
        claim.benefit_name = claim.benefit.name.in_language(language) if claim.benefit else claim.get_category_display()
    return claims


def name_drawn(opening: Opening) -> Opening:
    """Give each sum drawn before this program its `benefit_name`, by the version in force on its day."""
    language = active_language()
    versions = {day: _version_or_none(day) for day in {one.as_of for one in opening.drawn}}
    for one in opening.drawn:
        version = versions[one.as_of]
        benefit = version.benefit(one.benefit_code) if version else None
        one.benefit_name = benefit.name.in_language(language) if benefit else one.benefit_code.replace("-", " ")
    return opening


def _version_or_none(day: date) -> Version | None:
    try:
        return version_on(day)
    except NoRuleInForce:
        return None


def claim_columns() -> list[Column]:
    """The columns of the list of claims: what the page shows."""
    return [
        Column(_("Claim no."), "code"),
        Column(_("Member no."), "code"),
        Column(_("Member")),
        Column(_("Benefit"), width=36),
        Column(_("Community")),
        Column(_("Day of the event"), "date"),
        Column(_("State")),
        Column(_("Baht"), "baht", total=True),
    ]


def claim_cells(claim: Claim) -> tuple[Any, ...]:
    """One row of the list of claims; `name_benefits` ran before."""
    return (
        claim.label,
        str(claim.member.number),
        claim.member.full_name,
        claim.benefit_name,
        local_name(claim.community),
        claim.event_from,
        str(claim.get_state_display()),
        claim.amount if claim.amount_approved is None else claim.amount_approved,
    )


def paper_name(code: str) -> str:
    """What a paper is called in the reader's language; a code that no list knows says itself."""
    return label("paper", code, active_language()) if code in LABELS["paper"] else code.replace("-", " ")
