"""A session that ran out in mid-form: nothing is lost, nothing is sent for another."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from office import roles
from office.models import ActionLog, InterruptedForm, User
from office.roles import SIGNED_IN
from tests.factories import PASSWORD, make_fund, make_user

REQUEST_ID = "0c7d5f0e-8f0a-4b57-9a55-3f2f5f7c9a01"


@pytest.fixture(autouse=True)
def form_at_an_address(db, settings, monkeypatch) -> None:
    settings.ROOT_URLCONF = "tests.office.urls_with_a_form"
    monkeypatch.setitem(roles.PERMISSIONS, "trial:form", SIGNED_IN)
    make_fund()


def _picture() -> SimpleUploadedFile:
    target = io.BytesIO()
    Image.new("RGB", (20, 20), "blue").save(target, "JPEG")
    return SimpleUploadedFile("ใบรับรอง.jpg", target.getvalue(), "image/jpeg")


def _hidden(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    form = page[page.index("<main") : page.index("</main>")]
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return found


def _open_form(user: User) -> tuple[Client, dict[str, list[str]]]:
    """A browser that shows the user's form, and the form's hidden fields."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client, _hidden(client.get("/trial/form/").content.decode())


def _typed(hidden: dict, **other: object) -> dict:
    return hidden | {"words": "บรรทัดหนึ่ง\r\nบรรทัดสอง", "kinds": ["a", "c"], "request_id": REQUEST_ID} | other


def _run_out(client: Client) -> None:
    del client.cookies["sessionid"]


def _login(client: Client, user: User, address: str):
    page = client.get(address)
    token = _hidden(page.content.decode())["csrfmiddlewaretoken"][0]
    given = {"login": user.username, "password": PASSWORD, "csrfmiddlewaretoken": token}
    return page, client.post(address, given)


def _sent() -> list[dict]:
    return list(ActionLog.objects.filter(action="test-form").values_list("details", flat=True))


def test_a_form_is_sent_after_the_login_as_it_was_typed() -> None:
    user = make_user("leader")
    client, hidden = _open_form(user)
    _run_out(client)
    answer = client.post("/trial/form/", _typed(hidden, papers=_picture()))
    assert answer.status_code == 302
    client.cookies["django_language"] = "en"
    login_page, signed_in = _login(client, user, answer.url)
    assert "Sign in, and what you typed will be sent; nothing is lost." in login_page.content.decode()
    page = client.get(signed_in.url).content.decode()
    again = client.post("/trial/form/", _hidden(page))
    assert (again.status_code, again.url) == (302, "/done/")
    assert _sent() == [
        {
            "words": "บรรทัดหนึ่ง\r\nบรรทัดสอง",
            "kinds": ["a", "c"],
            "papers": [["ใบรับรอง.jpg", _picture().size]],
            "id": REQUEST_ID,
        }
    ]
    assert InterruptedForm.objects.count() == 0


def test_another_user_gets_the_empty_form() -> None:
    client, hidden = _open_form(make_user("leader"))
    _run_out(client)
    answer = client.post("/trial/form/", _typed(hidden))
    other = make_user("registrar")
    _page, signed_in = _login(client, other, answer.url)
    sent_on = client.get(signed_in.url)
    assert (sent_on.status_code, sent_on.url) == (302, "/trial/form/")
    page = client.get(sent_on.url).content.decode()
    assert "บรรทัดหนึ่ง" not in page
    assert _sent() == []


def test_a_form_with_an_error_comes_back_with_its_files() -> None:
    user = make_user("leader")
    client, hidden = _open_form(user)
    _run_out(client)
    answer = client.post("/trial/form/", _typed(hidden, words="", papers=_picture()))
    _page, signed_in = _login(client, user, answer.url)
    returned = client.post("/trial/form/", _hidden(client.get(signed_in.url).content.decode()))
    assert returned.status_code == 200
    corrected = client.post("/trial/form/", _typed(_hidden(returned.content.decode())))
    assert corrected.status_code == 302
    assert [sent["papers"] for sent in _sent()] == [[["ใบรับรอง.jpg", _picture().size]]]


def test_a_form_without_a_mark_is_not_kept() -> None:
    client, hidden = _open_form(make_user("leader"))
    _run_out(client)
    del hidden["form_user"]
    answer = client.post("/trial/form/", _typed(hidden))
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/")
    assert InterruptedForm.objects.count() == 0


def test_a_forged_mark_is_worth_nothing() -> None:
    client, hidden = _open_form(make_user("leader"))
    _run_out(client)
    client.post("/trial/form/", _typed(hidden, form_user="1:forged:mark"))
    assert InterruptedForm.objects.count() == 0


def test_what_was_typed_is_unreadable_in_the_database_and_on_disk(settings) -> None:
    client, hidden = _open_form(make_user("leader"))
    _run_out(client)
    picture = _picture()
    client.post("/trial/form/", _typed(hidden, papers=picture))
    kept = InterruptedForm.objects.get()
    assert "บรรทัดหนึ่ง".encode() not in bytes(kept.sealed_fields)
    (file,) = (settings.FILES_ROOT / "interrupted").iterdir()
    picture.seek(0)
    assert picture.read() not in file.read_bytes()


def test_a_form_is_kept_for_a_day_and_no_longer(settings) -> None:
    user = make_user("leader")
    client, hidden = _open_form(user)
    _run_out(client)
    answer = client.post("/trial/form/", _typed(hidden, papers=_picture()))
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        _page, signed_in = _login(client, user, answer.url)
        late = client.get(signed_in.url)
        assert (late.status_code, late.url) == (302, "/")
        client, hidden = _open_form(make_user("leader"))
        _run_out(client)
        client.post("/trial/form/", _typed(hidden))
    assert InterruptedForm.objects.count() == 1
    assert list((settings.FILES_ROOT / "interrupted").iterdir()) == []


def test_a_user_who_signed_in_anew_in_another_window_sends_the_form_with_one_more_click() -> None:
    user = make_user("leader")
    client, hidden = _open_form(user)
    client.force_login(user)  # another window: the token of the form is stale now
    client.cookies["csrftoken"] = "x" * 32
    answer = client.post("/trial/form/", _typed(hidden))
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert client.post("/trial/form/", _hidden(page)).status_code == 302
    assert [sent["id"] for sent in _sent()] == [REQUEST_ID]


def test_a_stale_token_without_a_mark_is_refused() -> None:
    client, hidden = _open_form(make_user("leader"))
    client.cookies["csrftoken"] = "x" * 32
    del hidden["form_user"]
    assert client.post("/trial/form/", _typed(hidden)).status_code == 403


def test_passwords_are_not_kept() -> None:
    user = make_user("leader")
    client = Client()
    client.force_login(user)
    page = client.get("/accounts/password/change/").content.decode()
    hidden = _hidden(page)
    _run_out(client)
    client.post("/accounts/password/change/", hidden | {"oldpassword": "secret", "password1": "x", "password2": "x"})
    assert InterruptedForm.objects.count() == 0


def test_an_htmx_part_of_a_page_changes_nothing_for_a_visitor() -> None:
    answer = Client().get("/trial/form/", headers={"hx-request": "true"})
    assert (answer.status_code, answer.content) == (204, b"")
