"""The pages about one member: who may open them, what they write, and what they ask the database."""

import re
import uuid
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bansong_fund.lib.national_id import with_check_digit
from members.models import (
    Beneficiary,
    Child,
    Community,
    Consent,
    Fund,
    GroupFlag,
    Guardian,
    Member,
    MemberCount,
    NameChange,
)
from office.models import ActionLog, ReadingLog, User
from tests.factories import (
    REGULATION_FILE,
    TODAY,
    BeneficiaryFactory,
    HouseholdFactory,
    MemberFactory,
    ResolutionFactory,
    make_fund,
    make_user,
)
from tests.members.test_life import a_photograph
from tests.welfare.cast import NOW
from welfare.regulations import load_regulation

AN_ID = with_check_digit("100123456789")
FORMS = ("contact", "correct", "transfer", "change_name", "leave", "beneficiaries", "children", "groups")
MORE_FORMS = ("guardians", "consents", "history", "reenter")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def fund(db) -> Fund:
    """The whole regulation: the member's own page reckons by it."""
    found = make_fund()
    load_regulation(REGULATION_FILE.read_text(encoding="utf-8"), by=None, now=NOW)
    return found


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def member(first: Community, second: Community) -> Member:
    MemberCount.objects.filter(community=first).update(current=1, cumulative=1)
    return MemberFactory(number=101, community=first, household=HouseholdFactory(community=first, house_number="12/3"))


@pytest.fixture
def registrar(fund) -> Client:
    return client_of(make_user("registrar", username="registrar"))


def path(name: str, *args: int) -> str:
    return reverse(f"members:{name}", args=[101, *args])


def day(name: str, value: date) -> dict[str, str]:
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year + 543)}


def send(client: Client, page: str, /, *args: int, **fields: object):
    return client.post(path(page, *args), {"request_id": str(uuid.uuid4())} | fields)


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def errors(response) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


# --- who may ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*FORMS, *MORE_FORMS])
def test_the_registrar_opens_every_page_and_it_is_written_down(registrar, member, page) -> None:
    assert registrar.get(path(page)).status_code == 200
    line = ReadingLog.objects.get()
    assert (line.subject_kind, line.subject_id, line.what) == ("member", member.pk, "page")


def test_a_leader_writes_only_how_to_reach_her_people_and_their_children(member, first) -> None:
    leader = client_of(make_user("leader", community=first))
    opened = {page for page in [*FORMS, *MORE_FORMS] if leader.get(path(page)).status_code == 200}
    assert opened == {"contact", "children", "history"}


@pytest.mark.parametrize("page", ["contact", "children", "history"])
def test_another_community_s_member_is_not_there(member, second, page) -> None:
    stranger = client_of(make_user("leader", community=second))
    assert stranger.get(path(page)).status_code == 404


def test_another_member_s_rows_are_not_there(registrar, member, first) -> None:
    other = BeneficiaryFactory(member=MemberFactory(number=7, community=first))
    assert registrar.get(path("beneficiary_died", other.pk)).status_code == 404


def test_the_member_s_page_leads_to_what_each_may_do(member, registrar, first) -> None:
    page = reverse("welfare:member", args=[101])
    more = {
        role: [url.split("/")[-2] for url, _label in client.get(page).context["more"]]
        for role, client in {
            "registrar": registrar,
            "leader": client_of(make_user("leader", community=first)),
            "auditor": client_of(make_user("auditor")),
        }.items()
    }
    assert {"transfer", "leave", "correct", "death"} <= set(more["registrar"])
    assert "return" not in more["registrar"]
    assert {"contact", "children", "history", "death"} <= set(more["leader"])
    assert not {"transfer", "leave", "correct"} & set(more["leader"])
    assert not {"contact", "correct", "death"} & set(more["auditor"])


# --- what they write ----------------------------------------------------------------------------------------


def test_a_transfer_by_form_moves_and_says_so(registrar, member, second) -> None:
    days = day("on", date(2020, 10, 1))
    answer = send(registrar, "transfer", community=second.pk, house_number="๙ /1", moo="๓", **days)
    member.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, reverse("welfare:member", args=[101]))
    assert (member.community, str(member.household), member.household.moo) == (second, "9/1", "3")


def test_her_own_community_is_not_offered(registrar, member, first) -> None:
    assert "community" in errors(send(registrar, "transfer", community=first.pk, **day("on", TODAY)))


