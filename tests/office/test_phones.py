"""Leaders' phones: enrolled by a card, opened by a PIN that works there only, ended at once."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from office.models import ActionLog, EnrolledPhone, PhoneCard, RoleGrant, User
from office.phones import (
    PHONE_COOKIE,
    PhoneRefused,
    WeakPin,
    WrongPin,
    end_phone,
    enrol_phone,
    issue_card,
    open_by_pin,
    phone_name,
    refuse_weak,
)
from tests.factories import CommunityFactory, make_fund, make_user
from tests.office.conftest import english_client
from tests.pdf_reading import page_texts
from tests.races import at_once

NOW = datetime(2020, 11, 1, 3, 0, tzinfo=UTC)
PIN, OTHER_PIN = "274950", "640283"
pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture(autouse=True)
def fast_hashes(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def registrar(db) -> User:
    make_fund()
    cache.clear()
    return make_user("registrar", username="registrar")


@pytest.fixture
def leader(registrar) -> User:
    return make_user("leader", community=CommunityFactory(number=1), display_name="ผู้นำ สมมติ", phone="0812749501")


def enrol(token: str, pin: str = PIN, *, now: datetime = NOW, earlier: str = "", request_id=None):
    return enrol_phone(
        card_token=token,
        pin=pin,
        name="Android, Chrome",
        earlier_device=earlier,
        now=now,
        request_id=request_id or uuid.uuid4(),
    )


def enrolled(leader: User, registrar: User, *, now: datetime = NOW) -> tuple[EnrolledPhone, str]:
    return enrol(issue_card(leader, by=registrar, now=now), OTHER_PIN, now=now)


# --- cards ------------------------------------------------------------------------------------------------


def test_a_card_enrols_one_phone_and_the_same_click_finds_it_again(leader, registrar) -> None:
    token, click = issue_card(leader, by=registrar, now=NOW), uuid.uuid4()
    phone, device = enrol(token, OTHER_PIN, request_id=click)
    assert enrol(token, OTHER_PIN, request_id=click) == (phone, device)
    with pytest.raises(PhoneRefused, match="This card does not work"):
        enrol(token, OTHER_PIN)
    assert (phone.user, phone.expires_at, EnrolledPhone.objects.count()) == (leader, NOW + timedelta(days=90), 1)
    assert list(ActionLog.objects.order_by("id").values_list("action", flat=True)) == [
        "phone-card-issued",
        "phone-enrolled",
    ]


def test_neither_token_nor_pin_lies_in_the_database(leader, registrar) -> None:
    token = issue_card(leader, by=registrar, now=NOW)
    phone, device = enrol(token, OTHER_PIN)
    kept = f"{PhoneCard.objects.values().get()}{EnrolledPhone.objects.values().get()}"
    assert [secret in kept for secret in (token, device, OTHER_PIN)] == [False, False, False]
    assert phone.pin_hash != ""


@pytest.mark.parametrize("spoil", ["too old", "a newer card", "closed account", "another role", "leader no more"])
def test_a_card_that_was_photographed_does_nothing_later(leader, registrar, spoil) -> None:
    token, now = issue_card(leader, by=registrar, now=NOW), NOW + timedelta(minutes=5)
    if spoil == "too old":
        now = NOW + timedelta(days=3)
    elif spoil == "a newer card":
        issue_card(leader, by=registrar, now=NOW + timedelta(minutes=1))
    elif spoil == "closed account":
        User.objects.filter(pk=leader.pk).update(is_active=False)
    elif spoil == "another role":
        RoleGrant.objects.create(user=leader, role="treasurer")
    else:
        RoleGrant.objects.filter(user=leader).update(revoked_at=NOW)
    with pytest.raises(PhoneRefused):
        enrol(token, OTHER_PIN, now=now)
    assert EnrolledPhone.objects.count() == 0


@pytest.mark.parametrize("role", ["treasurer", "administrator", "auditor"])
def test_who_handles_money_or_users_or_leads_nobody_gets_no_card(registrar, role) -> None:
    roles = (role,) if role == "auditor" else ("leader", role)
    with pytest.raises(PhoneRefused, match="cannot sign in by phone"):
        issue_card(make_user(*roles), by=registrar, now=NOW)


@pytest.mark.parametrize("pin", ["111111", "123456", "654321", "890123", "121212", "123123", "112112", "112211"])
def test_a_pin_that_others_try_first_is_refused(pin) -> None:
    with pytest.raises(WeakPin) as refusal:
        refuse_weak(pin, User(phone=""))
    assert refusal.value.field == "pin"


def test_a_pin_out_of_the_own_phone_number_is_refused_and_the_card_stays(leader, registrar) -> None:
    token = issue_card(leader, by=registrar, now=NOW)
    with pytest.raises(WeakPin):
        enrol(token, "274950")
    assert enrol(token, OTHER_PIN)[0].user == leader


def test_eight_scans_at_once_enrol_one_phone(committed_db) -> None:
    make_fund()
    leader = make_user("leader")
    token = issue_card(leader, by=make_user("registrar"), now=NOW)

    answers = at_once(*[partial(enrol, token, OTHER_PIN)] * 8)
    assert sorted(type(answer).__name__ for answer in answers) == ["PhoneRefused"] * 7 + ["tuple"]
    assert EnrolledPhone.objects.count() == 1


# --- the PIN ----------------------------------------------------------------------------------------------


def test_the_fifth_miss_locks_the_phone_even_for_the_right_pin(leader, registrar) -> None:
    phone, device = enrolled(leader, registrar)
    said = []
    for _miss in range(5):
        with pytest.raises((WrongPin, PhoneRefused)) as refusal:
            open_by_pin(device=device, pin="998877", now=NOW)
        said.append(str(refusal.value))
    assert said[:4] == [
        "This is not the PIN of this phone. 4 tries are left.",
        "This is not the PIN of this phone. 3 tries are left.",
        "This is not the PIN of this phone. 2 tries are left.",
        "This is not the PIN of this phone. 1 try is left.",
    ]
    with pytest.raises(PhoneRefused, match="locked after five wrong PINs"):
        open_by_pin(device=device, pin=OTHER_PIN, now=NOW)
    phone.refresh_from_db()
    assert (phone.misses, phone.locked_at) == (5, NOW)


def test_the_right_pin_forgives_the_misses_before_it(leader, registrar) -> None:
    _phone, device = enrolled(leader, registrar)
    for _round in range(3):
        for _miss in range(4):
            with pytest.raises(WrongPin):
                open_by_pin(device=device, pin="998877", now=NOW)
        assert open_by_pin(device=device, pin=OTHER_PIN, now=NOW).misses == 0


def test_eight_guesses_at_once_are_five_misses(committed_db) -> None:
    make_fund()
    _phone, device = enrolled(make_user("leader"), make_user("registrar"))

    answers = at_once(*[partial(open_by_pin, device=device, pin="998877", now=NOW)] * 8)
    assert sorted(type(answer).__name__ for answer in answers) == ["PhoneRefused"] * 4 + ["WrongPin"] * 4
    assert EnrolledPhone.objects.get().misses == 5


def test_a_pin_is_worth_nothing_on_another_phone(leader, registrar) -> None:
    _phone, device = enrolled(leader, registrar)
    other = make_user("leader")
    _theirs, other_device = enrol(issue_card(other, by=registrar, now=NOW), "905172")
    with pytest.raises(WrongPin):
        open_by_pin(device=other_device, pin=OTHER_PIN, now=NOW)
    with pytest.raises(PhoneRefused):
        open_by_pin(device="made up", pin=OTHER_PIN, now=NOW)
    assert open_by_pin(device=device, pin=OTHER_PIN, now=NOW).user == leader


def test_a_phone_opens_for_90_days(leader, registrar) -> None:
    _phone, device = enrolled(leader, registrar)
    open_by_pin(device=device, pin=OTHER_PIN, now=NOW + timedelta(days=90, seconds=-1))
    with pytest.raises(PhoneRefused):
        open_by_pin(device=device, pin=OTHER_PIN, now=NOW + timedelta(days=90))


def test_a_new_card_on_the_same_phone_gives_a_new_pin_and_ends_the_old_one(leader, registrar) -> None:
    phone, device = enrolled(leader, registrar)
    again, new_device = enrol(issue_card(leader, by=registrar, now=NOW), "905172", earlier=device)
    phone.refresh_from_db()
    assert (phone.ended_at, again.ended_at) == (NOW, None)
    assert open_by_pin(device=new_device, pin="905172", now=NOW) == again


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/124.0 Mobile Safari/537.36", "Android, Chrome"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4) AppleWebKit/605 Version/17.4 Safari/604.1", "iPhone, Safari"),
        ("Mozilla/5.0 (Linux; Android 13) Chrome/110 Mobile Safari/537.36 Line/13.0", "Android, LINE"),
        ("<script>", "?"),
    ],
)
def test_a_phone_says_what_it_is(agent, name) -> None:
    assert phone_name(agent) == name


# --- pages ------------------------------------------------------------------------------------------------


def hidden(page, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1]


def card_address(registrar: User, leader: User) -> str:
    page = english_client(registrar).post(f"/phones/{leader.pk}/card/")
    return page.context["address"].removeprefix("http://testserver")


def phone_of(registrar: User, leader: User) -> Client:
    """A phone that scanned the card and chose its PIN."""
    phone = english_client()
    address = card_address(registrar, leader)
    page = phone.get(address)
    given = {"pin": OTHER_PIN, "pin_again": OTHER_PIN, "request_id": hidden(page, "request_id")}
    assert phone.post(address, given).url == "/"
    return phone


def run_out(phone: Client) -> None:
    del phone.cookies["sessionid"]


def test_the_way_from_the_card_to_the_pin(leader, registrar) -> None:
    phone = phone_of(registrar, leader)
    cookie = phone.cookies[PHONE_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 90 * 24 * 3600)
    assert phone.get("/money-in/sheets/").status_code == 200
    run_out(phone)
    asked = phone.get("/money-in/sheets/")
    assert (asked.status_code, asked.url) == (302, "/phone/?next=/money-in/sheets/")
    missed = phone.post(asked.url, {"pin": "998877", "next": "/money-in/sheets/"})
    assert "4 tries are left" in missed.content.decode()
    opened = phone.post(asked.url, {"pin": "๖๔๐๒๘๓", "next": "/money-in/sheets/"})
    assert (opened.status_code, opened.url) == (302, "/money-in/sheets/")
    assert phone.get("/money-in/sheets/").status_code == 200


def test_looking_at_a_card_does_not_use_it_up_and_a_used_one_says_so(leader, registrar) -> None:
    address = card_address(registrar, leader)
    visitor = english_client()
    assert [visitor.get(address).status_code for _look in range(2)] == [200, 200]
    assert "ผู้นำ สมมติ" in visitor.get(address).content.decode()
    PhoneCard.objects.update(used_at=NOW)
    used = visitor.get(address)
    assert (used.status_code, "ผู้นำ สมมติ" in used.content.decode()) == (410, False)


def test_two_pins_that_differ_are_refused_at_the_field(leader, registrar) -> None:
    page = english_client().post(
        card_address(registrar, leader), {"pin": OTHER_PIN, "pin_again": "111", "request_id": str(uuid.uuid4())}
    )
    assert page.context["form"].errors == {"pin_again": ["A PIN has six digits."]}
    assert EnrolledPhone.objects.count() == 0


def test_ending_a_phone_ends_its_sessions_at_once_and_no_other(leader, registrar) -> None:
    lost, kept = phone_of(registrar, leader), phone_of(registrar, leader)
    ended = EnrolledPhone.objects.earliest("pk")
    answer = english_client(registrar).post(f"/phones/{leader.pk}/{ended.pk}/end/")
    assert answer.url == f"/phones/{leader.pk}/"
    assert lost.get("/money-in/sheets/").url == "/phone/?next=/money-in/sheets/"
    assert "This phone is not enrolled" in lost.get("/phone/").content.decode()
    assert PHONE_COOKIE not in {name for name, morsel in lost.cookies.items() if morsel.value}
    assert kept.get("/money-in/sheets/").status_code == 200


def test_a_role_that_handles_money_ends_the_session_and_the_pin(leader, registrar) -> None:
    phone = phone_of(registrar, leader)
    RoleGrant.objects.create(user=leader, role="treasurer")
    assert phone.get("/money-in/").url == "/phone/?next=/money-in/"
    answer = phone.post("/phone/", {"pin": OTHER_PIN})
    assert (answer.status_code, "not signed in any more" in answer.content.decode()) == (200, True)


def test_on_her_phone_a_registrar_is_a_leader_only(leader, registrar) -> None:
    RoleGrant.objects.create(user=leader, role="registrar")
    phone = phone_of(registrar, leader)
    assert (phone.get("/money-in/sheets/").status_code, phone.get("/phones/").status_code) == (200, 403)


def test_the_pin_page_leads_nowhere_else(leader, registrar) -> None:
    phone = phone_of(registrar, leader)
    led = {}
    for then in ("https://example.org/", "//example.org", "log", "/glance/"):
        run_out(phone)
        led[then] = phone.post("/phone/", {"pin": OTHER_PIN, "next": then}).url
    assert list(led.values()) == ["/", "/", "log", "/glance/"]


def test_signing_out_locks_the_phone_and_forgetting_ends_it(leader, registrar) -> None:
    phone = phone_of(registrar, leader)
    assert phone.post("/accounts/logout/").url == "/phone/"
    assert 'name="pin"' in phone.get("/phone/").content.decode()
    assert phone.post("/phone/forget/").url == "/accounts/login/"
    assert EnrolledPhone.objects.get().ended_by == leader
    assert phone.get("/money-in/sheets/").url == "/accounts/login/?next=/money-in/sheets/"


def test_a_form_whose_session_ran_out_is_sent_after_the_pin(leader, registrar) -> None:
    phone = phone_of(registrar, leader)
    page = phone.get("/money-in/sheets/")
    given = {"form_user": hidden(page, "form_user"), "request_id": str(uuid.uuid4()), "community": "1"}
    run_out(phone)
    asked = phone.post("/money-in/sheets/open/", given)
    assert asked.url.startswith("/phone/?next=/interrupted/")
    assert "Type your PIN, and what you typed will be sent" in phone.get(asked.url).content.decode()
    opened = phone.post("/phone/", {"pin": OTHER_PIN, "next": asked.url.removeprefix("/phone/?next=")})
    assert "Send now" in phone.get(opened.url).content.decode()


def test_a_password_that_must_be_changed_is_asked_for_on_the_phone_too(leader, registrar) -> None:
    phone = phone_of(registrar, leader)
    User.objects.filter(pk=leader.pk).update(must_change_password=True)
    assert phone.get("/money-in/sheets/").url == "/accounts/password/change/"


def test_a_page_on_a_phone_costs_one_query_more(leader, registrar, django_assert_num_queries) -> None:
    phone = phone_of(registrar, leader)
    plain = english_client(leader)
    plain.get("/phone/"), phone.get("/phone/")
    with django_assert_num_queries(7) as by_password:
        plain.get("/members/communities/")
    with django_assert_num_queries(len(by_password) + 1):
        phone.get("/members/communities/")


def test_last_seen_is_written_every_ten_minutes(leader, registrar) -> None:
    phone = phone_of(registrar, leader)
    first = EnrolledPhone.objects.get().last_seen_at
    phone.get("/money-in/sheets/")
    assert EnrolledPhone.objects.get().last_seen_at == first
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        phone.get("/money-in/sheets/")
    assert EnrolledPhone.objects.get().last_seen_at - first > timedelta(minutes=10)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_leaders_asks_once_for_all_phones(registrar, django_assert_num_queries, count) -> None:
    for _leader in range(count):
        enrolled(make_user("leader"), registrar, now=timezone.now())
    client = english_client(registrar)
    with django_assert_num_queries(7):
        page = client.get("/phones/")
    assert page.content.decode().count("Android, Chrome") == count


def test_the_card_prints_with_its_code_for_the_leader_it_was_issued_to(leader, registrar) -> None:
    client = english_client(registrar)
    shown = client.post(f"/phones/{leader.pk}/card/")
    paper = client.post(f"/phones/{leader.pk}/card/pdf/", {"token": shown.context["token"]})
    pages = page_texts(paper.content)
    assert (len(pages), "ผู้นำ สมมติ" in pages[0], "Works once, until" in pages[0]) == (1, True, True)
    other = make_user("leader")
    assert client.post(f"/phones/{other.pk}/card/pdf/", {"token": shown.context["token"]}).status_code == 302
    assert client.post(f"/phones/{leader.pk}/card/end/").status_code == 302
    assert client.get(shown.context["address"].removeprefix("http://testserver")).status_code == 410


def test_the_code_leads_to_the_address_of_the_site(leader, registrar, settings) -> None:
    settings.SITE_URL = "https://fund.example.org"
    page = english_client(registrar).post(f"/phones/{leader.pk}/card/")
    assert page.context["address"].startswith("https://fund.example.org/phone/card/")


def test_the_sixty_first_attempt_from_an_address_waits(leader, registrar) -> None:
    phone = phone_of(registrar, leader)
    run_out(phone)
    for _attempt in range(60):
        phone.post("/phone/", {"pin": "1"})
    answer = phone.post("/phone/", {"pin": OTHER_PIN})
    assert "Wait 15 minutes" in answer.content.decode()
    assert EnrolledPhone.objects.get().misses == 0


def test_a_phone_is_ended_once(leader, registrar) -> None:
    phone, _device = enrolled(leader, registrar)
    end_phone(phone, by=registrar, now=NOW)
    end_phone(phone, by=leader, now=NOW + timedelta(hours=1))
    phone.refresh_from_db()
    assert (phone.ended_by, phone.ended_at) == (registrar, NOW)
