"""What waits for payment, and money on its way: handed over, carried, settled; the slips to sign."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from ledger.views.acting import acting, carry_out, forms_shown
from office.reading import log_readings
from office.roles import Role
from welfare.deliveries import hand_over, keep_slips
from welfare.delivery_queries import (
    lines_of,
    on_their_way,
    overdue_before,
    overdue_deliveries,
    payment_lists,
    settled_lately,
    slips_of,
    visible_deliveries,
)
from welfare.forms_paying import MOST_AT_ONCE, HandOverForm, SettleForm, SlipsForm
from welfare.models import Claim, Delivery, DeliveryLine, DeliverySettlement
from welfare.queries import claims_to_pay, listed, paying_accounts, visible_claims, waiting
from welfare.settling import settle
from welfare.slips import render_slips, slips_to_sign
from welfare.views.shown import name_benefits

SHOWN_SETTLED = 20


@require_safe
def to_pay(request: HttpRequest) -> HttpResponse:
    """GET /claims/to-pay/: what waits for payment, to be paid singly, on a list or by somebody who delivers it."""
    claims = name_benefits(list(listed(claims_to_pay(request.user))[:MOST_AT_ONCE]))
    context = {
        "claims": claims,
        "waiting": waiting(claims_to_pay(request.user)),
        "overdue": overdue_deliveries(request.today),
        "carried": on_their_way(request.user).count(),
        "open_lists": payment_lists().filter(open_count__gt=0).count(),
    }
    return render(request, "welfare/to_pay.html", context)


def chosen_claims(request: HttpRequest) -> list[Claim]:
    """The approved claims that the address or the form names (`claim=`), named; nothing of what she may not see."""
    asked = request.POST.getlist("claim") or request.GET.getlist("claim")
    keys = [int(key) for key in asked[:MOST_AT_ONCE] if key.isdecimal() and len(key) < 19]
    return name_benefits(list(listed(visible_claims(request.user).filter(pk__in=keys)).order_by("decided_on", "pk")))


@forms_shown
def new_delivery(request: HttpRequest) -> HttpResponse:
    """GET, POST /deliveries/new/?claim=…: who carries the money of the claims ticked; then the slips to sign."""
    claims = chosen_claims(request)
    if not claims:
        messages.warning(request, _("Tick the claims whose money is to be delivered."))
        return redirect("welfare:to_pay")
    initial = {"date": request.today}
    communities = {claim.community_id for claim in claims}
    asked = {"communities": communities, "accounts": paying_accounts(), "today": request.today}
    form = HandOverForm(request.POST or None, **asked, initial=initial)

    def act(data: dict[str, Any]) -> Delivery:
        facts = {"carrier": data["carrier"], "account": data["account"], "handed_on": data["date"]}
        return hand_over(claims=claims, **facts, **acting(request, form))

    if made := carry_out(request, form, act):
        told = {"sum": format_baht(made.total), "carrier": made.carrier.display_name}
        messages.success(request, _("%(sum)s baht are with %(carrier)s now. Print the slips to be signed.") % told)
        return redirect("welfare:delivery", made.year_be, made.number)
    total = sum(claim.amount_approved or 0 for claim in claims)
    return render(request, "welfare/delivery_new.html", {"claims": claims, "total": total, "form": form})


@require_safe
def delivery_list(request: HttpRequest) -> HttpResponse:
    """GET /deliveries/: what is on its way, the oldest first, with whom; below it what was settled lately."""
    before = overdue_before(request.today)
    carried = list(on_their_way(request.user))
    for one in carried:
        one.days = (request.today - one.handed_on).days
        one.is_overdue = one.handed_on < before
    context = {"carried": carried, "settled": settled_lately(request.user)[:SHOWN_SETTLED]}
    return render(request, "welfare/deliveries.html", context)


def _delivery(request: HttpRequest, year_be: int, number: int) -> Delivery:
    found = visible_deliveries(request.user).select_related(
        "carrier", "community", "benefit_list", "account", "handed_by", "entry"
    )
    return get_object_or_404(found, year_be=year_be, number=number)


def _form_of(request: HttpRequest, lines: list[DeliveryLine], data: Any = None) -> SettleForm:
    return SettleForm(
        data,
        request.FILES if data is not None else None,
        lines=[line for line in lines if not line.outcome],
        asks_id={line.claim_id for line in lines if _asks_id(line.claim)},
        accounts=paying_accounts(),
        today=request.today,
        initial={"date": request.today},
    )


def _asks_id(claim: Claim) -> bool:
    return claim.benefit is not None and claim.benefit.recipient == "beneficiary"


@forms_shown
def delivery(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET, POST /deliveries/<year>/<number>/: each line; the treasurer writes down what became of those still open."""
    found = _delivery(request, year_be, number)
    lines = list(lines_of(found))
    name_benefits([line.claim for line in lines])
    form = None
    if request.user.has_role(Role.TREASURER) and any(not line.outcome for line in lines):
        form = _form_of(request, lines, request.POST if request.method == "POST" else None)
        if done := carry_out(request, form, lambda _data: _settle(request, found, form)):
            return _told(request, found, done)
    elif request.method == "POST":
        messages.warning(request, _("Every line of this delivery is settled already."))
        return redirect("welfare:delivery", year_be, number)
    context = {
        "delivery": found,
        "lines": lines,
        "form": form,
        "slips": slips_of(found),
        "slips_form": SlipsForm(),
        "open_baht": sum(line.amount for line in lines if not line.outcome),
        "is_overdue": found.handed_on < overdue_before(request.today),
        "may_add_slips": request.user.pk == found.carrier_id,
    }
    return render(request, "welfare/delivery.html", context)


