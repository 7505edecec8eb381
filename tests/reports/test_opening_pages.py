"""The guided page of a fund that exists: walked to its end by the roles that would do it."""

import uuid
from datetime import date
from decimal import Decimal

import pytest

from ledger.models import Entry, Fingerprint, Opening, OpeningBalance
from office.models import Attachment
from tests.factories import make_user
from tests.pdf_reading import pdfium_text, silent_weasyprint  # noqa: F401 - watches each test
from tests.reports.conftest import client_of
from tests.welfare.test_visibility import photograph


def post(client, path: str, **typed):
    return client.post(f"/opening/{path}", {"request_id": str(uuid.uuid4()), **typed})


def day(name: str, written: date) -> dict[str, str]:
    return {
        f"{name}_day": str(written.day),
        f"{name}_month": str(written.month),
        f"{name}_year": str(written.year + 543),
    }


@pytest.fixture
def treasurer(fund):
    return client_of(make_user("treasurer"))


@pytest.fixture
def committee(fund):
    return client_of(make_user("committee"))


def type_all(treasurer) -> None:
    assert post(treasurer, "cut-over/", **day("cutover_on", date(2020, 9, 30))).status_code == 302
    assert post(treasurer, "money/12001/", amount="1,000.50", photographs=photograph()).status_code == 302
    assert post(treasurer, "money/1010/", amount="0").status_code == 302
    assert post(treasurer, "totals/income/", baht_4110="1200.50", baht_4320_1="100").status_code == 302
    assert post(treasurer, "totals/welfare/", persons_5120="2", times_5120="3", baht_5120="200").status_code == 302
    assert post(treasurer, "totals/costs/", baht_5210="100.00").status_code == 302


def signed(**changes: str) -> dict[str, str]:
    names = {"treasurer": "นางเงิน สมมติ", "auditor": "นายตรวจ สมมติ", "chair": "นายประธาน สมมติ"}
    return {"resolution": "3/2563 (2)", **day("resolved_on", date(2020, 10, 15)), **names, **changes}


def test_the_opening_is_walked_to_its_end(treasurer, committee) -> None:
    assert "/opening/" in treasurer.get("/").content.decode()
    type_all(treasurer)
    page = treasurer.get("/opening/")
    assert (page.context["missing"], page.context["said"].difference) == ([], Decimal(0))
    draft = pdfium_text(committee.get("/opening/paper/?language=en").content)
    assert ("DRAFT" in draft, "1,000.50" in draft, "Wiang Sa" in draft) == (True, True, True)
    assert post(committee, "lock/", **signed()).status_code == 302
    entry = Entry.objects.get()
    paper = pdfium_text(committee.get("/opening/paper/?language=both").content)
    assert ("DRAFT" in paper, "3/2563 (2)" in paper, "นายประธาน สมมติ" in paper) == (False, True, True)
    assert Fingerprint.objects.get().entry == entry
    assert 'href="/opening/"' not in treasurer.get("/").content.decode()
    for book in ("/books/journal/?span=month-2020-09", "/books/cash-book/?span=month-2020-09"):
        text = treasurer.get(book).content.decode()
        assert ("Opening of the books" in text, "2020-09-30" in text) == (True, False)
    assert post(treasurer, "money/1010/", amount="5").status_code == 200
    assert OpeningBalance.objects.get(account__code="1010").amount == 0
    late = post(treasurer, "cut-over/", **day("cutover_on", date(2020, 8, 31)))
    assert "lock" in str(late.context["form"].errors)
    steps = [(treasurer, "cut-over/"), (treasurer, "money/1010/"), (treasurer, "totals/costs/"), (committee, "lock/")]
    assert [client.get(f"/opening/{path}").url for client, path in steps] == ["/opening/"] * 4


def test_what_is_missing_is_named_and_nothing_is_posted(treasurer, committee) -> None:
    post(treasurer, "money/12001/", amount="10")
    answer = post(committee, "lock/", **signed())
    assert (answer.status_code, len(answer.context["missing"]), Entry.objects.count()) == (200, 7, 0)
    assert "นายประธาน สมมติ" in answer.content.decode()


def test_wrong_typing_stays_in_the_form(treasurer) -> None:
    program = photograph("passbook.jpg")
    program.file.seek(0)
    program.file.write(b"MZ\x90\x00")
    program.file.seek(0)
    answers = [
        post(treasurer, "cut-over/", **day("cutover_on", date(2020, 9, 29))),
        post(treasurer, "money/12001/", amount="-5"),
        post(treasurer, "money/12001/", amount="5", photographs=program),
        post(treasurer, "totals/welfare/", persons_5120="3", times_5120="2", baht_5120="1"),
    ]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert [len(answer.context["form"].errors) for answer in answers] == [1] * 4
    assert (OpeningBalance.objects.count(), Attachment.objects.count()) == (0, 0)


