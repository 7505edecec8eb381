"""The pages of paying: claims ticked, money handed over and settled, payment lists, slips and notices."""

import io
import uuid
from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from ledger.accounts import account
from ledger.models import AccountRole, PaymentVoucher
from office.models import ReadingLog
from tests.factories import make_user
from tests.pdf_reading import page_texts
from tests.welfare.cast import event, fill_box, stay
from tests.welfare.test_deliveries import claims_of, handed
from tests.welfare.test_pages import browser_of, claim_path, day, text_of
from welfare.models import Delivery, PaymentList, PaymentListLine
from welfare.payment_lists import known_accounts, last_digits


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def asked(**changes) -> dict[str, str]:
    return {"request_id": str(uuid.uuid4()), "account": str(account(AccountRole.CASH).pk)} | changes


def test_claims_are_ticked_handed_over_carried_and_settled(cast):
    claims = claims_of(cast)
    treasurer, leader = browser_of(cast.treasurer), browser_of(cast.leader)
    chosen = {"claim": [str(claim.pk) for claim in claims]}
    page = text_of(treasurer.get(reverse("welfare:new_delivery"), chosen))
    assert "Hand over 500.00 baht" in page
    sent = asked(carrier=str(cast.leader.pk)) | day("date", cast.today) | chosen
    assert treasurer.post(reverse("welfare:new_delivery"), sent).status_code == 302
    delivery = Delivery.objects.get()
    address = reverse("welfare:delivery", args=[delivery.year_be, delivery.number])
    assert "Nothing waits here." in text_of(treasurer.get(reverse("welfare:to_pay")))
    assert cast.leader.display_name in text_of(treasurer.get(reverse("welfare:deliveries")))
    told = f"The money is on its way: {cast.leader.display_name} has it since 1 November 2563."
    page = text_of(leader.get(claim_path(claims[0])))
    assert (told in page, f'<a href="{address}">Delivery 2563/0001</a>' in page) == (True, True)
    carried = text_of(leader.get(address))
    assert all(claim.recipient_name in carried for claim in claims)
    assert "Write it down" not in carried
    first, second = claims
    settled = {f"outcome-{first.pk}": "delivered", f"outcome-{second.pk}": "returned", "reason": "ไม่อยู่บ้าน"}
    settled |= {f"thumb-{first.pk}": "on", "witness": "นายหนึ่ง สมมติสกุล"}
    settled |= {"request_id": str(uuid.uuid4()), "returned_to": str(account(AccountRole.CASH).pk)}
    settled |= day("date", cast.today)
    assert "A thumb print is made before two witnesses" in text_of(treasurer.post(address, settled))
    assert treasurer.post(address, settled | {"second_witness": "นายสอง สมมติสกุล"}).status_code == 302
    voucher = PaymentVoucher.objects.get()
    paper = reverse("welfare:voucher_pdf", args=[voucher.year_be, voucher.number])
    printed = " ".join(page_texts(treasurer.get(paper, {"language": "en"}).content)[0].split())
    for said in ("Thumb print of the receiver", "นายหนึ่ง สมมติสกุล", "นายสอง สมมติสกุล", cast.leader.display_name):
        assert said in printed
    assert second.label in text_of(treasurer.get(reverse("welfare:to_pay")))


def test_a_delivery_is_seen_by_its_carrier_and_the_staff_alone(cast):
    delivery = handed(cast, claims_of(cast, 1))
    address = reverse("welfare:delivery", args=[delivery.year_be, delivery.number])
    other = make_user("leader", community=cast.home)
    assert [browser_of(user).get(address).status_code for user in (cast.auditor, cast.leader, other)] == [200, 200, 404]


def test_each_receiver_has_a_slip_to_sign(cast):
    delivery = handed(cast, claims_of(cast, 3))
    address = reverse("welfare:slips", args=[delivery.year_be, delivery.number])
    pages = page_texts(browser_of(cast.leader).get(address, {"language": "both"}).content)
    assert len(pages) == 2
    assert [page.count("Slip for money received") for page in pages] == [2, 1]
    for said in ("สามร้อยบาทถ้วน", "Thumb print of the receiver", cast.leader.display_name, cast.member.full_name):
        assert said in pages[0] + pages[1]
    line = delivery.lines.last()
    assert len(page_texts(browser_of(cast.leader).get(address, {"line": line.pk}).content)) == 1
    assert ReadingLog.objects.filter(what="slip").count() == 4


