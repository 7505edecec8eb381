"""What will happen to each row of a file: new, changed, same, or refused with the reason. Writes nothing."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.db.models import Max
from django.utils.translation import gettext_noop

from members.doubles import PossibleDouble, possible_doubles_of
from members.importing.compare import Around, Changes, compare
from members.importing.facts import WARNING, RowFacts
from members.importing.known import Known, find_members, known_of
from members.likeness import PersonKey
from members.models import ImportRow, Member

Outcome = ImportRow.Outcome

# Whose dues the books have taken, of these members' keys: the app that takes them adds its query in ready().
DUES_TAKEN: list[Callable[[Collection[int]], Collection[int]]] = []


@dataclass(frozen=True, slots=True)
class Planned:
    """A row with what will happen to it."""

    row: RowFacts
    outcome: str
    known: Known | None = None
    changes: Changes | None = None
    double: int | None = None  # key of the member who may be the same person

    @property
    def member_id(self) -> int | None:
        return self.known.member.pk if self.known else None

    @property
    def has_warning(self) -> bool:
        return any(message["kind"] == WARNING for message in self.row.messages)

    def as_row(self, run_id: int) -> ImportRow:
        """How it is kept for the page that shows it."""
        return ImportRow(
            run_id=run_id,
            sheet=self.row.sheet,
            line=self.row.line,
            outcome=self.outcome,
            name=self.row.name[:300],
            messages=self.row.messages,
            member_id=self.member_id,
            possible_double_id=self.double,
        )


def highest_key() -> int:
    """The key of the member who was written last; 0 in an empty register."""
    return Member.objects.aggregate(highest=Max("pk"))["highest"] or 0


def plan_rows(
    rows: Sequence[RowFacts],
    *,
    horizon: int,
    communities: dict[int, str],
    doubles: bool = True,
    locked: bool = False,
) -> list[Planned]:
    """Plan a chunk of rows in a number of queries that does not depend on how many they are.

    `horizon`: see `find_members`; `communities`: names by key; `doubles`: look for members who may be the same person;
    `locked`: hold the members that are found, because they are about to be written.
    """
    readable = [row for row in rows if not row.is_refused]
    found = find_members(readable, horizon=horizon)
    known = known_of(found.values(), locked=locked)
    around = Around(communities, _with_dues(known))
    planned = {
        (row.sheet, row.line): _plan(row, known.get(found[place].pk) if place in found else None, around)
        for place, row in enumerate(readable)
    }
    result = [planned.get((row.sheet, row.line)) or Planned(row, Outcome.REFUSED) for row in rows]
    return _with_doubles(result) if doubles and horizon else result


def _with_dues(keys: Collection[int]) -> frozenset[int]:
    return frozenset(key for taken in DUES_TAKEN for key in taken(keys)) if keys else frozenset()


def _plan(row: RowFacts, known: Known | None, around: Around) -> Planned:
    if row.is_refused:
        return Planned(row, Outcome.REFUSED, known)
    if known is not None:
        changes = compare(row, known, around)
        if row.is_refused:
            return Planned(row, Outcome.REFUSED, known)
        return Planned(row, Outcome.CHANGED if changes else Outcome.SAME, known, changes)
    _refuse_incomplete(row)
    return Planned(row, Outcome.REFUSED if row.is_refused else Outcome.NEW)


def _refuse_incomplete(row: RowFacts) -> None:
    """What a new member cannot do without."""
    if not row.community:
        row.refuse("community", gettext_noop("The community is missing. Write its number or name."))
    if not row.plain.get("sex"):
        row.refuse("sex", gettext_noop("The title does not tell whether this is a woman or a man. Write the sex."))
    if row.joined_on is None:
        row.refuse(
            "joined_on",
            gettext_noop(
                "The day of joining is missing. Write it, or give one day for the whole file on the page of the"
                " columns."
            ),
        )


def _with_doubles(planned: list[Planned]) -> list[Planned]:
    places = [place for place, one in enumerate(planned) if one.outcome == Outcome.NEW]
    found = possible_doubles_of([_key(planned[place].row) for place in places])
    for place, double in found.items():
        planned[places[place]] = _marked(planned[places[place]], double)
    return planned


def _key(row: RowFacts) -> PersonKey:
    return PersonKey(
        first_name=row.first_name,
        family_name=row.family_name,
        birth_date=row.birth_date,
        birth_precision=row.birth_precision,
        community=row.community,
        house_number=row.house_number,
        moo=row.moo,
        phone=row.plain.get("phone", ""),
        national_id=row.national_id,
    )


def _marked(planned: Planned, double: PossibleDouble) -> Planned:
    planned.row.warn(
        "first_name",
        gettext_noop("Possible double of member no. %(number)s, %(name)s: %(why)s."),
        number=double.member.number,
        name=double.member.full_name,
        why=double.why.label,
    )
    return Planned(planned.row, planned.outcome, double=double.member.pk)
