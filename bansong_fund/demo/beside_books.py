"""What lies beside the books once they stand: a passbook, a leader's phone, a number to be paid under. All invented.

Nothing here is an entry, so the books and their fingerprint stay as they are.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import groupby
from secrets import token_urlsafe

from django.db.models import Q
from django.utils.translation import override

from bansong_fund.demo.load_world import World, fixed_id, moment
from bansong_fund.lib.national_id import with_check_digit
from ledger.models import Account, AccountRole, EntryKind, Line, PassbookLine, PassbookTick
from ledger.passbook_queries import signed
from ledger.queries import balance_before
from ledger.reconciling import compare, keep_comparison
from office.models import EnrolledPhone, PhoneCard
from office.phone_queries import digest_of
from office.phones import CARD_LIFETIME, PHONE_LIFETIME

# The registration office 00 does not exist, so the number is nobody's; no bank knows it.
PROMPTPAY_ID = with_check_digit("000002553501")
TYPED_FROM = date(2019, 10, 1)
SIGNED = (date(2019, 12, 31), date(2020, 9, 30))
# The last payment of 2562 out of this passbook was a cheque, which the bank paid on its first day of the new year.
CHEQUE_BEFORE, CASHED_ON = SIGNED[0], date(2020, 1, 2)
PHONE_OF = "leader1"


def load_beside_books(world: World) -> None:
    """After the books: they are read here."""
    world.fund.promptpay_id = PROMPTPAY_ID
    world.fund.save(update_fields=["promptpay_id"])
    _enrol(world)
    if world.plan.today > SIGNED[-1]:
        _load_passbook(world, world.accounts["savings"])


# --- a passbook -------------------------------------------------------------------------------------------


def _load_passbook(world: World, account: Account) -> None:
    """The savings passbook from October 2562 on, every line ticked off, and two days reconciled and signed."""
    lines = Line.objects.filter(Q(debit=account) | Q(credit=account), entry__date__gte=TYPED_FROM)
    found = list(lines.select_related("entry", "debit", "credit").order_by("entry__number", "position"))
    entries = [list(group) for _number, group in groupby(found, key=lambda line: line.entry_id)]
    cheque = _cheque(entries)
    days = [(CASHED_ON if entry is cheque else entry[0].entry.date, entry) for entry in entries]
    days.sort(key=lambda one: (one[0], one[1][0].entry.number))
    _write(world, account, days)
    for day in SIGNED:
        with override("th"):
            # not before the entries were posted, which is now
            kept = {"by": world.users["treasurer"], "now": world.now, "request_id": fixed_id("reconciliation", day)}
            keep_comparison(compare(account, day), explanation="", **kept)


def _cheque(entries: Iterable[list[Line]]) -> list[Line]:
    before = [one for one in entries if one[0].entry.date <= CHEQUE_BEFORE]
    return [one for one in before if one[0].entry.kind == EntryKind.PAYMENT][-1]


def _write(world: World, account: Account, days: list[tuple[date, list[Line]]]) -> None:
    balance = balance_before(account, TYPED_FROM)
    facts = {"account": account, "written_by": world.users["treasurer"]}
    carried = {"line_on": date.fromordinal(TYPED_FROM.toordinal() - 1), "code": "B/F", "balance": balance}
    rows = [PassbookLine(position=1, request_id=_form(1), written_at=moment(TYPED_FROM), **carried, **facts)]
    for position, (day, entry) in enumerate(days, start=2):
        amount = sum((signed(line, account) for line in entry), Decimal("0.00"))
        balance += amount
        rows.append(
            PassbookLine(
                position=position,
                line_on=day,
                code=_code(entry[0], account),
                paid_in=max(amount, Decimal("0.00")),
                taken_out=max(-amount, Decimal("0.00")),
                balance=balance,
                request_id=_form(position),
                written_at=moment(day),
                **facts,
            )
        )
    PassbookLine.objects.bulk_create(rows)
    PassbookTick.objects.bulk_create(
        PassbookTick(
            passbook_line=row,
            line=line,
            amount=line.amount,
            ticked_by=world.users["treasurer"],
            ticked_at=row.written_at,
        )
        for row, (_day, entry) in zip(rows[1:], days, strict=True)
        for line in entry
    )


def _form(position: int) -> object:
    """The form of ten lines that brought a line."""
    return fixed_id("passbook", (position - 1) // 10)


def _code(line: Line, account: Account) -> str:
    """What this bank prints: interest, cash in or out, a cheque, a transfer."""
    if line.entry.kind == EntryKind.INTEREST:
        return "INT"
    other = line.credit if line.debit_id == account.pk else line.debit
    if other.role == AccountRole.CASH:
        return "CD" if line.debit_id == account.pk else "CW"
    return "CQ" if line.entry.kind == EntryKind.PAYMENT else "TR"


# --- a phone ----------------------------------------------------------------------------------------------


def _enrol(world: World) -> None:
    """A phone of the first leader, to be seen and ended. Nobody has its token, so nobody can sign in with it."""
    leader, registrar = world.users[PHONE_OF], world.users["registrar"]
    card = PhoneCard.objects.create(
        user=leader,
        token_digest=digest_of(token_urlsafe(24)),
        issued_by=registrar,
        issued_at=world.now,
        expires_at=world.now + CARD_LIFETIME,
        used_at=world.now,
    )
    EnrolledPhone.objects.create(
        user=leader,
        card=card,
        device_digest=digest_of(token_urlsafe(24)),
        name="Android, Chrome",
        pin_hash="!",
        enrolled_at=world.now,
        expires_at=world.now + PHONE_LIFETIME,
        last_seen_at=world.now,
    )
