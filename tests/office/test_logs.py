"""The pages of the two logs."""

import pytest

from office.action_log import ACTIONS, log_action
from office.reading import log_reading
from tests.factories import make_fund, make_user
from tests.office.conftest import english_client


@pytest.mark.parametrize("rows", [1, 3])
def test_the_logs_take_the_same_queries_for_one_line_and_for_three(db, django_assert_num_queries, rows: int) -> None:
    make_fund()
    auditor = make_user("auditor")
    client = english_client(auditor)  # the sign-in is a line itself
    for number in range(rows):
        log_reading(make_user("leader"), kind="member", id=number, name=f"สมาชิก {number}", what="page")
        if number:
            log_action(make_user("leader"), "role-given", subject=auditor, role="leader")
    with django_assert_num_queries(5):  # session, user, fund, roles, lines
        actions = client.get("/log/")
    with django_assert_num_queries(5):
        readings = client.get("/log/readings/")
    assert (len(actions.context["lines"]), len(readings.context["lines"])) == (rows, rows)


def test_the_log_says_in_words_who_did_what_to_whom(db) -> None:
    make_fund()
    auditor = make_user("auditor", display_name="ผู้ตรวจ สมมติ")
    log_action(auditor, "role-given", subject=make_user(display_name="คนใหม่ สมมติ"), role="treasurer")
    page = english_client(auditor).get("/log/").content.decode()
    assert "Gave a role: Treasurer" in page
    assert "คนใหม่ สมมติ" in page


def test_the_log_says_in_words_what_was_read(db) -> None:
    make_fund()
    auditor = make_user("auditor")
    log_reading(auditor, kind="member", id=7, name="สมศรี สมมติ", what="national-id", reason="จ่ายเงิน")
    page = english_client(auditor).get("/log/readings/").content.decode()
    assert '<td data-label="What">Looked at the national ID number</td>' in page


def test_the_log_goes_on_at_older_lines(db) -> None:
    make_fund()
    auditor = make_user("auditor")
    for _number in range(60):
        log_action(auditor, "user-changed")
    client = english_client(auditor)
    first = client.get("/log/").context
    second = client.get(f"/log/?before={first['older']}").context
    assert (len(first["lines"]), len(second["lines"]), second["older"]) == (50, 11, None)
    assert min(line.pk for line in first["lines"]) > max(line.pk for line in second["lines"])


def test_every_action_that_is_logged_has_words(db) -> None:
    assert [action for action, words in ACTIONS.items() if not str(words)] == []
