"""What a member would be entitled to today, benefit by benefit: for her page, and for whoever asks at the door."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from members.models import Member
from members.regulations import NoRuleInForce
from welfare.eligibility import Background, assess_on, gather_background
from welfare.events import Event
from welfare.rules.document import BenefitTerms
from welfare.rules.spans import anniversary
from welfare.rules.steps import Assessment

PRETENDED_LOSS = Decimal(1_000_000)  # so large that what is shown is the benefit's ceiling


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One benefit and how an event of today would be judged: for one night, one child, the highest grade."""

    benefit: BenefitTerms
    assessment: Assessment

    @property
    def is_open(self) -> bool:
        """Whether a claim of today would go on, by right or to the committee."""
        return self.assessment.outcome != "refused"

    @property
    def is_ceiling(self) -> bool:
        """Whether the sum is the most that can be paid, not the sum itself."""
        pays = self.benefit.pays
        return bool(pays.up_to or pays.by_grade or pays.percent_of_loss)

    @property
    def amount(self) -> Decimal:
        """Baht for one event as pretended; the ceiling where the committee sets the sum."""
        if self.is_open and self.benefit.pays.up_to is not None:
            limits = [step.figures["up_to"] for step in self.assessment.steps if step.code == "amount_open"]
            return next((limit for limit in limits if isinstance(limit, Decimal)), self.assessment.amount)
        return self.assessment.amount


def entitlements_today(member: Member, today: date) -> list[Entitlement]:
    """Every benefit of the regulation in force, as an event of `today` would be judged. Empty: no rule in force."""
    try:
        background = gather_background(member, today)
    except NoRuleInForce:
        return []
    return entitlements_on(background, today)


def entitlements_on(background: Background, today: date) -> list[Entitlement]:
    """The same, on what was gathered for today already."""
    return [
        Entitlement(benefit, assess_on(background, pretended_event(benefit, today)))
        for benefit in background.version.document.benefits
    ]


def pretended_event(benefit: BenefitTerms, today: date) -> Event:
    """An event of today with every paper there: one night, one child of the right age, the highest grade."""
    stays = benefit.unit == "night"
    until = today + timedelta(days=1) if stays else None
    grades = benefit.pays.by_grade or {}
    about_child = benefit.subject == "child" or benefit.once_per == "child"
    return Event(
        benefit_code=benefit.code,
        event_from=today,
        event_until=until,
        received_on=until or today,
        units=None if stays else 1,
        grade=max(grades, key=lambda grade: grades[grade]) if grades else "",
        loss_amount=PRETENDED_LOSS,
        child_name="–" if about_child else "",
        child_birth_date=anniversary(today, -(benefit.requires.subject_min_age or 0)) if about_child else None,
        evidence=frozenset(paper for papers in benefit.evidence for paper in papers),
    )
