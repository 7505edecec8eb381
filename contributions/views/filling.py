"""The page on which a leader fills in a collection sheet, with a script and without.

Without a script each touch is a form that is posted. With one (static/js/sheet.js) it is written into a draft on the
phone first, and sent in the background (`contributions.views.sheet_sends`).
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.money import ZERO, format_baht
from contributions.door import books_of
from contributions.forms.filling import FillForm, OneLineForm
from contributions.models import CollectionSheet
from contributions.queries import SheetRow, sheet_rows, sheet_totals
from contributions.sheet_lines import TakenAtDoor
from contributions.sheet_sends import line_facts, stamp_of, write_together
from contributions.views.acting import without_rules_back_to
from contributions.views.drafts import draft_settings
from contributions.views.sheets import is_hers, sheet_or_404, sheet_read
from members.application_queries import FirstDues, first_dues_waiting
from members.models import Member
from members.queries import visible_members

BAHT = r"[0-9]{1,9}(?:\.[0-9]{1,2})?"
PAY_BUTTON = re.compile(rf"([0-9]{{1,9}}):({BAHT})(?::({BAHT}))?")


@require_http_methods(["GET", "HEAD", "POST"])
@without_rules_back_to("contributions:sheets")
def fill(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """GET, POST /money-in/sheets/<year>/<number>/: member by member; once submitted, to read. ?edit=12: one line."""
    found = sheet_or_404(request, year, number)
    if found.state != CollectionSheet.State.DRAFT or not is_hers(request, found.community):
        return sheet_read(request, found)
    books = books_of(request.user)
    if "line" in request.POST:
        return _write_one(request, found, books, request.POST["line"])
    if request.method == "POST":
        return _write(request, found, FillForm(request.POST, today=request.today, books=books))
    if request.GET.get("edit"):
        return _one(request, found, books, request.GET["edit"])
    form = FillForm(initial=_standing_choices(request, books), today=request.today, books=books)
    return _fill_page(request, found, form)


def _standing_choices(request: HttpRequest, books: Sequence[Any]) -> dict[str, Any]:
    """The day and the book of the last touch go on from row to row; at first today, and the book she holds."""
    open_books = [one.book.label for one in books if one.next_number]
    book = request.GET.get("book", open_books[0] if open_books else "")
    next_number = next((one.next_number for one in books if one.book.label == book), None)
    return {"date": request.GET.get("date") or request.today.isoformat(), "book": book, "number": next_number}


# --- a touch on the page ----------------------------------------------------------------------------------


def _write(request: HttpRequest, found: CollectionSheet, form: FillForm) -> HttpResponse:
    """One touch: write a line or take it off, and come back to the same row with the same day and book."""
    if not form.is_valid():
        return _fill_page(request, found, form)
    anchor, chosen = "", _chosen(request)
    if chosen is not None:
        member_number, amount, fee = chosen
        member = get_object_or_404(who_may_stand_on(found, request, to_pay=amount is not None), number=member_number)
        anchor, first = f"#m{member_number}", _first_dues(request, member)
        day = first.taken_on if first else form.cleaned_data["date"]
        paper = {name: form.cleaned_data.get(name) for name in ("book", "number")} if amount or first else {}
        taken = TakenAtDoor(member, first.baht if first else amount, day, entry_fee=fee, **paper)
        try:
            write_together(sheet=found, taken=[taken], by=request.user, today=request.today)
        except DomainError as refusal:
            messages.error(request, str(refusal))
    return redirect(f"{_address(request, found, form)}{anchor}")


def who_may_stand_on(found: CollectionSheet, request: HttpRequest, *, to_pay: bool) -> QuerySet[Member]:
    """Her own community's members; taken off is also the line of one who has moved or was merged since."""
    own = visible_members(request.user).filter(community=found.community)
    return own if to_pay else Member.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=found.lines.values("member")))


def _address(request: HttpRequest, found: CollectionSheet, form: FillForm) -> str:
    words = {"date": form.cleaned_data["date"].isoformat()}
    if "book" in form.fields:
        words["book"] = form.data.get("book", "")
    if request.GET.get("show") == "all":
        words["show"] = "all"
    return f"{reverse('contributions:fill', args=[found.year_be, found.number])}?{urlencode(words)}"


def _first_dues(request: HttpRequest, member: Member) -> FirstDues | None:
    """Sum and day that stand on the member's application, where the button under `first` was touched."""
    if not request.POST.get("first"):
        return None
    return first_dues_waiting(member.memberships.order_by("-joined_on")[:1]).get(member.pk)


def _chosen(request: HttpRequest) -> tuple[int, Decimal | None, Decimal] | None:
    """The button touched: "12:365.00" pays, "12:365.00:20.00" with an entry fee; "12" under `undo` takes off, under
    `first` pays what the application says.

    Where nothing waits of an application any more, `first` takes the line off, which there is none of.
    """
    for name in ("undo", "first"):
        if request.POST.get(name, "").isdecimal():
            return int(request.POST[name]), None, ZERO
    touched = PAY_BUTTON.fullmatch(request.POST.get("pay", ""))
    return (int(touched[1]), Decimal(touched[2]), Decimal(touched[3] or 0)) if touched else None


