"""The tables of the members' counts: drawn up once, shown alike on the page, in a sheet and on paper."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.papers import Words
from bansong_fund.lib.thai_dates import be_year
from members.models import Community, Sex
from members.types import MEMBER_TYPES
from reports.figures.counts import BANDS, OLDEST_BAND, UNKNOWN_BIRTH, YEARS_IN_A_BAND, MemberCounts
from reports.words import SpokenDay, in_both

ALL = _("All")
CURRENT = _("Current members")
CUMULATIVE = _("Cumulative members")


@dataclass(frozen=True, slots=True)
class CountTable:
    """One table: `head` names the column of labels and each column of counts; `total` closes it where it adds up."""

    code: str
    title: Words
    head: tuple[Words, ...]
    rows: tuple[tuple[Words, tuple[int, ...]], ...]
    total: tuple[int, ...] = ()
    note: Words | None = None

    @property
    def all_rows(self) -> list[tuple[Words, tuple[int, ...]]]:
        """The rows with the total as the last one."""
        return [*self.rows, (in_both(ALL), self.total)] if self.total else list(self.rows)


def count_tables(counts: MemberCounts) -> list[CountTable]:
    """Every table of a day, in the order of the page."""
    return [
        whole_fund(counts),
        by_type(counts),
        by_sex(counts),
        by_age(counts),
        by_community(counts, current_only=True),
        by_community(counts, current_only=False),
        by_matches(counts),
    ]


def whole_fund(counts: MemberCounts) -> CountTable:
    return CountTable(
        code="all",
        title=in_both(_("Members of the fund")),
        head=(in_both(_("Members")), in_both(_("Persons"))),
        rows=(
            (in_both(_("Founding members")), (counts.founding,)),
            (in_both(_("Cumulative members since founding")), (counts.cumulative,)),
            (in_both(CURRENT), (counts.current,)),
        ),
        note=in_both(
            _(
                "Founding members joined by the end of the founding year. Cumulative members are all who ever joined,"
                " each once; current members are those who had not died, resigned, moved away or been ended by then."
            )
        ),
    )


def by_type(counts: MemberCounts) -> CountTable:
    ever, now = (counts.by(lambda group: group.kind, current_only=only) for only in (False, True))
    return CountTable(
        code="types",
        title=in_both(_("By type")),
        head=_ever_and_now(_("Type")),
        rows=tuple((in_both(name), (ever[kind], now[kind])) for kind, name in MEMBER_TYPES.items()),
        total=(counts.cumulative, counts.current),
        note=in_both(
            _(
                "Each member counts once: by disability, then disadvantage, then age, else as a general member;"
                " former members too as they would stand on the day of the count."
            )
        ),
    )


def by_sex(counts: MemberCounts) -> CountTable:
    ever, now = (counts.by(lambda group: group.sex, current_only=only) for only in (False, True))
    return CountTable(
        code="sexes",
        title=in_both(_("By sex")),
        head=_ever_and_now(_("Sex")),
        rows=tuple((_sex(sex), (ever[sex], now[sex])) for sex in counts.sexes),
        total=(counts.cumulative, counts.current),
    )


def by_age(counts: MemberCounts) -> CountTable:
    return ages_table(counts.by(lambda group: (group.band, group.sex)), counts.sexes)


def ages_table(found: Mapping[tuple[int, str], int], sexes: Sequence[str]) -> CountTable:
    """Current members by band of age, a column for each sex; `found` gives 0 for what it has not, as a Counter."""
    rows = []
    for band in (*BANDS, UNKNOWN_BIRTH):
        each = [found[band, sex] for sex in sexes]
        rows.append((_band(band), (*each, sum(each))))
    return CountTable(
        code="ages",
        title=in_both(_("Current members by age and sex")),
        head=(in_both(_("Age")), *map(_sex, sexes), in_both(ALL)),
        rows=tuple(rows),
        total=_sums(rows),
    )


def by_community(counts: MemberCounts, *, current_only: bool) -> CountTable:
    found = counts.by(lambda group: (group.community, group.kind), current_only=current_only)
    rows = []
    for community in counts.communities:
        each = [found[community.pk, kind] for kind in MEMBER_TYPES]
        rows.append((_named(community), (*each, sum(each))))
    current, cumulative = _("Current members by community and type"), _("Cumulative members by community and type")
    return CountTable(
        code="communities" if current_only else "communities-ever",
        title=in_both(current if current_only else cumulative),
        head=(in_both(_("Community")), *map(in_both, MEMBER_TYPES.values()), in_both(ALL)),
        rows=tuple(rows),
        total=_sums(rows),
        note=in_both(
            _("In the community where each was on the day of the count; former members where they last were.")
        ),
    )


def by_matches(counts: MemberCounts) -> CountTable:
    matches = counts.matches
    rows = tuple(
        (_times(times), (matches.full_year[times], matches.current[times])) for times in sorted(matches.full_year)
    )
    whole = in_both(_("Full-year members on 30 September %(year)s"), year=be_year(counts.cutoff_on))
    return CountTable(
        code="matches",
        title=in_both(_("Full-year members and their matches")),
        head=(in_both(_("Matched")), whole, in_both(_("Current members on %(day)s"), day=SpokenDay(counts.day))),
        rows=rows,
        total=(matches.all_full_year, matches.all_current),
        note=in_both(
            _(
                "%(count)s members had a full year and were matched fewer than three times: they count in the next"
                " round."
            ),
            count=f"{matches.matchable:,}",
        ),
    )


def _ever_and_now(what: object) -> tuple[Words, ...]:
    return (in_both(what), in_both(CUMULATIVE), in_both(CURRENT))


def _sums(rows: list[tuple[Words, tuple[int, ...]]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*(numbers for _label, numbers in rows), strict=True)))


def _sex(sex: str) -> Words:
    return in_both(Sex(sex).label) if sex else in_both(_("Not written down"))


def _named(community: Community) -> Words:
    return Words(community.name_th, community.name_en)


def _band(band: int) -> Words:
    if band == UNKNOWN_BIRTH:
        return in_both(_("Date of birth not known"))
    first = band * YEARS_IN_A_BAND
    if band == OLDEST_BAND:
        return in_both(_("%(age)s or more"), age=first)
    span = f"{first}–{first + YEARS_IN_A_BAND - 1}"
    return Words(span, span)


def _times(times: int) -> Words:
    names = (_("Never"), _("Once"), _("Twice"), _("Three times"))
    return in_both(names[times])


def table_named(tables: list[CountTable], code: str) -> CountTable | None:
    return next((table for table in tables if table.code == code), None)


def sheet_rows(table: CountTable, language: str) -> Iterator[list[object]]:
    """The rows of a table as a sheet takes them; its total is the sum that the sheet shows."""
    for label, numbers in table.all_rows:
        yield [label.in_language(language), *numbers]
