"""A small fund at work, and every form of it filled in right: a test spoils one field and looks at the answer."""

import html
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from bansong_fund.lib.national_id import with_check_digit
from contributions.dues import record_dues
from contributions.envelopes import issue_envelopes
from contributions.handing_over import accept_sheet
from contributions.models import Campaign, CollectionSheet, Envelope, InKindGift, Pledge, SaleItem
from contributions.sheets import open_sheet, submit_sheet, write_line
from contributions.voids import ask_to_void
from ledger.accounts import account
from ledger.models import (
    Account,
    AccountRole,
    Entry,
    OpeningBalance,
    OpeningTotal,
    PaymentVoucher,
    PaymentVoucherVoid,
    Receipt,
    ReceiptVoid,
)
from ledger.queries import trial_balance
from members.models import Member, MemberCount, MemberSequence, Resolution
from office.models import Attachment, User
from tests.factories import MemberFactory, make_user
from tests.ledger.conftest import NOW
from tests.welfare.cast import Cast, assemble, event, fill_box
from welfare.models import Claim
from welfare.reversals import ask_to_reverse_payment

FREE_ID = with_check_digit("100123456789")


@dataclass(frozen=True)
class Sent:
    """What a user sends: who, to which address, the fields."""

    user: User
    path: str
    fields: dict[str, Any]

    def with_fields(self, **changes: Any) -> "Sent":
        return replace(self, fields=self.fields | changes)

    def with_day(self, name: str, day: str, month: str, year: str) -> "Sent":
        return self.with_fields(**{f"{name}_day": day, f"{name}_month": month, f"{name}_year": year})


@dataclass
class House:
    """The cast of welfare, with a member who owes this year's dues."""

    cast: Cast
    debtor: Member
    second_treasurer: User

    @property
    def bank(self) -> Account:
        return Account.objects.get(role=AccountRole.BANK)

    @property
    def box(self) -> Account:
        return account(AccountRole.CASH)

    def acting(self, user: User) -> dict[str, Any]:
        return {**self.cast.by(user), "request_id": uuid.uuid4()}


def open_house() -> House:
    with transaction.atomic():
        cast = assemble()
        fill_box()
    debtor = MemberFactory(community=cast.home, number=102, paid_through=date(2019, 12, 31))
    for home in (cast.home, cast.away):
        people = home.members.count()
        MemberCount.objects.filter(community=home).update(current=people, cumulative=people)
    MemberSequence.objects.update(last=200)
    return House(cast, debtor, make_user("treasurer", username="second", display_name="เหรัญญิกคนที่สอง สมมติ"))


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def send(sent: Sent) -> HttpResponse:
    return browser_of(sent.user).post(sent.path, sent.fields)


def day(name: str, value: date) -> dict[str, str]:
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year + 543)}


def shown(answer: HttpResponse) -> str:
    """The page's text, one blank between words, as a reader sees it."""
    return " ".join(html.unescape(answer.content.decode()).split())


def form_of(answer: HttpResponse) -> Any:
    """The form on the page that has errors."""
    values = [value for context in answer.context for layer in context for value in dict(layer).values()]
    return next(value for value in values if getattr(value, "errors", None) and hasattr(value, "cleaned_data"))


def refusals(answer: HttpResponse) -> dict[str, list[str]]:
    """The sentences by field. Each must be readable on the page too."""
    assert answer.status_code == 200, answer.status_code
    found = {name: list(sentences) for name, sentences in form_of(answer).errors.items()}
    page = shown(answer)
    unseen = [
        sentence for sentences in found.values() for sentence in sentences if " ".join(sentence.split()) not in page
    ]
    assert unseen == []
    return found


def standing_in(answer: HttpResponse, name: str) -> str:
    """What stands in an input, a textarea or a choice of the page."""
    page = answer.content.decode()
    if found := re.search(rf'<input[^>]*\bname="{name}"[^>]*>', page):
        value = re.search(r'\bvalue="([^"]*)"', found[0])
        return html.unescape(value[1]) if value else ""
    if found := re.search(rf'<textarea[^>]*\bname="{name}"[^>]*>\s*([^<]*)</textarea>', page):
        return html.unescape(found[1])
    chosen = re.search(rf'<select[^>]*\bname="{name}"[^>]*>(.*?)</select>', page, re.DOTALL)
    value = re.search(r'<option value="([^"]*)"[^>]*\bselected\b', chosen[1]) if chosen else None
    return html.unescape(value[1]) if value else ""


