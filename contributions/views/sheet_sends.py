"""What a leader's phone sends of its draft of a sheet, and what it is told of each line."""

import json
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions.forms.filling import SentLineForm
from contributions.models import CollectionSheet, SheetSend
from contributions.sheet_lines import TakenAtDoor
from contributions.sheet_sends import TypedLine, line_facts, lines_by_member, stamp_of, take_send
from contributions.views.drafts import draft_owner
from contributions.views.filling import who_may_stand_on
from contributions.views.sheets import is_hers, sheet_or_404
from ledger.models import ReceiptBook
from members.models import Member

MOST_LINES = 60
MOST_BYTES = 60_000


@require_POST
def send(request: HttpRequest, year: int, number: int) -> JsonResponse:
    """POST /money-in/sheets/<year>/<number>/send/: a batch of a phone's draft, as JSON; answered line by line.

    {"id": uuid, "who": word of the user, "lines": [{"n": 12, "amount": "365", "day": "2020-10-20", …}]} is answered
    by {"lines": [{"n": 12, "state": "written", "why": "", "now": what stands on the line}]}. A line may be written,
    changed (elsewhere meanwhile), refused, closed (the sheet was handed in), or again (its reason is not kept: send it
    anew). 409: the draft is another user's; 400: it cannot be read.
    """
    found = sheet_or_404(request, year, number)
    if not is_hers(request, found.community):
        raise Http404
    batch = _batch_of(request)
    if batch is None:
        return JsonResponse({"fault": "unreadable"}, status=400)
    if batch["who"] != draft_owner(request):
        return JsonResponse({"fault": "another user"}, status=409)
    typed, refused = _typed_lines(request, found, batch["lines"])
    sent = take_send(
        sheet=found, typed=typed, by=request.user, today=request.today, now=request.now, request_id=batch["id"]
    )
    if (sent.sheet_id, sent.sent_by_id) != (found.pk, request.user.pk):
        raise Http404
    return JsonResponse({"lines": [*_answers(found, sent), *refused]})


def _batch_of(request: HttpRequest) -> dict[str, Any] | None:
    """The batch, its id read; None where it is none."""
    if len(request.body) > MOST_BYTES:
        return None
    try:
        typed = json.dumps(json.loads(request.body), ensure_ascii=False)
        batch = json.loads(typed.encode(errors="replace"))  # half an emoji, cut by a box that was full, is no text
        found = {"id": uuid.UUID(batch["id"]), "who": str(batch["who"]), "lines": list(batch["lines"])}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return found if 0 < len(found["lines"]) <= MOST_LINES else None


def _typed_lines(
    request: HttpRequest, found: CollectionSheet, lines: Sequence[Any]
) -> tuple[list[TypedLine], list[dict[str, Any]]]:
    """The lines that can be read, and an answer for each that cannot."""
    forms = [SentLineForm(line, today=request.today) for line in lines]
    members = _members_named(request, found, forms)
    labels = {form.cleaned_data["book"] for form in forms if form.is_valid()} - {""}
    books = {book.label: book for book in ReceiptBook.objects.filter(label__in=labels)} if labels else {}
    typed: dict[int, TypedLine] = {}
    refused: list[dict[str, Any]] = []
    for form in forms:
        why = form.why_not() if form.errors else _why_not(form.cleaned_data, members, books)
        number = form.cleaned_data.get("n")
        if why:
            refused.append({"n": number, "state": "refused", "why": why, "now": None, "unread": True})
        else:
            typed[number] = _typed(form.cleaned_data, members[number, bool(form.cleaned_data["undo"])], books)
    off_first = sorted(typed.values(), key=lambda one: one.taken.amount is not None)
    return off_first, refused  # so that the paper number of a line taken off is free for another


def _members_named(
    request: HttpRequest, found: CollectionSheet, forms: Sequence[SentLineForm]
) -> dict[tuple[int, bool], Member]:
    """By number, and by whether the line is to be taken off, those who may stand on the sheet."""
    numbers = {form.cleaned_data["n"] for form in forms if form.is_valid()}
    members = {}
    for undo in {bool(form.cleaned_data["undo"]) for form in forms if form.is_valid()}:
        who = who_may_stand_on(found, request, to_pay=not undo).filter(number__in=numbers)
        members |= {(member.number, undo): member for member in who}
    return members


def _why_not(data: dict[str, Any], members: dict[tuple[int, bool], Member], books: dict[str, ReceiptBook]) -> str:
    if (data["n"], bool(data["undo"])) not in members:
        return _("No. %(number)d is no member of this community now.") % {"number": data["n"]}
    if data["book"] and (data["book"] not in books or not data["no"]):
        return _("There is no receipt book %(label)s, or the number is missing.") % {"label": data["book"]}
    return ""


def _typed(data: dict[str, Any], member: Member, books: dict[str, ReceiptBook]) -> TypedLine:
    day = data["day"]
    if data["undo"]:
        return TypedLine(TakenAtDoor(member, None, day), data["seen"])
    taken = TakenAtDoor(
        member,
        data["amount"] or Decimal("0.00"),
        day,
        entry_fee=data["fee"] or Decimal("0.00"),
        book=books.get(data["book"]),
        number=data["no"] if data["book"] else None,
        payer_name=data["payer"].strip(),
    )
    return TypedLine(taken, data["seen"])


def _answers(found: CollectionSheet, sent: SheetSend) -> list[dict[str, Any]]:
    """What became of each line, with what stands on it at this moment."""
    numbers = [one["n"] for one in sent.answer["lines"]]
    keys = dict(Member.objects.filter(number__in=numbers).values_list("number", "pk"))
    standing = lines_by_member(found)
    answers = []
    reasons = getattr(sent, "reasons", None)
    for one in sent.answer["lines"]:
        line = standing.get(keys.get(one["n"], 0))
        now = line_facts(line) | {"stamp": stamp_of(line)} if line else None
        state = "again" if reasons is None and one["state"] in {"refused", "closed"} else one["state"]
        answers.append({"n": one["n"], "state": state, "why": (reasons or {}).get(one["n"], ""), "now": now})
    return answers
