"""What stands on the fund's papers, and the papers drawn: receipt, payment voucher, plain list.

The dataclasses know no model: a verb or a view fills them from frozen data, so a paper printed again
years later says what it said on its day. Amounts are baht (`Decimal`), dates Gregorian.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from bansong_fund.lib.codes import code_svg
from bansong_fund.lib.paper_parts import Drawn, render_papers
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, page_count, render_pdf

# Beside header, totals and signatures no more lines fit on half an A4 page.
LINES_ON_HALF_PAGE = 4
# Fewer lines leave ruled room, so that a receipt of one line looks like a receipt.
MIN_LINES = 2


@dataclass(frozen=True)
class Words:
    """A text that is stored in both languages. An empty English falls back to the Thai."""

    th: str
    en: str = ""

    def __str__(self) -> str:
        return self.th

    def in_language(self, language: str) -> str:
        return (self.en or self.th) if language == "en" else self.th


Text = str | Words


@dataclass(frozen=True)
class FundHead:
    """The head of every paper. `demonstration` prints the banner on each page; `thai_digits` is for its letters."""

    name: Words
    address: Text = ""
    area: Text = ""
    demonstration: bool = False
    thai_digits: bool = False


@dataclass(frozen=True)
class PaperLine:
    """One numbered line: what for, and how many baht."""

    item: Text
    amount: Decimal


@dataclass(frozen=True)
class Void:
    """Marks a paper as cancelled; its number stays."""

    reason: Text
    on: date
    by: str = ""


@dataclass(frozen=True)
class Signature:
    """A place to sign: who, as what. Without a name the brackets stay empty, to be filled by hand."""

    role: Text
    name: str = ""
    post: Text = ""


@dataclass(frozen=True)
class ReceiptPaper:
    """A receipt (ใบเสร็จรับเงิน): book and number, payer, numbered lines, who received.

    `copy_number` 0 is what is handed out first; from 1 on every slip says which copy it is. `reprinted_on` is the day
    a copy was printed again; `preview` marks what was only looked at and is no receipt yet. `gift` adds that it proves
    no tax deduction; `qr` is the text of the code that checks the receipt.
    """

    fund: FundHead
    book: str
    number: str
    issued_on: date
    received_from: str
    lines: tuple[PaperLine, ...]
    means: Text
    signature: Signature
    member_number: str = ""
    period: Text = ""
    collector: str = ""
    gift: bool = False
    void: Void | None = None
    reprinted_on: date | None = None
    copy_number: int = 0
    preview: bool = False
    qr: str = ""

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    @property
    def fits_half_page(self) -> bool:
        return len(self.lines) <= LINES_ON_HALF_PAGE


@dataclass(frozen=True)
class VoucherPaper:
    """A payment voucher (ใบสำคัญจ่าย): who got money from the fund, for what, by which resolution.

    With `thumb_print` the receiver does not sign: her thumb print is witnessed by two. With `annexed` the voucher is
    for several people, who sign on the sheet that is its annex.
    """

    fund: FundHead
    number: str
    paid_on: date
    recipient: str
    lines: tuple[PaperLine, ...]
    means: Text
    payer: Signature
    id_number: str = ""
    address: str = ""
    phone: str = ""
    claim_number: str = ""
    resolution: Text = ""
    account: Text = ""
    received_by: str = ""
    witnesses: tuple[str, ...] = ()
    thumb_print: bool = False
    annexed: bool = False
    void: Void | None = None
    reprinted_on: date | None = None

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    @property
    def witness_places(self) -> tuple[str, ...]:
        """One witness, two beside a thumb print; a place without a name is filled by hand."""
        wanted = 2 if self.thumb_print else 1
        return (self.witnesses + ("",) * wanted)[: max(wanted, len(self.witnesses))]


@dataclass(frozen=True)
class Column:
    """A column of a list. `share` is its part of the width, in the same unit for all columns."""

    heading: Text
    share: int = 1
    figures: bool = False


@dataclass(frozen=True)
class ListPaper:
    """A plain list: a title, a table whose head repeats on each page, a last row of totals if given.

    With `amounts`, one of each row, each page says what it carries forward. Of a list drawn in parts `brought` is what
    the parts before came to, and `goes_on` where another follows.
    """

    fund: FundHead
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    subtitle: Text = ""
    totals: tuple[Any, ...] = ()
    note: Text = ""
    signatures: tuple[Signature, ...] = ()
    landscape: bool = False
    amounts: tuple[Decimal, ...] = ()
    brought: Decimal | None = None
    goes_on: bool = False

    @property
    def cells(self) -> list[list[tuple[Column, Any]]]:
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]

    @property
    def widths(self) -> list[int]:
        """The percent of the table's width for each column, in steps of five; together 100, or it runs off the page."""
        whole = sum(column.share for column in self.columns)
        exact = [20 * column.share / whole for column in self.columns]
        twentieths = [max(int(share), 1) for share in exact]
        by_rest = sorted(range(len(exact)), key=lambda index: twentieths[index] - exact[index])
        for index in by_rest[: max(20 - sum(twentieths), 0)]:
            twentieths[index] += 1
        while sum(twentieths) > 20:
            twentieths[twentieths.index(max(twentieths))] -= 1
        return [5 * share for share in twentieths]

    @property
    def total_cells(self) -> list[tuple[Column, Any]]:
        return list(zip(self.columns, self.totals, strict=True))


