"""Bringing in a register in the browser's steps: file, columns, what would happen, written."""

import tempfile
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from bansong_fund.lib.national_id import format_masked
from bansong_fund.lib.sheet_reader import open_sheets, read_rows
from members.importing import vault
from members.importing.run import drop_old_runs
from members.models import Community, ImportRun, Member
from office.jobs import run_job
from office.models import ActionLog, Job, ReadingLog
from tests.factories import CommunityFactory, MemberFactory, make_fund, make_user
from tests.members.register_files import HEADINGS, as_csv, as_xlsx, invented_id, person

START = "/members/import/"


@pytest.fixture
def registrar(fund) -> Client:
    client = Client()
    client.force_login(make_user("registrar"))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def at_work(committed_db) -> Client:
    """A registrar of a fund whose worker writes: its progress goes through a connection beside the transaction."""
    make_fund()
    CommunityFactory(number=1)
    client = Client()
    client.force_login(make_user("registrar"))
    client.cookies["django_language"] = "en"
    return client


def hand_in(client: Client, content: bytes, name: str = "register.csv") -> HttpResponse:
    file = SimpleUploadedFile(name, content)
    return client.post(START, {"request_id": str(uuid.uuid4()), "file": file})


def columns_of(answer: HttpResponse, **changes: str) -> dict[str, str]:
    """What the page of the columns would send as it stands."""
    form = answer.context["form"]
    fields = {"request_id": str(uuid.uuid4()), "as_of_day": "1", "as_of_month": "11", "as_of_year": "2563"}
    for name in form.fields:
        value = form[name].value()
        if name not in ("request_id", "as_of", "joined_on") and value not in (None, "", False):
            fields[name] = str(value)
    return fields | changes


def work(run: ImportRun) -> ImportRun:
    """What the worker does with it."""
    run.refresh_from_db()
    run_job.call(run.job_id)
    run.refresh_from_db()
    return run


def to_shown(
    client: Client, content: bytes, name: str = "register.csv", **changes: str
) -> tuple[ImportRun, HttpResponse]:
    page = hand_in(client, content, name)["Location"]
    client.post(page, columns_of(client.get(page), **changes))
    run = work(ImportRun.objects.latest("pk"))
    return run, client.get(page)


def confirmation(answer: HttpResponse, **more: str) -> dict[str, str]:
    form = answer.context["form"]
    return {"request_id": str(uuid.uuid4()), "digest": form["digest"].value(), **more}


def test_a_register_goes_the_whole_way(at_work) -> None:
    registrar = at_work
    run, answer = to_shown(registrar, as_csv([person(7), person(8, joined_on="5/5/2640")]))
    assert (run.state, run.counts["new"], run.counts["refused"]) == ("shown", 1, 1)
    assert "The date of joining lies in the future. Correct it." in answer.content.decode()
    registrar.post(f"{START}{run.pk}/confirm/", confirmation(answer))
    run = work(run)
    assert (run.state, [member.number for member in Member.objects.all()]) == ("done", [7])
    assert ActionLog.objects.get(action="register-imported").details["new"] == 1
    assert ReadingLog.objects.filter(what="import").exists()
    page = registrar.get(f"{START}{run.pk}/")
    assert "The register is written" in page.content.decode()
    assert not vault.is_kept(run.stored_name)


# --- the file ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"   \n\n", "The file is empty"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "This is an old Excel file (.xls)"),
        ("broken.xlsx", as_xlsx(("a", [HEADINGS]))[:900], "The file is damaged"),
        ("paper.xlsx", b"%PDF-1.7 and more", "This is a PDF, not a sheet"),
    ],
)
def test_a_file_that_is_no_register_is_refused_at_its_field_and_not_kept(registrar, name, content, words) -> None:
    answer = hand_in(registrar, content, name)
    assert words in str(answer.context["form"].errors["file"])
    assert (ImportRun.objects.count(), kept_files()) == (0, [])


def kept_files() -> list[str]:
    folder = Path(settings.FILES_ROOT) / "imports"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_the_file_lies_sealed(registrar, first) -> None:
    hand_in(registrar, as_csv([person(7)]))
    contents = [path.read_bytes() for path in (Path(settings.FILES_ROOT) / "imports").iterdir()]
    assert [("สมมติสกุล".encode() in content, invented_id(7).encode() in content) for content in contents] == [
        (False, False),
        (False, False),
    ]


def test_the_same_request_takes_a_file_once(registrar, first) -> None:
    request_id = str(uuid.uuid4())
    for _click in range(2):
        file = SimpleUploadedFile("register.csv", as_csv([person(7)]))
        registrar.post(START, {"request_id": request_id, "file": file})
    assert ImportRun.objects.count() == 1


def test_the_empty_register_comes_back_as_the_program_reads_it(registrar, first) -> None:
    sheet = registrar.get(f"{START}register.xlsx").content
    run, _answer = to_shown(registrar, sheet, "register.xlsx")
    assert (run.counts["new"], run.rows.get().name) == (1, "นางสมมติ ตัวอย่าง")


# --- the columns ------------------------------------------------------------------------------------------


