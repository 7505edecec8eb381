"""The register narrowed and handed out: the screen, the sheet, the text file and the paper say the same."""

import csv
import io
import uuid
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from bansong_fund.lib.national_id import encrypt_id, id_digest, with_check_digit
from members import exports
from members.filters import MemberFilter
from members.lists import PAGE_SIZE, count_current
from members.models import EndReason, GroupFlag, Member, MemberCount, Membership
from office.jobs import run_job
from office.models import Job, ReadingLog
from tests.factories import TODAY, HouseholdFactory, MemberFactory, make_user
from tests.pdf_reading import pdfium_text, silent_weasyprint  # noqa: F401 - a warning fails the test

AN_ID = with_check_digit("100123456789")
HOSTILE = ["=HYPERLINK(1)", "+cmd|calc", "@SUM(A1)", "-2+3", "\tก", "<script>"]


def client_of(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def registrar(fund) -> Client:
    return client_of(make_user("registrar"))


def numbers(response) -> list[int]:
    return [row.member.number for row in response.context["page"].rows]


def listed(client: Client, **asked: object) -> list[int]:
    return numbers(client.get(reverse("members:list"), asked))


def former(number: int, reason: str, ended_on: date = date(2020, 3, 1), **fields: object) -> Member:
    member = MemberFactory(number=number, **fields)
    member.memberships.update(ended_on=ended_on, end_reason=reason)
    return member


# --- what narrows it --------------------------------------------------------------------------------------


def test_each_reason_of_ending_has_its_list_and_the_last_one_counts(registrar, first) -> None:
    MemberFactory(number=1, community=first)
    for number, reason in enumerate(EndReason.values, start=2):
        former(number, reason, community=first)
    back = former(6, "resigned", date(2017, 1, 1), community=first)
    Membership.objects.create(member=back, joined_on=date(2018, 1, 1), paid_through=date(2020, 12, 31))
    dead = former(7, "resigned", date(2017, 1, 1), community=first)
    again = {"joined_on": date(2018, 1, 1), "paid_through": date(2019, 12, 31)}
    Membership.objects.create(member=dead, ended_on=date(2020, 1, 1), end_reason="died", **again)
    found = {f"ended-{reason}": listed(registrar, standing=f"ended-{reason}") for reason in EndReason.values}
    assert found == {"ended-died": [2, 7], "ended-resigned": [3], "ended-moved": [4], "ended-lapsed": [5]}
    assert listed(registrar, standing="lapsed") == [2, 3, 4, 5, 7]
    assert listed(registrar) == [1, 6]
    assert listed(registrar, standing="all") == [1, 2, 3, 4, 5, 6, 7]


def test_members_due_to_lapse_are_a_part_of_the_suspended(registrar, first) -> None:
    for number, paid_through in enumerate([date(2020, 8, 1), date(2019, 11, 2), date(2019, 11, 1)], start=1):
        MemberFactory(number=number, community=first, paid_through=paid_through)
    assert listed(registrar, standing="suspended") == [1, 2, 3]
    assert listed(registrar, standing="due") == [3]
    with translation.override("en"):
        shown = [row.standing_name for row in registrar.get(reverse("members:list")).context["page"].rows]
    assert shown == ["Rights suspended", "Rights suspended", "Rights suspended, due to lapse"]


def test_types_are_those_of_the_counts_with_the_funds_own_ages(registrar, fund, first) -> None:
    births = [date(1950, 1, 1), date(2010, 1, 1), date(1980, 1, 1), date(1950, 1, 1), date(2010, 1, 1)]
    people = [MemberFactory(number=n, community=first, birth_date=born) for n, born in enumerate(births, start=1)]
    GroupFlag.objects.create(member=people[3], group="disabled", since=date(2015, 1, 1))
    GroupFlag.objects.create(member=people[4], group="disadvantaged", since=date(2015, 1, 1))
    MemberFactory(number=6, community=first, birth_date=None)
    kinds = ("general", "child", "elderly", "disadvantaged", "disabled")
    assert [listed(registrar, type=kind) for kind in kinds] == [[3, 6], [2], [1], [5], [4]]
    fund.elderly_from_age, fund.child_under_age = 40, 10
    fund.save()
    assert [listed(registrar, type=kind) for kind in kinds] == [[2, 6], [], [1, 3], [5], [4]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"age_from": "60"}, [1]),
        ({"age_from": "๖๐"}, [1]),
        ({"age_to": "59"}, [2, 3]),
        ({"age_from": "18", "age_to": "59"}, [2]),
        ({"age_from": "0", "age_to": "0"}, [3]),
        ({"age_from": "sixty"}, [1, 2, 3, 4]),
        ({"age_from": "61"}, []),
    ],
)
def test_ages_are_full_years_today(registrar, first, asked, found) -> None:
    for number, born in enumerate([date(1960, 11, 1), date(1960, 11, 2), date(2019, 11, 2), None], start=1):
        MemberFactory(number=number, community=first, birth_date=born)
    assert listed(registrar, **asked) == found


