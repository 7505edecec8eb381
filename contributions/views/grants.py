"""Money of legs 2 and 3 as the treasurer records it, and what the other legs brought beside leg 1."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from contributions.forms.grants import GrantForm, RoundForm
from contributions.grants import record_grant
from contributions.models import Commitment, Grant, GrantSource, MatchingRound
from contributions.queries import (
    MOST_MATCHES,
    calendar_year,
    fiscal_year,
    fund_year,
    last_cutoff,
    legs_by_year,
    matched_members,
    visible_commitments,
)
from contributions.rounds import record_round
from contributions.views.acting import acting, carry_out, forms_shown, to_receipt
from ledger.models import Receipt

GRANT_TITLES = {
    GrantSource.MUNICIPALITY: gettext_lazy("Municipality's contribution"),
    GrantSource.CODI_START_UP: gettext_lazy("CODI start-up grant"),
    GrantSource.OTHER_STATE: gettext_lazy("Other state body"),
}
CODI = "สถาบันพัฒนาองค์กรชุมชน (องค์การมหาชน)"


@forms_shown
def grant(request: HttpRequest, source: str) -> HttpResponse:
    """GET, POST /money-in/grants/<source>/?commitment=…"""
    if source not in GRANT_TITLES:
        raise Http404
    last = Grant.objects.filter(source=source).select_related("receipt").order_by("-pk").first()
    initial: dict[str, Any] = {"received_from": last.receipt.party_name if last else ""}
    if promised := _promised(request, source):
        initial |= {"commitment": promised, "received_from": promised.body, "amount": _rest(promised)}
    form = GrantForm(request.POST or None, today=request.today, source=source, initial=initial)

    def act(data: dict[str, Any]) -> Receipt:
        facts = {key: data[key] for key in ("received_from", "amount", "reference", "commitment")}
        return record_grant(
            source=GrantSource(source),
            received_on=data["date"],
            place=data["account"],
            restricted_fund=data.get("restricted_fund"),
            **facts,
            **acting(request, form),
        )

    if receipt := carry_out(request, form, act):
        return to_receipt(request, receipt)
    return render(request, "contributions/money_form.html", {"form": form, "title": GRANT_TITLES[source]})


def _promised(request: HttpRequest, source: str) -> Commitment | None:
    """The commitment that a link hands on."""
    key = request.GET.get("commitment", "")
    if not (key.isdecimal() and len(key) < 16):
        return None
    return visible_commitments(request.user).filter(pk=int(key), source=source).first()


def _rest(commitment: Commitment) -> Any:
    return max(commitment.approved - commitment.received, 0) or None if commitment.approved else None


@forms_shown
def matching_round(request: HttpRequest) -> HttpResponse:
    """GET, POST /money-in/round/?commitment=…: a matching round of CODI; who is in it is computed."""
    promised = _promised(request, GrantSource.CODI_MATCHING)
    initial = _round_facts(promised) if promised else _next_round(request)
    cutoff = initial["cutoff"]
    form = RoundForm(request.POST or None, today=request.today, source=GrantSource.CODI_MATCHING, initial=initial)

    def act(data: dict[str, Any]) -> Receipt:
        keys = ("number", "member_count", "baht_per_member", "lump", "received_from", "reference", "commitment")
        return record_round(
            cutoff_on=data["cutoff"],
            received_on=data["date"],
            place=data["account"],
            **{key: data[key] for key in keys},
            **acting(request, form),
        )

    if receipt := carry_out(request, form, act):
        return to_receipt(request, receipt)
    context = {"form": form, "cutoff": cutoff, "matchable": matched_members(cutoff, MOST_MATCHES).count()}
    return render(request, "contributions/round.html", context)


def _next_round(request: HttpRequest) -> dict[str, Any]:
    last = MatchingRound.objects.exclude(number=None).order_by("-number").first()
    number = last.number + 1 if last else 1
    return {"number": number, "cutoff": last_cutoff(request.today), "received_from": CODI}


def _round_facts(promised: Commitment) -> dict[str, Any]:
    """What was promised of a round, ready to be confirmed; a sum that was cut stands beside the baht for each."""
    whole = (promised.member_count or 0) * (promised.baht_per_member or 0)
    was_cut = promised.approved is not None and promised.approved < whole
    return {
        "commitment": promised,
        "number": promised.round_number,
        "cutoff": promised.cutoff_on,
        "member_count": promised.member_count,
        "baht_per_member": promised.baht_per_member,
        "lump": promised.approved if was_cut else None,
        "received_from": promised.body,
    }


KINDS_OF_YEAR = {
    "fund": gettext_lazy("Fund year"),
    "calendar": gettext_lazy("Calendar year"),
    "fiscal": gettext_lazy("Fiscal year of the state (October to September)"),
}


@require_safe
def legs(request: HttpRequest) -> HttpResponse:
    """GET /money-in/legs/?by=fund: each leg beside leg 1, for the committee's eyes: never a debt, on no paper."""
    by = request.GET.get("by", "fund")
    by = by if by in KINDS_OF_YEAR else "fund"
    years = {"calendar": calendar_year, "fiscal": fiscal_year}
    year_of = years.get(by) or fund_year(request.fund.fund_year_start_month)
    context = {"years": legs_by_year(year_of), "by": by, "kinds": KINDS_OF_YEAR.items()}
    return render(request, "contributions/legs.html", context)