def test_columns_are_put_right_by_hand(registrar, first) -> None:
    content = "ก,ข,ค\nนายทดสอบ สมมติ,ชุมชนที่ 1,1/5/2560\n".encode()
    page = hand_in(registrar, content)["Location"]
    answer = registrar.get(page)
    assert [layout.left_out for layout in answer.context["form"].layouts] == [True]
    sent = {"request_id": str(uuid.uuid4()), "as_of_day": "1", "as_of_month": "11", "as_of_year": "2563"}
    named = sent | {"column_0_0": "full_name", "column_0_1": "community", "column_0_2": "joined_on"}
    registrar.post(page, named)
    run = work(ImportRun.objects.get())
    # the first line was no heading that the program knows, so it is a row, and refused
    assert (run.counts["new"], run.counts["refused"]) == (1, 1)


def test_what_is_missing_or_twice_is_said_and_what_was_chosen_stays(registrar, first) -> None:
    page = hand_in(registrar, "ชื่อ,นามสกุล\nนายทดสอบ,สมมติ\n".encode())["Location"]
    answer = registrar.post(page, columns_of(registrar.get(page), column_0_1="first_name"))
    form = answer.context["form"]
    assert {name: [str(error) for error in errors] for name, errors in form.errors.items()} == {
        "__all__": ["register: “First name” is chosen for two columns. Keep one of them."],
        "community_0": ["Say in which community the people of this sheet live."],
        "joined_on": ["No column says when people joined. Write the day that holds for all."],
    }
    assert [column.chosen for column in form.groups()[0].columns] == ["first_name", "first_name"]
    assert ImportRun.objects.get().state == "matching"


def test_ids_are_masked_among_the_examples(registrar, first) -> None:
    page = registrar.get(hand_in(registrar, as_csv([person(7)]))["Location"]).content.decode()
    assert (invented_id(7) in page, format_masked(invented_id(7)) in page) == (False, True)


# --- what would happen ------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_rows_are_shown_in_the_same_number_of_queries(registrar, first, count, django_assert_num_queries) -> None:
    for number in range(1, count + 1):
        MemberFactory(number=number, first_name=f"ทดสอบ{number}", community=first)
    run, _answer = to_shown(registrar, as_csv([person(number) for number in range(1, count + 1)]))
    registrar.get(f"{START}{run.pk}/")
    # session, user, roles, fund, run, rows, regulation, the log of readings
    with django_assert_num_queries(8):
        registrar.get(f"{START}{run.pk}/")


def test_rows_are_filtered_and_paged(registrar, first) -> None:
    rows = [person(number, community="" if number % 10 == 0 else "1") for number in range(1, 121)]
    run, answer = to_shown(registrar, as_csv(rows))
    first_page, tabs = answer.context["page"], answer.context["tabs"]
    assert (len(first_page.rows), first_page.next_after) == (50, "0-51")
    assert [(value, number) for value, _label, number in tabs] == [("", 120), ("new", 108), ("refused", 12)]
    page = registrar.get(f"{START}{run.pk}/", {"only": "refused"}).context["page"]
    assert [shown.row.line for shown in page.rows] == list(range(11, 122, 10))
    second = registrar.get(f"{START}{run.pk}/", {"after": "0-101"}).context["page"]
    assert (len(second.rows), second.next_after) == (20, "")


def test_the_refused_rows_come_back_as_they_were_with_the_reasons(registrar, first, tmp_path) -> None:
    run, _answer = to_shown(registrar, as_csv([person(7), person(8, birth_date="31/2/2518", moo="=1+1")]))
    answer = registrar.get(f"{START}{run.pk}/refused.xlsx")
    path = tmp_path / "refused.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    head, row = read_rows(path, 0)
    assert head.cells[:3] == ("Line", "Reasons", "เลขที่สมาชิก")
    assert row.cells[:5] == (
        3,
        "F3: There is no 31 February 2518: that month has 28 days.",
        "8",
        "นาง",
        "ทดสอบ8",
    )
    assert "=1+1" in row.cells
    assert ReadingLog.objects.filter(what="export", subject_kind="importrun").exists()


def test_refused_rows_of_several_sheets_come_back_under_their_own_headings(registrar, first, tmp_path) -> None:
    other = ["ลำดับ", "ชื่อ-สกุล", "วันสมัคร", "ที่อยู่ปัจจุบัน"]
    long_address = "บ้านเช่าหลังตลาด " * 12
    book = as_xlsx(
        ("ทั้งหมด", [HEADINGS, person(8, birth_date="31/2/2518")]),
        ("ชุมชนที่ 1", [other, [1, "นายเดี่ยว ใจงาม", "31/2/2558", long_address]]),
    )
    run, _answer = to_shown(registrar, book, name="register.xlsx")
    path = tmp_path / "refused.xlsx"
    path.write_bytes(b"".join(registrar.get(f"{START}{run.pk}/refused.xlsx").streaming_content))
    assert [sheet.name for sheet in open_sheets(path, file_name="")] == ["ทั้งหมด", "ชุมชนที่ 1"]
    head, row = read_rows(path, 1)
    assert head.cells == ("Line", "Reasons", *other)
    assert row.cells[2:] == ("1", "นายเดี่ยว ใจงาม", "31/2/2558", long_address)


