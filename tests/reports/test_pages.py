"""The fund at a glance, the page of reports, and who may open which."""

import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from members.models import Community
from office.jobs import run_job
from office.models import Job
from office.roles import Role
from reports.funders.papers import PAPERS
from tests.factories import CommunityFactory, MemberFactory, make_user
from tests.pdf_reading import pdfium_text, silent_weasyprint  # noqa: F401
from tests.reports.conftest import client_of

D = Decimal
GLANCE = "/glance/"
REPORTS = "/reports/"


@pytest.fixture
def committee(worked):
    return client_of(make_user("committee"))


def test_the_newest_year_is_shown_first_and_marked_as_provisional(committee) -> None:
    answer = committee.get(GLANCE)
    glance = answer.context["glance"]
    assert (glance.year.year_be, glance.before.year_be) == (2563, 2562)
    assert [year.year_be for year in answer.context["years"]] == [2563, 2562]
    assert "Provisional figures up to 1 November 2563" in answer.content.decode()


def test_another_year_is_chosen(committee) -> None:
    answer = committee.get(GLANCE, {"year": "2562"})
    glance = answer.context["glance"]
    assert ([leg.this for leg in glance.legs], glance.money, glance.members) == (
        [D("3650.00"), D("500.00"), D("1000.00"), D("300.00")],
        D("1539.50"),
        8,
    )
    page = answer.content.decode()
    assert "Provisional" not in page
    for figure in ("3,650.00", "67.0%", "3,800.00", "1,539.50"):
        assert figure in page


@pytest.mark.parametrize("asked", ["2540", "-1", "x", "99999999999999999999"])
def test_a_year_that_is_not_there_shows_the_newest(committee, asked) -> None:
    assert committee.get(GLANCE, {"year": asked}).context["glance"].year.year_be == 2563


def test_each_chart_has_its_table(committee) -> None:
    page = committee.get(GLANCE).content.decode()
    assert [page.count(f'class="chart chart-{kind}') for kind in ("stacks", "grouped", "bars", "pyramid", "line")] == [
        *(1, 1, 2, 1, 1)
    ]
    assert page.count('<table class="chart-figures') == 2  # of stacks and line; the others are tables themselves


def test_empty_books_are_told(fund) -> None:
    committee = client_of(make_user("committee"))
    for address in (GLANCE, REPORTS):
        assert b"The books are still empty" in committee.get(address).content


@pytest.mark.parametrize("more", [1, 3])
def test_the_glance_takes_as_many_queries_for_one_community_as_for_three(
    worked, more, django_assert_num_queries
) -> None:
    for n in range(more):
        MemberFactory(number=900 + n, community=CommunityFactory(number=90 + n))
    client = client_of(make_user("committee"))
    with django_assert_num_queries(15):
        client.get(GLANCE)
    assert Community.objects.count() == 2 + more


def test_every_paper_is_two_taps_from_the_treasurers_home(worked) -> None:
    client = client_of(make_user("treasurer"))
    assert f'href="{REPORTS}"' in client.get("/").content.decode()
    page = client.get(REPORTS).content.decode()
    papers = [
        *("/reports/2563/words/", "/reports/2563/assembly/", "/committee/"),
        *("/month-report/", "/notice-board/", "/community-report/"),
        *(f"/funders/{code}/" for code in PAPERS),
        *("/member-statements/", "/money-in/contributors/year/", "/member-counts/"),
        *("/reports/span/", "/reports/audit/", "/books/", "/jobs/"),
    ]
    assert [address for address in papers if f'href="{address}"' not in page] == []


def asked(**fields: object) -> dict[str, object]:
    return {"year": 2562, "language": "en", "request_id": uuid.uuid4(), **fields}


def test_a_report_is_made_by_the_worker_and_downloaded(committee) -> None:
    answer = committee.post(REPORTS, asked())
    job = Job.objects.get()
    assert answer.url == reverse("office:job", args=[job.pk])
    run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error, job.result_name) == ("done", "", "annual-report-2562-en.pdf")
    result = committee.get(reverse("office:job_result", args=[job.pk]))
    assert "Annual report 2562" in pdfium_text(b"".join(result.streaming_content))
    assert "annual-report-2562-en.pdf" in committee.get(REPORTS).content.decode()


def test_the_same_request_starts_one_report(committee) -> None:
    data = asked()
    committee.post(REPORTS, data)
    committee.post(REPORTS, data)
    assert Job.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"year": 2500}, {"language": "fr"}, {"year": ""}])
def test_a_year_or_language_that_does_not_exist_is_told_at_the_field(committee, wrong) -> None:
    answer = committee.post(REPORTS, asked(**wrong))
    assert (answer.status_code, Job.objects.count()) == (200, 0)
    assert set(answer.context["form"].errors) == set(wrong)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_reports_takes_as_many_queries_with_one_report_as_with_three(
    worked, rows, django_assert_num_queries
) -> None:
    user = make_user("committee")
    for _n in range(rows):
        Job.objects.create(kind="annual-report", requested_by=user, parameters={"year": 2562})
    client = client_of(user)
    with django_assert_num_queries(6):
        client.get(REPORTS)


MAY = {
    "/": set(Role.values),
    "/care/": {"leader", "registrar", "committee", "auditor"},
    GLANCE: {"leader", "registrar", "committee", "treasurer", "auditor"},
    REPORTS: {"registrar", "committee", "treasurer", "auditor"},
    "/check-books/result/": {"committee", "treasurer", "auditor"},
    "/settings/": {"administrator"},
    "/settings/bank/": {"administrator"},
}


@pytest.mark.parametrize("address", MAY)
def test_each_page_opens_for_its_roles_and_for_no_other(worked, address) -> None:
    opened = {role for role in Role.values if client_of(make_user(role)).get(address).status_code == 200}
    refused = {role for role in Role.values if client_of(make_user(role)).get(address).status_code == 403}
    assert (opened, refused) == (MAY[address], set(Role.values) - MAY[address])


def test_a_user_sees_her_own_reports_only(worked) -> None:
    other = make_user("committee")
    Job.objects.create(kind="annual-report", requested_by=other, parameters={"year": 2562}, result_name="other.pdf")
    assert b"other.pdf" not in client_of(make_user("committee")).get(REPORTS).content
