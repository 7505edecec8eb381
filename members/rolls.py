"""ทะเบียนสมาชิกชุมชน: the roll of a community, as a paper to read from, to tick and to sign. No ID stands on it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.papers import Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language
from bansong_fund.lib.thai_dates import age_on
from members.fund_head import fund_head
from members.models import Community, Fund, Membership, Sex
from members.standing import STANDING_NAMES, Standing, StandingRules, standing_on
from members.types import MEMBER_TYPES, member_type_on

ROLL_STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/members.css")
ROLL_TITLE = _("Community roll of members")


@dataclass(frozen=True, slots=True)
class RollRow:
    """One member of the roll. `house` and `moo` are empty where no house is written down, `age` where no birth is."""

    number: int
    name: str
    house: str
    moo: str
    sex: str
    age: int | None
    joined_on: date
    paid_through: date
    standing: Standing
    kind: str

    @property
    def sex_words(self) -> Words:
        return _words(Sex(self.sex).label) if self.sex else Words("")

    @property
    def standing_words(self) -> Words:
        return _words(STANDING_NAMES[self.standing])


@dataclass(frozen=True, slots=True)
class Roll:
    """The members whose membership runs in a community on `day`, in Thai dictionary order."""

    community: Community
    day: date
    rows: tuple[RollRow, ...]

    @property
    def name(self) -> Words:
        return Words(self.community.name_th, self.community.name_en)

    @property
    def totals(self) -> list[tuple[Words, tuple[int, ...]]]:
        """By type: women, men, all; the last row sums up."""
        found = Counter((row.kind, row.sex) for row in self.rows)
        lines = [(_words(name), _by_sex(found, kind)) for kind, name in MEMBER_TYPES.items()]
        sums = tuple(sum(numbers) for numbers in zip(*(numbers for _name, numbers in lines), strict=True))
        return [*lines, (_words(_("All")), sums)]


def _by_sex(found: Counter, kind: str) -> tuple[int, int, int]:
    women, men = found[kind, Sex.FEMALE], found[kind, Sex.MALE]
    return women, men, sum(number for (of_kind, _sex), number in found.items() if of_kind == kind)


def roll_of(community: Community, *, today: date, fund: Fund, rules: StandingRules) -> Roll:
    """The roll as it stands today, in one query."""
    running = (
        Membership.objects.filter(member__community=community, member__merged_into=None, ended_on=None)
        .select_related("member__household")
        .annotate(kind=member_type_on(today, fund, person="member__"))
        .order_by("member__sort_key", "member_id")
    )
    return Roll(community, today, tuple(_row(membership, today, rules) for membership in running))


def _row(membership: Membership, today: date, rules: StandingRules) -> RollRow:
    member, house = membership.member, membership.member.household
    return RollRow(
        number=member.number,
        name=member.full_name,
        house=house.house_number if house else "",
        moo=house.moo if house else "",
        sex=member.sex,
        age=age_on(member.birth_date, today) if member.birth_date else None,
        joined_on=membership.joined_on,
        paid_through=membership.paid_through,
        standing=standing_on(membership.paid_through, today, rules),
        kind=membership.kind,
    )


def draw_rolls(rolls: Sequence[Roll], fund: Fund, language: Language) -> str:
    """The rolls as HTML."""
    title = in_words(ROLL_TITLE, language)
    context = {"rolls": rolls, "paper_title": title, "day_style": day_style(language)}
    return draw_paper("pdf/roll.html", context, fund_head(fund), language)


def day_style(language: Language) -> str:
    """The style of `thai_date`: days in the rows of a table stand in one language, lest each take two lines."""
    return "short-en" if language == "en" else "short-th"


def in_words(text: Promise, language: Language) -> str:
    """A lazy text as the title of a paper: Thai where both languages stand on it."""
    return _words(text).in_language("en" if language == "en" else "th")


def _words(text: Promise | str) -> Words:
    said = {}
    for code in ("th", "en"):
        with translation.override(code):
            said[code] = str(text)
    return Words(said["th"], said["en"])
