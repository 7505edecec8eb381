"""Dues at the office: who pays; whole periods of one member; any amount of one payer for her house or neighbours."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from contributions.dues import OtherSum, record_dues
from contributions.forms.dues import DuesForm, GroupDuesForm
from contributions.group_dues import record_group_dues
from contributions.queries import MONTHS_AHEAD, dues_rules, owed_of, payable_of
from contributions.views.acting import acting, carry_out, forms_shown, to_receipt, without_rules_back_to
from ledger.models import AccountRole, Receipt
from members.models import Member, Membership
from members.queries import search_members, visible_members, with_membership

FOUND_AT_MOST = 30
NEIGHBOURS_AT_MOST = 10
MOST_MEMBERS = 20  # on one receipt


@require_safe
def find_payer(request: HttpRequest) -> HttpResponse:
    """GET /money-in/dues/?q=…: whose dues? One of those found, or several for whom one pays."""
    text = request.GET.get("q", "").strip()[:100]
    found = with_membership(search_members(visible_members(request.user), text))[:FOUND_AT_MOST] if text else []
    return render(request, "contributions/find_payer.html", {"text": text, "members": found})


@forms_shown
@without_rules_back_to("contributions:find_payer")
def dues(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /money-in/dues/<member no.>/: what one member owes and pays; ?ahead=1 as far ahead as it goes."""
    member = get_object_or_404(with_membership(visible_members(request.user)), number=number)
    if not member.latest_memberships:
        raise Http404
    membership = member.latest_memberships[0]
    rules = dues_rules()
    [payable] = payable_of([member], request.today, chosen={member.pk}, rules=rules)
    is_ahead = bool(request.GET.get("ahead")) and bool(payable.periods)
    form = DuesForm(
        request.POST or None,
        today=request.today,
        payable=payable,
        owed=len(owed_of(payable.periods, membership, request.today)),
        entry_fee=rules.entry_fee_on(membership.joined_on),
        is_ahead=is_ahead,
    )

    def act(data: dict[str, Any]) -> Receipt:
        try:
            return record_dues(
                membership=membership,
                covers_from=data["periods"],
                paid_on=data["date"],
                bank_account=data["account"] if data["account"].role == AccountRole.BANK else None,
                payer_name=data["payer_name"],
                reference=data["reference"],
                entry_fee=data["entry_fee"],
                shown=data["shown"],
                **acting(request, form),
            )
        except OtherSum:
            form.show_prices_of_now()
            raise

    if receipt := carry_out(request, form, act):
        return to_receipt(request, receipt)
    context = {"form": form, "member": member, "membership": membership, "owed": payable.owed}
    context |= {"entry_fee": payable.entry_fee, "is_ahead": is_ahead, "months_ahead": MONTHS_AHEAD}
    return render(request, "contributions/dues.html", context)


@forms_shown
@without_rules_back_to("contributions:find_payer")
def group_dues(request: HttpRequest) -> HttpResponse:
    """GET, POST /money-in/dues/together/?member=12&member=15&q=…: who is paid for, and how much for each.

    Those of the first one's house are proposed without a tick; anybody else is found and added.
    """
    chosen = _chosen(request)
    household = chosen[0].household_id
    running = Membership.objects.filter(ended_on=None)
    house = visible_members(request.user).filter(household=household, memberships__in=running) if household else ()
    others = [one for one in with_membership(house)[:MOST_MEMBERS] if one not in chosen] if household else []
    payable = payable_of([*chosen, *others], request.today, chosen={one.pk for one in chosen})
    initial = {"payer_name": chosen[0].full_name}
    form = GroupDuesForm(request.POST or None, today=request.today, payable=payable, initial=initial)

    def act(data: dict[str, Any]) -> Receipt:
        try:
            return record_group_dues(
                paid_for=data["paid_for"],
                payer_name=data["payer_name"],
                paid_on=data["date"],
                bank_account=data["account"] if data["account"].role == AccountRole.BANK else None,
                reference=data["reference"],
                **acting(request, form),
            )
        except OtherSum:
            form.show_debts_of_now()
            raise

    if receipt := carry_out(request, form, act):
        return to_receipt(request, receipt)
    text = request.GET.get("q", "").strip()[:100]
    found = with_membership(search_members(visible_members(request.user), text))[:NEIGHBOURS_AT_MOST] if text else []
    shown = {one.member.pk for one in payable}
    context = {"form": form, "text": text, "chosen": chosen, "found": [one for one in found if one.pk not in shown]}
    return render(request, "contributions/dues_together.html", context)


def _chosen(request: HttpRequest) -> list[Member]:
    """The members that the address names, in its order. One that the user may not see is not found."""
    words = dict.fromkeys(request.GET.getlist("member")[:MOST_MEMBERS])
    numbers = [int(word) for word in words if word.isdecimal() and len(word) < 10]
    members = {one.number: one for one in with_membership(visible_members(request.user).filter(number__in=numbers))}
    chosen = [members[number] for number in numbers if number in members and members[number].latest_memberships]
    if not chosen or len(chosen) != len(words):
        raise Http404
    return chosen
