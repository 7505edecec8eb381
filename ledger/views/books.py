"""The pages of the books. They read; whatever changes money stands in `contributions` and `welfare`."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ledger.models import Account, Entry
from ledger.queries import money_in_hand, trial_balance
from ledger.registers import (
    entry_page,
    statement_page,
)
from ledger.views.requests import FundRequest, list_key


@require_safe
def money(request: FundRequest) -> HttpResponse:
    """Where the fund's money is: each bank account, the cash box, cash with leaders, their sum; the last entries."""
    page = entry_page(Entry.objects.all())
    return render(request, "ledger/money.html", {"money": money_in_hand(), "entries": page.rows[:8]})


@require_safe
def account(request: FundRequest, code: str) -> HttpResponse:
    """The statement of an account, newest line first."""
    found = get_object_or_404(Account, code=code)
    page = statement_page(found, before=list_key(request))
    return render(request, "ledger/account.html", {"account": found, "page": page})


@require_safe
def entries(request: FundRequest) -> HttpResponse:
    """The journal: every entry, newest first."""
    return render(request, "ledger/entries.html", {"page": entry_page(Entry.objects.all(), before=list_key(request))})


@require_safe
def entry(request: FundRequest, number: int) -> HttpResponse:
    rows = Entry.objects.select_related("memo_row", "posted_by", "reverses").prefetch_related("reversals")
    found = get_object_or_404(rows, number=number)
    lines = found.lines.select_related("debit", "credit", "member", "community")[:500]
    return render(request, "ledger/entry.html", {"entry": found, "lines": lines})


@require_safe
def trial_balance_page(request: FundRequest) -> HttpResponse:
    """Every account that was used, on its side; the two sums agree."""
    rows = trial_balance()
    sums = {"debit": sum(row[1] for row in rows), "credit": sum(row[2] for row in rows)}
    return render(request, "ledger/trial_balance.html", {"rows": rows, "sums": sums})
