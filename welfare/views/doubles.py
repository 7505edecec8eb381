"""Doubles: pairs of rows that may be one person, compared, settled, and parted again."""

from itertools import chain
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from members.models import Member, SettledDouble
from members.pairs import AlikePair, alike_pairs
from members.persons import with_doubles
from members.queries import visible_members
from office.reading import log_reading
from welfare.forms_doubles import APART, SettleForm, TwoNumbersForm, UndoForm
from welfare.merging import keep_apart, merge_double, undo_settlement
from welfare.row_facts import RowFacts, facts_of_rows

PAGE_SIZE = 20
SETTLED_SHOWN = 20


@require_safe
def doubles(request: HttpRequest) -> HttpResponse:
    """GET /members/doubles/: the pairs that nobody has settled, and the verdicts given last."""
    form = TwoNumbersForm(request.GET if "one" in request.GET else None)
    if form.is_bound and form.is_valid():
        numbers = form.cleaned_data["one"], form.cleaned_data["other"]
        if Member.objects.filter(number__in=numbers).count() == len(numbers):
            return redirect("welfare:double_pair", *numbers)
        form.add_error("one", _("One of these numbers is nobody's. Look again."))
    page = Paginator(alike_pairs(), PAGE_SIZE).get_page(request.GET.get("page"))
    settled = SettledDouble.objects.filter(undone_at=None).select_related("first", "second", "settled_by", "survivor")
    context = {
        "form": form,
        "page": page,
        "pairs": _with_rows(list(page.object_list)),
        "settled": settled.order_by("-settled_at", "-id")[:SETTLED_SHOWN],
    }
    return render(request, "welfare/doubles.html", context)


def _with_rows(pairs: list[AlikePair]) -> list[dict[str, Any]]:
    keys = set(chain.from_iterable((pair.first, pair.second) for pair in pairs))
    rows = Member.objects.select_related("community", "household").in_bulk(keys)
    return [{"first": rows[pair.first], "second": rows[pair.second], "why": pair.why.label} for pair in pairs]


@require_http_methods(["GET", "HEAD", "POST"])
def double_pair(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """GET, POST /members/doubles/<number>/<number>/: both rows side by side; one person, or two."""
    rows = _rows(request, one, other)
    settled = _settled(rows)
    form = SettleForm(request.POST or None, numbers=(one, other))
    if request.method == "POST" and form.is_valid():
        try:
            _settle(request, form, rows)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            return redirect("welfare:doubles")
    elif request.method != "POST":
        for row in rows:
            log_reading(request.user, kind="member", id=row.member.pk, name=row.member.full_name, what="page")
    return _shown(request, rows, settled, form=form)


@require_POST
def undo_double(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """POST /members/doubles/<number>/<number>/undo/: takes the verdict on two rows back."""
    rows = _rows(request, one, other)
    settled = _settled(rows)
    if settled is None:  # a second click: the first one undid it
        return redirect("welfare:double_pair", one, other)
    undo_form = UndoForm(request.POST)
    if undo_form.is_valid():
        reason = undo_form.cleaned_data["reason"]
        try:
            undo_settlement(settled=settled, reason=reason, by=request.user, now=request.now)
        except DomainError as refusal:
            show_refusal(undo_form, refusal)
        else:
            messages.success(request, _("Undone. Both numbers stand for themselves again."))
            return redirect("welfare:double_pair", one, other)
    return _shown(request, rows, settled, undo_form=undo_form)


def _shown(
    request: HttpRequest,
    rows: list[RowFacts],
    settled: SettledDouble | None,
    *,
    form: SettleForm | None = None,
    undo_form: UndoForm | None = None,
) -> HttpResponse:
    context = {"rows": rows, "settled": settled, "form": form, "undo_form": undo_form or UndoForm(), "apart": APART}
    return render(request, "welfare/double_pair.html", context)


def _rows(request: HttpRequest, one: int, other: int) -> list[RowFacts]:
    """Both rows, also where one is merged, in the order of the address. 404 where the user may not see both."""
    seen = with_doubles(visible_members(request.user)).filter(number__in={one, other})
    found = {row.member.number: row for row in facts_of_rows(seen)}
    if len(found) != len({one, other}) or one == other:
        raise Http404
    return [found[one], found[other]]


def _settled(rows: list[RowFacts]) -> SettledDouble | None:
    first, second = sorted(row.member.pk for row in rows)
    found = SettledDouble.objects.filter(first=first, second=second, undone_at=None)
    return found.select_related("first", "second", "survivor", "settled_by").first()


def _settle(request: HttpRequest, form: SettleForm, rows: list[RowFacts]) -> None:
    asked = form.cleaned_data
    one, other = (row.member for row in rows)
    facts = {key: asked[key] for key in ("reason", "request_id")} | {"by": request.user, "now": request.now}
    if asked["verdict"] == APART:
        keep_apart(one=one, other=other, **facts)
        told = _("No. %(one)s and no. %(other)s are two people.")
        messages.success(request, told % {"one": one.number, "other": other.number})
        return
    survivor, double = (one, other) if asked["verdict"] == one.number else (other, one)
    merge_double(survivor=survivor, double=double, **facts)
    told = _("One person, no. %(kept)s. What was paid and drawn under no. %(double)s counts with it.")
    messages.success(request, told % {"kept": survivor.number, "double": double.number})
