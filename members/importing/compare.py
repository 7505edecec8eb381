"""What a row would change of a member who is known. An empty cell never erases; what money has settled stays."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_noop

from bansong_fund.lib.births import first_possible_day, format_birth
from bansong_fund.lib.national_id import format_masked
from members.importing.facts import CHANGE, RowFacts, said
from members.importing.known import Known
from members.models import DatePrecision, EndReason, Group, MaritalStatus, OpeningDrawn, Relation, Sex

ONE_DAY = timedelta(days=1)
CHOICES = {"sex": Sex, "marital_status": MaritalStatus}
PRECISIONS = (DatePrecision.YEAR, DatePrecision.MONTH, DatePrecision.DAY)
CHANGED = "%(before)s → %(after)s"  # the same in every language


@dataclass(slots=True)
class Changes:
    """New values, by what has to be written for them. Empty where the row says nothing new."""

    plain: dict[str, str] = field(default_factory=dict)
    birth: tuple[date, str] | None = None
    takes_id: bool = False
    community: int | None = None
    moves_house: bool = False
    joined_on: date | None = None
    paid_through: date | None = None
    ended: tuple[date, str] | None = None
    beneficiary: tuple[str, str] | None = None
    groups: frozenset[str] = frozenset()
    rounds_matched: int | None = None
    drawn: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self != Changes()


@dataclass(frozen=True, slots=True)
class Around:
    """What comparing needs besides the row: names of communities, and whose dues the books have taken."""

    communities: dict[int, str]
    with_dues: frozenset[int]


def compare(row: RowFacts, known: Known, around: Around) -> Changes:
    """The changes, each told in `row.messages` as "before → after"; what cannot be is told there as a refusal."""
    changes = Changes()
    _compare_person(row, known, changes)
    _compare_place(row, known, changes, around)
    _compare_membership(row, known, changes, around)
    _compare_opening(row, known, changes)
    _check_days(row, known, changes)
    return changes


def _tell(row: RowFacts, column: str, before: Any, after: Any) -> None:
    none_yet = "–"
    row.messages.append(said(CHANGE, column, CHANGED, before=before or none_yet, after=after))


# --- the person -------------------------------------------------------------------------------------------


def _compare_person(row: RowFacts, known: Known, changes: Changes) -> None:
    member = known.member
    for name, value in row.plain.items():
        before = getattr(member, name)
        if value and value != before:
            changes.plain[name] = value
            _tell(row, name, _label(name, before), _label(name, value))
    if row.birth_date is not None:
        row.birth_date = _born_by_joining(row, known)
    if row.birth_date is not None and _knows_more(row, known):
        changes.birth = (row.birth_date, row.birth_precision)
        before = member.birth_date and _Birth(member.birth_date, member.birth_precision)
        _tell(row, "birth_date", before, _Birth(*changes.birth))
    if row.digest and row.digest != member.national_id_digest:
        changes.takes_id = True
        _tell(row, "national_id", member.masked_id, format_masked(row.national_id))
    if row.beneficiary[0] and not any(one.name == row.beneficiary[0] for one in known.beneficiaries):
        changes.beneficiary = row.beneficiary
        before = ", ".join(one.name for one in known.beneficiaries)
        _tell(row, "beneficiary_name", before, f"{row.beneficiary[0]} ({Relation(row.beneficiary[1]).label})")
    if new := row.groups - known.groups:
        changes.groups = new
        for group in sorted(new):
            _tell(row, "group", "", Group(group).label)


def _label(name: str, value: str) -> str | Promise:
    choices = CHOICES.get(name)
    return choices(value).label if choices and value else value


def _born_by_joining(row: RowFacts, known: Known) -> date:
    """A bare year is reckoned no later than the joining, which the register says where the row does not."""
    if row.birth_precision != DatePrecision.YEAR or row.joined_on or not known.memberships:
        return row.birth_date
    first = first_possible_day(row.birth_date, row.birth_precision)
    return max(first, min(row.birth_date, known.memberships[-1].joined_on))


class _Birth:
    """A birth that is written in the language in which the sentence is told."""

    def __init__(self, day: date, precision: str) -> None:
        self.day, self.precision = day, precision

    def __str__(self) -> str:
        return format_birth(self.day, self.precision, "short")


def _knows_more(row: RowFacts, known: Known) -> bool:
    """Whether the row's birth is another one, or is known further. A bare year does not undo a day in that year."""
    member = known.member
    if member.birth_date is None:
        return True
    if (row.birth_date, row.birth_precision) == (member.birth_date, member.birth_precision):
        return False
    is_rougher = PRECISIONS.index(row.birth_precision) < PRECISIONS.index(member.birth_precision)
    return not (is_rougher and row.birth_date.year == member.birth_date.year)


# --- community and house ----------------------------------------------------------------------------------


