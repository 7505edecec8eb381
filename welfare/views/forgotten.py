"""Nobody forgotten: the page of a community, to read, to print, or as a sheet."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.sheets import XLSX, Column, sheet_bytes
from bansong_fund.lib.thai_dates import active_language
from members.models import Community
from office.jobs import start_job
from office.models import Job
from office.reading import log_reading
from welfare.care_queries import care_communities
from welfare.forgotten import Forgotten, forgotten_in
from welfare.forms_care import PlaceForm
from welfare.jobs import FORGOTTEN
from welfare.models import Category


@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """GET /forgotten/?community=: who seems entitled and never claimed, with the way to the claim."""
    form, community = _asked(request)
    lines = _found(request, community) if community else []
    context = {
        "lines": [(line, line.benefit.name.in_language(active_language())) for line in lines],
        "community": community,
        "communities": [(one.value, label) for one, label in form["community"].field.choices if one],
    }
    return render(request, "welfare/forgotten.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten_all(request: HttpRequest) -> HttpResponse:
    """GET, POST /forgotten/all/: how many in each community as they were counted last; the worker counts anew."""
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = {"by": request.user, "now": request.now, "request_id": form.cleaned_data["request_id"]}
        return redirect("office:job", job_id=start_job(FORGOTTEN, {}, **asked).pk)
    job = Job.objects.filter(kind=FORGOTTEN, state=Job.State.DONE).order_by("-finished_at", "-pk").first()
    context = {"form": form, "job": job} | (_counted(job.parameters["counts"]) if job else {})
    return render(request, "welfare/forgotten_all.html", context)


def _counted(counts: list[dict[str, Any]]) -> dict[str, Any]:
    """The rows with their communities, those with the most people on top, and the sums below."""
    communities = Community.objects.in_bulk([row["community"] for row in counts])
    kinds = [kind for kind in Category if any(str(kind) in row["kinds"] for row in counts)]
    shown = sorted(counts, key=lambda row: (-row["people"], communities[row["community"]].number))
    rows = [
        {
            "community": communities[row["community"]],
            "people": row["people"],
            "kinds": [(kind.label, row["kinds"].get(str(kind), 0)) for kind in kinds],
            "amount": Decimal(row["amount"]),
        }
        for row in shown
    ]
    total = {
        "people": sum(row["people"] for row in counts),
        "kinds": [(kind.label, sum(row["kinds"].get(str(kind), 0) for row in counts)) for kind in kinds],
        "amount": sum((Decimal(row["amount"]) for row in counts), Decimal(0)),
    }
    return {"rows": rows, "kinds": kinds, "total": total}


@require_safe
def forgotten_sheet(request: HttpRequest) -> HttpResponse:
    """GET /forgotten/sheet.xlsx?community=: the same list as XLSX."""
    _form, community = _asked(request)
    lines = _found(request, community) if community else []
    columns = [
        Column(_("Member no."), "code"),
        Column(_("Name"), width=28),
        Column(_("House no.")),
        Column(_("Phone"), "code"),
        Column(_("Kind of welfare"), width=28),
        Column(_("Benefit"), width=32),
        Column(_("Child")),
        Column(_("Day"), "date"),
        Column(_("Baht"), "baht"),
    ]
    above = [request.fund.name_th, _("Nobody forgotten"), local_name(community) if community else ""]
    book = sheet_bytes(
        name=_("Nobody forgotten"), columns=columns, rows=map(_cells, lines), above=above, landscape=True
    )
    headers = {"Content-Disposition": 'attachment; filename="forgotten.xlsx"'}
    return HttpResponse(book, content_type=XLSX, headers=headers)


def _asked(request: HttpRequest) -> tuple[PlaceForm, Community | None]:
    """The community asked for, else the first that the user reads about."""
    communities = care_communities(request.user)
    form = PlaceForm(request.GET, communities=communities)
    return form, form.chosen() or communities.first()


def _found(request: HttpRequest, community: Community) -> list[Forgotten]:
    log_reading(request.user, kind="forgotten", id=community.pk, name=str(community), what="forgotten")
    return forgotten_in(community, today=request.today)


def _cells(line: Forgotten) -> list[Any]:
    name = line.benefit.name.in_language(active_language())
    member = line.member
    house = str(member.household) if member.household else ""
    kind, day = str(line.category.label), line.day
    return [member.number, member.full_name, house, member.phone, kind, name, line.about, day, line.amount]