def booked() -> dict[str, Any]:
    """Everything that a second click could have made twice."""
    models = (Entry, Receipt, ReceiptVoid, PaymentVoucher, PaymentVoucherVoid, Claim, Member, Resolution, Attachment)
    models += (CollectionSheet, Campaign, Pledge, SaleItem, InKindGift, OpeningBalance, OpeningTotal)
    counts = {model.__name__: model.objects.count() for model in models}
    counts["envelopes back"] = Envelope.objects.filter(gift__isnull=False).count()
    return counts | {one.code: debit - credit for one, debit, credit in trial_balance()}


# --- forms, filled in right ---------------------------------------------------------------------------------


def _money(house: House, path: str, **fields: Any) -> Sent:
    typed = day("date", date(2020, 10, 20)) | {"request_id": str(uuid.uuid4()), "account": house.bank.pk} | fields
    return Sent(house.cast.treasurer, f"/money-in/{path}", typed)


def dues(house: House) -> Sent:
    return _money(house, f"dues/{house.debtor.number}/", periods=["2020-01-01"], payer_name="นางจ่ายแทน สมมติ")


def municipality(house: House) -> Sent:
    return _money(house, "grants/municipality/", received_from="เทศบาลสมมติ", amount="500", reference="ที่ 12/2563")


def matching_round(house: House) -> Sent:
    cutoff = day("cutoff", date(2020, 9, 30))
    return _money(house, "round/", number="1", baht_per_member="312", received_from="พอช. สมมติ", **cutoff)


def lump_round(house: House) -> Sent:
    return matching_round(house).with_fields(baht_per_member="", lump="624")


def gift(house: House) -> Sent:
    who = {"name": "ร้านสมมติพาณิชย์", "kind": "shop", "is_local": "on", "phone": "0812345678"}
    return _money(house, "gift/", amount="500", income=account("gift").pk, **who)


def interest(house: House) -> Sent:
    return _money(house, "interest/", gross="104.50", tax="1.05")


def cost(house: House) -> Sent:
    what = {"cost": account("administration", "travel").pk, "description": "ค่ารถ", "payee": "นายคนขับ สมมติ"}
    return _money(house, "cost/", amount="250", **what | {"account": house.box.pk})


def transfer(house: House) -> Sent:
    return _money(house, "transfer/", account=house.box.pk, target=house.bank.pk, amount="600", memo="ฝากเงินสด")


def new_event(house: House) -> Sent:
    names = {"kind": "pha-pa", "name_th": "ผ้าป่าสมมติ", "name_en": "", "place": "วัดสมมติ", "target": "50000"}
    fields = {"request_id": str(uuid.uuid4())} | names | day("date", date(2020, 12, 5))
    return Sent(house.cast.treasurer, "/money-in/events/new/", fields)


def pledge(house: House) -> Sent:
    giver = {"name": "ร้านสมมติพาณิชย์", "kind": "shop", "is_local": "on"}
    fields = {"request_id": str(uuid.uuid4()), "amount": "500"} | giver | day("date", date(2020, 10, 20))
    return Sent(house.cast.treasurer, "/money-in/pledges/new/", fields)


def _event(house: House) -> int:
    facts = {"name_th": "ผ้าป่าสมมติ", "name_en": "Event", "year_be": 2563, "held_on": date(2020, 10, 20)}
    return Campaign.objects.get_or_create(**facts)[0].pk


def sale_item(house: House) -> Sent:
    fields = {"request_id": str(uuid.uuid4()), "kind": "shirt", "name": "เสื้อ", "price": "250", "stock": "10"}
    return Sent(house.cast.committee, f"/money-in/events/{_event(house)}/items/new/", fields)


def in_kind(house: House) -> Sent:
    what = {"description": "ข้าวสาร 5 ถุง", "said_value": "600"}
    return replace(pledge(house), path=f"/money-in/events/{_event(house)}/in-kind/new/").with_fields(**what)


def envelope_back(house: House) -> Sent:
    who = {"by": house.cast.committee, "today": house.cast.today, "now": NOW, "request_id": uuid.uuid4()}
    fair = Campaign.objects.get(pk=_event(house))
    issue_envelopes(campaign=fair, first=1, last=1, issued_to="ผู้นำ สมมติ", issued_on=date(2020, 10, 1), **who)
    return _money(house, f"events/{fair.pk}/envelopes/return/", number="1", amount="100", name="")