def test_filters_combine_with_each_other_and_with_the_search(registrar, first, second) -> None:
    for number, (sex, community, name) in enumerate(
        [("f", first, "สมหญิง"), ("m", first, "สมชาย"), ("f", second, "สมใจ"), ("f", first, "อารี")], start=1
    ):
        MemberFactory(number=number, sex=sex, community=community, first_name=name, family_name="ใจดี")
    former(5, "died", community=first, first_name="สมพร", family_name="ใจดี")
    assert listed(registrar, q="สม", sex="f", community=1) == [5, 1]
    assert listed(registrar, q="สม", sex="f", community=1, standing="good") == [1]
    assert listed(registrar, q="5") == [5]


def test_the_standing_says_whom_a_text_finds(fund, first) -> None:
    here, gone = MemberFactory(community=first, first_name="สมศรี"), MemberFactory(community=first, first_name="สมชาย")
    gone.memberships.update(ended_on=TODAY, end_reason=EndReason.MOVED)
    registrar = client_of(make_user("registrar"))

    def found(**asked: str) -> tuple[set[int], str]:
        page = registrar.get(reverse("members:list"), asked).context
        field = page["filter"].form["standing"]
        with translation.override("en"):
            said = str(dict(field.field.choices)[field.value() or ""])
        return {row.member.number for row in page["page"].rows}, said

    both, current = ({here.number, gone.number}, "Current and former members"), ({here.number}, "Current members")
    assert [found(), found(standing="current"), found(q="สม", standing="current")] == [current] * 3
    assert [found(q="สม"), found(q="สม", standing="all"), found(standing="all")] == [both] * 3


def test_the_number_typed_leads_the_first_page_and_stands_on_no_other(registrar, first) -> None:
    house = HouseholdFactory(community=first, house_number="900")
    for number in range(1, PAGE_SIZE + 3):
        MemberFactory(number=number, first_name=f"ก{number:03d}", household=house, community=first)
    MemberFactory(number=900, first_name="ฮวด", community=first)
    page = registrar.get(reverse("members:list"), {"q": "900"})
    assert numbers(page) == [900, *range(1, PAGE_SIZE)]
    assert listed(registrar, q="900", after=page.context["page"].next_after) == [50, 51, 52]


# --- how many ---------------------------------------------------------------------------------------------


def test_the_number_of_members_is_exact_up_to_a_thousand_and_kept_for_whole_communities(
    fund, first, second, monkeypatch
) -> None:
    registrar = make_user("registrar")
    for number in range(1, 4):
        MemberFactory(number=number, community=first)
    MemberCount.objects.filter(community=first).update(current=3)
    MemberCount.objects.filter(community=second).update(current=4115)

    def said(**asked: str) -> str:
        with translation.override("en"):
            return str(MemberFilter(asked, user=registrar, today=TODAY, fund=fund).count())

    assert [said(), said(community="1"), said(q="1")] == ["4,118 members", "3 members", "1 member"]
    monkeypatch.setattr("members.lists.COUNTED_UP_TO", 2)
    assert said(standing="good") == "More than 2 members"
    assert count_current(make_user("leader", community=first)).number == 3


