"""The public page "I have a code"."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from office.codes import use_code
from office.forms import UseCodeForm
from office.rate_limit import too_many

QUARTER_OF_AN_HOUR = 15 * 60


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def use_one_time_code(request: HttpRequest) -> HttpResponse:
    form = UseCodeForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        if _tried_too_often(request, given["username"]):
            form.add_error(None, _("Too many attempts. Wait 15 minutes and try again."))
            return render(request, "office/use_code.html", {"form": form}, status=429)
        try:
            use_code(
                username=given["username"], code=given["code"], new_password=given["new_password"], now=request.now
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Your new password is set. Sign in with it."))
            return redirect("account_login")
    return render(request, "office/use_code.html", {"form": form})


def _tried_too_often(request: HttpRequest, username: str) -> bool:
    address = get_adapter().get_client_ip(request)
    by_name = too_many("code-of", username.casefold(), most=5, seconds=QUARTER_OF_AN_HOUR)
    return too_many("code-from", address, most=20, seconds=QUARTER_OF_AN_HOUR) or by_name
