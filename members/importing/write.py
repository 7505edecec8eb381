"""Writing what a file brings: new members in bulk, and changes of known ones. Called under the register's lock."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from bansong_fund.lib.national_id import encrypt_id
from members.importing.compare import Changes
from members.importing.facts import RowFacts
from members.importing.known import Known
from members.life import House, leave_household, transfer_member
from members.models import (
    Beneficiary,
    Community,
    CommunityStay,
    EndReason,
    Fund,
    GroupFlag,
    Household,
    Member,
    MemberSequence,
    Membership,
    OpeningDrawn,
    OpeningFacts,
)
from members.verbs import count_members, end_membership
from office.models import User

BATCH = 1000
ONE_DAY = timedelta(days=1)
ID_COLUMNS = ("national_id_encrypted", "national_id_digest", "national_id_last4", "id_kind", "id_reason")


@dataclass(frozen=True, slots=True)
class Change:
    """A known member, the row about her, and what it changes."""

    row: RowFacts
    known: Known
    changes: Changes


@dataclass(slots=True)
class Writer:
    """Writes chunk after chunk into one transaction. `finish` writes the kept counts and the last number."""

    fund: Fund
    sequence: MemberSequence
    by: User | None
    today: date
    now: datetime
    as_of: date
    shown_by: str = field(default_factory=lambda: _("By the fund's old register"))
    communities: dict[int, Community] = field(default_factory=dict)
    houses: dict[tuple[int, str, str], int] = field(default_factory=dict)
    current: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    cumulative: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    # --- new members --------------------------------------------------------------------------------------

    def enrol(self, rows: Sequence[RowFacts]) -> list[int]:
        """Write new members with all that their rows say; their keys, in the order of the rows."""
        if not rows:
            return []
        self._make_houses(rows)
        members = Member.objects.bulk_create([self._member(row) for row in rows], batch_size=BATCH)
        pairs = list(zip(members, rows, strict=True))
        Membership.objects.bulk_create((self._membership(*pair) for pair in pairs), batch_size=BATCH)
        CommunityStay.objects.bulk_create((self._stay(*pair) for pair in pairs), batch_size=BATCH)
        self._write_around([(member.pk, row, row.beneficiary, row.groups) for member, row in pairs])
        OpeningFacts.objects.bulk_create(
            (
                OpeningFacts(member=member, as_of=self.as_of, rounds_matched=row.rounds_matched or 0)
                for member, row in pairs
            ),
            batch_size=BATCH,
        )
        OpeningDrawn.objects.bulk_create(
            (
                OpeningDrawn(member=member, benefit_code=code, as_of=self.as_of, **drawn.given())
                for member, row in pairs
                for code, drawn in row.drawn.items()
                if any(drawn.given().values())
            ),
            batch_size=BATCH,
        )
        for row in rows:
            self.cumulative[row.community] += 1
            self.current[row.community] += row.ended_on is None
        return [member.pk for member in members]

    def _member(self, row: RowFacts) -> Member:
        if row.number is None:
            self.sequence.last += 1
        return Member(
            **row.plain,
            **_id_columns(row),
            number=row.number or self.sequence.last,
            birth_date=row.birth_date,
            birth_precision=row.birth_precision,
            community_id=row.community,
            household_id=self.houses.get((row.community, row.house_number, row.moo)),
            died_on=row.ended_on if row.end_reason == EndReason.DIED else None,
            is_invented=self.fund.is_demo,
            registered_by=self.by,
            registered_at=self.now,
        )

    def _membership(self, member: Member, row: RowFacts) -> Membership:
        return Membership(
            member=member,
            joined_on=row.joined_on,
            paid_through=row.paid_through or row.joined_on - ONE_DAY,  # nothing is paid yet
            ended_on=row.ended_on,
            end_reason=row.end_reason if row.ended_on else "",
        )

    def _stay(self, member: Member, row: RowFacts) -> CommunityStay:
        return CommunityStay(
            member=member, community_id=row.community, since=row.joined_on, recorded_by=self.by, recorded_at=self.now
        )

    def _make_houses(self, rows: Iterable[RowFacts]) -> None:
        """Have the key of every house that these rows name; lane and road are written down for a new house only."""
        asked = {
            (row.community, row.house_number, row.moo): row
            for row in rows
            if row.house_number and (row.community, row.house_number, row.moo) not in self.houses
        }
        if not asked:
            return
        self._read_houses(asked)
        missing = [row for key, row in asked.items() if key not in self.houses]
        Household.objects.bulk_create(
            (
                Household(
                    community_id=row.community,
                    house_number=row.house_number,
                    moo=row.moo,
                    lane=row.lane,
                    road=row.road,
                )
                for row in missing
            ),
            batch_size=BATCH,
            ignore_conflicts=True,  # another page may have made the house in this moment
        )
        self._read_houses((row.community, row.house_number, row.moo) for row in missing)

    def _read_houses(self, asked: Iterable[tuple[int, str, str]]) -> None:
        wanted = set(asked)
        found = Household.objects.filter(
            community__in={community for community, _number, _moo in wanted},
            house_number__in={number for _community, number, _moo in wanted},
        )
        for key, *place in found.values_list("pk", "community_id", "house_number", "moo"):
            if tuple(place) in wanted:
                self.houses[tuple(place)] = key

    def _write_around(self, people: Sequence[tuple[int, RowFacts, tuple[str, str], Iterable[str]]]) -> None:
        """Beneficiaries and marks of groups: (member's key, row, beneficiary, groups)."""
        Beneficiary.objects.bulk_create(
            (
                Beneficiary(member_id=key, name=named[0], relation=named[1], named_on=self.as_of)
                for key, _row, named, _groups in people
                if named[0]
            ),
            batch_size=BATCH,
        )
        GroupFlag.objects.bulk_create(
            (
                GroupFlag(
                    member_id=key,
                    group=group,
                    since=row.joined_on or self.as_of,
                    shown_by=self.shown_by,
                    recorded_by=self.by,
                )
                for key, row, _named, groups in people
                for group in sorted(groups)
            ),
            batch_size=BATCH,
        )

    # --- known members ------------------------------------------------------------------------------------

    def change(self, changed: Sequence[Change]) -> None:
        """Write what rows change of known members; moves and ends go through their own verbs."""
        if not changed:
            return
        self._change_rows(changed)
        self._change_memberships(changed)
        self._change_opening(changed)
        named = [one for one in changed if one.changes.beneficiary]
        replaced = [heir.pk for one in named for heir in one.known.beneficiaries]
        Beneficiary.objects.filter(pk__in=replaced).update(replaced_on=self.today)
        self._write_around(
            [(one.known.member.pk, one.row, one.changes.beneficiary or ("", ""), one.changes.groups) for one in changed]
        )
        for one in changed:
            self._move(one)
            self._end(one)

    def _change_rows(self, changed: Sequence[Change]) -> None:
        """The member's own columns, together for those of whom the same columns change."""
        together: dict[tuple[str, ...], list[Member]] = defaultdict(list)
        self._make_houses([self._housed(one) for one in changed if one.changes.moves_house])
        for one in changed:
            values = dict(one.changes.plain)
            if one.changes.birth:
                values |= dict(zip(("birth_date", "birth_precision"), one.changes.birth, strict=True))
            if one.changes.takes_id:
                values |= _id_columns(one.row)
            if one.changes.moves_house and not one.changes.community:
                leave_household(one.known.member)
                row = self._housed(one)
                values["household_id"] = self.houses[row.community, row.house_number, row.moo]
            if values:
                for name, value in values.items():
                    setattr(one.known.member, name, value)
                together[tuple(sorted(values))].append(one.known.member)
        for names, members in together.items():
            Member.objects.bulk_update(members, [name.removesuffix("_id") for name in names], batch_size=500)

    @staticmethod
    def _housed(one: Change) -> RowFacts:
        one.row.community = one.row.community or one.known.member.community_id
        return one.row

    def _change_memberships(self, changed: Sequence[Change]) -> None:
        memberships, stays = [], []
        for one in changed:
            membership, stay = one.known.membership, one.known.stay
            if one.changes.joined_on:
                if membership.paid_through < membership.joined_on:  # nothing is paid yet, and still is not
                    membership.paid_through = one.changes.joined_on - ONE_DAY
                if stay is not None and stay.since == membership.joined_on:
                    stay.since = one.changes.joined_on
                    stays.append(stay)
                membership.joined_on = one.changes.joined_on
            if one.changes.paid_through:
                membership.paid_through = one.changes.paid_through
            if one.changes.joined_on or one.changes.paid_through:
                memberships.append(membership)
        Membership.objects.bulk_update(memberships, ["joined_on", "paid_through"], batch_size=500)
        CommunityStay.objects.bulk_update(stays, ["since"], batch_size=500)

    def _change_opening(self, changed: Sequence[Change]) -> None:
        rounds = [one for one in changed if one.changes.rounds_matched is not None]
        OpeningFacts.objects.bulk_create(
            (
                OpeningFacts(member_id=one.known.member.pk, as_of=self.as_of, rounds_matched=one.changes.rounds_matched)
                for one in rounds
            ),
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["member"],
            update_fields=["as_of", "rounds_matched"],
        )
        made, moved = [], []
        for one in changed:
            for code, values in one.changes.drawn.items():
                kept = one.known.drawn.get(code) or OpeningDrawn(member_id=one.known.member.pk, benefit_code=code)
                for name, value in ({"as_of": self.as_of} | values).items():
                    setattr(kept, name, value)
                (moved if kept.pk else made).append(kept)
        OpeningDrawn.objects.bulk_create(made, batch_size=BATCH)
        names = ["as_of", "year_times", "year_units", "year_baht", "life_times", "life_baht"]
        OpeningDrawn.objects.bulk_update(moved, names, batch_size=500)

    def _move(self, one: Change) -> None:
        if one.changes.community is None:
            return
        row, since = one.row, one.known.stay.since if one.known.stay else self.today
        house = House(row.house_number, row.moo, row.lane, row.road) if one.changes.moves_house else None
        transfer_member(
            member=one.known.member,
            community=self.communities[one.changes.community],
            on=max(self.today, since),
            by=self.by,
            today=max(self.today, since),
            now=self.now,
            request_id=uuid.uuid4(),
            house=house,
        )

    def _end(self, one: Change) -> None:
        if one.changes.ended is None:
            return
        (day, reason), membership = one.changes.ended, one.known.membership
        end_membership(membership=membership, on=day, reason=EndReason(reason), note=self.shown_by, today=self.today)
        if reason == EndReason.DIED:
            leave_household(one.known.member)

    # --- the whole ----------------------------------------------------------------------------------------

    def finish(self) -> None:
        """The kept counts, in the order of the communities' keys, and the last number given out."""
        for key in sorted(self.cumulative):
            count_members(self.communities[key], current=self.current[key], cumulative=self.cumulative[key])
        self.sequence.save(update_fields=["last"])


def _id_columns(row: RowFacts) -> dict[str, str | None]:
    if not row.national_id:
        return {"id_kind": row.id_kind}
    sealed = encrypt_id(row.national_id)
    return dict(zip(ID_COLUMNS, (sealed, row.digest, row.national_id[-4:], row.id_kind, row.id_reason), strict=True))
