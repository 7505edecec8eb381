"""The papers that go out as a treasurer meets them: on which days they open, and where what is open is written down."""

from members.models import Fund
from reports.funders.periods import day_period
from tests.factories import make_user
from tests.reports.conftest import TODAY, client_of
from tests.reports.test_funders import drawn


def test_what_a_report_is_due_of_is_shown_first_and_the_running_days_can_be_chosen(fund) -> None:
    client = client_of(make_user("treasurer"))
    due = {"municipality": "fiscal-2563", "province": "quarter-2563-4", "provincial-office": "calendar-2562"}
    for code, value in due.items():
        asked = client.get(f"/funders/{code}/").context["asked"]
        assert (asked.period.value, asked.offered[0].has_run_out) == (value, False)


def test_what_is_open_leads_to_the_page_on_which_it_is_written_down(fund) -> None:
    Fund.objects.update(address="", phone="")
    both = client_of(make_user("treasurer", "administrator")).get("/funders/codi-status/").content.decode()
    for address in ("/settings/", "/committee/", "/settings/named/founders/"):
        assert f'<a href="{address}">Still open: fill it in here' in both, address
    alone = client_of(make_user("treasurer")).get("/funders/codi-status/").content.decode()
    assert 'href="/settings/' not in alone
    assert alone.count("Still open: the administrator writes it in the settings") >= 2


def test_codis_form_names_its_rules_and_the_basis_of_the_dues_where_the_form_asks(fund) -> None:
    paper = drawn("codi-status", day_period(TODAY))
    asked = {one.label.en: part.number for part in paper.sections for block in part.blocks for one in block.facts}
    places = [asked[what] for what in ("A member pays", "Kinds of welfare in the regulation", "Regulation in force")]
    assert places == [4, 5, 9]
