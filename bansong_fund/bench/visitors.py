"""Who asks, and for what: sessions made in the database, members and claims that the pages are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Count

from bansong_fund.bench.sheets import COLLECTOR, DUES, make_sheets
from contributions.models import CollectionSheet
from ledger.models import Account, AccountRole, FiscalYear, Receipt
from ledger.queries import balances
from members.models import Fund, Meeting, Member
from office.models import User
from welfare.models import Claim, ClaimState


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the pages are about. `unpaid` and `approved` are used up, one by one, by the money buttons."""

    member_number: int
    search: str
    unpaid: list[int]
    approved: list[tuple[int, int]]
    fullest_account: int  # the key of the cash box or bank account that holds most
    year_be: int  # the last closed year
    bank_account: str  # the code of the first bank account
    sheet: tuple[int, int]  # year and number of the sheet that is read, filled in by half
    meeting: dict[str, Any]  # the address of the committee's latest meeting, where what waits is decided
    receipt: tuple[int, int]  # year and number of a receipt
    counted: dict[tuple[int, int], str]  # the sheets to submit and to accept, by year and number, with their money


def sign_in(role: str) -> dict[str, str]:
    """The cookies of a user with this role (the first by key), or of the bench's collector, as by the login page."""
    users = User.objects.filter(role_grants__revoked_at=None).order_by("pk")
    user = users.filter(username=COLLECTOR)[0] if role == "collector" else users.filter(role_grants__role=role)[0]
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {settings.SESSION_COOKIE_NAME: session.session_key}


def subjects() -> Subjects:
    """A member with the most claims, a search as people type it, what can be paid, and sheets to hand in."""
    today = Fund.objects.get().demo_day
    member = (
        Member.objects.filter(memberships__ended_on=None, community__number=1)
        .annotate(asked=Count("claims"))
        .order_by("-asked", "pk")[0]
    )
    unpaid = Member.objects.filter(
        memberships__ended_on=None, memberships__paid_through__gte=today - timedelta(days=1000)
    ).order_by("memberships__paid_through", "pk")
    approved = Claim.objects.filter(state=ClaimState.APPROVED).order_by("pk")
    closed = FiscalYear.objects.filter(closed_at__isnull=False).order_by("-year_be")[0]
    first, *others = make_sheets()
    return Subjects(
        member_number=member.number,
        search=member.first_name[:4],
        unpaid=list(unpaid.values_list("number", flat=True)[:2000]),
        approved=list(approved.values_list("year_be", "number")[:2000]),
        fullest_account=max(balances(AccountRole.CASH, AccountRole.BANK), key=lambda held: held[1])[0].pk,
        year_be=closed.year_be,
        bank_account=Account.objects.filter(role=AccountRole.BANK).order_by("code")[0].code,
        sheet=(first.year_be, first.number),
        meeting=_latest_meeting(),
        receipt=Receipt.objects.filter(book="", void=None).order_by("-pk").values_list("year_be", "number")[0],
        counted=_money_of(others),
    )


def _latest_meeting() -> dict[str, Any]:
    found = Meeting.objects.filter(kind=Meeting.Kind.COMMITTEE).order_by("-held_on", "-id")[0]
    return {"kind": found.kind, "year_be": found.year_be, "number": found.number}


def _money_of(sheets: Sequence[CollectionSheet]) -> dict[tuple[int, int], str]:
    return {(sheet.year_be, sheet.number): str(DUES * sheet.lines.count()) for sheet in sheets}