def _compare_place(row: RowFacts, known: Known, changes: Changes, around: Around) -> None:
    member, house = known.member, known.member.household
    if row.community and row.community != member.community_id:
        if known.membership is None or known.membership.ended_on is not None:
            row.warn(
                "community",
                gettext_noop("%(name)s is not a member now and stays in the community %(community)s."),
                name=member.full_name,
                community=around.communities[member.community_id],
            )
            return
        changes.community = row.community
        _tell(row, "community", around.communities[member.community_id], around.communities[row.community])
        house = None
    if row.house_number:
        before = (house.house_number, house.moo) if house else ("", "")
        after = (row.house_number, row.moo or (before[1] if before[0] == row.house_number else ""))
        if before != after:
            changes.moves_house, row.moo = True, after[1]
            _tell(row, "house_number", _house(*before), _house(*after))


def _house(number: str, moo: str) -> str:
    return f"{number} หมู่ {moo}" if moo else number


# --- the membership ---------------------------------------------------------------------------------------


def _compare_membership(row: RowFacts, known: Known, changes: Changes, around: Around) -> None:
    membership = known.membership
    if membership is None:
        return
    if row.joined_on and row.joined_on != membership.joined_on:
        if len(known.memberships) > 1:
            row.warn("joined_on", gettext_noop("This member has joined more than once; the days stay as they are."))
        else:
            changes.joined_on = row.joined_on
            _tell(row, "joined_on", membership.joined_on, row.joined_on)
    _compare_paid_through(row, known, changes, around)
    _compare_end(row, known, changes)


def _compare_paid_through(row: RowFacts, known: Known, changes: Changes, around: Around) -> None:
    if row.paid_through is None or row.paid_through == known.membership.paid_through:
        return
    if known.member.pk in around.with_dues:
        if row.paid_through > known.membership.paid_through:
            row.warn(
                "paid_through",
                gettext_noop("Stays at %(day)s: this program has taken dues of this member, so only receipts move it."),
                day=known.membership.paid_through,
            )
        return
    changes.paid_through = row.paid_through
    _tell(row, "paid_through", known.membership.paid_through, row.paid_through)


def _compare_end(row: RowFacts, known: Known, changes: Changes) -> None:
    membership, member = known.membership, known.member
    if row.ended_on is None:
        return
    dies = row.end_reason == EndReason.DIED
    if dies and member.died_on not in (None, row.ended_on):
        row.refuse(
            "ended_on",
            gettext_noop("By the register this member died on %(day)s; nobody dies twice. Compare the two."),
            day=member.died_on,
        )
    elif membership.ended_on is None:
        changes.ended = (row.ended_on, row.end_reason)
        _tell(row, "ended_on", "", row.ended_on)
    elif membership.ended_on != row.ended_on:
        row.refuse(
            "ended_on",
            gettext_noop("By the register this membership ended on %(day)s already. Compare the two."),
            day=membership.ended_on,
        )


def _check_days(row: RowFacts, known: Known, changes: Changes) -> None:
    """Refuse what the row and the register make impossible together, where each of them says one of two days."""
    membership = known.membership
    if row.is_refused or membership is None:
        return
    joined_on = changes.joined_on or membership.joined_on
    if changes.birth or changes.joined_on:
        first_joined = changes.joined_on or known.memberships[-1].joined_on
        _check_birth(row, changes.birth or (known.member.birth_date, known.member.birth_precision), first_joined)
    if changes.ended or changes.joined_on:
        _check_ended(row, changes.ended[0] if changes.ended else membership.ended_on, joined_on)
    nothing_is_paid = membership.paid_through < membership.joined_on  # and moves with the joining
    if changes.paid_through or (changes.joined_on and not nothing_is_paid):
        _check_paid(row, changes.paid_through or membership.paid_through, joined_on)


def _check_birth(row: RowFacts, birth: tuple[date | None, str], joined_on: date) -> None:
    if birth[0] is not None and joined_on < first_possible_day(birth[0], birth[1]):
        row.refuse(
            "joined_on",
            gettext_noop("The date of joining is before the date of birth. Correct one of them."),
        )


def _check_ended(row: RowFacts, ended_on: date | None, joined_on: date) -> None:
    if ended_on is not None and ended_on < joined_on:
        row.refuse(
            "ended_on",
            gettext_noop("The membership would end on %(end)s, before it began on %(start)s. Correct one of them."),
            end=ended_on,
            start=joined_on,
        )


def _check_paid(row: RowFacts, paid_through: date, joined_on: date) -> None:
    if paid_through < joined_on - ONE_DAY:
        row.refuse(
            "paid_through",
            gettext_noop("Paid through %(day)s lies before the joining on %(start)s. Correct one of them."),
            day=paid_through,
            start=joined_on,
        )


# --- what was before this program -------------------------------------------------------------------------


def _compare_opening(row: RowFacts, known: Known, changes: Changes) -> None:
    before = known.opening.rounds_matched if known.opening else 0
    if row.rounds_matched is not None and row.rounds_matched != before:
        changes.rounds_matched = row.rounds_matched
        _tell(row, "rounds_matched", str(before), str(row.rounds_matched))
    for code, drawn in row.drawn.items():
        kept = known.drawn.get(code) or OpeningDrawn()
        new = {name: value for name, value in drawn.given().items() if value != getattr(kept, name)}
        if new:
            changes.drawn[code] = new
            for name, value in new.items():
                _tell(row, f"{name}:{code}", str(getattr(kept, name)), str(value))