def _settle(request: HttpRequest, found: Delivery, form: SettleForm) -> DeliverySettlement:
    data, back = form.cleaned_data, form.returned()
    return settle(
        delivery=found,
        delivered=form.delivered(),
        returned=back,
        returned_to=data["returned_to"] if back else None,
        settled_on=data["date"],
        papers=data["papers"],
        **acting(request, form),
    )


def _told(request: HttpRequest, found: Delivery, done: DeliverySettlement) -> HttpResponse:
    paid = done.lines.exclude(voucher=None).count()
    if paid:
        message = ngettext("%(count)d claim is paid.", "%(count)d claims are paid.", paid)
        messages.success(request, message % {"count": paid})
    if done.returned:
        message = _("%(sum)s baht are back; their claims are to be paid again.")
        messages.success(request, message % {"sum": format_baht(done.returned)})
    return redirect("welfare:delivery", found.year_be, found.number)


@require_POST
def add_slips(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /deliveries/<year>/<number>/slips/: photographs of signed slips, from the phone of who carries."""
    found = get_object_or_404(visible_deliveries(request.user), year_be=year_be, number=number, carrier=request.user)
    form = SlipsForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        try:
            keep_slips(found, data["papers"], by=request.user, now=request.now, request_id=data["request_id"])
        except DomainError as refusal:
            show_refusal(form, refusal)
    if form.errors:
        for errors in form.errors.values():
            messages.error(request, " ".join(errors))
    else:
        messages.success(request, _("The photographs are kept. The treasurer looks at them and writes it down."))
    return redirect("welfare:delivery", year_be, number)


@require_safe
def slips_pdf(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET /deliveries/<year>/<number>/slips.pdf: a slip to sign for each open line; `?line=` for one alone."""
    found = _delivery(request, year_be, number)
    lines = [line for line in lines_of(found) if not line.outcome]
    wanted = request.GET.get("line", "")
    if wanted:
        lines = [line for line in lines if str(line.pk) == wanted]
    if not lines:
        messages.warning(request, _("No line of this delivery waits for a signature."))
        return redirect("welfare:delivery", year_be, number)
    name_benefits([line.claim for line in lines])
    subjects = [(line.claim.member_id, line.claim.member.full_name) for line in lines]
    log_readings(request.user, kind="member", subjects=subjects, what="slip")
    language = paper_language(request)
    pdf = render_slips(slips_to_sign(found, lines, request.fund), language)
    return as_pdf(pdf, f"slips-{found.year_be}-{found.number:04d}")
