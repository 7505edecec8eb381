"""Forms that arrive damaged: without the id of their click, or with things in the address that are no numbers."""

import uuid

import pytest
from django.test import Client

from contributions.models import CollectionLine
from tests.bad_input import house as forms
from tests.bad_input.house import Filled, House, booked, browser_of, send, shown, standing_in
from tests.factories import TODAY, make_user
from welfare.care import PersonFacts, VisitFacts, add_person, record_visit
from welfare.models import CareVisit

WITH_ID: list[Filled] = [
    forms.dues,
    forms.municipality,
    forms.matching_round,
    forms.gift,
    forms.interest,
    forms.cost,
    forms.transfer,
    forms.sheet_submit,
    forms.sheet_accept,
    forms.void_receipt,
    forms.ask_void,
    forms.void_voucher,
    forms.claim,
    forms.decide,
    forms.pay,
    forms.death,
    forms.enrol,
    forms.meeting,
]
SENTENCE = (
    "This form arrived damaged, so nothing was saved. What you typed is still here: look whether it was saved before,"
    " then press the button once more."
)


@pytest.mark.parametrize("filled", WITH_ID, ids=[filled.__name__ for filled in WITH_ID])
def test_without_its_id_nothing_is_booked_and_the_next_touch_books(house: House, filled: Filled) -> None:
    sent, ids = filled(house), set()
    before = booked()
    for damaged in (None, "", "garbled", "0c7d5f0e-8f0a", "\x00" * 4, "<script>"):
        fields = {name: value for name, value in sent.fields.items() if name != "request_id"}
        fields |= {"form_user": ""} if damaged is None else {"request_id": damaged}
        answer = send(forms.Sent(sent.user, sent.path, fields))
        assert (answer.status_code, SENTENCE in shown(answer)) == (200, True), damaged
        ids.add(uuid.UUID(standing_in(answer, "request_id")))
    assert (booked(), len(ids)) == (before, 6)
    assert send(sent.with_fields(request_id=str(ids.pop()))).status_code == 302


def test_a_sheet_is_not_opened_without_an_id_and_the_page_says_so(house: House) -> None:
    sent = forms.sheet_open(house)
    client = browser_of(sent.user)
    answer = client.post(sent.path, {"community": sent.fields["community"]}, follow=True)
    assert (answer.redirect_chain, SENTENCE in shown(answer)) == ([("/money-in/sheets/", 302)], True)
    assert booked()["CollectionSheet"] == 0


STRANGE = ["²", "๑²", "-1", "1e3", "9" * 40, "x", "\x00", "1.5", "", "½"]


