"""What is done at the desk of an event: envelopes, pledges, sales, gifts in kind."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from contributions.envelopes import issue_envelopes, return_envelope, write_off_envelopes
from contributions.event_letters import code_of, in_kind_letter, pledge_letter
from contributions.forms.base import ReasonForm
from contributions.forms.events import (
    InKindForm,
    IssueForm,
    ItemForm,
    PayPledgeForm,
    PledgeForm,
    ReturnForm,
    SaleForm,
    WriteOffForm,
)
from contributions.in_kind import record_in_kind
from contributions.models import Campaign, Envelope, InKindGift, Pledge, SaleItem
from contributions.pledges import give_up_pledge, pay_pledge, write_pledge
from contributions.queries.events import ENVELOPES_PAGE, envelope_holders, envelope_page, with_paid, with_sold
from contributions.sales import add_item, change_item, sell
from contributions.views.acting import acting, carry_out, forms_shown, to_receipt
from contributions.views.events import form_page
from ledger.accounts import account
from ledger.models import AccountRole, Receipt

# --- envelopes --------------------------------------------------------------------------------------------


@require_safe
def envelopes(request: HttpRequest, key: int) -> HttpResponse:
    """GET /money-in/events/<key>/envelopes/?state=…&after=…: who holds what, and every envelope."""
    found = get_object_or_404(Campaign, pk=key)
    state, after = request.GET.get("state", ""), request.GET.get("after", "")
    state = state if state in Envelope.State.values else ""
    behind = int(after) if after.isdecimal() and len(after) < 7 else 0
    rows = envelope_page(found, state=state, after=behind)
    context = {
        "event": found,
        "rows": rows[:ENVELOPES_PAGE],
        "page": {"next_after": rows[ENVELOPES_PAGE - 1].number if len(rows) > ENVELOPES_PAGE else None},
        "is_first": not behind,
        "holders": envelope_holders(found),
        "state": state,
        "states": Envelope.State.choices,
    }
    return render(request, "contributions/event_envelopes.html", context)


@forms_shown
def issue(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/events/<key>/envelopes/issue/: a range to somebody."""
    found = get_object_or_404(Campaign, pk=key)
    form = IssueForm(request.POST or None, today=request.today)

    def act(data: dict[str, Any]) -> list[Envelope]:
        facts = {name: data[name] for name in ("first", "last", "issued_to")}
        return issue_envelopes(campaign=found, issued_on=data["date"], **facts, **acting(request, form))

    if done := carry_out(request, form, act):
        said = ngettext("%(count)s envelope is handed out.", "%(count)s envelopes are handed out.", len(done))
        messages.success(request, said % {"count": len(done)})
        return redirect("contributions:envelopes", key)
    return form_page(request, form, _("Hand envelopes out"), found, back="contributions:envelopes")


