"""Leg 1: dues at the office, and the leaders' sheets from the first touch on the phone to the counted money."""

import json
import uuid
from collections.abc import Sequence
from datetime import date

from bansong_fund.demo.shapes import CollectionSheet as PlannedSheet
from bansong_fund.demo.shapes import DuesPayment
from contributions.models import CollectionSheet
from contributions.views.sheet_sends import MOST_LINES
from tests.demo.anew.office import Office, pieces_of


def member_pays_at_the_office(office: Office, payment: DuesPayment) -> None:
    """The treasurer opens the member's page; what is owed is ticked already, she takes the oldest period."""
    page = f"/money-in/dues/{payment.person}/"
    oldest = office.see("treasurer", page).context["form"].fields["periods"].choices[0][0]
    office.send("treasurer", page, periods=oldest, date=payment.paid_on, account=office.places["cash"].pk)


def leader_opens_her_sheet(office: Office, planned: PlannedSheet) -> CollectionSheet:
    office.send(planned.collector, "/money-in/sheets/open/", community=planned.community)
    return CollectionSheet.objects.get(community__number=planned.community, state=CollectionSheet.State.DRAFT)


def phone_sends(office: Office, planned: PlannedSheet, payments: Sequence[DuesPayment]) -> None:
    """What was typed at the doors since the phone last had a network: in batches, each line with its day."""
    here = _page(planned)
    who = office.see(planned.collector, here).context["draft"]["who"]
    for place in range(0, len(payments), MOST_LINES):
        lines = [_line(one) for one in payments[place : place + MOST_LINES]]
        batch = json.dumps({"id": str(uuid.uuid4()), "who": who, "lines": lines})
        answer = office.browser(planned.collector).post(f"{here}send/", batch, content_type="application/json")
        refused = [one for one in answer.json()["lines"] if one["state"] != "written"]
        assert (answer.status_code, refused) == (200, []), (office.today, planned.key)


def _line(payment: DuesPayment) -> dict[str, object]:
    return {"n": payment.person, "amount": str(payment.amount), "day": payment.paid_on.isoformat(), "seen": ""}


def leader_hands_in(office: Office, planned: PlannedSheet) -> None:
    office.send(planned.collector, f"{_page(planned)}submit/")


def treasurer_counts(office: Office, planned: PlannedSheet) -> None:
    """By note and coin; the money is in the cash box."""
    sheet = CollectionSheet.objects.get(
        community__number=planned.community, submitted_on=planned.submitted_on, state=CollectionSheet.State.SUBMITTED
    )
    page = f"/money-in/sheets/{sheet.year_be}/{sheet.number}/accept/"
    office.send("treasurer", page, counted=str(planned.total), **pieces_of(planned.total))


def _page(planned: PlannedSheet) -> str:
    sheet = CollectionSheet.objects.get(community__number=planned.community, state=CollectionSheet.State.DRAFT)
    return f"/money-in/sheets/{sheet.year_be}/{sheet.number}/"


def taken_by(payments: Sequence[DuesPayment], day: date) -> list[DuesPayment]:
    return [one for one in payments if one.paid_on <= day]
