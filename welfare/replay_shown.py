"""A replay as people look at it: a book of two sheets, and the short form that a job keeps for its page."""

import io
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

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
    """XLSX: totals by benefit, and every decided claim with what it would have come to, in the language that is on."""
    out = io.BytesIO()
    write_book(out, [_totals(replay), _claims(replay)])
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
            claim.community.name_th if language == "th" else claim.community.name_en or claim.community.name_th,
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
        "benefits": [
            {"th": names["th"].get(code, code), "en": names["en"].get(code, code), **_tally_json(tally)}
            for code, tally in replay.by_benefit().items()
        ],
        "changed_count": len(changed),
        "changed": [_row_json(row, names) for row in most],
    }


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
