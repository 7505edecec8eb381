"""Thai unless the visitor chose otherwise."""

from django.test import Client


def test_a_phone_set_to_english_sees_thai_first(db) -> None:
    page = Client().get("/nowhere/", headers={"accept-language": "en-US"})
    assert (page.status_code, page["Content-Language"]) == (404, "th")
    assert '<html lang="th">' in page.content.decode()


def test_the_chosen_language_stays(db) -> None:
    client = Client()
    answer = client.post("/language/", {"language": "en", "next": "/nowhere/"})
    assert (answer.status_code, answer.url) == (302, "/nowhere/")
    page = client.get("/nowhere/").content.decode()
    assert '<html lang="en">' in page
    assert "There is no such page" in page


def test_a_strange_language_in_the_cookie_is_thai(db) -> None:
    client = Client()
    client.cookies["django_language"] = "xx"
    assert client.get("/nowhere/")["Content-Language"] == "th"
