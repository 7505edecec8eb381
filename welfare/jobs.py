"""The slow work of money out: a drive's letters to members in arrears."""

from members.clock import today_of
from members.models import Fund
from members.queries import visible_members
from members.regulations import standing_rules
from office.jobs import JobRun, job_kind
from welfare.arrears import letter_rows, letters_for, render_letters

NOTICE_LETTERS = "notice-letters"


@job_kind(NOTICE_LETTERS)
def make_letters(run: JobRun) -> None:
    """The letters of the members named, of those whom the asker may see and who are still behind."""
    numbers, language = run.parameters["numbers"], run.parameters["letters_language"]
    fund = Fund.objects.get()
    today = today_of(fund)
    rules = standing_rules(today)
    rows = letter_rows(visible_members(run.job.requested_by), numbers, rules=rules)
    run.step(0, total=1)
    drawn = letters_for(rows, today=today, rules=rules, fund=fund)
    pdf = render_letters(drawn, fund=fund, today=today, language=language)
    run.finish("notice-letters.pdf", pdf, "application/pdf")
    run.step(1, total=1)
