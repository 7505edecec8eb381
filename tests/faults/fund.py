"""A fund of a few hundred members at the controls of a small committee, and what must stand in its books."""

import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections, transaction
from django.db.models import Count, F, Sum
from django.utils.crypto import get_random_string

from bansong_fund.database_roles import APP
from bansong_fund.embedded_postgres import PORT, EmbeddedServer
from bansong_fund.lib.snapshots import one_moment
from contributions.models import CollectionLine, CollectionSheet, DuesPayment, SheetSend
from contributions.views.drafts import draft_owner
from ledger.models import Entry, EntryKind, Receipt, ReceiptCopy, ReceiptVoid
from members.models import Community, CommunityStay, Member, Membership
from members.verbs import count_members
from office.models import Job, User
from tests.contributions.conftest import regulate
from tests.factories import CommunityFactory, MemberFactory, make_fund, make_user

COMMUNITIES = 3
MEMBERS_OF_EACH = 100
JOINED_ON, PAID_THROUGH = date(2015, 1, 1), date(2019, 12, 31)
TREASURERS = ("treasurer", "second-treasurer", "printing-treasurer")

State = CollectionSheet.State


@contextmanager
def watched(server: EmbeddedServer) -> Iterator[None]:
    """This process asks the program's own database, as the role that serves; no connection is left behind."""
    login, settings = server.login(APP), connections["default"].settings_dict
    before = dict(settings)
    connections["default"].close()
    settings.update(
        NAME=login.database, USER=login.user, PASSWORD=login.password, HOST=login.host, PORT=PORT, CONN_MAX_AGE=0
    )
    try:
        yield
    finally:
        connections["default"].close()
        settings.update(before)


@transaction.atomic
def fill() -> None:
    """Three communities with their leaders, three treasurers."""
    make_fund(controls="small")
    regulate()
    for username in TREASURERS:
        make_user("treasurer", username=username)
    for number in range(1, COMMUNITIES + 1):
        community = CommunityFactory(number=number)
        make_user("leader", community=community, username=leader_of(number))
        _people(community)


def leader_of(number: int) -> str:
    return f"leader-{number}"


def _people(community: Community) -> None:
    built = MemberFactory.build_batch(MEMBERS_OF_EACH, community=community)
    people = Member.objects.bulk_create(built)
    Membership.objects.bulk_create(
        Membership(member=member, joined_on=JOINED_ON, paid_through=PAID_THROUGH) for member in people
    )
    CommunityStay.objects.bulk_create(
        CommunityStay(member=member, community=community, since=JOINED_ON) for member in people
    )
    count_members(community, current=len(people), cumulative=len(people))


def signed_in(username: str) -> tuple[dict[str, str], str]:
    """The cookies of a user as the login page leaves them, and the word for her drafts on a phone."""
    user, session = User.objects.get(username=username), SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = django_settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    cookies = {"sessionid": session.session_key, "csrftoken": get_random_string(32)}
    return cookies, draft_owner(SimpleNamespace(user=user))


# --- what must stand --------------------------------------------------------------------------------------------


@dataclass
class Answered:
    """Every act that a user was told is done, by the id of its form. Threads append."""

    opened: list[uuid.UUID] = field(default_factory=list)
    sent: list[uuid.UUID] = field(default_factory=list)
    typed: list[tuple[str, int, Decimal]] = field(default_factory=list)  # sheet, member's number, baht
    submitted: list[uuid.UUID] = field(default_factory=list)
    accepted: list[uuid.UUID] = field(default_factory=list)
    voided: list[int] = field(default_factory=list)  # the receipts' keys
    printed: list[uuid.UUID] = field(default_factory=list)
    on_paper: list[int] = field(default_factory=list)  # the keys of the receipts of those jobs

    def as_counts(self) -> dict[str, Counter[Any]]:
        return {name: Counter(value) for name, value in vars(self).items()}


