"""A fund in an empty database: the first steps, and the settings afterwards."""

from dataclasses import replace
from datetime import date

import pytest

from bansong_fund.lib.national_id import with_check_digit
from ledger.models import Account, AccountRole, FiscalYear, LedgerHead
from members.models import Community, Fund, MemberCount, Regulation
from office.models import ActionLog
from reports.founding import (
    BankFacts,
    FundExists,
    FundFacts,
    ResolutionNeeded,
    WrongFoundingDay,
    change_fund,
    default_regulation,
    found_fund,
)
from tests.factories import MemberFactory, make_fund, make_user
from tests.reports.conftest import NOW, TODAY, client_of

FACTS = FundFacts("กองทุนสมมติ", "Invented Fund", date(2015, 4, 1))
BANK = BankFacts("ออมทรัพย์", "Savings", "ธนาคารสมมติ", "Invented Bank", "เวียงสระ", "Wiang Sa", "0042")


def found(**given) -> Fund:
    facts = {"facts": FACTS, "communities": 3, "banks": [BANK], "by": None, "today": TODAY, "now": NOW}
    return found_fund(**facts | given)


def test_a_fund_is_founded_with_communities_books_and_a_year(db) -> None:
    fund = found(regulation=default_regulation(FACTS))
    assert (fund.pk, fund.controls, fund.is_demo) == (1, "small", False)
    assert list(Community.objects.values_list("number", "name_th")) == [
        (1, "ชุมชนที่ 1"),
        (2, "ชุมชนที่ 2"),
        (3, "ชุมชนที่ 3"),
    ]
    assert MemberCount.objects.count() == 3
    assert Account.objects.get(role=AccountRole.BANK).last_digits == "0042"
    assert (LedgerHead.objects.get().number, FiscalYear.objects.get().year_be) == (0, 2563)
    regulation = Regulation.objects.get()
    assert regulation.name_th == f"ระเบียบ{FACTS.name_th} (ฉบับตั้งต้น)"
    assert (regulation.name_en, regulation.effective_from) == (
        f"Regulation of {FACTS.name_en} (provisional)",
        FACTS.founded_on,
    )


def test_the_first_regulation_takes_any_name_and_its_own_day(db) -> None:
    facts = replace(FACTS, name_th='กองทุน "ข้าว: ปลา" # 1', name_en="", founded_on=date(2019, 2, 3))
    found(facts=facts, regulation=default_regulation(facts))
    regulation = Regulation.objects.get()
    assert (regulation.name_th, regulation.effective_from) == (f"ระเบียบ{facts.name_th} (ฉบับตั้งต้น)", facts.founded_on)


def test_a_second_fund_is_refused(db) -> None:
    found()
    with pytest.raises(FundExists):
        found()


def test_a_fund_of_tomorrow_is_refused_at_its_field(db) -> None:
    with pytest.raises(WrongFoundingDay) as refusal:
        found(facts=FundFacts("ก", "", date(2020, 11, 2)))
    assert (refusal.value.field, Fund.objects.count()) == ("founded_on", 0)


# --- the first steps, in the browser ------------------------------------------------------------------------


def typed(**changes: str) -> dict[str, str]:
    bank = {f"banks-0-{name}": getattr(BANK, name) for name in BankFacts.__dataclass_fields__}
    return {
        "name_th": "กองทุนสมมติ",
        "name_en": "Invented Fund",
        "founded_on_day": "1",
        "founded_on_month": "4",
        "founded_on_year": "2558",
        "communities": "17",
        "fund_year_start_month": "1",
        "population": "17539",
        "with_regulation": "on",
        "banks-TOTAL_FORMS": "2",
        "banks-INITIAL_FORMS": "0",
        **bank,
        **changes,
    }


def test_without_a_fund_the_administrator_is_led_to_the_first_steps_and_others_wait(db) -> None:
    assert client_of(make_user("administrator")).get("/").url == "/first-steps/"
    answer = client_of(make_user("treasurer")).get("/")
    assert (answer.status_code, b"The fund has not been set up." in answer.content) == (200, True)


