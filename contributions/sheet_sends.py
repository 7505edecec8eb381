"""What a leader's phone sends of its draft of a sheet: taken once, however often the network made it try.

The phone makes the id of each batch. The same id again finds what became of the first: nothing is written twice. A
line that was changed elsewhere since the phone read it is not written over: both stand before the leader, who decides.
"""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bansong_fund.lib.errors import DomainError
from contributions.models import CollectionLine, CollectionSheet, SheetSend
from contributions.sheet_lines import SheetClosed, TakenAtDoor, Written, hold_draft, put_lines
from contributions.verbs import money_verb
from office.models import User


@dataclass(frozen=True, slots=True)
class TypedLine:
    """What was typed on the phone, and the stamp of the line as the phone knew it ("" where there was none)."""

    taken: TakenAtDoor
    seen: str = ""


def stamp_of(line: CollectionLine | None) -> str:
    """Eight signs that change with what stands on a line; "" for no line."""
    if line is None:
        return ""
    return hashlib.sha256("|".join(map(str, line_facts(line).values())).encode()).hexdigest()[:8]


def line_facts(line: CollectionLine) -> dict[str, Any]:
    """What stands on a line, as a phone keeps it: sums as text with two decimals, the day as in ISO 8601."""
    door = line.door_receipt
    return {
        "amount": f"{line.amount:.2f}",
        "fee": f"{line.entry_fee:.2f}",
        "day": line.paid_on.isoformat(),
        "book": door.book.label if door and door.book else "",
        "no": door.number if door else None,
        "payer": door.payer_name if door else "",
    }


def lines_by_member(sheet: CollectionSheet) -> dict[int, CollectionLine]:
    """The lines of a sheet with their receipts, by the member's key."""
    return {line.member_id: line for line in sheet.lines.select_related("door_receipt__book")}


def send_of(request_id: uuid.UUID) -> SheetSend | None:
    return SheetSend.objects.filter(request_id=request_id).first()


@money_verb(send_of)
def take_send(
    *,
    sheet: CollectionSheet,
    typed: Sequence[TypedLine],
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
) -> SheetSend:
    """Write what can be written of a batch, and keep what became of each line.

    `answer["lines"]`: the member's number and a state: written, changed (elsewhere, so not written), refused, closed
    (the sheet was handed in). The send has `reasons`, sentences by member number, only when it is new: they bear names,
    which nothing that stays for ever should.
    """
    try:
        states, reasons = _take(hold_draft(sheet), typed, by, today)
    except SheetClosed as closed:
        numbers = [one.taken.member.number for one in typed]
        states, reasons = dict.fromkeys(numbers, "closed"), dict.fromkeys(numbers, str(closed))
    answer = {"lines": [{"n": number, "state": state} for number, state in states.items()]}
    send = SheetSend.objects.create(request_id=request_id, sheet=sheet, sent_by=by, sent_at=now, answer=answer)
    send.reasons = reasons
    return send


def _take(
    sheet: CollectionSheet, typed: Sequence[TypedLine], by: User, today: date
) -> tuple[dict[int, str], dict[int, str]]:
    """What became of each line and why, by the members' numbers."""
    lines = lines_by_member(sheet)
    states = {one.taken.member.number: _before_writing(one, lines.get(one.taken.member.pk)) for one in typed}
    to_write = [one.taken for one in typed if states[one.taken.member.number] == "to write"]
    reasons: dict[int, str] = {}
    for taken, written in zip(to_write, put_lines(sheet, to_write, by=by, today=today), strict=True):
        number = taken.member.number
        states[number] = "written"
        if isinstance(written, DomainError):
            states[number], reasons[number] = "refused", str(written)
    return states, reasons


def _before_writing(one: TypedLine, line: CollectionLine | None) -> str:
    """Whether a line is to be written, stands as typed already, or was changed on another device meanwhile."""
    if _stands(one.taken, line):
        return "written"
    return "to write" if one.seen == stamp_of(line) else "changed"


def _stands(taken: TakenAtDoor, line: CollectionLine | None) -> bool:
    if taken.amount is None or line is None:
        return taken.amount is None and line is None
    facts = line_facts(line)
    return facts == {
        "amount": f"{taken.amount:.2f}",
        "fee": f"{taken.entry_fee:.2f}",
        "day": taken.paid_on.isoformat(),
        "book": taken.book.label if taken.book else "",
        "no": taken.number,
        "payer": taken.payer_name,
    }


@transaction.atomic(durable=True)
def write_together(
    *, sheet: CollectionSheet, taken: Sequence[TakenAtDoor], by: User, today: date
) -> list[CollectionLine | None]:
    """Write several lines, all or none: one payer at one door. Raises what `write_line` raises."""
    written = put_lines(hold_draft(sheet), taken, by=by, today=today)
    refuse_first(written)
    return [line for line in written if not isinstance(line, DomainError)]


def refuse_first(written: Iterable[Written]) -> None:
    """Raises the first refusal among what became of several lines."""
    for one in written:
        if isinstance(one, DomainError):
            raise one