def standing() -> Answered:
    """The same, as it is in the database: no act may be missing, none there twice, none that nobody was told of."""
    entries = dict.fromkeys((EntryKind.COLLECTION, EntryKind.HAND_OVER), ())
    for kind in entries:
        entries[kind] = list(Entry.objects.filter(kind=kind).values_list("request_id", flat=True))
    lines = CollectionLine.objects.select_related("sheet", "member")
    return Answered(
        opened=list(CollectionSheet.objects.values_list("request_id", flat=True)),
        sent=list(SheetSend.objects.values_list("request_id", flat=True)),
        typed=[(line.sheet.label, line.member.number, line.amount) for line in lines],
        submitted=entries[EntryKind.COLLECTION],
        accepted=entries[EntryKind.HAND_OVER],
        voided=list(ReceiptVoid.objects.values_list("receipt", flat=True)),
        printed=list(Job.objects.filter(state=Job.State.DONE).values_list("request_id", flat=True)),
        on_paper=list(ReceiptCopy.objects.values_list("receipt", flat=True)),
    )


def half_sheets() -> list[str]:
    """Sheets of which some is in the books and some is not, seen in one moment; none, whatever was killed."""
    with one_moment():
        sheets = list(CollectionSheet.objects.all())
        lines = _by_sheet(CollectionLine.objects, "sheet", "amount")
        dues = _by_sheet(DuesPayment.objects, "sheet", "amount")
        receipts = dict(Receipt.objects.values_list("entry").annotate(Sum("total")))
        posted = dict(Entry.objects.values_list("pk").annotate(Sum("lines__amount")))
        papers = Entry.objects.filter(document_kind="sheet").values_list("document_number", "kind")
        entries = {(label, kind): count for label, kind, count in papers.annotate(Count("pk"))}
    problems = []
    for sheet in sheets:
        in_books = sheet.state != State.DRAFT
        wanted = {(sheet.label, EntryKind.COLLECTION): in_books, (sheet.label, EntryKind.HAND_OVER): _is_in(sheet)}
        found = [lines.get(sheet.pk), dues.get(sheet.pk), sheet.total or None]
        found += [receipts.get(sheet.submission_entry_id), posted.get(sheet.submission_entry_id)]
        whole = len(set(found)) == 1 if in_books else found[1:] == [None] * 4
        if not whole or any(entries.get(key, 0) != count for key, count in wanted.items()):
            problems.append(f"{sheet.label} {sheet.state}: lines, dues, total, receipts, entry {found}")
    return problems


def _is_in(sheet: CollectionSheet) -> bool:
    return sheet.state == State.ACCEPTED


def _by_sheet(rows: Any, sheet: str, amount: str) -> dict[int, Decimal]:
    return dict(rows.exclude(**{sheet: None}).values_list(sheet).annotate(Sum(amount)))


def waiting_sheets() -> list[CollectionSheet]:
    """Handed in, not yet accepted; each with its `receipts`, in their order."""
    found = list(
        CollectionSheet.objects.filter(state=State.SUBMITTED).select_related("submission_entry").order_by("pk")
    )
    for sheet in found:
        sheet.receipts = list(Receipt.objects.filter(entry=sheet.submission_entry_id).order_by("number"))
    return found


def numbers_of_members() -> dict[int, list[int]]:
    """The members' numbers by their community's."""
    found: dict[int, list[int]] = {}
    for community, number in Member.objects.order_by("number").values_list("community__number", "number"):
        found.setdefault(community, []).append(number)
    return found


def is_at_work() -> bool:
    """Whether the worker has a job in hand."""
    return Job.objects.filter(state=Job.State.RUNNING).exists()


def let_time_pass() -> None:
    """What a killed worker left behind was left behind two minutes ago."""
    for name in ("heartbeat_at", "requested_at"):
        unfinished = Job.objects.filter(state__in=(Job.State.WAITING, Job.State.RUNNING))
        unfinished.update(**{name: F(name) - timedelta(minutes=2)})
