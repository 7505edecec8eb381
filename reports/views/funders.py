"""The papers for CODI, the municipality, the province and the provincial office: pages, files, and what they ask."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.paper_answers import as_pdf
from bansong_fund.lib.sheets import XLSX
from bansong_fund.lib.thai_dates import active_language
from ledger.book_papers import book_sheet, render_book
from office.jobs import start_job
from office.reading import log_reading
from office.roles import may_open
from reports.forms_funders import ENGLISH, AnswersForm, BeneficiariesForm, StatusDayForm
from reports.funders.beneficiaries import AT_ONCE, BENEFICIARIES, beneficiaries_paper, file_name, payments_of
from reports.funders.form_paper import LANGUAGES, FormPaper
from reports.funders.papers import PAPERS, PaperKind, draw_up, paper_book, paper_pdf
from reports.funders.periods import Period, day_period, earliest_day, period_named, periods
from reports.funders.questions import MUNICIPALITY, Answered, answered, keep

ANSWERS_PAGE = "reports:funder_questions"


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which paper, of which days; what else can be chosen."""

    kind: PaperKind
    period: Period
    offered: list[Period]
    form: StatusDayForm | None

    @property
    def query(self) -> str:
        return urlencode({"day" if self.kind.by_day else "span": self.period.value})


def _asked(request: HttpRequest, paper: str) -> _Asked:
    """What the address asks for; nothing sensible: today, or what is due. Raises `Http404` for no such paper."""
    kind = PAPERS.get(paper)
    if kind is None or request.fund is None:
        raise Http404
    if kind.by_day:
        days = {"today": request.today, "earliest": earliest_day(request.fund)}
        form = StatusDayForm(request.GET, **days)
        day = form.asked()
        if not request.GET:
            form = StatusDayForm(initial={"day": day}, **days)
        return _Asked(kind, day_period(day), [], form)
    every = periods(kind.kinds, request.fund, request.today)
    offered = [one for one in every if kind.offers(one, request.today)] or every[:1]
    return _Asked(kind, period_named(request.GET.get("span", ""), offered) or _due(offered), offered, None)


def _due(offered: list[Period]) -> Period:
    """The newest that has run out, of which a report is due; while none has, the one that runs."""
    return next((one for one in offered if one.has_run_out), offered[0])


@require_safe
def funders(request: HttpRequest) -> HttpResponse:
    """GET /funders/: the papers that go out, with what each still asks."""
    if request.fund is None:
        return redirect("reports:home")
    rows = []
    for kind in PAPERS.values():
        asked = answered(kind.code, _newest(request, kind).year_be)
        rows.append({"kind": kind, "open": sum(one.is_open for one in asked), "all": len(asked)})
    return render(request, "reports/funders.html", {"rows": rows})


def _newest(request: HttpRequest, kind: PaperKind) -> Period:
    if kind.by_day:
        return day_period(request.today)
    found = periods(kind.kinds, request.fund, request.today)
    return _due([one for one in found if kind.offers(one, request.today)] or found[:1])


@require_safe
def funder_paper(request: HttpRequest, paper: str) -> HttpResponse:
    """GET /funders/<paper>/?day=… or ?span=…: the paper as it would go out, with where each figure comes from."""
    asked = _asked(request, paper)
    context: dict[str, Any] = {
        "asked": asked,
        "kind": asked.kind,
        "languages": LANGUAGES,
        "answered": answered(paper, asked.period.year_be),
        "may_answer": may_open(request.user, ANSWERS_PAGE),
    }
    context["open"] = sum(one.is_open for one in context["answered"])
    try:
        context["paper"] = _drawn(request, asked)
    except DomainError as refusal:
        context["refusal"] = str(refusal)
    return render(request, "reports/funder_paper.html", context)


def _drawn(request: HttpRequest, asked: _Asked) -> FormPaper:
    return draw_up(asked.kind, request.fund, asked.period, today=request.today)