def test_a_run_that_is_dropped_leaves_nothing_but_its_line(registrar, first) -> None:
    run, _answer = to_shown(registrar, as_csv([person(7)]))
    registrar.post(f"{START}{run.pk}/drop/")
    run.refresh_from_db()
    assert (run.state, run.rows.count(), kept_files(), Member.objects.count()) == ("dropped", 0, [], 0)
    assert "This file was dropped" in registrar.get(f"{START}{run.pk}/").content.decode()


@pytest.fixture
def own_temp(tmp_path, monkeypatch) -> Path:
    """For tests that sweep as of a later day: what lies open in the common folder belongs to tests beside them."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_nobody_confirms_is_dropped_after_a_week(registrar, first, own_temp) -> None:
    to_shown(registrar, as_csv([person(7)]))
    drop_old_runs(timezone.now() + timedelta(days=6))
    assert ImportRun.objects.get().state == "shown"
    drop_old_runs(timezone.now() + timedelta(days=8))
    assert (ImportRun.objects.get().state, kept_files()) == ("dropped", [])


def test_what_a_killed_command_left_behind_goes_after_a_day(registrar, first, own_temp) -> None:
    to_shown(registrar, as_csv([person(7)]))
    ImportRun.objects.update(state="reading", job=None)
    left, another = own_temp / f"{vault.LAID_OPEN}abc", own_temp / "another"
    for file in (left, another):
        file.write_text("เลขบัตรประชาชน")
    drop_old_runs(timezone.now() + timedelta(hours=23))
    assert (ImportRun.objects.get().state, left.exists()) == ("reading", True)
    drop_old_runs(timezone.now() + timedelta(hours=25))
    assert (ImportRun.objects.get().state, left.exists(), another.exists()) == ("matching", False, True)


def test_reading_that_is_stopped_goes_back_to_the_columns(registrar, first) -> None:
    page = hand_in(registrar, as_csv([person(7)]))["Location"]
    registrar.post(page, columns_of(registrar.get(page)))
    run = ImportRun.objects.get()
    assert run.state == "reading"
    assert b"progress" in registrar.get(page).content
    registrar.post(f"{START}{run.pk}/stop/")
    assert registrar.get(f"{START}{run.pk}/progress/")["HX-Redirect"] == page
    run.refresh_from_db()
    assert (run.state, run.rows.count()) == ("matching", 0)


def test_work_that_a_killed_worker_left_behind_is_taken_up_while_the_registrar_waits(registrar, first) -> None:
    page = hand_in(registrar, as_csv([person(7)]))["Location"]
    registrar.post(page, columns_of(registrar.get(page)))
    Job.objects.update(state="running", heartbeat_at=timezone.now() - timedelta(minutes=2))
    registrar.get(f"{page}progress/")
    assert Job.objects.get().state == "waiting"


# --- written ----------------------------------------------------------------------------------------------


def test_where_the_register_has_moved_the_rows_are_shown_anew_and_nothing_is_written(at_work) -> None:
    run, answer = to_shown(at_work, as_csv([person(7)]))
    MemberFactory(number=7, first_name="อีกคน", family_name="ไกล", birth_date=None, community=Community.objects.get())
    at_work.post(f"{START}{run.pk}/confirm/", confirmation(answer))
    run = work(run)
    assert (run.state, run.counts["new"], run.counts["refused"], Member.objects.count()) == ("shown", 0, 1, 1)
    assert "The register has changed since these rows were shown" in at_work.get(f"{START}{run.pk}/").content.decode()


def test_a_member_who_came_meanwhile_and_is_not_in_the_file_does_not_stop_it(at_work) -> None:
    run, answer = to_shown(at_work, as_csv([person(7)]))
    MemberFactory(number=99, first_name="อีกคน", birth_date=None, community=Community.objects.get())
    at_work.post(f"{START}{run.pk}/confirm/", confirmation(answer))
    assert (work(run).state, Member.objects.count()) == ("done", 2)


def test_rows_that_were_read_anew_are_not_confirmed_unseen(registrar, first) -> None:
    run, answer = to_shown(registrar, as_csv([person(7)]))
    stale = confirmation(answer) | {"digest": "0" * 64}
    page = registrar.post(f"{START}{run.pk}/confirm/", stale, follow=True)
    run.refresh_from_db()
    assert run.state == "shown"
    assert "These rows were read anew meanwhile" in page.content.decode()


def test_a_second_click_confirms_once(registrar, first) -> None:
    run, answer = to_shown(registrar, as_csv([person(7)]))
    twice = confirmation(answer)
    for _click in range(2):
        registrar.post(f"{START}{run.pk}/confirm/", twice)
    assert Job.objects.filter(kind="import-write").count() == 1


@pytest.mark.parametrize("role", ["leader", "committee", "treasurer", "auditor", "administrator"])
def test_nobody_but_a_registrar_brings_in_a_register(fund, role) -> None:
    client = Client()
    client.force_login(make_user(role))
    assert client.get(START).status_code == 403
