"""A new version of the regulation: its figures or its text, the comparison to look at, and the step that stores it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.thai_dates import active_language, format_date
from members.models import Meeting
from office.roles import may_open
from welfare.forms_regulation import PlainForm, StoreForm, TextForm
from welfare.forms_replay import YearForm
from welfare.regulation_editing import (
    check_draft,
    new_draft,
    plain_fields,
    store_version,
    text_with,
    version_followed,
    write_text,
)
from welfare.regulation_pages import page_of
from welfare.regulations import document_of
from welfare.rules.document import RegulationDocument
from welfare.rules.faults import RegulationFaults
from welfare.rules.next_steps import fund_years
from welfare.views.regulation import base_version, changes_shown
from welfare.views.replay import years_to_judge

MEETINGS_OFFERED = 20


@require_http_methods(["GET", "HEAD", "POST"])
def new_regulation(request: HttpRequest) -> HttpResponse:
    """GET, POST /regulation/new/?base=2010-05-01: the common figures of the version in force, to be changed."""
    base = base_version(request)
    if base is None:
        return redirect("welfare:regulation_text")
    plain = plain_fields(base.document)
    initial = {"effective_from": _next_year(request)}
    form = PlainForm(request.POST or None, plain=plain, today=request.today, initial=initial)
    if request.method == "POST":
        text = _typed_text(request, form, base.document)
        document = _checked(form, text)
        if document is not None:
            return _draft_page(request, TextForm(initial={"text": text}), text, document)
    return render(request, "welfare/regulation_new.html", {"form": form, "base": base})


def _typed_text(request: HttpRequest, form: PlainForm, base: RegulationDocument) -> str:
    """What was typed, as text; of a day that is none another stands in, so that all other faults are found as well."""
    form.full_clean()
    typed = {one.place: form.cleaned_data.get(one.place, "") for one in form.plain}
    return text_with(base, typed, effective_from=form.cleaned_data.get("effective_from") or _next_year(request))


def _checked(form: PlainForm, text: str) -> RegulationDocument | None:
    """The document, or None with every fault at its field."""
    try:
        document = check_draft(text)
    except RegulationFaults as faults:
        form.show_faults(faults)
        return None
    except DomainError as refusal:
        if not form.errors:
            show_refusal(form, refusal)
        return None
    return None if form.errors else document


@require_http_methods(["GET", "HEAD", "POST"])
def regulation_text(request: HttpRequest) -> HttpResponse:
    """GET, POST /regulation/new/text/?base=2010-05-01: the whole as text; every fault at once, or what it changes."""
    if request.method != "POST":
        base = base_version(request)
        text = write_text(new_draft(base.document, effective_from=_next_year(request))) if base else ""
        return render(request, "welfare/regulation_draft.html", {"form": TextForm(initial={"text": text})})
    form = TextForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "welfare/regulation_draft.html", {"form": form})
    text = form.cleaned_data["draft"]
    if "save" in request.POST:
        headers = {"Content-Disposition": 'attachment; filename="regulation-draft.yaml"'}
        return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)
    shown = TextForm(initial={"text": text})
    try:
        document = check_draft(text)
    except DomainError as refusal:
        context = {"form": shown, "faults": _faults(refusal)}
        return render(request, "welfare/regulation_draft.html", context)
    return _draft_page(request, shown, text, document)


@require_POST
def store_regulation(request: HttpRequest) -> HttpResponse:
    """POST /regulation/new/store/: the draft becomes the next version, under a meeting's resolution."""
    form = StoreForm(request.POST, meetings=_meetings(request), auto_id="store_%s")
    text = request.POST.get("text", "").replace("\r\n", "\n")
    shown = TextForm(initial={"text": text})
    if form.is_valid():
        asked = form.cleaned_data
        who = {"by": request.user, "today": request.today, "now": request.now, "request_id": asked["request_id"]}
        try:
            stored = store_version(text=asked["text"], meeting=asked["meeting"], **who)
        except DomainError as refusal:
            return render(request, "welfare/regulation_draft.html", {"form": shown, "faults": _faults(refusal)})
        told = {"day": format_date(stored.effective_from)}
        messages.success(request, _("The new version is stored. It is in force from %(day)s.") % told)
        return redirect("welfare:regulation", stored.effective_from.isoformat())
    try:
        document = check_draft(text)
    except DomainError as refusal:
        return render(request, "welfare/regulation_draft.html", {"form": shown, "faults": _faults(refusal)})
    return _draft_page(request, shown, text, document, store=form)


def _draft_page(
    request: HttpRequest, form: TextForm, text: str, document: RegulationDocument, *, store: StoreForm | None = None
) -> HttpResponse:
    """A draft without faults: what it changes and for whom, and for the committee the step that stores it."""
    before = version_followed(document)
    context: dict[str, Any] = {"form": form, "draft": document, "page": page_of(document)}
    context["reaches_back"] = document.effective_from <= request.today
    if before is not None:
        context |= changes_shown(document_of(before), document, request.today)
    years = years_to_judge(request.today)
    if years and may_open(request.user, "welfare:what_if"):
        last = {"year": next((year for year in years if year < years[0]), years[0]), "text": text}
        context["what_if"] = YearForm(initial=last, years=years, auto_id="what_if_%s")
    if may_open(request.user, "welfare:store_regulation"):
        context["store"] = store or StoreForm(initial={"text": text}, meetings=_meetings(request), auto_id="store_%s")
    return render(request, "welfare/regulation_draft.html", context)


def _faults(refusal: DomainError) -> list[str]:
    return refusal.sentences(active_language()) if isinstance(refusal, RegulationFaults) else [str(refusal)]


def _meetings(request: HttpRequest) -> list[Meeting]:
    return list(Meeting.objects.filter(held_on__lte=request.today).order_by("-held_on", "-id")[:MEETINGS_OFFERED])


def _next_year(request: HttpRequest) -> date:
    """The first day of the next fund year: where new rules most often begin."""
    return fund_years(request.today, request.fund.fund_year_start_month, 2)[1][0]