def test_each_role_does_its_own_part(treasurer, committee, fund) -> None:
    type_all(treasurer)
    administrator, auditor = client_of(make_user("administrator")), client_of(make_user("auditor"))
    assert "1,000.50" not in administrator.get("/opening/").content.decode()
    assert "1,000.50" in auditor.get("/opening/").content.decode()
    doors = [(administrator, "paper/"), (auditor, "lock/"), (treasurer, "lock/"), (committee, "cut-over/")]
    assert [client.get(f"/opening/{path}").status_code for client, path in doors] == [403] * 4
    assert client_of(make_user("leader")).get("/opening/").status_code == 403
    assert [treasurer.get(f"/opening/{path}").status_code for path in ("money/9999/", "totals/x/")] == [404, 404]


def test_a_new_fund_begins_today(treasurer, committee) -> None:
    assert treasurer.post("/opening/begin/").status_code == 302
    assert post(committee, "lock/", **signed()).status_code == 302
    assert (Opening.objects.get().is_locked, Entry.objects.count()) == (True, 0)


def test_the_page_takes_no_query_per_row(treasurer, django_assert_max_num_queries) -> None:
    type_all(treasurer)
    with django_assert_max_num_queries(14):
        treasurer.get("/opening/")


def test_cash_with_a_leader_becomes_a_place_of_the_opening(treasurer, committee) -> None:
    leader = make_user("leader", display_name="ผู้นำ สมมติ")
    assert "/opening/leader/" in treasurer.get("/opening/").content.decode()
    assert committee.get("/opening/leader/").status_code == 403
    answers = [post(treasurer, "leader/", leader=str(leader.pk)) for _ in range(2)]
    assert (answers[0].url, answers[1].status_code) == ("/opening/money/11001/", 200)  # the second finds nobody left
    type_all(treasurer)
    assert post(treasurer, "money/11001/", amount="300").status_code == 302
    assert post(treasurer, "totals/income/", baht_4110="1500.50", baht_4320_1="100").status_code == 302
    assert treasurer.get("/opening/").context["missing"] == []
    assert post(committee, "lock/", **signed()).status_code == 302
    assert post(treasurer, "leader/", leader=str(make_user("leader").pk)).status_code == 200  # locked: named, not done


def test_who_saves_over_what_she_never_saw_is_asked_first(treasurer, fund) -> None:
    registrar = client_of(make_user("registrar"))
    type_all(treasurer)
    opened = {one: registrar.get(f"/opening/{one}/").context["form"] for one in ("totals/income", "money/1010")}
    seen = {one: form["seen"].value() for one, form in opened.items()}
    mended = {"baht_4110": "1300.50", "baht_4320_1": "100"}
    assert post(treasurer, "totals/income/", **mended).status_code == 302
    assert post(treasurer, "money/1010/", amount="7").status_code == 302
    stale = post(registrar, "totals/income/", baht_4110="5", baht_4320_1="100", seen=seen["totals/income"])
    form = stale.context["form"]
    assert (set(form.errors), "1,300.50" in form.errors["baht_4110"][0]) == ({"__all__", "baht_4110"}, True)
    box = post(registrar, "money/1010/", amount="8", seen=seen["money/1010"]).context["form"]
    assert (set(box.errors), OpeningBalance.objects.get(account__code="1010").amount) == ({"__all__", "amount"}, 7)
    blank = registrar.get("/opening/note/").context["form"]["seen"].value()
    assert post(treasurer, "note/", note="เงินขาดในปี 2555").status_code == 302
    note = post(registrar, "note/", note="อื่น", seen=blank).context["form"]
    assert "เงินขาดในปี 2555" in note.errors["note"][0]
    # the same as was saved is no quarrel (a second click), and who looked may write over it
    assert post(registrar, "totals/income/", **mended, seen=seen["totals/income"]).status_code == 302
    assert post(registrar, "money/1010/", amount="8", seen=box["seen"].value()).status_code == 302


def test_nothing_is_locked_that_the_page_did_not_show(treasurer, committee) -> None:
    type_all(treasurer)
    seen = committee.get("/opening/lock/").context["form"]["seen"].value()
    post(treasurer, "totals/costs/", baht_5210="99.00")
    post(treasurer, "note/", note="1.00 เหลือ")
    stale = post(committee, "lock/", **signed(seen=seen))
    assert (stale.status_code, Entry.objects.count()) == (200, 0)
    assert post(committee, "lock/", **signed(seen=stale.context["form"]["seen"].value())).status_code == 302


def test_a_wrong_photograph_is_taken_away(treasurer) -> None:
    type_all(treasurer)
    kept = Attachment.objects.get()
    assert post(treasurer, "money/12001/", amount="1,000.50", wrong_photographs=kept.pk).status_code == 302
    assert (Attachment.objects.count(), len(treasurer.get("/opening/").context["missing"])) == (0, 1)
    assert post(treasurer, "money/12001/", amount="1,000.50", photographs=photograph()).status_code == 302
    assert treasurer.get("/opening/").context["missing"] == []
