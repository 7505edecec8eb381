"""What the fund keeps of a person, all of it on one paper, at her request (PDPA, section 30)."""

import uuid
from datetime import date

import pytest
from django.test import Client

from bansong_fund.lib.national_id import encrypt_id, format_full, with_check_digit
from ledger.models import Account, AccountRole
from members.models import Beneficiary, Child, Consent, GroupFlag, Guardian, NameChange, OpeningDrawn, OpeningFacts
from members.timeline import papers_of
from office.attachments import may_see
from office.models import Attachment, ReadingLog
from tests.factories import MemberFactory, make_user
from tests.pdf_reading import pdfium_text, silent_weasyprint  # noqa: F401 - a warning fails the test
from welfare.models import BenefitList, ListLine, PaymentList, PaymentListLine

AN_ID = with_check_digit("100123456789")


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def ask(client: Client, number: int = 101, **changes: str):
    sent = {"request_id": str(uuid.uuid4()), "reason": "Asked in person", "language": "en", **changes}
    return client.post(f"/members/{number}/personal-data/", sent)


@pytest.fixture
def known(cast):
    """The cast's member with a row of every kind."""
    member = cast.member
    member.national_id_encrypted, member.phone, member.occupation = encrypt_id(AN_ID), "0812345678", "ทำสวน"
    member.save()
    day = date(2020, 1, 1)
    names = {"title": "นาง", "first_name": member.first_name, "family_name": member.family_name}
    NameChange.objects.create(
        member=member, changed_on=day, old_title="นางสาว", old_first_name="ชื่อเก่า", old_family_name="สมมติ", **names
    )
    Beneficiary.objects.create(member=member, name="ผู้รับ สมมติ", relation="child", named_on=day)
    Child.objects.create(parent=member, name="ลูก สมมติ", birth_date=date(2015, 5, 5))
    Guardian.objects.create(member=member, name="ผู้ปกครอง สมมติ", relation="mother", since=day)
    GroupFlag.objects.create(member=member, group="disadvantaged", since=day, shown_by="หนังสือรับรอง")
    Consent.objects.create(member=member, kind="photo", given_on=day)
    double = MemberFactory(number=909, community=member.community, merged_into=member, joined_on=None)
    OpeningFacts.objects.create(member=double, as_of=day, rounds_matched=2)
    OpeningDrawn.objects.create(member=double, as_of=day, benefit_code="hospital", life_times=4, life_baht=4321)
    Attachment.objects.create(
        owner_kind="member",
        owner_id=double.pk,
        purpose="resignation",
        original_name="letter-909.pdf",
        stored_name="nowhere",
        size=1,
        content_type="application/pdf",
        uploaded_by=cast.registrar,
    )
    claim = cast.submitted()
    account = Account.objects.get(role=AccountRole.BANK)
    paid = PaymentList.objects.create(
        year_be=2563, number=1, kind="bank", account=account, made_on=day, made_by=cast.treasurer
    )
    sent_to = {"bank": "ธ.ก.ส.", "account_name": "ชื่อบัญชี สมมติ", "account_number_encrypted": encrypt_id("0201234567")}
    PaymentListLine.objects.create(payment_list=paid, claim=claim, amount=300, outcome="failed", reason="x", **sent_to)
    asked = {
        "year_be": 2563,
        "number": 7,
        "title": "บัญชีน้ำท่วม",
        "benefit_code": "disaster-relief",
        "category": "disaster",
    }
    opened = BenefitList.objects.create(
        **asked, regulation=claim.regulation, event_on=day, opened_by=cast.registrar, opened_on=day
    )
    struck = {"struck_by": cast.leader, "struck_reason": "บ้านไม่ท่วม"}
    ListLine.objects.create(benefit_list=opened, community=member.community, member=double, **struck)
    return member


def test_the_paper_holds_a_row_of_every_kind(cast, known) -> None:
    response = ask(client_of(cast.registrar))
    text = pdfium_text(response.content)
    said = [
        *("ชื่อเก่า", "ผู้รับ สมมติ", "ลูก สมมติ", "ผู้ปกครอง สมมติ", "หนังสือรับรอง", "Showing photographs", "909"),
        *(format_full(AN_ID), "081-234-5678", "ทำสวน", "Membership", "Claims", "Asked in person"),
        *("Before this program", "4,321", "letter-909.pdf"),
        *("ธ.ก.ส.", "xxx-4567", "ชื่อบัญชี สมมติ", "บัญชีน้ำท่วม", "Struck out: บ้านไม่ท่วม"),
    ]
    assert response["Content-Type"] == "application/pdf"
    assert [words for words in said if words not in text] == []
    assert "0201234567" not in text


def test_papers_of_a_double_are_seen_where_the_person_is(cast, known) -> None:
    paper = Attachment.objects.get(owner_kind="member")
    away = make_user("leader", community=cast.away)
    assert list(papers_of(known)) == [paper]
    assert [may_see(user, paper) for user in (cast.registrar, cast.leader, away)] == [True, True, False]


def test_it_is_written_down_who_made_it_and_why(cast, known) -> None:
    ask(client_of(cast.registrar))
    lines = ReadingLog.objects.filter(subject_kind="member").order_by("id").values_list("what", "reason", "user")
    assert list(lines) == [
        ("personal-data", "Asked in person", cast.registrar.pk),
        ("national-id", "Paper with all personal data", cast.registrar.pk),
    ]


def test_without_saying_whose_request_it_is_nothing_is_made(cast, known) -> None:
    response = ask(client_of(cast.registrar), reason=" ")
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["reason"])
    assert ReadingLog.objects.count() == 0


@pytest.mark.parametrize("role", ["leader", "committee", "treasurer", "auditor", "administrator"])
def test_only_the_registrar_makes_it(cast, role) -> None:
    assert ask(client_of(make_user(role))).status_code == 403


def test_a_double_that_was_merged_and_a_number_that_nobody_has_are_not_found(cast, known) -> None:
    client = client_of(cast.registrar)
    assert [ask(client, number=number).status_code for number in (909, 99999)] == [404, 404]


def test_the_thai_paper_speaks_thai(cast, known) -> None:
    text = pdfium_text(ask(client_of(cast.registrar), language="th").content)
    assert "เลขทะเบียนสมาชิก" in text


@pytest.mark.parametrize("page", ["death", "notice", "house", "groups", "history"])
def test_whoever_opens_a_page_about_her_is_written_down(cast, known, page) -> None:
    assert client_of(cast.registrar).get(f"/members/101/{page}/").status_code == 200
    assert list(ReadingLog.objects.values_list("user", "subject_kind", "subject_id", "what")) == [
        (cast.registrar.pk, "member", known.pk, "page")
    ]