def test_a_refused_day_stands_at_its_field_with_what_was_typed(registrar, member, second) -> None:
    answer = send(registrar, "transfer", community=second.pk, **day("on", date(2014, 12, 31)))
    assert list(errors(answer)) == ["on"]
    assert 'value="2557"' in answer.content.decode()


def test_a_double_click_moves_once(registrar, member, second) -> None:
    form = {"request_id": str(uuid.uuid4()), "community": second.pk, **day("on", TODAY)}
    answers = [registrar.post(path("transfer"), form).status_code for _click in range(2)]
    assert (answers, member.community_stays.count()) == ([302, 302], 2)


def test_a_new_name_by_form(registrar, member) -> None:
    name = {"title": "นาง", "first_name": "สมมติ", "family_name": "แต่งใหม่", "shown_by": "ทะเบียนสมรส"}
    assert send(registrar, "change_name", **name, **day("changed_on", TODAY)).status_code == 302
    member.refresh_from_db()
    assert (member.full_name, NameChange.objects.get().shown_by) == ("นางสมมติ แต่งใหม่", "ทะเบียนสมรส")
    assert "นางสมมติ แต่งใหม่" in text_of(registrar.get(path("history")))


@pytest.mark.parametrize("title", ["ก" * 41, "นาย😀", "12"])
def test_a_title_is_letters_and_short(registrar, member, title) -> None:
    name = {"title": title, "first_name": "สมมติ", "family_name": "ใจดี"}
    assert list(errors(send(registrar, "change_name", **name, **day("changed_on", TODAY)))) == ["title"]


def test_a_resignation_by_form_keeps_the_letter(registrar, member, first) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    letter = SimpleUploadedFile("ลาออก.png", a_photograph(), "image/png")
    answer = send(registrar, "leave", reason="resigned", note="ย้ายบ้าน", letter=letter, **day("on", TODAY))
    assert answer.status_code == 302
    page = registrar.get(path("history"))
    assert "Resigned" in text_of(page)
    (paper,) = page.context["papers"]
    assert b"".join(registrar.get(reverse("office:attachment", args=[paper.pk])).streaming_content)[:2] == b"\xff\xd8"
    stranger = client_of(make_user("leader"))
    assert stranger.get(reverse("office:attachment", args=[paper.pk])).status_code == 404


def test_nothing_is_paid_back_is_said_before(registrar, member) -> None:
    assert "nothing is paid back" in text_of(registrar.get(path("leave")))


def test_a_re_entry_needs_a_decision_and_is_logged_with_it(registrar, member, first) -> None:
    send(registrar, "leave", reason="moved", **day("on", date(2020, 10, 1)))
    back = {"community": first.pk, "house_number": "12/3", **day("joined_on", TODAY)}
    assert list(errors(send(registrar, "reenter", **back))) == ["decision"]
    assert send(registrar, "reenter", **back, decision="ประชุมครั้งที่ 3/2563").status_code == 302
    assert member.memberships.filter(ended_on=None).get().joined_on == TODAY
    assert ActionLog.objects.get(action="member-returned").details == {"decision": "ประชุมครั้งที่ 3/2563"}


def test_a_re_entry_by_a_resolution(registrar, member, first) -> None:
    resolution = ResolutionFactory()
    send(registrar, "leave", reason="moved", **day("on", date(2020, 10, 1)))
    send(registrar, "reenter", community=first.pk, resolution=resolution.pk, **day("joined_on", TODAY))
    assert member.memberships.get(ended_on=None).accepted_by == resolution


def beneficiaries(*parts: tuple[str, str, str]) -> dict[str, str]:
    return {
        f"{key}_{place}": value
        for place, part in enumerate(parts)
        for key, value in zip(("name", "relation", "share"), part, strict=True)
    }


def test_beneficiaries_by_form_with_equal_shares(registrar, member) -> None:
    three = beneficiaries(("นาย ก", "child", ""), ("นาย ข", "child", ""), ("นาง ค", "spouse", ""))
    assert send(registrar, "beneficiaries", **three, **day("named_on", TODAY)).status_code == 302
    assert list(Beneficiary.objects.values_list("share_percent", flat=True)) == [34, 33, 33]


