"""The pages of money out, as each role meets them."""

import re
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from ledger.accounts import account
from ledger.models import AccountRole, PaymentVoucher
from members.models import Meeting, Member
from office.models import ReadingLog, User
from tests.factories import MemberFactory, make_user
from tests.welfare.cast import event
from welfare.models import Claim


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def day(name: str, value: date) -> dict[str, str]:
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year + 543)}


def stay_form(admitted=date(2020, 10, 5), discharged=date(2020, 10, 8), **changes) -> dict[str, str]:
    days = day("event_from", admitted) | day("event_until", discharged) | day("received_on", date(2020, 10, 9))
    return days | {"request_id": str(uuid.uuid4())} | changes


def claim_path(claim: Claim, name: str = "claim") -> str:
    return reverse(f"welfare:{name}", args=[claim.year_be, claim.number])


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_leader_chooses_in_her_own_list(cast):
    stranger = MemberFactory(community=cast.away, first_name="ต่างถิ่น")
    page = text_of(browser_of(cast.leader).get("/claims/new/"))
    assert cast.member.full_name in page
    assert stranger.full_name not in page
    assert stranger.full_name not in text_of(browser_of(cast.leader).get("/claims/new/", {"q": "ต่างถิ่น"}))


def test_the_kinds_are_those_of_the_regulation(cast):
    page = text_of(browser_of(cast.leader).get("/members/101/claim/"))
    assert page.count('class="tile"') == 10
    assert "Nights in hospital of a mother" in page


def test_a_claim_is_sent_from_the_form(cast):
    answer = browser_of(cast.leader).post("/members/101/claim/hospital-night/", stay_form())
    claim = Claim.objects.get()
    assert (answer.status_code, answer.url) == (302, claim_path(claim))
    assert (claim.state, claim.amount, claim.entered_by) == ("submitted", Decimal("300.00"), cast.leader)


def test_a_double_click_sends_one_claim(cast):
    client, form = browser_of(cast.leader), stay_form()
    first = client.post("/members/101/claim/hospital-night/", form)
    second = client.post("/members/101/claim/hospital-night/", form)
    assert (first.url, Claim.objects.count()) == (second.url, 1)


def test_a_draft_is_kept_and_sent_later(cast):
    client = browser_of(cast.leader)
    client.post("/members/101/claim/hospital-night/", stay_form(draft="1"))
    claim = Claim.objects.get()
    assert claim.state == "draft"
    client.post(claim_path(claim, "submit"))
    claim.refresh_from_db()
    assert claim.state == "submitted"


def test_what_it_comes_to_is_shown_while_typing(cast):
    page = text_of(browser_of(cast.leader).post("/members/101/claim/hospital-night/preview/", stay_form()))
    assert "3 nights" in page
    assert "300.00" in page
    assert "3 nights × 100 baht = 300 baht." in page
    assert Claim.objects.count() == 0


def test_the_nights_are_said_in_thai(cast):
    client = browser_of(cast.leader)
    client.cookies["django_language"] = "th"
    assert "นอน 3 คืน" in text_of(client.post("/members/101/claim/hospital-night/preview/", stay_form()))


def test_the_preview_names_what_is_still_missing(cast):
    page = text_of(browser_of(cast.leader).post("/members/101/claim/hospital-night/preview/", {}))
    assert "Admitted to hospital on, Discharged on" in page


def test_without_scripts_the_form_reckons_and_keeps_what_was_typed(cast):
    form = stay_form(look="1", note="came by bus")
    page = text_of(browser_of(cast.leader).post("/members/101/claim/hospital-night/", form))
    assert "3 nights × 100 baht = 300 baht." in page
    assert "came by bus" in page
    assert Claim.objects.count() == 0


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            day("event_until", date(2020, 10, 1)),
            "The last day, 1 October 2563, is before the first, 5 October 2563. Correct one of them.",
        ),
        (day("event_from", date(2020, 11, 2)), "2 Nov 2563 is after today, 1 Nov 2563. Write an earlier day."),
        ({"event_from_year": "2020"}, "2020"),
        ({"event_from_day": "31", "event_from_month": "2"}, "There is no 31 February 2563: that month has 29 days."),
    ],
)
def test_bad_days_are_answered_at_the_field_and_the_rest_stays(cast, facts, sentence):
    form = stay_form(note="came by bus") | facts
    page = text_of(browser_of(cast.leader).post("/members/101/claim/hospital-night/", form))
    assert sentence in page
    assert "came by bus" in page
    assert Claim.objects.count() == 0


