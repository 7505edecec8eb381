"""The papers of the annual general meeting: one PDF, in order, its pages numbered through, made on the worker."""

import io
import uuid
from datetime import date

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bansong_fund.lib.papers import Words
from ledger.models import Fingerprint
from members.models import Meeting
from office.jobs import JobRun, result_path
from office.models import Job, ReadingLog
from reports.annual_report import DrawnReport
from reports.assembly import PackOrder, agenda_items, attending, pack_papers
from reports.assembly_jobs import make_assembly_pack
from reports.years import report_year
from tests.factories import make_user
from tests.papers.structure import faults_of
from tests.pdf_reading import page_texts, silent_weasyprint  # noqa: F401
from tests.reports.conftest import NOW, TODAY, client_of

PATH = "/reports/2562/assembly/"


def made(by, **asked) -> bytes:
    """What the worker makes of an order."""
    parameters = {"year": 2562, "paper_language": "en", "attendance": "names", "lines": 0} | asked
    about = {"kind": "assembly-pack", "requested_by": by, "requested_at": NOW, "state": "running"}
    job = Job.objects.create(parameters=parameters, heartbeat_at=NOW, **about)
    make_assembly_pack(JobRun(job))
    job.refresh_from_db()
    assert (job.done, job.result_name) == (job.total, f"assembly-2562-{parameters['paper_language']}.pdf")
    return result_path(job.stored_name).read_bytes()


def test_agenda_report_and_attendance_sheet_come_in_order_numbered_through(worked) -> None:
    Meeting.objects.create(kind="general", number=1, year_be=2563, held_on=date(2020, 3, 21), place="ศาลาประชาคม")
    pdf = made(make_user("committee"))
    pages = [" ".join(text.split()) for text in page_texts(pdf)]
    assert [f"Page {number}/{len(pages)}" in page for number, page in enumerate(pages, start=1)] == [True] * len(pages)
    assert pages[0].count("Page") == 1, "no part counts its own pages"
    assert [words for words in ("No. 1/2563, on 21 March 2563", "ศาลาประชาคม") if words in pages[0]] == [
        "No. 1/2563, on 21 March 2563",
        "ศาลาประชาคม",
    ]
    assert "Annual report 2562" in pages[1]
    sheets = [page for page in pages if "Signature Attendance sheet" in page or "Member no. Name Signature" in page]
    assert ["Community 1" in sheets[0], "Community 2" in sheets[1], len(sheets)] == [True, True, 2]
    assert [sheet.count("สมมติ") for sheet in sheets] != [0, 0]
    assert faults_of(pdf, language="en") == []
    assert Fingerprint.objects.filter(paper="assembly-2562-en.pdf").count() == 1


def test_a_sheet_of_blank_lines_names_nobody_and_none_may_be_left_out(worked) -> None:
    report = DrawnReport("<html></html>", "", "th", None, report_year(2562, today=TODAY), {})
    papers = list(pack_papers(PackOrder(2562, "en", "blank", 305), report, worked.fund))
    assert [paper.count for paper in papers] == [1, 1, 300, 5]
    assert ("305" in papers[-1].html, "Community 1" in papers[-2].html + papers[-1].html) == (True, False)
    assert len(list(pack_papers(PackOrder(2562, "en", "none"), report, worked.fund))) == 2


def test_the_page_starts_the_work_once_and_writes_down_who_had_the_names(worked, first) -> None:
    treasurer = make_user("treasurer")
    client = client_of(treasurer)
    assert "No general meeting is planned yet" in client.get(PATH).content.decode()
    typed = {"language": "both", "attendance": "names", "lines": "", "request_id": str(uuid.uuid4())}
    for _click in range(2):
        answer = client.post(PATH, typed)
    job = Job.objects.get()
    assert answer.headers["Location"] == reverse("office:job", args=[job.pk])
    asked = {name: job.parameters[name] for name in ("year", "paper_language", "attendance")}
    assert asked == {"year": 2562, "paper_language": "both", "attendance": "names"}
    assert {line.what for line in ReadingLog.objects.all()} == {"attendance sheet"}
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{PATH}attendance.xlsx").content))
    names = [row[3] for row in sheet.get_sheet_by_index(0).to_python()[-9:]]
    assert names == [member.full_name for member in attending()]
    wrong = client.post(PATH, typed | {"attendance": "blank", "language": "xx"})
    assert sorted(wrong.context["form"].errors) == ["language", "lines"]
    assert client_of(make_user("leader", community=first)).get(PATH).status_code == 403


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Words("ก\n\n ข ", "a\nb"), [Words("ก", "a"), Words("ข", "b")]),
        (Words("ก\nข", "a"), [Words("ก"), Words("ข")]),
        (Words("", "a"), [Words("a", "a")]),
    ],
)
def test_an_own_agenda_stands_in_place_of_the_usual_one(said, expected) -> None:
    assert agenda_items(said, 2562) == expected
    assert len(agenda_items(Words(""), 2562)) == 8
