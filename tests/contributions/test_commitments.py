"""What the municipality and CODI promised: its steps, the money put to it, its pages and papers."""

import uuid
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from bansong_fund.lib.errors import DomainError
from contributions.commitments import (
    BeforeLastStep,
    NotPromised,
    OtherSource,
    TooManyAsked,
    WrongStep,
    request_grant,
    request_round,
    take_step,
)
from contributions.models import Commitment, CommitmentStep, GrantSource
from contributions.queries import CommitmentRow, visible_commitments
from contributions.request_letters import request_letter
from contributions.verbs import AmountNeeded, FutureDate
from contributions.voids import void_receipt
from ledger.check import check_ledger
from ledger.models import Receipt
from office.models import Attachment
from tests.contributions.conftest import NOW, TODAY, acting, make_cast, member_owing
from tests.contributions.test_money_in import grant
from tests.contributions.test_rounds import CUTOFF, matching
from tests.factories import make_user
from tests.pdf_reading import page_texts, pdfium_text
from tests.races import at_once
from tests.welfare.test_visibility import photograph

AUGUST = date(2020, 8, 3)


def asked(who, amount: str = "300000.00", **changes) -> Commitment:
    facts = {
        "source": GrantSource.MUNICIPALITY,
        "body": "เทศบาลตำบลทดสอบ",
        "requested": Decimal(amount),
        "year_be": 2564,
        "happened_on": AUGUST,
        "reference": "ที่ 4/2563",
        **acting(who.committee),
    }
    return request_grant(**(facts | changes))


def step(who, commitment: Commitment, state: str, **changes) -> CommitmentStep:
    facts = {"commitment": commitment, "state": state, "happened_on": date(2020, 9, 15), **acting(who.committee)}
    return take_step(**(facts | changes))


def promised(who, amount: str = "250000.00", **changes) -> Commitment:
    commitment = asked(who)
    step(who, commitment, "approved", amount=Decimal(amount), **changes)
    return commitment


def row_of(who, commitment: Commitment, day: date = TODAY) -> CommitmentRow:
    return CommitmentRow(visible_commitments(who.committee).get(pk=commitment.pk), day)


def states(commitment: Commitment) -> list[str]:
    return list(commitment.steps.order_by("pk").values_list("state", flat=True))


def void(who, receipt: Receipt) -> None:
    void_receipt(receipt=receipt, reason="ผิด", by=who.treasurer, second_person=None, today=TODAY, now=NOW)


# --- the steps --------------------------------------------------------------------------------------------


def test_a_grant_goes_from_request_to_report(who) -> None:
    commitment = promised(who, report_due_on=date(2021, 9, 30))
    step(who, commitment, "agreed", happened_on=date(2020, 10, 1))
    grant(who, "250000.00", commitment=commitment)
    step(who, commitment, "reported", happened_on=TODAY)
    assert states(commitment) == ["requested", "approved", "agreed", "received", "reported"]
    row = row_of(who, commitment)
    assert (row.commitment.approved, row.received, row.rest) == (Decimal("250000.00"), Decimal("250000.00"), 0)
    assert row.is_over
    assert check_ledger().problems == ()


def test_what_is_promised_and_has_not_come_shows_its_age(who) -> None:
    commitment = promised(who)
    row = row_of(who, commitment)
    assert (row.rest, row.days_promised) == (Decimal("250000.00"), (TODAY - date(2020, 9, 15)).days)
    grant(who, "100000.00", commitment=commitment)
    row = row_of(who, commitment)
    assert (row.is_partly_received, row.rest) == (True, Decimal("150000.00"))
    grant(who, "150000.00", commitment=commitment)
    assert (row_of(who, commitment).is_partly_received, states(commitment)[-2:]) == (False, ["received", "received"])


def test_a_void_receipt_makes_it_a_promise_again_and_the_money_can_come_anew(who) -> None:
    commitment = promised(who)
    first, second = (grant(who, "100000.00", commitment=commitment) for _ in range(2))
    void(who, first)
    assert row_of(who, commitment).is_partly_received
    void(who, second)
    row = row_of(who, commitment)
    assert (row.commitment.state, row.received, row.rest) == ("approved", 0, Decimal("250000.00"))
    grant(who, "250000.00", commitment=commitment)
    assert row_of(who, commitment).commitment.state == "received"


def test_the_age_of_a_promise_outlives_agreement_and_void_and_a_report_follows_its_money(who) -> None:
    commitment = promised(who)
    step(who, commitment, "agreed", happened_on=date(2020, 10, 1))
    void(who, grant(who, "250000.00", commitment=commitment))
    assert row_of(who, commitment).days_promised == (TODAY - date(2020, 9, 15)).days
    grant(who, "250000.00", commitment=commitment, received_on=date(2020, 10, 10))
    with pytest.raises(BeforeLastStep, match="10"):
        step(who, commitment, "reported", happened_on=date(2020, 10, 9))
    step(who, commitment, "reported", happened_on=date(2020, 10, 20))
    assert states(commitment)[-1] == "reported"


