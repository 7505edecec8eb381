"""Bad input for money out, sent through the pages: each is answered in words, and nothing is kept of it."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from members.models import Regulation
from office.models import Job
from tests.bad_input import house as forms
from tests.bad_input.house import House, Sent, booked, browser_of, day, refusals, send, shown
from tests.factories import REGULATION_FILE, HouseholdFactory, MemberFactory
from welfare.models import Budget, Claim
from welfare.regulations import load_regulation

EVENT = date(2020, 10, 5)


def claim_of(house: House, code: str, *, member=None, **fields: str) -> Sent:
    """The form of this kind for a member of the leader's own list, filled in right."""
    days = day("event_from", EVENT) | day("received_on", EVENT)
    number = (member or house.cast.member).number
    filled = days | {"request_id": str(uuid.uuid4())} | fields
    return Sent(house.cast.leader, f"/members/{number}/claim/{code}/", filled)


def of_home(house: House, **facts):
    return MemberFactory(community=house.cast.home, **facts)


def test_the_same_child_by_both_parents_is_refused_with_the_number_of_the_first(house: House) -> None:
    child = {"child_name": "เด็กหญิงสมมติ ใจดี"}
    father = of_home(house)
    assert send(claim_of(house, "birth-gift", **child)).status_code == 302
    first, before = Claim.objects.get(), booked()
    for spelling in ("เด็กหญิงสมมติ ใจดี", "ด.ญ. สมมติ  ใจดี", "สมมติใจดี"):
        answer = send(claim_of(house, "birth-gift", member=father, child_name=spelling))
        assert answer.status_code == 200
        assert f"this benefit was claimed already, by claim no. {first.label}" in shown(answer)
    assert booked() == before


def test_six_of_one_house_after_one_flood_are_one_claim(house: House) -> None:
    home = HouseholdFactory(community=house.cast.home)
    people = [of_home(house, household=home) for _place in range(6)]
    facts = {"event_key": "น้ำท่วมตุลาคม 2563", "grade": "minor"}
    answers = [send(claim_of(house, "disaster-relief", member=member, **facts)) for member in people]
    assert [answer.status_code for answer in answers] == [302, *[200] * 5]
    first = Claim.objects.get()
    said = f"This household claimed for the same event already, by claim no. {first.label}."
    assert [said in shown(answer) for answer in answers[1:]] == [True] * 5


def test_twelve_children_of_one_birth_are_not_entered(house: House) -> None:
    """The form has room for five; who sends it once more is told the most, and so is who types a number."""
    names = [f"เด็กที่{place} สมมติ" for place in range(1, 11)]
    forms_sent = []
    for five in (names[:5], names[5:]):
        further = {f"child_name_{place}": name for place, name in enumerate(five[1:], start=2)}
        forms_sent.append(send(claim_of(house, "birth-gift", child_name=five[0], **further)))
    assert [answer.status_code for answer in forms_sent] == [302, 200]
    assert "6 children of one birth cannot be entered, those claimed already among them: 5 is the most" in shown(
        forms_sent[1]
    )
    counted = REGULATION_FILE.read_text(encoding="utf-8").replace("    once_per: child\n", "")
    load_regulation(counted.replace("2010-05-01", EVENT.isoformat()), by=None, now=house.cast.now)
    for typed, refused in (("12", ["units"]), ("5", [])):
        answer = send(claim_of(house, "birth-gift", member=of_home(house), units=typed))
        assert list(refusals(answer)) == refused if refused else answer.status_code == 302
    assert Claim.objects.filter(benefit_code="birth-gift").count() == 5 + 1


def test_a_member_of_another_community_is_no_page_to_a_leader(house: House) -> None:
    stranger = MemberFactory(community=house.cast.away)
    before = booked()
    assert send(claim_of(house, "disaster-relief", member=stranger, grade="minor")).status_code == 404
    assert booked() == before


def test_an_event_after_the_member_s_death_is_refused(house: House) -> None:
    sent = forms.claim(house)
    house.cast.member.died_on = date(2020, 10, 1)
    house.cast.member.save()
    before = booked()
    assert send(sent).status_code in (200, 404)
    assert booked() == before