def opening_cutover(house: House) -> Sent:
    fields = {"request_id": str(uuid.uuid4())} | day("cutover_on", date(2019, 12, 31))
    return Sent(house.cast.treasurer, "/opening/cut-over/", fields)


def opening_place(house: House) -> Sent:
    return Sent(house.cast.treasurer, "/opening/money/1010/", {"request_id": str(uuid.uuid4()), "amount": "500"})


def opening_totals(house: House) -> Sent:
    return Sent(house.cast.treasurer, "/opening/totals/income/", {"request_id": str(uuid.uuid4()), "baht_4110": "500"})


def _sheet(house: House) -> CollectionSheet:
    leader = house.cast.leader
    sheet = open_sheet(community=house.cast.home, **house.acting(leader))
    facts = {"amount": Decimal("365.00"), "paid_on": date(2020, 10, 20), "by": leader, "today": house.cast.today}
    write_line(sheet=sheet, member=house.debtor, **facts)
    return sheet


def _submitted_sheet(house: House) -> CollectionSheet:
    return submit_sheet(sheet=_sheet(house), **house.acting(house.cast.leader))


def sheet_line(house: House) -> Sent:
    sheet = open_sheet(community=house.cast.home, **house.acting(house.cast.leader))
    path = f"/money-in/sheets/2563/{sheet.number}/"
    return Sent(house.cast.leader, path, day("date", date(2020, 10, 20)) | {"pay": f"{house.debtor.number}:365.00"})


def sheet_open(house: House) -> Sent:
    fields = {"request_id": str(uuid.uuid4()), "community": house.cast.home.number}
    return Sent(house.cast.leader, "/money-in/sheets/open/", fields)


def sheet_submit(house: House) -> Sent:
    path = f"/money-in/sheets/2563/{_sheet(house).number}/submit/"
    return Sent(house.cast.leader, path, {"request_id": str(uuid.uuid4())})


def sheet_accept(house: House) -> Sent:
    path = f"/money-in/sheets/2563/{_submitted_sheet(house).number}/accept/"
    typed = {"request_id": str(uuid.uuid4()), "counted": "360", "difference_reason": "ทอนเกิน 5 บาท"}
    return Sent(house.cast.treasurer, path, typed)


def _receipt(house: House) -> Receipt:
    who = house.acting(house.cast.treasurer)
    membership = house.debtor.memberships.get()
    return record_dues(
        membership=membership,
        covers_from=[date(2020, 1, 1)],
        paid_on=date(2020, 10, 20),
        bank_account=None,
        **who,
    )


def void_receipt(house: House) -> Sent:
    path = f"/money-in/receipts/2563/{_receipt(house).number}/void/"
    return Sent(house.cast.treasurer, path, {"request_id": str(uuid.uuid4()), "reason": "พิมพ์ผิดคน"})


def _handed_over(house: House) -> Receipt:
    facts = {"sheet": _submitted_sheet(house), "counted": Decimal("365.00"), "difference_reason": ""}
    accept_sheet(**facts, **house.acting(house.cast.treasurer))
    return Receipt.objects.get(member=house.debtor)


def ask_void(house: House) -> Sent:
    path = f"/money-in/receipts/2563/{_handed_over(house).number}/void/"
    return Sent(house.cast.treasurer, path, {"request_id": str(uuid.uuid4()), "reason": "พิมพ์ผิดคน"})


def confirm_void(house: House) -> Sent:
    receipt = _handed_over(house)
    ask_to_void(receipt=receipt, reason="พิมพ์ผิดคน", **house.acting(house.cast.treasurer))
    return Sent(house.cast.committee, f"/money-in/receipts/2563/{receipt.number}/void/confirm/", {})


def void_voucher(house: House) -> Sent:
    send(cost(house))
    path = f"/money-in/vouchers/2563/{PaymentVoucher.objects.get().number}/void/"
    return Sent(house.cast.treasurer, path, {"request_id": str(uuid.uuid4()), "reason": "จ่ายซ้ำ"})


def claim_path(claim: Claim, button: str = "") -> str:
    return f"/claims/{claim.year_be}/{claim.number}/{button}"


def claim(house: House) -> Sent:
    days = day("event_from", date(2020, 10, 5)) | day("event_until", date(2020, 10, 8))
    days |= day("received_on", date(2020, 10, 9))
    fields = days | {"request_id": str(uuid.uuid4()), "note": "มาด้วยรถสองแถว", "consent": "on"}
    return Sent(house.cast.leader, f"/members/{house.cast.member.number}/claim/hospital-night/", fields)


