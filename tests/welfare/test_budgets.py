"""Budgets: set under a resolution, kept as they were set, and shown beside what was spent; they refuse nothing."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from ledger.models import FiscalYear
from members.models import Resolution
from tests.factories import make_user
from welfare.budgets import NothingSet, budget_lines, budget_of, fund_year_on, set_budgets
from welfare.models import Budget, Category
from welfare.transitions import NotYours

PAGE = reverse("welfare:budgets")
SET = reverse("welfare:set_budgets", args=[2563])


def client_of(user) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def put(cast, **amounts: str) -> list[Budget]:
    baht = {kind: Decimal(amount) for kind, amount in amounts.items()}
    facts = {"meeting": cast.meeting, "request_id": uuid.uuid4(), **cast.by(cast.committee)}
    return set_budgets(year=fund_year_on(cast.today), amounts=baht, **facts)


def test_a_kind_runs_from_its_budget_over_what_is_approved_to_what_is_spent(cast):
    put(cast, sickness="500", death="30000")
    claim = cast.decided()
    line = budget_of("sickness", cast.today)
    assert (line.budget, line.spent, line.approved, line.left) == (500, 0, claim.amount_approved, 500 - claim.amount)
    cast.pay(claim)
    line = budget_of(Category.SICKNESS, cast.today)
    assert (line.year_be, line.spent, line.approved, line.left) == (2563, claim.amount, 0, 500 - claim.amount)
    assert line.share == 100 * claim.amount / 500
    following = fund_year_on(date(2021, 5, 1))
    assert (following.year_be, following._state.adding) == (2564, True)
    assert {line.left for line in budget_lines(following, today=cast.today)} == {None}


def test_over_the_budget_is_shown_and_refuses_nothing(cast):
    put(cast, sickness="100")
    cast.pay(cast.decided())
    line = budget_of("sickness", cast.today)
    assert (line.is_over, line.over_by) == (True, line.spent - 100)
    page = client_of(cast.auditor).get(PAGE).content.decode()
    assert f"({line.over_by:,.2f})" in page


def test_the_latest_row_counts_and_every_row_stays_under_its_resolution(cast):
    put(cast, sickness="500", elderly="1000")
    second = put(cast, sickness="700", elderly="1000")
    assert [(row.category, row.baht) for row in second] == [("sickness", 700)]  # what stands so gets no new row
    assert budget_of("sickness", cast.today).budget == 700
    assert list(Budget.objects.order_by("id").values_list("category", "baht", "resolution__number")) == [
        ("sickness", 500, 1),
        ("elderly", 1000, 1),
        ("sickness", 700, 2),
    ]
    with pytest.raises(NothingSet):
        put(cast, sickness="700")


def test_only_the_committee_sets_and_a_double_click_sets_once(cast):
    facts = {"meeting": cast.meeting, "request_id": uuid.uuid4(), **cast.by(cast.treasurer)}
    with pytest.raises(NotYours):
        set_budgets(year=FiscalYear.objects.get(), amounts={"death": Decimal(1)}, **facts)
    assert client_of(cast.treasurer).get(SET).status_code == 403
    committee = client_of(cast.committee)
    form = {"request_id": str(uuid.uuid4()), "meeting": cast.meeting.pk, "death": "30,000", "career": "0"}
    for _ in range(2):
        assert committee.post(SET, form)["Location"] == f"{PAGE}?year=2563"
    assert (Budget.objects.count(), Resolution.objects.get().subject) == (2, "Budgets of fund year 2563")
    page = client_of(cast.treasurer).get(PAGE).content.decode()
    assert "30,000.00" in page


def test_what_was_typed_stays_in_a_refused_form(cast):
    form = {"request_id": str(uuid.uuid4()), "meeting": cast.meeting.pk, "death": "30,000x"}
    answer = client_of(cast.committee).post(SET, form)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["death"])
    assert "30,000x" in answer.content.decode()


def test_the_page_asks_as_much_whatever_was_set(cast, django_assert_num_queries):
    reader = client_of(make_user("auditor"))
    reader.get(PAGE)
    put(cast, sickness="500")
    with django_assert_num_queries(13):
        reader.get(PAGE)
    put(cast, sickness="600", death="1", elderly="2")
    with django_assert_num_queries(13):
        reader.get(PAGE)
