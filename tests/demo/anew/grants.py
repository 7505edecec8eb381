"""Legs 2 and 3: the municipality and CODI from the letter that asks to the report."""

from datetime import date

from bansong_fund.demo.partnering import CODI, MUNICIPALITY
from bansong_fund.demo.shapes import Grant, MatchingRound
from contributions.models import Commitment
from tests.demo.anew.office import Office
from tests.demo.anew.plans import YEAR

COMMITMENTS = "/money-in/commitments/"


def committee_asks_the_municipality(office: Office, grant: Grant) -> Commitment:
    """Asked in July of the year before, for the budget of 2562."""
    facts = {"body": MUNICIPALITY, "requested": str(grant.amount), "year_be": YEAR + 543}
    letter = {"happened_on": date(YEAR - 1, 7, 2), "reference": "กส. 14/2561"}
    office.send("committee1", f"{COMMITMENTS}new/municipality/", **facts, **letter)
    return Commitment.objects.get(source="municipality", year_be=YEAR + 543)


def committee_asks_codi(office: Office, one: MatchingRound) -> Commitment:
    """So many members at so many baht; who they are is computed."""
    facts = {"body": CODI, "round_number": one.number, "cutoff_on": one.cut_off, "baht_per_member": str(one.rate)}
    letter = {"happened_on": date(YEAR - 1, 11, 5), "reference": "กส. 25/2561", "member_count": len(one.persons)}
    office.send("committee1", f"{COMMITMENTS}new/codi-matching/", **facts, **letter)
    return Commitment.objects.get(round_number=one.number)


def step_is_taken(office: Office, commitment: Commitment, state: str, day: date, paper: str, **facts: object) -> None:
    """Approved, agreed or reported, with the number of its paper."""
    office.send("committee1", f"{COMMITMENTS}{commitment.pk}/{state}/", happened_on=day, reference=paper, **facts)


def municipality_pays(office: Office, commitment: Commitment, grant: Grant) -> None:
    page = f"/money-in/grants/municipality/?commitment={commitment.pk}"
    office.send("treasurer", page, **_received(office, commitment, grant), amount=str(grant.amount))


def codi_pays(office: Office, commitment: Commitment, grant: Grant, one: MatchingRound) -> None:
    facts = {"number": one.number, "cutoff": one.cut_off, "member_count": len(one.persons)}
    page = f"/money-in/round/?commitment={commitment.pk}"
    office.send("treasurer", page, **_received(office, commitment, grant), **facts, baht_per_member=str(one.rate))


def _received(office: Office, commitment: Commitment, grant: Grant) -> dict[str, object]:
    place = office.places[grant.account].pk
    return {
        "commitment": commitment.pk,
        "received_from": commitment.body,
        "date": grant.received_on,
        "account": place,
        "reference": "โอนเข้าบัญชี",
    }