# --- the page ---------------------------------------------------------------------------------------------


def _fill_page(request: HttpRequest, found: CollectionSheet, form: FillForm) -> HttpResponse:
    rows = sheet_rows(found, request.today)
    everyone = request.GET.get("show") == "all"
    shown = rows if everyone else [row for row in rows if row.owed or row.line or row.first_dues]
    houses: dict[int, int] = defaultdict(lambda: len(houses) + 1)
    for row in shown:
        row.member.house_on_page = houses[row.member.household_id] if row.member.household_id else 0
        if row.line:
            facts = line_facts(row.line)
            row.line.paper_number = f"{facts['book']}/{facts['no']}"
            row.line.facts = json.dumps(facts | {"stamp": stamp_of(row.line)}, ensure_ascii=False)
    context = {
        "sheet": found,
        "form": form,
        "rows": shown,
        "totals": sheet_totals(rows),
        "hidden": len(rows) - len(shown),
        "draft": draft_settings(request, found, away=len(rows) - len(shown))
        | {"next_numbers": form.next_numbers, "last_numbers": form.last_numbers},
    }
    return render(request, "contributions/fill.html", context)


# --- one line typed ---------------------------------------------------------------------------------------


def _one(request: HttpRequest, found: CollectionSheet, books: Sequence[Any], number: str) -> HttpResponse:
    row, house = _row_and_house(request, found, number)
    initial = _standing_choices(request, books)
    line = row.line
    if line is not None:
        facts = line_facts(line)
        initial |= {"date": line.paid_on, "amount": line.amount, "entry_fee": line.entry_fee or None}
        initial |= {"book": facts["book"], "number": facts["no"], "payer_name": facts["payer"]}
    else:
        initial |= {"amount": row.owed or None, "entry_fee": row.entry_fee or None}
    form = OneLineForm(initial=initial, **_form_facts(request, books, row, house))
    return _one_page(request, found, row, form)


def _write_one(request: HttpRequest, found: CollectionSheet, books: Sequence[Any], number: str) -> HttpResponse:
    """Her line and those of the house that the same payer paid for: all of them, or none with a reason."""
    row, house = _row_and_house(request, found, number)
    form = OneLineForm(request.POST, **_form_facts(request, books, row, house))
    if form.is_valid():
        data = form.cleaned_data
        others = [other for other in house if _other_key(other) in data.get("others", [])]
        payer = data["payer_name"].strip() or (row.member.full_name if others else "")
        shared = {"paid_on": data["date"], "book": data["book"], "number": data["number"], "payer_name": payer}
        taken = [
            TakenAtDoor(row.member, data["amount"], entry_fee=data["entry_fee"], **shared),
            *(TakenAtDoor(other.member, other.owed, entry_fee=other.entry_fee, **shared) for other in others),
        ]
        try:
            write_together(sheet=found, taken=taken, by=request.user, today=request.today)
            return redirect(f"{_address(request, found, form)}#m{row.member.number}")
        except DomainError as refusal:
            show_refusal(form, refusal)
    return _one_page(request, found, row, form)


def _row_and_house(request: HttpRequest, found: CollectionSheet, number: str) -> tuple[SheetRow, list[SheetRow]]:
    """A member's row, and the rows of those of her house who owe something and have not paid yet."""
    rows = sheet_rows(found, request.today)
    row = next((one for one in rows if number.isdecimal() and one.member.number == int(number)), None)
    if row is None or not visible_members(request.user).filter(pk=row.member.pk, community=found.community).exists():
        raise Http404
    house = row.member.household_id
    owing = [one for one in rows if one.owed and one.line is None and one.member.pk != row.member.pk]
    return row, [one for one in owing if house and one.member.household_id == house]


def _other_key(other: SheetRow) -> str:
    """With the sum beside it: where that changed since the page was opened, the tick is none of the choices now."""
    return f"{other.member.number}:{other.owed}:{other.entry_fee}"


def _form_facts(request: HttpRequest, books: Sequence[Any], row: SheetRow, house: Sequence[SheetRow]) -> dict[str, Any]:
    others = [(_other_key(one), f"{one.member.full_name} – {format_baht(one.owed + one.entry_fee)}") for one in house]
    has_fee = bool(row.entry_fee or (row.line and row.line.entry_fee))
    return {"today": request.today, "books": books, "has_fee": has_fee, "others": others}


def _one_page(request: HttpRequest, found: CollectionSheet, row: SheetRow, form: OneLineForm) -> HttpResponse:
    return render(request, "contributions/fill_one.html", {"sheet": found, "row": row, "form": form})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """GET /money-in/sheet-worker.js: the script by which a browser opens the sheet without network."""
    return render(request, "contributions/sheet_worker.js", content_type="text/javascript")
