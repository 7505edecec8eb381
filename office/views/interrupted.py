"""The page between the login and a form that was interrupted, and the answer to a form with a stale token."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from office.interrupted import FILES_FIELD, MARK_FIELD, fields_of, keep_form, marked_user, running_form


@never_cache
@require_safe
def interrupted(request: HttpRequest, token: UUID) -> HttpResponse:
    """Show the form's own user the button that sends it; another user goes to the empty form."""
    kept = running_form(str(token), now=request.now)
    if kept is None:
        messages.info(request, _("The form was sent already, or is older than a day. Look whether it arrived."))
        return redirect("/")
    if kept.user_id != request.user.pk:
        messages.info(request, _("The form that was open here belongs to another user. This one is empty."))
        return redirect(kept.page)
    files = [file["name"] for file in kept.stored_files]
    context = {"kept": kept, "fields": list(fields_of(kept)), "files": files, "files_field": FILES_FIELD}
    return render(request, "office/interrupted.html", context)


def not_sent(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token. Its own user may have signed in anew in another window: nothing is lost then."""
    match = request.resolver_match
    user = marked_user(request.POST.get(MARK_FIELD, ""))
    if match and match.namespaces and user and (user == request.user or request.user.is_anonymous):
        kept = keep_form(request, user, now=request.now)
        if kept is not None:
            return redirect("office:interrupted", token=kept.token)
    return render(request, "403_csrf.html", status=403)