def test_money_of_another_body_or_without_a_promise_is_not_put_to_it(who) -> None:
    commitment = asked(who)
    with pytest.raises(NotPromised):
        grant(who, commitment=commitment)
    step(who, commitment, "approved", amount=Decimal("1.00"))
    with pytest.raises(OtherSource):
        grant(who, commitment=commitment, source=GrantSource.OTHER_STATE)
    assert Receipt.objects.count() == 0


def test_a_step_is_taken_in_its_order_and_once(who) -> None:
    commitment = asked(who)
    with pytest.raises(WrongStep):
        step(who, commitment, "agreed")
    with pytest.raises(BeforeLastStep):
        step(who, commitment, "approved", amount=Decimal("1.00"), happened_on=AUGUST - timedelta(days=1))
    with pytest.raises(FutureDate):
        step(who, commitment, "approved", amount=Decimal("1.00"), happened_on=TODAY + timedelta(days=1))
    with pytest.raises(AmountNeeded):
        step(who, commitment, "approved")
    key = uuid.uuid4()
    first = step(who, commitment, "approved", amount=Decimal("1.00"), request_id=key)
    assert step(who, commitment, "approved", amount=Decimal("1.00"), request_id=key) == first
    step(who, commitment, "refused", note="งบไม่พอ")
    with pytest.raises(WrongStep):
        step(who, commitment, "approved", amount=Decimal("1.00"))


def test_a_round_is_asked_for_with_its_members_and_recorded_as_promised(who) -> None:
    members = [member_owing(who.community) for _ in range(3)]
    facts = {
        "body": "พอช.",
        "round_number": 6,
        "cutoff_on": CUTOFF,
        "baht_per_member": Decimal("300.00"),
        "happened_on": date(2020, 10, 5),
    }
    with pytest.raises(TooManyAsked):
        request_round(member_count=4, **facts, **acting(who.committee))
    commitment = request_round(member_count=None, **facts, **acting(who.committee))
    assert (commitment.member_count, commitment.requested) == (3, Decimal("900.00"))
    day = date(2020, 10, 20)
    step(who, commitment, "approved", amount=Decimal("600.00"), member_count=2, happened_on=day)
    with pytest.raises(OtherSource):
        matching(who, 7, member_count=2, commitment=commitment)
    matching(who, 6, member_count=2, commitment=commitment)
    row = row_of(who, commitment)
    assert (row.commitment.member_count, row.received, row.rest) == (2, Decimal("600.00"), 0)
    assert members[2].matched_in.count() == 0


def test_a_second_sum_and_a_void_at_one_moment_both_happen(committed_db) -> None:
    who = make_cast()
    commitment = promised(who)
    first = grant(who, "100000.00", commitment=commitment)
    acts = [lambda: grant(who, "50000.00", commitment=commitment)] * 3
    found = at_once(lambda: void(who, first), *acts)
    assert [one for one in found if isinstance(one, DomainError)] == []
    row = row_of(who, commitment)
    assert (row.commitment.state, row.received) == ("received", Decimal("150000.00"))
    assert check_ledger().problems == ()


# --- the pages --------------------------------------------------------------------------------------------


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


