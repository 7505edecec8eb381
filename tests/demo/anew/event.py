"""The merit-making of the year: envelopes out and back, pledges, shirts, gifts in kind, the count by three."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from bansong_fund.demo.shapes import Campaign as PlannedCampaign
from bansong_fund.demo.shapes import Gift, Plan
from contributions.counting import cash_to_count
from contributions.models import Campaign, Pledge, SaleItem
from tests.demo.anew.leg4 import as_typed, gift_comes, giver_of
from tests.demo.anew.office import Office, pieces_of

PLEDGED = 5
SHIRT = Decimal("250.00")
MOST_SHIRTS = 4
THREE = (("นางนับ สมมติเงิน", "กรรมการ"), ("นายตรวจ สมมติยอด", "กรรมการ"), ("นางสาวจด สมมติบัญชี", "ผู้ช่วยเหรัญญิก"))


@dataclass
class Event:
    """How the plan's gifts at the event come: the largest pledged before, some as shirts, the rest of the cash in
    envelopes, transfers by themselves.
    """

    plan: Plan
    planned: PlannedCampaign
    row: Campaign | None = None
    pledged: list[Gift] = field(default_factory=list)
    shirts: list[Gift] = field(default_factory=list)
    envelopes: list[Gift] = field(default_factory=list)
    transfers: list[Gift] = field(default_factory=list)

    def __post_init__(self) -> None:
        given = [one for one in self.plan.gifts if one.campaign == self.planned.key]
        given.sort(key=lambda one: (-one.amount, one.key))
        self.pledged, rest = given[:PLEDGED], given[PLEDGED:]
        self.transfers = [one for one in rest if one.account != "cash"]
        in_cash = [one for one in rest if one.account == "cash"]
        self.shirts = [one for one in in_cash if one.amount % SHIRT == 0 and one.amount <= SHIRT * MOST_SHIRTS]
        self.envelopes = [one for one in in_cash if one not in self.shirts]

    @property
    def page(self) -> str:
        return f"/money-in/events/{self.row.pk}/"


def committee_announces_it(office: Office, event: Event) -> None:
    facts = {"kind": "pha-pa", "name_th": event.planned.name_th, "name_en": event.planned.name_en, "target": "150,000"}
    office.send("committee2", "/money-in/events/new/", **facts, date=event.planned.held_on, place="ศาลาประชาคมเทศบาล")
    event.row = Campaign.objects.get(held_on=event.planned.held_on)
    office.send("committee2", f"{event.page}items/new/", kind="shirt", name="เสื้อผ้าป่า", price=str(SHIRT), stock="60")
    for one, part in zip(event.pledged, ("ประธานจัดงาน", "เจ้าภาพหลัก", "เจ้าภาพโรงทาน"), strict=False):
        giver = as_typed(giver_of(event.plan, one.contributor))
        office.send("committee2", f"{event.page}sponsors/new/", **giver, part=part)


def envelopes_are_handed_out(office: Office, event: Event) -> None:
    """Three more than will come back with money: two empty, one lost."""
    facts = {"first": "1", "last": str(len(event.envelopes) + 3), "issued_to": "ผู้นำชุมชน (สมมติ)"}
    office.send("committee2", f"{event.page}envelopes/issue/", **facts, date=office.today)


def supporters_pledge(office: Office, event: Event) -> None:
    for one in event.pledged:
        giver = as_typed(giver_of(event.plan, one.contributor))
        facts = {"amount": str(one.amount), "due_on": event.planned.held_on, "date": office.today}
        office.send("committee2", f"{event.page}pledges/new/", **giver, **facts)


def the_day_of_the_event(office: Office, event: Event) -> None:
    """All that is given on the day; two of the envelopes come back empty and one is lost."""
    _pledges_are_kept(office, event)
    for one in event.transfers:
        gift_comes(office, event.plan, one, event.row)
    _shirts_are_sold(office, event)
    for number, one in enumerate(event.envelopes, start=1):
        name = as_typed(giver_of(event.plan, one.contributor))["name"]
        facts = {"number": number, "amount": str(one.amount), "name": name, "account": office.places["cash"].pk}
        office.send("treasurer", f"{event.page}envelopes/return/", **facts, date=office.today)
    last = len(event.envelopes)
    writes_off = f"{event.page}envelopes/without-money/"
    office.send("committee2", writes_off, number=last + 1, last=last + 2, state="empty", date=office.today)
    office.send("committee2", writes_off, number=last + 3, state="lost", note="หายระหว่างทาง", date=office.today)
    rice = as_typed(giver_of(event.plan, event.envelopes[0].contributor))
    facts = {"description": "ข้าวสาร 10 กระสอบ", "said_value": "6500", "date": office.today}
    office.send("committee2", f"{event.page}in-kind/new/", **rice, **facts)


def _pledges_are_kept(office: Office, event: Event) -> None:
    for one in event.pledged:
        giver = giver_of(event.plan, one.contributor)
        pledge = Pledge.objects.get(campaign=event.row, contributor__name=giver.name)
        form = office.see("treasurer", f"/money-in/pledges/{pledge.pk}/pay/").context["form"]
        facts = {"amount": str(one.amount), "income": form["income"].value(), "date": office.today}
        office.send("treasurer", f"/money-in/pledges/{pledge.pk}/pay/", **facts, account=office.places[one.account].pk)


def _shirts_are_sold(office: Office, event: Event) -> None:
    item = SaleItem.objects.get(campaign=event.row)
    for one in event.shirts:
        name = as_typed(giver_of(event.plan, one.contributor))["name"]
        facts = {"quantity": int(one.amount / SHIRT), "name": name, "account": office.places["cash"].pk}
        office.send("treasurer", f"/money-in/items/{item.pk}/sell/", **facts, date=office.today)


def three_count_the_cash(office: Office, event: Event) -> None:
    """What the box holds of the event, by note and coin: the receipts in cash less what was paid out of it."""
    expected = cash_to_count(event.row).expected
    people = {f"counter_{place}": name for place, (name, _post) in enumerate(THREE, start=1)}
    people |= {f"post_{place}": post for place, (_name, post) in enumerate(THREE, start=1)}
    facts = {"date": office.today, "counted": str(expected)}
    office.send("treasurer", f"{event.page}count/", **facts, **people, **pieces_of(expected))


def committee_closes_it(office: Office, event: Event) -> None:
    office.send("committee2", f"{event.page}close/")


COUNTED_AFTER, CLOSED_AFTER = timedelta(days=3), timedelta(days=30)
