"""The register of a fund that exists comes in: what happens to each row, and that nothing is written by halves."""

from datetime import date

import pytest

from ledger.check import check_ledger
from members.models import CommunityStay, Member, MemberCount, MemberSequence, Membership
from tests.members.register_files import as_csv, imported, outcomes, person, reasons, shown

D = date


def clean() -> list[str]:
    return [f"{problem.check}: {problem.rows}" for problem in check_ledger().problems]


def test_new_members_come_in_with_all_that_their_rows_say(fund, first) -> None:
    run = imported(as_csv([person(7), person(9)]))
    assert outcomes(run) == {"new": 2, "changed": 0, "same": 0, "refused": 0}
    member = Member.objects.get(number=7)
    assert (member.full_name, member.sex, member.birth_date, member.masked_id, member.phone, member.is_invented) == (
        "นางทดสอบ7 สมมติสกุล",
        "f",
        D(1975, 6, 15),
        "1-0000-XXXXX-XX-" + member.national_id_last4[-1],
        "0001234567",
        True,
    )
    assert (member.household.house_number, member.household.moo, member.community) == ("7/1", "4", first)
    membership = Membership.objects.get(member=member)
    assert (membership.joined_on, membership.paid_through) == (D(2015, 1, 1), D(2020, 12, 31))
    assert CommunityStay.objects.get(member=member).since == D(2015, 1, 1)
    assert member.opening_facts.as_of == D(2020, 11, 1)
    assert MemberSequence.objects.get().last == 9
    assert list(MemberCount.objects.values_list("current", "cumulative")) == [(2, 2)]
    assert clean() == []


def test_showing_writes_no_member(fund, first) -> None:
    run = shown(as_csv([person(7)]))
    assert (outcomes(run)["new"], Member.objects.count(), run.state) == (1, 0, "shown")


def test_a_second_import_of_the_same_file_changes_nothing(fund, first) -> None:
    content = as_csv(
        [person(7), person(9, birth_date="2490", national_id=""), person(3, number="", national_id="", phone="")]
    )
    assert outcomes(imported(content)) == {"new": 3, "changed": 0, "same": 0, "refused": 0}
    assert outcomes(imported(content)) == {"new": 0, "changed": 0, "same": 3, "refused": 0}
    assert clean() == []


def test_the_same_id_twice_is_refused_in_both_rows(fund, first) -> None:
    run = shown(as_csv([person(7), person(8), person(9, national_id=person(7)[4])]))
    assert outcomes(run) == {"new": 1, "changed": 0, "same": 0, "refused": 2}
    assert reasons(run) == [
        (2, "national_id", "The same ID number stands in this file also at register:4. Leave one of them."),
        (4, "national_id", "The same ID number stands in this file also at register:2. Leave one of them."),
    ]


KNOWN = {"birth_date": "15/6/2558", "joined_on": "1/1/2560", "paid_through": "31/12/2561"}


@pytest.mark.parametrize(
    ("heading", "cell", "reason"),
    [
        ("วันเกิด", "1/6/2561", "The date of joining is before the date of birth. Correct one of them."),
        ("วันสมัคร", "1/1/2558", "The date of joining is before the date of birth. Correct one of them."),
        (
            "วันสมัคร",
            "1/2/2563",
            "Paid through 31 Dec 2561 lies before the joining on 1 Feb 2563. Correct one of them.",
        ),
        (
            "ชำระถึง",
            "31/12/2558",
            "Paid through 31 Dec 2558 lies before the joining on 1 Jan 2560. Correct one of them.",
        ),
        (
            "วันที่เสียชีวิต",
            "1/12/2559",
            "The membership would end on 1 Dec 2559, before it began on 1 Jan 2560. Correct one of them.",
        ),
    ],
)
def test_a_day_that_the_register_makes_impossible_is_refused(fund, first, heading, cell, reason) -> None:
    imported(as_csv([person(7, **KNOWN)]))
    run = imported(as_csv([[7, "นางทดสอบ7 สมมติสกุล", cell]], headings=("เลขที่สมาชิก", "ชื่อ-สกุล", heading)))
    assert (outcomes(run)["refused"], [sentence for _line, _column, sentence in reasons(run)]) == (1, [reason])


def test_joining_after_the_end_that_the_register_knows_is_refused(fund, first) -> None:
    headings = ("เลขที่สมาชิก", "ชื่อ-สกุล", "วันที่ลาออก", "วันสมัคร")
    imported(as_csv([person(7)]))
    imported(as_csv([[7, "นางทดสอบ7 สมมติสกุล", "1/5/2562", ""]], headings=headings))
    run = imported(as_csv([[7, "นางทดสอบ7 สมมติสกุล", "", "1/6/2562"]], headings=headings))
    assert reasons(run) == [
        (2, "ended_on", "The membership would end on 1 May 2562, before it began on 1 Jun 2562. Correct one of them.")
    ]


def test_a_year_of_birth_that_is_the_year_of_joining_stays_the_same_without_the_joining(fund, first) -> None:
    fund.year_only_births = "july"
    fund.save()
    imported(as_csv([person(7, birth_date="2558", joined_on="1/3/2558")]))
    headings = ("เลขที่สมาชิก", "ชื่อ-สกุล", "ปีเกิด")
    run = imported(as_csv([[7, "นางทดสอบ7 สมมติสกุล", "2558"]], headings=headings))
    assert (outcomes(run)["same"], Member.objects.get().birth_date) == (1, D(2015, 3, 1))


def test_the_number_of_a_refused_row_is_kept_free_until_the_row_is_corrected(fund, first) -> None:
    rows = [person(7), person(9, birth_date="31/2/2518"), person(3, number="")]
    run = imported(as_csv(rows))
    assert outcomes(run) == {"new": 2, "changed": 0, "same": 0, "refused": 1}
    assert sorted(Member.objects.values_list("number", flat=True)) == [7, 10]
    corrected = imported(as_csv([person(9)]))
    assert outcomes(corrected)["new"] == 1


def test_a_mistyped_number_does_not_write_one_person_over_a_namesake(fund, first) -> None:
    imported(as_csv([person(7)]))
    namesake = person(7, national_id="", family_name="คนละตระกูล", birth_date="1/1/2500")
    assert reasons(shown(as_csv([namesake]))) == [
        (2, "number", "Member no. 7 is นางทดสอบ7 สมมติสกุล: another person cannot have this number.")
    ]
    married = person(7, national_id="", family_name="คนละตระกูล")
    assert outcomes(shown(as_csv([married])))["changed"] == 1


def test_whole_numbers_that_a_csv_writes_with_a_point_change_nothing(fund, first) -> None:
    imported(as_csv([person(7, house_number="12")]))
    run = shown(as_csv([person(7, number="7.0", community="1.0", house_number="12.0", moo="4.0")]))
    assert (reasons(run), reasons(run, "change"), outcomes(run)["same"]) == ([], [], 1)
