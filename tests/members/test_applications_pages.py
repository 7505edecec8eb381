"""The pages of applications: who sees which, what the form does with what is typed, how much they ask."""

import io
import uuid
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from PIL import Image

from bansong_fund.lib.national_id import id_digest, with_check_digit
from members.models import Application, Fund
from office.models import Attachment, ReadingLog
from office.roles import Role
from tests.factories import MemberFactory, make_user
from tests.members.test_applications import enter, leader  # noqa: F401 - fixtures

AN_ID = with_check_digit("100123456789")
HOSTILE = "<script>alert(1)</script>"


def client_of(user) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(user)
    return client


def typed(**changes: object) -> dict[str, object]:
    return {
        "request_id": str(uuid.uuid4()),
        "applied_on_day": "1",
        "applied_on_month": "11",
        "applied_on_year": "2563",
        "title": "นาง",
        "first_name": "สมัคร",
        "family_name": "ใจดี",
        "sex": "f",
        "birth_date_year": "2527",
        "nationality": "ไทย",
        "id_kind": "citizen",
        "national_id": AN_ID,
        "house_number": "12/3",
        "beneficiary_name_1": "นายลูก ใจดี",
        "beneficiary_relation_1": "child",
        "pay_every": "year",
        "knows_rules": "on",
        "notice": "on",
        **changes,
    }


def photograph(name: str = "card.jpg") -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, "JPEG")
    file.seek(0)
    file.name = name
    return file


def address(application: Application, name: str = "application") -> str:
    return reverse(f"members:{name}", args=[application.year_be, application.number])


# --- entering -----------------------------------------------------------------------------------------------


def test_a_leader_enters_certifies_and_hands_papers_in_at_once(leader, first) -> None:  # noqa: F811
    form = typed(
        community=str(first.pk), certified="on", consents=["photo"], papers=[photograph(), photograph("b.jpg")]
    )
    answer = client_of(leader).post(reverse("members:apply"), form)
    application = Application.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, address(application))
    assert (application.state, application.birth_precision, application.birth_date) == (
        "certified",
        "year",
        date(1984, 1, 1),
    )
    assert application.consents == ["notice", "photo"]
    assert application.beneficiaries[0]["share_percent"] == 100
    assert list(Attachment.objects.values_list("owner_kind", "owner_id")) == [("application", application.pk)] * 2