DAY = {"happened_on_day": "1", "happened_on_month": "11", "happened_on_year": "2563"}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_one_as_for_three(who, django_assert_num_queries, count) -> None:
    for _ in range(count):
        promised(who)
    client = client_of(who.auditor)
    client.get("/money-in/commitments/")
    # session, user, roles, fund, commitments
    with django_assert_num_queries(5):
        page = client.get("/money-in/commitments/")
    assert len(page.context["rows"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_one_asks_as_often_for_one_sum_as_for_three(who, django_assert_num_queries, count) -> None:
    commitment = promised(who)
    for _ in range(count):
        grant(who, "1000.00", commitment=commitment)
    client = client_of(who.treasurer)
    client.get(f"/money-in/commitments/{commitment.pk}/")
    # session, user, roles, fund, commitment, steps, grants, papers
    with django_assert_num_queries(8):
        client.get(f"/money-in/commitments/{commitment.pk}/")


def test_the_committee_writes_down_a_request_and_its_approval_with_papers(who) -> None:
    client = client_of(who.committee)
    typed = {
        "request_id": uuid.uuid4(),
        "body": "เทศบาลทดสอบ",
        "requested": "300,000",
        "year_be": 2564,
        "papers": photograph(),
        **DAY,
    }
    page = client.post("/money-in/commitments/new/municipality/", typed)
    commitment = Commitment.objects.get()
    assert page.url == f"/money-in/commitments/{commitment.pk}/"
    paper = Attachment.objects.get(owner_kind="commitment", owner_id=commitment.pk)
    answers = [client_of(user).get(f"/papers/{paper.pk}/") for user in (who.auditor, who.leader)]
    assert [answer.status_code for answer in answers] == [200, 404]
    assert b"".join(answers[0].streaming_content).startswith(b"\xff\xd8\xff")
    typed = {"request_id": uuid.uuid4(), "amount": "", **DAY}
    refused = client.post(f"{page.url}approved/", typed)
    assert list(refused.context["form"].errors) == ["amount"]
    client.post(f"{page.url}approved/", typed | {"amount": "250000"})
    commitment.refresh_from_db()
    assert (commitment.state, commitment.approved) == ("approved", Decimal("250000.00"))


def test_the_treasurer_records_the_money_from_the_promise(who) -> None:
    commitment = promised(who)
    client = client_of(who.treasurer)
    page = client.get(f"/money-in/grants/municipality/?commitment={commitment.pk}")
    initial = page.context["form"].initial
    assert (initial["commitment"], initial["amount"]) == (commitment, Decimal("250000.00"))
    typed = {
        "request_id": uuid.uuid4(),
        "commitment": commitment.pk,
        "received_from": "เทศบาลตำบลทดสอบ",
        "amount": "250,000",
        "account": who.bank.pk,
        "date": "1/11/2563",
    }
    assert client.post("/money-in/grants/municipality/", typed).status_code == 302
    assert row_of(who, commitment).rest == 0


def test_a_report_that_is_due_is_said_on_the_list(who) -> None:
    commitment = promised(who, report_due_on=TODAY + timedelta(days=10))
    client = client_of(who.committee)
    assert "The report to" not in text_of(client.get("/money-in/commitments/"))
    grant(who, "250000.00", commitment=commitment)
    assert "10 days are left" in text_of(client.get("/money-in/commitments/"))
    assert (row_of(who, commitment, TODAY + timedelta(days=12)).days_late, row_of(who, commitment).report_is_late) == (
        2,
        False,
    )


def test_the_letter_says_what_is_asked_in_words(who) -> None:
    text = pdfium_text(request_letter(asked(who), who.fund, today=TODAY, language="th")).replace("\n", "")
    assert "เทศบาลตำบลทดสอบ" in text
    assert "300,000.00 (สามแสนบาทถ้วน)" in text
    assert "3 สิงหาคม 2563" in text


def test_the_request_to_codi_prints_with_the_list_of_its_members(who) -> None:
    members = [member_owing(who.community) for _ in range(3)]
    facts = {"round_number": 1, "cutoff_on": CUTOFF, "baht_per_member": Decimal("300.00"), "happened_on": TODAY}
    commitment = request_round(body="พอช.", member_count=2, **facts, **acting(who.committee))
    typed = {"request_id": uuid.uuid4(), "language": "th"}
    answer = client_of(who.treasurer).post(f"/money-in/commitments/{commitment.pk}/request/", typed)
    letter, front, listed = page_texts(answer.content)
    assert ("600.00 (หกร้อยบาทถ้วน)" in letter.replace("\n", ""), "600.00" in front) == (True, True)
    assert [member.full_name in listed for member in members] == [True, True, False]
    Commitment.objects.update(member_count=1500)
    page = client_of(who.treasurer).get(f"/money-in/commitments/{commitment.pk}/").content.decode()
    assert "1,500 members at 300.00 baht" in page


def test_what_is_promised_is_not_there_for_leaders_and_registrars(who) -> None:
    commitment = promised(who)
    for user in (who.leader, make_user("registrar")):
        assert client_of(user).get(f"/money-in/commitments/{commitment.pk}/").status_code == 403
    assert client_of(who.auditor).get(f"/money-in/commitments/{commitment.pk}/agreed/").status_code == 403


# --- the legs beside leg 1 --------------------------------------------------------------------------------


def test_the_committee_alone_sees_the_legs_beside_leg_one(who) -> None:
    grant(who, "100.00")
    page = client_of(who.committee).get("/money-in/legs/?by=fiscal")
    year = page.context["years"][0]
    assert (year.year_be, year.legs[1], year.municipality_short) == (2564, Decimal("100.00"), 0)
    opened = [client_of(user).get("/money-in/legs/").status_code for user in (who.treasurer, who.auditor, who.leader)]
    assert opened == [403, 403, 403]


def test_no_paper_and_no_export_tells_what_a_leg_falls_short_of() -> None:
    base = Path(settings.BASE_DIR)
    apps = ("contributions", "ledger", "members", "office", "reports", "welfare", "bansong_fund/lib")
    files = [*(base / "templates").rglob("*.html"), *(file for app in apps for file in (base / app).rglob("*.py"))]
    words = ("1:1:1", "municipality_short", "state_short")
    told = {str(file.relative_to(base)) for file in files if any(word in file.read_text() for word in words)}
    assert told == {"templates/contributions/legs.html", "contributions/queries/grants.py"}
