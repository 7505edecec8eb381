"""The slow work of money out: letters to members in arrears, a year judged again, the forgotten counted."""

from django.utils.translation import gettext_lazy

from bansong_fund.lib.sheets import XLSX
from members.clock import today_of
from members.models import Fund
from members.queries import visible_members
from members.regulations import standing_rules
from office.batches import batch
from office.jobs import JobRun, job_kind
from office.models import Job
from welfare.arrears import LETTER_STYLESHEETS, drawn_letters, letter_rows, letters_for, letters_title
from welfare.forgotten import forgotten_counts
from welfare.replay import replay_year
from welfare.replay_shown import replay_book, summary_of
from welfare.rules.document import RegulationDocument

NOTICE_LETTERS = "notice-letters"
WHAT_IF = "what-if"
FORGOTTEN = "forgotten"


@job_kind(NOTICE_LETTERS, gettext_lazy("Letters to members in arrears"))
def make_letters(run: JobRun) -> None:
    """The letters of the members named, of those whom the asker may see and who are still behind."""
    numbers, language = run.parameters["numbers"], run.parameters["letters_language"]
    fund = Fund.objects.get()
    today = today_of(fund)
    rules = standing_rules(today)
    rows = letter_rows(visible_members(run.job.requested_by), numbers, rules=rules)
    letters = letters_for(rows, today=today, rules=rules, fund=fund)
    batch(
        run,
        drawn_letters(letters, fund=fund, today=today, language=language),
        total=len(letters),
        name="notice-letters.pdf",
        title=letters_title(language),
        language=language,
        stylesheets=LETTER_STYLESHEETS,
    )


@job_kind(WHAT_IF, gettext_lazy("A year judged again"))
def judge_again(run: JobRun) -> None:
    """A fund year's claims under the document asked for: a sheet to download, and the short form for the page."""
    document = RegulationDocument.from_json(run.parameters["document"])
    replay = replay_year(run.parameters["year"], document, on_step=lambda done, total: run.step(done, total=total))
    run.parameters["summary"] = summary_of(replay)
    Job.objects.filter(pk=run.job.pk).update(parameters=run.parameters)
    run.finish(f"what-if-{replay.year_be}.xlsx", replay_book(replay), XLSX)


@job_kind(FORGOTTEN, gettext_lazy("Nobody forgotten"))
def count_forgotten(run: JobRun) -> None:
    """How many members seem forgotten in each community; kept with the job, for the page of all communities."""
    counts = forgotten_counts(today=today_of(Fund.objects.get()), on_step=run.step)
    run.parameters["counts"] = counts
    Job.objects.filter(pk=run.job.pk).update(parameters=run.parameters)
