"""Rows of an old register's file, read into facts by what its columns are said to be."""

import calendar
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bansong_fund.lib import national_id as ids
from bansong_fund.lib import readers
from bansong_fund.lib.births import DAY, YEAR
from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.sheet_reader import RawRow, read_rows
from bansong_fund.lib.thai_dates import be_year, year_bounds
from bansong_fund.lib.thai_text import arabic_digits
from bansong_fund.lib.titles import sex_of_title, split_name
from members.births import reckoned_birth
from members.importing import words
from members.importing.facts import LANGUAGES, REFUSAL, WARNING, Drawn, RowFacts, told_by
from members.importing.layout import Options, SheetLayout
from members.importing.places import CommunityName, known_names, read_community
from members.models import Community, EndReason, Fund, IdKind, ImportRun
from members.regulations import NoRuleInForce, membership_terms, regulation_on
from members.verbs import check_dates

LAST_NUMBER = 9_999_999
MOST_ROUNDS = 3  # nobody is matched more often
MOST_YEARS_AHEAD = 10
ONE_DAY = timedelta(days=1)
TEXTS = {"occupation": 100, "nationality": 60, "address": 250}
BEFORE_MOO = ("หมู่บ้านที่", "หมู่ที่", "หมู่", "ม.", "moo", "Moo")


@dataclass(frozen=True, slots=True)
class Ground:
    """What reading stands on: the fund and its day, the communities, and what the registrar said of the file."""

    fund: Fund
    today: date
    options: Options
    layouts: list[SheetLayout]
    communities: dict[int, Community]
    names: dict[int, CommunityName]
    called: Mapping[str, int]
    dues_year_starts: int  # the month in which a bare year of dues begins


def ground_of(run: ImportRun, *, today: date) -> Ground:
    """Gather it for a run, in three queries."""
    fund = Fund.objects.get()
    communities = Community.objects.in_bulk()
    return Ground(
        fund=fund,
        today=today,
        options=Options.of_json(run.options),
        layouts=[SheetLayout.of_json(kept) for kept in run.sheets],
        communities=communities,
        names={key: CommunityName(community) for key, community in communities.items()},
        called=known_names(communities.values()),
        dues_year_starts=_dues_year_starts(fund, today),
    )


def _dues_year_starts(fund: Fund, today: date) -> int:
    try:
        by_fund_year = membership_terms(today)["dues"]["period"] == "fund"
    except NoRuleInForce:
        return 1
    return fund.fund_year_start_month if by_fund_year else 1


def benefit_names(today: date) -> dict[str, tuple[str, str]]:
    """Thai and English name of each benefit in force, by code; none before there is a regulation."""
    try:
        benefits = regulation_on(today).document["benefits"]
    except NoRuleInForce:
        return {}
    return {one["code"]: (one["name"]["th"], one["name"]["en"]) for one in benefits}


def read_register(path: Path, ground: Ground) -> Iterator[RowFacts]:
    """Yield the rows of all sheets that are not left out. Raises `UnreadableFile`, also on the way."""
    for place, layout in enumerate(ground.layouts):
        if layout.left_out:
            continue
        reader = RowReader(place, layout, ground)
        for raw in read_rows(path, place):
            if raw.line >= layout.first_line and reader.holds_something(raw):
                yield reader.read(raw)


