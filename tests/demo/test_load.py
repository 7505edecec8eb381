"""The demonstration as it lies in the database: ten and a half years tie to the satang, and the books hold."""

import json
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import translation

from bansong_fund.demo.figures import CATEGORIES, year_table
from bansong_fund.demo.load import NotADemonstration, NotEmpty, load_demo, write_logins
from bansong_fund.demo.plan import shared_plan
from bansong_fund.demo.shapes import LAST_DAY
from bansong_fund.demo.verify import balances as planned_balances
from bansong_fund.demo.verify import type_of
from bansong_fund.lib.national_id import decrypt_id, id_digest
from contributions.models import CollectionSheet, Contributor, DuesPayment, Gift, Grant, MatchingRound
from contributions.queries import CommitmentRow, paid_through_of, partners_listed, visible_commitments
from ledger.check import check_ledger
from ledger.models import FiscalYear, LedgerHead, PaymentVoucher, Receipt
from ledger.queries import income_by_leg, money_in_hand
from members.models import Community, Fund, GroupFlag, Leadership, Member, Membership
from office.models import User
from tests.ledger.conftest import NOW
from welfare.eligibility import assess_claim
from welfare.models import Claim, ClaimState, ClaimStep

YEARS = year_table()

pytestmark = pytest.mark.usefixtures("demo_fund")


