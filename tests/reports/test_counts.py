"""Members as CODI counts them: every figure against plain SQL over the rows, and the same on page, sheet and paper."""

import io
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse
from python_calamine import CalamineWorkbook

from contributions.models import MatchingRound, RoundMember
from contributions.queries import matched_members
from members.models import CommunityStay, Fund, GroupFlag, Member, OpeningFacts
from office.models import ReadingLog
from office.roles import Role
from reports.count_tables import count_tables, table_named
from reports.figures.counts import member_counts
from reports.figures.people import communities_on, people_figures
from reports.views.counts import counts_paper
from reports.years import report_year
from tests.factories import CommunityFactory, MemberFactory, make_user
from tests.pdf_reading import page_texts, pdfium_text, silent_weasyprint  # noqa: F401
from tests.reports.conftest import TODAY, client_of

CUTOFF = date(2020, 9, 30)
DAYS = [date(2010, 5, 1), date(2015, 6, 1), date(2019, 12, 27), date(2019, 12, 28), CUTOFF, TODAY]
PAGE = "/member-counts/"


@pytest.fixture
def moved(worked):
    """The ten members of the worked fund; one moved to the other community, one is a double, one has no birth date."""
    people = list(Member.objects.order_by("number"))
    first, second = people[0].community, people[9].community
    people[1].community_stays.update(until=date(2019, 5, 31))
    CommunityStay.objects.create(member=people[1], community=second, since=date(2019, 6, 1))
    Member.objects.filter(pk=people[1].pk).update(community=second)
    Member.objects.filter(pk=people[3].pk).update(birth_date=None, sex="m")
    MemberFactory(number=11, community=first, merged_into=people[2])
    return people


RUNNING = "s.joined_on <= %(day)s AND (s.ended_on IS NULL OR s.ended_on > %(day)s)"
EVER = "s.joined_on <= %(day)s"