def test_shares_that_are_not_the_whole_are_told_over_the_form(registrar, member) -> None:
    two = beneficiaries(("นาย ก", "child", "60"), ("นาย ข", "child", "30"))
    answer = send(registrar, "beneficiaries", **two, **day("named_on", TODAY))
    assert "make 90 percent" in errors(answer)["__all__"][0]
    assert "make 90 percent" in text_of(answer)


def test_a_beneficiary_without_relation_is_told_at_the_field(registrar, member) -> None:
    answer = send(registrar, "beneficiaries", **beneficiaries(("นาย ก", "", "")), **day("named_on", TODAY))
    assert list(errors(answer)) == ["relation_0"]


def test_a_beneficiary_s_death_by_form(registrar, member) -> None:
    one = BeneficiaryFactory(member=member)
    assert send(registrar, "beneficiary_died", one.pk, **day("died_on", TODAY)).status_code == 302
    assert "died on 1 Nov 2563" in text_of(registrar.get(path("beneficiaries")))
    assert "Nobody is named" in text_of(registrar.get(reverse("welfare:member", args=[101])))


def test_children_by_form(registrar, member, first) -> None:
    send(registrar, "children", name="เด็กชายสมมติ ก", **day("birth_date", date(2015, 3, 1)))
    MemberFactory(number=102, community=first, first_name="ลูก", birth_date=date(2010, 1, 1))
    send(registrar, "children", number="๑๐๒")
    page = text_of(registrar.get(path("children")))
    assert "เด็กชายสมมติ ก" in page
    assert "member no. 102" in page
    one = Child.objects.get(member=None)
    assert send(registrar, "child", one.pk, name="เด็กชายสมมุติ ก").url == path("children")
    one.refresh_from_db()
    assert (one.name, one.birth_date) == ("เด็กชายสมมุติ ก", None)


def test_a_leader_does_not_reach_another_community_s_member_by_number(member, first, second) -> None:
    MemberFactory(number=102, community=second)
    leader = client_of(make_user("leader", community=first))
    assert list(errors(send(leader, "children", number="102"))) == ["number"]


def test_a_disability_by_form_with_consent(registrar, member) -> None:
    mark = {"group": "disabled", "shown_by": "บัตรประจำตัวคนพิการ", **day("since", TODAY)}
    assert list(errors(send(registrar, "groups", **mark))) == ["consent_given"]
    assert send(registrar, "groups", **mark, consent_given="on").status_code == 302
    flag, consent = GroupFlag.objects.get(), Consent.objects.get()
    assert send(registrar, "end_mark", flag.pk, **day("until", TODAY)).status_code == 302
    assert send(registrar, "withdraw_consent", consent.pk, **day("on", TODAY)).status_code == 302
    assert "Taken back" in text_of(registrar.get(path("history")))


def test_a_guardian_by_form(registrar, member) -> None:
    Member.objects.filter(pk=member.pk).update(birth_date=date(2010, 5, 1))
    guardian = {"name": "นางผู้ปกครอง ก", "relation": "mother", "phone": "000-000-0001", **day("since", TODAY)}
    assert send(registrar, "guardians", **guardian).status_code == 302
    assert send(registrar, "end_guardian", Guardian.objects.get().pk, **day("until", TODAY)).status_code == 302
    assert "until 1 Nov 2563" in text_of(registrar.get(path("guardians")))


def test_a_consent_by_form(registrar, member) -> None:
    assert send(registrar, "consents", kind="photo", **day("given_on", TODAY)).status_code == 302
    assert "Showing photographs" in text_of(registrar.get(path("consents")))


def test_a_leader_s_correction_by_form(member, first) -> None:
    leader = client_of(make_user("leader", community=first))
    send(leader, "contact", nickname="ต้อย", phone="000-000-0009", address="บ้านลูก")
    member.refresh_from_db()
    assert (member.nickname, member.phone, member.address) == ("ต้อย", "0000000009", "บ้านลูก")


def facts(**changes: str) -> dict[str, str]:
    base = {"title": "นาง", "first_name": "สมมติ", "family_name": "ใจดี", "sex": "f", "birth_date_year": "2490"}
    return base | {"id_kind": "none", "house_number": "12/3"} | changes


