"""Pages for what goes wrong: a plain sentence, in the house's look."""

from django.template.loader import render_to_string
from django.test import Client

from tests.factories import make_fund, make_user
from tests.office.conftest import english_client


def test_a_wrong_role_is_told_in_a_plain_sentence_and_sees_its_own_menu(db) -> None:
    make_fund()
    page = english_client(make_user("leader")).get("/users/")
    text = page.content.decode()
    assert page.status_code == 403
    assert "This page is not for your role (Community leader)." in text
    assert 'href="/users/"' not in text


def test_a_user_without_a_role_is_told_to_ask_for_one(db) -> None:
    make_fund()
    page = english_client(make_user()).get("/users/")
    assert (page.status_code, "No role has been given to you yet." in page.content.decode()) == (403, True)


def test_a_missing_page_is_said_in_words(db) -> None:
    page = english_client().get("/nowhere/")
    assert (page.status_code, "Nothing is kept at this address" in page.content.decode()) == (404, True)


def test_the_page_of_a_fault_needs_neither_request_nor_database() -> None:
    page = render_to_string("500.html")
    assert "โปรแกรมขัดข้อง" in page
    assert "Something broke" in page


def test_a_visitor_on_a_damaged_form_learns_what_to_do(db) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = "en"
    page = client.post("/code/", {"username": "x"})
    assert (page.status_code, "The form was not sent" in page.content.decode()) == (403, True)