@require_safe
def funder_file(request: HttpRequest, paper: str, form: str) -> HttpResponse:
    """GET /funders/<paper>/<pdf|xlsx>/?language=both: the paper as a file; an unknown language is not found."""
    asked = _asked(request, paper)
    language = request.GET.get("language", active_language())
    if form not in ("pdf", "xlsx") or language not in LANGUAGES:
        raise Http404
    try:
        drawn = _drawn(request, asked)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('reports:funder_paper', args=[paper])}?{asked.query}")
    if form == "pdf":
        pdf = paper_pdf(drawn, request.fund, language, by=request.user, now=request.now)
        return as_pdf(pdf, f"{drawn.file_name}-{language}")
    return _as_sheet(paper_book(drawn, request.fund, language), drawn.file_name)


@require_http_methods(["GET", "HEAD", "POST"])
def funder_questions(request: HttpRequest, paper: str) -> HttpResponse:
    """GET, POST /funders/<paper>/questions/?span=…: what the paper still asks, answered once."""
    asked = _asked(request, paper)
    found = answered(paper, asked.period.year_be)
    form = AnswersForm(request.POST or None, answered=found)
    if request.method == "POST" and form.is_valid():
        keep(
            form.answers(),
            year_be=asked.period.year_be,
            by=request.user,
            now=request.now,
            request_id=form.cleaned_data["request_id"],
        )
        messages.success(request, _("The answers are kept."))
        return redirect(f"{reverse('reports:funder_paper', args=[paper])}?{asked.query}")
    context = {
        "asked": asked,
        "kind": asked.kind,
        "form": form,
        "rows": [_row(form, one) for one in found],
        "open": sum(one.is_open for one in found),
        "all": len(found),
    }
    return render(request, "reports/funder_questions.html", context)


def _row(form: AnswersForm, one: Answered) -> dict[str, Any]:
    slug = one.question.slug
    fields = [form[slug], *([form[f"{slug}{ENGLISH}"]] if one.question.translated else [])]
    return {"answered": one, "fields": fields}


@require_http_methods(["GET", "HEAD", "POST"])
def beneficiaries(request: HttpRequest) -> HttpResponse:
    """GET, POST /funders/municipality/beneficiaries/?span=…: the list by number, or by name, which is logged."""
    asked = _asked(request, MUNICIPALITY)
    form = BeneficiariesForm(request.POST or None)
    count = payments_of(asked.period)
    if request.method == "POST" and form.is_valid():
        try:
            return _list_of_beneficiaries(request, asked.period, form.cleaned_data, count)
        except DomainError as refusal:
            show_refusal(form, refusal)
    return render(request, "reports/beneficiaries.html", {"asked": asked, "form": form, "count": count})


def _list_of_beneficiaries(request: HttpRequest, period: Period, typed: dict[str, Any], count: int) -> HttpResponse:
    """The sheet, or the PDF: straight, or by the worker where it is long. Names are read from here on."""
    if typed["names"]:
        name = f"{_('Beneficiaries by name')}: {period.value}"
        log_reading(request.user, kind="beneficiaries", id=period.year_be, name=name, what="beneficiaries")
    if typed["form"] == "pdf" and count > AT_ONCE:
        wanted = {"year": period.year_be, "names": typed["names"], "paper_language": typed["language"]}
        job = start_job(BENEFICIARIES, wanted, by=request.user, now=request.now, request_id=typed["request_id"])
        return redirect("office:job", job_id=job.pk)
    paper = beneficiaries_paper(period, with_names=typed["names"])
    if typed["form"] == "pdf":
        return as_pdf(render_book(paper, request.fund, typed["language"]), file_name(period))
    return _as_sheet(book_sheet(paper, request.fund, typed["language"]), file_name(period))


def _as_sheet(book: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"', "Cache-Control": "private, no-store"}
    return HttpResponse(book, content_type=XLSX, headers=headers)