def test_facts_put_right_by_form_with_a_birth_of_a_year(registrar, member) -> None:
    assert send(registrar, "correct", **facts(nationality="ไทย", marital_status="married")).status_code == 302
    member.refresh_from_db()
    assert (member.birth_date, member.birth_precision, member.nationality) == (date(1947, 1, 1), "year", "ไทย")
    assert "2490 B.E." in text_of(registrar.get(reverse("welfare:member", args=[101])))
    shown = registrar.get(path("correct")).content.decode()
    assert ('name="birth_date_year" value="2490"' in shown, 'name="birth_date_day" value=""' in shown) == (True, True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"id_kind": "citizen"}, "Write the 13 digits"),
        ({"id_kind": "passport"}, "number of the passport"),
        ({"id_kind": "passport", "national_id": "A1"}, "5 to 20 letters"),
        ({"id_kind": "none", "national_id": AN_ID}, "You chose “No ID”"),
        ({"id_kind": "citizen", "national_id": AN_ID[:-1] + "0"}, "Compare it with the card"),
        ({"id_kind": "citizen", "national_id": "9001234567890"}, "Compare it with the card"),
    ],
)
def test_an_odd_id_is_told_at_its_field(registrar, member, typed, words) -> None:
    answer = send(registrar, "correct", **facts(**typed))
    assert words in errors(answer)["national_id"][0]


def test_a_number_is_kept_where_none_is_written_and_never_shown_whole(registrar, member) -> None:
    assert send(registrar, "correct", **facts(id_kind="citizen", national_id=AN_ID)).status_code == 302
    page = registrar.get(path("correct")).content.decode()
    assert AN_ID not in page
    assert "XXXXX" in page
    assert send(registrar, "correct", **facts(id_kind="citizen")).status_code == 302
    member.refresh_from_db()
    assert member.national_id_last4 == AN_ID[-4:]


def test_a_foreigner_s_number_is_said_to_be_one(registrar, member) -> None:
    number = with_check_digit("700123456789")
    form = {"request_id": str(uuid.uuid4()), **facts(id_kind="citizen", national_id=number)}
    page = registrar.post(path("correct"), form, follow=True)
    assert "belongs to a registered foreigner" in text_of(page)
    member.refresh_from_db()
    assert member.id_kind == "foreigner"


# --- titles -------------------------------------------------------------------------------------------------


def test_titles_to_change_are_those_of_fifteen_and_older(registrar, first) -> None:
    born = {"first": date(2005, 11, 1), "second": date(2005, 11, 2)}
    for number, (name, day_of_birth) in enumerate(born.items(), start=1):
        MemberFactory(number=number, community=first, title="เด็กชาย", first_name=name, birth_date=day_of_birth)
    MemberFactory(number=3, community=first, title="สามเณร", birth_date=date(2000, 1, 1))
    MemberFactory(number=4, community=first, title="ด.ญ.", first_name="third", birth_date=date(1999, 1, 1))
    page = registrar.get(reverse("members:titles"))
    assert [(member.number, title) for member, title in page.context["rows"]] == [(1, "นาย"), (4, "นางสาว")]
    form = {"request_id": str(uuid.uuid4()), "members": ["1", "4"]}
    for _click in range(2):
        registrar.post(reverse("members:titles"), form)
    assert list(Member.objects.order_by("number").values_list("title", flat=True)) == [
        "นาย",
        "เด็กชาย",
        "สามเณร",
        "นางสาว",
    ]
    assert NameChange.objects.count() == 2


def test_nobody_ticked_is_said(registrar, first) -> None:
    MemberFactory(number=1, community=first, title="เด็กชาย", birth_date=date(2000, 1, 1))
    page = registrar.post(reverse("members:titles"), {"request_id": str(uuid.uuid4())})
    assert "Nobody is ticked" in text_of(page)


# --- queries ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [1, 3])
def test_the_history_asks_as_often_for_one_line_as_for_three(registrar, member, second, times, count_queries) -> None:
    for each in range(times):
        BeneficiaryFactory(member=member, named_on=date(2020, 1, 1 + each))
        Guardian.objects.create(member=member, name="ก", relation="mother", since=TODAY)
    with count_queries(15):
        registrar.get(path("history"))


@pytest.mark.parametrize("times", [1, 3])
def test_the_titles_are_asked_for_once(registrar, first, times, count_queries) -> None:
    for _each in range(times):
        MemberFactory(community=first, title="เด็กชาย", birth_date=date(2000, 1, 1))
    with count_queries(5):
        registrar.get(reverse("members:titles"))


@pytest.fixture
def count_queries(django_assert_num_queries):
    return django_assert_num_queries
