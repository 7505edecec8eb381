"""The slow work of the assembly's papers: some 150 pages for 4,000 members."""

from functools import partial

from django.utils import timezone
from django.utils.translation import gettext_lazy

from members.clock import today_of
from members.models import Fund
from office.batches import batch
from office.jobs import JobRun, job_kind
from reports.annual_report import STYLESHEETS, draw_annual_report
from reports.assembly import PackOrder, count_lines, draw_page_numbers, pack_papers, pack_title
from reports.fingerprints import record_printing

ASSEMBLY_PACK = "assembly-pack"
BESIDE_THE_SHEET = 2  # agenda and report


@job_kind(ASSEMBLY_PACK, gettext_lazy("Papers of the Annual General Meeting"))
def make_assembly_pack(run: JobRun) -> None:
    """The report is drawn and proved first: where a figure does not tie, there is no pack."""
    asked = run.parameters
    order = PackOrder(asked["year"], asked["paper_language"], asked["attendance"], asked["lines"])
    fund = Fund.objects.get()
    with run.long_step():
        report = draw_annual_report(order.year_be, order.language, today=today_of(fund), is_part=True)
    # before the file is there, so that none ever goes out unrecorded
    record_printing(report.seal, paper=order.file_name, by=run.job.requested_by, now=timezone.now())
    batch(
        run,
        pack_papers(order, report, fund),
        total=count_lines(order) + BESIDE_THE_SHEET,
        name=order.file_name,
        title=pack_title(order),
        language=order.language,
        stylesheets=STYLESHEETS,
        pictures=report.pictures,
        page_numbers=partial(draw_page_numbers, fund, order.language),
    )
