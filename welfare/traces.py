"""What in the fund hangs on a person: looked at before her death is written down, and shown again after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from bansong_fund.lib.money import ZERO
from contributions.models import CollectionLine, CollectionSheet
from ledger.models import AccountRole
from ledger.queries import balances
from members.models import Beneficiary, GroupFlag, Guardian, Household, Leadership, Member, Membership
from members.queries import visible_members
from office.models import User
from welfare.models import Claim, ClaimState
from welfare.queries import listed

ENDED_CLAIMS = (ClaimState.PAID, ClaimState.CANCELLED, ClaimState.REJECTED)


@dataclass(frozen=True, slots=True)
class Traces:
    """The rows around a person and the doubles merged into her; what has ended before her death is left out.

    `lines`: money of hers on sheets that are not handed in; `claims`: those not paid or ended; `wards`: minors for
    whom she acts; `guardians`: who act for her; `cash`: the fund's money that is with her, in baht; `sheets`:
    those that she was filling in, each with `taken`, the baht on it.
    """

    memberships: list[Membership]
    house: Household | None
    housemates: list[Member]
    lines: list[CollectionLine]
    claims: list[Claim]
    wards: list[Guardian]
    guardians: list[Guardian]
    flags: list[GroupFlag]
    leaderships: list[Leadership]
    account: User | None
    cash: Decimal
    sheets: list[CollectionSheet]

    def lines_after(self, day: date) -> list[CollectionLine]:
        """Money taken after that day: it goes back to the family."""
        return [line for line in self.lines if line.paid_on > day]


def rows_of_person(member: Member) -> list[int]:
    """Keys of the person's row and of the doubles that were merged into it."""
    return list(
        Member.objects.filter(Q(pk=member.pk) | Q(merged_into=member)).order_by("pk").values_list("pk", flat=True)
    )


def traces_of(member: Member, *, died_on: date | None = None) -> Traces:
    """All of it, in at most thirteen queries; once she has died, what ended on that day is shown with it."""
    rows = rows_of_person(member)
    ended = Q(until=None) | Q(until=died_on)
    sheets = CollectionLine.objects.filter(sheet__state=CollectionSheet.State.DRAFT, member__in=rows)
    user = member.user
    return Traces(
        memberships=list(Membership.objects.filter(member__in=rows).order_by("-joined_on")),
        house=member.household,
        housemates=list(housemates_of(member)),
        lines=list(sheets.select_related("sheet__collector").order_by("paid_on", "id")),
        claims=list(listed(Claim.objects.filter(member__in=rows).exclude(state__in=ENDED_CLAIMS)).order_by("id")),
        wards=list(Guardian.objects.filter(ended, guardian_member__in=rows).select_related("member").order_by("id")),
        guardians=list(Guardian.objects.filter(ended, member__in=rows).order_by("id")),
        flags=list(GroupFlag.objects.filter(ended, member__in=rows).order_by("id")),
        leaderships=list(Leadership.objects.filter(ended, user=user).select_related("community")) if user else [],
        account=user if user is not None and user.is_active else None,
        cash=cash_with(user) if user is not None else ZERO,
        sheets=sheets_of(user) if user is not None else [],
    )


def sheets_of(user: User) -> list[CollectionSheet]:
    """The sheets that a collector has not handed in, each with the sum of its lines as `taken`."""
    drafts = CollectionSheet.objects.filter(collector=user, state=CollectionSheet.State.DRAFT)
    taken = Coalesce(Sum("lines__amount"), ZERO)
    return list(drafts.select_related("community").annotate(taken=taken).order_by("id"))


def housemates_of(member: Member) -> QuerySet[Member]:
    """The other living people of her house."""
    if member.household_id is None:
        return Member.objects.none()
    living = Member.objects.filter(household=member.household_id, died_on=None, merged_into=None)
    return living.exclude(pk=member.pk).order_by("sort_key", "id")


def cash_with(user: User) -> Decimal:
    """The fund's money that is with a collector, or on its way with her."""
    held = balances(AccountRole.COLLECTOR, AccountRole.ADVANCE)
    return sum((amount for account, amount in held if account.holder_id == user.pk), ZERO)


def named_elsewhere(member: Member, user: User) -> QuerySet[Beneficiary]:
    """Where somebody of her name is to receive a funeral grant. The same name is no proof: a person has to look.

    Once she has died, the rows that were marked so are among them, until another is named there.
    """
    names = {member.full_name, f"{member.first_name} {member.family_name}".strip()}
    rows = Beneficiary.objects.filter(name__in=names, replaced_on=None, member__died_on=None)
    rows = rows.filter(Q(died_on=None) | Q(died_on=member.died_on))
    return rows.filter(member__in=visible_members(user)).exclude(member=member).select_related("member").order_by("id")


def without_a_guardian(wards: Sequence[Guardian]) -> list[Member]:
    """Of these wards, the living for whom nobody acts any more."""
    keys = [ward.member_id for ward in wards]
    acted_for = set(Guardian.objects.filter(member__in=keys, until=None).values_list("member_id", flat=True))
    return [ward.member for ward in wards if ward.member_id not in acted_for and ward.member.died_on is None]
