"""The claims: lists, the page of one, and each desk's buttons on it."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.sheets import XLSX, sheet_bytes
from bansong_fund.lib.thai_dates import active_language
from office.attachments import keep_attachment
from office.reading import log_reading
from welfare import claims as verbs
from welfare.appeals import appeal_claim
from welfare.budgets import budget_of
from welfare.claim_form import asked_of
from welfare.claim_groups import companions_of, entered_together
from welfare.claim_people import keep_consent
from welfare.claimants import papers_of_claimant
from welfare.eligibility import assess_claim
from welfare.events import CLAIM_PAPERS, papers_of
from welfare.filters import ClaimFilter
from welfare.forms import PaperForm, ReasonForm, VerifyForm, missing_papers
from welfare.models import Claim, ClaimState
from welfare.queries import (
    claims_to_check,
    claims_to_correct,
    listed,
    older_than,
    papers_handed_in,
    reason_of_return,
    visible_claims,
    waiting,
)
from welfare.regulations import version_on
from welfare.rules.document import BenefitTerms
from welfare.rules.steps import Assessment
from welfare.rules.words import label
from welfare.transitions import ACTION_NAMES, actions_for
from welfare.views.claim_drafts import draft_settings
from welfare.views.deciding import decision_shown
from welfare.views.money import money_elsewhere
from welfare.views.shown import (
    backdated_in_words,
    benefit_of_claim,
    claim_cells,
    claim_columns,
    claim_url,
    claimant_in_words,
    name_benefits,
    nights_in_words,
    paper_name,
    shown_reckoning,
)

ON_A_PAGE = 50
TAKES_PAPERS = (ClaimState.DRAFT, ClaimState.SUBMITTED, ClaimState.VERIFIED)


@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """GET /claims/: all claims that the user may see, narrowed by the filter, newest first."""
    chosen = ClaimFilter(request.GET or None, queryset=listed(visible_claims(request.user)), user=request.user)
    found = list(older_than(chosen.qs, request.GET.get("before", ""))[: ON_A_PAGE + 1])
    shown = name_benefits(found[:ON_A_PAGE])
    page = {"next_key": shown[-1].label if len(found) > ON_A_PAGE else ""}
    return render(request, "welfare/claims.html", {"filter": chosen, "claims": shown, "page": page})


@require_safe
def to_check(request: HttpRequest) -> HttpResponse:
    """GET /claims/to-check/: the registrar's work, those whose papers came first on top."""
    claims = name_benefits(list(listed(claims_to_check(request.user))[:ON_A_PAGE]))
    return _work_list(request, claims, waiting(claims_to_check(request.user)), _("Claims to check"))


@require_safe
def to_correct(request: HttpRequest) -> HttpResponse:
    """GET /claims/drafts/: drafts and returned claims, which wait for a leader."""
    claims = name_benefits(list(listed(claims_to_correct(request.user))[:ON_A_PAGE]))
    return _work_list(request, claims, waiting(claims_to_correct(request.user)), _("Drafts and returned claims"))


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """GET /claims/export/: the list as it is narrowed, as XLSX."""
    claims = listed(visible_claims(request.user)).order_by("-year_be", "-number")
    chosen = ClaimFilter(request.GET or None, queryset=claims, user=request.user)
    rows = name_benefits(list(chosen.qs))
    log_reading(request.user, kind="claims", id=0, name=_("Claims"), what="export")
    book = sheet_bytes(name=_("Claims"), columns=claim_columns(), rows=map(claim_cells, rows), landscape=True)
    return HttpResponse(book, content_type=XLSX, headers={"Content-Disposition": 'attachment; filename="claims.xlsx"'})


def _work_list(request: HttpRequest, claims: list[Claim], sums: Any, title: str) -> HttpResponse:
    context = {"claims": claims, "waiting": sums, "title": title, "today": request.today}
    return render(request, "welfare/work_list.html", context)