def test_a_list_of_the_bank_is_made_downloaded_and_carried_out(cast):
    claims = claims_of(cast)
    bank = type(account(AccountRole.CASH)).objects.get(role=AccountRole.BANK)
    fill_box("1000.00", into=bank)
    treasurer = browser_of(cast.treasurer)
    sent = asked(account=str(bank.pk), claim=[str(claim.pk) for claim in claims])
    for claim in claims:
        sent |= {f"bank-{claim.pk}": "ธนาคารตัวอย่าง", f"name-{claim.pk}": claim.recipient_name}
        sent |= {f"number-{claim.pk}": "123-4-56789-0"}
    new = reverse("welfare:new_payment_list", args=["bank"])
    wrong = treasurer.post(new, sent | {f"number-{claims[1].pk}": "12"})
    assert "10 to 15 digits" in text_of(wrong)
    assert treasurer.post(new, sent).status_code == 302
    made = PaymentList.objects.get()
    numbers = [made.year_be, made.number]
    page = text_of(treasurer.get(claim_path(claims[0])))
    assert ("stands on a payment list since 1 November 2563" in page, "/pay/" in page) == (True, False)
    sheet = treasurer.get(reverse("welfare:payment_list_sheet", args=numbers)).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert [row[2] for row in rows if row[1] == "ธนาคารตัวอย่าง"] == ["1234567890", "1234567890"]
    assert browser_of(cast.auditor).get(reverse("welfare:payment_list_sheet", args=numbers)).status_code == 403
    page = text_of(browser_of(cast.auditor).get(reverse("welfare:payment_list", args=numbers)))
    assert ("xxx-7890" in page, "1234567890" in page) == (True, False)
    (printed,) = page_texts(treasurer.get(reverse("welfare:payment_list_pdf", args=numbers)).content)
    assert "xxx-7890" in printed
    good, bad = made.lines.all()
    failing = treasurer.post(reverse("welfare:payment_list_fail", args=numbers), {"line": bad.pk, "reason": "ปิดบัญชี"})
    assert failing.status_code == 302
    done = {"request_id": str(uuid.uuid4()), f"line-{good.pk}": "on"} | day("date", cast.today)
    assert treasurer.post(reverse("welfare:payment_list", args=numbers), done).status_code == 302
    assert list(PaymentListLine.objects.values_list("outcome", flat=True)) == ["paid", "failed"]
    assert (last_digits(good), PaymentVoucher.objects.get().total) == ("7890", good.amount)
    again = cast.decided(good.claim.member, stay(date(2020, 10, 12), date(2020, 10, 13)))
    page = text_of(treasurer.get(new, {"claim": [again.pk]}))
    assert ("Left empty: xxx-7890, as on payment list 2563/0001." in page, "1234567890" in page) == (True, False)
    assert ReadingLog.objects.filter(what="bank account").count() == 1
    sent = asked(account=str(bank.pk), claim=str(again.pk)) | {f"bank-{again.pk}": "ธนาคารตัวอย่าง"}
    sent |= {f"name-{again.pk}": again.recipient_name, f"number-{again.pk}": ""}
    assert "10 to 15 digits" in text_of(treasurer.post(new, sent | {f"bank-{again.pk}": "ธนาคารอื่น"}))
    treasurer.post(new, sent)
    assert last_digits(again.payment_list_lines.get()) == "7890"
    assert known_accounts([bad.claim]) == {}  # her transfer failed


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_take_as_many_queries_with_one_row_as_with_three(cast, count, django_assert_num_queries):
    treasurer = browser_of(cast.treasurer)
    claims = claims_of(cast, count)
    treasurer.get(reverse("welfare:to_pay"))
    with django_assert_num_queries(QUERIES_TO_PAY):
        treasurer.get(reverse("welfare:to_pay"))
    delivery = handed(cast, claims)
    with django_assert_num_queries(QUERIES_ON_THE_WAY):
        treasurer.get(reverse("welfare:deliveries"))
    with django_assert_num_queries(QUERIES_DELIVERY):
        treasurer.get(reverse("welfare:delivery", args=[delivery.year_be, delivery.number]))


QUERIES_TO_PAY, QUERIES_ON_THE_WAY, QUERIES_DELIVERY = 10, 7, 11


def test_the_member_is_told_in_plain_words(cast):
    leader = browser_of(cast.leader)
    waiting = cast.verified()
    assert leader.get(claim_path(waiting, "notice")).status_code == 302
    approved = cast.decided(event=event("death-grant"))
    page = text_of(leader.get(claim_path(approved, "notice")))
    assert "Your claim is approved" in page
    assert "Fetch it at the fund&#x27;s office with your ID card" in page
    handed(cast, [approved])
    assert f"{cast.leader.display_name} brings it to you." in text_of(leader.get(claim_path(approved, "notice")))
    (printed,) = page_texts(leader.get(claim_path(approved, "notice_pdf"), {"language": "en"}).content)
    assert "Your claim is approved" in printed


def test_a_member_whose_claim_was_rejected_is_told_why_and_until_when_she_may_ask_again(cast):
    claim = cast.decided(approve=False, reason="ไม่มีใบรับรองแพทย์")
    page = text_of(browser_of(cast.leader).get(claim_path(claim, "notice")))
    assert "The reason: ไม่มีใบรับรองแพทย์" in page
    assert "You may ask again until 1 December 2563" in page
