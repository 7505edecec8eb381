"""Papers of leg 4: the yearly statement for one contributor, and the list of a year for the notice board."""

from collections.abc import Sequence
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, override

from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.papers import Column, ListPaper, Signature, Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from bansong_fund.lib.sheets import Column as SheetColumn
from bansong_fund.lib.sheets import sheet_bytes
from bansong_fund.lib.thai_dates import format_date
from contributions.models import Contributor, ContributorKind, Gift
from contributions.queries import YearOfContributors, gifts_between, year_bounds
from ledger.papers import fund_head
from members.models import Fund

GiftRow = tuple[date, str, Words, Gift]
STATEMENT_TITLE = gettext_lazy("Statement of gifts for the year %(year)s")
STATEMENT_STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/grants.css")


def gifts_statement(contributor: Contributor, year_be: int, fund: Fund, *, today: date, language: Language) -> bytes:
    """หนังสือแจ้งยอดเงินบริจาค: the gifts of a calendar year that hold, with receipt numbers, total and thanks."""
    rows = _gift_rows(contributor, year_be)
    html = draw_statement(contributor, rows, year_be, fund, today=today, language=language)
    title = statement_title(year_be, language)
    return render_pdf(html, title=title, language=language, stylesheets=STATEMENT_STYLESHEETS)


def statement_title(year_be: int, language: Language) -> str:
    return _words(STATEMENT_TITLE, year=year_be).in_language("en" if language == "en" else "th")


def draw_statement(
    contributor: Contributor, rows: Sequence[GiftRow], year_be: int, fund: Fund, *, today: date, language: Language
) -> str:
    """The statement as HTML."""
    context = {
        "contributor": contributor,
        "title": _words(STATEMENT_TITLE, year=year_be),
        "rows": rows,
        "total": sum((gift.amount for *_facts, gift in rows), ZERO),
        "written_on": today,
        "year": year_be,
        "signer": Signature(_words(gettext_lazy("Treasurer"))),
        "paper_title": statement_title(year_be, language),
    }
    return draw_paper("pdf/statement_of_gifts.html", context, fund_head(fund), language)


def gifts_statement_sheet(contributor: Contributor, year_be: int, fund: Fund, *, language: str) -> bytes:
    """The same gifts as an XLSX in one language, with their sum."""
    with override(language):
        return sheet_bytes(
            name=gettext("Gifts"),
            columns=[
                SheetColumn(gettext("Date"), "date"),
                SheetColumn(gettext("Receipt no."), "code"),
                SheetColumn(gettext("What kind of gift"), width=34),
                SheetColumn(gettext("Baht"), "baht", total=True),
            ],
            rows=[
                (day, number, kind.in_language(language), gift.amount)
                for day, number, kind, gift in _gift_rows(contributor, year_be)
            ],
            above=[
                fund_head(fund).name.in_language(language),
                _words(STATEMENT_TITLE, year=year_be).in_language(language),
                f"{contributor.number} {contributor.name}",
            ],
        )


def _gift_rows(contributor: Contributor, year_be: int) -> list[GiftRow]:
    """The gifts of a calendar year whose receipt holds: day, receipt, kind, gift; the oldest first."""
    gifts = gifts_between(*year_bounds(year_be)).filter(contributor=contributor)
    gifts = gifts.select_related("receipt", "income_account").order_by("received_on", "pk")
    return [gift_row(gift) for gift in gifts]


def gift_row(gift: Gift) -> GiftRow:
    account = gift.income_account
    return gift.received_on, gift.receipt.label, Words(account.name_th, account.name_en), gift


def year_list(year: YearOfContributors, fund: Fund, *, today: date) -> ListPaper:
    """Who gave in a year: by name those who agreed, all others together."""
    rows = [
        (str(place), one.name, _kind(one.kind), format_baht(one.given)) for place, one in enumerate(year.named, start=1)
    ]
    amounts = [one.given for one in year.named]
    if year.unnamed:
        anonymous = _words(gettext_lazy("Those who do not wish to be named: %(count)s"), count=f"{year.unnamed:,}")
        rows.append(("", anonymous, "", format_baht(year.unnamed_baht)))
        amounts.append(year.unnamed_baht)
    days = {code: format_date(today, "long", code) for code in ("th", "en")}
    as_of = _words(gettext_lazy("As of"))
    return ListPaper(
        fund=fund_head(fund),
        title=_words(gettext_lazy("Contributors of the year %(year)s"), year=year.year_be),
        subtitle=Words(f"{as_of.th} {days['th']}", f"{as_of.en} {days['en']}"),
        columns=(
            Column(_words(gettext_lazy("No.")), 2, figures=True),
            Column(_words(gettext_lazy("Name")), 10),
            Column(_words(gettext_lazy("Kind")), 5),
            Column(_words(gettext_lazy("Baht")), 3, figures=True),
        ),
        rows=tuple(rows),
        amounts=tuple(amounts),
        totals=("", _words(gettext_lazy("Total")), "", format_baht(year.total)),
        note=_words(gettext_lazy("The fund thanks everybody who gave.")),
    )


def _kind(kind: str) -> Words:
    return _words(ContributorKind(kind).label)


def _words(text: Promise | str, **values: object) -> Words:
    said = {}
    for code in ("th", "en"):
        with override(code):
            said[code] = str(text) % values if values else str(text)
    return Words(said["th"], said["en"])
