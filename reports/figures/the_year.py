"""What else happened in a year: its events beside earlier ones, partners, care, and what meetings resolved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, Model, OuterRef, Q

from contributions.models import Campaign, Partner
from contributions.queries.contributors import partners_between
from contributions.queries.events import with_raised
from members.models import Application, Community, EndReason, Meeting, Membership, Resolution
from welfare.care_queries import CareFigures, care_by_community
from welfare.models import Appeal, BenefitList, Claim, ClaimApproval, UrgentGrant

EVENTS_COMPARED = 5
# A resolution under which one of these was decided speaks of single people, and stands on no public paper.
CASES: tuple[tuple[type[Model], str], ...] = (
    (Claim, "resolution"),
    (ClaimApproval, "resolution"),
    (UrgentGrant, "resolution"),
    (Appeal, "resolution"),
    (BenefitList, "resolution"),
    (Application, "resolution"),
    (Membership, "accepted_by"),
)


@dataclass(frozen=True, slots=True)
class EventFigures:
    """One event: what it was to raise, what it raised and cost by papers that hold, whenever they were written."""

    campaign: Campaign
    is_of_the_year: bool

    @property
    def of_target(self) -> int | None:
        """The percent of its target that it raised; None where there was none."""
        target: Decimal | None = self.campaign.target
        return int(self.campaign.raised * 100 / target) if target else None


@dataclass(frozen=True, slots=True)
class CareOfYear:
    """Care by community, in the communities' order, and all together; no rows where nobody was looked after."""

    rows: tuple[tuple[Community, CareFigures], ...]
    total: CareFigures


@dataclass(frozen=True, slots=True)
class YearBeside:
    """Everything of a year that is neither members, money nor welfare."""

    events: tuple[EventFigures, ...]
    partners: tuple[Partner, ...]
    care: CareOfYear
    resolutions: tuple[Resolution, ...]


def year_beside(first: date, last: date) -> YearBeside:
    """From `first` to `last`, both within; eight queries, however much happened."""
    return YearBeside(_events(first, last), _partners(first, last), _care(first, last), _resolutions(first, last))


def _events(first: date, last: date) -> tuple[EventFigures, ...]:
    """The events of the year and those before it, the latest first; none where the year had none."""
    campaigns = with_raised(Campaign.objects.filter(held_on__lte=last)).order_by("-held_on", "-pk")
    found = [EventFigures(one, one.held_on >= first) for one in campaigns[: 2 * EVENTS_COMPARED]]
    own = [one for one in found if one.is_of_the_year]
    return tuple(found[: max(EVENTS_COMPARED, len(own))]) if own else ()


def _partners(first: date, last: date) -> tuple[Partner, ...]:
    """Who worked with the fund in the year, or because of whom something came; without days: still a partner."""
    runs = (Q(since=None) | Q(since__lte=last)) & (Q(until=None) | Q(until__gte=first))
    found = partners_between(first, last).filter(runs | Q(activities_held__gt=0) | Q(came__gt=0))
    return tuple(found.order_by("-came", "name_th"))


def _care(first: date, last: date) -> CareOfYear:
    found = care_by_community(first, last)
    places = Community.objects.filter(pk__in=found).order_by("number")
    total = sum(found.values(), CareFigures())
    return CareOfYear(tuple((place, found[place.pk]) for place in places), total)


def _resolutions(first: date, last: date) -> tuple[Resolution, ...]:
    """Those of general meetings, and those of the committee under which no single case was decided, in their order."""
    held = Resolution.objects.filter(meeting__held_on__range=(first, last)).select_related("meeting")
    of_cases = Q()
    for model, name in CASES:
        of_cases |= Q(Exists(model.objects.filter(**{name: OuterRef("pk")})))
    found = held.filter(Q(meeting__kind=Meeting.Kind.GENERAL) | ~of_cases)
    rows = list(found.order_by("meeting__held_on", "meeting__kind", "meeting__number", "number"))
    lapses = _lapse_notes(rows)
    return tuple(one for one in rows if not any(f" {one.label}" in note for note in lapses))


def _lapse_notes(rows: Sequence[Resolution]) -> list[str]:
    """The notes of memberships that lapsed on these meetings' days: they name the resolution."""
    days = {one.meeting.held_on for one in rows if one.meeting.kind == Meeting.Kind.COMMITTEE}
    ended = Membership.objects.filter(end_reason=EndReason.LAPSED, ended_on__in=days)
    return list(ended.values_list("end_note", flat=True).distinct())