class RowReader:
    """Reads the rows of one sheet."""

    def __init__(self, sheet: int, layout: SheetLayout, ground: Ground) -> None:
        self.sheet, self.layout, self.ground = sheet, layout, ground
        self.places = {name: place for place, name in sorted(layout.columns.items()) if name not in ("", "ignore")}
        self.benefits: dict[str, list[str]] = {}
        for name in self.places:
            kind, _colon, code = name.partition(":")
            if code:
                self.benefits.setdefault(code, []).append(kind)

    def holds_something(self, raw: RawRow) -> bool:
        """Whether a matched column is filled, and the row is not the heading printed once more on the next page."""
        cells = ((place, self._cell(raw, place)) for place in self.places.values())
        return any(
            cell is not None and cell != self._heading(place) and not readers.is_empty(cell) for place, cell in cells
        )

    def _heading(self, place: int) -> str:
        return self.layout.headings[place] if place < len(self.layout.headings) else ""

    @staticmethod
    def _cell(raw: RawRow, place: int) -> Any:
        return raw.cells[place] if place < len(raw.cells) else None

    def read(self, raw: RawRow) -> RowFacts:
        """Read one row; what cannot be read is told in its messages, with the cell."""
        row = RowFacts(sheet=self.sheet, line=raw.line)
        take = _Taker(row, {name: self._cell(raw, place) for name, place in self.places.items()})
        self._read_name(row, take)
        self._read_person(row, take)
        self._read_place(row, take)
        self._read_membership(row, take)
        self._read_birth(row, take)
        self._read_opening(row, take)
        for message in row.messages:
            if (place := self.places.get(message["column"])) is not None:
                message["cell"] = f"{column_letters(place)}{raw.line}"
        return row

    # --- the person ---------------------------------------------------------------------------------------

    def _read_name(self, row: RowFacts, take: "_Taker") -> None:
        title, first, family = "", take("first_name", readers.read_name), take("family_name", readers.read_name)
        column = "first_name"
        if not first and "full_name" in self.places:
            column, first = "full_name", take("full_name", readers.read_name)
        if first:
            title, first, rest = split_name(first)
            # two words in the first name's column are both hers where the family name has a column of its own
            first, family = (f"{first} {rest}".strip(), family) if family else (first, rest)
        title = take("title", readers.read_title) or title
        if not first:
            if not row.is_refused:
                row.refuse(column, gettext_noop("The name is missing. Write it, or take the row out."))
            return
        sex = take("sex", lambda cell: readers.read_sex(cell, title))
        sex = sex or sex_of_title(title)
        row.plain |= {"title": title, "first_name": first, "family_name": family or "", "sex": sex or ""}
        if sex and sex_of_title(title) not in (None, sex):
            row.warn("sex", gettext_noop("The title %(title)s and the sex do not go together."), title=title)

    def _read_person(self, row: RowFacts, take: "_Taker") -> None:
        row.plain["nickname"] = take("nickname", readers.read_name) or ""
        row.plain["phone"] = take("phone", readers.read_phone, warns=True) or ""
        for name, longest in TEXTS.items():
            row.plain[name] = take(name, lambda cell, longest=longest: readers.read_text(cell, longest)) or ""
        row.plain["marital_status"] = take("marital_status", lambda cell: words.read_choice(cell, words.MARITAL)) or ""
        row.plain = {name: value for name, value in row.plain.items() if value}
        heir = take("beneficiary_name", readers.read_name)
        if heir:
            row.beneficiary = (heir, take("beneficiary_relation", words.read_relation) or "other")
        heading = self._heading(self.places.get("group", 0))
        row.groups = take("group", lambda cell: words.read_groups(cell, heading)) or frozenset()
        self._read_id(row, take)

    def _read_id(self, row: RowFacts, take: "_Taker") -> None:
        kind = take("id_kind", lambda cell: words.read_choice(cell, words.ID_KINDS))
        is_passport = kind == IdKind.PASSPORT
        number = take(
            "national_id",
            lambda cell, warnings=None: readers.read_national_id(cell, warnings, passport=is_passport),
            warns=True,
        )
        row.id_kind = kind or IdKind.NONE
        if not number:
            return
        row.set_id(number)
        if len(number) != ids.LENGTH or not number.isdecimal() or is_passport:
            row.id_kind = IdKind.PASSPORT
            return
        check = ids.check_national_id(number)
        row.id_kind = kind if kind and kind != IdKind.NONE else check.kind if check.ok else IdKind.CITIZEN
        if ids.is_demo_number(number) and not self.ground.fund.is_demo:
            row.refuse(
                "national_id", gettext_noop("This number has the province code 00, which only invented people have.")
            )
        elif not check.ok:
            self._judge_odd(row, number)

    def _judge_odd(self, row: RowFacts, number: str) -> None:
        """A number that does not fit its check digit is taken where the registrar vouched for the file's numbers."""
        reason = self.ground.options.id_reason

        def say() -> None:
            problem = ids.check_national_id(number).message
            if reason:
                raise DomainError(_("%(problem)s Taken, because: %(reason)s") % {"problem": problem, "reason": reason})
            raise DomainError(
                _("%(problem)s Compare it with the card, or give a reason for such numbers on the page of the columns.")
                % {"problem": problem}
            )

        row.messages.append(told_by(WARNING if reason else REFUSAL, "national_id", say))
        row.id_reason = reason

    def _read_birth(self, row: RowFacts, take: "_Taker") -> None:
        birth = take("birth_date", readers.read_date)
        if birth is None:
            return
        day, precision = birth
        choice = self.ground.fund.year_only_births
        row.birth_date = reckoned_birth(day, precision, joined_on=row.joined_on, choice=choice)
        row.birth_precision = precision
        today, fund = self.ground.today, self.ground.fund
        joined_on = None if take.failed("joined_on") else row.joined_on
        row.check("birth_date", lambda: check_dates(row.birth_date, joined_on or today, today=today, fund=fund))

    # --- where she lives ----------------------------------------------------------------------------------

    def _read_place(self, row: RowFacts, take: "_Taker") -> None:
        called = self.ground.called
        row.community = take("community", lambda cell: read_community(cell, called))
        if row.community is None and self.layout.community is not None:
            row.community = called.get(str(self.layout.community))
        number = take("house_number", lambda cell: readers.read_text(cell, 30)) or ""
        # as the forms spell it, so that a house stands once; some programs make 12.0 of a whole number in a CSV
        row.house_number = arabic_digits(number).replace(" ", "").removesuffix(".0")
        moo = take("moo", lambda cell: readers.read_text(cell, 20)) or ""
        for before in BEFORE_MOO:
            moo = moo.removeprefix(before)
        row.moo = arabic_digits(moo.strip()).removesuffix(".0")[:10]
        row.lane = take("lane", lambda cell: readers.read_text(cell, 60)) or ""
        row.road = take("road", lambda cell: readers.read_text(cell, 60)) or ""

    # --- the membership -----------------------------------------------------------------------------------

    def _read_membership(self, row: RowFacts, take: "_Taker") -> None:
        row.number = take("number", read_number)
        self._read_joining(row, take)
        self._read_end(row, take)
        self._read_paid_through(row, take)

    def _read_joining(self, row: RowFacts, take: "_Taker") -> None:
        found, founded_on, today = take("joined_on", readers.read_date), self.ground.fund.founded_on, self.ground.today
        if found is None:
            row.joined_on = None if take.failed("joined_on") else self.layout.joined_on
            return
        day, precision = found
        if precision != DAY:
            same_year = precision == YEAR and day.year == founded_on.year
            is_founding = same_year or (day.year, day.month) == (founded_on.year, founded_on.month)
            day = founded_on if is_founding else day
            row.warn("joined_on", gettext_noop("The day is not known; reckoned from %(day)s."), day=day)
        row.joined_on = day
        row.check("joined_on", lambda: check_dates(None, day, today=today, fund=self.ground.fund))

    def _read_end(self, row: RowFacts, take: "_Taker") -> None:
        found = take("ended_on", readers.read_date)
        reason = take("end_reason", lambda cell: words.read_choice(cell, words.END_REASONS))
        if found is None:
            if reason and not take.failed("ended_on"):
                row.refuse("end_reason", gettext_noop("The day on which the membership ended is missing. Write it."))
            return
        row.ended_on = max(found[0], row.joined_on or found[0]) if found[1] != DAY else found[0]
        heading = self._heading(self.places["ended_on"])
        row.end_reason = reason or words.meant(heading, words.END_REASONS) or EndReason.LAPSED
        if row.ended_on > self.ground.today:
            row.refuse("ended_on", gettext_noop("%(day)s lies in the future. Correct it."), day=row.ended_on)
        elif row.joined_on and row.ended_on < row.joined_on:
            row.refuse(
                "ended_on",
                gettext_noop("The membership would end on %(end)s, before it began on %(start)s. Correct one of them."),
                end=row.ended_on,
                start=row.joined_on,
            )

    def _read_paid_through(self, row: RowFacts, take: "_Taker") -> None:
        found = take("paid_through", readers.read_date)
        if found is None:
            return
        day, precision = found
        if precision == YEAR:
            day = year_bounds(be_year(day), self.ground.dues_year_starts)[1]
        elif precision != DAY:
            day = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        row.paid_through = day
        if row.joined_on and day < row.joined_on - ONE_DAY:
            row.refuse(
                "paid_through",
                gettext_noop("Paid through %(day)s lies before the joining on %(start)s. Correct one of them."),
                day=day,
                start=row.joined_on,
            )
        elif day.year > self.ground.today.year + MOST_YEARS_AHEAD:
            row.refuse("paid_through", gettext_noop("%(day)s lies too far ahead. Correct it."), day=day)

    # --- what was before this program ---------------------------------------------------------------------

    def _read_opening(self, row: RowFacts, take: "_Taker") -> None:
        row.rounds_matched = take("rounds_matched", lambda cell: readers.read_count(cell, MOST_ROUNDS))
        drawn = {code: self._read_drawn(code, kinds, take) for code, kinds in self.benefits.items()}
        row.drawn = {code: one for code, one in drawn.items() if one.given()}

    @staticmethod
    def _read_drawn(code: str, kinds: list[str], take: "_Taker") -> Drawn:
        def read(kind: str) -> Any:
            return take(f"{kind}:{code}", readers.read_baht if kind.endswith("_baht") else readers.read_count)

        return Drawn(**{kind: read(kind) for kind in kinds})


