"""The register of contributors: the list, the page of one, consent, statements, and who gave in a year."""

import io
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from contributions.contributors import RefusedLater, SameContributor, enter_contributor, record_consent
from contributions.gift_papers import gifts_statement, year_list
from contributions.gifts import ContributorFacts, find_or_make_contributor
from contributions.models import Contributor, ContributorKind
from contributions.queries import consent_history, gifts_of, sums_by_year, year_of_contributors
from contributions.voids import void_receipt
from tests.contributions.conftest import NOW, TODAY, acting
from tests.contributions.test_money_in import gift
from tests.factories import make_user
from tests.pdf_reading import pdfium_text, weasyprint_log

REGISTER = "/money-in/contributors/"


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def entered(who, name: str = "ร้านทดสอบ", **changes) -> Contributor:
    facts = {"name": name, "kind": ContributorKind.SHOP, "is_local": True, **acting(who.treasurer)}
    return enter_contributor(**(facts | changes))


def numbers(response) -> list[int]:
    return [row.number for row in response.context["page"].rows]


def void(who, receipt) -> None:
    void_receipt(receipt=receipt, reason="ผิด", by=who.treasurer, second_person=None, today=TODAY, now=NOW)


# --- the register -----------------------------------------------------------------------------------------


def test_a_contributor_is_entered_once_and_a_namesake_only_on_purpose(who) -> None:
    key = uuid.uuid4()
    assert entered(who, request_id=key) == entered(who, request_id=key)
    with pytest.raises(SameContributor, match="1"):
        entered(who, "  ร้านทดสอบ ")
    assert entered(who, is_another=True).number == 2


def test_the_register_is_narrowed_by_each_of_its_filters(who) -> None:
    entered(who, "ร้านแก้วตา")
    entered(who, "ร้านกมล", phone="0001234567")
    entered(who, "มูลนิธิทดสอบ", kind=ContributorKind.NGO, is_local=False)
    record_consent(contributor=Contributor.objects.get(number=3), may_be_named=True, on=TODAY, today=TODAY)
    client = client_of(who.auditor)
    asked = ({}, {"q": "แก้ว"}, {"q": "3"}, {"q": "000-123"}, {"kind": "ngo"}, {"place": "inside"}, {"named": "yes"})
    found = [numbers(client.get(REGISTER, query)) for query in asked]
    assert found == [[3, 2, 1], [1], [3], [2], [3], [2, 1], [3]]


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_asks_as_often_for_one_as_for_three(who, django_assert_num_queries, count) -> None:
    for place in range(count):
        gift(who, f"ร้านทดสอบ {place}")
    client = client_of(who.committee)
    client.get(REGISTER)
    # session, user, roles, fund, contributors, their number
    with django_assert_num_queries(6):
        page = client.get(REGISTER)
    assert [row.given for row in page.context["page"].rows] == [Decimal("1000.00")] * count


def test_137_contributors_go_page_by_page_without_a_gap(who, django_assert_num_queries) -> None:
    Contributor.objects.bulk_create(
        Contributor(number=number, name=f"ร้าน {number % 90}", kind="shop") for number in range(1, 138)
    )
    client, seen, address = client_of(who.auditor), [], REGISTER
    client.get(REGISTER)
    while address:
        with django_assert_num_queries(6):
            page = client.get(address)
        seen += numbers(page)
        after = page.context["page"].next_after
        address = f"{REGISTER}?after={after}" if after else ""
    assert (len(seen), sorted(seen)) == (137, list(range(1, 138)))


def test_the_sheet_holds_what_the_page_shows(who) -> None:
    gift(who, "=SUM(1)")
    void(who, gift(who, "ร้านทดสอบ", amount="50.00"))
    content = client_of(who.treasurer).get(f"{REGISTER}list.xlsx").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [(row[1], row[9], row[10]) for row in rows[2:4]] == [("=SUM(1)", 1.0, 1000.0), ("ร้านทดสอบ", 0.0, 0.0)]


# --- one of them ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_one_asks_as_often_for_one_gift_as_for_three(who, django_assert_num_queries, count) -> None:
    for _ in range(count):
        gift(who, "ร้านทดสอบ")
    client = client_of(who.treasurer)
    client.get(f"{REGISTER}1/")
    # session, user, roles, fund, contributor, reading log, gifts, consents, pledges, in kind, sponsored, bought
    with django_assert_num_queries(12):
        client.get(f"{REGISTER}1/")


