"""What waits for a user on the first page: one desk for each role that she holds."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Sum

from bansong_fund.lib.money import ZERO
from contributions.models import CollectionSheet
from contributions.queries import led_communities, money_of_sheets, visible_sheets
from ledger.models import AccountRole
from ledger.queries import MoneyInHand, balances, money_in_hand
from ledger.waiting_voids import to_confirm
from members.application_queries import applications_to_decide
from members.arrears import Stage, memberships_behind
from members.models import Community
from members.queries import visible_members
from members.regulations import NoRuleInForce, standing_rules
from office.models import User
from office.roles import Role
from welfare.delivery_queries import overdue_deliveries
from welfare.models import Claim
from welfare.queries import (
    Waiting,
    claims_to_check,
    claims_to_correct,
    claims_to_decide,
    claims_to_pay,
    listed,
    waiting,
)

SHOWN = 10
MOST_COUNTED = 1000  # of members to be told: beyond it the page says "more than"


@dataclass(frozen=True, slots=True)
class LeaderDesk:
    """A leader's day: claims to finish, her open sheets, and the fund's money that is with her."""

    communities: list[Community]
    to_correct: list[Claim]
    open_sheets: list[CollectionSheet]
    cash_with_her: Decimal
    carried: bool  # some of it is welfare money that she delivers
    to_tell: int


@dataclass(frozen=True, slots=True)
class RegistrarDesk:
    to_check: list[Claim]  # the oldest first, at most SHOWN
    count: int
    to_tell: int


@dataclass(frozen=True, slots=True)
class CommitteeDesk:
    """The next meeting's cases and their sum against what the fund has left, and the applications to membership."""

    cases: Waiting
    money: Decimal
    applications: int
    to_confirm: int  # reversals and voids that another person asked for

    @property
    def left_after(self) -> Decimal:
        return self.money - self.cases.total


@dataclass(frozen=True, slots=True)
class TreasurerDesk:
    money: MoneyInHand
    to_pay: Waiting
    to_accept: int
    to_accept_total: Decimal
    to_confirm: int  # as on the committee's
    overdue: int  # claims whose money is on its way for longer than the fund allows


@dataclass(frozen=True, slots=True)
class AdministratorDesk:
    to_close: list[User]  # open accounts of people who died


@dataclass(frozen=True, slots=True)
class Desks:
    """A user's desks; None for a role that she does not hold."""

    leader: LeaderDesk | None
    registrar: RegistrarDesk | None
    committee: CommitteeDesk | None
    treasurer: TreasurerDesk | None
    administrator: AdministratorDesk | None


def desks_of(user: User, today: date) -> Desks:
    """All desks of the user; what two of them show is asked for once."""
    to_tell = _to_tell(user, today) if user.has_role(Role.LEADER, Role.REGISTRAR) else 0
    confirms = user.has_role(Role.COMMITTEE, Role.TREASURER)
    money = money_in_hand() if confirms else None
    asked = to_confirm(user) if confirms else 0
    return Desks(
        leader=_leader(user, to_tell) if user.has_role(Role.LEADER) else None,
        registrar=_registrar(user, to_tell) if user.has_role(Role.REGISTRAR) else None,
        committee=_committee(user, money, asked) if money and user.has_role(Role.COMMITTEE) else None,
        treasurer=_treasurer(user, money, asked, today) if money and user.has_role(Role.TREASURER) else None,
        administrator=_administrator() if user.has_role(Role.ADMINISTRATOR) else None,
    )


def _to_tell(user: User, today: date) -> int:
    """How many members are due to lapse and were not told; `MOST_COUNTED` + 1 stands for more."""
    try:
        rules = standing_rules(today)
    except NoRuleInForce:
        return 0
    behind = memberships_behind(visible_members(user), Stage.TO_TELL, today=today, rules=rules)
    return behind[: MOST_COUNTED + 1].count()


def _leader(user: User, to_tell: int) -> LeaderDesk:
    own = led_communities(user)
    drafts = claims_to_correct(user).filter(community__in=own)
    sheets = visible_sheets(user).filter(community__in=own, state=CollectionSheet.State.DRAFT)
    held = balances(AccountRole.COLLECTOR, AccountRole.ADVANCE, holder=user)
    return LeaderDesk(
        communities=list(own),
        to_correct=list(listed(drafts)[:SHOWN]),
        open_sheets=list(sheets.annotate(filled=Count("lines"), so_far=Sum("lines__amount"))),
        cash_with_her=sum((amount for _account, amount in held), ZERO),
        carried=any(amount for place, amount in held if place.role == AccountRole.ADVANCE),
        to_tell=to_tell,
    )


def _registrar(user: User, to_tell: int) -> RegistrarDesk:
    claims = claims_to_check(user)
    return RegistrarDesk(list(listed(claims)[:SHOWN]), claims.count(), to_tell)


def _committee(user: User, money: MoneyInHand, asked: int) -> CommitteeDesk:
    return CommitteeDesk(waiting(claims_to_decide(user)), money.total, applications_to_decide(user).count(), asked)


def _treasurer(user: User, money: MoneyInHand, asked: int, today: date) -> TreasurerDesk:
    submitted = CollectionSheet.objects.filter(state=CollectionSheet.State.SUBMITTED)
    sheets = submitted.count()
    baht = money_of_sheets(submitted) if sheets else ZERO
    overdue = overdue_deliveries(today).count
    return TreasurerDesk(money, waiting(claims_to_pay(user)), sheets, baht, asked, overdue)


def _administrator() -> AdministratorDesk:
    dead = User.objects.filter(is_active=True, member__died_on__isnull=False)
    return AdministratorDesk(list(dead.order_by("username")))
