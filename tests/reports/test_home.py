"""The first page: one desk for each role, and what waits on it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from bansong_fund.lib.thai_dates import format_month
from contributions.models import CollectionLine, CollectionSheet
from ledger.models import AccountRole, LedgerSum
from members.models import Application
from office.jobs import run_job
from office.models import ActionLog, Job
from tests.contributions.conftest import make_cast
from tests.contributions.test_money_in import gift
from tests.factories import REGULATION_FILE, MemberFactory, ResolutionFactory, UserFactory, make_user
from tests.reports.conftest import client_of
from tests.set_up.test_thai_pages import english_in
from welfare.models import Claim, ClaimState
from welfare.regulations import load_regulation

HOME = "/"


def claim_of(member, state: str, amount: str, number: int, *, on: date = date(2020, 10, 1), **fields) -> Claim:
    return Claim.objects.create(
        year_be=2563,
        number=number,
        member=member,
        community=member.community,
        benefit_code="sickness",
        category="sickness",
        event_from=on,
        received_on=on,
        recipient_name=member.full_name,
        state=state,
        amount=Decimal(amount),
        entered_by=UserFactory(),
        **fields,
    )


def test_a_leader_has_four_buttons_and_what_waits_for_her(books, first, second) -> None:
    leader = make_user("leader", community=first)
    mine, other = MemberFactory(community=first), MemberFactory(community=second)
    draft = claim_of(mine, ClaimState.DRAFT, "300", 1)
    claim_of(other, ClaimState.DRAFT, "300", 2)
    sheet = CollectionSheet.objects.create(
        year_be=2563, number=1, community=first, collector=leader, opened_on=date(2020, 10, 1)
    )
    CollectionLine.objects.create(sheet=sheet, member=mine, amount=Decimal("365"), paid_on=date(2020, 10, 2))
    books.hand_to_collector(leader, "730.00", date(2020, 9, 1))

    answer = client_of(leader).get(HOME)
    desk = answer.context["desks"].leader
    assert (desk.to_correct, desk.open_sheets, desk.cash_with_her) == ([draft], [sheet], Decimal("730.00"))
    assert (desk.open_sheets[0].filled, desk.open_sheets[0].so_far) == (1, Decimal("365.00"))
    page = answer.content.decode()
    assert [page.count(f'<a class="tile" href="{address}">') for address in leaders_buttons()] == [1, 1, 1, 1]


def leaders_buttons() -> list[str]:
    names = ("contributions:sheet", "welfare:choose_member", "members:list", "welfare:care")
    return [reverse(name) for name in names]


def test_a_leader_for_whom_nothing_waits_is_told_so(fund, first) -> None:
    assert b"Nothing waits for you." in client_of(make_user("leader", community=first)).get(HOME).content


def load_rules() -> None:
    load_regulation(REGULATION_FILE.read_text(encoding="utf-8"), by=None, now=datetime(2020, 1, 1, tzinfo=UTC))


def test_a_leader_and_a_registrar_see_how_many_are_to_be_told(fund, first, second) -> None:
    load_rules()
    for community in (first, first, second):
        MemberFactory(community=community, paid_through=date(2018, 12, 31))
    leader, registrar = client_of(make_user("leader", community=first)), client_of(make_user("registrar"))
    assert "2 members to be told of their arrears" in leader.get(HOME).content.decode()
    assert registrar.get(HOME).context["desks"].registrar.to_tell == 3


def test_the_administrator_is_told_whose_account_is_to_be_closed(fund, first) -> None:
    leader = make_user("leader", community=first, display_name="นางผู้นำ สมมติ")
    MemberFactory(community=first, user=leader, died_on=date(2020, 10, 1))
    administrator = client_of(make_user("administrator"))
    assert "นางผู้นำ สมมติ has died: close the account" in administrator.get(HOME).content.decode()
    leader.is_active = False
    leader.save()
    assert "has died" not in administrator.get(HOME).content.decode()


def test_a_registrar_has_one_search_box_and_the_ten_oldest_claims_to_check(fund, first) -> None:
    member = MemberFactory(community=first)
    claims = [claim_of(member, ClaimState.SUBMITTED, "100", n, on=date(2020, 9, 30 - n)) for n in range(1, 13)]
    answer = client_of(make_user("registrar")).get(HOME)
    desk = answer.context["desks"].registrar
    assert (desk.count, desk.to_check) == (12, list(reversed(claims))[:10])
    assert answer.content.decode().count('type="search"') == 1


def test_the_committee_sees_the_cases_and_their_sum_against_the_money(worked, first) -> None:
    member = MemberFactory(number=50, community=first)
    claim_of(member, ClaimState.VERIFIED, "1500.50", 901)
    claim_of(member, ClaimState.VERIFIED, "500.00", 902)
    claim_of(member, ClaimState.SUBMITTED, "700.00", 903)
    desk = client_of(make_user("committee")).get(HOME).context["desks"].committee
    money = plain_money()
    assert (desk.cases.count, desk.cases.total) == (2, Decimal("2000.50"))
    assert (desk.money, desk.left_after) == (money, money - Decimal("2000.50"))


def plain_money() -> Decimal:
    rows = LedgerSum.objects.filter(account__role__in=["bank", "cash", "collector", "advance"])
    return sum((row.debit - row.credit for row in rows), Decimal(0))


def test_the_treasurer_sees_every_place_of_the_money_and_what_is_to_be_paid(worked, first) -> None:
    leader = make_user("leader", community=first)
    worked.hand_to_collector(leader, "365.00", date(2020, 10, 1))
    worked.receive(AccountRole.GIFT, "40.25", date(2020, 10, 2), into=worked.cash)
    member = MemberFactory(number=50, community=first)
    decided = {"decided_by": UserFactory(), "decided_on": date(2020, 10, 5), "resolution": ResolutionFactory()}
    claim_of(member, ClaimState.APPROVED, "300", 901, amount_approved=Decimal("200.00"), **decided)
    answer = client_of(make_user("treasurer")).get(HOME)
    desk = answer.context["desks"].treasurer
    assert (desk.money.cash, desk.money.cash_with_leaders) == (Decimal("40.25"), Decimal("365.00"))
    assert desk.money.total == plain_money()
    assert (desk.to_pay.count, desk.to_pay.total) == (1, Decimal("200.00"))
    assert f"{plain_money():,.2f}" in answer.content.decode()


def test_a_user_with_two_roles_sees_both_desks_and_no_other(fund) -> None:
    desks = client_of(make_user("registrar", "treasurer")).get(HOME).context["desks"]
    assert [desk is not None for desk in (desks.leader, desks.registrar, desks.committee, desks.treasurer)] == [
        False,
        True,
        False,
        True,
    ]


def test_a_user_without_a_role_is_sent_to_the_administrator(fund) -> None:
    assert b"No role has been given to you yet" in client_of(make_user()).get(HOME).content


def test_a_visitor_is_sent_to_the_login(fund) -> None:
    assert Client().get(HOME).url == "/accounts/login/?next=/"


def test_the_auditor_reads_check_ledgers_answer_in_one_sentence(db) -> None:
    cast = make_cast()
    gift(cast, "ร้านทดสอบ", "1000.00")
    auditor = client_of(cast.auditor)
    assert b"The books have not been checked yet." in auditor.get(HOME).content
    answer = auditor.post(reverse("reports:check_books"))
    assert answer.url == reverse("reports:verdict")
    kept = ActionLog.objects.get(action="books-checked").details
    assert kept["problems"] == []
    assert f"The books hold: {kept['entries']} entries and {kept['lines']} lines" in auditor.get(HOME).content.decode()
    assert kept["fingerprint"] in auditor.get(reverse("reports:verdict")).content.decode()


def test_a_broken_book_is_named_to_the_auditor(worked) -> None:
    kept = LedgerSum.objects.order_by("pk").first()
    LedgerSum.objects.filter(pk=kept.pk).update(debit=kept.debit + 1)
    auditor = client_of(make_user("auditor"))
    auditor.post(reverse("reports:check_books"))
    assert b"The books do not hold: on" in auditor.get(HOME).content
    assert f"kept sums: account {kept.account.code}" in auditor.get(reverse("reports:verdict")).content.decode()


def test_what_a_check_found_is_read_in_thai_whoever_had_it_made(worked) -> None:
    kept = LedgerSum.objects.order_by("pk").first()
    LedgerSum.objects.filter(pk=kept.pk).update(debit=kept.debit + 1)
    client_of(make_user("auditor")).post(reverse("reports:check_books"))
    treasurer = Client(headers={"accept-language": "th"})
    treasurer.force_login(make_user("treasurer", username="๑๒๓"))
    page = treasurer.get(reverse("reports:verdict")).content.decode()
    assert f"ยอดรวมที่เก็บไว้: บัญชี {kept.account.code} {format_month(kept.month)} ทุกชุมชน" in page
    fingerprint = ActionLog.objects.get(action="books-checked").details["fingerprint"]
    assert english_in(page, names=fingerprint) == []


def test_large_books_are_checked_by_the_worker(worked, monkeypatch) -> None:
    monkeypatch.setattr("reports.views.home.ENTRIES_CHECKED_AT_ONCE", 3)
    answer = client_of(make_user("auditor")).post(reverse("reports:check_books"))
    job = Job.objects.get(kind="check-books")
    assert answer.url == reverse("office:job", args=[job.pk])
    run_job.func(job.pk)
    done = client_of(job.requested_by).get(answer.url).content.decode()
    assert f'<a class="btn btn-primary" href="{reverse("reports:verdict")}">' in done


def test_the_committee_is_led_to_the_applications_that_wait(worked, first) -> None:
    committee, link = client_of(make_user("committee")), f'href="{reverse("welfare:admissions")}">1</a>'
    assert link not in committee.get(HOME).content.decode()
    facts = {"first_name": "สมัคร", "sex": "f", "community": first, "applied_on": date(2020, 10, 1)}
    Application.objects.create(year_be=2563, number=1, state="certified", entered_by=make_user("leader"), **facts)
    assert link in committee.get(HOME).content.decode()


@pytest.mark.parametrize("role", ["leader", "registrar", "administrator"])
def test_who_reads_no_books_checks_none(fund, role) -> None:
    assert client_of(make_user(role)).post(reverse("reports:check_books")).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_home_page_of_all_roles_takes_as_many_queries_with_one_row_as_with_three(
    worked, first, rows, django_assert_num_queries
) -> None:
    user = make_user("leader", "registrar", "committee", "treasurer", "auditor", "administrator", community=first)
    member = MemberFactory(number=60, community=first)
    for n in range(rows):
        claim_of(member, ClaimState.SUBMITTED, "100", 900 + n)
        claim_of(member, ClaimState.DRAFT, "100", 950 + n)
    client = client_of(user)
    with django_assert_num_queries(QUERIES_OF_ALL_DESKS):
        client.get(HOME)


QUERIES_OF_ALL_DESKS = 22  # without a regulation: one more where members to be told are counted by it
