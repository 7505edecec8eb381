"""The slow steps of a large list on the worker: going through the register, sending in, deciding."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy

from members.clock import today_of
from members.models import Fund, Meeting
from office.batches import batch
from office.jobs import JobRun, job_kind, start_job
from office.models import Job, User
from welfare.list_claims import decide_list, send_list
from welfare.list_papers import SHEET_STYLESHEETS, drawn_sheets, sheets_of, title_of
from welfare.list_queries import visible_lines
from welfare.lists import propose
from welfare.models import BenefitList

AT_ONCE = 300  # members gone through, or lines sent in or decided, while somebody waits
PROPOSE, SEND, DECIDE = "propose-benefit-list", "send-benefit-list", "decide-benefit-list"
SHEETS = "benefit-list-sheets"


@job_kind(PROPOSE, gettext_lazy("Benefit list"))
def propose_list(run: JobRun) -> None:
    """Go through the register and lay the parts of the communities."""
    run.step(0, total=1)
    with run.long_step():
        propose(_list(run))
    run.step(1, total=1)


@job_kind(SEND, gettext_lazy("Benefit list"))
def send_in(run: JobRun) -> None:
    """Make a claim of every line, all or none."""
    run.step(0, total=1)
    with run.long_step():
        send_list(benefit_list=_list(run), reason=run.parameters["reason"], **_acting(run))
    run.step(1, total=1)


@job_kind(DECIDE, gettext_lazy("Benefit list"))
def decide(run: JobRun) -> None:
    """Decide every line under one resolution, all or none."""
    run.step(0, total=1)
    asked = run.parameters
    with run.long_step():
        decide_list(
            benefit_list=_list(run),
            meeting=Meeting.objects.get(pk=asked["meeting"]),
            rejected={int(key): reason for key, reason in asked["rejected"].items()},
            reason=asked["reason"],
            request_id=uuid.UUID(asked["request_id"]),
            **_acting(run),
        )
    run.step(1, total=1)


@job_kind(SHEETS, gettext_lazy("Sheets of a benefit list"))
def print_sheets(run: JobRun) -> None:
    """The sheets of all communities that the asker may see, one behind the other."""
    found = _list(run)
    language = run.parameters["paper"]
    paper = sheets_of(found, visible_lines(run.job.requested_by, found), Fund.objects.get())
    batch(
        run,
        drawn_sheets(paper, language),
        total=max(len(paper.sheets), 1),
        name=f"list-{found.label.replace('/', '-')}.pdf",
        title=title_of(paper, language),
        language=language,
        stylesheets=SHEET_STYLESHEETS,
    )


def _list(run: JobRun) -> BenefitList:
    return BenefitList.objects.select_related("resolution__meeting").get(pk=run.parameters["list"])


def _acting(run: JobRun) -> dict[str, Any]:
    fund = Fund.objects.get()
    return {"by": run.job.requested_by, "today": today_of(fund), "now": run.job.requested_at}


def on_the_worker(kind: str, benefit_list: BenefitList, asked: dict[str, Any], who: dict[str, Any]) -> Job:
    """Put one step of a list into the queue; a second click finds the same job."""
    parameters = {"list": benefit_list.pk, "request_id": str(who["request_id"]), **asked}
    by: User = who["by"]
    return start_job(kind, parameters, by=by, now=who["now"], request_id=who["request_id"])
