"""A member's facts put right: what was written down wrongly, or has changed and is not a name.

A new name or another community is no correction (`members.life`). What stood before stays in the before-images.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.national_id import decrypt_id
from bansong_fund.lib.thai_dates import format_date
from members.life import House, hold_member, put_in_house
from members.models import Fund, Household, IdKind, Member, Membership
from members.queries import of_person
from members.verbs import (
    DoubtfulId,
    PersonFacts,
    WrongDates,
    check_dates,
    check_id,
    person_columns,
    with_reckoned_birth,
)
from office.action_log import log_action
from office.models import User

SEALED = {"national_id_encrypted", "national_id_digest"}


@dataclass(frozen=True, slots=True)
class Contact:
    """What a leader may put right of her own people."""

    nickname: str = ""
    phone: str = ""
    address: str = ""


@transaction.atomic
def correct_member(
    *, member: Member, facts: PersonFacts, by: User, today: date, new_number: bool = True
) -> tuple[str, ...]:
    """Write these facts over the register's; the names of the columns that changed.

    `new_number` False: the ID number stays as it is, whatever `facts` says, unless the kind is "none". Raises
    `NotHere`, `IdInUse`, `DoubtfulId`, `WrongDates`.
    """
    member, fund = hold_member(member), Fund.objects.get()
    if not new_number and facts.id_kind != IdKind.NONE:
        _refuse_other_kind(member, facts.id_kind)
        facts = replace(facts, national_id=number_of(member))
    joined_on = _first_joined(member)
    facts = with_reckoned_birth(facts, joined_on=joined_on, fund=fund)
    _check_birth(member, facts.birth_date, joined_on, today=today, fund=fund)
    check_id(facts, fund=fund, except_member=member)
    columns = person_columns(facts)
    if facts.national_id == number_of(member):
        columns = {name: value for name, value in columns.items() if name not in SEALED}
    changed = _write(member, columns)
    house = House(facts.house_number, facts.moo, facts.lane, facts.road)
    if _correct_house(member, house):
        changed = (*changed, "household")
    _log(member, changed, by=by)
    return changed


@transaction.atomic
def correct_contact(*, member: Member, contact: Contact, by: User) -> tuple[str, ...]:
    """Write another nickname, phone or living address; the names of what changed. Raises `NotHere`."""
    member = hold_member(member)
    changed = _write(member, {name: getattr(contact, name) for name in Contact.__slots__})
    _log(member, changed, by=by)
    return changed


def number_of(member: Member) -> str:
    """The whole ID number of a member, "" without one."""
    return decrypt_id(member.national_id_encrypted) if member.national_id_encrypted else ""


def _refuse_other_kind(member: Member, kind: str) -> None:
    """A passport's number is no number of thirteen digits, nor the other way round: with the kind goes the number."""
    if member.national_id_encrypted and (kind == IdKind.PASSPORT) != (member.id_kind == IdKind.PASSPORT):
        message = _("The number that is kept is of another kind: %(kind)s. Write the new number too.")
        raise DoubtfulId(message % {"kind": member.get_id_kind_display()}, field="national_id")


def _first_joined(member: Member) -> date | None:
    return (
        Membership.objects.filter(of_person(member)).order_by("joined_on").values_list("joined_on", flat=True).first()
    )


def _check_birth(member: Member, birth: date | None, joined_on: date | None, *, today: date, fund: Fund) -> None:
    if joined_on is not None and birth is not None and joined_on < birth:
        message = _("She joined on %(day)s, before this date of birth. Compare it with the card.")
        raise WrongDates(message % {"day": format_date(joined_on)}, field="birth_date")
    check_dates(birth, joined_on or today, today=today, fund=fund)
    if birth is not None and member.died_on is not None and member.died_on < birth:
        message = _("The register says that she died on %(day)s, before this date of birth.")
        raise WrongDates(message % {"day": format_date(member.died_on)}, field="birth_date")


def _write(member: Member, columns: dict[str, object]) -> tuple[str, ...]:
    changed = tuple(name for name, value in columns.items() if getattr(member, name) != value)
    for name in changed:
        setattr(member, name, columns[name])
    if changed:
        member.save(update_fields=changed)
    return changed


def _correct_house(member: Member, house: House) -> bool:
    """Put the member into this house; a lane or road that is written is the house's own, and so its people's."""
    before = member.household_id
    household = house.in_community(member.community)
    put_in_house(member, household)
    around = {name: value for name in ("lane", "road") if (value := getattr(house, name))}
    if household is not None and any(getattr(household, name) != value for name, value in around.items()):
        Household.objects.filter(pk=household.pk).update(**around)
        return True
    return before != member.household_id


def _log(member: Member, changed: tuple[str, ...], *, by: User) -> None:
    """Which facts were changed stands in the log; what they were, in the before-images."""
    if shown := [name for name in changed if name not in SEALED]:
        log_action(by, "member-corrected", subject=member, changed=shown)
