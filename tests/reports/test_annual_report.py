"""The annual report read back: every figure of it held against plain sums over the lines, on any fund.

`figures_by_plain_sql`, `amounts_in` and `held_against_the_lines` know nothing of the worked fund.
"""

import io
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from ledger.models import Fingerprint, FiscalYear, LedgerHead, LedgerSum
from members.models import Fund
from reports.annual_report import NoSuchLanguage, annual_report, draw_annual_report
from reports.ties import DoesNotTie
from reports.years import NoSuchYear
from tests.factories import UserFactory
from tests.pdf_reading import page_texts, pdfium_text, silent_weasyprint  # noqa: F401
from tests.reports.conftest import NOW, TODAY

D = Decimal
LANGUAGES = ["th", "en", "both"]

PLAIN = """
    SELECT a.role, a.leg, a.category, sum(x.amount)
      FROM ledger_entry e
      JOIN ledger_line l ON l.entry_id = e.id
      CROSS JOIN LATERAL (VALUES (l.debit_id, l.amount), (l.credit_id, -l.amount)) x (account_id, amount)
      JOIN ledger_account a ON a.id = x.account_id
     WHERE e.kind <> 'closing' AND e.date BETWEEN %s AND %s
     GROUP BY 1, 2, 3
"""
MONEY = ("bank", "cash", "collector", "advance")


def figures_by_plain_sql(first: date, last: date) -> dict[str, Decimal]:
    """The report's main figures of a span, summed from the lines alone."""
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, [first, last])
        rows = cursor.fetchall()
        cursor.execute(PLAIN, [date(1900, 1, 1), last])
        ever = cursor.fetchall()

    def debits(of, wanted) -> Decimal:
        return sum((amount for role, leg, category, amount in of if wanted(role, leg, category)), D("0.00"))

    found = {f"leg {n}": -debits(rows, lambda _r, leg, _c, n=n: leg == n) for n in (1, 2, 3, 4)}
    found |= {
        f"welfare {code}": debits(rows, lambda role, _l, category, code=code: (role, category) == ("benefit", code))
        for code in {category for role, _leg, category, _a in rows if role == "benefit"}
    }
    found["interest"] = -debits(rows, lambda role, *_: role == "interest")
    found["welfare"] = debits(rows, lambda role, *_: role == "benefit")
    found["event"] = debits(rows, lambda role, *_: role == "event-cost")
    found["money"] = debits(ever, lambda role, *_: role in MONEY)
    return found


def amounts_in(text: str) -> set[str]:
    """Every amount that the pages show; columns of baht and satang are read as one."""
    words = text.replace("\n", " ").replace("(", " ").replace(")", " ").split()
    pairs = {
        f"{baht}.{satang}"
        for baht, satang in pairwise(words)
        if len(satang) == 2 and satang.isdigit() and baht.replace(",", "").isdigit()
    }
    return pairs | set(words)


def held_against_the_lines(pdf: bytes, first: date, last: date) -> dict[str, Decimal]:
    """The main figures that the report does not show, though the lines say so: none is right."""
    shown = amounts_in(pdfium_text(pdf))
    return {
        what: amount
        for what, amount in figures_by_plain_sql(first, last).items()
        if amount and f"{abs(amount):,.2f}" not in shown
    }


def report(year: int, language: str = "th", **given) -> bytes:
    return annual_report(year, language, **{"today": TODAY, "now": NOW, "by": None, **given})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_a_closed_year_is_the_plain_sum_of_its_lines(worked, language) -> None:
    pdf = report(2562, language)
    assert held_against_the_lines(pdf, date(2019, 1, 1), date(2019, 12, 31)) == {}


def test_every_figure_of_a_running_year_is_the_plain_sum_of_its_lines(worked) -> None:
    pdf = report(2563, "en")
    assert held_against_the_lines(pdf, date(2020, 1, 1), TODAY) == {}
    assert held_against_the_lines(pdf, date(2019, 1, 1), date(2019, 12, 31)) == {}, "last year stands beside"


def test_the_pages_say_what_they_are_about(worked) -> None:
    Fund.objects.update(
        founders=[{"th": "แกนนำสมมติ", "en": "Invented founders"}],
        promoters=[{"th": "สมาคมสมมติ", "en": "Invented ass."}],
    )
    left = page_texts(report(2562, "en"))
    for wanted in (
        ["Test Community Welfare Fund", "Annual report 2562", "1 January 2562", "31 December 2562"],
        ["Founders", "Invented founders", "Invented ass.", "0.8 % of 1,000 inhabitants", "5,550.00", "1,539.50"],
        ["Joined in the founding year", "Current members", "Members in and out, by community", "Community 1"],
        ["67.0 %", "9.2 %", "18.3 %", "5.5 %"],
        ["Death", "3,000.00", "3,800.00"],
        ["Paid in against received, by community", "No community named"],
        ["For the year ended 31 December 2562", "Money carried forward", "Donations"],
        ["As at 31 December 2562", "Test Bank", "Wiang Sa", "1234", "1,539.50", "No passbook is typed"],
        ["Sources together", "Uses together", "5,550 00"],
        ["ร้านสมมติ"],
        ["Auditor", "Fingerprint of the books"],
    ):
        while left and any(words not in left[0].replace("\n", " ") for words in wanted):
            left.pop(0)
        assert left, f"{wanted[0]}: on no page behind those before it"


