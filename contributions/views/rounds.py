"""Matching rounds: all of them, who is in one, who would be in the next, as a page, a sheet and a paper."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import parse_baht
from bansong_fund.lib.paper_answers import as_pdf
from bansong_fund.lib.sheets import XLSX
from bansong_fund.lib.thai_dates import parse_thai_date
from contributions.forms.grants import PaperForm, PreviewForm
from contributions.models import Commitment, GrantSource, MatchingRound, RoundMember
from contributions.queries import last_cutoff, round_communities, round_rows, rounds, visible_commitments, would_be_in
from contributions.request_letters import draw_letter
from contributions.round_lists import (
    AT_ONCE,
    ROUND_LIST,
    RoundList,
    file_name,
    listed_by,
    round_pdf,
    round_sheet,
    wanted_of,
)
from office.jobs import start_job
from office.reading import log_reading

PAGE = 100


@require_safe
def all_rounds(request: HttpRequest) -> HttpResponse:
    """GET /money-in/rounds/"""
    found = rounds().prefetch_related("grants__receipt")
    return render(request, "contributions/rounds.html", {"rounds": found})


@require_safe
def next_round(request: HttpRequest) -> HttpResponse:
    """GET /money-in/rounds/next/?cutoff=…&baht=…&count=…: who would be in, before anybody is asked."""
    given = any(key.startswith("cutoff") for key in request.GET)
    initial = {"cutoff": last_cutoff(request.today)}
    form = PreviewForm(request.GET, initial=initial) if given else PreviewForm(initial=initial)
    form.fields["cutoff"].set_today(request.today)
    cutoff, baht = last_cutoff(request.today), None
    if form.is_bound and form.is_valid():
        cutoff, baht = form.cleaned_data["cutoff"], form.cleaned_data["baht"]
    count = _count(request)
    preview = would_be_in(cutoff)
    members = min(count or preview.members, preview.members)
    context = {
        "form": form,
        "preview": preview,
        "members": members,
        "count": count,
        "baht": baht,
        "whole": members * baht if baht else None,
        "paper_form": PaperForm(),
    }
    return render(request, "contributions/round_next.html", context)


def _count(request: HttpRequest) -> int | None:
    text = request.GET.get("count", "")
    return int(text) if text.isdecimal() and 0 < len(text) < 8 and int(text) else None


@dataclass(frozen=True, slots=True)
class MembersPage:
    rows: list[RoundMember]
    next_after: int | None


@require_safe
def round_members(request: HttpRequest, number: int) -> HttpResponse:
    """GET /money-in/rounds/<number>/?community=…: its communities, and the members of one of them."""
    found = get_object_or_404(rounds().prefetch_related("grants__receipt"), number=number)
    places = round_communities(found)
    chosen = next((place for place, *_sums in places if str(place.number) == request.GET.get("community")), None)
    page = None
    if chosen is not None:
        log_reading(request.user, kind="round", id=found.pk, name=f"{number}: {chosen.name_th}", what="page")
        page = _page(found, chosen.pk, request.GET.get("after", ""))
    context = {
        "round": found,
        "places": places,
        "chosen": chosen,
        "page": page,
        "is_first": not request.GET.get("after"),
        "paper_form": PaperForm(),
    }
    return render(request, "contributions/round_members.html", context)


def _page(found: MatchingRound, community: int, after: str) -> MembersPage:
    rows = round_rows(found).filter(member__community=community)
    if after.isdecimal() and len(after) < 10:
        rows = rows.filter(member__number__gt=int(after))
    shown = list(rows[: PAGE + 1])
    return MembersPage(shown[:PAGE], shown[PAGE - 1].member.number if len(shown) > PAGE else None)


@require_safe
def round_list_sheet(request: HttpRequest, which: str) -> HttpResponse:
    """GET /money-in/rounds/<number|next>/list.xlsx"""
    listed = listed_by(_wanted(request, which))
    _log(request, listed)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(listed)}.xlsx"'}
    return HttpResponse(round_sheet(listed, request.fund), content_type=XLSX, headers=headers)


@require_POST
def round_list_paper(request: HttpRequest, which: str) -> HttpResponse:
    """POST /money-in/rounds/<number|next>/paper/: a short list at once, a long one from the worker."""
    return _paper(request, _wanted(request, which))


@require_POST
def request_paper(request: HttpRequest, key: int) -> HttpResponse:
    """POST /money-in/commitments/<key>/request/: the letter to CODI with the list of the members, as one file."""
    asked = get_object_or_404(visible_commitments(request.user), pk=key, source=GrantSource.CODI_MATCHING)
    return _paper(request, wanted_of(asked), asked)


def _paper(request: HttpRequest, wanted: dict[str, Any], asked: Commitment | None = None) -> HttpResponse:
    form = PaperForm(request.POST)
    if not form.is_valid():
        return redirect("contributions:rounds")
    listed = listed_by(wanted)
    _log(request, listed)
    language = form.cleaned_data["language"]
    if len(listed.rows) <= AT_ONCE:
        letter = draw_letter(asked, request.fund, today=request.today, language=language) if asked else ""
        return as_pdf(round_pdf(listed, request.fund, language, letter=letter), f"{file_name(listed)}-{language}")
    key = form.cleaned_data["request_id"]
    parameters = wanted | {"paper_language": language}
    job = start_job(ROUND_LIST, parameters, by=request.user, now=request.now, request_id=key)
    return redirect("office:job", job_id=job.pk)


def _wanted(request: HttpRequest, which: str) -> dict[str, Any]:
    """Which list the address names, as a job can carry it. 404 for a round that is not there."""
    if which != "next":
        number = int(which) if which.isdecimal() and len(which) < 6 else 0
        return {"number": get_object_or_404(MatchingRound, number=number).number}
    try:
        cutoff = parse_thai_date(request.GET.get("cutoff", ""))
        baht = parse_baht(request.GET["baht"], allow_zero=False) if request.GET.get("baht") else None
    except DomainError as refusal:
        raise Http404 from refusal
    return {"cutoff": cutoff.isoformat(), "count": _count(request), "baht": str(baht) if baht else None}


def _log(request: HttpRequest, listed: RoundList) -> None:
    log_reading(request.user, kind="round", id=listed.number or 0, name=str(listed.title), what="round list")