def test_the_same_claim_twice_is_refused_with_the_first_number(cast):
    first = cast.submitted()
    page = text_of(browser_of(cast.leader).post("/members/101/claim/hospital-night/", stay_form()))
    assert f"already has claim {first.label} for this benefit and this day" in page


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("birth-gift", {"child_name": "ด.ช.หนึ่ง สมมติสกุล"}),
        ("birth-mother-nights", day("event_until", date(2020, 10, 7))),
        ("hospital-night", day("event_until", date(2020, 10, 7))),
        ("scholarship", {"child_name": "ด.ช.หนึ่ง สมมติสกุล"} | day("child_birth_date", date(2010, 1, 1))),
        ("career-grant", {"proposed_amount": "๒,๕๐๐"}),
        ("housing-repair", {}),
        ("disaster-relief", {"event_key": "น้ำท่วม ต.ค. 2563", "grade": "minor"}),
        ("death-grant", {"recipient_name": "นายผู้รับ สมมติสกุล", "recipient_relation": "child"}),
    ],
)
def test_every_kind_is_entered_through_the_same_form(cast, code, facts):
    form = day("event_from", date(2020, 10, 5)) | day("received_on", date(2020, 10, 9)) | facts
    client, address = browser_of(cast.leader), f"/members/101/claim/{code}/"
    if code == "death-grant":  # of who lives by the register nobody asks it: the death is reported first
        assert client.post(address, form | {"request_id": str(uuid.uuid4())})["Location"] == "/members/101/death/"
        Member.objects.filter(number=101).update(died_on=date(2020, 10, 5))
    client.post(address, form | {"request_id": str(uuid.uuid4())})
    claim = Claim.objects.get()
    assert (claim.benefit_code, claim.state) == (code, "submitted")


def test_the_grades_of_damage_stand_from_the_least_to_the_most(cast):
    page = text_of(browser_of(cast.leader).get("/members/101/claim/disaster-relief/"))
    assert re.findall(r"(\w+ damage|total loss) – ([\d,.]+) baht", page) == [
        ("minor damage", "500.00"),
        ("major damage", "1,500.00"),
        ("total loss", "3,000.00"),
    ]


@pytest.mark.parametrize("code", ["elderly-gift", "disadvantaged-aid"])
def test_kinds_by_list_are_entered_one_by_one_too(cast, code):
    old = MemberFactory(community=cast.home, number=202, birth_date=date(1950, 1, 1))
    old.group_flags.create(group="disabled", since=date(2015, 1, 1))
    form = day("event_from", date(2020, 10, 5)) | day("received_on", date(2020, 10, 9))
    client = browser_of(cast.leader)
    client.post(f"/members/202/claim/{code}/", form | {"request_id": str(uuid.uuid4())})
    assert Claim.objects.get().state == "submitted"


def test_after_a_birth_gift_the_mothers_nights_are_offered(cast):
    gift = event("birth-gift", child_name="ด.ช.หนึ่ง สมมติสกุล", child_birth_date=date(2020, 10, 5))
    claim = cast.submitted(event=gift)
    page = text_of(browser_of(cast.leader).get(claim_path(claim)))
    offer = "/members/101/claim/birth-mother-nights/?event_from=2020-10-05&amp;received_on=2020-10-05"
    assert offer in page
    assert 'value="5"' in text_of(browser_of(cast.leader).get(offer.replace("&amp;", "&")))


