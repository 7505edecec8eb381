"""Reading applications to membership. Every list, page and paper starts from `visible_applications(user)`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from bansong_fund.lib.thai_text import arabic_digits, normalise
from members.doubles import PossibleDouble, possible_doubles
from members.models import Application, ApplicationState, Community, Member, Membership
from members.queries import visible_applications, visible_members
from members.regulations import membership_terms
from members.verbs import PersonFacts
from office.models import Attachment, User

APPLICATION_PAPERS = "application"  # owner_kind of the papers handed in with an application
OPEN_STATES = (ApplicationState.ENTERED, ApplicationState.CERTIFIED)


def listed(applications: QuerySet[Application]) -> QuerySet[Application]:
    """With what a row of a list shows, in one query: `unpaid` where no dues of the new membership are posted yet."""
    unpaid = Membership.objects.filter(
        member=OuterRef("member"), accepted_by=OuterRef("resolution"), paid_through__lt=F("joined_on")
    )
    return applications.select_related("community", "member").annotate(unpaid=Exists(unpaid))


def find_applications(
    applications: QuerySet[Application], *, text: str = "", community: Community | None = None, state: str = ""
) -> QuerySet[Application]:
    """Those that a search asks for: parts of a name, or a number ("12", "12/2563")."""
    for word in arabic_digits(normalise(text)).split():
        applications = applications.filter(_by_word(word))
    if community is not None:
        applications = applications.filter(community=community)
    return applications.filter(state=state) if state else applications


def _by_word(word: str) -> Q:
    number, slash, year = word.partition("/")
    if number.isdecimal() and len(number) < 9 and (not slash or (year.isdecimal() and len(year) < 5)):
        return Q(number=int(number), year_be=int(year)) if slash else Q(number=int(number))
    return Q(first_name__icontains=word) | Q(family_name__icontains=word) | Q(nickname__icontains=word)


def older_than(applications: QuerySet[Application], label: str) -> QuerySet[Application]:
    """Newest numbers first, those behind the application "12/2563"; all where it names none."""
    applications = applications.order_by("-year_be", "-number")
    number, _slash, year = label.partition("/")
    if not (number.isdecimal() and year.isdecimal() and len(label) < len("000000000/2563")):
        return applications
    return applications.filter(Q(year_be__lt=int(year)) | Q(year_be=int(year), number__lt=int(number)))


def applications_to_decide(user: User) -> QuerySet[Application]:
    """The next meeting's list: certified applications, the first number on top."""
    return visible_applications(user).filter(state=ApplicationState.CERTIFIED).order_by("year_be", "number")


def papers_of_application(application: Application) -> QuerySet[Attachment]:
    """The files of an application, in the order in which they came."""
    return Attachment.objects.filter(owner_kind=APPLICATION_PAPERS, owner_id=application.pk).order_by(
        "uploaded_at", "id"
    )


@dataclass(frozen=True, slots=True)
class LikePeople:
    """Who may be the applicant: members whom the reader sees, and other applications that are not decided yet."""

    members: list[PossibleDouble]
    applications: list[Application]

    def __bool__(self) -> bool:
        return bool(self.members or self.applications)


def like_people(
    person: PersonFacts, community: Community, user: User, *, former: Member | None = None, but: int | None = None
) -> LikePeople:
    """People like the applicant, in three queries. `former`: the member who comes back; `but`: this application."""
    same = ("first_name", "family_name", "birth_date", "birth_precision", "house_number", "moo", "phone", "national_id")
    members = possible_doubles(
        **{name: getattr(person, name) for name in same},
        community=community,
        except_member=former,
        members=visible_members(user),
    )
    others = visible_applications(user).filter(
        first_name=person.first_name, family_name=person.family_name, state__in=OPEN_STATES
    )
    return LikePeople(members, list(others.exclude(pk=but)))


def first_dues_state(application: Application) -> str:
    """Where the first dues are: "with-leader" until they are posted, "give-back" after a refusal, "" otherwise."""
    if application.first_dues_baht is None:
        return ""
    if application.state in (ApplicationState.REFUSED, ApplicationState.WITHDRAWN):
        return "give-back"
    unpaid: bool = application.state in OPEN_STATES or application.unpaid
    return "with-leader" if unpaid else ""


@dataclass(frozen=True, slots=True)
class FirstDues:
    """What a leader took with an application, and on which day."""

    baht: Decimal
    taken_on: date


def first_dues_waiting(memberships: Iterable[Membership]) -> dict[int, FirstDues]:
    """First dues of these memberships that no receipt covers yet, by member key; asks only for the new among them."""
    new = [one for one in memberships if one.paid_through < one.joined_on and one.accepted_by_id is not None]
    if not new:
        return {}
    taken = Application.objects.filter(
        state=ApplicationState.ACCEPTED,
        first_dues_baht__isnull=False,
        member__in=[one.member_id for one in new],
        resolution__in=[one.accepted_by_id for one in new],
    )
    rows = taken.values_list("member_id", "resolution_id", "first_dues_baht", "first_dues_on")
    # who came back has two applications, and the other people's resolutions may be that of her first one
    accepted = {(one.member_id, one.accepted_by_id) for one in new}
    return {member: FirstDues(baht, day) for member, by, baht, day in rows if (member, by) in accepted}


@dataclass(frozen=True, slots=True)
class DuesPrice:
    """What the regulation in force asks for: so many baht for each period ("year", "half-year", …)."""

    baht: Decimal
    every: str

    @property
    def sentence(self) -> str:
        """ "365.00 baht a year", in the active language."""
        words = {
            "year": _("%(baht)s baht a year"),
            "half-year": _("%(baht)s baht every half year"),
            "quarter": _("%(baht)s baht a quarter"),
            "month": _("%(baht)s baht a month"),
        }
        baht = f"{self.baht:,.2f}".removesuffix(".00")
        return words[self.every] % {"baht": baht}


def dues_price(day: date) -> DuesPrice:
    """The dues of the regulation in force on a day. Raises `NoRuleInForce`."""
    dues: dict[str, Any] = membership_terms(day)["dues"]
    return DuesPrice(Decimal(str(dues["baht"])), dues["every"])
