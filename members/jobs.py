"""The slow work of the register: long lists as files."""

from django.utils.translation import gettext_lazy

from members.clock import today_of
from members.exports import make_file
from members.filters import MemberFilter
from members.models import Fund
from office.jobs import JobRun, job_kind

MEMBER_LIST = "member-list"


@job_kind(MEMBER_LIST, gettext_lazy("Register of members"))
def write_member_list(run: JobRun) -> None:
    """The list as its user saw it: with her eyes, and with the filter that she had chosen."""
    fund = Fund.objects.first()
    asked = run.parameters
    narrowed = MemberFilter(asked["narrowed"], user=run.job.requested_by, today=today_of(fund), fund=fund)
    total = narrowed.qs.order_by().count()
    run.step(0, total=total)
    made = make_file(narrowed, asked["kind"], step=lambda done: run.step(done, total=total))
    run.finish(made.name, made.content, made.content_type)