def test_a_double_click_enters_once(leader, first) -> None:  # noqa: F811
    form = typed(community=str(first.pk))
    for _ in range(2):
        client_of(leader).post(reverse("members:apply"), form)
    assert Application.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"knows_rules": ""}, "knows_rules"),
        ({"notice": ""}, "notice"),
        ({"beneficiary_name_1": ""}, "beneficiary_name_1"),
        ({"beneficiary_share_1": "60"}, "beneficiary_share_1"),
        ({"beneficiary_share_1": "101"}, "beneficiary_share_1"),
        ({"beneficiary_share_2": "50"}, "beneficiary_name_2"),
        ({"birth_date_year": "2560"}, "guardian_name"),
        ({"birth_date_year": "2570"}, "birth_date"),
        ({"national_id": ""}, "national_id"),
        ({"national_id": "1001234567891"}, "national_id"),
        ({"first_dues_baht": "365"}, "first_dues_on"),
        ({"first_dues_baht": "many"}, "first_dues_baht"),
        ({"former_number": "99"}, "former_number"),
        ({"former_number": "9" * 30}, "former_number"),
        ({"first_name": "สม😀ัคร"}, "first_name"),
        ({"first_name": "ก" * 500}, "first_name"),
        ({"first_name": HOSTILE}, "first_name"),
        ({"community": "987654"}, "community"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(leader, first, changes, field) -> None:  # noqa: F811
    answer = client_of(leader).post(reverse("members:apply"), typed(community=str(first.pk)) | changes)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert 'value="ใจดี"' in answer.content.decode()
    assert Application.objects.count() == 0


def test_a_house_is_written_down_in_one_spelling_and_a_title_in_letters(leader, first) -> None:  # noqa: F811
    client, house = client_of(leader), {"community": str(first.pk), "house_number": " ๑๒ / ๓", "moo": "๔ ใน"}
    client.post(reverse("members:apply"), typed(**house))
    application = Application.objects.get()
    assert (application.house_number, application.moo) == ("12/3", "4 ใน")
    answer = client.post(reverse("members:apply"), typed(**house, title="นาง😀"))
    assert list(answer.context["form"].errors) == ["title"]


def test_a_leader_writes_for_no_other_community(leader, first, second) -> None:  # noqa: F811
    answer = client_of(leader).post(reverse("members:apply"), typed(community=str(second.pk)))
    assert list(answer.context["form"].errors) == ["community"]


def test_a_person_who_is_like_a_member_is_shown_before_anything_is_entered(leader, first) -> None:  # noqa: F811
    MemberFactory(
        number=12, community=first, first_name="สมัคร", family_name="ใจดี", birth_date=date(1984, 5, 1), title="นาง"
    )
    client, form = client_of(leader), typed(community=str(first.pk))
    shown = client.post(reverse("members:apply"), form)
    assert (shown.status_code, Application.objects.count()) == (200, 0)
    assert [one.member.number for one in shown.context["like"].members] == [12]
    client.post(reverse("members:apply"), form | {"another_person": "on"})
    page = client.get(address(Application.objects.get()))
    assert "Possible double of" in page.content.decode()


def test_a_former_member_is_offered_her_old_number(leader, first) -> None:  # noqa: F811
    from tests.members.test_applications import gone_member

    gone_member(first, number=12, national_id_digest=id_digest(AN_ID))
    client, form = client_of(leader), typed(community=str(first.pk), another_person="on")
    offered = client.post(reverse("members:apply"), form)
    assert "12" in offered.context["form"].errors["former_number"][0]
    client.post(reverse("members:apply"), form | {"former_number": "12"})
    assert Application.objects.get().former_member.number == 12


def test_without_a_regulation_the_form_says_so_and_nothing_breaks(leader, first) -> None:  # noqa: F811
    Fund.objects.update(demo_day=date(2009, 1, 1))  # before the regulation's first day
    answer = client_of(leader).get(reverse("members:apply"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("members:applications"))


def test_a_withdrawn_application_is_entered_anew_without_typing_it_again(enter, leader) -> None:  # noqa: F811
    client, old = client_of(leader), enter(nickname="หมาย")
    client.post(address(old, "withdraw_application"), {"reason": "เขียนผิด"})
    form = client.get(reverse("members:apply"), {"again": f"{old.year_be}-{old.number}"}).context["form"]
    assert (form["nickname"].value(), form["national_id"].value(), form["notice"].value()) == ("หมาย", None, False)


# --- correcting ---------------------------------------------------------------------------------------------


def test_a_correction_keeps_the_id_and_does_not_show_it(enter, leader, first) -> None:  # noqa: F811
    application, client = enter(), client_of(leader)
    page = client.get(address(application, "correct_application")).content.decode()
    assert (AN_ID in page, f"1-0012-XXXXX-XX-{AN_ID[-1]}" in page) == (False, True)
    form = typed(community=str(first.pk), national_id="", family_name="ใจงาม")
    answer = client.post(address(application, "correct_application"), form)
    assert answer.status_code == 302
    application.refresh_from_db()
    assert (application.family_name, application.national_id_digest) == ("ใจงาม", id_digest(AN_ID))


# --- who sees what ------------------------------------------------------------------------------------------

PAGES = ["application", "application_pdf", "correct_application"]
BUTTONS = ["certify", "withdraw_application", "add_application_papers"]


def test_an_application_of_another_community_is_not_there_for_a_leader(enter, second) -> None:  # noqa: F811
    application, client = enter(), client_of(make_user("leader", community=second))
    assert [client.get(address(application, name)).status_code for name in PAGES] == [404] * 3
    assert [client.post(address(application, name)).status_code for name in BUTTONS] == [404] * 3
    assert client.get(reverse("members:applications")).context["rows"] == []
    assert client.get(reverse("members:blank_application_pdf"), {"community": "1"}).status_code == 404


def test_a_paper_is_read_by_those_who_see_the_application(enter, leader, first, second) -> None:  # noqa: F811
    application = enter()
    form = {"request_id": str(uuid.uuid4()), "papers": photograph()}
    assert client_of(leader).post(address(application, "add_application_papers"), form).status_code == 302
    paper = reverse("office:attachment", args=[Attachment.objects.get().pk])
    other = make_user("leader", community=second)
    readers = [leader, make_user("committee"), other, make_user("administrator")]
    answers = [client_of(user).get(paper) for user in readers]
    for answer in answers:
        answer.close()
    assert [answer.status_code for answer in answers] == [200, 200, 404, 404]


@pytest.mark.parametrize("role", ["committee", "treasurer", "auditor"])
def test_staff_read_applications_and_find_no_button_to_change_them(enter, role) -> None:  # noqa: F811
    application, client = enter(), client_of(make_user(role))
    page = client.get(address(application))
    assert (page.status_code, "withdraw" in page.content.decode()) == (200, False)
    assert client.get(reverse("members:apply")).status_code == 403
    assert client.post(address(application, "withdraw_application"), {"reason": "x"}).status_code == 403


def test_the_administrator_sees_none(enter) -> None:  # noqa: F811
    assert client_of(make_user("administrator")).get(address(enter())).status_code == 403


def test_reading_is_written_down(enter, leader) -> None:  # noqa: F811
    application, client = enter(), client_of(leader)
    client.get(address(application))
    client.get(address(application, "application_pdf"))
    assert list(ReadingLog.objects.order_by("id").values_list("subject_kind", "what")) == [
        ("application", "application page"),
        ("application", "application paper"),
    ]


def test_everybody_may_read_the_privacy_notice_in_both_languages(db) -> None:
    page = Client().get(reverse("members:privacy_notice"))
    assert page.status_code == 200
    text = page.content.decode()
    assert ('lang="th"' in text, 'lang="en"' in text, "What the fund does with your data" in text) == (True,) * 3


# --- buttons, names, counts ---------------------------------------------------------------------------------


def test_a_leader_certifies_and_withdraws_with_a_reason(enter, leader) -> None:  # noqa: F811
    application, client = enter(), client_of(leader)
    client.post(address(application, "certify"))
    application.refresh_from_db()
    assert application.state == "certified"
    assert client.post(address(application, "withdraw_application"), {"reason": ""}).status_code == 200
    client.post(address(application, "withdraw_application"), {"reason": "เปลี่ยนใจ"})
    application.refresh_from_db()
    assert (application.state, application.decision_reason) == ("withdrawn", "เปลี่ยนใจ")


def test_a_withdrawn_application_says_to_give_the_money_back(enter, leader) -> None:  # noqa: F811
    from decimal import Decimal

    application = enter(first_dues_on=date(2020, 10, 20), first_dues_baht=Decimal(365))
    client = client_of(leader)
    assert "with the leader" in client.get(reverse("members:applications")).content.decode()
    client.post(address(application, "withdraw_application"), {"reason": "เปลี่ยนใจ"})
    assert "to be given back" in client.get(reverse("members:applications")).content.decode()
    assert "Give the first dues of 365.00 baht" in client.get(address(application)).content.decode()


def test_names_are_shown_as_text(enter, leader) -> None:  # noqa: F811
    application = enter(first_name=HOSTILE, nickname=HOSTILE)
    client = client_of(leader)
    for path in (reverse("members:applications"), address(application)):
        assert HOSTILE not in client.get(path).content.decode()


def test_a_stateless_persons_number_is_called_so(enter, leader) -> None:  # noqa: F811
    page = client_of(leader).get(address(enter(national_id=with_check_digit("000123456789")))).content.decode()
    assert ("<dt>Stateless person&#x27;s number</dt>" in page, "<dt>National ID</dt>" in page) == (True, False)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["3/2563", "2/2563", "1/2563"]),
        ({"q": "สมใจ"}, ["2/2563"]),
        ({"q": "๒/๒๕๖๓"}, ["2/2563"]),
        ({"q": "3"}, ["3/2563"]),
        ({"q": "สมัคร ใจดี"}, ["3/2563", "1/2563"]),
        ({"state": "certified"}, ["1/2563"]),
        ({"before": "2/2563"}, ["1/2563"]),
        ({"before": "x"}, ["3/2563", "2/2563", "1/2563"]),
        ({"q": "9" * 40}, []),
    ],
)
def test_the_list_is_narrowed(enter, leader, asked, found) -> None:  # noqa: F811
    enter(certified=True)
    enter(first_name="สมใจ", national_id="", id_kind="none")
    enter(national_id="", id_kind="none")
    answer = client_of(leader).get(reverse("members:applications"), asked)
    assert [one.label for one, _dues in answer.context["rows"]] == found


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_for_one_row_and_for_three(
    enter,  # noqa: F811
    fund,
    count,
    django_assert_num_queries,
) -> None:
    for _ in range(count):
        enter(national_id="", id_kind="none")
    client = client_of(make_user("registrar"))
    client.get(reverse("members:applications"))
    # session, user, roles, fund, communities for the filter (counted and read), applications
    with django_assert_num_queries(7):
        client.get(reverse("members:applications"))


def test_the_page_of_one_has_its_count(enter, leader, django_assert_num_queries) -> None:  # noqa: F811
    application, client = enter(), client_of(leader)
    client.get(address(application))
    with django_assert_num_queries(11):
        client.get(address(application))


def test_every_role_meets_the_pages_that_the_table_opens_to_it(enter) -> None:  # noqa: F811
    application = enter()
    opened = {role for role in Role.values if client_of(make_user(role)).get(address(application)).status_code == 200}
    assert opened == {"registrar", "committee", "treasurer", "auditor"}  # a leader of no community sees none
