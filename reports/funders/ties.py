"""Every figure of a paper that goes out ties to the books, or the paper is stopped with the difference named.

The left side is what the paper would print, the right side is found another way: from the lines themselves.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import ZERO
from ledger.models import AccountRole, AccountType
from ledger.queries import MONEY_ROLES
from reports.figures.codi_welfare import CodiWelfare
from reports.figures.comings import Comings
from reports.figures.counts import MemberCounts
from reports.figures.grants import GrantRow
from reports.figures.stretch import StretchMoney
from reports.ties import Difference, DoesNotTie

MOVED_BY_LINES = """
    SELECT x.account_id,
           coalesce(sum(x.amount) FILTER (WHERE e.date >= %(first)s), 0),
           coalesce(sum(x.amount), 0)
      FROM ledger_line l
      JOIN ledger_entry e ON e.id = l.entry_id
      CROSS JOIN LATERAL (VALUES (l.debit_id, l.amount), (l.credit_id, -l.amount)) AS x (account_id, amount)
     WHERE e.date <= %(last)s AND e.kind <> 'closing'
     GROUP BY 1
"""


def refuse_untied(differences: Iterable[Difference]) -> None:
    """Raise `DoesNotTie`, which names each difference, where there is any."""
    found = tuple(differences)
    if found:
        message = _("The paper was stopped: %(count)d figures do not tie. %(differences)s")
        raise DoesNotTie(message % {"count": len(found), "differences": " ".join(map(str, found))}, found)


def compare(what: str, shown: Decimal | int, found: Decimal | int) -> Iterator[Difference]:
    if shown != found:
        yield Difference(what, shown, found)


def money_by_its_lines(money: StretchMoney) -> Iterator[Difference]:
    """Each account is the sum of its lines, in the days of the paper and since the books began."""
    with connection.cursor() as cursor:
        cursor.execute(MOVED_BY_LINES, {"first": money.first, "last": money.last})
        by_lines = {account: (moved, booked) for account, moved, booked in cursor.fetchall()}
    for row in money.rows:
        side = -1 if row.account.type in (AccountType.INCOME, AccountType.FUND) else 1
        moved, booked = by_lines.get(row.account.pk, (ZERO, ZERO))
        name = f"{row.account.code} {local_name(row.account)}"
        yield from compare(name, row.moved, side * moved)
        yield from compare(_("%(account)s since the founding") % {"account": name}, row.booked, side * booked)


def money_agrees(money: StretchMoney) -> Iterator[Difference]:
    """What came in and went out is the change of the money; what the fund has is what came less what went."""
    change = money.income + money.taken_over - money.costs
    other = sum((row.moved for row in money.of_type(AccountType.ASSET) if row.account.role not in MONEY_ROLES), ZERO)
    what = _("Receipts less payments against the change of the money")
    yield from compare(what, change - other, money.left - money.left_before)
    held = sum((row.booked for row in money.of_type(AccountType.ASSET)), ZERO)
    left = money.received_ever + money.of_unknown_source - money.spent_ever
    yield from compare(_("Received less spent since the founding against what there is"), left, held)


def welfare_by_its_accounts(welfare: CodiWelfare, money: StretchMoney) -> Iterator[Difference]:
    """The lines of CODI's form together are what the accounts of welfare and public benefit moved."""
    roles = (AccountRole.BENEFIT, AccountRole.PUBLIC_BENEFIT)
    yield from compare(_("Welfare in the days of the paper"), welfare.within.baht, money.moved(*roles))
    yield from compare(_("Welfare since the founding"), welfare.ever.baht, money.ever(*roles))


def grants_by_their_account(
    rows: Iterable[GrantRow], role: AccountRole, money: StretchMoney, *, ever: bool
) -> Iterator[Difference]:
    """What came of requests and rounds is what the account of the source moved."""
    received = sum((row.received for row in rows), ZERO)
    booked = money.ever(role) if ever else money.moved(role)
    names = " ".join(local_name(row.account) for row in money.of(role))
    yield from compare(_("Receipts of %(source)s") % {"source": names}, received, booked)


def members_add_up(counts: MemberCounts) -> Iterator[Difference]:
    """Every table of the members counts the same members."""
    communities = sum(counts.by(lambda group: group.community).values())
    known = {community.pk for community in counts.communities}
    placed = sum(n for place, n in counts.by(lambda group: group.community).items() if place in known)
    yield from compare(_("Members by community"), placed, communities)
    yield from compare(_("Members as they are matched"), counts.matches.all_current, counts.current)


def flow_adds_up(flow: Comings) -> Iterator[Difference]:
    """Members at the start, plus who joined, less who left, are the members at the end."""
    yield from compare(_("Members at the end"), flow.at_start + flow.joined - flow.all_left, flow.at_end)
