"""A session that ran out in mid-form: after the login the form is sent as it was typed, once."""

import html
import re

import pytest
from django.test import Client

from ledger.models import Receipt
from office.models import Attachment, InterruptedForm, User
from tests.bad_input import house as forms
from tests.bad_input.house import Filled, House, Sent, booked
from tests.bad_input.test_papers import file, picture
from tests.factories import PASSWORD, make_user
from welfare.models import Claim


def hidden(page: str) -> dict[str, list[str]]:
    """The hidden fields of the page's own form."""
    body = page[page.index("<main") : page.index("</main>")]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', body):
        found.setdefault(name, []).append(html.unescape(value))
    return found


def open_form(sent: Sent) -> tuple[Client, dict[str, list[str]]]:
    """A browser that shows the form, and what its page hides in it."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(sent.user)
    client.cookies["django_language"] = "en"
    return client, hidden(client.get(sent.path).content.decode())


def sign_in(client: Client, user: User, address: str):
    page = client.get(address).content.decode()
    assert "nothing is lost" in page
    token = hidden(page)["csrfmiddlewaretoken"][0]
    return client.post(address, {"login": user.username, "password": PASSWORD, "csrfmiddlewaretoken": token})


def run_out(sent: Sent):
    """Send the form with the session gone: gives the browser, the form's own fields and the login's address."""
    client, page = open_form(sent)
    typed = sent.fields | {name: values[0] for name, values in page.items()}
    del client.cookies["sessionid"]
    before = booked()
    answer = client.post(sent.path, typed)
    assert (answer.status_code, booked()) == (302, before)
    return client, typed, answer.url


MONEY: list[Filled] = [forms.dues, forms.gift, forms.cost, forms.pay, forms.enrol, forms.void_receipt]


@pytest.mark.parametrize("filled", MONEY, ids=[filled.__name__ for filled in MONEY])
def test_a_form_is_sent_once_after_the_login_under_the_same_id(house: House, filled: Filled) -> None:
    sent = filled(house)
    client, typed, login = run_out(sent)
    waiting = client.get(sign_in(client, sent.user, login).url).content.decode()
    kept = hidden(waiting)
    assert kept["request_id"] == [typed["request_id"]]
    first = client.post(sent.path, kept)
    found = booked()
    # a second touch of "Send now", and the old page sent from another window, find what was done
    second = client.post(sent.path, kept)
    again = client.post(sent.path, typed | {"csrfmiddlewaretoken": kept["csrfmiddlewaretoken"][0]})
    assert {first.status_code, second.status_code, again.status_code} == {302}
    assert (second.url, again.url, booked()) == (first.url, first.url, found)
    assert InterruptedForm.objects.count() == 0


def test_a_claim_with_its_photograph_is_sent_after_the_login(house: House) -> None:
    sent = forms.claim(house).with_fields(paper_0=file("ใบรับรอง.jpg", picture()))
    client, typed, login = run_out(sent)
    waiting = client.get(sign_in(client, sent.user, login).url).content.decode()
    assert "ใบรับรอง.jpg" in waiting
    kept = hidden(waiting)
    answers = [client.post(sent.path, kept) for _touch in range(2)]
    claim = Claim.objects.get()
    assert [answer.url for answer in answers] == [forms.claim_path(claim)] * 2
    assert (str(claim.request_id), claim.note, claim.state) == (typed["request_id"], "มาด้วยรถสองแถว", "submitted")
    assert list(Attachment.objects.values_list("owner_id", "original_name")) == [(claim.pk, "ใบรับรอง.jpg")]


def test_a_claim_with_a_wrong_day_comes_back_after_the_login_with_its_photograph(house: House) -> None:
    sent = forms.claim(house).with_fields(paper_0=file("ใบรับรอง.jpg", picture()))
    client, _typed, login = run_out(sent.with_day("event_until", "31", "9", "2563"))
    waiting = client.get(sign_in(client, sent.user, login).url).content.decode()
    returned = client.post(sent.path, hidden(waiting))
    assert list(forms.refusals(returned)) == ["event_until"]
    typed = {name: value for name, value in sent.fields.items() if name not in ("paper_0", "request_id")}
    assert client.post(sent.path, typed | hidden(returned.content.decode())).status_code == 302
    assert Attachment.objects.get().original_name == "ใบรับรอง.jpg"


@pytest.mark.parametrize("filled", [forms.gift, forms.claim], ids=["money", "claim"])
def test_another_user_gets_the_empty_form_and_sends_nothing(house: House, filled: Filled) -> None:
    sent = filled(house)
    client, typed, login = run_out(sent)
    same_desk = house.second_treasurer if filled is forms.gift else make_user("leader", community=house.cast.home)
    before = booked()
    sent_on = client.get(sign_in(client, same_desk, login).url)
    assert (sent_on.status_code, sent_on.url) == (302, sent.path)
    page = client.get(sent.path).content.decode()
    assert "belongs to another user. This one is empty." in page
    typed_words = [word for word in ("ร้านสมมติพาณิชย์", "มาด้วยรถสองแถว", typed["request_id"]) if word in page]
    assert (typed_words, booked()) == ([], before)


def test_who_was_signed_out_while_a_second_treasurer_took_the_money_is_told(house: House) -> None:
    sent = forms.dues(house)
    client, _typed, login = run_out(sent)
    other = Sent(
        house.second_treasurer, sent.path, sent.fields | {"request_id": forms.dues(house).fields["request_id"]}
    )
    forms.send(other)
    waiting = client.get(sign_in(client, sent.user, login).url).content.decode()
    answer = client.post(sent.path, hidden(waiting))
    assert "This period has been paid already: see receipt no. 2563/000001." in forms.refusals(answer)["periods"][0]
    assert Receipt.objects.count() == 1
