"""The first steps of an empty fund, and its settings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.promptpay import why_no_code
from ledger.models import Account, AccountRole
from members.models import Fund
from reports.forms import BankForm, BankFormSet, FirstStepsForm, SettingsForm
from reports.founding import add_bank, change_fund, default_regulation, found_fund


@require_http_methods(["GET", "HEAD", "POST"])
def first_steps(request: HttpRequest) -> HttpResponse:
    """GET, POST /first-steps/: what an empty fund needs before anyone can work."""
    if request.fund is not None:
        return redirect("reports:settings")
    form = FirstStepsForm(request.POST or None, today=request.today)
    banks = BankFormSet(request.POST or None, prefix="banks")
    is_valid = form.is_valid() and banks.is_valid() if request.method == "POST" else False
    if is_valid and _found(request, form, banks):
        done = _("The fund is founded. Add its users next; a registrar then brings in the old register.")
        messages.success(request, done)
        return redirect("reports:opening")
    return render(request, "reports/first_steps.html", {"form": form, "banks": banks})


def _found(request: HttpRequest, form: FirstStepsForm, banks: BankFormSet) -> Fund | None:
    try:
        return found_fund(
            facts=form.facts(),
            communities=form.cleaned_data["communities"],
            banks=[bank.facts() for bank in banks if bank.has_changed()],
            by=request.user,
            today=request.today,
            now=request.now,
            regulation=default_regulation(form.facts()) if form.cleaned_data["with_regulation"] else None,
        )
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """GET, POST /settings/: names, address, tax number, population; controls by a resolution."""
    if request.fund is None:
        return redirect("reports:first_steps")
    names = [name for name in SettingsForm.base_fields if name != "resolution"]
    form = SettingsForm(request.POST or None, initial={name: getattr(request.fund, name) for name in names})
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in names}
        try:
            change_fund(changes=changes, resolution=form.cleaned_data["resolution"], by=request.user)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The settings are saved."))
            return redirect("reports:settings")
    banks = Account.objects.filter(role=AccountRole.BANK)
    no_code = why_no_code(request.fund.promptpay_id, request.fund.tax_id)
    return render(request, "reports/settings.html", {"form": form, "banks": banks, "no_code": no_code})


@require_http_methods(["GET", "HEAD", "POST"])
def new_bank(request: HttpRequest) -> HttpResponse:
    """GET, POST /settings/bank/: a further passbook account."""
    form = BankForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = add_bank(bank=form.facts(), by=request.user)
        messages.success(request, _("The account %(account)s is added.") % {"account": str(account)})
        return redirect("reports:settings")
    return render(request, "reports/new_bank.html", {"form": form})
