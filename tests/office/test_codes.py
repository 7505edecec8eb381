"""A lost password or second factor is answered by a code, used once."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from office.codes import CodeRefused, issue_code, use_code
from office.models import ActionLog, OneTimeCode, User
from tests.factories import make_fund, make_user
from tests.office.conftest import english_client

NOW = datetime(2020, 11, 1, 3, 0, tzinfo=UTC)
NEW_PASSWORD = "ใหม่-กว่า-เดิม-77"
pytestmark = pytest.mark.usefixtures("in_english")
WRONG = "The user name and the code do not fit, or the code is older than 24 hours or was used."


@pytest.fixture
def administrator(db) -> User:
    make_fund()
    cache.clear()
    return make_user("administrator")


def _use(user: User, code: str, *, now: datetime = NOW) -> User:
    return use_code(username=user.username, code=code, new_password=NEW_PASSWORD, now=now)


def test_a_code_sets_a_new_password_once(administrator) -> None:
    user = make_user("leader")
    code = issue_code(user, purpose="password", by=administrator, now=NOW)
    assert code not in OneTimeCode.objects.get().code_digest
    assert _use(user, f"{code[:5]} {code[5:].lower()}").check_password(NEW_PASSWORD)
    with pytest.raises(CodeRefused, match=WRONG):
        _use(user, code)
    assert list(ActionLog.objects.order_by("id").values_list("action", flat=True)) == [
        "code-issued",
        "code-used",
        "code-refused",
    ]


def test_a_code_ends_after_a_day(administrator) -> None:
    user = make_user("leader")
    code = issue_code(user, purpose="password", by=administrator, now=NOW)
    with pytest.raises(CodeRefused, match=WRONG):
        _use(user, code, now=NOW + timedelta(hours=24))


def test_a_new_code_ends_the_one_before(administrator) -> None:
    user = make_user("leader")
    first = issue_code(user, purpose="password", by=administrator, now=NOW)
    second = issue_code(user, purpose="password", by=administrator, now=NOW + timedelta(minutes=1))
    with pytest.raises(CodeRefused, match=WRONG):
        _use(user, first, now=NOW + timedelta(minutes=2))
    assert _use(user, second, now=NOW + timedelta(minutes=2)) == user


def test_the_code_of_one_user_is_worth_nothing_to_another(administrator) -> None:
    code = issue_code(make_user("leader"), purpose="password", by=administrator, now=NOW)
    with pytest.raises(CodeRefused, match=WRONG):
        _use(make_user("leader"), code)


def test_a_stranger_learns_nothing_from_the_refusal(administrator) -> None:
    with pytest.raises(CodeRefused) as unknown_user:
        use_code(username="nobody", code="ABCDEFGHJK", new_password=NEW_PASSWORD, now=NOW)
    with pytest.raises(CodeRefused) as wrong_code:
        _use(make_user("leader"), "ABCDEFGHJK")
    assert str(unknown_user.value) == str(wrong_code.value)


def test_a_code_for_the_second_factor_turns_it_off(administrator) -> None:
    user = make_user("treasurer")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    _use(user, issue_code(user, purpose="password", by=administrator, now=NOW))
    assert Authenticator.objects.filter(user=user).exists()
    _use(user, issue_code(user, purpose="second-factor", by=administrator, now=NOW))
    assert not Authenticator.objects.filter(user=user).exists()


def test_nobody_issues_a_code_for_themselves(administrator) -> None:
    with pytest.raises(CodeRefused, match="Nobody issues a code for themselves"):
        issue_code(administrator, purpose="password", by=administrator, now=NOW)


def test_a_closed_account_gets_no_code(administrator) -> None:
    with pytest.raises(CodeRefused, match="This account is closed"):
        issue_code(make_user(is_active=False), purpose="password", by=administrator, now=NOW)


def _form(user: User, code: str, **other: str) -> dict[str, str]:
    passwords = {"new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    return {"username": user.username, "code": code} | passwords | other


def test_the_way_from_the_administrators_page_to_the_login(administrator) -> None:
    user = make_user("leader")
    page = english_client(administrator).post(f"/users/{user.pk}/code/", {"purpose": "password"})
    answer = Client().post("/code/", _form(user, page.context["code"]))
    assert (answer.status_code, answer.url) == (302, "/accounts/login/")
    signed_in = Client().post("/accounts/login/", {"login": user.username, "password": NEW_PASSWORD})
    assert (signed_in.status_code, signed_in.url) == (302, "/")


def test_a_weak_or_mistyped_password_is_refused_at_its_field(administrator) -> None:
    user = make_user("leader")
    client = english_client()
    weak = client.post("/code/", _form(user, "ABCDEFGHJK", new_password="123", new_password_again="123"))
    assert list(weak.context["form"].errors) == ["new_password"]
    mistyped = client.post("/code/", _form(user, "ABCDEFGHJK", new_password_again="other"))
    assert mistyped.context["form"].errors == {
        "new_password_again": ["The two are not the same. Write the new password again."]
    }


def test_the_sixth_attempt_within_a_quarter_of_an_hour_is_refused_even_with_the_right_code(administrator) -> None:
    user = make_user("leader")
    code = issue_code(user, purpose="password", by=administrator, now=NOW)
    client = english_client()
    codes = [client.post("/code/", _form(user, "WRONGWRONG")).status_code for _attempt in range(5)]
    last = client.post("/code/", _form(user, code))
    assert [*codes, last.status_code] == [200, 200, 200, 200, 200, 429]
    assert "Wait 15 minutes" in last.content.decode()
