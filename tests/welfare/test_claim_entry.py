"""What is entered in one go, on whose behalf, and what the entry refuses."""

import uuid
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from members.models import Consent, Guardian
from office.models import Attachment
from tests.factories import HouseholdFactory, MemberFactory
from tests.races import at_once
from tests.welfare.cast import event, every_paper, stay
from tests.welfare.test_pages import browser_of, claim_path, day, stay_form, text_of
from tests.welfare.test_visibility import photograph
from welfare.claim_groups import RefusedTogether, enter_claims
from welfare.claimants import WrongClaimant
from welfare.claims import PapersMissing, TooManyChildren, WrongDay, submit_claim, verify_claim
from welfare.deaths import Death, report_death
from welfare.models import CarePerson, CareVisit, Claim
from welfare.steps import NotEntitled
from welfare.views.shown import backdated_in_words

BORN = date(2020, 10, 5)
GIFT = "/members/101/claim/birth-gift/"
NIGHTS = "/members/101/claim/hospital-night/"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def birth_form(**changes) -> dict[str, str]:
    """Twins, and their mother's two nights."""
    days = day("event_from", BORN) | day("received_on", date(2020, 10, 9))
    nights = day("also_birth-mother-nights_until", date(2020, 10, 7))
    names = {"child_name": "ด.ช.หนึ่ง สมมติสกุล", "child_name_2": "ด.ญ.สอง สมมติสกุล"}
    return days | nights | names | {"also_birth-mother-nights": "on", "request_id": str(uuid.uuid4())} | changes


def entered() -> list[tuple[str, str, Decimal | None]]:
    return list(Claim.objects.order_by("number").values_list("benefit_code", "state", "amount"))


def page_of(client, number: int) -> str:
    return client.get(f"/claims/2563/{number}/").content.decode()


def test_a_birth_of_twins_becomes_three_claims_by_one_button_and_once(cast):
    client, form = browser_of(cast.leader), birth_form()
    shown = text_of(client.post(f"{GIFT}preview/", form))
    assert ("ด.ญ.สอง สมมติสกุล" in shown, "Together 1,200.00 baht" in shown, Claim.objects.count()) == (True, True, 0)
    first, second = client.post(GIFT, form), client.post(GIFT, form)
    assert (first.status_code, first.url) == (302, second.url)
    gift, nights = Decimal("500.00"), Decimal("200.00")
    assert entered() == [
        ("birth-gift", "submitted", gift),
        ("birth-gift", "submitted", gift),
        ("birth-mother-nights", "submitted", nights),
    ]
    assert "also report" not in text_of(client.get(first.url)).lower()
    numbers = list(Claim.objects.order_by("number").values_list("number", flat=True))
    for own in numbers:  # from each the way leads to the others
        linked = {number for number in numbers if f'href="/claims/2563/{number}/"' in page_of(client, own)}
        assert linked == set(numbers) - {own}


def test_one_benefit_that_is_refused_keeps_back_the_others(cast):
    cast.submitted(event=stay(BORN, date(2020, 10, 8)))  # the same nights, for an illness
    page = text_of(browser_of(cast.leader).post(GIFT, birth_form()))
    assert "Nights in hospital of a mother:" in page
    assert "Nothing was entered." in page
    assert [code for code, _state, _baht in entered()] == ["hospital-night"]
    page = text_of(browser_of(cast.leader).post(GIFT, birth_form() | day("also_birth-mother-nights_until", BORN)))
    assert "Nothing was entered." in page


def test_a_ticked_benefit_asks_for_its_facts(cast):
    form = birth_form() | {f"also_birth-mother-nights_until_{part}": "" for part in ("day", "month", "year")}
    assert "This is asked for too, so write it." in text_of(browser_of(cast.leader).post(GIFT, form))
    assert Claim.objects.count() == 0


def test_a_birth_of_twelve_is_refused(cast):
    facts = {"child_birth_date": BORN}
    twelve = [event("birth-gift", BORN, child_name=f"ด.ช.คนที่{place} สมมติสกุล", **facts) for place in range(12)]
    with pytest.raises(RefusedTogether, match="6 children of one birth cannot be entered"):
        enter_claims(member=cast.member, events=twelve, request_id=uuid.uuid4(), send=False, **cast.by(cast.leader))
    with pytest.raises(TooManyChildren) as refusal:
        cast.drafted(event=event("birth-gift", BORN, units=12))
    assert (refusal.value.field, Claim.objects.count()) == ("units", 0)


