"""Costs: paid with a voucher, the 20 % line beside the form, the certificate where a shop gave no receipt."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bansong_fund.lib.money import format_baht
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from contributions.administration import AdministrationLine, administration_line
from contributions.closing_checks import COST
from contributions.cost_papers import certificate_paper
from contributions.costs import add_cost_papers, pay_cost
from contributions.forms.costs import CostPapersForm
from contributions.forms.money import CostForm
from contributions.models import RunningCost
from contributions.views.acting import acting, carry_out, event_asked, forms_shown
from ledger.models import AccountRole, PaymentVoucher
from office.interrupted import hold_files
from office.models import Attachment
from office.roles import Role


@forms_shown
def cost(request: HttpRequest) -> HttpResponse:
    """GET, POST /money-in/cost/: pay a cost; answers with its voucher."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CostForm(*given, today=request.today, initial=event_asked(request, "cost", AccountRole.EVENT_COST))

    def act(data: dict[str, Any]) -> PaymentVoucher:
        facts = ("description", "payee", "amount", "shop_receipt", "campaign", "papers")
        return pay_cost(
            cost_account=data["cost"],
            paid_on=data["date"],
            place=data["account"],
            resolution_label=data["resolution"],
            restricted_fund=data.get("restricted_fund"),
            **{key: data[key] for key in facts},
            **acting(request, form),
        )

    if voucher := carry_out(request, form, act):
        messages.success(request, _("Payment voucher no. %(number)s is written.") % {"number": voucher.label})
        _warn_beyond(request, voucher)
        return redirect("ledger:voucher", voucher.year_be, voucher.number)
    hold_files(request, form)
    line = administration_line(request.today, request.fund, today=request.today)
    return render(request, "contributions/cost.html", {"form": form, "title": _("Pay a cost"), "line": line})


def _warn_beyond(request: HttpRequest, voucher: PaymentVoucher) -> None:
    """A warning where administration went beyond its line; nothing is held back."""
    if voucher.cost.cost_account.role != AccountRole.ADMINISTRATION:
        return
    line: AdministrationLine = administration_line(voucher.date, request.fund, today=request.today)
    if line.is_beyond:
        words = {"spent": format_baht(line.spent), "allowed": format_baht(line.allowed), "percent": line.percent}
        message = _(
            "Running the fund cost %(spent)s baht this year; %(percent)s %% are %(allowed)s baht. Tell the committee."
        )
        messages.warning(request, message % words)


def _cost(year: int, number: int) -> RunningCost:
    costs = RunningCost.objects.select_related("voucher", "voucher__account", "voucher__issued_by", "cost_account")
    return get_object_or_404(costs, voucher__year_be=year, voucher__number=number)


@forms_shown
def papers(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """GET, POST /money-in/cost/papers/<year>/<number>/: a cost's papers; those that come later are added."""
    found = _cost(year, number)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    if given and not request.user.has_role(Role.TREASURER):
        raise PermissionDenied(_("The treasurer adds papers to a cost."))
    form = CostPapersForm(*given)

    def act(data: dict[str, Any]) -> RunningCost:
        facts = {name: value for name, value in acting(request, form).items() if name != "today"}
        add_cost_papers(found, data["papers"], **facts)
        return found

    if carry_out(request, form, act):
        messages.success(request, _("The paper is kept."))
        return redirect("contributions:cost_papers", year, number)
    kept = Attachment.objects.filter(owner_kind=COST, owner_id=found.pk).order_by("uploaded_at")
    return render(request, "contributions/cost_papers.html", {"cost": found, "papers": kept, "form": form})


@require_safe
def certificate(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """GET /money-in/cost/certificate/<year>/<number>/: the certificate in lieu of a receipt, to be signed."""
    found = _cost(year, number)
    if found.shop_receipt:
        raise Http404
    return as_pdf(certificate_paper(found, request.fund, paper_language(request)), f"certificate-{year}-{number:06d}")
