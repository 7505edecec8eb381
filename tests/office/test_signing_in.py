"""Signing in, the second factor, and what is written down about both."""

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client

from office.models import ActionLog, User
from tests.factories import PASSWORD, make_fund, make_user
from tests.office.conftest import english_client


@pytest.fixture(autouse=True)
def a_fund(db) -> None:
    make_fund()
    cache.clear()


def _sign_in(client: Client, user: User, password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": user.username, "password": password})


def test_a_user_signs_in_by_name_and_comes_to_the_page_asked_for() -> None:
    user = make_user("leader")
    client = Client()
    sent = client.get("/accounts/2fa/")
    answer = client.post(sent.url, {"login": user.username.upper(), "password": PASSWORD, "next": "/accounts/2fa/"})
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/")
    assert list(ActionLog.objects.values_list("user", "action")) == [(user.pk, "signed-in")]


def test_five_wrong_passwords_close_the_login_for_a_while() -> None:
    user = make_user("leader")
    client = english_client()
    for _attempt in range(5):
        wrong = _sign_in(client, user, "wrong")
    assert "The user name or the password is not right. Try again." in wrong.content.decode()
    right = _sign_in(client, user)
    assert (right.status_code, "Too many attempts that failed" in right.content.decode()) == (200, True)
    assert ActionLog.objects.filter(action="sign-in-failed", subject_id=user.pk).count() == 5


def test_a_password_typed_into_the_wrong_box_is_not_written_down() -> None:
    Client().post("/accounts/login/", {"login": "my-secret-password", "password": "x"})
    assert list(ActionLog.objects.values_list("action", "subject_name", "details")) == [("sign-in-failed", "", {})]


def test_a_closed_account_may_not_sign_in() -> None:
    answer = _sign_in(Client(), make_user("leader", is_active=False))
    assert "_auth_user_id" not in answer.wsgi_request.session


def test_nobody_signs_up() -> None:
    assert english_client().get("/accounts/signup/").status_code == 404


def test_who_must_change_the_password_comes_nowhere_else_first() -> None:
    user = make_user("leader", must_change_password=True)
    client = english_client(user)
    answer = client.get("/accounts/2fa/")
    assert (answer.status_code, answer.url) == (302, "/accounts/password/change/")
    new = {"oldpassword": PASSWORD, "password1": "ใหม่-กว่า-เดิม-77", "password2": "ใหม่-กว่า-เดิม-77"}
    client.post("/accounts/password/change/", new)
    assert client.get("/accounts/2fa/").status_code == 200


@pytest.mark.parametrize(
    ("role", "asked"), [("treasurer", True), ("administrator", True), ("leader", False), ("auditor", False)]
)
def test_in_production_who_handles_money_or_users_sets_up_a_second_factor_first(settings, role, asked) -> None:
    settings.PRODUCTION = True
    user = make_user(role)
    client = english_client(user)
    answer = client.get("/code/")
    assert answer.status_code == 200
    answer = client.get("/jobs/1/")
    assert (answer.status_code, getattr(answer, "url", "")) == (
        (302, "/accounts/2fa/totp/activate/") if asked else (404, "")
    )
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.get("/jobs/1/").status_code == 404


@time_machine.travel("2020-11-01 10:00:05+07:00", tick=False)  # a code lives for half a minute
def test_the_second_factor_is_set_up_sealed_and_asked_for(django_capture_on_commit_callbacks) -> None:
    user = make_user("treasurer")
    client = english_client()
    _sign_in(client, user)
    asked = client.get("/accounts/2fa/totp/activate/")  # asks for the password once more
    page = client.post(asked.url, {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"}, follow=True)
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/accounts/2fa/totp/activate/", {"code": _code_now(secret)})
    assert answer.status_code == 302
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    assert secret not in str(kept.data)
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200
    other_browser = english_client()
    first = _sign_in(other_browser, user)
    assert (first.status_code, first.url) == (302, "/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in other_browser.session
    cache.clear()  # the same code counts once within its half minute; here no time passes
    other_browser.post("/accounts/2fa/authenticate/", {"code": _code_now(secret)})
    assert other_browser.session["_auth_user_id"] == str(user.pk)
    actions = list(ActionLog.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["signed-in", "second-factor-on", "signed-in"]


def _code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