def test_of_six_in_one_house_after_one_flood_the_first_is_helped(cast):
    home = cast.member.household
    others = [MemberFactory(community=cast.home, household=home) for _place in range(5)]
    flood = event("disaster-relief", date(2020, 10, 20), grade="major", event_key="น้ำท่วม ต.ค. 2563")
    first = cast.submitted(event=flood)
    for other in others:
        with pytest.raises(NotEntitled, match=first.label):
            cast.submitted(member=other, event=flood)
    elsewhere = MemberFactory(community=cast.home, household=HouseholdFactory(community=cast.home))
    assert cast.submitted(member=elsewhere, event=flood).amount == Decimal("1500.00")


def test_of_two_in_one_house_who_send_at_one_moment_one_is_helped(committed_cast):
    cast = committed_cast
    other = MemberFactory(community=cast.home, household=cast.member.household)
    flood = event("disaster-relief", date(2020, 10, 20), grade="major", event_key="น้ำท่วม ต.ค. 2563")
    drafts = [cast.drafted(member=member, event=flood) for member in (cast.member, other)]
    acts = [partial(submit_claim, claim=draft, **cast.by(cast.leader)) for draft in drafts]
    assert sorted(type(result).__name__ for result in at_once(*acts)) == ["Claim", "NotEntitled"]


def test_nights_that_overlap_and_days_before_joining_are_refused(cast):
    first = cast.submitted()
    with pytest.raises(NotEntitled, match=first.label):
        cast.submitted(event=stay(date(2020, 10, 7), date(2020, 10, 9)))
    new = MemberFactory(community=cast.home, joined_on=date(2020, 3, 1))
    with pytest.raises(NotEntitled):
        cast.submitted(member=new, event=stay(date(2020, 2, 1), date(2020, 2, 3)))


def test_a_member_of_another_community_is_not_found(cast):
    MemberFactory(community=cast.away, number=303)
    client = browser_of(cast.leader)
    path = "/members/303/claim/"
    answers = [
        client.get(path),
        client.get(f"{path}hospital-night/"),
        client.post(f"{path}hospital-night/", stay_form()),
        client.post(f"{path}hospital-night/preview/", stay_form()),
    ]
    assert ([answer.status_code for answer in answers], Claim.objects.count()) == ([404] * 4, 0)


def test_after_a_death_the_family_claims_the_nights_before_it_and_none_after(cast):
    cast.member.died_on = date(2020, 10, 7)
    cast.member.save(update_fields=["died_on"])
    with pytest.raises(WrongDay) as refusal:
        cast.drafted(event=stay(date(2020, 10, 5), date(2020, 10, 8)))
    assert (refusal.value.field, "died on 7 October 2563" in str(refusal.value)) == ("event_until", True)
    with pytest.raises(WrongClaimant, match="Choose the family"):
        cast.drafted(event=stay(BORN, date(2020, 10, 7), claimant="proxy", claimant_name="นายผู้แทน สมมติ"))
    claim = cast.drafted(event=stay(BORN, date(2020, 10, 7)))
    named = ("family", "นายผู้รับ สมมติสกุล", "child")
    assert (claim.claimant, claim.claimant_name, claim.claimant_relation) == named
    assert (claim.recipient_name, claim.recipient_relation) == named[1:]


def test_a_death_in_hospital_opens_the_grant_and_the_nights_before_it(cast):
    death = Death(died_on=date(2020, 10, 8), received_on=date(2020, 10, 9), admitted_on=BORN)
    key = uuid.uuid4()
    for _time in range(2):
        report_death(member=cast.member, death=death, request_id=key, **cast.by(cast.leader))
    found = Claim.objects.order_by("number").values_list("benefit_code", "units", "claimant", "recipient_name")
    kin = ("family", "นายผู้รับ สมมติสกุล")
    assert list(found) == [("death-grant", None, *kin), ("hospital-night", 3, *kin)]
    grant = Claim.objects.get(benefit_code="death-grant")
    assert "also report" not in text_of(browser_of(cast.leader).get(claim_path(grant))).lower()


def test_a_proxy_shows_the_power_of_attorney_and_a_known_guardian_shows_nothing(cast):
    proxy = stay(BORN, date(2020, 10, 8), claimant="proxy", claimant_name="นายผู้แทน สมมติ")
    with pytest.raises(WrongClaimant) as refusal:
        cast.drafted(event=stay(BORN, date(2020, 10, 8), claimant="proxy"))
    assert refusal.value.field == "claimant_name"
    claim = cast.submitted(event=proxy)
    papers = {"claim": claim, **cast.by(cast.registrar)}
    with pytest.raises(PapersMissing, match="power of attorney"):
        verify_claim(papers_seen=every_paper(claim), **papers)
    page = text_of(browser_of(cast.registrar).get(claim_path(claim)))
    assert "นายผู้แทน สมมติ, Somebody with her power of attorney" in page
    assert verify_claim(papers_seen={*every_paper(claim), "power-of-attorney"}, **papers).state == "verified"

    child = MemberFactory(community=cast.home, number=404, birth_date=date(2012, 1, 1))
    Guardian.objects.create(member=child, name="นางแม่ สมมติ", relation="mother", since=date(2015, 1, 1))
    client = browser_of(cast.leader)
    form = client.get("/members/404/claim/hospital-night/").context["form"]
    assert (form["claimant"].value(), form["claimant_name"].value()) == ("guardian", "นางแม่ สมมติ")
    client.post("/members/404/claim/hospital-night/", stay_form(claimant="guardian", claimant_name="นางแม่ สมมติ"))
    claim = Claim.objects.get(member=child)
    assert verify_claim(claim=claim, papers_seen=every_paper(claim), **cast.by(cast.registrar)).state == "verified"


