"""Rows of old registers: what is refused and with which words, what changes of a member who is known, what stays."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from bansong_fund.lib.national_id import with_check_digit
from bansong_fund.lib.readers import ReadFault
from contributions.dues import record_dues
from contributions.queries import dues_owed
from ledger.check import check_ledger
from members.importing.carry_out import carry_out
from members.importing.places import read_community
from members.models import (
    Beneficiary,
    Community,
    CommunityStay,
    Fund,
    Member,
    MemberCount,
    Membership,
    OpeningDrawn,
    Regulation,
)
from office.jobs import JobCancelled
from tests.factories import TODAY, MemberFactory, make_user
from tests.members.register_files import (
    HEADINGS,
    as_csv,
    as_xlsx,
    imported,
    invented_id,
    outcomes,
    person,
    reasons,
    shown,
)

D = date
ODD = invented_id(7)[:12] + str((int(invented_id(7)[12]) + 1) % 10)


@pytest.fixture
def taken_dues(fund) -> Callable[[Member], None]:
    """The treasurer takes the first period that a member owes."""
    treasurer = make_user("treasurer")

    def take(member: Member) -> None:
        membership = member.memberships.get()
        record_dues(
            membership=membership,
            covers_from=[dues_owed(membership, TODAY)[0].covers_from],
            paid_on=TODAY,
            bank_account=None,
            by=treasurer,
            today=TODAY,
            now=timezone.now(),
            request_id=uuid.uuid4(),
        )

    return take


def told(**changes: object) -> list[tuple[str, str]]:
    """Column and sentence of each refusal of one row."""
    return [(column, sentence) for _line, column, sentence in reasons(shown(as_csv([person(7, **changes)])))]


@pytest.mark.parametrize(
    ("changes", "column", "sentence"),
    [
        ({"first_name": "", "family_name": ""}, "first_name", "The name is missing. Write it, or take the row out."),
        ({"first_name": "ทดสอบ😀"}, "first_name", "A name has letters only. Take out: 😀"),
        (
            {"first_name": "ก" * 500},
            "first_name",
            "A name has at most 100 letters, and this one has 500. Shorten it.",
        ),
        (
            {"birth_date": "1/2/2558"},
            "joined_on",
            "The date of joining is before the date of birth. Correct one of them.",
        ),
        (
            {"joined_on": "30/4/2553"},
            "joined_on",
            "The fund was founded on 1 May 2553; nobody joined before that. Correct the date.",
        ),
        ({"joined_on": "2/11/2563"}, "joined_on", "The date of joining lies in the future. Correct it."),
        ({"birth_date": "2/11/2563"}, "birth_date", "The date of birth lies in the future. Correct it."),
        ({"birth_date": "31/2/2518"}, "birth_date", "There is no 31 February 2518: that month has 28 days."),
        (
            {"paid_through": "1/1/2557"},
            "paid_through",
            "Paid through 1 Jan 2557 lies before the joining on 1 Jan 2558. Correct one of them.",
        ),
        ({"community": ""}, "community", "The community is missing. Write its number or name."),
        ({"number": "0"}, "number", "Member numbers begin with 1. Correct it, or leave the cell empty."),
        (
            {"title": "ดร."},
            "sex",
            "The title does not tell whether this is a woman or a man. Write the sex.",
        ),
    ],
)
def test_a_row_is_refused_with_the_reason(fund, first, changes, column, sentence) -> None:
    assert (column, sentence) in told(**changes)


def test_a_control_character_in_a_name_is_refused(fund, first) -> None:
    assert [column for column, _sentence in told(first_name="ทด\x07สอบ")] == ["first_name"]


def test_a_refusal_names_its_cell(fund, first) -> None:
    row = shown(as_csv([person(7, birth_date="31/2/2518")])).rows.get()
    assert (row.sheet, row.line, row.messages[0]["cell"], row.messages[0]["th"]) == (
        0,
        2,
        "F2",
        "ไม่มีวันที่ 31 กุมภาพันธ์ 2518 เพราะเดือนนั้นมี 28 วัน",
    )


# --- ID numbers -------------------------------------------------------------------------------------------


def test_an_odd_id_is_refused_or_taken_with_the_reason_for_the_file(fund, first) -> None:
    content = as_csv([person(7, national_id=ODD)])
    assert [column for _line, column, _sentence in reasons(shown(content))] == ["national_id"]
    run = imported(content, id_reason="as in the old register")
    assert (outcomes(run)["new"], run.counts["warnings"]) == (1, 1)
    assert Member.objects.get().id_reason == "as in the old register"
    assert outcomes(imported(content, id_reason="as in the old register"))["same"] == 1


def test_an_invented_number_is_refused_in_a_real_fund(fund, first) -> None:
    Fund.objects.update(is_demo=False, demo_day=None)
    assert ("national_id", "This number has the province code 00, which only invented people have.") in told()


def test_people_without_a_citizens_id_come_in(fund, first) -> None:
    stateless, foreigner = with_check_digit("000123456789"), with_check_digit("600123456789")
    rows = [
        person(1, national_id=""),
        person(2, national_id=stateless),
        person(3, national_id=foreigner),
        person(4, national_id="AB1234567"),
    ]
    imported(as_csv(rows))
    kinds = Member.objects.order_by("number").values_list("id_kind", flat=True)
    assert list(kinds) == ["none", "stateless", "foreigner", "passport"]


# --- who is meant -----------------------------------------------------------------------------------------


def test_a_number_that_is_somebody_elses_is_refused(fund, first) -> None:
    MemberFactory(number=7, first_name="คนอื่น", family_name="ไกลบ้าน", birth_date=D(1950, 1, 1), community=first)
    assert told() == [("number", "Member no. 7 is นางคนอื่น ไกลบ้าน: another person cannot have this number.")]


def test_an_id_that_is_another_numbers_is_refused(fund, first) -> None:
    imported(as_csv([person(7)]))
    refusals = told(number=8)
    assert refusals == [("number", "This ID number belongs to member no. 7, นางทดสอบ7 สมมติสกุล; the row says no. 8.")]


def test_rows_without_a_number_are_known_again_and_new_ones_numbered_in_the_files_order(fund, first) -> None:
    rows = [person(5, number=""), person(40), person(6, number="", national_id="")]
    imported(as_csv(rows))
    numbers = dict(Member.objects.values_list("first_name", "number"))
    assert numbers == {"ทดสอบ5": 41, "ทดสอบ40": 40, "ทดสอบ6": 42}
    assert outcomes(imported(as_csv(rows)))["same"] == 3


def test_possible_doubles_are_marked_and_may_be_left_out(fund, first) -> None:
    MemberFactory(number=3, first_name="สมหญิง", family_name="ใจดี", birth_date=D(1975, 6, 15), community=first)
    content = as_csv([person(7, first_name="สมหญิง", family_name="ใจดี")])
    run = shown(content)
    assert (run.counts["doubles"], run.rows.get().possible_double.number, outcomes(run)["new"]) == (1, 3, 1)
    left_out = imported(content, leave_out_doubles=True)
    assert (outcomes(left_out), Member.objects.count()) == ({"new": 0, "changed": 0, "same": 0, "refused": 1}, 1)
    assert outcomes(imported(content))["new"] == 1


# --- what changes -----------------------------------------------------------------------------------------


def test_empty_cells_erase_nothing_and_others_change_only_what_they_say(fund, first) -> None:
    imported(as_csv([person(7)]))
    empty = dict.fromkeys(("national_id", "birth_date", "house_number", "moo", "phone", "paid_through"), "")
    run = imported(as_csv([person(7, family_name="สกุลใหม่", **empty)]))
    member = Member.objects.get()
    assert outcomes(run)["changed"] == 1
    assert reasons(run, "change") == [(2, "family_name", "สมมติสกุล → สกุลใหม่")]
    assert (member.family_name, member.phone, member.birth_date, member.household.house_number) == (
        "สกุลใหม่",
        "0001234567",
        D(1975, 6, 15),
        "7/1",
    )


def test_a_house_is_spelt_as_the_forms_spell_it(fund, first) -> None:
    imported(as_csv([person(7, house_number="๑๒ / ๓", moo="หมู่ที่ ๔"), person(8, house_number="12/3", moo="4")]))
    houses = {one.household for one in Member.objects.filter(number__in=(7, 8)).select_related("household")}
    assert [(one.house_number, one.moo) for one in houses] == [("12/3", "4")]


def test_another_community_is_a_move_from_today_and_the_counts_follow(fund, first, second) -> None:
    imported(as_csv([person(7), person(8)]))
    imported(as_csv([person(7, community="ชุมชนที่ 2", house_number="9/9"), person(8)]))
    member = Member.objects.get(number=7)
    stays = CommunityStay.objects.filter(member=member).values_list("community__number", "since", "until")
    assert list(stays) == [(1, D(2015, 1, 1), D(2020, 10, 31)), (2, D(2020, 11, 1), None)]
    assert (member.community, member.household.house_number, member.household.community) == (second, "9/9", second)
    counts = Community.objects.order_by("number").values_list("member_count__current", "member_count__cumulative")
    assert list(counts) == [(1, 1), (1, 1)]
    assert check_ledger().problems == ()


ENDED = (*HEADINGS, "วันที่ออก", "สาเหตุที่ออก")


def test_a_death_ends_the_membership_once(fund, first) -> None:
    imported(as_csv([person(7)]))
    dead = as_csv([[*person(7), "1/6/2563", "เสียชีวิต"]], ENDED)
    assert outcomes(imported(dead))["changed"] == 1
    membership = Membership.objects.get()
    assert (membership.ended_on, membership.end_reason, Member.objects.get().died_on) == (
        D(2020, 6, 1),
        "died",
        D(2020, 6, 1),
    )
    assert outcomes(imported(dead))["same"] == 1
    again = shown(as_csv([[*person(7), "2/6/2563", "ตาย"]], ENDED))
    assert reasons(again) == [
        (2, "ended_on", "By the register this member died on 1 Jun 2563; nobody dies twice. Compare the two.")
    ]
    assert check_ledger().problems == ()


def test_those_who_left_long_ago_come_in_as_former_members(fund, first) -> None:
    rows = [[*person(7), "1/6/2561", "ลาออก"], [*person(8), "1/6/2550", "ตาย"], [*person(9), "", "ย้าย"]]
    run = imported(as_csv(rows, ENDED))
    assert outcomes(run) == {"new": 1, "changed": 0, "same": 0, "refused": 2}
    assert MemberCount.objects.values_list("current", "cumulative").get() == (0, 1)
    assert check_ledger().problems == ()


def test_a_birth_known_to_the_year_is_kept_so_and_does_not_undo_a_day(fund, first) -> None:
    imported(as_csv([person(7, birth_date="2490"), person(8)]))
    assert Member.objects.get(number=7).birth_precision == "year"
    run = imported(as_csv([person(7, birth_date="5/6/2490"), person(8, birth_date="2518")]))
    births = Member.objects.order_by("number").values_list("birth_date", "birth_precision")
    assert (list(births), outcomes(run)["changed"]) == ([(D(1947, 6, 5), "day"), (D(1975, 6, 15), "day")], 1)


def test_paid_through_moves_by_a_file_only_until_the_books_have_taken_dues(fund, first, taken_dues) -> None:
    imported(as_csv([person(7, paid_through="2562"), person(8)]))
    imported(as_csv([person(7, paid_through="30/6/2563"), person(8)]))
    assert Membership.objects.get(member__number=7).paid_through == D(2020, 6, 30)
    taken_dues(Member.objects.get(number=7))
    paid = Membership.objects.get(member__number=7).paid_through
    run = imported(as_csv([person(7, paid_through="31/12/2566"), person(8)]))
    assert (outcomes(run)["same"], Membership.objects.get(member__number=7).paid_through) == (2, paid)
    assert [column for _line, column, _sentence in reasons(run, "warning")] == ["paid_through"]


# --- what was before this program -------------------------------------------------------------------------


def test_opening_facts_come_in_and_are_put_right(fund, first) -> None:
    fund_benefits = [{"code": "hospital", "name": {"th": "ค่านอนโรงพยาบาล", "en": "Hospital nights"}}]
    _with_benefits(fund_benefits)
    headings = (*HEADINGS, "รอบสมทบ", "ค่านอนโรงพยาบาล (บาทในปีนี้)", "ค่านอนโรงพยาบาล (ครั้งตลอดชีพ)", "ผู้รับผลประโยชน์")
    imported(as_csv([[*person(7), "2", "1,200.50", "3", "นางสาวทายาท สมมติ"]], headings))
    member = Member.objects.get()
    drawn = OpeningDrawn.objects.get()
    assert (member.opening_facts.rounds_matched, drawn.benefit_code, drawn.year_baht, drawn.life_times) == (
        2,
        "hospital",
        Decimal("1200.50"),
        3,
    )
    assert Beneficiary.objects.get().name == "นางสาวทายาท สมมติ"
    run = imported(as_csv([[*person(7), "3", "1200.5", "4", "นางสาวทายาท สมมติ"]], headings))
    member.opening_facts.refresh_from_db()
    drawn.refresh_from_db()
    assert (outcomes(run)["changed"], member.opening_facts.rounds_matched, drawn.life_times) == (1, 3, 4)


def _with_benefits(benefits: list[dict]) -> None:
    found = Regulation.objects.get()
    Regulation.objects.create(
        name_th="สอง",
        name_en="Two",
        reference="มติ",
        effective_from=D(2011, 1, 1),
        document=found.document | {"benefits": benefits},
        sha256="1" * 64,
    )


# --- sheets -----------------------------------------------------------------------------------------------


def test_each_sheet_may_be_a_community(fund, first, second) -> None:
    headings = ["ลำดับ", "ชื่อ-สกุล", "เลข 13 หลัก", "วันสมัคร"]
    book = as_xlsx(
        ("ชุมชนที่ 1", [["ทะเบียนสมาชิก"], headings, [1, "นายหนึ่ง สมมติ", int(invented_id(1)), D(2015, 5, 1)]]),
        ("2", [headings, [1, "ด.ญ.สอง สมมติ", invented_id(2), "๑ ม.ค. ๒๕๖๐"], headings]),
        ("ว่าง", []),
    )
    imported(book, name="register.xlsx")
    people = Member.objects.order_by("number").values_list("title", "first_name", "community__number", "sex")
    assert list(people) == [("นาย", "หนึ่ง", 1, "m"), ("เด็กหญิง", "สอง", 2, "f")]


def test_windows_874_comes_in(fund, first) -> None:
    assert outcomes(imported(as_csv([person(7)], encoding="cp874")))["new"] == 1


# --- whole or not at all ----------------------------------------------------------------------------------


def test_work_that_is_stopped_halfway_leaves_nothing(fund, first) -> None:
    run = shown(as_csv([person(number) for number in range(1, 30)]))

    def stop(_done: int) -> None:
        raise JobCancelled

    with pytest.raises(JobCancelled):
        carry_out(run, leave_out_doubles=False, by=None, today=D(2020, 11, 1), now=timezone.now(), step=stop)
    assert (Member.objects.count(), Membership.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("1.0", 1),
        ("12.0", 12),
        ("ชุมชนที่ ๑", 1),
        ("01", 1),
        ("ชุมชน 12", 12),
        ("1/2", None),
        ("1.2", None),
        ("1 - 2", None),
    ],
)
def test_a_community_s_number_is_read_whole(cell, key) -> None:
    names = {"1": 1, "2": 2, "10": 10, "12": 12, "120": 120}
    if key is None:
        with pytest.raises(ReadFault):
            read_community(cell, names)
    else:
        assert read_community(cell, names) == key