def test_the_registrar_checks_the_oldest_first(cast):
    cast.submitted()
    older = cast.submitted(member=MemberFactory(community=cast.away), event=event("death-grant", recipient_name="นางก"))
    client = browser_of(cast.registrar)
    page = text_of(client.get("/claims/to-check/"))
    assert "2 claims, together" in page
    assert page.index(older.label) < page.index("2563/000001")


def test_the_registrar_verifies_with_ticks(cast):
    claim = cast.submitted()
    client = browser_of(cast.registrar)
    answer = client.post(claim_path(claim, "verify"), {"papers_seen": ["hospital-certificate"]})
    claim.refresh_from_db()
    assert (answer.url, claim.state) == ("/claims/to-check/", "verified")


def test_returning_without_a_reason_is_refused_on_the_page(cast):
    claim = cast.submitted()
    client = browser_of(cast.registrar)
    assert "This field is required." in text_of(client.post(claim_path(claim, "return"), {"reason": " "}))
    client.post(claim_path(claim, "return"), {"reason": "the certificate is unreadable"})
    claim.refresh_from_db()
    assert claim.state == "draft"
    told = "<strong>Returned for correction:</strong> the certificate is unreadable"
    for page in ("claim", "change"):
        assert told in text_of(browser_of(cast.leader).get(claim_path(claim, page)))


def test_a_refused_claim_says_so_as_an_alert(cast):
    form = stay_form() | {"request_id": str(uuid.uuid4())}
    client = browser_of(cast.leader)
    client.post("/members/101/claim/hospital-night/", form)
    page = text_of(client.post("/members/101/claim/hospital-night/", form | {"request_id": str(uuid.uuid4())}))
    assert '<div class="alert alert-danger" role="alert">' in page


def test_a_returned_claim_is_corrected_through_the_form(cast):
    claim = cast.drafted()
    client = browser_of(cast.leader)
    assert 'value="2563"' in text_of(client.get(claim_path(claim, "change")))
    client.post(claim_path(claim, "change"), stay_form(date(2020, 10, 4)))
    claim.refresh_from_db()
    assert (claim.state, claim.amount) == ("submitted", Decimal("400.00"))


def test_the_committee_decides_at_a_meeting_it_opened(cast):
    claim = cast.verified()
    client = browser_of(cast.committee)
    page = text_of(client.get("/meetings/"))
    assert ("300.00 baht" in page, "99,700.00 baht" in page) == (True, True)
    names = "ประธาน สมมติ, ประธาน\nกรรมการ ก\nกรรมการ ข"
    facts = day("held_on", date(2020, 11, 1)) | {"present": names, "request_id": str(uuid.uuid4())}
    answer = client.post("/meetings/new/", facts)
    meeting = Meeting.objects.order_by("-id").first()
    assert answer.url == f"/meetings/committee/2563/{meeting.number}/"
    assert meeting.present[0] == {"name": "ประธาน สมมติ", "post": "ประธาน", "user": None}
    decision = {f"verdict_{claim.pk}": "approve", f"reason_{claim.pk}": "", "request_id": str(uuid.uuid4())}
    assert client.post(answer.url, decision).status_code == 302
    claim.refresh_from_db()
    assert (claim.state, claim.resolution.meeting) == ("approved", meeting)
    assert claim.label in text_of(client.get(answer.url))


def test_a_rejection_without_a_reason_is_told_at_its_row(cast):
    claim = cast.verified()
    path = f"/meetings/committee/2563/{cast.meeting.number}/"
    decision = {f"verdict_{claim.pk}": "reject", f"reason_{claim.pk}": "", "request_id": str(uuid.uuid4())}
    page = text_of(browser_of(cast.committee).post(path, decision))
    assert "Nothing was decided yet" in page
    assert "Say why; the reason stays with the claim" in page


