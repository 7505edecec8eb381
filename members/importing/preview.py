"""Reading a whole file and keeping what would happen to each row, for the page that shows it. Changes no member."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction

from members.importing import vault
from members.importing.facts import REFUSAL, RowFacts, said
from members.importing.layout import SheetLayout
from members.importing.plan import Outcome, Planned, highest_key, plan_rows
from members.importing.repeats import COLUMNS, Place, Repeats
from members.importing.rows import Ground, ground_of, read_register
from members.models import ImportRow, ImportRun

CHUNK = 2000

Step = Callable[[int], None]  # told how many rows are read; may raise to stop


def preview(run: ImportRun, *, today: date, step: Step) -> None:
    """Read the file and keep an `ImportRow` for each of its rows, the counts and the digest of the whole.

    Raises `UnreadableFile` and what `step` raises; the rows kept so far are then for the caller to remove.
    """
    forget_rows(run)
    ground = ground_of(run, today=today)
    horizon, counts, repeats = highest_key(), Counter(), Repeats()
    highest = 0
    for chunk in chunks_of(run, ground):
        planned = plan_rows(chunk, horizon=horizon, communities=ground.names)
        ImportRow.objects.bulk_create([one.as_row(run.pk) for one in planned], batch_size=CHUNK)
        for one in planned:
            repeats.add(one)
            _count(one, counts)
            highest = max(highest, one.row.number or 0)  # a refused row's number is hers too, once it is corrected
        step(counts["rows"])
    _refuse_repeats(run, repeats.found(), [layout.name for layout in ground.layouts], counts)
    names = (*Outcome.values, "rows", "doubles", "warnings")
    run.counts = {name: counts[name] for name in names} | {"horizon": horizon, "highest": highest}
    run.outcome_digest = digest_of(run)
    run.save(update_fields=["counts", "outcome_digest"])


def chunks_of(run: ImportRun, ground: Ground) -> Iterator[list[RowFacts]]:
    """The rows of the run's file, some thousands at a time, in the file's order."""
    with vault.laid_open(run.stored_name) as path:
        yield from in_chunks(read_register(path, ground))


def in_chunks(rows: Iterable[RowFacts]) -> Iterator[list[RowFacts]]:
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


def forget_rows(run: ImportRun) -> None:
    ImportRow.objects.filter(run=run).delete()


def _count(one: Planned, counts: Counter[str]) -> None:
    counts["rows"] += 1
    counts[one.outcome] += 1
    counts["doubles"] += one.double is not None
    counts["warnings"] += one.has_warning and one.outcome != Outcome.REFUSED


# --- the same person twice in one file --------------------------------------------------------------------


def _refuse_repeats(
    run: ImportRun, found: Mapping[Place, tuple[str, Sequence[Place]]], sheets: Sequence[str], counts: Counter[str]
) -> None:
    """Refuse each row that names a person whom another row names too, and say where the others stand."""
    places = sorted(found)
    for start in range(0, len(places), CHUNK):
        some = places[start : start + CHUNK]
        rows = ImportRow.objects.filter(run=run, sheet__in={sheet for sheet, _line in some}).filter(
            line__in={line for _sheet, line in some}
        )
        changed = [row for row in rows if (row.sheet, row.line) in found]
        for row in changed:
            sentence, others = found[row.sheet, row.line]
            shown = ", ".join(f"{sheets[sheet]}:{line}" for sheet, line in others)
            row.messages = [said(REFUSAL, COLUMNS[sentence], sentence, places=shown), *row.messages]
            _count_as_refused(row, counts)
            row.outcome, row.possible_double = Outcome.REFUSED, None
        ImportRow.objects.bulk_update(changed, ["messages", "outcome", "possible_double"], batch_size=500)


def _count_as_refused(row: ImportRow, counts: Counter[str]) -> None:
    if row.outcome == Outcome.REFUSED:
        return
    counts[row.outcome] -= 1
    counts[Outcome.REFUSED] += 1
    counts["doubles"] -= row.possible_double_id is not None
    counts["warnings"] -= any(message["kind"] == "warning" for message in row.messages)


# --- what was shown ---------------------------------------------------------------------------------------


def digest_of(run: ImportRun) -> str:
    """A digest over all rows as they are shown: what is confirmed is what was seen."""
    digest = hashlib.sha256()
    columns = ("sheet", "line", "outcome", "member_id", "possible_double_id", "messages")
    with transaction.atomic():  # the rows come through a cursor, some at a time
        for row in run.rows.order_by("sheet", "line").values_list(*columns).iterator(chunk_size=CHUNK):
            digest.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode())
    return digest.hexdigest()


def shown_rows(run: ImportRun, chunk: Sequence[RowFacts]) -> dict[Place, dict[str, Any]]:
    """What was shown of the rows of a chunk, by place."""
    found: dict[Place, dict[str, Any]] = {}
    for sheet in {row.sheet for row in chunk}:
        lines = [row.line for row in chunk if row.sheet == sheet]
        rows = ImportRow.objects.filter(run=run, sheet=sheet, line__range=(min(lines), max(lines)))
        for row in rows.values("pk", "sheet", "line", "outcome", "member_id", "possible_double_id", "messages"):
            found[row["sheet"], row["line"]] = row
    return found


def layouts_of(run: ImportRun) -> list[SheetLayout]:
    return [SheetLayout.of_json(kept) for kept in run.sheets]