@forms_shown
def bring_back(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/events/<key>/envelopes/return/: one with money; then the next one."""
    found = get_object_or_404(Campaign, pk=key)
    number = request.GET.get("number", "")
    initial = {"number": number} if number.isdecimal() and len(number) < 7 else {}
    form = ReturnForm(request.POST or None, today=request.today, initial=initial)

    def act(data: dict[str, Any]) -> Receipt:
        return return_envelope(
            campaign=found,
            number=data["number"],
            contributor=form.facts(),
            amount=data["amount"],
            returned_on=data["date"],
            place=data["account"],
            reference=data["reference"],
            **acting(request, form),
        )

    if receipt := carry_out(request, form, act):
        words = {"envelope": form.cleaned_data["number"], "receipt": receipt.label}
        words["amount"] = format_baht(receipt.total)
        said = _("Envelope no. %(envelope)s: %(amount)s baht, receipt no. %(receipt)s. Here is the form for the next.")
        messages.success(request, said % words)
        return redirect("contributions:return_envelope", key)
    return form_page(request, form, _("An envelope with money"), found, back="contributions:envelopes")


@forms_shown
def write_off(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/events/<key>/envelopes/without-money/: empty or lost."""
    found = get_object_or_404(Campaign, pk=key)
    form = WriteOffForm(request.POST or None, today=request.today)

    def act(data: dict[str, Any]) -> int:
        return write_off_envelopes(
            campaign=found,
            first=data["number"],
            last=data["last"] or data["number"],
            state=data["state"],
            on=data["date"],
            note=data["note"],
            **acting(request, form),
        )

    if done := carry_out(request, form, act):
        said = ngettext("%(count)s envelope is written down.", "%(count)s envelopes are written down.", done)
        messages.success(request, said % {"count": done})
        return redirect("contributions:envelopes", key)
    return form_page(request, form, _("Envelopes empty or lost"), found, back="contributions:envelopes")


# --- pledges ----------------------------------------------------------------------------------------------


@forms_shown
def new_pledge(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/events/<key>/pledges/new/"""
    found = get_object_or_404(Campaign, pk=key)
    form = PledgeForm(request.POST or None, today=request.today)

    def act(data: dict[str, Any]) -> Pledge:
        facts = {"amount": data["amount"], "pledged_on": data["date"], "due_on": data["due_on"]}
        return write_pledge(campaign=found, contributor=form.facts(), **facts, **acting(request, form))

    if done := carry_out(request, form, act):
        messages.success(request, _("The pledge is written down; nothing is booked before the money comes."))
        return redirect("contributions:pledge", done.pk)
    return form_page(request, form, _("New pledge"), found)


@require_safe
def pledge(request: HttpRequest, key: int) -> HttpResponse:
    """GET /money-in/pledges/<key>/: what was said, what came, and the code under which the rest can be paid."""
    found = _pledge(key)
    is_open = found.given_up_on is None and found.still > 0
    context = {
        "pledge": found,
        "is_open": is_open,
        "gifts": found.gifts.select_related("receipt", "receipt__void").order_by("received_on", "pk"),
        "qr": code_of(found, request.fund) if is_open else "",
    }
    return render(request, "contributions/event_pledge.html", context)


@require_safe
def letter(request: HttpRequest, key: int) -> HttpResponse:
    """GET /money-in/pledges/<key>/letter.pdf: the payment request of an open pledge."""
    found = _pledge(key)
    if found.given_up_on is not None or found.still <= 0:
        raise Http404
    return as_pdf(pledge_letter(found, request.fund, paper_language(request)), f"pledge-{key}")


def _pledge(key: int) -> Pledge:
    return get_object_or_404(with_paid(Pledge.objects.select_related("contributor", "campaign")), pk=key)


@forms_shown
def pay(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/pledges/<key>/pay/: money came for it, all or a part."""
    found = _pledge(key)
    initial = {"amount": found.still} if found.still > 0 else {}
    if found.campaign is None:
        initial["income"] = account(AccountRole.GIFT).pk
    form = PayPledgeForm(request.POST or None, today=request.today, initial=initial)

    def act(data: dict[str, Any]) -> Receipt:
        return pay_pledge(
            pledge=found,
            income_account=data["income"],
            amount=data["amount"],
            received_on=data["date"],
            place=data["account"],
            reference=data["reference"],
            **acting(request, form),
        )

    if receipt := carry_out(request, form, act):
        return to_receipt(request, receipt)
    title = _("Money for the pledge of %(name)s") % {"name": found.contributor.name}
    return form_page(request, form, title, found.campaign, back="contributions:pledge", back_key=key)


@forms_shown
def give_up(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/pledges/<key>/give-up/: why it is awaited no longer."""
    found = _pledge(key)
    form = ReasonForm(request.POST or None)

    def act(data: dict[str, Any]) -> Pledge:
        return give_up_pledge(pledge=found, reason=data["reason"], **acting(request, form))

    if carry_out(request, form, act):
        messages.success(request, _("The pledge is given up; the reason stays with it."))
        return redirect("contributions:pledge", key)
    title = _("Give up the pledge of %(name)s") % {"name": found.contributor.name}
    return form_page(request, form, title, found.campaign, back="contributions:pledge", back_key=key)


# --- sales ------------------------------------------------------------------------------------------------


@forms_shown
def new_item(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/events/<key>/items/new/"""
    found = get_object_or_404(Campaign, pk=key)
    form = ItemForm(request.POST or None)

    def act(data: dict[str, Any]) -> SaleItem:
        return add_item(campaign=found, **data | acting(request, form))

    if done := carry_out(request, form, act):
        messages.success(request, _("“%(name)s” can be sold now.") % {"name": done.name})
        return redirect("contributions:event", key)
    return form_page(request, form, _("Something to sell"), found)


def _item(key: int) -> SaleItem:
    return get_object_or_404(with_sold(SaleItem.objects.select_related("campaign")), pk=key)


@forms_shown
def item(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/items/<key>/: correct it."""
    found = _item(key)
    initial = {name: getattr(found, name) for name in ("kind", "name", "price", "stock")}
    form = ItemForm(request.POST or None, initial=initial)

    def act(data: dict[str, Any]) -> SaleItem:
        return change_item(item=found, **data | acting(request, form))

    if carry_out(request, form, act):
        messages.success(request, _("The changes are saved."))
        return redirect("contributions:event", found.campaign_id)
    return form_page(request, form, _("Correct the facts"), found.campaign)


@forms_shown
def sale(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/items/<key>/sell/: so many to somebody; answers with the receipt."""
    found = _item(key)
    form = SaleForm(request.POST or None, today=request.today)

    def act(data: dict[str, Any]) -> Receipt:
        return sell(
            item=found,
            quantity=data["quantity"],
            sold_on=data["date"],
            place=data["account"],
            reference=data["reference"],
            **form.buyer(),
            **acting(request, form),
        )

    if receipt := carry_out(request, form, act):
        return to_receipt(request, receipt)
    words = {"name": found.name, "price": format_baht(found.price)}
    title = _("Sell “%(name)s”, %(price)s baht each") % words
    return form_page(request, form, title, found.campaign, item=found)


# --- gifts in kind ----------------------------------------------------------------------------------------


@forms_shown
def new_in_kind(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/events/<key>/in-kind/new/"""
    found = get_object_or_404(Campaign, pk=key)
    form = InKindForm(request.POST or None, today=request.today)

    def act(data: dict[str, Any]) -> InKindGift:
        facts = {"description": data["description"], "said_value": data["said_value"], "received_on": data["date"]}
        return record_in_kind(campaign=found, contributor=form.facts(), **facts, **acting(request, form))

    if done := carry_out(request, form, act):
        words = {"number": done.label, "event": local_name(found)}
        messages.success(request, _("Gift in kind no. %(number)s is written down at %(event)s.") % words)
        return redirect("contributions:event", key)
    return form_page(request, form, _("Gift in kind"), found)


@require_safe
def thanks_in_kind(request: HttpRequest, key: int) -> HttpResponse:
    """GET /money-in/in-kind/<key>/letter.pdf: the numbered letter of thanks."""
    found = get_object_or_404(InKindGift.objects.select_related("contributor", "campaign"), pk=key)
    return as_pdf(
        in_kind_letter(found, request.fund, paper_language(request)), f"in-kind-{found.year_be}-{found.number}"
    )
