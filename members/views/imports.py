"""Bringing in an old register: the file, its columns, what would happen to each row, and the writing of it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.sheets import XLSX
from members.forms.imports import ColumnsForm, ConfirmForm, RegisterFileForm
from members.import_columns import FIELDS
from members.importing import run as runs
from members.importing import vault
from members.importing.layout import Options
from members.importing.listing import DOUBLES, FILTERS, WARNINGS, page_of_rows
from members.importing.look import kept_samples
from members.importing.preview import layouts_of
from members.importing.rows import benefit_names
from members.importing.template import empty_register
from members.models import Community, ImportRow, ImportRun
from office.jobs import cancel_job, take_up_stale_jobs
from office.reading import log_reading

State = ImportRun.State
FILTER_NAMES = {DOUBLES: gettext_lazy("Possible doubles"), WARNINGS: gettext_lazy("With a warning")}


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """GET, POST /members/import/: hand in the file of an old register, or go on with one."""
    form = RegisterFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = runs.take_file(
                form.cleaned_data["file"],
                by=request.user,
                today=request.today,
                now=request.now,
                request_id=form.cleaned_data["request_id"],
            )
            return redirect("members:import", run_id=run.pk)
        except DomainError as refusal:
            form.add_error("file", str(refusal))
    runs.drop_old_runs(request.now)
    newest = ImportRun.objects.exclude(state=State.DROPPED).order_by("-started_at").select_related("started_by")
    context = {"form": form, "newest": newest[:10], "fields": FIELDS.values()}
    return render(request, "members/imports.html", context)


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """GET /members/import/register.xlsx: an empty register with its headings and an invented person."""
    answer = HttpResponse(empty_register(), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="register.xlsx"'
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest, run_id: int) -> HttpResponse:
    """GET, POST /members/import/<id>/: the step at which the file is. POST says what its columns are."""
    run = _run_at_work(request, run_id)
    if run.state == State.MATCHING:
        return _columns_page(request, run)
    if run.state in (State.READING, State.WRITING):
        return render(request, "members/import_work.html", {"run": run, "job": run.job})
    if run.state == State.DROPPED:
        return render(request, "members/import_dropped.html", {"run": run})
    return _rows_page(request, run, ConfirmForm(initial={"digest": run.outcome_digest}))


@never_cache
@require_safe
def import_progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """GET /members/import/<id>/progress/: the part of the page that changes; at the end the page is loaded anew."""
    run = _run_at_work(request, run_id)
    if run.state in (State.READING, State.WRITING):
        return render(request, "members/import_progress.html", {"run": run, "job": run.job})
    answer = HttpResponse()
    answer["HX-Redirect"] = reverse("members:import", args=[run.pk])
    return answer


@require_POST
def confirm(request: HttpRequest, run_id: int) -> HttpResponse:
    """POST /members/import/<id>/confirm/: write what was shown."""
    run = _run(request, run_id)
    form = ConfirmForm(request.POST)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            runs.confirm(
                run,
                digest=asked["digest"],
                leave_out_doubles=asked["leave_out_doubles"],
                by=request.user,
                now=request.now,
                request_id=asked["request_id"],
            )
            return redirect("members:import", run_id=run.pk)
        except DomainError as refusal:
            messages.error(request, str(refusal))
    return redirect("members:import", run_id=run.pk)


@require_POST
def match_again(request: HttpRequest, run_id: int) -> HttpResponse:
    """POST /members/import/<id>/columns/: back to the columns."""
    return _stepped(request, run_id, runs.match_again)


@require_POST
def drop(request: HttpRequest, run_id: int) -> HttpResponse:
    """POST /members/import/<id>/drop/: give the file up."""
    return _stepped(request, run_id, lambda run: runs.drop_run(run, by=request.user, now=request.now))


@require_POST
def stop(request: HttpRequest, run_id: int) -> HttpResponse:
    """POST /members/import/<id>/stop/: stop the work; the run goes back to the step before it."""
    run = _run(request, run_id)
    if run.job is not None:
        cancel_job(run.job, now=request.now)
    return redirect("members:import", run_id=run_id)


@require_safe
def refused(request: HttpRequest, run_id: int) -> HttpResponse | StreamingHttpResponse:
    """GET /members/import/<id>/refused.xlsx: the refused rows as they came, with the reasons."""
    run = _run(request, run_id)
    name = runs.refused_name(run.stored_name)
    if run.state not in (State.SHOWN, State.DONE) or not vault.is_kept(name):
        raise Http404
    log_reading(request.user, kind="importrun", id=run.pk, name=run.file_name, what="export")
    answer = StreamingHttpResponse(vault.unsealed(name), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="refused-{run.pk}.xlsx"'
    return answer


def _run(request: HttpRequest, run_id: int) -> ImportRun:
    """A run; every registrar sees the whole register, so every registrar may go on with it."""
    return get_object_or_404(ImportRun.objects.select_related("job", "started_by"), pk=run_id)


def _run_at_work(request: HttpRequest, run_id: int) -> ImportRun:
    """A run as it is now: what a killed worker left behind is taken up, and what was stopped has gone a step back."""
    run = _run(request, run_id)
    if run.state in (State.READING, State.WRITING):
        take_up_stale_jobs(now=request.now)
        run = runs.settle_stopped(run)
    return run


def _stepped(request: HttpRequest, run_id: int, step: Callable[[ImportRun], ImportRun]) -> HttpResponse:
    try:
        step(_run(request, run_id))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("members:import", run_id=run_id)


def _columns_page(request: HttpRequest, run: ImportRun) -> HttpResponse:
    layouts = layouts_of(run)
    form = ColumnsForm(
        request.POST or None,
        layouts=layouts,
        samples=kept_samples(runs.samples_name(run.stored_name)),
        benefits=benefit_names(request.today),
        communities=list(Community.objects.all()),
        today=request.today,
        initial=_said_before(run),
    )
    if request.method == "POST" and form.is_valid():
        try:
            runs.start_reading(
                run,
                form.layouts_said(),
                form.options_said(),
                by=request.user,
                today=request.today,
                now=request.now,
                request_id=form.cleaned_data["request_id"],
            )
            return redirect("members:import", run_id=run.pk)
        except DomainError as refusal:
            show_refusal(form, refusal)
    log_reading(request.user, kind="importrun", id=run.pk, name=run.file_name, what="import")
    return render(request, "members/import_columns.html", {"run": run, "form": form})


def _said_before(run: ImportRun) -> dict[str, object]:
    options = Options.of_json(run.options)
    joined_on = next((layout.joined_on for layout in layouts_of(run) if layout.joined_on), None)
    return {"as_of": options.as_of, "id_reason": options.id_reason, "joined_on": joined_on}


def _rows_page(request: HttpRequest, run: ImportRun, form: ConfirmForm) -> HttpResponse:
    """What will happen to each row, or what happened."""
    only = request.GET.get("only", "")
    only = only if only in FILTERS else ""
    after = request.GET.get("after", "")
    page = page_of_rows(run, only=only, after=after, benefits=benefit_names(request.today))
    log_reading(request.user, kind="importrun", id=run.pk, name=run.file_name, what="import")
    context = {
        "run": run,
        "form": form,
        "page": page,
        "only": only,
        "is_first": not after,
        "tabs": _tabs(run),
        "to_write": run.counts["new"] + run.counts["changed"],
        "is_shown": run.state == State.SHOWN,
        "has_refused": run.counts["refused"] and vault.is_kept(runs.refused_name(run.stored_name)),
    }
    return render(request, "members/import_rows.html", context)


def _tabs(run: ImportRun) -> list[tuple[str, str, int]]:
    """Filter, words and number of rows, for each that has rows."""
    tabs = [("", _("All rows"), run.counts["rows"])]
    tabs += [(outcome.value, str(outcome.label), run.counts[outcome.value]) for outcome in ImportRow.Outcome]
    tabs += [(name, str(FILTER_NAMES[name]), run.counts[name]) for name in (DOUBLES, WARNINGS)]
    return [tab for tab in tabs if tab[2] or not tab[0]]