@require_safe
def claim_page(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET /claims/<year>/<number>/: facts, reckoning line by line, papers, history, and the buttons of this desk."""
    claim = _visible(request, year_be, number)
    log_reading(request.user, kind="claim", id=claim.pk, name=claim.member.full_name, what="claim page")
    return _show(request, claim)


def _visible(request: HttpRequest, year_be: int, number: int) -> Claim:
    related = ("member__community", "child", "voucher", "resolution__meeting", "regulation", "benefit_list")
    claims = visible_claims(request.user).select_related(*related, "entered_by", "verified_by", "decided_by", "paid_by")
    return get_object_or_404(claims, year_be=year_be, number=number)


def _show(request: HttpRequest, claim: Claim, **given: forms.Form) -> HttpResponse:
    """The page, with the form that was refused just now still filled in."""
    benefit = benefit_of_claim(claim)
    there, more = papers_of(claim), papers_of_claimant(claim)
    elsewhere = money_elsewhere(request, claim)
    buttons = actions_for(claim, request.user) - ({"pay", "cancel"} if any(elsewhere.values()) else set())
    may_add = claim.state in TAKES_PAPERS and request.user.has_role("leader", "registrar")
    context = {
        "claim": name_benefits([claim])[0],
        "facts": facts_in_words(claim, benefit),
        "papers": [(paper, paper_name(paper.purpose)) for paper in papers_handed_in(claim)],
        "seen": [paper_name(code) for code in sorted(there)],
        "missing": missing_papers(benefit, there, more),
        "returned": reason_of_return(claim),
        "history": [(step, ACTION_NAMES.get(step.action, step.action)) for step in claim.steps.select_related("user")],
        "buttons": buttons,
        "together": name_benefits(entered_together(claim, visible_claims(request.user))) if may_add else [],
        **elsewhere,
        "may_add_papers": may_add,
        "verify_form": VerifyForm(benefit=benefit, there=there, more=more),
        "reason_form": ReasonForm(),
        "paper_form": PaperForm(member=claim.member, benefit=benefit, more=more) if may_add else None,
        "draft": draft_settings(request) if request.user.has_role("leader", "registrar") else None,
        "others": _others_of_the_event(claim) if "submit" in buttons or claim.state == ClaimState.SUBMITTED else [],
        "budget": budget_of(claim.category, request.today) if _is_decided_by(claim, request) else None,
        **decision_shown(request, claim),
        **_reckoning(claim),
        **given,
    }
    return render(request, "welfare/claim.html", context, status=200)


def _is_decided_by(claim: Claim, request: HttpRequest) -> bool:
    """Whether the claim waits for the committee, and one of them looks at it."""
    return claim.state == ClaimState.VERIFIED and request.user.has_role("committee")


def _reckoning(claim: Claim) -> dict[str, Any]:
    """As it was kept; a draft is reckoned as it stands."""
    if "steps" in claim.assessment:
        return shown_reckoning(Assessment.from_json(claim.assessment), claim, papers=True)
    return shown_reckoning(assess_claim(claim), claim, papers=True)


def facts_in_words(claim: Claim, benefit: BenefitTerms | None) -> list[tuple[str, Any]]:
    """The facts of an event as label and value, only those that there are; days stay days."""
    asked = asked_of(benefit) if benefit else None
    first = _("Admitted to hospital on") if asked and asked.nights else _("Day of the event")
    language = active_language()
    rows: list[tuple[str, Any]] = [
        (first, claim.event_from),
        (_("Discharged on"), claim.event_until),
        (_("Nights"), nights_in_words(claim)),
        (_("How many"), claim.units if asked and asked.units else None),
        (_("Child"), claim.child.name if claim.child else ""),
        (_("Name of the disaster"), claim.event_key),
        (_("Damage"), label("grade", claim.grade, language) if claim.grade else ""),
        (_("Loss in baht"), claim.loss_amount),
        (_("Sum asked for, in baht"), claim.proposed_amount),
        (_("Who asks"), claimant_in_words(claim)),
        (_("Who receives the money"), claim.recipient_name),
        (_("The recipient is a relative of"), claim.recipient_relative_of),
        (_("Papers received on"), claim.received_on),
        (_("Backdated"), backdated_in_words(claim)),
        (_("Paid by list"), claim.benefit_list.label if claim.benefit_list_id else ""),
        (_("Note"), claim.note),
    ]
    return [(name, value) for name, value in rows if value not in (None, "")]


def _others_of_the_event(claim: Claim) -> list[BenefitTerms]:
    """Other benefits that the same event may give: after the birth gift, the mother's nights; before a death, nights.

    The nights of somebody who died in hospital ended on the day of death and began on another.
    """
    same_day = Q(category=claim.category, event_from=claim.event_from) | Q(event_until=claim.event_from)
    same_event = Claim.objects.filter(same_day, member=claim.member).exclude(state=ClaimState.CANCELLED)
    claimed = set(same_event.values_list("benefit_code", flat=True))
    version = version_on(claim.event_from)
    benefit = version.benefit(claim.benefit_code)
    others = companions_of(benefit, version) if benefit else []
    return [one for one in others if one.code not in claimed]


# --- buttons ------------------------------------------------------------------------------------------------


@require_POST
def submit(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /claims/<year>/<number>/submit/."""
    claim = _visible(request, year_be, number)
    form = forms.Form(request.POST)
    return _act(request, claim, form, verbs.submit_claim, _("Claim %(number)s is submitted."), shown_as="submit_form")


@require_POST
def verify(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /claims/<year>/<number>/verify/: facts and papers agree."""
    claim = _visible(request, year_be, number)
    form = VerifyForm(request.POST, benefit=benefit_of_claim(claim), there=(), more=papers_of_claimant(claim))
    done = _("Claim %(number)s is checked and goes to the next meeting.")
    return _act(request, claim, form, verbs.verify_claim, done, shown_as="verify_form", then="welfare:to_check")


@require_POST
def return_to_leader(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /claims/<year>/<number>/return/: to be corrected, with the reason."""
    claim = _visible(request, year_be, number)
    done = _("Claim %(number)s went back to be corrected.")
    return _act(request, claim, ReasonForm(request.POST), verbs.return_claim, done, shown_as="return_form")


@require_POST
def cancel(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /claims/<year>/<number>/cancel/."""
    claim = _visible(request, year_be, number)
    done = _("Claim %(number)s is cancelled.")
    return _act(request, claim, ReasonForm(request.POST), verbs.cancel_claim, done, shown_as="cancel_form")


@require_POST
def appeal(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /claims/<year>/<number>/appeal/."""
    claim = _visible(request, year_be, number)
    done = _("Claim %(number)s is asked again; others will decide.")
    return _act(request, claim, ReasonForm(request.POST), appeal_claim, done, shown_as="appeal_form")


def _act(
    request: HttpRequest,
    claim: Claim,
    form: forms.Form,
    verb: Callable[..., Claim],
    done: str,
    *,
    shown_as: str,
    then: str = "",
) -> HttpResponse:
    """Carry out one button; a refusal is shown on the claim's page, with what was typed."""
    if form.is_valid():
        try:
            claim = verb(claim=claim, **form.cleaned_data, by=request.user, today=request.today, now=request.now)
        except DomainError as refusal:
            if shown_as.removesuffix("_form") not in actions_for(claim, request.user):
                messages.error(request, str(refusal))  # somebody took the step before: the button is gone
                return redirect(claim_url(claim))
            show_refusal(form, refusal)
        else:
            messages.success(request, done % {"number": claim.label})
            return redirect(then or claim_url(claim))
    return _show(request, claim, **{shown_as: form})


@require_POST
def add_papers(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /claims/<year>/<number>/papers/: photographs or PDFs that come later."""
    claim = _visible(request, year_be, number)
    if claim.state not in TAKES_PAPERS:
        message = _("Claim %(number)s is now: %(state)s. Papers are added before it is decided.")
        messages.error(request, message % {"number": claim.label, "state": claim.get_state_display()})
        return redirect(claim_url(claim))
    asked = {"benefit": benefit_of_claim(claim), "more": papers_of_claimant(claim)}
    form = PaperForm(request.POST, request.FILES, member=claim.member, **asked)
    if not form.is_valid():
        return _show(request, claim, paper_form=form)
    _keep_papers(request, claim, form)
    messages.success(request, _("The papers are kept."))
    return redirect(claim_url(claim))


@transaction.atomic
def _keep_papers(request: HttpRequest, claim: Claim, form: PaperForm) -> None:
    if form.cleaned_data.get("consent"):
        keep_consent(claim, given_on=request.today, by=request.user, today=request.today, now=request.now)
    for place, file in enumerate(form.cleaned_data["files"]):
        keep_attachment(
            file,
            owner_kind=CLAIM_PAPERS,
            owner_id=claim.pk,
            purpose=form.cleaned_data["kind"],
            by=request.user,
            now=request.now,
            request_id=uuid.uuid5(form.cleaned_data["request_id"], f"paper {place}"),
        )
