"""The regulation to read: its versions, one of them, what it changed, what its scales will cost."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bansong_fund.lib.paper_answers import as_pdf
from members.views.papers import LANGUAGES
from office.roles import may_open
from welfare.next_steps import YEARS_AHEAD, YEARS_OF_CLAIMS, outlooks
from welfare.regulation_pages import (
    State,
    StoredVersion,
    page_of,
    regulation_pdf,
    standing_touched,
    version_from,
    version_in_force,
    versions,
    what_changes,
)
from welfare.regulations import document_of
from welfare.rules.document import RegulationDocument
from welfare.rules.next_steps import Outlook


@require_safe
def regulations(request: HttpRequest) -> HttpResponse:
    """GET /regulation/: every version, newest first, the one in force on top in words."""
    return render(request, "welfare/regulations.html", {"versions": versions(request.today)})


@require_safe
def regulation(request: HttpRequest, day: str) -> HttpResponse:
    """GET /regulation/<2010-05-01>/: the version that starts on that day, as a member reads it."""
    version = asked_version(request, day)
    context = {"version": version, "page": page_of(version.document), "looks_ahead": _looks_ahead(request, version)}
    return render(request, "welfare/regulation.html", context)


@require_safe
def regulation_paper(request: HttpRequest, day: str, language: str) -> HttpResponse:
    """GET /regulation/<2010-05-01>/<th|en|both>.pdf: the same on paper."""
    if language not in LANGUAGES:
        raise Http404
    version = asked_version(request, day)
    return as_pdf(regulation_pdf(version, request.fund, language), f"regulation-{day}-{language}")


@require_safe
def regulation_changes(request: HttpRequest, day: str) -> HttpResponse:
    """GET /regulation/<2010-05-01>/changes/: against the version before: what changes, from when, for whom."""
    version = asked_version(request, day)
    if version.before is None:
        raise Http404
    context = {"version": version, **changes_shown(document_of(version.before), version.document, request.today)}
    return render(request, "welfare/regulation_changes.html", context)


@require_safe
def next_steps(request: HttpRequest, day: str) -> HttpResponse:
    """GET /regulation/<2010-05-01>/next-steps/: what each tenure scale will cost in the coming years."""
    version = asked_version(request, day)
    scales = outlooks(version.document, today=request.today, fund=request.fund)
    context = {
        "version": version,
        "scales": [(one, first_bite(one)) for one in scales],
        "years_ahead": YEARS_AHEAD,
        "years_of_claims": YEARS_OF_CLAIMS,
    }
    return render(request, "welfare/regulation_steps.html", context)


def asked_version(request: HttpRequest, day: str) -> StoredVersion:
    """The version that starts on this day (ISO), or 404."""
    try:
        found = version_from(date.fromisoformat(day), request.today)
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def base_version(request: HttpRequest) -> StoredVersion | None:
    """The version that a new one begins from: the one asked for, else the one in force, else the newest."""
    if "base" in request.GET:
        return asked_version(request, request.GET["base"])
    return version_in_force(request.today) or next(iter(versions(request.today)), None)


def changes_shown(old: RegulationDocument, new: RegulationDocument, today: date) -> dict[str, Any]:
    """A comparison as templates show it."""
    comparison, touched = what_changes(old, new)
    return {
        "comparison": comparison,
        "benefits": [(one, touched[one.code]) for one in comparison.benefits],
        "standing": standing_touched(old, new, today),
    }


def first_bite(outlook: Outlook) -> dict[str, Any] | None:
    """The next step that nobody holds yet: the step, the year in which it first bites, and its cost then and last."""
    ahead = outlook.next_step
    if ahead is None:
        return None
    year, last = outlook.first_year(ahead), outlook.years[-1]
    return {
        "step": ahead,
        "year": year,
        "passing": year.passing[outlook.steps.index(ahead)] if year else 0,
        "cost": outlook.cost(ahead, year) if year else None,
        "last": last,
        "cost_last": outlook.cost(ahead, last),
    }


def _looks_ahead(request: HttpRequest, version: StoredVersion) -> list[tuple[Outlook, dict[str, Any] | None]]:
    if version.state is State.PAST or not may_open(request.user, "welfare:next_steps"):
        return []
    found = outlooks(version.document, today=request.today, fund=request.fund)
    return [(one, first_bite(one)) for one in found]
