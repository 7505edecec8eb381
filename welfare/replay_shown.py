"""A replay as people look at it: a book of two sheets, and the short form that a job keeps for its page."""

import io
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.sheets import Column, Part, write_book
from bansong_fund.lib.thai_dates import active_language
from welfare.regulations import all_versions
from welfare.replay import CHANGE_NAMES, Change, Replay, Replayed, Tally

CHANGED_SHOWN = 100  # on the page; the book has them all
COUNTED = (Change.MORE, Change.LESS, Change.REFUSED, Change.GRANTED, Change.COMMITTEE)


def names_of_benefits(replay: Replay, language: str) -> dict[str, str]:
    """The benefits' names by code, as the fund's versions call them, else as the other version does."""
    documents = [replay.document, *(version.document for version in all_versions())]
    return {each.code: each.name.in_language(language) for document in documents for each in document.benefits}


def replay_book(replay: Replay) -> bytes:
    """XLSX in the language that is on: totals by benefit, who would have got more or less, every decided claim."""
    out = io.BytesIO()
    write_book(out, [_totals(replay), _members(replay), _claims(replay)])
    return out.getvalue()


def _totals(replay: Replay) -> Part:
    names = names_of_benefits(replay, active_language())
    columns = [
        Column(_("Benefit"), width=40),
        Column(_("Claims decided"), "count", total=True),
        Column(_("Approved"), "baht", total=True),
        Column(_("Under the other version"), "baht", total=True),
        Column(_("Difference"), "baht", total=True),
        *(Column(str(CHANGE_NAMES[change]), "count", total=True) for change in COUNTED),
        Column(_("Left to the committee, up to"), "baht", total=True),
    ]
    return Part(_("Totals"), columns, ([names.get(code, code), *figures(t)] for code, t in replay.by_benefit().items()))


def figures(tally: Tally) -> list[Any]:
    """Claims, baht approved, baht instead, the difference, how many of each change, baht left open."""
    changes = (tally.changes[change] for change in COUNTED)
    return [tally.claims, tally.approved, tally.result, tally.difference, *changes, tally.open_up_to]


def _members(replay: Replay) -> Part:
    columns = [
        Column(_("Member")),
        Column(_("Community")),
        Column(_("Claims decided"), "count", total=True),
        Column(_("Approved"), "baht", total=True),
        Column(_("Under the other version"), "baht", total=True),
        Column(_("Difference"), "baht", total=True),
    ]
    return Part(_("Who would get more, who less"), columns, (_member_row(rows) for rows in replay.by_person()))


def _member_row(rows: list[Replayed]) -> list[Any]:
    approved, result = sum(row.approved for row in rows), sum(row.result for row in rows)
    return [rows[0].member_name, _community(rows[-1]), len(rows), approved, result, result - approved]


def _community(row: Replayed) -> str:
    return str(local_name(row.claim.community))


def _claims(replay: Replay) -> Part:
    columns = [
        Column(_("Claim no."), "code"),
        Column(_("Member")),
        Column(_("Community")),
        Column(_("Benefit"), width=40),
        Column(_("Day of the event"), "date"),
        Column(_("Approved"), "baht", total=True),
        Column(_("Under the other version"), "baht", total=True),
        Column(_("Difference"), "baht", total=True),
        Column(_("What would be otherwise"), width=20),
        Column(_("Why"), width=80),
    ]
    return Part(_("Claims"), columns, _claim_rows(replay))


def _claim_rows(replay: Replay) -> Iterator[list[Any]]:
    language = active_language()
    names = names_of_benefits(replay, language)
    for row in replay.rows:
        claim = row.claim
        yield [
            claim.label,
            row.member_name,
            _community(row),
            names.get(claim.benefit_code, claim.benefit_code),
            claim.event_from,
            row.approved,
            row.result,
            row.difference,
            str(CHANGE_NAMES[row.change]),
            " ".join(step.sentence(language) for step in row.why),
        ]


def summary_of(replay: Replay) -> dict[str, Any]:
    """The short form as plain JSON values: totals, and the claims that would change most, by number and no name."""
    names = {language: names_of_benefits(replay, language) for language in ("th", "en")}
    changed = replay.changed
    most = sorted(changed, key=lambda row: (-abs(row.difference), -row.open_up_to))[:CHANGED_SHOWN]
    return {
        "year": replay.year_be,
        "regulation_th": replay.document.name.th,
        "regulation_en": replay.document.name.en,
        "reference": replay.document.reference,
        "total": _tally_json(replay.total()),
        "counts": [_counts_json(change, replay) for change in COUNTED],
        "benefits": [
            {"th": names["th"].get(code, code), "en": names["en"].get(code, code), **_tally_json(tally)}
            for code, tally in replay.by_benefit().items()
        ],
        "changed_count": len(changed),
        "changed": [_row_json(row, names) for row in most],
    }


def _counts_json(change: Change, replay: Replay) -> dict[str, Any]:
    claims, persons, difference = replay.of_change(change)
    return {"change": change.value, "claims": claims, "persons": persons, "difference": str(difference)}


def _tally_json(tally: Tally) -> dict[str, Any]:
    return {
        "claims": tally.claims,
        "approved": str(tally.approved),
        "result": str(tally.result),
        "difference": str(tally.difference),
        "open_up_to": str(tally.open_up_to),
        "changes": {change.value: tally.changes[change] for change in COUNTED},
    }


def _row_json(row: Replayed, names: dict[str, dict[str, str]]) -> dict[str, Any]:
    code = row.claim.benefit_code
    return {
        "claim": row.claim.pk,
        "benefit": {language: names[language].get(code, code) for language in ("th", "en")},
        "approved": str(row.approved),
        "result": str(row.result),
        "difference": str(row.difference),
        "open_up_to": str(row.open_up_to),
        "change": row.change.value,
        "why": {language: [step.sentence(language) for step in row.why] for language in ("th", "en")},
    }