def test_only_who_agreed_is_named_in_the_report(worked) -> None:
    text = pdfium_text(report(2562, "en"))
    assert "ร้านสมมติ" in text
    assert "ผู้ไม่ประสงค์ออกนาม" not in text


def test_both_sets_thai_and_english_together(worked) -> None:
    text = pdfium_text(report(2562, "both"))
    for words in ("กองทุนสวัสดิการชุมชนทดสอบ", "Test Community Welfare Fund", "31 ธันวาคม 2562", "31 December 2562"):
        assert words in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_tagged_has_title_and_language_and_carries_sarabun_alone(worked, language) -> None:
    with pikepdf.open(io.BytesIO(report(2562, language))) as document:
        assert str(document.Root.Lang) == ("en" if language == "en" else "th")
        assert "/StructTreeRoot" in document.Root
        title = str(document.docinfo["/Title"])
        fonts = {str(font.BaseFont) for page in document.pages for font in page.Resources.Font.values()}
    assert ("Test Community Welfare Fund" if language == "en" else "กองทุนสวัสดิการชุมชนทดสอบ") in title
    assert {name.partition("+")[2].partition("-")[0] for name in fonts} == {"Sarabun"}


def test_every_page_is_numbered_and_says_when_it_is_provisional(worked) -> None:
    closed, running = page_texts(report(2562, "en")), page_texts(report(2563, "en"))
    for number, page in enumerate(running, start=1):
        assert f"{number}/{len(running)}" in page
        assert "Provisional: the year is not closed" in page
        assert "Demonstration data" in page
    assert not any("Provisional" in page for page in closed)


def test_a_closed_years_fingerprint_is_the_hash_of_its_closing_entry(worked) -> None:
    text = pdfium_text(report(2562, "en", by=worked.user)).replace("\n", "")
    closing = FiscalYear.objects.get(pk=2562).closing_entry
    assert f"{closing.number}:{closing.chain_hash}" in text
    kept = Fingerprint.objects.get()
    assert (kept.entry, kept.chain_hash, kept.is_provisional) == (closing, closing.chain_hash, False)
    assert (kept.paper, kept.printed_by) == ("annual-report-2562-en.pdf", worked.user)


def test_a_running_years_fingerprint_is_the_last_entrys_and_printing_twice_is_written_down_once(worked) -> None:
    head = LedgerHead.objects.get()
    for _time in range(2):
        assert f"{head.number}:{head.chain_hash}" in pdfium_text(report(2563, "en")).replace("\n", "")
    kept = Fingerprint.objects.get()
    assert (kept.entry.number, kept.chain_hash, kept.is_provisional) == (head.number, head.chain_hash, True)


def test_a_broken_tie_stops_the_report_and_nothing_is_recorded(worked) -> None:
    LedgerSum.objects.filter(account__code="4110", month=date(2019, 2, 1)).update(credit=D("3651.00"))
    with translation.override("en"), pytest.raises(DoesNotTie, match=r"a difference of 1\.00"):
        report(2562)
    assert Fingerprint.objects.count() == 0


@pytest.mark.parametrize("language", ["fr", "", "TH"])
def test_a_language_that_there_is_no_report_in_is_refused(worked, language) -> None:
    with translation.override("en"), pytest.raises(NoSuchLanguage, match="Choose th"):
        report(2562, language)


def test_a_year_without_data_is_refused(worked) -> None:
    with translation.override("en"), pytest.raises(NoSuchYear, match="The books hold nothing of the year 2600"):
        report(2600)


def test_the_drawn_report_breaks_no_language(worked) -> None:
    """Thai words in the Thai report, English in the English one, whatever language is active."""
    with translation.override("th"):
        english = draw_annual_report(2562, "en", today=TODAY)
    with translation.override("en"):
        thai = draw_annual_report(2562, "th", today=TODAY)
    assert ("Annual report 2562" in english.title, "กองทุนสวัสดิการชุมชนทดสอบ" in thai.title) == (True, True)
    assert ('lang="en"' in english.html, "31 ธันวาคม 2562" in thai.html) == (True, True)
    assert "31 ธันวาคม 2562" not in english.html


# --- the command --------------------------------------------------------------------------------------------


def test_the_command_writes_the_file(worked, tmp_path, capsys) -> None:
    path = tmp_path / "report.pdf"
    call_command("annual_report", "2562", language="en", output=path)
    assert path.read_bytes().startswith(b"%PDF")
    assert str(path) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (["2600"], "2600"),
        (["second"], "is not a year"),
        (["2562", "--language", "fr"], "Choose th"),
    ],
)
def test_the_command_refuses_in_a_sentence(worked, tmp_path, words, refusal) -> None:
    with pytest.raises(CommandError, match=refusal):
        call_command("annual_report", *words, output=tmp_path / "report.pdf")
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_which_file_cannot_be_written(worked, tmp_path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("annual_report", "2562", language="en", output=tmp_path / "nowhere" / "report.pdf")


def test_the_command_takes_thai_digits_and_needs_a_fund(db, tmp_path) -> None:
    UserFactory()
    with pytest.raises(CommandError, match="no fund yet"):
        call_command("annual_report", "๒๕๖๒", output=tmp_path / "report.pdf")
