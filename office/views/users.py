"""The administrator's pages: who works here, with which roles."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from office.codes import PASSWORD, issue_code
from office.forms import CodeForIssueForm, NewUserForm, UserForm
from office.models import User
from office.queries import users_with_roles
from office.users import add_user, change_user, close_account, open_account


@require_safe
def users(request: HttpRequest) -> HttpResponse:
    return render(request, "office/users.html", {"people": users_with_roles()})


@never_cache
@require_http_methods(["GET", "POST"])
def new_user(request: HttpRequest) -> HttpResponse:
    """Add a user and show, once, the code with which the person sets a password."""
    form = NewUserForm(request.POST or None)
    if form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "request_id"}
        try:
            user = add_user(**given, by=request.user, now=request.now)
            code = issue_code(user, purpose=PASSWORD, by=request.user, now=request.now)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            return render(request, "office/code_shown.html", {"person": user, "code": code, "is_new": True})
    return render(request, "office/user_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
def user(request: HttpRequest, user_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    held = {name: getattr(person, name) for name in ("display_name", "post", "phone")}
    form = UserForm(request.POST or None, initial=held | {"roles": sorted(person.roles)})
    if form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "request_id"}
        try:
            change_user(person, **given, by=request.user, now=request.now)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Saved: %(name)s") % {"name": person})
            return redirect("office:users")
    return render(request, "office/user_form.html", {"form": form, "person": person, "code_form": CodeForIssueForm()})


@require_POST
def close_user(request: HttpRequest, user_id: int) -> HttpResponse:
    return _open_or_close(request, user_id, close_account, _("%(name)s may not sign in any more."))


@require_POST
def open_user(request: HttpRequest, user_id: int) -> HttpResponse:
    return _open_or_close(request, user_id, open_account, _("%(name)s may sign in again."))


def _open_or_close(request: HttpRequest, user_id: int, verb: object, done: str) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    try:
        verb(person, by=request.user)
        messages.success(request, done % {"name": person})
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("office:user", user_id=person.pk)


@never_cache
@require_POST
def new_code(request: HttpRequest, user_id: int) -> HttpResponse:
    """Issue a one-time code and show it in the answer itself, so that it is kept nowhere."""
    person = get_object_or_404(User, pk=user_id)
    form = CodeForIssueForm(request.POST)
    if form.is_valid():
        purpose = form.cleaned_data["purpose"]
        try:
            code = issue_code(person, purpose=purpose, by=request.user, now=request.now)
            return render(request, "office/code_shown.html", {"person": person, "code": code, "purpose": purpose})
        except DomainError as refusal:
            messages.error(request, str(refusal))
    return redirect("office:user", user_id=person.pk)
