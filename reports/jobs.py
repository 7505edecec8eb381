"""The slow work of the reports: drawing the annual report, and checking large books."""

from datetime import date

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger.check import Verdict, check_ledger
from ledger.spans import month_span
from members.clock import today_of
from members.models import Fund
from members.queries import visible_communities
from office.action_log import log_action
from office.jobs import JobRun, job_kind
from office.models import User
from reports.annual_report import draw_annual_report, lay_out
from reports.figures.board import board_of
from reports.figures.communities import remember_communities
from reports.figures.remembered import remember_welfare
from reports.notice_board import board_pdf

ANNUAL_REPORT = "annual-report"
CHECK_BOOKS = "check-books"
NOTICE_BOARDS = "notice-boards"


@job_kind(ANNUAL_REPORT, gettext_lazy("Annual report"))
def make_annual_report(run: JobRun) -> None:
    """Figures and proof first, then the pages: a report that does not tie fails before anything is drawn."""
    run.step(0, total=2)
    today = today_of(Fund.objects.first())
    with run.long_step():
        drawn = draw_annual_report(run.parameters["year"], run.parameters["report_language"], today=today)
    run.step(1, total=2)
    with run.long_step():
        pdf = lay_out(drawn, now=timezone.now(), by=run.job.requested_by)
    run.finish(drawn.file_name, pdf, "application/pdf")
    run.step(2, total=2)


@job_kind(NOTICE_BOARDS, gettext_lazy("Notice board"))
def make_notice_boards(run: JobRun) -> None:
    """The sheets of a month, the whole fund's and those of every community that the user may see."""
    run.step(0, total=2)
    fund, language = Fund.objects.get(), run.parameters["paper_language"]
    today = today_of(fund)
    month = month_span(date.fromisoformat(run.parameters["month"]), today=today)
    found = board_of(month, fund, today=today)
    seen = set(visible_communities(run.job.requested_by).values_list("pk", flat=True))
    sheets = [found.fund, *(sheet for sheet in found.communities if sheet.community.pk in seen)]
    run.step(1, total=2)
    with run.long_step():
        pdf = board_pdf(found, sheets, fund, language, today=today)
    run.finish(f"notice-board-{month.first:%Y-%m}-{language}.pdf", pdf, "application/pdf")
    run.step(2, total=2)


@job_kind(CHECK_BOOKS, gettext_lazy("Check of the books"))
def check_books(run: JobRun) -> None:
    """The whole of check_ledger, and its verdict as a file."""
    run.step(0, total=1)
    with run.long_step():
        verdict = record_verdict(run.job.requested_by)
    run.finish("check-ledger.txt", verdict_text(verdict).encode(), "text/plain; charset=utf-8")
    run.step(1, total=1)


def remember_closed_years() -> None:
    """In each of the worker's rounds: what reports ask of closed years is counted before anybody asks for one."""
    remember_welfare()
    remember_communities()


def record_verdict(by: User) -> Verdict:
    """Check the books now and write down what came out, so that the page can say it with its time."""
    verdict = check_ledger()
    log_action(
        by,
        "books-checked",
        entries=verdict.entries,
        lines=verdict.lines,
        number=verdict.last_number,
        fingerprint=verdict.fingerprint,
        problems=_in_every_language(verdict),
    )
    return verdict


def _in_every_language(verdict: Verdict) -> list[dict[str, str]]:
    """Each problem by language: who reads the page is not always who had the books checked."""
    told: list[dict[str, str]] = [{} for _problem in verdict.problems]
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for sentences, problem in zip(told, verdict.problems, strict=True):
                sentences[code] = str(problem)
    return told


def verdict_text(verdict: Verdict) -> str:
    found = "\n".join(map(str, verdict.problems)) or _("The books hold.")
    return f"{found}\n{verdict.last_number}:{verdict.fingerprint}\n"