def render_receipt(receipt: ReceiptPaper, language: Language = "th") -> bytes:
    """Return the PDF: original and copy on one A4 with a cut line, or a page each when the text is too long."""
    if receipt.fits_half_page:
        pdf = _draw_receipt(receipt, language, two_on_one=True)
        if page_count(pdf) == 1:
            return pdf
    return _draw_receipt(receipt, language, two_on_one=False)


def render_voucher(voucher: VoucherPaper, language: Language = "th") -> bytes:
    """Return the PDF of a payment voucher, one A4 page."""
    title = f"{_title(language, 'Payment voucher')} {voucher.number}"
    return press("pdf/voucher.html", {"voucher": voucher}, voucher.fund, title, language)


def render_list(paper: ListPaper, language: Language = "th") -> bytes:
    """Return the PDF of a plain list, on as many A4 pages as it takes."""
    title = paper.title.in_language(language) if isinstance(paper.title, Words) else paper.title
    return press("pdf/list.html", {"paper": paper}, paper.fund, title, language)


def draw_paper(template: str, context: dict[str, Any], fund: FundHead, language: Language) -> str:
    """Return the HTML of any paper whose template extends pdf/base.html."""
    with translation.override("en" if language == "en" else "th"):
        return render_to_string(template, {**context, "fund": fund, "language": language})


def render_receipts(receipts: Iterable[ReceiptPaper], language: Language = "th") -> bytes:
    """Return one PDF of several receipts, each original and copy as in `render_receipt`. Needs at least one."""
    return render_papers(drawn_receipts(receipts, language), title=receipts_title(language), language=language)


def drawn_receipts(receipts: Iterable[ReceiptPaper], language: Language) -> Iterator[Drawn]:
    """The receipts as HTML; the next one is asked for when the last is taken."""
    for receipt in receipts:
        context = _receipt_context(receipt, language, two_on_one=receipt.fits_half_page)
        yield Drawn(draw_paper("pdf/receipt.html", context, receipt.fund, language))


def receipts_title(language: Language) -> str:
    return _title(language, "Receipts")


def _draw_receipt(receipt: ReceiptPaper, language: Language, *, two_on_one: bool) -> bytes:
    context = _receipt_context(receipt, language, two_on_one=two_on_one)
    return press("pdf/receipt.html", context, receipt.fund, context["paper_title"], language)


def _receipt_context(receipt: ReceiptPaper, language: Language, *, two_on_one: bool) -> dict[str, Any]:
    empty_lines = range(max(0, MIN_LINES - len(receipt.lines))) if two_on_one else ()
    return {
        "receipt": receipt,
        "slips": ("original", "copy"),
        "two_on_one": two_on_one,
        "empty_lines": empty_lines,
        "qr_code": qr_code(receipt.qr),
        "paper_title": f"{_title(language, 'Receipt')} {receipt.book}/{receipt.number}",
    }


def press(
    template: str,
    context: dict[str, Any],
    fund: FundHead,
    title: str,
    language: Language,
    *,
    stylesheets: tuple[str, ...] = PAPER_STYLESHEETS,
) -> bytes:
    """Return the PDF of a paper whose template extends pdf/base.html; its title stands in the file, too."""
    html = draw_paper(template, {**context, "paper_title": title}, fund, language)
    return render_pdf(html, title=title, language=language, stylesheets=stylesheets)


def _title(language: Language, msgid: str) -> str:
    with translation.override("en" if language == "en" else "th"):
        return gettext(msgid)


def qr_code(content: str) -> str:
    """The code that checks a receipt as SVG, for papers and pages; of nothing, nothing."""
    return code_svg(content, says=gettext("QR code to check the receipt"))