def test_the_treasurer_pays_and_prints(cast):
    claim = cast.decided()
    client = browser_of(cast.treasurer)
    assert claim.label in text_of(client.get("/claims/to-pay/"))
    assert "holds 100,000.00 baht" in text_of(client.get(claim_path(claim, "pay")))
    form = pay_form(claim)
    answer = client.post(claim_path(claim, "pay"), form)
    again = client.post(claim_path(claim, "pay"), form)
    voucher = PaymentVoucher.objects.get()
    assert answer.url == again.url == f"/vouchers/2563/{voucher.number}/"
    assert "300.00" in text_of(client.get(answer.url))
    pdf = client.get(f"/vouchers/2563/{voucher.number}.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")


def pay_form(claim: Claim, **changes) -> dict[str, str]:
    facts = {
        "account": str(account(AccountRole.CASH).pk),
        "means": "cash",
        "recipient_name": claim.recipient_name,
        "request_id": str(uuid.uuid4()),
    }
    return facts | day("date", date(2020, 11, 1)) | changes


def test_a_second_treasurer_is_told_who_paid(cast):
    claim = cast.decided()
    cast.pay(claim)
    page = text_of(browser_of(make_user("treasurer")).post(claim_path(claim, "pay"), pay_form(claim)))
    assert f"{cast.treasurer.display_name} paid claim {claim.label} on 1 November 2563" in page


def test_a_beneficiarys_wrong_id_number_is_told_at_the_field(cast):
    claim = cast.decided(event=event("death-grant"))
    client = browser_of(cast.treasurer)
    asked = f"Ask for the ID card of {claim.recipient_name} and write its 13 digits"
    assert asked in text_of(client.get(claim_path(claim, "pay")))
    page = text_of(
        client.post(claim_path(claim, "pay"), pay_form(claim, national_id="1000000000001", witness="นายพยาน"))
    )
    assert "Compare it with the card" in page
    assert "นายพยาน" in page
    assert PaymentVoucher.objects.count() == 0


def test_a_voucher_shows_an_id_number_only_in_part(cast):
    voucher = cast.pay(cast.decided(event=event("death-grant")))
    page = text_of(browser_of(cast.auditor).get(f"/vouchers/2563/{voucher.number}/"))
    assert "1-0000-XXXXX-XX-9" in page
    assert "1000000000009" not in page


def test_a_death_ends_the_membership_and_opens_the_claim(cast):
    facts = day("on", date(2020, 10, 20)) | day("received_on", date(2020, 10, 25))
    facts |= {"recipient_name": "นายผู้รับ สมมติสกุล", "recipient_relation": "child", "request_id": str(uuid.uuid4())}
    client = browser_of(cast.leader)
    assert "นายผู้รับ สมมติสกุล" in text_of(client.get("/members/101/death/"))
    answer = client.post("/members/101/death/", facts)
    again = client.post("/members/101/death/", facts)
    claim = Claim.objects.get()
    cast.member.refresh_from_db()
    assert answer.url == again.url == "/members/101/death/"
    assert claim_path(claim) in text_of(client.get(answer.url))
    assert (cast.member.died_on, claim.state, claim.benefit_code) == (date(2020, 10, 20), "draft", "death-grant")
    client.post(claim_path(claim, "submit"))
    claim.refresh_from_db()
    assert (claim.state, claim.amount) == ("submitted", Decimal("8000.00"))


def test_a_members_page_says_what_she_would_be_entitled_to(cast):
    cast.submitted()
    page = text_of(browser_of(cast.registrar).get("/members/101/"))
    assert "Paid up" in page
    assert "100.00 / night" in page
    assert "up to 5,000.00" in page
    assert "นายผู้รับ สมมติสกุล" in page
    assert "2563/000001" in page
    assert ReadingLog.objects.get().subject_id == cast.member.pk


def test_the_auditor_reads_and_has_no_buttons(cast):
    client = browser_of(cast.auditor)
    claim = cast.verified()
    for path in ("/claims/", "/claims/to-check/", "/claims/to-pay/", "/meetings/", "/members/101/", claim_path(claim)):
        answer = client.get(path)
        assert (answer.status_code, main_forms(answer)) == (200, 0), path


def main_forms(answer) -> int:
    """Forms that post, within the page itself."""
    page = answer.content.decode()
    return page[page.index("<main") :].count('method="post"')