def rows(query: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


LINES_BY_YEAR = """
    SELECT extract(year FROM e.date)::int, {key}, sum(l.amount), count(*)
      FROM ledger_line l
      JOIN ledger_entry e ON e.id = l.entry_id AND e.kind <> 'closing'
      JOIN ledger_account a ON a.id = l.{side}_id
     WHERE a.role = ANY(%s) GROUP BY 1, 2
"""


def by_year(side: str, key: str, *roles: str) -> dict[tuple[int, object], Decimal]:
    found = rows(LINES_BY_YEAR.format(side=side, key=key), list(roles))
    return {(year, name): amount for year, name, amount, _count in found}


LEG_ROLES = ("dues", "municipality", "codi-start-up", "codi-matching", "other-state", "gift", "sister-funds")


# --- the ten years, from the lines of the ledger --------------------------------------------------


def test_every_leg_of_every_year_ties_to_the_satang():
    found = by_year("credit", "a.leg", *LEG_ROLES, "event-income", "enterprise-share")
    wanted = {(year, leg): row.money[f"leg{leg}"] for year, row in YEARS.items() for leg in (1, 2, 3, 4)}
    assert found == {key: amount for key, amount in wanted.items() if amount}


def test_every_kind_of_welfare_of_every_year_ties_in_baht_and_cases():
    found = by_year("debit", "a.category", "benefit")
    wanted = {(year, kind): row.baht[kind] for year, row in YEARS.items() for kind in CATEGORIES}
    assert found == {key: amount for key, amount in wanted.items() if amount}
    paid = Claim.objects.filter(state="paid").exclude(benefit_code="birth-mother-nights")
    cases = Counter((day.year, kind) for day, kind in paid.values_list("paid_on", "category"))
    counted = {(year, kind): row.cases[kind] for year, row in YEARS.items() for kind in CATEGORIES}
    assert cases == Counter({key: count for key, count in counted.items() if count})


def test_interest_costs_and_the_events_of_every_year_tie():
    gross = by_year("credit", "''", "interest")
    tax = by_year("debit", "''", "tax-withheld")
    running = by_year("debit", "''", "administration")
    events = by_year("debit", "''", "event-cost")
    for year, row in YEARS.items():
        key = (year, "")
        found = (gross[key] - tax.get(key, 0), running[key], events.get(key, Decimal(0)))
        assert found == (row.money["interest_net"], row.money["admin"], row.money["event"])


MONEY_AT = """
    SELECT coalesce(sum(l.amount) FILTER (WHERE d.type = 'asset'), 0)
         - coalesce(sum(l.amount) FILTER (WHERE c.type = 'asset'), 0)
      FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
      JOIN ledger_account d ON d.id = l.debit_id JOIN ledger_account c ON c.id = l.credit_id
     WHERE e.date <= %s
"""


def test_every_year_closes_with_its_balance():
    found = {year: rows(MONEY_AT, date(year, 12, 31))[0][0] for year in YEARS}
    assert found == {year: row.money["closing"] for year, row in YEARS.items()}
    assert found[2020] == Decimal("14328280.76")


def test_the_accumulated_fund_of_the_closed_years_is_the_money_of_that_day():
    found = rows(
        "SELECT sum(l.amount * CASE WHEN c.role = 'accumulated-fund' THEN 1 ELSE -1 END) FROM ledger_line l"
        " JOIN ledger_entry e ON e.id = l.entry_id AND e.kind = 'closing' JOIN ledger_account c ON c.id = l.credit_id"
    )
    assert found == [(Decimal("12385155.02"),)]


def test_2562_is_as_it_was_published():
    legs = income_by_leg(date(2019, 1, 1), date(2019, 12, 31))
    published = {1: "1312175.00", 2: "500000.00", 3: "1008384.00", 4: "348200.00"}
    assert legs == {leg: Decimal(amount) for leg, amount in published.items()}
    total = sum(legs.values())
    shares = [round(100 * legs[leg] / total, 1) for leg in (1, 2, 3, 4)]
    assert (total, shares) == (Decimal("3168759.00"), [Decimal(one) for one in ("41.4", "15.8", "31.8", "11.0")])


def test_the_money_lies_where_the_plan_puts_it():
    money = money_in_hand()
    planned = planned_balances(shared_plan(), LAST_DAY)
    leaders = [amount for place, amount in sorted(planned.items()) if place.startswith("leader:")]
    assert [amount for _account, amount in money.banks] == [planned["savings"], planned["fixed"]]
    assert money.cash == planned["cash"]
    assert sorted(amount for _account, amount in money.collectors) == sorted(leaders)
    assert money.total == Decimal("14328280.76")


def test_no_place_is_ever_below_nought():
    below = rows(
        """
        WITH moved AS (
            SELECT e.number, x.account_id, sum(x.amount) AS amount FROM ledger_line l
              JOIN ledger_entry e ON e.id = l.entry_id
             CROSS JOIN LATERAL (VALUES (l.debit_id, l.amount), (l.credit_id, -l.amount)) x (account_id, amount)
              JOIN ledger_account a ON a.id = x.account_id AND a.type = 'asset' GROUP BY 1, 2)
        SELECT * FROM (SELECT number, account_id, sum(amount) OVER (PARTITION BY account_id ORDER BY number) AS held
                         FROM moved) h WHERE held < 0
        """
    )
    assert below == []


# --- the books ------------------------------------------------------------------------------------


def test_the_books_hold():
    verdict = check_ledger()
    assert verdict.problems == ()
    assert (verdict.entries, verdict.lines) == (verdict.last_number, 39359)


def test_entries_and_papers_are_numbered_in_the_order_of_their_days():
    for table in ("ledger_entry", "ledger_receipt", "ledger_paymentvoucher"):
        year = "0" if table == "ledger_entry" else "year_be"
        late = rows(
            f"SELECT number FROM (SELECT number, date, lag(date) OVER (PARTITION BY {year} ORDER BY number) AS before"
            f" FROM {table}) n WHERE before > date"
        )
        assert (table, late) == (table, [])


def test_the_years_2553_to_2562_are_closed_and_2563_is_open():
    closed = {year.year_be: year.closed_at is not None for year in FiscalYear.objects.all()}
    assert closed == {year: year < 2563 for year in range(2553, 2564)}


def test_every_receipt_and_voucher_is_about_something():
    assert Receipt.objects.count() == DuesPayment.objects.count() + Gift.objects.count() + 16 + 29
    of_claims = Claim.objects.exclude(voucher=None).values("voucher").distinct().count()
    assert PaymentVoucher.objects.count() == of_claims + 333


def test_a_list_is_one_voucher_with_a_line_for_each_member():
    voucher = PaymentVoucher.objects.filter(claims__benefit_code="elderly-gift").order_by("id").last()
    claims = list(voucher.claims.all())
    assert len(claims) > 20
    assert {(claim.community_id, claim.paid_on, claim.benefit_code) for claim in claims} == {
        (claims[0].community_id, voucher.date, "elderly-gift")
    }
    assert [line.claim_number for line in voucher.lines.all()] == sorted(claim.label for claim in claims)
    assert voucher.total == sum(claim.amount_approved for claim in claims)


# --- people ---------------------------------------------------------------------------------------


def test_the_register_has_the_members_that_are_published():
    running = Membership.objects.filter(ended_on=None).count()
    ended = Counter(Membership.objects.exclude(ended_on=None).values_list("end_reason", flat=True))
    assert (Member.objects.count(), running, ended.total(), ended["died"]) == (5143, 4118, 1025, 260)
    assert Member.objects.exclude(died_on=None).count() == 260
    assert Community.objects.count() == 17


def test_joined_died_left_and_payers_of_every_year_tie():
    joined = Counter(day.year for day in Membership.objects.values_list("joined_on", flat=True))
    ends = Membership.objects.exclude(ended_on=None).values_list("ended_on", "end_reason")
    died = Counter(day.year for day, reason in ends if reason == "died")
    left = Counter(day.year for day, reason in ends if reason != "died")
    payers = {(day.year, member) for day, member in DuesPayment.objects.values_list("paid_on", "member")}
    paid = Counter(year for year, _member in payers)
    found = {year: [joined[year], died[year], left[year], paid[year]] for year in YEARS}
    assert found == {
        year: [row.counts[name] for name in ("joined", "died", "left", "payers")] for year, row in YEARS.items()
    }


def test_the_types_of_the_members_are_as_the_plan_says():
    flags = {
        (member, group): since for member, group, since in GroupFlag.objects.values_list("member", "group", "since")
    }
    types: Counter[str] = Counter()
    for member in Member.objects.filter(memberships__ended_on=None):
        member.disabled_from = flags.get((member.pk, "disabled"))
        member.disadvantaged_from = flags.get((member.pk, "disadvantaged"))
        types[type_of(member, LAST_DAY)] += 1
    assert types == {"general": 2580, "child": 433, "elderly": 965, "disabled": 96, "disadvantaged": 44}


def test_paid_through_is_what_the_payments_say():
    memberships = list(Membership.objects.all())
    reckoned = paid_through_of(memberships)
    assert {one.pk: one.paid_through for one in memberships} == reckoned
    unpaid = Membership.objects.filter(dues=None).values_list("member__number", "paid_through")
    assert sorted(unpaid) == [(number, date(2020, 12, 31)) for number in (5138, 5141, 5142)]


def test_everyone_is_marked_as_invented_and_her_id_is_sealed():
    assert Member.objects.filter(is_invented=False).count() == 0
    member = Member.objects.get(number=1)
    planned = shared_plan().person(1)
    assert decrypt_id(member.national_id_encrypted) == planned.national_id
    assert member.national_id_digest == id_digest(planned.national_id)
    assert (member.national_id_last4, member.phone) == (planned.national_id[-4:], planned.phone.replace("-", ""))
    assert Member.objects.filter(birth_precision="year").count() == 16


def test_the_eldest_of_a_house_is_its_head():
    headless = "SELECT count(*) FROM members_household h WHERE head_id IS NULL AND EXISTS (SELECT FROM members_member m"
    headless += " JOIN members_membership s ON s.member_id = m.id WHERE m.household_id = h.id AND s.ended_on IS NULL)"
    elder = "SELECT count(*) FROM members_household h JOIN members_member head ON head.id = h.head_id JOIN"
    elder += " members_member m ON m.household_id = h.id JOIN members_membership s ON s.member_id = m.id"
    elder += " WHERE s.ended_on IS NULL AND m.birth_date < head.birth_date"
    assert (rows(headless), rows(elder)) == ([(0,)], [(0,)])


def test_those_who_sign_in_are_members_and_lead_their_communities():
    users = {user.username: user for user in User.objects.select_related("member")}
    assert len(users) == 24
    for planned in shared_plan().users:
        user = users[planned.username]
        assert (user.member.number, sorted(user.roles)) == (planned.person, sorted(planned.roles))
        assert user.password.startswith("md5$")
    led = Leadership.objects.filter(until=None).values_list("user__username", "community__number")
    assert sorted(led) == sorted((f"leader{number}", number) for number in range(1, 18))


def test_the_fund_is_a_demonstration_on_its_own_day():
    fund = Fund.objects.get()
    assert (fund.is_demo, fund.demo_day, fund.controls) == (True, date(2020, 11, 1), "standard")
    assert (fund.founded_on, fund.population, len(fund.founders)) == (date(2010, 5, 1), 17539, 2)
    assert [len(fund.promoters), len(fund.partners)] == [2, 3]


# --- money in -------------------------------------------------------------------------------------


def test_137_contributors_gave_and_the_first_is_the_association_of_the_province():
    assert Contributor.objects.count() == 137
    assert Gift.objects.values("contributor").distinct().count() == 137
    first = Contributor.objects.get(number=1)
    assert (first.kind, first.is_invented) == ("sister-fund", False)
    assert Contributor.objects.exclude(number=1).filter(is_invented=False).count() == 0
    gift = Gift.objects.filter(contributor=first).earliest("received_on")
    assert (gift.amount, gift.income_account.code) == (Decimal("54750.00"), "4420")


def test_the_rounds_of_codi_name_their_members():
    found = [
        (one.number, one.member_count, one.members.count(), one.grants.get().amount)
        for one in MatchingRound.objects.order_by("number")
    ]
    assert found == [
        (1, 128, 128, Decimal(46720)),
        (2, 1655, 1655, Decimal(604075)),
        (3, 2940, 2940, Decimal(911400)),
        (4, 3232, 3232, Decimal(1008384)),
        (5, 2090, 2090, Decimal(627000)),
    ]


def test_what_was_promised_since_2561_came_and_two_requests_wait():
    rows = [CommitmentRow(one, date(2020, 11, 1)) for one in visible_commitments(User.objects.get(username="auditor"))]
    assert Counter(row.commitment.state for row in rows) == {
        "reported": 3,
        "received": 2,
        "approved": 1,
        "requested": 1,
    }
    came = [(row.received, row.commitment.approved) for row in rows if row.received]
    assert [received for received, _approved in came] == [approved for _received, approved in came]
    assert [row.rest for row in rows if row.rest] == [Decimal(450000)]
    since = Grant.objects.filter(received_on__year__gte=2018)
    assert [since.count(), since.exclude(commitment=None).count()] == [5, 5]


def test_the_enterprises_give_because_of_the_three_partners():
    assert [(one.activities_held, one.enterprises > 0, one.came > 0) for one in partners_listed()] == [
        (4, True, True),
        (2, True, True),
        (2, True, True),
    ]


def test_the_sheets_are_accepted_but_for_three():
    states = Counter(CollectionSheet.objects.values_list("state", flat=True))
    assert states == {"accepted": 337, "submitted": 3}
    wrong = rows(
        "SELECT s.id FROM contributions_collectionsheet s LEFT JOIN contributions_collectionline l ON l.sheet_id = s.id"
        " GROUP BY s.id HAVING sum(l.amount) <> s.total"
    )
    assert wrong == []


# --- money out ------------------------------------------------------------------------------------


def test_claims_stand_in_every_state():
    states = Counter(Claim.objects.values_list("state", flat=True))
    assert states == {
        "paid": 8421,
        "rejected": 29,
        "verified": 4,
        "submitted": 3,
        "approved": 2,
        "draft": 2,
        "cancelled": 1,
    }


def test_the_next_claim_of_a_year_takes_the_number_behind_the_last():
    taken = rows("SELECT year_be, last FROM ledger_documentsequence WHERE series = 'claim' ORDER BY 1")
    counted = "SELECT year_be, count(*), max(number) FROM welfare_claim GROUP BY 1 ORDER BY 1"
    assert [(year, last, last) for year, last in taken] == rows(counted)


def test_every_claims_last_step_is_the_state_that_it_is_in():
    last = ClaimStep.objects.order_by("claim_id", "-id").distinct("claim_id")
    wrong = [step.claim_id for step in last.select_related("claim") if step.to_state != step.claim.state]
    assert (last.count(), wrong) == (8462, [])


def test_no_claim_passed_through_one_hand():
    wrong = rows(
        "SELECT id FROM welfare_claim WHERE entered_by_id IN (decided_by_id, paid_by_id) OR decided_by_id = paid_by_id"
    )
    own = rows(
        "SELECT c.id FROM welfare_claim c JOIN members_member u ON u.user_id IN (c.decided_by_id, c.paid_by_id)"
        " WHERE u.household_id = c.household_id"
    )
    assert (wrong, own) == ([], [])


def test_one_draft_was_returned_with_a_reason():
    drafts = Claim.objects.filter(state=ClaimState.DRAFT).order_by("number")
    assert [list(claim.steps.values_list("action", flat=True)) for claim in drafts] == [
        ["enter"],
        ["enter", "submit", "return"],
    ]
    assert "วันที่ออกจากโรงพยาบาล" in drafts[1].steps.get(action="return").reason


@pytest.mark.parametrize("state", ["paid", "approved", "verified", "submitted"])
def test_a_claim_is_reckoned_again_as_it_was_stored(state):
    for claim in Claim.objects.filter(state=state).order_by("-event_from", "id")[:12]:
        again = assess_claim(claim)
        assert (claim.label, again.outcome, again.amount) == (claim.label, claim.outcome, claim.amount)


# --- loading --------------------------------------------------------------------------------------


def test_it_is_not_loaded_a_second_time(tmp_path):
    before = LedgerHead.objects.get().chain_hash
    with translation.override("en"), pytest.raises(NotEmpty, match="only into an empty one"):
        load_demo(now=NOW, logins_file=tmp_path / "logins.json")
    with pytest.raises(CommandError, match="only into an empty one"):
        call_command("load_demo")
    assert LedgerHead.objects.get().chain_hash == before
    assert list(tmp_path.iterdir()) == []


def test_production_settings_refuse_it(settings, tmp_path):
    settings.DEMO = False
    with pytest.raises(NotADemonstration, match="DEMO=1"):
        load_demo(now=NOW, logins_file=tmp_path / "logins.json")


def test_the_logins_are_for_their_owners_eyes(tmp_path):
    file = tmp_path / "demo-logins.json"
    logins = [{"username": "leader1", "password": "กข-คง", "role": "leader", "name": "สมมติ"}]
    write_logins(logins, file)
    write_logins(logins, file)
    assert (file.stat().st_mode & 0o777, json.loads(file.read_text(encoding="utf-8"))) == (0o600, logins)


def test_whoever_lapsed_was_told_thirty_days_before_of_these_arrears() -> None:
    lapsed = Membership.objects.filter(end_reason="lapsed").prefetch_related("notices")
    told = [
        (one.ended_on - notice.given_on).days >= 30 and notice.paid_through == one.paid_through
        for one in lapsed
        for notice in one.notices.all()
    ]
    assert told == [True] * 453