def test_a_list_of_one_page_is_counted_by_its_rows(registrar, first) -> None:
    for number in range(1, PAGE_SIZE + 1):
        MemberFactory(number=number, community=first)
    assert registrar.get(reverse("members:list")).context["found"].number == PAGE_SIZE
    MemberFactory(number=900, community=first)
    pages = [registrar.get(reverse("members:list"), {"standing": "good", "after": after}) for after in ("", "50")]
    assert [page.context["found"].number for page in pages] == [PAGE_SIZE + 1] * 2


# --- files ------------------------------------------------------------------------------------------------


@pytest.fixture
def two_communities(first, second) -> None:
    """Five members with everything that a row can hold, some of it hostile."""
    house = HouseholdFactory(community=first, house_number="12/3", moo="4")
    sealed = {"national_id_encrypted": encrypt_id(AN_ID), "national_id_digest": id_digest(AN_ID)}
    MemberFactory(number=1, first_name="สมหญิง", nickname="หญิง", household=house, community=first, **sealed)
    MemberFactory(number=2, first_name="=HYPERLINK(1)", family_name="+cmd|calc", nickname="@SUM(A1)", community=first)
    MemberFactory(number=3, first_name="แก้ว", family_name="น้ำใส", phone="0812345678", birth_date=None, community=second)
    MemberFactory(number=4, first_name="-2+3", title="<b>นาย", community=second)
    former(5, "died", community=first, first_name="ไกล")


def download(client: Client, kind: str, **asked: str) -> bytes:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    response = client.post(f"{reverse('members:export', args=[kind])}?{query}", {"request_id": str(uuid.uuid4())})
    assert response.status_code == 200, response
    assert response["Content-Disposition"].endswith(f'.{kind}"')
    return response.content


def sheet(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def text_file(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


ASKED = [{}, {"q": "=HYPERLINK"}, {"community": "2"}, {"standing": "all"}, {"q": "12/3"}, {"sex": "m"}]


@pytest.mark.parametrize("asked", ASKED)
def test_screen_sheet_text_file_and_paper_hold_the_same_members_in_the_same_order(
    registrar, two_communities, asked
) -> None:
    on_screen = listed(registrar, **asked)
    in_sheet = [int(row[0]) for row in sheet(download(registrar, "xlsx", **asked))[4:]]
    in_text = [int(row[0]) for row in text_file(download(registrar, "csv", **asked))[1:]]
    assert (in_sheet, in_text) == (on_screen, on_screen)


def test_the_paper_holds_the_rows_of_the_screen(fund, two_communities) -> None:
    narrowed = MemberFilter({"standing": "all"}, user=make_user("auditor"), today=TODAY, fund=fund)
    with translation.override("en"):
        rows = list(exports.rows_of(narrowed.qs, today=TODAY, rules=narrowed.rules, fund=fund))
        cells = [exports.paper_cells(row) for row in rows]
        pdf = exports.make_file(narrowed, "pdf").content
    text = pdfium_text(pdf)
    places = [text.index(row.member.first_name) for row in rows]
    assert [row[0] for row in cells] == [str(row.member.number) for row in rows]
    assert "Standing: Current and former members" in text
    assert "1-0012-XXXXX-XX" in text.replace("\n", "")
    assert places == sorted(places)


def test_a_row_says_what_the_page_says_and_masks_the_id(registrar, two_communities) -> None:
    (row,) = sheet(download(registrar, "xlsx", q="สมหญิง"))[4:]
    assert row == [
        *(1.0, "นาง", "สมหญิง", "สมมติสกุล", "หญิง", f"1-0012-XXXXX-XX-{AN_ID[-1]}", "Female", "12/3", "4", ""),
        *("Community 1", "General", 45.0, date(2015, 1, 1), date(2020, 12, 31), "Paid up"),
    ]


def test_cells_that_begin_like_a_formula_run_in_no_file(registrar, two_communities) -> None:
    page = registrar.get(reverse("members:list")).content.decode()
    book, text = download(registrar, "xlsx", standing="all"), text_file(download(registrar, "csv", standing="all"))
    cells = {cell for row in text for cell in row}
    assert "<b>นาย" not in page
    assert {"'=HYPERLINK(1)", "'+cmd|calc", "'@SUM(A1)", "'-2+3"} <= cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "-"))]
    assert next(row[2:5] for row in sheet(book) if row[0] == 2) == ["=HYPERLINK(1)", "+cmd|calc", "@SUM(A1)"]
    assert b"<f>" not in book


