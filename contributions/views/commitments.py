"""What the municipality and CODI were asked for and promised: the list, one with its steps, and the next step."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.money import ZERO
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from contributions.commitments import (
    COMMITMENT_PAPERS,
    MAY_RECEIVE,
    TRANSITIONS,
    add_papers,
    request_grant,
    request_round,
    take_step,
)
from contributions.forms.grants import (
    CommitmentPapersForm,
    NextStepForm,
    PaperForm,
    RequestGrantForm,
    RequestRoundForm,
    StepForm,
)
from contributions.models import Commitment, GrantSource, MatchingRound
from contributions.queries import (
    CommitmentRow,
    commitment_rows,
    fiscal_year,
    grants_of,
    last_cutoff,
    visible_commitments,
    would_be_in,
)
from contributions.request_letters import request_letter
from contributions.views.acting import acting, carry_out, forms_shown
from contributions.views.grants import CODI
from office.interrupted import hold_files
from office.models import Attachment

State = Commitment.State
STEP_TITLES = {
    State.APPROVED: gettext_lazy("Approved: the council's budget, CODI's approval"),
    State.AGREED: gettext_lazy("The agreement is signed"),
    State.REPORTED: gettext_lazy("Reported on to the giver"),
    State.REFUSED: gettext_lazy("Refused or withdrawn"),
}


@require_safe
def commitments(request: HttpRequest) -> HttpResponse:
    """GET /money-in/commitments/: what is promised and has not come, reports that are due, and all of them."""
    rows = commitment_rows(request.user, request.today)
    context = {
        "rows": rows,
        "to_come": sum((row.rest for row in rows), ZERO),
        "reports": [row for row in rows if row.report_is_late or row.report_is_soon],
        "sources": GrantSource.choices,
    }
    return render(request, "contributions/commitments.html", context)


@forms_shown
def new_commitment(request: HttpRequest, source: str) -> HttpResponse:
    """GET, POST /money-in/commitments/new/<source>/: somebody is asked."""
    if source not in GrantSource.values:
        raise Http404
    is_round = source == GrantSource.CODI_MATCHING
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    make = RequestRoundForm if is_round else RequestGrantForm
    form = make(*given, today=request.today, initial=_asked_last(request, GrantSource(source)))

    def act(data: dict[str, Any]) -> Commitment:
        if is_round:
            return request_round(**data | acting(request, form))
        return request_grant(source=GrantSource(source), **data | acting(request, form))

    if done := carry_out(request, form, act):
        messages.success(request, _("The request is written down."))
        return redirect("contributions:commitment", done.pk)
    hold_files(request, form)
    context = {"form": form, "title": _("Request: %(what)s") % {"what": GrantSource(source).label}, "source": source}
    if is_round:
        context["preview"] = would_be_in(last_cutoff(request.today))
    return render(request, "contributions/commitment_form.html", context)


def _asked_last(request: HttpRequest, source: GrantSource) -> dict[str, Any]:
    """The body that was asked last time; of a round also the next number and the last cut-off."""
    last = Commitment.objects.filter(source=source).first()
    codi = CODI if source in (GrantSource.CODI_MATCHING, GrantSource.CODI_START_UP) else ""
    # the budget of the state's year that comes next is what can still be asked for
    initial: dict[str, Any] = {"body": last.body if last else codi, "year_be": fiscal_year(request.today)}
    if source == GrantSource.CODI_MATCHING:
        done = MatchingRound.objects.exclude(number=None).order_by("-number").first()
        initial |= {"cutoff_on": last_cutoff(request.today), "round_number": done.number + 1 if done else 1}
        initial |= {"baht_per_member": done.baht_per_member} if done and done.baht_per_member else {}
    return initial


@require_safe
def commitment(request: HttpRequest, key: int) -> HttpResponse:
    """GET /money-in/commitments/<key>/: its steps, its money, its papers, and what may come next."""
    return _show(request, _visible(request, key))


def _visible(request: HttpRequest, key: int) -> Commitment:
    return get_object_or_404(visible_commitments(request.user), pk=key)


def _show(request: HttpRequest, found: Commitment, papers_form: CommitmentPapersForm | None = None) -> HttpResponse:
    papers = Attachment.objects.filter(owner_kind=COMMITMENT_PAPERS, owner_id=found.pk).order_by("uploaded_at", "pk")
    context = {
        "row": CommitmentRow(found, request.today),
        "commitment": found,
        "steps": found.steps.select_related("written_by"),
        "grants": grants_of(found),
        "papers": papers,
        "paper_form": PaperForm() if found.round_number else None,
        "papers_form": papers_form or CommitmentPapersForm(),
        "next_steps": [(state, STEP_TITLES[state]) for state in TRANSITIONS[found.state]],
        "record": _record_url(found) if found.state in MAY_RECEIVE else "",
    }
    return render(request, "contributions/commitment.html", context)


def _record_url(found: Commitment) -> str:
    """Where the treasurer records its money."""
    is_round = found.source == GrantSource.CODI_MATCHING
    page = reverse("contributions:round") if is_round else reverse("contributions:grant", args=[found.source])
    return f"{page}?commitment={found.pk}"


@forms_shown
def commitment_step(request: HttpRequest, key: int, state: str) -> HttpResponse:
    """GET, POST /money-in/commitments/<key>/<state>/: the next step, with its papers."""
    found = _visible(request, key)
    if state not in STEP_TITLES:
        raise Http404
    if request.method != "POST" and state not in TRANSITIONS[found.state]:
        return redirect("contributions:commitment", key)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form: StepForm = NextStepForm(
        *given, today=request.today, commitment=found, state=state, initial=_promised_so_far(found)
    )

    def act(data: dict[str, Any]) -> Any:
        return take_step(commitment=found, state=state, **data | acting(request, form))

    if carry_out(request, form, act):
        messages.success(request, _("The step is written down."))
        return redirect("contributions:commitment", key)
    hold_files(request, form)
    context = {"form": form, "title": STEP_TITLES[State(state)], "commitment": found}
    return render(request, "contributions/commitment_form.html", context)


def _promised_so_far(found: Commitment) -> dict[str, Any]:
    promised = found.requested if found.approved is None else found.approved
    return {"amount": promised, "member_count": found.member_count, "report_due_on": found.report_due_on}


@require_POST
def commitment_papers(request: HttpRequest, key: int) -> HttpResponse:
    """POST /money-in/commitments/<key>/papers/: papers that come later."""
    found = _visible(request, key)
    form = CommitmentPapersForm(request.POST, request.FILES)
    if form.is_valid():
        facts = {"by": request.user, "now": request.now, "request_id": form.cleaned_data["request_id"]}
        try:
            with transaction.atomic():
                add_papers(commitment=found, papers=form.cleaned_data["papers"], **facts)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The papers are kept."))
            return redirect("contributions:commitment", key)
    return _show(request, found, form)


@require_safe
def commitment_letter(request: HttpRequest, key: int) -> HttpResponse:
    """GET /money-in/commitments/<key>/letter/?language=th: the letter that asks, to be signed."""
    found = _visible(request, key)
    pdf = request_letter(found, request.fund, today=request.today, language=paper_language(request))
    return as_pdf(pdf, f"request-{found.year_be}-{found.pk}")
