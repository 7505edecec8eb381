"""Leg 4 and what the treasurer records besides: gifts, interest, costs, money moved."""

from bansong_fund.demo.load_money import GIFT_ROLES
from bansong_fund.demo.shapes import CashMove, Contributor, Cost, Gift, Interest, Plan
from contributions.models import Campaign
from contributions.models import Contributor as ContributorRow
from ledger.accounts import account
from ledger.models import AccountRole
from tests.demo.anew.office import Office
from tests.welfare.test_visibility import photograph


def giver_of(plan: Plan, number: int) -> Contributor:
    return next(one for one in plan.contributors if one.number == number)


def as_typed(giver: Contributor) -> dict[str, object]:
    """Who gives, as the form's list offers her: number and name, or a new name with its kind."""
    row = ContributorRow.objects.filter(name=giver.name).first()
    name = f"{row.number} {row.name}" if row else giver.name
    return {"name": name, "kind": giver.kind} | ({"is_local": "on"} if giver.is_local else {})


def gift_comes(office: Office, plan: Plan, gift: Gift, campaign: Campaign | None = None) -> None:
    giver = giver_of(plan, gift.contributor)
    facts = {"amount": str(gift.amount), "date": gift.received_on, "account": office.places[gift.account].pk}
    facts |= {"income": account(GIFT_ROLES[gift.kind]).pk, "campaign": campaign.pk if campaign else ""}
    consent = {"may_be_named": "yes" if giver.agrees_to_be_named else "no"}
    office.send("treasurer", "/money-in/gift/", **facts, **as_typed(giver), **consent)


def bank_credits_interest(office: Office, one: Interest) -> None:
    facts = {"account": office.places[one.account].pk, "gross": str(one.gross), "tax": str(one.tax)}
    office.send("treasurer", "/money-in/interest/", **facts, date=one.received_on)


def cost_is_paid(office: Office, one: Cost, campaign: Campaign | None = None) -> None:
    """With the photograph of the shop's receipt."""
    role = (AccountRole.EVENT_COST,) if one.kind == "event" else (AccountRole.ADMINISTRATION, one.kind)
    facts = {"cost": account(*role).pk, "description": one.memo_th, "payee": one.payee, "amount": str(one.amount)}
    facts |= {"account": office.places[one.account].pk, "campaign": campaign.pk if campaign else ""}
    papers = {"shop_receipt": f"บิล {one.key}", "papers": photograph("bill.png")}
    office.send("treasurer", "/money-in/cost/", **facts, **papers, date=one.paid_on)


def cash_is_moved(office: Office, one: CashMove) -> None:
    facts = {"account": office.places[one.source].pk, "target": office.places[one.target].pk}
    office.send("treasurer", "/money-in/transfer/", **facts, amount=str(one.amount), date=one.moved_on)
