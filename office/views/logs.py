"""The logs: what users did outside the books, and whose personal data they read."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from office.action_log import ACTIONS
from office.queries import actions, readings
from office.reading import in_words
from office.roles import Role

LINES = 50


@require_safe
def action_log(request: HttpRequest) -> HttpResponse:
    lines, older = _page(request, actions())
    roles = {str(role): role.label for role in Role}
    for line in lines:
        line.words = ACTIONS.get(line.action, line.action)
        line.role = roles.get(line.details.get("role", ""), "")
    return render(request, "office/action_log.html", {"lines": lines, "older": older})


@require_safe
def reading_log(request: HttpRequest) -> HttpResponse:
    lines, older = _page(request, readings())
    return render(request, "office/reading_log.html", {"lines": in_words(lines), "older": older})


def _page(request: HttpRequest, rows: QuerySet) -> tuple[list, int | None]:
    """Fifty lines, newest first, from `?before=` downwards, and the key from which the next page goes on."""
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    lines = list(rows.order_by("-pk")[: LINES + 1])
    return lines[:LINES], (lines[LINES - 1].pk if len(lines) > LINES else None)
