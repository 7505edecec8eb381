"""Paper receipt books: given out, brought back, and a page for each with every number."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from contributions.forms.sheets import GiveBookForm, GiveOnForm, SpoilForm
from contributions.queries.receipt_books import count_books, fates_of, visible_books
from contributions.receipt_books import give_book, give_on, return_book, spoil_number
from contributions.views.acting import carry_out, forms_shown
from ledger.models import ReceiptBook
from office.models import ActionLog
from office.roles import may_open

FATES = {
    "used": gettext_lazy("Used"),
    "void": gettext_lazy("Void"),
    "lost": gettext_lazy("Lost"),
    "blank": gettext_lazy("Left blank"),
    "skipped": gettext_lazy("Skipped: to be explained"),
    "unused": gettext_lazy("Not used yet"),
}


@forms_shown
def books(request: HttpRequest) -> HttpResponse:
    """GET, POST /money-in/receipt-books/: the books with their counts; the registrar or treasurer gives one out."""
    may_give = may_open(request.user, "contributions:give_book_on")
    form = GiveBookForm(request.POST or None) if may_give else None

    def act(data: dict[str, Any]) -> ReceiptBook:
        return give_book(**data, by=request.user, today=request.today)

    if form is not None and (book := carry_out(request, form, act)):
        words = {"label": book.label, "name": book.holder.display_name}
        messages.success(request, _("Book %(label)s is written down; %(name)s has it.") % words)
        return redirect("contributions:receipt_books")
    found = visible_books(request.user)
    if may_give:
        found = found.order_by("returned_on", "label")
    return render(request, "contributions/receipt_books.html", {"rows": count_books(found), "form": form})


@forms_shown
def book(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/receipt-books/<id>/: every number of a book; POST writes down a spoiled one."""
    found = _book(request, key)
    form = SpoilForm(request.POST or None)

    def act(data: dict[str, Any]) -> Any:
        return spoil_number(book=found, **data, by=request.user, today=request.today)

    may_write = may_open(request.user, "contributions:give_book_on") or found.holder_id == request.user.pk
    if may_write and (spoiled := carry_out(request, form, act)):
        words = {"number": spoiled.number, "kind": spoiled.get_kind_display()}
        messages.success(request, _("No. %(number)d is written down: %(kind)s.") % words)
        return redirect("contributions:receipt_book", key)
    return _book_page(request, found, form if may_write else None, GiveOnForm())


def _book_page(
    request: HttpRequest, found: ReceiptBook, form: SpoilForm | None, give_on_form: GiveOnForm
) -> HttpResponse:
    log = ActionLog.objects.filter(subject_kind="receiptbook", subject_id=found.pk)
    context = {
        "book": found,
        "counts": count_books([found])[0],
        "fates": [(fate, FATES[fate.kind]) for fate in fates_of(found)],
        "form": form,
        "give_on_form": give_on_form,
        "history": log.select_related("user").order_by("pk"),
    }
    return render(request, "contributions/receipt_book.html", context)


@require_POST
def bring_back(request: HttpRequest, key: int) -> HttpResponse:
    """POST /money-in/receipt-books/<id>/back/: the holder brings the book back."""
    found = _book(request, key)
    try:
        return_book(book=found, by=request.user, today=request.today)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Book %(label)s is back.") % {"label": found.label})
    return redirect("contributions:receipt_book", key)


@require_POST
def on_to_the_next(request: HttpRequest, key: int) -> HttpResponse:
    """POST /money-in/receipt-books/<id>/on/: a half-used book goes to another leader."""
    found = _book(request, key)
    form = GiveOnForm(request.POST)
    if form.is_valid():
        try:
            given = give_on(book=found, holder=form.cleaned_data["holder"], by=request.user, today=request.today)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            words = {"label": given.label, "name": given.holder.display_name}
            messages.success(request, _("Book %(label)s is with %(name)s now.") % words)
            return redirect("contributions:receipt_book", key)
    return _book_page(request, found, SpoilForm(), form)


def _book(request: HttpRequest, key: int) -> ReceiptBook:
    return get_object_or_404(visible_books(request.user), pk=key)
