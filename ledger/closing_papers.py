"""The closing of a month or a year as a paper: its checklist, what is carried, the fingerprint, the places to sign."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from bansong_fund.lib.papers import Words, draw_paper
from bansong_fund.lib.pdf import Language, render_pdf
from bansong_fund.lib.thai_dates import format_date, format_month
from ledger.book_papers import STYLESHEETS, in_both, signatures
from ledger.cash_book import PlaceSum, cash_book, held_by_leaders, together
from ledger.checklists import CHECK_NAMES, FINGERPRINT, STATE_NAMES
from ledger.closing import Carried, last_day, what_is_carried
from ledger.models import AccountingMonth, Entry, Fingerprint, FiscalYear
from ledger.spans import Span, fund_year_span, month_span
from members.fund_head import fund_head
from members.models import Fund
from office.models import User

Kept = list[dict[str, Any]]


def month_paper(month: AccountingMonth, fund: Fund, language: Language, *, today: date) -> bytes:
    """The closing of a month: where the money was, and the checklist as it was signed."""
    title = in_both(lambda: _("Closing of %(month)s") % {"month": format_month(month.first_day)})
    subtitle = in_both(lambda: _("As at %(day)s") % {"day": format_date(last_day(month))})
    facts = {"places": _places(month_span(month.first_day, today=today)), "closed_by": month.closed_by}
    return _drawn((title, subtitle), month.closing_checklist, facts, fund, language)


def year_paper(year: FiscalYear, fund: Fund, language: Language, *, today: date) -> bytes:
    """The closing of a year: what went to the accumulated fund, by which resolution."""
    title = in_both(lambda: _("Closing of the year %(year)s") % {"year": year.year_be})
    subtitle = in_both(lambda: _("For the year ended %(day)s") % {"day": format_date(year.ends_on)})
    places = _places(fund_year_span(year.year_be, fund, today=today))
    carried: list[Carried] = what_is_carried(year)
    facts = {"places": places, "carried": carried, "closed_by": year.closed_by, "resolution": year.resolution_label}
    return _drawn((title, subtitle), year.closing_checklist, facts, fund, language)


def _places(span: Span) -> list[tuple[Words, PlaceSum]]:
    """Where all of the fund's money was: each place by its name, cash with leaders as one, the total last."""
    book = cash_book(span, rows=0)
    places = [(Words(one.account.name_th, one.account.name_en), one) for one in book.places if one.account]
    leaders = held_by_leaders(span)
    if leaders.brought or leaders.money_in or leaders.money_out:
        places.append((in_both(lambda: _("Cash with leaders")), leaders))
    return [*places, (in_both(lambda: _("Total")), together([book.total, leaders]))]


def _drawn(titles: tuple[Words, Words], kept: Kept, facts: dict[str, Any], fund: Fund, language: Language) -> bytes:
    title, subtitle = titles
    name = title.in_language("en" if language == "en" else "th")
    context = {
        **facts,
        "title": title,
        "subtitle": subtitle,
        "paper_title": name,
        "items": _items(kept),
        "fingerprint": fingerprint_of(kept),
        "signatures": signatures(),
    }
    html = draw_paper("pdf/closing.html", context, fund_head(fund), language)
    return render_pdf(html, title=name, language=language, stylesheets=STYLESHEETS)


def _items(kept: Kept) -> list[dict[str, Any]]:
    named = [item for item in kept if item["check"] in CHECK_NAMES and item["check"] != FINGERPRINT]
    return [
        {"name": _said(CHECK_NAMES[item["check"]]), "state": _said(STATE_NAMES[item["state"]]), "note": item["note"]}
        for item in named
    ]


def _said(text: Any) -> Words:
    said = {}
    for language in ("th", "en"):
        with override(language):
            said[language] = str(text)
    return Words(said["th"], said["en"])


def fingerprint_of(kept: Kept) -> str:
    """NUMBER:HASH of the last entry by the closing; empty where none was kept."""
    return next((str(item["note"]) for item in kept if item["check"] == FINGERPRINT), "")


def record_printing(kept: Kept, *, paper: str, by: User, now: datetime) -> None:
    """Write down that the fingerprint went out on this paper, once for each paper."""
    number, _colon, chain_hash = fingerprint_of(kept).partition(":")
    entry = Entry.objects.filter(number=int(number)).first() if number.isdecimal() else None
    if entry is not None and not Fingerprint.objects.filter(entry=entry, paper=paper).exists():
        facts = {"paper": paper, "is_provisional": False, "printed_by": by, "printed_at": now}
        Fingerprint.objects.create(entry=entry, chain_hash=chain_hash, **facts)