def test_the_first_steps_found_the_fund(db) -> None:
    administrator = make_user("administrator")
    answer = client_of(administrator).post("/first-steps/", typed())
    assert (answer.status_code, getattr(answer, "url", "")) == (302, "/opening/"), answer.context["form"].errors
    fund = Fund.objects.get()
    assert (fund.name_en, fund.founded_on, fund.population) == ("Invented Fund", date(2015, 4, 1), 17539)
    assert (Community.objects.count(), Regulation.objects.count()) == (17, 1)
    assert ActionLog.objects.get(action="fund-founded").user == administrator


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name_th": ""}, "name_th"),
        ({"founded_on_year": "2015"}, "founded_on"),
        ({"founded_on_year": "2799"}, "founded_on"),
        ({"communities": "0"}, "communities"),
        ({"communities": "201"}, "communities"),
        ({"population": "-5"}, "population"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(db, changes, field) -> None:
    answer = client_of(make_user("administrator")).post("/first-steps/", typed(**changes))
    assert (set(answer.context["form"].errors), Fund.objects.count()) == ({field}, 0)
    assert "Invented Bank" in answer.content.decode()


def test_half_an_account_is_told_at_its_fields(db) -> None:
    answer = client_of(make_user("administrator")).post("/first-steps/", typed(**{"banks-1-name_th": "ฝากประจำ"}))
    assert set(answer.context["banks"].forms[1].errors) == {"bank_th", "last_digits"}
    assert Fund.objects.count() == 0


def test_a_founded_fund_has_no_first_steps_any_more(fund) -> None:
    assert client_of(make_user("administrator")).get("/first-steps/").url == "/settings/"


# --- the settings -------------------------------------------------------------------------------------------


def settings_of(fund: Fund, **changes: str) -> dict[str, str]:
    names = ("name_th", "name_en", "area_th", "area_en", "address", "phone", "tax_id", "population", "controls")
    about_members = ("year_only_births", "lapse_notice_days", "child_under_age", "elderly_from_age")
    about_books = ("administration_percent", "administration_base", "fund_year_start_month")
    return {name: str(getattr(fund, name) or "") for name in (*names, *about_members, *about_books)} | changes


def test_only_what_changed_is_logged(fund) -> None:
    administrator = make_user("administrator")
    answer = client_of(administrator).post("/settings/", settings_of(fund, area_en="Wiang Sa"))
    assert answer.url == "/settings/"
    line = ActionLog.objects.get(action="fund-changed")
    assert (line.user, line.details["before"], line.details["after"]) == (
        administrator,
        {"area_en": ""},
        {"area_en": "Wiang Sa"},
    )


def test_controls_change_by_a_resolution_only(fund) -> None:
    client = client_of(make_user("administrator"))
    answer = client.post("/settings/", settings_of(fund, controls="strict"))
    assert set(answer.context["form"].errors) == {"resolution"}
    fund.refresh_from_db()
    assert fund.controls == "standard"
    client.post("/settings/", settings_of(fund, controls="strict", resolution="3/2563 (2)"))
    fund.refresh_from_db()
    assert (fund.controls, ActionLog.objects.get(action="fund-changed").details["resolution"]) == (
        "strict",
        "3/2563 (2)",
    )


def test_the_share_for_administration_and_the_fund_year_change_by_a_resolution(fund) -> None:
    client = client_of(make_user("administrator"))
    wanted = {"administration_percent": "15", "administration_base": "four-legs", "fund_year_start_month": "10"}
    answer = client.post("/settings/", settings_of(fund, **wanted))
    assert set(answer.context["form"].errors) == {"resolution"}
    client.post("/settings/", settings_of(fund, **wanted, resolution="3/2563 (2)"))
    fund.refresh_from_db()
    assert (fund.administration_percent, fund.administration_base, fund.fund_year_start_month) == (15, "four-legs", 10)
    assert list(FiscalYear.objects.values_list("year_be", "starts_on")) == [
        (2563, date(2020, 1, 1)),
        (2564, date(2020, 10, 1)),
    ]


def test_what_is_settled_about_members_is_checked_and_logged(fund) -> None:
    client = client_of(make_user("administrator"))
    wrong = {"lapse_notice_days": "6", "child_under_age": "26", "elderly_from_age": "49", "year_only_births": "june"}
    answer = client.post("/settings/", settings_of(fund, **wrong))
    assert set(answer.context["form"].errors) == set(wrong)
    born = MemberFactory(birth_date=date(1947, 1, 1), birth_precision="year")
    client.post("/settings/", settings_of(fund, lapse_notice_days="60", year_only_births="july"))
    fund.refresh_from_db()
    born.refresh_from_db()
    assert (fund.lapse_notice_days, fund.year_only_births, born.birth_date) == (60, "july", date(1947, 7, 1))
    logged = ActionLog.objects.filter(action="fund-changed").order_by("pk").values_list("details__after", flat=True)
    assert list(logged) == [{"year_only_births": "july", "members": 1}, {"lapse_notice_days": "60"}]


def test_promptpay_takes_the_funds_number_and_no_persons(fund) -> None:
    client = client_of(make_user("administrator"))
    for persons in ("081-234-5678", with_check_digit("110000000000")):
        answer = client.post("/settings/", settings_of(fund, promptpay_id=persons))
        assert set(answer.context["form"].errors) == {"promptpay_id"}
    own = with_check_digit("099400000000")
    client.post("/settings/", settings_of(fund, promptpay_id=own))
    fund.refresh_from_db()
    assert fund.promptpay_id == own
    said = "No PromptPay code shows"
    client.post("/settings/", settings_of(fund, tax_id=own))
    assert said not in client.get("/settings/").content.decode()
    mistyped = own[:-1] + str((int(own[-1]) + 1) % 10)
    assert said in client.post("/settings/", settings_of(fund, tax_id=mistyped), follow=True).content.decode()


def test_the_verb_itself_asks_for_the_resolution(db) -> None:
    make_fund()
    with pytest.raises(ResolutionNeeded):
        change_fund(changes={"controls": "small"}, resolution=" ", by=make_user("administrator"))


def test_a_further_bank_account_is_added(fund) -> None:
    data = {name: getattr(BANK, name) for name in BankFacts.__dataclass_fields__}
    assert client_of(make_user("administrator")).post("/settings/bank/", data).url == "/settings/"
    added = Account.objects.get(last_digits="0042")
    assert (added.role, added.code) == ("bank", "12002")


def test_a_nonsense_account_number_is_refused(fund) -> None:
    data = {name: getattr(BANK, name) for name in BankFacts.__dataclass_fields__} | {"last_digits": "12-34"}
    answer = client_of(make_user("administrator")).post("/settings/bank/", data)
    assert set(answer.context["form"].errors) == {"last_digits"}
