"""Writing a file that was shown and confirmed: every accepted row in one transaction, or none."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bansong_fund.lib.errors import DomainError
from members.importing.facts import REFUSAL, RowFacts, said
from members.importing.plan import Outcome, Planned, highest_key, plan_rows
from members.importing.preview import CHUNK, Step, chunks_of, shown_rows
from members.importing.rows import ground_of
from members.importing.write import Change, Writer
from members.models import ImportRow, ImportRun
from members.verbs import hold_register
from office.action_log import log_action
from office.models import User

CHANGED_AT_ONCE = 1000
MOST_WAITING = 20_000  # changes that are held until the end, so that no row meets what another has changed


class RegisterMoved(DomainError):
    """Since the rows were shown the register has changed in what they say."""


def carry_out(
    run: ImportRun, *, leave_out_doubles: bool, by: User | None, today: date, now: datetime, step: Step
) -> dict[str, Any]:
    """Write the rows that were shown as new or changed; gives the counts of what was written.

    The file is read again and each row compared with what was shown, under the register's lock. Raises
    `RegisterMoved` where one differs, `UnreadableFile`, and what `step` raises: nothing is written then.
    """
    with transaction.atomic():
        sequence = hold_register()
        if highest_key() != run.counts["horizon"]:
            raise RegisterMoved(_moved())
        ground = ground_of(run, today=today)
        writer = Writer(
            fund=ground.fund,
            sequence=sequence,
            by=by,
            today=today,
            now=now,
            as_of=ground.options.as_of,
            communities=ground.communities,
        )
        sequence.last = max(sequence.last, run.counts["highest"])
        _write_chunks(run, writer, ground, leave_out_doubles=leave_out_doubles, step=step)
        writer.finish()
        counts = _counts_after(run, leave_out_doubles=leave_out_doubles)
        log_action(by, "register-imported", subject=run, **{name: counts[name] for name in Outcome.values})
    return counts


def _moved() -> str:
    return _("The register has changed since these rows were shown. Look at them once more, then confirm.")


def _write_chunks(run: ImportRun, writer: Writer, ground: Any, *, leave_out_doubles: bool, step: Step) -> None:
    waiting: list[Change] = []
    done = 0
    for chunk in chunks_of(run, ground):
        shown = shown_rows(run, chunk)
        planned = _planned_as_shown(chunk, shown, run.counts["horizon"], ground.names)
        new = [one for one in planned if one.outcome == Outcome.NEW]
        if leave_out_doubles:
            new = [one for one in new if shown[one.row.sheet, one.row.line]["possible_double_id"] is None]
        keys = writer.enrol([one.row for one in new])
        _name_members([shown[one.row.sheet, one.row.line]["pk"] for one in new], keys)
        waiting += [Change(one.row, one.known, one.changes) for one in planned if one.outcome == Outcome.CHANGED]
        done += len(chunk)
        step(done)
        if len(waiting) >= MOST_WAITING:
            _change(writer, waiting, partial(step, done))
            waiting = []
    _change(writer, waiting, partial(step, done))


def _change(writer: Writer, waiting: Sequence[Change], go_on: Callable[[], None]) -> None:
    """Write the changes some at a time: a move of many members takes longer than a worker may keep silent."""
    for start in range(0, len(waiting), CHANGED_AT_ONCE):
        writer.change(waiting[start : start + CHANGED_AT_ONCE])
        go_on()


def _planned_as_shown(
    chunk: Sequence[RowFacts], shown: dict[tuple[int, int], dict[str, Any]], horizon: int, names: dict[int, str]
) -> list[Planned]:
    """The rows that are not refused, planned anew. Raises `RegisterMoved` where a plan is not what was shown."""
    if any((row.sheet, row.line) not in shown for row in chunk):
        raise RegisterMoved(_moved())
    accepted = [row for row in chunk if shown[row.sheet, row.line]["outcome"] != Outcome.REFUSED]
    planned = plan_rows(accepted, horizon=horizon, communities=names, doubles=False, locked=True)
    for one in planned:
        row = shown[one.row.sheet, one.row.line]
        if (one.outcome, one.member_id) != (row["outcome"], row["member_id"]) or not _says_the_same(one, row):
            raise RegisterMoved(_moved())
    return planned


def _says_the_same(one: Planned, row: dict[str, Any]) -> bool:
    """Whether the sentences are those that were shown, but for that of a possible double, which stands last."""
    shown = row["messages"][:-1] if row["possible_double_id"] else row["messages"]
    return one.row.messages == shown


def _name_members(rows: list[int], keys: list[int]) -> None:
    """Write down which member became of which row."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE members_importrow r SET member_id = v.member FROM unnest(%s::bigint[], %s::bigint[])"
                " AS v(row, member) WHERE r.id = v.row",
                [rows, keys],
            )


def _counts_after(run: ImportRun, *, leave_out_doubles: bool) -> dict[str, Any]:
    """The counts as they were shown; possible doubles that were left out are refused rows now."""
    counts = dict(run.counts)
    if not leave_out_doubles:
        return counts
    left_out = ImportRow.objects.filter(run=run, outcome=Outcome.NEW, possible_double__isnull=False)
    sentence = said(REFUSAL, "first_name", gettext_noop("Left out, because possible doubles were to be left out."))
    while rows := list(left_out[:CHUNK]):
        for row in rows:
            row.outcome, row.messages = Outcome.REFUSED, [sentence, *row.messages]
            counts[Outcome.NEW] -= 1
            counts[Outcome.REFUSED] += 1
            counts["doubles"] -= 1
        ImportRow.objects.bulk_update(rows, ["outcome", "messages"], batch_size=500)
    return counts