def career_claim(house: House) -> Sent:
    days = day("event_from", date(2020, 10, 5)) | day("received_on", date(2020, 10, 9))
    fields = days | {"request_id": str(uuid.uuid4()), "proposed_amount": "2500", "note": "ทำขนมขาย"}
    return Sent(house.cast.leader, f"/members/{house.cast.member.number}/claim/career-grant/", fields)


def submit_claim(house: House) -> Sent:
    return Sent(house.cast.leader, claim_path(house.cast.drafted(), "submit/"), {})


def verify(house: House) -> Sent:
    path = claim_path(house.cast.submitted(), "verify/")
    return Sent(house.cast.registrar, path, {"papers_seen": ["hospital-certificate"]})


def give_back(house: House) -> Sent:
    return Sent(house.cast.registrar, claim_path(house.cast.submitted(), "return/"), {"reason": "ใบรับรองอ่านไม่ออก"})


def cancel(house: House) -> Sent:
    return Sent(house.cast.leader, claim_path(house.cast.submitted(), "cancel/"), {"reason": "เข้าใจผิด"})


def decide(house: House) -> Sent:
    found = house.cast.verified()
    path = f"/meetings/committee/2563/{house.cast.meeting.number}/"
    fields = {f"verdict_{found.pk}": "approve", f"reason_{found.pk}": "", "request_id": str(uuid.uuid4())}
    return Sent(house.cast.committee, path, fields)


def decide_sum(house: House) -> Sent:
    facts = event("career-grant", proposed_amount=Decimal("2500.00"))
    found = house.cast.verified(event=facts)
    path = f"/meetings/committee/2563/{house.cast.meeting.number}/"
    fields = {f"verdict_{found.pk}": "approve", f"reason_{found.pk}": "เห็นสมควร", f"amount_{found.pk}": "2000"}
    return Sent(house.cast.committee, path, fields | {"request_id": str(uuid.uuid4())})


def pay(house: House) -> Sent:
    found = house.cast.decided()
    fields = {
        "account": house.box.pk,
        "means": "cash",
        "recipient_name": found.recipient_name,
        "witness": "นายพยาน สมมติ",
        "request_id": str(uuid.uuid4()),
    }
    return Sent(house.cast.treasurer, claim_path(found, "pay/"), fields | day("date", date(2020, 11, 1)))


def reverse_payment(house: House) -> Sent:
    voucher = house.cast.pay(house.cast.decided())
    fields = {"reason": "จ่ายผิดคน", "request_id": str(uuid.uuid4())}
    return Sent(house.cast.treasurer, f"/vouchers/2563/{voucher.number}/reverse/", fields)


def confirm_reversal(house: House) -> Sent:
    voucher = house.cast.pay(house.cast.decided())
    ask_to_reverse_payment(voucher=voucher, reason="จ่ายผิดคน", **house.acting(house.cast.treasurer))
    return Sent(house.cast.committee, f"/vouchers/2563/{voucher.number}/reverse/confirm/", {})


def death(house: House) -> Sent:
    fields = day("on", date(2020, 10, 20)) | day("received_on", date(2020, 10, 25))
    fields |= {"recipient_name": "นายผู้รับ สมมติสกุล", "recipient_relation": "child", "request_id": str(uuid.uuid4())}
    return Sent(house.cast.leader, f"/members/{house.cast.member.number}/death/", fields)


def enrol(house: House) -> Sent:
    person = {"title": "นาง", "first_name": "สมมติ", "family_name": "ใจดี", "sex": "f", "id_kind": "citizen"}
    lives = {"community": house.cast.home.pk, "house_number": "12/3", "national_id": FREE_ID}
    days = day("birth_date", date(1984, 2, 29)) | day("joined_on", date(2020, 10, 20))
    return Sent(house.cast.registrar, "/members/enrol/", {"request_id": str(uuid.uuid4())} | person | lives | days)


def meeting(house: House) -> Sent:
    fields = day("held_on", date(2020, 11, 1)) | {"place": "ศาลาประชาคม", "present": "นายประธาน สมมติ, ประธาน"}
    return Sent(house.cast.committee, "/meetings/new/", fields | {"request_id": str(uuid.uuid4())})


Filled = Callable[[House], Sent]