def test_every_download_is_logged_with_what_was_asked_and_no_whole_id(registrar, two_communities) -> None:
    download(registrar, "csv", community="1", standing="all")
    download(registrar, "xlsx", q=AN_ID)
    reasons = list(ReadingLog.objects.order_by("id").values_list("what", "reason"))
    shown = f"1-0012-XXXXX-XX-{AN_ID[-1]}"
    assert reasons == [
        ("export", "CSV · Community: Community 1 · Standing: Current and former members"),
        ("export", f"XLSX · Name, number, ID, phone or house: {shown}"),
    ]


def test_a_leader_takes_her_own_communities_home_and_no_other(two_communities, first) -> None:
    leader = client_of(make_user("leader", community=first))
    assert [row[0] for row in text_file(download(leader, "csv", standing="all"))[1:]] == ["2", "5", "1"]
    assert [row[0] for row in text_file(download(leader, "csv", community="2"))[1:]] == ["2", "1"]
    assert text_file(download(leader, "csv", q="3"))[1:] == []


def test_an_unknown_kind_of_file_is_not_found_and_a_get_changes_nothing(registrar) -> None:
    assert registrar.post(reverse("members:export", args=["exe"]), {"request_id": uuid.uuid4()}).status_code == 404
    assert registrar.get(reverse("members:export", args=["csv"])).status_code == 405
    assert client_of(make_user("administrator")).post(reverse("members:export", args=["csv"])).status_code == 403


def test_a_button_whose_mark_was_lost_leads_back_to_the_list(registrar) -> None:
    response = registrar.post(f"{reverse('members:export', args=['csv'])}?q=สม", {"request_id": "lost"})
    assert (response.status_code, response["Location"].startswith("/members/?q=")) == (302, True)
    assert ReadingLog.objects.count() == 0


@pytest.mark.parametrize("kind", ["xlsx", "csv", "pdf"])
def test_a_long_list_comes_from_the_worker_with_its_progress(registrar, two_communities, monkeypatch, kind) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", dict.fromkeys(exports.AT_ONCE, 1))
    monkeypatch.setattr(exports, "ROWS_OF_A_PART", 2)
    address, button = f"{reverse('members:export', args=[kind])}?standing=all", {"request_id": str(uuid.uuid4())}
    for _click in range(2):
        response = registrar.post(address, button)
    job = Job.objects.get()
    assert (response.status_code, response["Location"]) == (302, reverse("office:job", args=[job.pk]))
    run_job.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.error) == ("done", 5, 5, "")
    result = registrar.get(reverse("office:job_result", args=[job.pk]))
    content = b"".join(result.streaming_content)
    if kind == "pdf":
        text = pdfium_text(content)
        assert [f"part {part} of 3" in text for part in (1, 2, 3)] == [True] * 3
    else:
        rows = sheet(content)[4:] if kind == "xlsx" else text_file(content)[1:]
        assert [int(row[0]) for row in rows] == listed(registrar, standing="all")


def test_a_paper_of_too_many_is_refused_with_what_to_do(fund, two_communities, monkeypatch) -> None:
    monkeypatch.setattr(exports, "MOST_ON_PAPER", 3)
    narrowed = MemberFilter({}, user=make_user("registrar"), today=TODAY, fund=fund)
    with translation.override("en"), pytest.raises(exports.TooLongForPaper, match="at most 3 members"):
        exports.make_file(narrowed, "pdf")


@pytest.mark.parametrize("count", [1, 3])
def test_a_file_takes_as_many_queries_for_one_row_as_for_three(fund, first, count, django_assert_num_queries) -> None:
    for number in range(1, count + 1):
        MemberFactory(number=number, community=first)
    user = make_user("registrar")
    # roles, regulation, communities; then members (with house and community) and their memberships
    with django_assert_num_queries(5):
        exports.make_file(MemberFilter({}, user=user, today=TODAY, fund=fund), "csv")
