"""The register of a fund that exists comes in: what happens to each row, and that nothing is written by halves."""

from datetime import date

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