def test_a_funeral_grant_goes_by_the_day_of_death_that_the_register_has(house: House) -> None:
    """A day later may be a step higher: the day typed is held against the register's."""
    house.cast.member.died_on = date(2020, 10, 1)
    house.cast.member.save()
    sent = claim_of(house, "death-grant", recipient_name="นายผู้รับ สมมติ", recipient_relation="child", claimant="family")
    before = booked()
    answer = send(sent)
    assert (list(refusals(answer)), booked()) == (["event_from"], before)
    assert "died on 1 October 2563. Write that day" in shown(answer)


@pytest.mark.parametrize("typed", ["-1", "0", "NaN", "Infinity", "2500.005", "1e9", "๙" * 40, "=1+1", "<b>5</b>"])
def test_a_sum_that_is_none_is_answered_at_its_field(house: House, typed: str) -> None:
    sent = forms.career_claim(house)
    before = booked()
    answer = send(sent.with_fields(proposed_amount=typed))
    assert (list(refusals(answer)), booked()) == (["proposed_amount"], before)


def test_a_grade_that_the_regulation_does_not_know_is_answered_at_its_field(house: House) -> None:
    before = booked()
    for typed in ("enormous", "", "minor\x00", "9" * 100):
        answer = send(claim_of(house, "disaster-relief", event_key="น้ำท่วม", grade=typed))
        assert (list(refusals(answer)), booked()) == (["grade"], before), repr(typed)


def test_a_benefit_that_nobody_offers_is_no_page(house: House) -> None:
    for code in ("no-such-benefit", "hospital-night'--", "x" * 300):
        assert browser_of(house.cast.leader).get(f"/members/101/claim/{code}/").status_code == 404


def test_budgets_below_nought_or_without_end_are_answered_at_their_fields(house: House) -> None:
    sent = Sent(
        house.cast.committee,
        "/budgets/2563/set/",
        {"request_id": str(uuid.uuid4()), "meeting": house.cast.meeting.pk, "birth": "-5", "death": "1" * 30},
    )
    assert set(refusals(send(sent))) == {"birth", "death"}
    assert Budget.objects.count() == 0


TEXT = REGULATION_FILE.read_text(encoding="utf-8")
BOMB = "a: &a [x, x]\n" + "\n".join(f"{new}: &{new} [*{old}, *{old}]" for old, new in zip("abcdefgh", "bcdefghi"))  # noqa: B905
FILES = {
    "steps that fall": (TEXT.replace("{years: 4},  baht", "{years: 1},  baht"), "benefits[4].pays.by_tenure[2].from"),
    "a step twice": (TEXT.replace("{years: 4},  baht", "{years: 2},  baht"), "repeats the step before it"),
    "no way of paying": (TEXT.replace("pays: {flat: 500}\n    subject", "pays: {}\n    subject"), "benefits[5].pays"),
    "a third decimal": (TEXT.replace("baht: 365", "baht: 365.005"), "membership.dues.baht"),
    "a list that refers to itself": (BOMB, ""),
    "an executable": ("MZ\x00\x01\x02", ""),
    "a page": ("<script>alert(1)</script>", ""),
}


@pytest.mark.parametrize("what", FILES)
def test_a_regulation_file_with_faults_is_told_them_with_their_places_and_nothing_is_reckoned(house, what) -> None:
    text, place = FILES[what]
    fields = {"request_id": str(uuid.uuid4()), "year": "2563", "version": ""}
    sent = Sent(house.cast.treasurer, "/what-if/", fields | {"file": SimpleUploadedFile("draft.yaml", text.encode())})
    answer = send(sent)
    found = refusals(answer)
    assert list(found) == ["file"]
    assert place in " ".join(found["file"])
    assert (Job.objects.count(), Regulation.objects.count()) == (0, 1)


def test_a_decision_on_a_sum_that_changed_meanwhile_decides_nothing(house: House) -> None:
    sent = forms.decide(house)
    found = Claim.objects.get()
    page = browser_of(sent.user).get(sent.path)
    assert f"verdict_{found.pk}" in page.content.decode()
    Claim.objects.filter(pk=found.pk).update(event_until=date(2020, 10, 7))
    answer = send(sent)
    found.refresh_from_db()
    assert (answer.status_code, found.state, found.amount_approved) == (200, "verified", None)
    assert Decimal("200.00") == found.amount or "200" in shown(answer)