def test_whose_relative_receives_and_how_far_back_the_papers_came_is_told(cast):
    form = stay_form(recipient_relative_of="นางกรรมการ สมมติ")
    browser_of(cast.leader).post(NIGHTS, form)
    claim = Claim.objects.get()
    page = text_of(browser_of(cast.registrar).get(claim_path(claim)))
    told = "Entered on 1 Nov 2563, 23 days after the papers are said to have come."
    assert (claim.recipient_relative_of, told in page) == ("นางกรรมการ สมมติ", True)
    assert "นางกรรมการ สมมติ" in page
    assert (
        backdated_in_words(cast.submitted(event=stay(date(2020, 10, 20), date(2020, 10, 22), received_on=cast.today)))
        == ""
    )


def test_papers_on_health_are_kept_with_consent_which_is_asked_once(cast):
    client = browser_of(cast.leader)
    refused = text_of(client.post(NIGHTS, stay_form(paper_0=photograph())))
    assert "Tick this, or take the photograph off" in refused
    assert (Claim.objects.count(), Attachment.objects.count()) == (0, 0)
    client.post(NIGHTS, stay_form(paper_0=[photograph(), photograph()], consent="on"))
    consent = Consent.objects.get()
    assert (consent.member, consent.kind, consent.given_on) == (cast.member, "health", date(2020, 10, 9))
    assert Attachment.objects.count() == 2
    assert "consent" not in client.get(NIGHTS).context["form"].fields


def test_thirty_files_and_a_program_are_refused_and_nothing_is_kept(cast):
    client = browser_of(cast.leader)
    many = [SimpleUploadedFile(f"{place}.jpg", b"\xff\xd8\xff picture") for place in range(30)]
    page = text_of(client.post(NIGHTS, stay_form(paper_0=many, note="came by bus")))
    assert "These are 30 files with 0 MB; a form takes at most 10 files with 40 MB in all, each at most 10 MB." in page
    large = [SimpleUploadedFile(f"{place}.jpg", b"\xff\xd8\xff" + bytes(9 * 1024**2)) for place in range(5)]
    assert "These are 5 files with 45 MB" in text_of(client.post(NIGHTS, stay_form(paper_0=large)))
    program = SimpleUploadedFile("ใบรับรอง.pdf", b"MZ\x90\x00", content_type="application/pdf")
    page = text_of(client.post(NIGHTS, stay_form(paper_0=program, consent="on", note="came by bus")))
    assert "is a program, whatever its name says" in page
    assert "came by bus" in page
    assert (Claim.objects.count(), Attachment.objects.count()) == (0, 0)


def test_a_claim_that_grew_out_of_a_visit_knows_it(cast):
    person = CarePerson.objects.create(
        member=cast.member, community=cast.home, reason="elderly", since=BORN, added_by=cast.leader
    )
    visit = CareVisit.objects.create(person=person, visitor=cast.leader, entered_by=cast.leader, visited_on=BORN)
    client = browser_of(cast.leader)
    link = f"{NIGHTS}?visit={visit.pk}"
    assert link in text_of(client.get(f"/members/101/claim/?visit={visit.pk}"))
    assert f'name="visit" value="{visit.pk}"' in text_of(client.get(link))
    client.post(link, stay_form(visit=str(visit.pk)))
    assert Claim.objects.get().care_visit == visit


def test_a_phone_is_answered_with_the_address_and_another_user_sends_nothing(cast):
    client = browser_of(cast.leader)
    who = client.get(NIGHTS).context["draft"]["who"]
    form = stay_form(who=who)
    assert (client.post(NIGHTS, stay_form(who="another")).status_code, Claim.objects.count()) == (409, 0)
    answers = [client.post(NIGHTS, form) for _time in range(2)]
    address = claim_path(Claim.objects.get())
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {"claim": address})] * 2
    page = text_of(client.get(address))
    assert f'data-request="{form["request_id"]}"' in page