ADDRESSES = [
    "/members/?after={}",
    "/members/?q={}",
    "/members/?community={}",
    "/members/?standing={}",
    "/money-in/dues/?q={}",
    "/money-in/dues/101/?ahead={}",
    "/money-in/requests/?community={}",
    "/money-in/sheets/?before={}",
    "/money-in/sheets/2563/1/?date={}",
    "/claims/?q={}",
    "/claims/?before={}",
    "/claims/?community={}",
    "/claims/?year={}",
    "/claims/new/?q={}",
    "/books/receipts/?before={}",
    "/books/receipts/?q={}",
    "/books/receipts/numbers/?year={0}&which={0}&after={0}",
    "/books/voids/?since={}",
    "/phone/?next={}",
    "/books/vouchers/?before={}",
    "/books/vouchers/?q={}",
    "/books/journal/?before={}",
    "/books/accounts/1010/?before={}",
    "/members/101/claim/hospital-night/?event_from={}",
    "/glance/?year={}",
    "/log/?before={}",
    "/log/readings/?before={}",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_with_strange_signs_is_a_page_and_no_crash(house: House, address: str) -> None:
    send(forms.sheet_open(house))
    client = browser_of(make_user("registrar", "treasurer", "auditor", "leader", community=house.cast.home))
    answers = {typed: client.get(address.format(typed.replace("\x00", "%00"))).status_code for typed in STRANGE}
    assert answers == dict.fromkeys(STRANGE, 200)


MONEY_OUT = [
    "/claims/to-check/?before={0}&after={0}",
    "/claims/new/?visit={}",
    "/deliveries/new/?claim={}",
    "/payment-lists/new/bank/?claim={}",
    "/meetings/?before={0}&page={0}",
    "/budgets/?year={}",
    "/care/?community={0}&after={0}",
    "/care/open/?community={}",
    "/care/proposals/?community={}",
    "/care/figures/?year={}",
    "/lists/?before={}",
    "/arrears/?stage={0}&after={0}&community={0}",
    "/arrears/due/?meeting={}",
    "/members/doubles/?one={0}&other={0}&page={0}",
]
NO_ROWS = [
    "/care/{}/",
    "/care/visits/{}/correct/",
    "/care/referrals/{}/answer/",
    "/deliveries/2563/{}/",
    "/payment-lists/2563/{}/",
    "/lists/2563/{}/",
    "/lists/{}/1/",
    "/lists/2563/1/lines/{}/",
    "/lists/2563/1/communities/{}/",
    "/budgets/{}/set/",
    "/what-if/{}/",
    "/meetings/committee/2563/{}/",
    "/vouchers/2563/{}.pdf",
]
WITHOUT_ID = [
    "/care/new/",
    "/care/{person}/visit/",
    "/care/{person}/plan/",
    "/care/{person}/change/",
    "/care/{person}/end/",
    "/care/visits/{visit}/correct/",
    "/care/visits/{visit}/assign/",
    "/care/visits/{visit}/follow-up/",
    "/care/visits/{visit}/refer/",
    "/forgotten/all/",
    "/budgets/2563/set/",
    "/lists/new/",
    "/deliveries/new/?claim={key}",
    "/payment-lists/new/bank/?claim={key}",
    "/welfare-settings/",
]


def everybody(house: House) -> Client:
    roles = ("registrar", "treasurer", "auditor", "committee", "leader")
    return browser_of(make_user(*roles, community=house.cast.home))


def test_the_addresses_of_money_out_with_strange_signs_are_pages_and_no_crash(house: House) -> None:
    client = everybody(house)
    visited(house)
    meeting = f"/meetings/committee/2563/{house.cast.meeting.number}/?page={{}}"
    found = {
        address.format(typed): client.get(address.format(typed.replace("\x00", "%00"))).status_code
        for address in (*MONEY_OUT, meeting)
        for typed in ("\x00", "9" * 40)
    }
    # where nothing that there is was chosen to be paid, the list of what waits comes back
    assert {address: status for address, status in found.items() if status not in (200, 302)} == {}


def test_rows_of_money_out_that_are_none_are_no_page(house: House) -> None:
    client = everybody(house)
    found = {path: [client.get(path.format(typed)).status_code for typed in ("9" * 40, "0", "²")] for path in NO_ROWS}
    assert {path: answers for path, answers in found.items() if answers != [404] * 3} == {}


def test_the_forms_of_money_out_without_their_id_write_nothing_and_say_so(house: House) -> None:
    visit, claim = visited(house), house.cast.decided()
    names = {"person": visit.person_id, "visit": visit.pk, "key": claim.pk}
    client, before = everybody(house), booked()
    found = {}
    for path in WITHOUT_ID:
        answer = client.post(path.format(**names), {"form_user": ""})
        found[path] = (answer.status_code, SENTENCE in shown(answer))
    assert ({path: one for path, one in found.items() if one != (200, True)}, booked()) == ({}, before)


def visited(house: House) -> CareVisit:
    who = house.cast.by(house.cast.leader)
    facts = PersonFacts(reason="elderly")
    person = add_person(member=house.cast.member, facts=facts, since=TODAY, request_id=uuid.uuid4(), **who)
    told = VisitFacts(visited_on=TODAY, note="เดินไม่สะดวก", needs="ไม้เท้า")
    return record_visit(person=person, facts=told, request_id=uuid.uuid4(), **who)


@pytest.mark.parametrize("typed", ["²:365", "102:²", "102:3.6.5", "102:365.005", "x:y", "102:-365", "9" * 40 + ":365"])
def test_a_button_of_the_sheet_that_was_tampered_with_writes_nothing(house: House, typed: str) -> None:
    sent = forms.sheet_line(house).with_fields(pay=typed)
    assert send(sent).status_code in {302, 404}
    assert CollectionLine.objects.count() == 0


@pytest.mark.parametrize("typed", ["²", "x", "9" * 40, ""])
def test_opening_a_sheet_of_no_community_is_no_page(house: House, typed: str) -> None:
    assert send(forms.sheet_open(house).with_fields(community=typed)).status_code == 404


@pytest.mark.parametrize(
    "path", ["/members/{}/", "/claims/2563/{}/", "/claims/{}/1/", "/money-in/sheets/2563/{}/", "/vouchers/2563/{}/"]
)
def test_numbers_too_large_for_the_database_are_no_page(house: House, path: str) -> None:
    assert browser_of(house.cast.registrar).get(path.format("9" * 40)).status_code == 404


@pytest.mark.parametrize(
    ("filled", "field"),
    [
        (forms.gift, "account"),
        (forms.cost, "cost"),
        (forms.pay, "account"),
        (forms.enrol, "community"),
        (forms.gift, "kind"),
        (forms.pay, "means"),
        (forms.dues, "periods"),
    ],
)
def test_a_choice_that_is_none_is_answered_at_its_field(house: House, filled, field) -> None:
    sent = filled(house)
    before = booked()
    for typed in ("²", "x", "9" * 40, "0", "\x00"):
        answer = send(sent.with_fields(**{field: typed}))
        assert (list(forms.refusals(answer)), booked()) == ([field], before), repr(typed)


LONG = [(forms.gift, "name"), (forms.cost, "description"), (forms.pay, "recipient_name"), (forms.enrol, "first_name")]


@pytest.mark.parametrize(("filled", "field"), LONG)
def test_a_text_without_end_is_answered_at_its_field_and_one_with_a_nought_byte_never_kept(
    house, filled, field
) -> None:
    sent = filled(house)
    before = booked()
    assert (list(forms.refusals(send(sent.with_fields(**{field: "ก" * 5000})))), booked()) == ([field], before)
    # a box for names drops signs that nobody sees, another box refuses them
    assert send(sent.with_fields(**{field: "สม\x00ชาย"})).status_code == (302 if field.endswith("_name") else 200)
