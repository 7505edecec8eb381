"""A member's page, which spans the apps, and the guided report of a death."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from bansong_fund.lib.thai_dates import active_language
from contributions.models import DuesPayment
from contributions.payment_requests import line_words
from contributions.queries import arrears_of, credit_among, with_round_numbers
from members.forms.reveal import RevealForm
from members.identity import identity_context
from members.models import Beneficiary, Member, Membership
from members.queries import of_person, visible_communities, visible_members, with_beneficiaries
from members.regulations import NoRuleInForce
from members.standing import STANDING_NAMES, Standing, is_due_to_lapse
from office.models import User
from office.reading import log_reading
from office.roles import WHOLE_FUND_ROLES, Role
from welfare.eligibility import gather_background, memberships_of, standing_rules_of
from welfare.entitlements import Entitlement, entitlements_on
from welfare.list_lines import list_lines
from welfare.models import Claim
from welfare.queries import claims_of
from welfare.row_facts import opening_of
from welfare.rules.words import label
from welfare.views.more import more_about
from welfare.views.shown import name_benefits, name_drawn

DUES_SHOWN = 40


@require_safe
def member_page(request: HttpRequest, number: int) -> HttpResponse:
    """GET /members/<number>/: standing, payments, claims, what she would be entitled to, household, beneficiary."""
    members = with_round_numbers(with_beneficiaries(visible_members(request.user)))
    members = members.select_related("community", "household")
    member = members.filter(number=number).first()
    if member is None:
        survivor = get_object_or_404(visible_members(request.user), doubles__number=number)
        return redirect("welfare:member", survivor.number)
    log_reading(request.user, kind="member", id=member.pk, name=member.full_name, what="page")
    enters = request.user.has_role(Role.LEADER, Role.REGISTRAR)
    context = {
        "member": member,
        "beneficiaries": [Beneficiary(**named) for named in member.named_beneficiaries],
        "housemates": _housemates(request, member),
        "dues": (dues := _dues(member)),
        "credit": credit_among(dues),
        "claims": _claims(member, request.user),
        "list_lines": list_lines(member),
        "enters_claims": enters,
        "reveal_form": RevealForm(),
        "opening": name_drawn(opening_of(member)),
        **identity_context(member, request.user, request.now),
        **_as_of_today(member, request),
    }
    is_current = any(one.ended_on is None for one in context["memberships"])
    context["more"] = more_about(member, request.user, is_current=is_current)
    return render(request, "welfare/member.html", context)


def _as_of_today(member: Member, request: HttpRequest) -> dict[str, Any]:
    """Standing and entitlements today, by what had been received up to today."""
    language, today = active_language(), request.today
    try:
        background = gather_background(member, today, start_month=request.fund.fund_year_start_month)
    except NoRuleInForce:
        return {"memberships": memberships_of(member)}
    running = background.membership is not None and background.membership.ended_on is None
    standing = background.standing if running else Standing.ENDED
    rules = standing_rules_of(background.version)
    entitled = entitlements_on(background, today) if member.died_on is None else []
    return {
        "memberships": background.memberships,
        "groups": [label("group", group, language) for group in sorted(background.groups)],
        "paid_through": background.paid_through if running else None,
        "standing": standing,
        "standing_name": STANDING_NAMES[standing],
        "due_to_lapse": running and is_due_to_lapse(background.paid_through, today, rules),
        "entitlements": [_entitlement(one, language) for one in entitled],
        **_arrears(background.membership if running else None, member, today),
    }


def _arrears(membership: Membership | None, member: Member, today: date) -> dict[str, Any]:
    """What a running membership owes, with its periods in words; nothing where it owes nothing."""
    if membership is None:
        return {}
    membership.member = member
    found = arrears_of([membership], today).get(membership.pk)
    if found is None:
        return {}
    lines = [(line_words(line).in_language(active_language()), line) for line in found.lines]
    days = {"last_day": found.suspended_from - timedelta(days=1), "is_suspended": today >= found.suspended_from}
    return {"arrears": found, "owed_lines": lines, "is_due": today >= found.lapses_from, **days}


def _housemates(request: HttpRequest, member: Member) -> list[Member]:
    if member.household_id is None:
        return []
    living = visible_members(request.user).filter(household=member.household_id, died_on=None)
    others = living.exclude(pk=member.pk)
    return list(others.order_by("sort_key", "id"))


def _claims(member: Member, user: User) -> list[Claim]:
    """Her claims; what she claimed while of another community `is_elsewhere` for that community's leader to open."""
    claims = name_benefits(list(claims_of(member)))
    opened = None if user.has_role(*WHOLE_FUND_ROLES) else set(visible_communities(user).values_list("pk", flat=True))
    for claim in claims:
        claim.is_elsewhere = opened is not None and claim.community_id not in opened
    return claims


def _dues(member: Member) -> list[DuesPayment]:
    payments = DuesPayment.objects.filter(of_person(member)).select_related("receipt__void", "cover")
    return list(payments.order_by("-covers_until", "-id")[:DUES_SHOWN])


def _entitlement(one: Entitlement, language: str) -> dict[str, Any]:
    per = one.benefit.pays.per
    weighed = [step for step in one.assessment.steps if step.ok is None and step.code != "amount_open"]
    reasons = one.assessment.refusals or weighed
    return {
        "code": one.benefit.code,
        "name": one.benefit.name.in_language(language),
        "is_open": one.is_open,
        "amount": one.amount,
        "is_ceiling": one.is_ceiling,
        "per": label("unit", per.unit, language) if per else "",
        "reasons": [step.sentence(language) for step in reasons],
    }
