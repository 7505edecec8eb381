"""The auditor's pack: the page of exceptions, the PDF read back, the sheets, and who may have them."""

import io
import uuid
from datetime import date
from decimal import Decimal

import pypdf
import pytest
import python_calamine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bansong_fund.lib.pdf_text import fold_sara_am
from ledger.models import Fingerprint, LedgerSum, Line
from ledger.spans import month_span
from members.models import Fund, Member
from office.jobs import result_path, run_job
from office.models import ActionLog, Job, ReadingLog
from reports.audit.exceptions import SORTS
from reports.audit.pack import NothingBooked, PackOrder, put_together
from reports.audit.registers import journal
from reports.ties import DoesNotTie
from tests.factories import MemberFactory, make_fund, make_user
from tests.pdf_reading import page_texts, silent_weasyprint  # noqa: F401 - a warning fails its test
from tests.reports.conftest import client_of
from tests.welfare.cast import Cast, assemble, fill_box, stay

D = Decimal
PAGE = "/reports/audit/"


FIRST, LATER = (date(2020, 10, 5), date(2020, 10, 8)), (date(2020, 10, 20), date(2020, 10, 22))


def paid_twice(cast: Cast, member: Member) -> None:
    """Two claims of 300 and 200 baht, paid on one day."""
    for days in (FIRST, LATER):
        cast.pay(cast.decided(member, stay(*days)))


@pytest.fixture
def cast(db) -> Cast:
    """One exception: a member was paid twice on the day on which the box was filled."""
    cast = assemble()
    fill_box()
    paid_twice(cast, cast.member)
    return cast


def test_the_page_links_to_the_things_themselves_for_who_reads_the_books(cast) -> None:
    client = client_of(cast.auditor)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        page = client.get(PAGE).content.decode()
    for address in ("/books/vouchers/2563/1/", f"{PAGE}twice-a-day/?span=fund-2563"):
        assert f'href="{address}"' in page
    for number, name in ((201, "กมล"), (202, "พรทิพย์"), (203, "ไพศาล")):
        born = date(1950, 1, number - 200)
        member = MemberFactory(first_name=name, birth_date=born, community=cast.home, number=number)
        paid_twice(cast, member)
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert (len(few), len(many)) == (len(SORTS) + 12, len(SORTS) + 12)
    listed = client.get(f"{PAGE}twice-a-day/?span=fund-2563").content.decode()
    assert [f'href="/books/vouchers/2563/{number}/"' in listed for number in range(1, 10)] == [True] * 8 + [False]
    assert client.get(f"{PAGE}nothing/").status_code == 404
    assert f'href="{PAGE}"' in client.get("/").content.decode()


def test_committee_treasurer_and_auditor_may_look_and_no_other(cast) -> None:
    users = (cast.committee, cast.treasurer, cast.leader, cast.registrar)
    for path in (PAGE, f"{PAGE}gaps/"):
        assert [client_of(user).get(path).status_code for user in users] == [200, 200, 403, 403]
    assert client_of(cast.registrar).post(PAGE, {}).status_code == 403


def made(cast: Cast, form: str, language: str) -> Job:
    asked = {"form": form, "language": language, "request_id": str(uuid.uuid4())}
    client = client_of(cast.auditor)
    for _click in range(2):
        client.post(f"{PAGE}?span=fund-2563", asked)
    job = Job.objects.get()
    run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    return job


def test_the_pdf_opens_with_the_exceptions_and_names_no_member(cast) -> None:
    job = made(cast, "pdf", "en")
    pdf = result_path(job.stored_name).read_bytes()
    pages = [fold_sara_am(text) for text in page_texts(pdf)]
    front, whole = pages[0], "\n".join(pages)
    assert (job.result_name, front.count("none")) == ("audit-pack-fund-2563-en.pdf", len(SORTS) - 1)
    place = next(number for number, text in enumerate(pages, start=1) if "member no. 101 · 2 payments" in text)
    line = " ".join(front[front.index("Receivers paid twice") :].split())
    assert line.startswith(
        f"Receivers paid twice on one day 2 500 00 Payment voucher 2563/000001, 2563/000002 {place} "
    )
    assert ("provisional" in front, cast.member.full_name in whole) == (True, False)
    assert [f"{number}/{len(pages)}" in text for number, text in enumerate(pages, start=1)] == [True] * len(pages)
    assert ["Fund year 2563 – Provisional" in text for text in pages] == [True] * len(pages)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert (reader.metadata.title, reader.trailer["/Root"]["/Lang"]) == ("Auditor's pack, Fund year 2563", "en")
    logged = ReadingLog.objects.filter(what="audit pack").values_list("subject_name", flat=True)
    assert (list(logged), Fingerprint.objects.get().paper) == ([job.result_name], job.result_name)
    assert ActionLog.objects.filter(action="books-checked").count() == 1


def test_the_sheets_hold_the_same_tables(cast) -> None:
    job = made(cast, "xlsx", "th")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(result_path(job.stored_name).read_bytes()))
    names = book.sheet_names
    assert (names[0], len(names)) == ("รายการที่ควรตรวจ", len(set(names)))
    sums = book.get_sheet_by_name(names[0]).to_python()
    tops = [book.get_sheet_by_name(name).to_python()[:5] for name in names]
    assert [any("ตัวเลขชั่วคราว" in row for row in rows) for rows in tops] == [True] * len(names)
    assert [row[2:4] for row in sums if row[2] == 2] == [[2, 500.0]]
    with translation.override("th"):
        title = next(name for name in names if name.startswith("สมุดรายวัน"))
    lines = book.get_sheet_by_name(title).to_python()
    kept = sum(LedgerSum.objects.values_list("debit", flat=True))
    assert D(str(lines[-1][6])).quantize(D("0.01")) == kept == sum(Line.objects.values_list("amount", flat=True))


def test_a_journal_that_is_not_what_the_accounts_moved_stops_the_pack(cast) -> None:
    fund = Fund.objects.get()
    order = PackOrder(month_span(date(2020, 11, 1), today=cast.today), "pdf", "th")
    pack = put_together(order, fund, today=cast.today, by=cast.auditor)
    assert next(one.rows for one in pack.sections if one.code == "journal") == Line.objects.count()
    assert list(journal(order.span, 0).rows)[-1].cells[-1] == 0
    LedgerSum.objects.filter(account__code="1010").update(debit=1)
    with translation.override("en"), pytest.raises(DoesNotTie, match="Journal"):
        put_together(order, fund, today=cast.today, by=make_user("auditor"))


def test_of_empty_books_there_is_a_page_and_no_pack(db) -> None:
    fund, auditor = make_fund(), make_user("auditor")
    answer = client_of(auditor).get(f"{PAGE}?span=fund-9999&first=1/1/2563")
    assert (answer.status_code, answer.content.decode().count(">none<")) == (200, len(SORTS))
    order = PackOrder(month_span(date(2020, 11, 1), today=fund.demo_day), "pdf", "th")
    with translation.override("en"), pytest.raises(NothingBooked, match="still empty"):
        put_together(order, fund, today=fund.demo_day, by=auditor)