def by_plain_sql(what: str, condition: str, day: date) -> dict:
    """Persons by `what`, doubles aside."""
    sql = f"""
        SELECT {what}, count(DISTINCT m.id)
          FROM members_member m JOIN members_membership s ON s.member_id = m.id
         WHERE m.merged_into_id IS NULL AND {condition}
         GROUP BY 1
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"day": day})
        return dict(cursor.fetchall())


MARKED = """EXISTS (SELECT FROM members_groupflag f WHERE f.member_id = m.id AND f."group" = '{}'
                    AND f.since <= %(day)s AND (f.until IS NULL OR f.until >= %(day)s))"""
AGE = "extract(year FROM age(%(day)s, m.birth_date))::int"
TYPE = f"""CASE WHEN {MARKED.format("disabled")} THEN 'disabled' WHEN {MARKED.format("disadvantaged")}
           THEN 'disadvantaged' WHEN {AGE} >= 60 THEN 'elderly' WHEN {AGE} < 18 THEN 'child' ELSE 'general' END"""
BAND = f"CASE WHEN m.birth_date IS NULL THEN -1 ELSE least({AGE} / 5, 17) END"
PLACE = """(SELECT c.community_id FROM members_communitystay c WHERE c.member_id = m.id AND c.since <= %(day)s
             AND (c.until IS NULL OR c.until >= %(day)s))"""


@pytest.mark.parametrize("day", DAYS)
def test_every_count_is_the_plain_count_of_its_rows(moved, day) -> None:
    counts = member_counts(day, CUTOFF, Fund.objects.get())
    assert counts.by(lambda group: group.kind) == by_plain_sql(TYPE, RUNNING, day)
    assert counts.by(lambda group: group.kind, current_only=False) == by_plain_sql(TYPE, EVER, day)
    assert counts.by(lambda group: group.sex) == by_plain_sql("m.sex", RUNNING, day)
    assert counts.by(lambda group: group.band) == by_plain_sql(BAND, RUNNING, day)
    assert counts.by(lambda group: group.community) == by_plain_sql(PLACE, RUNNING, day)
    assert counts.current == sum(by_plain_sql("1", RUNNING, day).values())
    assert counts.cumulative == sum(by_plain_sql("1", EVER, day).values())
    assert counts.founding == sum(by_plain_sql("1", "s.joined_on <= '2010-12-31'", day).values())


@pytest.mark.parametrize("day", DAYS)
def test_the_sums_by_type_sex_age_and_community_are_the_current_members(moved, day) -> None:
    counts = member_counts(day, CUTOFF, Fund.objects.get())
    tables = {table.code: table for table in count_tables(counts)}
    sums = {code: tables[code].total[-1] for code in ("types", "sexes", "ages", "communities", "matches")}
    assert sums == dict.fromkeys(sums, counts.current)
    assert {tables[code].total[0] for code in ("types", "sexes")} == {counts.cumulative}
    assert tables["communities-ever"].total[-1] == counts.cumulative
    for table in tables.values():
        if table.total:
            assert table.total == tuple(map(sum, zip(*(numbers for _label, numbers in table.rows), strict=True)))


def test_a_member_who_moved_is_counted_where_she_was_on_the_day(moved) -> None:
    fund = Fund.objects.get()
    before, after = (
        {row.community.number: row.current for row in communities_on(day, fund)}
        for day in (date(2019, 5, 31), date(2019, 6, 1))
    )
    assert (before, after) == ({1: 6, 2: 3}, {1: 5, 2: 4})
    assert people_figures(report_year(2562, today=TODAY)).current == 8


def test_who_has_no_stay_is_counted_in_her_present_community(fund, first) -> None:
    MemberFactory(community=first).community_stays.all().delete()
    assert [row.current for row in communities_on(TODAY, fund)] == [1]


@pytest.mark.parametrize(
    ("day", "band"),
    [
        (date(2020, 2, 28), 0),  # 4 years old until the day before
        (date(2020, 2, 29), 0),
        (date(2021, 2, 28), 0),
        (date(2021, 3, 1), 1),  # born on 29 February: five on 1 March
    ],
)
def test_age_groups_turn_on_the_birthday(fund, first, day, band) -> None:
    MemberFactory(community=first, birth_date=date(2016, 2, 29), joined_on=date(2016, 3, 1))
    assert member_counts(day, CUTOFF, fund).by(lambda group: group.band) == {band: 1}


def test_the_oldest_stand_together_and_an_unknown_birth_by_itself(fund, first) -> None:
    for born in (date(1935, 11, 1), date(1935, 11, 2), date(1910, 1, 1), None):
        MemberFactory(community=first, birth_date=born)
    assert member_counts(TODAY, CUTOFF, fund).by(lambda group: group.band) == {17: 2, 16: 1, -1: 1}


def test_the_funds_own_ages_decide_the_type(fund, first) -> None:
    for born in (date(1955, 1, 1), date(1958, 1, 1), date(2004, 1, 1)):
        MemberFactory(community=first, birth_date=born)
    Fund.objects.update(elderly_from_age=65, child_under_age=15)
    kinds = member_counts(TODAY, CUTOFF, Fund.objects.get()).by(lambda group: group.kind)
    assert kinds == {"elderly": 1, "general": 2}


def test_a_mark_of_a_double_is_the_survivors(fund, first) -> None:
    survivor = MemberFactory(community=first)
    double = MemberFactory(community=first, merged_into=survivor)
    GroupFlag.objects.create(member=double, group="disabled", since=date(2019, 1, 1))
    assert member_counts(TODAY, CUTOFF, fund).by(lambda group: group.kind) == {"disabled": 1}


# --- full years and matches ---------------------------------------------------------------------------------


def matched(member: Member, *rounds: MatchingRound) -> None:
    for one in rounds:
        RoundMember.objects.create(matching_round=one, member=member, amount=1)


@pytest.fixture
def rounds(fund) -> list[MatchingRound]:
    return [
        MatchingRound.objects.create(number=n or None, year_be=2560, cutoff_on=CUTOFF, member_count=1) for n in range(4)
    ]


def test_matches_count_over_doubles_and_the_time_before_the_program(fund, first, rounds) -> None:
    void, *held = rounds
    never, once, twice, thrice, merged = (MemberFactory(community=first) for _n in range(5))
    matched(once, held[0], void)
    OpeningFacts.objects.create(member=twice, as_of=TODAY, rounds_matched=2)
    OpeningFacts.objects.create(member=thrice, as_of=TODAY, rounds_matched=1)
    matched(thrice, *held[:2])
    double = MemberFactory(community=first, merged_into=merged)
    OpeningFacts.objects.create(member=double, as_of=TODAY, rounds_matched=1)
    matched(double, held[0])
    matched(merged, held[1])
    MemberFactory(community=first, joined_on=date(2019, 10, 1))  # no full year
    matches = member_counts(TODAY, CUTOFF, fund).matches
    assert matches.full_year == {0: 1, 1: 1, 2: 1, 3: 2}
    assert matches.current == {0: 2, 1: 1, 2: 1, 3: 2}
    assert (matches.matchable, matches.all_full_year, matches.all_current) == (3, 5, 6)
    assert list(matched_members(CUTOFF, 3)) == [never, once, twice]


@pytest.mark.parametrize(
    ("joined", "ended", "counts"),
    [
        (date(2019, 9, 30), None, 1),
        (date(2019, 10, 1), None, 0),
        (date(2019, 9, 30), CUTOFF, 1),
        (date(2019, 9, 30), date(2020, 9, 29), 0),
    ],
)
def test_a_full_year_runs_to_the_cut_off(fund, first, joined, ended, counts) -> None:
    member = MemberFactory(community=first, joined_on=joined)
    if ended:
        member.memberships.update(ended_on=ended, end_reason="resigned")
    assert member_counts(TODAY, CUTOFF, fund).matches.all_full_year == counts


def test_those_who_can_be_matched_come_as_a_list_and_the_download_is_logged(moved) -> None:
    auditor = make_user("auditor")
    answer = client_of(auditor).get(reverse("reports:matchable_sheet"), {"year": 2563})
    rows = cells(answer.content)
    assert rows[2] == ["Member no.", "Name", "Community", "Type", "Date of joining", "Times matched"]
    assert [row[0] for row in rows[3:]] == [1, 2, 3, 4, 6, 7, 8, 9]  # 5 had died, 10 joined in 2563
    reading = ReadingLog.objects.get()
    assert (reading.user, reading.what) == (auditor, "export")


# --- page, sheet, paper -------------------------------------------------------------------------------------


def cells(content: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.fixture
def committee(moved):
    return client_of(make_user("committee"))


def test_the_page_the_sheets_and_the_papers_show_the_same_figures(committee, moved) -> None:
    asked = {"day": "2019-12-31", "year": 2562}
    answer = committee.get(PAGE, asked)
    counts, page = answer.context["counts"], answer.content.decode()
    assert (counts.day, counts.cutoff_on) == (date(2019, 12, 31), date(2019, 9, 30))
    for table in answer.context["tables"]:
        rows = cells(committee.get(reverse("reports:member_counts_sheet", args=[table.code]), asked).content)
        assert rows[2:] == [
            [words.en for words in table.head],
            *([label.en, *map(float, numbers)] for label, numbers in table.all_rows),
        ]
        for _label, numbers in table.all_rows:
            assert all(f">{number:,}</td>" in page for number in numbers)
    for language in ("th", "en", "both"):
        pdf = committee.get(reverse("reports:member_counts_pdf", args=[language]), asked)
        text = " ".join(pdfium_text(pdf.content).split())
        for table in answer.context["tables"]:
            for label, numbers in table.all_rows:
                said = label.in_language("th" if language == "both" else language)
                row = " ".join([said, *map(str, numbers)])
                both = " ".join([said, label.en, *map(str, numbers)])
                assert row in text or both in text, (language, row)


def test_the_paper_says_its_day_and_fund_in_each_language(moved) -> None:
    fund = Fund.objects.get()
    counts = member_counts(TODAY, CUTOFF, fund)
    texts = {language: "".join(page_texts(counts_paper(counts, fund, language))) for language in ("th", "en", "both")}
    assert ("Test Community Welfare Fund" in texts["en"], "1 November 2563" in texts["en"]) == (True, True)
    assert ("กองทุนสวัสดิการชุมชนทดสอบ" in texts["th"], "1 พฤศจิกายน 2563" in texts["th"]) == (True, True)
    assert ("1 พฤศจิกายน 2563" in texts["both"], "1 November 2563" in texts["both"]) == (True, True)


def test_without_a_day_today_is_counted_with_the_last_30_september(committee) -> None:
    answer = committee.get(PAGE)
    assert (answer.context["counts"].day, answer.context["counts"].cutoff_on) == (TODAY, CUTOFF)
    assert [day for _word, day in answer.context["quick_days"]] == [TODAY, CUTOFF, date(2019, 12, 31)]


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"day": "2020-11-02"}, {"day"}),
        ({"day": "2010-04-30"}, {"day"}),
        ({"day_day": "31", "day_month": "2", "day_year": "2563"}, {"day"}),
        ({"day": "\x00ก" * 50}, {"day"}),
        ({"year": "2564"}, {"year"}),
        ({"year": "9" * 30}, {"year"}),
    ],
)
def test_a_day_or_year_that_cannot_be_counted_is_told_and_today_is_shown(committee, asked, wrong) -> None:
    answer = committee.get(PAGE, asked)
    assert (set(answer.context["form"].errors), answer.context["counts"].day) == (wrong, TODAY)


@pytest.mark.parametrize("address", ["nothing.xlsx", "fr.pdf"])
def test_a_table_or_language_that_does_not_exist_is_not_found(committee, address) -> None:
    assert committee.get(f"{PAGE}{address}").status_code == 404


def test_an_empty_fund_counts_nobody(fund) -> None:
    answer = client_of(make_user("auditor")).get(PAGE)
    assert (answer.status_code, answer.context["counts"].cumulative) == (200, 0)
    table = table_named(answer.context["tables"], "types")
    assert table.total == (0, 0)


@pytest.mark.parametrize("more", [1, 3])
def test_the_page_takes_as_many_queries_for_one_member_as_for_three(fund, more, django_assert_num_queries) -> None:
    for n in range(more):
        MemberFactory(community=CommunityFactory(number=90 + n))
    client = client_of(make_user("auditor"))
    with django_assert_num_queries(7):
        client.get(PAGE)


MAY = {"registrar", "committee", "treasurer", "auditor"}


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}types.xlsx", f"{PAGE}matchable/list.xlsx"])
def test_the_counts_open_for_the_whole_funds_roles_alone(moved, address) -> None:
    answers = {role: client_of(make_user(role)).get(address).status_code for role in Role.values}
    assert answers == {role: 200 if role in MAY else 403 for role in Role.values}