def test_void_gifts_stay_in_sight_and_count_for_nothing(who) -> None:
    void(who, gift(who, "ร้านทดสอบ"))
    gift(who, "ร้านทดสอบ", amount="250.00")
    found = gifts_of(Contributor.objects.get())
    assert (len(found), sums_by_year(found)) == (2, [(2563, Decimal("250.00"))])
    assert client_of(who.auditor).get(f"{REGISTER}1/").content.decode().count("text-bg-danger") == 1


def test_the_consent_to_be_named_keeps_its_day_and_its_history(who) -> None:
    gift(who, "ร้านทดสอบ", may_be_named=True)
    one = Contributor.objects.get()
    assert (one.may_be_named, one.consent_on) == (True, TODAY)
    client = client_of(who.committee)
    day = {"on_day": "31", "on_month": "10", "on_year": "2563"}
    answer = client.post(f"{REGISTER}1/consent/", {"request_id": uuid.uuid4(), "may_be_named": "no", **day})
    one.refresh_from_db()
    assert (answer.status_code, one.may_be_named, one.consent_on) == (302, False, date(2020, 10, 31))
    assert [(step.may_be_named, step.consent_on) for step in consent_history(one)] == [(True, TODAY)]


def test_a_consent_taken_back_is_not_undone_by_what_was_said_before(who) -> None:
    day, before = date(2020, 10, 31), date(2020, 10, 20)
    gift(who, "ร้านทดสอบ", may_be_named=True)
    record_consent(contributor=Contributor.objects.get(), may_be_named=False, on=day, today=TODAY)
    facts = ContributorFacts(name="ร้านทดสอบ", may_be_named=True)
    find_or_make_contributor(facts, on=before)  # with a gift of that day, written down today
    with pytest.raises(RefusedLater, match="31"):
        record_consent(contributor=Contributor.objects.get(), may_be_named=True, on=before, today=TODAY)
    one = Contributor.objects.get()
    assert (one.may_be_named, one.consent_on) == (False, day)
    assert find_or_make_contributor(facts, on=TODAY).may_be_named is True


def test_facts_are_corrected_by_those_who_may(who) -> None:
    entered(who)
    typed = {"request_id": uuid.uuid4(), "name": "ร้านใหม่", "kind": "company", "phone": "000-123-4567"}
    assert client_of(who.auditor).post(f"{REGISTER}1/change/", typed).status_code == 403
    assert client_of(make_user("registrar")).post(f"{REGISTER}1/change/", typed).status_code == 302
    one = Contributor.objects.get()
    assert (one.name, one.kind, one.is_local, one.phone) == ("ร้านใหม่", "company", False, "0001234567")


def test_leaders_see_no_contributors(who) -> None:
    entered(who)
    client = client_of(who.leader)
    assert [client.get(f"{REGISTER}{path}").status_code for path in ("", "1/", "list.xlsx", "year/2563/")] == [403] * 4


# --- papers and years -------------------------------------------------------------------------------------


def test_the_yearly_statement_names_receipts_total_in_words_and_no_tax(who) -> None:
    gift(who, "ร้านทดสอบ")
    void(who, gift(who, "ร้านทดสอบ", amount="50.00"))
    gift(who, "ร้านทดสอบ", amount="365.00")
    facts = {"today": TODAY, "fund": who.fund, "contributor": Contributor.objects.get(), "year_be": 2563}
    with weasyprint_log() as said:
        thai = pdfium_text(gifts_statement(language="th", **facts))
        english = pdfium_text(gifts_statement(language="en", **facts))
    assert said == []
    wanted = ("2563/000001", "2563/000003", "1,365.00", "หนึ่งพันสามร้อยหกสิบห้าบาทถ้วน")
    assert [text in thai for text in wanted] == [True] * 4
    assert "2563/000002" not in thai
    assert "not evidence for a tax deduction" in english


def test_those_who_did_not_agree_stand_together_without_a_name(who) -> None:
    gift(who, "ร้านเปิดเผย", may_be_named=True)
    gift(who, "นางไม่ออกนาม สมมติ", amount="200.00")
    gift(who, "นายไม่ออกนาม สมมติ", amount="300.00")
    year = year_of_contributors(2563)
    assert ([one.name for one in year.named], year.unnamed, year.unnamed_baht) == (["ร้านเปิดเผย"], 2, Decimal("500.00"))
    assert (year.persons, year.total) == (3, Decimal("1500.00"))
    paper = year_list(year, who.fund, today=TODAY)
    assert [str(row[1]) for row in paper.rows if "สมมติ" in str(row[1])] == []
    pdf = client_of(who.auditor).get(f"{REGISTER}year/2563/list.pdf?language=th")
    assert ["1,500.00" in (text := pdfium_text(pdf.content)), "ร้านเปิดเผย" in text] == [True, True]
