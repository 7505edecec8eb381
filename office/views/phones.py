"""Leaders' phones: the card's page and the PIN's page on the phone, and the registrar's pages that manage them."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import RequestForm, show_refusal
from bansong_fund.lib.paper_answers import as_pdf
from bansong_fund.lib.papers import FundHead, Words
from bansong_fund.lib.thai_dates import format_date
from office.forms_phones import ChoosePinForm, PinForm
from office.models import EnrolledPhone, User
from office.phone_cards import PhoneCardPaper, code_of, phone_card_pdf
from office.phone_queries import enrolled_phone, leaders_with_phones, running_card
from office.phones import (
    PHONE_COOKIE,
    PHONE_IN_SESSION,
    PhoneRefused,
    end_card,
    end_phone,
    enrol_phone,
    issue_card,
    may_use_phone,
    open_by_pin,
    phone_name,
)
from office.rate_limit import too_many
from office.site import site_address

QUARTER_OF_AN_HOUR = 15 * 60
forms_shown = require_http_methods(["GET", "HEAD", "POST"])


# --- on the phone -----------------------------------------------------------------------------------------


@sensitive_post_parameters()
@never_cache
@forms_shown
def enrol(request: HttpRequest, token: str) -> HttpResponse:
    """GET, POST /phone/card/<token>/: what the card's code opens. Choosing a PIN uses it up."""
    form = ChoosePinForm(request.POST or None)
    if _too_often(request, "card", form):
        return render(request, "office/phone_enrol.html", {"form": form}, status=429)
    card = running_card(token, now=request.now)
    if request.method == "POST" and form.is_valid():
        try:
            phone, device = enrol_phone(
                card_token=token,
                pin=form.cleaned_data["pin"],
                name=phone_name(request.headers.get("user-agent", "")),
                earlier_device=request.COOKIES.get(PHONE_COOKIE, ""),
                now=request.now,
                request_id=form.cleaned_data["request_id"],
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            until = format_date(localtime(phone.expires_at).date())
            messages.success(
                request, _("This phone is yours until %(day)s. It only asks for your PIN.") % {"day": until}
            )
            return _keeping(_signed_in(request, phone, "/"), phone, device, request)
    if card is None or not may_use_phone(card.user):
        return render(request, "office/phone_card_refused.html", status=410)
    return render(request, "office/phone_enrol.html", {"form": form, "leader": card.user})


@sensitive_post_parameters()
@never_cache
@forms_shown
def pin(request: HttpRequest) -> HttpResponse:
    """GET, POST /phone/?next=…: the PIN; or, on a phone that is signed in, until when it is and how to end it."""
    then = _next(request)
    device = request.COOKIES.get(PHONE_COOKIE, "")
    phone = enrolled_phone(device, now=request.now)
    context: dict[str, Any] = {"phone": phone, "next": then, "form": PinForm(request.POST or None)}
    if phone is None:
        answer = render(request, "office/phone_ended.html", context)
        answer.delete_cookie(PHONE_COOKIE)
        return answer
    if request.session.get(PHONE_IN_SESSION) == phone.pk and request.user.is_authenticated:
        return render(request, "office/phone_open.html", context)
    if request.method == "POST" and not _too_often(request, "pin", context["form"]) and context["form"].is_valid():
        try:
            opened = open_by_pin(device=device, pin=context["form"].cleaned_data["pin"], now=request.now)
        except DomainError as refusal:
            show_refusal(context["form"], refusal)
            context["phone"] = enrolled_phone(device, now=request.now)  # it may be locked now
        else:
            return _signed_in(request, opened, then)
    return render(request, "office/phone_pin.html", context)


@never_cache
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """POST /phone/forget/: end this phone, with the PIN or without: whoever holds it can only lose by it."""
    phone = enrolled_phone(request.COOKIES.get(PHONE_COOKIE, ""), now=request.now)
    if phone is not None:
        end_phone(phone, by=phone.user, now=request.now)
        messages.success(request, _("This phone is forgotten. To use it again, ask the registrar for a new card."))
    if PHONE_IN_SESSION in request.session:
        logout(request)
    answer = redirect("account_login")
    answer.delete_cookie(PHONE_COOKIE)
    return answer


def _signed_in(request: HttpRequest, phone: EnrolledPhone, then: str) -> HttpResponse:
    login(request, phone.user)
    request.session[PHONE_IN_SESSION] = phone.pk
    return HttpResponseRedirect(then)  # an address; `redirect` would take "log" for the name of a view


def _keeping(answer: HttpResponse, phone: EnrolledPhone, device: str, request: HttpRequest) -> HttpResponse:
    """The phone's token in a cookie that no script reads; Lax, since links in messages lead to the program."""
    answer.set_cookie(
        PHONE_COOKIE,
        device,
        max_age=phone.expires_at - request.now,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _next(request: HttpRequest) -> str:
    then = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(then, {request.get_host()}, require_https=request.is_secure())
    return then if is_ours else "/"


def _too_often(request: HttpRequest, what: str, form: PinForm | ChoosePinForm) -> bool:
    """Count a POST from this address: a guard beside the five misses and the long tokens."""
    address = get_adapter().get_client_ip(request)
    if request.method != "POST" or not too_many(f"{what}-from", address, most=60, seconds=QUARTER_OF_AN_HOUR):
        return False
    form.add_error(None, _("Too many attempts. Wait 15 minutes and try again."))
    return True


# --- the registrar's pages --------------------------------------------------------------------------------


@require_safe
def phones(request: HttpRequest) -> HttpResponse:
    """GET /phones/: every leader with the phones that she has enrolled."""
    leaders = leaders_with_phones(request.now)
    return render(request, "office/phones.html", {"leaders": leaders})


@never_cache
@require_safe
def leader_phones(request: HttpRequest, user_id: int) -> HttpResponse:
    """GET /phones/<user>/: a leader's phones, and a new card for her."""
    leader = _leader(request, user_id)
    earlier = leader.phones.exclude(pk__in=[phone.pk for phone in leader.running_phones]).select_related("ended_by")
    context = {
        "leader": leader,
        "earlier": earlier.order_by("-enrolled_at")[:10],
        "may_use_phone": may_use_phone(leader),
        "form": RequestForm(),
    }
    return render(request, "office/phones_of_leader.html", context)


@never_cache
@require_POST
def issue(request: HttpRequest, user_id: int) -> HttpResponse:
    """POST /phones/<user>/card/: a card, shown in the answer itself, to scan from the screen or to print."""
    leader = _leader(request, user_id)
    try:
        token = issue_card(leader, by=request.user, now=request.now)
    except PhoneRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("office:leader_phones", leader.pk)
    address = _card_address(request, token)
    context = {"leader": leader, "token": token, "address": address, "code": code_of(address)}
    return render(request, "office/phone_card.html", context)


@never_cache
@require_POST
def card_pdf(request: HttpRequest, user_id: int) -> HttpResponse:
    """POST /phones/<user>/card/pdf/: the card that the screen shows, on paper. Its token comes from that page."""
    card = running_card(request.POST.get("token", ""), now=request.now)
    if card is None or card.user_id != user_id:
        messages.error(request, _("This card does not work any more. Issue a new one."))
        return redirect("office:leader_phones", user_id)
    fund = request.fund
    head = FundHead(Words(fund.name_th, fund.name_en), demonstration=fund.is_demo)
    address = _card_address(request, request.POST["token"])
    paper = PhoneCardPaper(card.user.display_name, address, localtime(card.expires_at).date())
    return as_pdf(phone_card_pdf(paper, head, _("Card for a phone")), f"phone-card-{user_id}")


@require_POST
def drop_card(request: HttpRequest, user_id: int) -> HttpResponse:
    """POST /phones/<user>/card/end/: the card was lost."""
    leader = _leader(request, user_id)
    end_card(leader, by=request.user, now=request.now)
    messages.success(request, _("The card does nothing any more."))
    return redirect("office:leader_phones", leader.pk)


@require_POST
def end(request: HttpRequest, user_id: int, phone_id: int) -> HttpResponse:
    """POST /phones/<user>/<phone>/end/: the phone was lost or sold. Its sessions end at once."""
    phone = get_object_or_404(EnrolledPhone.objects.select_related("user"), pk=phone_id, user_id=user_id)
    end_phone(phone, by=request.user, now=request.now)
    words = {"name": phone.user.display_name, "phone": phone.name}
    messages.success(request, _("The phone %(phone)s of %(name)s is signed out and stays so.") % words)
    return redirect("office:leader_phones", user_id)


def _leader(request: HttpRequest, user_id: int) -> User:
    return get_object_or_404(leaders_with_phones(request.now), pk=user_id)


def _card_address(request: HttpRequest, token: str) -> str:
    return site_address(request) + reverse("office:enrol_phone", args=[token])
