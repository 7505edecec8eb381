"""Passbooks: the list, one with its lines, typing lines, ticking them off against the books."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_dates import format_date
from ledger.models import Account, PassbookLine
from ledger.passbook import (
    LinesRefused,
    proposals,
    take_back_last_line,
    take_ticks_back,
    tick_all,
    tick_off,
    write_passbook_lines,
)
from ledger.passbook_forms import PassbookRows, TickAllForm, TickForm
from ledger.passbook_queries import (
    bank_accounts,
    last_line,
    left_of,
    lines_like,
    not_ticked,
    passbook_page,
    passbooks,
    ticked_lines,
)
from ledger.registers import about_line
from ledger.views.acting import acting, carry_out, forms_shown
from ledger.views.requests import FundRequest, list_key

PROPOSED_AT_ONCE = 50


def bank_or_404(code: str) -> Account:
    return get_object_or_404(bank_accounts(), code=code)


@require_safe
def shelf(request: FundRequest) -> HttpResponse:
    """GET /books/passbooks/: every bank account, how far its passbook is typed, ticked off and reconciled."""
    return render(request, "ledger/passbooks.html", {"passbooks": passbooks()})


@require_safe
def passbook(request: FundRequest, code: str) -> HttpResponse:
    """GET /books/passbooks/<code>/: the lines, newest first, and what to do next."""
    account = bank_or_404(code)
    page = passbook_page(account, list_key(request))
    kept = account.reconciliations.select_related("made_by").order_by("-as_of", "-pk")[:12]
    waiting = not_ticked(ticked_lines(account)).count()
    last = None if request.GET.get("before") or not page.rows else page.rows[0]
    context = {"account": account, "page": page, "kept": kept, "waiting": waiting, "last": last}
    return render(request, "ledger/passbook.html", context | {"form": RequestForm()})


@forms_shown
def type_lines(request: FundRequest, code: str) -> HttpResponse:
    """GET, POST /books/passbooks/<code>/lines/: lines copied from the passbook, ten at a time."""
    account = bank_or_404(code)
    form = RequestForm(request.POST or None)
    rows = PassbookRows(request.POST or None, prefix="line", form_kwargs={"today": request.today})

    def act(_data: dict[str, Any]) -> list[PassbookLine] | None:
        if not rows.is_valid():
            return None
        filled = [row for row in rows.forms if row.has_changed()]
        try:
            return write_passbook_lines(account, [row.line() for row in filled], **acting(request, form))
        except LinesRefused as refusal:
            for place, why in refusal.rows.items():
                filled[place].add_error(None, why)
            raise

    if written := carry_out(request, form, act):
        return _written(request, account, written)
    context = {"account": account, "form": form, "rows": rows, "last": last_line(account)}
    return render(request, "ledger/passbook_lines.html", context)


def _written(request: FundRequest, account: Account, written: list[PassbookLine]) -> HttpResponse:
    words = ngettext(
        "%(count)d line is written. The balance is %(baht)s baht.",
        "%(count)d lines are written. The balance is %(baht)s baht.",
        len(written),
    )
    messages.success(request, words % {"count": len(written), "baht": format_baht(written[-1].balance)})
    return redirect("ledger:passbook", account.code)


@require_POST
def take_back(request: FundRequest, code: str, position: int) -> HttpResponse:
    """POST /books/passbooks/<code>/lines/<position>/take-back/: the last line, to type it anew."""
    account = bank_or_404(code)
    try:
        take_back_last_line(account, position, by=request.user)
        messages.success(request, _("Line %(position)s is taken back.") % {"position": position})
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("ledger:passbook", code)


# --- ticking off ------------------------------------------------------------------------------------------


@forms_shown
def tick(request: FundRequest, code: str) -> HttpResponse:
    """GET, POST /books/passbooks/<code>/tick/: lines not ticked off, each with what it seems to be, one button."""
    account = bank_or_404(code)
    form = TickAllForm(request.POST or None)
    done = carry_out(request, form, lambda _data: (tick_all(account, form.pairs, by=request.user, now=request.now),))
    if done:
        words = ngettext("%(count)d line is ticked off.", "%(count)d lines are ticked off.", done[0])
        messages.success(request, words % {"count": done[0]})
        return redirect("ledger:passbook", code)
    waiting = list(not_ticked(ticked_lines(account))[: PROPOSED_AT_ONCE + 1])
    shown = waiting[:PROPOSED_AT_ONCE]
    found = proposals(account, shown)
    rows = [(row, _told(account, found.get(row.pk, []))) for row in shown]
    context = {"account": account, "form": form, "rows": rows, "more": len(waiting) > PROPOSED_AT_ONCE}
    return render(request, "ledger/passbook_tick.html", context | {"proposed": len(found)})


def _told(account: Account, lines: list[Any]) -> dict[str, Any]:
    return {
        "keys": ",".join(str(line.pk) for line in lines),
        "lines": [(line.entry, about_line(line, account), line.amount) for line in lines],
    }


@require_safe
def line(request: FundRequest, code: str, position: int) -> HttpResponse:
    """GET /books/passbooks/<code>/lines/<position>/: what a line is in the books."""
    return _line_page(request, code, position)


@forms_shown
def tick_line(request: FundRequest, code: str, position: int) -> HttpResponse:
    """POST /books/passbooks/<code>/lines/<position>/tick/: the lines of the books that were chosen."""
    return _line_page(request, code, position)


def _line_page(request: FundRequest, code: str, position: int) -> HttpResponse:
    account = bank_or_404(code)
    row = get_object_or_404(ticked_lines(account), position=position)
    left = abs(left_of(row))
    choices = [(one.pk, _choice(account, one)) for one in lines_like(row)] if left else []
    form = TickForm(request.POST or None, choices=choices)

    def act(data: dict[str, Any]) -> tuple[Any, ...]:
        return (tick_off(row, [int(key) for key in data["lines"]], by=request.user, now=request.now),)

    if carry_out(request, form, act):
        messages.success(request, _("Line %(position)s is ticked off.") % {"position": position})
        return redirect("ledger:passbook", code)
    ticks = row.ticks.select_related("line__entry__memo_row", "line__member", "line__debit", "line__credit")
    found = [(one.line.entry, about_line(one.line, account), one.amount) for one in ticks.order_by("pk")]
    context = {"account": account, "row": row, "form": form, "found": found, "choices": choices, "left": left}
    return render(request, "ledger/passbook_line.html", context)


def _choice(account: Account, line: Any) -> str:
    day = format_date(line.entry.date, "short")
    return f"{day} · {about_line(line, account)} · {format_baht(line.amount - line.ticked)}"


@require_POST
def untick(request: FundRequest, code: str, position: int) -> HttpResponse:
    """POST /books/passbooks/<code>/lines/<position>/untick/: what was ticked off is looked for again."""
    row = get_object_or_404(
        PassbookLine.objects.select_related("account"), account=bank_or_404(code), position=position
    )
    take_ticks_back(row)
    messages.success(request, _("Line %(position)s is no longer ticked off.") % {"position": position})
    return redirect("ledger:passbook_line", code, position)
