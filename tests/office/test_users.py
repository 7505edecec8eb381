"""The administrator adds users, gives and takes roles, closes accounts."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from office.models import ActionLog, RoleGrant, User
from office.users import UserRefused, add_user, change_user, close_account, open_account
from tests.factories import make_fund, make_user
from tests.office.conftest import english_client

NOW = datetime(2020, 11, 1, 3, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def administrator(db) -> User:
    make_fund()
    return make_user("administrator", username="admin", display_name="ผู้ดูแล")


def _log(**given: object) -> list[tuple]:
    return list(ActionLog.objects.filter(**given).order_by("id").values_list("action", "subject_name", "details"))


def _change(user: User, by: User, *roles: str) -> None:
    change_user(
        user, display_name=user.display_name, post=user.post, phone=user.phone, roles=set(roles), by=by, now=NOW
    )


def test_a_user_is_added_with_roles_and_a_code_that_is_shown_once(administrator) -> None:
    client = english_client(administrator)
    form = {
        "username": "somsri",
        "display_name": "สมศรี สมมติ",
        "post": "เหรัญญิก",
        "phone": "0812345678",
        "roles": ["treasurer"],
        "request_id": "0c7d5f0e-8f0a-4b57-9a55-3f2f5f7c9a01",
    }
    page = client.post("/users/new/", form)
    user = User.objects.get(username="somsri")
    assert (user.display_name, user.post, user.phone, user.roles) == (
        "สมศรี สมมติ",
        "เหรัญญิก",
        "0812345678",
        frozenset({"treasurer"}),
    )
    assert not user.has_usable_password()
    code = page.context["code"]
    assert len(code) == 10
    assert code in page.content.decode()
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert _log(user=administrator, subject_id=user.pk) == [
        ("user-added", "สมศรี สมมติ", {}),
        ("role-given", "สมศรี สมมติ", {"role": "treasurer"}),
        ("code-issued", "สมศรี สมมติ", {"purpose": "password"}),
    ]
    assert code not in str(_log())


def test_a_user_name_is_given_once_however_it_is_written(administrator) -> None:
    client = english_client(administrator)
    page = client.post(
        "/users/new/",
        {"username": "ADMIN", "display_name": "ก", "request_id": "0c7d5f0e-8f0a-4b57-9a55-3f2f5f7c9a01"},
    )
    assert page.context["form"].errors == {
        "username": ["There is a user named ADMIN already. Choose another user name."]
    }
    assert page.context["form"]["display_name"].value() == "ก"


def test_roles_are_given_and_taken_and_both_are_remembered(administrator) -> None:
    user = make_user("registrar")
    _change(user, administrator, "leader", "committee")
    assert user.roles == frozenset({"leader", "committee"})
    assert list(RoleGrant.objects.filter(user=user).order_by("id").values_list("role", "revoked_by")) == [
        ("registrar", administrator.pk),
        ("leader", None),
        ("committee", None),
    ]
    assert [line[0] for line in _log(subject_id=user.pk)] == ["role-given", "role-taken", "role-given"]


@pytest.mark.parametrize("role", ["leader", "committee", "treasurer"])
def test_an_administrator_takes_no_part_in_money(administrator, role: str) -> None:
    with pytest.raises(UserRefused, match="An administrator takes no part in money"):
        _change(make_user(), administrator, "administrator", role)
    with pytest.raises(UserRefused, match="An administrator takes no part in money"):
        add_user(username="x", display_name="x", roles={"administrator", role}, by=administrator, now=NOW)


def test_nobody_changes_their_own_roles(administrator) -> None:
    with pytest.raises(UserRefused, match="Nobody changes their own roles"):
        _change(administrator, administrator, "administrator", "auditor")


def test_the_last_administrator_stays_one(administrator) -> None:
    outgoing = make_user("administrator")
    administrator.is_active = False
    administrator.save()
    with pytest.raises(UserRefused, match="This is the only administrator"):
        _change(outgoing, administrator, "registrar")
    with pytest.raises(UserRefused, match="This is the only administrator"):
        close_account(outgoing, by=administrator)


def test_closing_an_account_ends_its_running_session(administrator) -> None:
    user = make_user("registrar")
    client = Client()
    client.force_login(user)
    assert client.get("/accounts/2fa/").status_code == 200
    close_account(user, by=administrator)
    assert client.get("/accounts/2fa/").status_code == 302
    open_account(user, by=administrator)
    assert [line[0] for line in _log(user=administrator, subject_id=user.pk)] == ["user-closed", "user-opened"]


def test_nobody_closes_their_own_account(administrator) -> None:
    client = english_client(administrator)
    page = client.post(f"/users/{administrator.pk}/close/", follow=True)
    assert "Nobody closes their own account. Ask another administrator." in page.content.decode()
    administrator.refresh_from_db()
    assert administrator.is_active


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_takes_the_same_queries_for_one_user_and_for_three(
    administrator, django_assert_num_queries, people: int
) -> None:
    for _person in range(people - 1):
        make_user("leader", "registrar")
    client = english_client(administrator)
    with django_assert_num_queries(6):  # session, user, fund, roles, users, their roles
        page = client.get("/users/")
    assert len(page.context["people"]) == people
