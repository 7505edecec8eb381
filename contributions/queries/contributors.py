"""Reading leg 4: the register of contributors, what one gave, what a year brought, what came because of a partner."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Collate

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.thai_dates import be_year, from_be_year
from contributions.models import Contributor, Gift, Partner
from members.models import ThaiSortKey
from office.models import User
from office.roles import WHOLE_FUND_ROLES

PAGE = 50


def in_thai_order(contributors: QuerySet[Contributor]) -> QuerySet[Contributor]:
    """With `key`, in the order of a Thai list of names."""
    return contributors.annotate(key=Collate(ThaiSortKey(F("name"), Value("")), "C")).order_by("key", "number")


def with_gifts(contributors: QuerySet[Contributor]) -> QuerySet[Contributor]:
    """With `given`, `times` and `last_gift`: what holds of each, void receipts left out."""
    hers = Gift.objects.filter(contributor=OuterRef("pk"), receipt__void=None).order_by().values("contributor")
    return contributors.annotate(
        given=Coalesce(Subquery(hers.annotate(n=Sum("amount")).values("n")), ZERO),
        times=Coalesce(Subquery(hers.annotate(n=Count("pk")).values("n")), 0),
        last_gift=Subquery(hers.annotate(n=Max("received_on")).values("n")),
    ).select_related("brought_by")


@dataclass(frozen=True, slots=True)
class ContributorPage:
    rows: list[Contributor]
    next_after: int | None  # number behind which the next page starts


def contributor_page(contributors: QuerySet[Contributor], after: int | None) -> ContributorPage:
    """One page in Thai order, behind the contributor of this number, in one query."""
    listed = with_gifts(in_thai_order(contributors))
    if after is not None:
        last = in_thai_order(Contributor.objects.filter(number=after)).values("key")[:1]
        listed = listed.filter(Q(key__gt=Subquery(last)) | Q(key=Subquery(last), number__gt=after))
    rows = list(listed[: PAGE + 1])
    return ContributorPage(rows[:PAGE], rows[PAGE - 1].number if len(rows) > PAGE else None)


def gifts_of(contributor: Contributor) -> list[Gift]:
    """Every gift with its receipt, void ones too, the newest first."""
    related = ("receipt", "receipt__void", "income_account", "campaign", "activity")
    return list(contributor.gifts.select_related(*related).order_by("-received_on", "-pk"))


def sums_by_year(gifts: list[Gift]) -> list[tuple[int, Decimal]]:
    """(calendar year, baht) of the gifts that hold, the newest year first."""
    years: dict[int, Decimal] = {}
    for gift in gifts:
        if getattr(gift.receipt, "void", None) is None:
            year = be_year(gift.received_on)
            years[year] = years.get(year, ZERO) + gift.amount
    return sorted(years.items(), reverse=True)


def year_bounds(year_be: int) -> tuple[date, date]:
    """The calendar year, by which statements of gifts are written."""
    year = from_be_year(year_be)
    return date(year, 1, 1), date(year, 12, 31)


def gifts_between(first: date, last: date) -> QuerySet[Gift]:
    """The gifts of a time whose receipts hold."""
    return Gift.objects.filter(received_on__range=(first, last), receipt__void=None)


@dataclass(frozen=True, slots=True)
class YearOfContributors:
    """Who gave in a year: those who agreed to be named, in Thai order with their baht, and all others together."""

    year_be: int
    named: tuple[Contributor, ...]
    unnamed: int
    unnamed_baht: Decimal

    @property
    def persons(self) -> int:
        return len(self.named) + self.unnamed

    @property
    def total(self) -> Decimal:
        return sum((one.given for one in self.named), self.unnamed_baht)


def year_of_contributors(year_be: int) -> YearOfContributors:
    """In one query; whether somebody may be named is asked of the register as it is today."""
    held = gifts_between(*year_bounds(year_be)).filter(contributor=OuterRef("pk")).order_by().values("contributor")
    gave = Contributor.objects.annotate(given=Subquery(held.annotate(n=Sum("amount")).values("n")))
    rows = list(in_thai_order(gave.filter(given__isnull=False)))
    unnamed = [one.given for one in rows if not one.may_be_named]
    named = tuple(one for one in rows if one.may_be_named)
    return YearOfContributors(year_be, named, len(unnamed), sum(unnamed, ZERO))


def years_with_gifts() -> list[int]:
    """The calendar years in which something was given, the newest first."""
    days = Gift.objects.dates("received_on", "year", order="DESC")
    return [be_year(day) for day in days]


@dataclass(frozen=True, slots=True)
class ConsentStep:
    """An earlier answer to "may you be named?": given on `consent_on`, and in force until `until`."""

    may_be_named: bool
    consent_on: date | None
    until: datetime


def consent_history(contributor: Contributor) -> list[ConsentStep]:
    """The earlier answers, the newest first; the one of today stands on the contributor."""
    before = contributor.pgh_event_model.objects.filter(pgh_obj_id=contributor.pk).order_by("pgh_id")
    steps = [ConsentStep(one.may_be_named, one.consent_on, one.pgh_created_at) for one in before]
    answers = [(step.may_be_named, step.consent_on) for step in steps]
    answers.append((contributor.may_be_named, contributor.consent_on))
    return [step for place, step in enumerate(steps) if answers[place] != answers[place + 1]][::-1]


# --- partners ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class PartnerYear:
    """What came because of a partner in a calendar year, and what was done together."""

    year_be: int
    brought: Decimal = ZERO  # gifts of contributors whom it brought
    at_activities: Decimal = ZERO  # gifts at what was done together, by others
    contributors: set[int] = field(default_factory=set)
    activities: int = 0
    participants: int = 0
    income_raised: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.brought + self.at_activities


def because_of(partner: Partner) -> QuerySet[Gift]:
    """Gifts of whom it brought, and gifts at an activity with it: each once, void ones left out."""
    cause = Q(contributor__brought_by=partner) | Q(activity__partner=partner)
    return Gift.objects.filter(cause, receipt__void=None)


def partner_years(partner: Partner) -> list[PartnerYear]:
    """The years of a partner, the newest first, in two queries."""
    years: dict[int, PartnerYear] = {}

    def of(day: date) -> PartnerYear:
        return years.setdefault(be_year(day), PartnerYear(be_year(day)))

    for gift in because_of(partner).select_related("contributor"):
        year = of(gift.received_on)
        year.contributors.add(gift.contributor_id)
        if gift.contributor.brought_by_id == partner.pk:
            year.brought += gift.amount
        else:
            year.at_activities += gift.amount
    for activity in partner.activities.all():
        year = of(activity.held_on)
        year.activities += 1
        year.participants += activity.participants or 0
        year.income_raised += activity.income_raised or ZERO
    return sorted(years.values(), key=lambda year: -year.year_be)


def sees_partners(user: User, _key: int) -> bool:
    """Whether the user may see the papers of agreements with partners."""
    return user.has_role(*WHOLE_FUND_ROLES)


def partners_listed(year_be: int | None = None) -> QuerySet[Partner]:
    """With `activities_held`, `enterprises` (whom it brought) and `came` (baht because of it), void ones left out.

    `year_be`: activities and gifts of that calendar year only.
    """
    return partners_between(*(year_bounds(year_be) if year_be else (date.min, date.max)))


def partners_between(first: date, last: date) -> QuerySet[Partner]:
    """The same of any span, both days within."""
    span = (first, last)
    brought = Contributor.objects.filter(brought_by=OuterRef("pk")).order_by().values("brought_by")
    by_giver = gifts_between(*span).filter(contributor__brought_by=OuterRef("pk"))
    at_work = gifts_between(*span).filter(activity__partner=OuterRef("pk"))
    at_work = at_work.exclude(contributor__brought_by=OuterRef("pk"))
    return Partner.objects.annotate(
        activities_held=Count("activities", filter=Q(activities__held_on__range=span)),
        enterprises=Coalesce(Subquery(brought.annotate(n=Count("pk")).values("n")), 0),
        came=_sum(by_giver, "contributor__brought_by") + _sum(at_work, "activity__partner"),
    )


def _sum(gifts: QuerySet[Gift], of: str) -> Coalesce:
    return Coalesce(Subquery(gifts.order_by().values(of).annotate(n=Sum("amount")).values("n")), ZERO)
