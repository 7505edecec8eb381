"""What stands before every view: the language, and the permission table."""

import re
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from office.interrupted import FILES_FIELD, MARK_FIELD, forget, keep_form, marked_user, put_files_back, running_form
from office.phones import PHONE_COOKIE, PHONE_IN_SESSION, still_runs
from office.roles import CLOSED, PERMISSIONS, PUBLIC, SECOND_FACTOR_ROLES, Role, may_open

FORM_OF_THE_PAGE = re.compile(rb'<form (?=[^>]*method="post")(?![^>]*action=)')  # it comes back to where it stands

GetResponse = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Thai, unless the visitor chose another language here. A phone set to English is often just not set at all."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class PhoneMiddleware:
    """Ends a session that a PIN opened as soon as its phone is ended or locked; costs such a session one query.

    On her phone a user acts as a leader and as nothing else, whichever roles she holds besides.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> None:
        phone_id = request.session.get(PHONE_IN_SESSION)
        if phone_id is None or not request.user.is_authenticated:
            return
        if still_runs(phone_id, request.user, now=request.now):
            request.user.roles = frozenset({Role.LEADER})
        else:
            logout(request)


class PermissionMiddleware:
    """Asks the permission table before a view runs; what is not in the table is forbidden.

    A file that a view hands out, and a page for which the session was asked, lies in no cache: on a shared computer
    the next reader may not be allowed to see it. After signing out the button Back has to ask anew. Only a page with a
    form to fill in may wait for Back, so that what was typed is not lost; app.js asks anew for it after a signing out.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Content-Disposition" in response.headers or request.session.accessed:
            waits = not response.streaming and FORM_OF_THE_PAGE.search(response.content)
            response.headers.setdefault("Cache-Control", f"private, {'no-cache' if waits else 'no-store'}")
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name
        who = PERMISSIONS.get(name)
        if who is CLOSED:
            raise Http404
        if who is PUBLIC:
            return None
        if not request.user.is_authenticated:
            return _to_login(request)
        if who is None or not may_open(request.user, name):
            raise PermissionDenied(_refusal(request.user))
        return _to_new_password(request, name) or _to_second_factor(request, name)


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.htmx:  # a part of a page cannot show the login; the form around it will ask when it is sent
        return HttpResponse(status=204)
    if request.method != "POST":
        return _sign_in_first(request, request.get_full_path())
    kept = None
    if request.resolver_match.namespaces:  # the library's own forms hold passwords, which are kept nowhere
        user = marked_user(request.POST.get(MARK_FIELD, ""))
        kept = keep_form(request, user, now=request.now) if user else None
    if kept is None:
        return _sign_in_first(request, resolve_url("/"))
    return _sign_in_first(request, reverse("office:interrupted", kwargs={"token": kept.token}))


def _sign_in_first(request: HttpRequest, then: str) -> HttpResponse:
    """To the page of the PIN on an enrolled phone, elsewhere to the login."""
    return redirect_to_login(then, reverse("office:phone") if request.COOKIES.get(PHONE_COOKIE) else None)


class InterruptedFormMiddleware:
    """Gives a form that is sent after the login the files that were kept for it, and forgets it when it was taken."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        kept = getattr(request, "kept_form", None)
        if kept is not None and 300 <= response.status_code < 400:  # a form with errors comes back, and needs its files
            forget(kept)
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> None:
        if request.method != "POST" or FILES_FIELD not in request.POST or not request.user.is_authenticated:
            return
        kept = running_form(request.POST[FILES_FIELD], now=request.now)
        if kept is not None and kept.user_id == request.user.pk and kept.path == request.get_full_path():
            put_files_back(request, kept)
            request.kept_form = kept


def _refusal(user: Any) -> str:
    labels = [str(role.label) for role in Role if role in user.roles]
    if not labels:
        return _("No role has been given to you yet. Ask the administrator of the fund for one.")
    message = _("This page is not for your role (%(roles)s). If you need it, ask the administrator of the fund.")
    return message % {"roles": ", ".join(labels)}


def _to_new_password(request: HttpRequest, name: str) -> HttpResponse | None:
    if not request.user.must_change_password or name in {"account_change_password", "account_reauthenticate"}:
        return None
    messages.info(request, _("Set a password of your own first."))
    return redirect("account_change_password")


BEFORE_SECOND_FACTOR = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "account_reauthenticate",
    "account_change_password",
}


def _to_second_factor(request: HttpRequest, name: str) -> HttpResponse | None:
    if not settings.PRODUCTION or name in BEFORE_SECOND_FACTOR:
        return None
    if not request.user.has_role(*SECOND_FACTOR_ROLES) or is_mfa_enabled(request.user):
        return None
    messages.info(request, _("Your role signs in with a second factor. Set it up now; it takes two minutes."))
    return redirect("mfa_activate_totp")
