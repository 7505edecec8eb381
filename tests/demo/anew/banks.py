"""The passbooks: what the bank printed is typed as it stands, ticked off, and reconciled to the day."""

from datetime import date, timedelta
from decimal import Decimal

from bansong_fund.demo.cash import flows
from bansong_fund.demo.shapes import Plan
from bansong_fund.demo.verify import balances
from ledger.models import Reconciliation
from ledger.passbook_forms import ROWS_TO_TYPE
from ledger.passbook_queries import last_line
from tests.demo.anew.office import Office, thai
from tests.demo.anew.plans import FIRST

Printed = tuple[date, Decimal, Decimal]  # day, out, in


def printed_by_the_bank(plan: Plan, place: str, last: date) -> list[Printed]:
    """The bank's own lines of the year up to `last`: of a day what came in before what went out."""
    moved = [(day, amount) for day, rows in flows(plan).items() for where, amount in rows if where == place]
    moved += [(one.moved_on, one.amount) for one in plan.moves if one.target == place]
    moved += [(one.moved_on, -one.amount) for one in plan.moves if one.source == place]
    moved = sorted((one for one in moved if FIRST <= one[0] <= last), key=lambda one: (one[0], -one[1]))
    return [(day, max(-amount, Decimal(0)), max(amount, Decimal(0))) for day, amount in moved]


def treasurer_copies_the_passbook(office: Office, plan: Plan, place: str, until: date) -> None:
    """The lines since the last that stands, ten at a time; the very first brings the balance forward."""
    bank = office.places[place]
    last = last_line(bank)
    if last is None:
        rows, balance = [(FIRST, Decimal(0), Decimal(0))], balances(plan, FIRST - timedelta(days=1))[place]
    else:
        rows, balance = [], last.balance
    rows += printed_by_the_bank(plan, place, until)[last.position - 1 if last else 0 :]
    for begin in range(0, len(rows), ROWS_TO_TYPE):
        balance = _type(office, bank.code, rows[begin : begin + ROWS_TO_TYPE], balance)


def _type(office: Office, code: str, rows: list[Printed], balance: Decimal) -> Decimal:
    typed: dict[str, object] = {"line-TOTAL_FORMS": ROWS_TO_TYPE, "line-INITIAL_FORMS": 0}
    for place, (day, out, paid_in) in enumerate(rows):
        balance += paid_in - out
        cells = {"line_on": thai(day), "code": "TRF", "balance": str(balance)}
        cells |= {"taken_out": str(out or ""), "paid_in": str(paid_in or "")}
        typed |= {f"line-{place}-{name}": value for name, value in cells.items()}
    office.send("treasurer", f"/books/passbooks/{code}/lines/", **typed)
    return balance


def treasurer_ticks_off(office: Office, place: str) -> None:
    """Leaves every proposal chosen and presses the button, until nothing waits."""
    page = f"/books/passbooks/{office.places[place].code}/tick/"
    while rows := office.see("treasurer", page).context["rows"]:
        pairs = [f"{row.pk}:{told['keys']}" for row, told in rows if told["keys"]]
        assert len(pairs) == len(rows), [row for row, told in rows if not told["keys"]]
        office.send("treasurer", page, tick=pairs)


def treasurer_reconciles(office: Office, place: str, as_of: date) -> Reconciliation:
    page = f"/books/passbooks/{office.places[place].code}/reconcile/"
    compared = office.see("treasurer", f"{page}?as_of={as_of.isoformat()}").context["comparison"]
    assert compared is not None
    office.send("treasurer", f"{page}keep/?as_of={as_of.isoformat()}")
    return Reconciliation.objects.get(account=office.places[place], as_of=as_of)