class _Taker:
    """Takes cells by the field's name; a reader's fault becomes a message of the row, in both languages."""

    def __init__(self, row: RowFacts, cells: Mapping[str, Any]) -> None:
        self.row, self.cells = row, cells

    def __call__(self, name: str, read: Callable[..., Any], *, warns: bool = False) -> Any:
        cell = self.cells.get(name)
        if cell is None:
            return None
        warnings: list[str] = []
        try:
            value = read(cell, warnings) if warns else read(cell)
        except readers.ReadFault:
            self.row.messages.append(told_by(REFUSAL, name, lambda: read(cell)))
            return None
        if warnings:
            self.row.messages += _in_both(name, lambda into: read(cell, into))
        return value

    def failed(self, name: str) -> bool:
        return any(message["column"] == name and message["kind"] == REFUSAL for message in self.row.messages)


def _in_both(name: str, read: Callable[[list[str]], Any]) -> list[dict[str, str]]:
    """The warnings of a reader, each in both languages."""
    told: dict[str, list[str]] = {}
    for language in LANGUAGES:
        with translation.override(language):
            read(told.setdefault(language, []))
    return [
        {"kind": WARNING, "column": name} | dict(zip(LANGUAGES, pair, strict=True))
        for pair in zip(*(told[language] for language in LANGUAGES), strict=True)
    ]


def read_number(cell: Any) -> int | None:
    """Return a member number from 1 to 9,999,999, None where the cell is empty. Raises ReadFault."""
    number = readers.read_count(cell, LAST_NUMBER)
    if number == 0:
        raise readers.ReadFault(_("Member numbers begin with 1. Correct it, or leave the cell empty."))
    return number


def column_letters(place: int) -> str:
    """How sheet programs call a column: 0 is A, 27 is AB."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
