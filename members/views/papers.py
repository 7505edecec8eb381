"""Members' papers to print: a card, sheets of cards, the roll of a community or of the whole fund."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.languages import local_name
from members.cards import card_pdf, cards_of
from members.forms.papers import CARDS, ROLL, PapersForm
from members.models import Community
from members.paper_jobs import AT_ONCE, cards_order, cards_pdf, roll_file_name, roll_order, rolls_pdf
from members.paper_jobs import CARDS as CARDS_JOB
from members.paper_jobs import ROLLS as ROLLS_JOB
from members.queries import visible_communities, visible_members
from office.jobs import start_job
from office.reading import log_reading, log_readings

LANGUAGES = ("th", "en", "both")


@require_safe
def card(request: HttpRequest, number: int, language: str) -> HttpResponse:
    """GET /members/<number>/card/<th|en|both>.pdf: one card of the size of a bank card."""
    if language not in LANGUAGES:
        raise Http404
    members = visible_members(request.user).filter(number=number)
    member = get_object_or_404(members)
    log_reading(request.user, kind="member", id=member.pk, name=member.full_name, what="card")
    pdf = card_pdf(cards_of(members)[0], request.fund, language)
    return pdf_answer(pdf, f"member-card-{number}-{language}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest) -> HttpResponse:
    """GET, POST /members/papers/?paper=roll&community=7: choose a paper; a short one comes at once."""
    communities = visible_communities(request.user).order_by("number")
    asked = {"paper": request.GET.get("paper", ROLL), "community": request.GET.get("community"), "language": "th"}
    form = PapersForm(request.POST or None, communities=communities, initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            return _cards(request, form) if form.cleaned_data["paper"] == CARDS else _rolls(request, form)
        except DomainError as refusal:
            show_refusal(form, refusal)
    return render(request, "members/papers.html", {"form": form})


def _rolls(request: HttpRequest, form: PapersForm) -> HttpResponse:
    language = form.cleaned_data["language"]
    order = roll_order(request.user, form.cleaned_data["community"])
    _log(request, form.cleaned_data["community"], "roll")
    if order.members > AT_ONCE:
        places = [community.pk for community in order.communities]
        return _from_the_worker(request, form, ROLLS_JOB, communities=places)
    pdf = rolls_pdf(order.communities, today=request.today, language=language)
    return pdf_answer(pdf, roll_file_name(order.communities, language))


def _cards(request: HttpRequest, form: PapersForm) -> HttpResponse:
    language = form.cleaned_data["language"]
    members = cards_order(request.user, form.cleaned_data["community"], form.cleaned_data["numbers"])
    if form.cleaned_data["numbers"]:  # some people were chosen: the page of each says who printed her card
        chosen = [(member.pk, member.full_name) for member in members]
        log_readings(request.user, kind="member", subjects=chosen, what="card")
        keys = [key for key, _name in chosen]
    else:
        keys = list(members.values_list("pk", flat=True))
        _log(request, form.cleaned_data["community"], "card")
    if len(keys) > AT_ONCE:
        return _from_the_worker(request, form, CARDS_JOB, members=keys)
    return pdf_answer(cards_pdf(cards_of(members), request.fund, language), f"member-cards-{language}.pdf")


def _log(request: HttpRequest, community: Community | None, what: str) -> None:
    name = local_name(community) if community else _("All communities")
    log_reading(request.user, kind="community", id=community.pk if community else 0, name=name, what=what)


def _from_the_worker(request: HttpRequest, form: PapersForm, kind: str, **which: list[int]) -> HttpResponse:
    parameters = {"paper_language": form.cleaned_data["language"], **which}
    request_id = form.cleaned_data["request_id"]
    job = start_job(kind, parameters, by=request.user, now=request.now, request_id=request_id)
    return redirect("office:job", job_id=job.pk)


def pdf_answer(pdf: bytes, name: str) -> HttpResponse:
    """A PDF as a file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
