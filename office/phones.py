"""Leaders' phones: enrolled with a printed card, then signed in for 90 days behind a PIN that works on that phone only.

The phone holds a long random token in a cookie, the database its digest alone. The PIN is hashed together with that
token, so whoever reads the database can try out no PIN, and a PIN is worth nothing on another phone. Five misses lock
the phone; a new card, given face to face, is the one way back. A card works once, within three days.
"""

import secrets
import uuid
from datetime import datetime, timedelta
from itertools import pairwise

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bansong_fund.lib.errors import DomainError
from office.action_log import log_action
from office.models import EnrolledPhone, PhoneCard, User
from office.phone_queries import digest_of, enrolled_phone, running_card
from office.roles import SECOND_FACTOR_ROLES, Role

PHONE_COOKIE = "fund_phone"  # holds the token of an enrolled phone
PHONE_IN_SESSION = "phone"  # in a session that a PIN opened: the key of the phone's row
CARD_LIFETIME = timedelta(days=3)
PHONE_LIFETIME = timedelta(days=90)
MOST_MISSES = 5
PIN_LENGTH = 6
SEEN_EVERY = timedelta(minutes=10)  # how exact "last seen" is; a write on each page would be too many


class PhoneRefused(DomainError):
    """The card or phone that may not be had, or is worth nothing."""


class WeakPin(DomainError):
    """A PIN that others would try first."""


class WrongPin(DomainError):
    """Not this phone's PIN. One of five misses."""


def may_use_phone(user: User) -> bool:
    """Whether a PIN may sign this user in: a leader, with no role that handles the fund's money or its users."""
    return user.is_active and user.has_role(Role.LEADER) and not user.has_role(*SECOND_FACTOR_ROLES)


# --- the registrar's acts ---------------------------------------------------------------------------------


def issue_card(leader: User, *, by: User, now: datetime) -> str:
    """Make a card and return its token, to be shown once; a card issued before ends. Raises PhoneRefused."""
    if not may_use_phone(leader):
        message = _(
            "%(name)s cannot sign in by phone: that is for community leaders who hold no role of treasurer or"
            " administrator and whose account is open."
        )
        raise PhoneRefused(message % {"name": leader.display_name})
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=leader.pk)  # two cards at the same moment: one of them ends
        _end_cards(leader, now)
        PhoneCard.objects.create(
            user=leader, token_digest=digest_of(token), issued_by=by, issued_at=now, expires_at=now + CARD_LIFETIME
        )
        log_action(by, "phone-card-issued", subject=leader)
    return token


@transaction.atomic
def end_card(leader: User, *, by: User, now: datetime) -> None:
    """A card that was lost on the way does nothing any more. A second call changes nothing."""
    if _end_cards(leader, now):
        log_action(by, "phone-card-ended", subject=leader)


def _end_cards(leader: User, now: datetime) -> int:
    return leader.phone_cards.filter(used_at=None, ended_at=None, expires_at__gt=now).update(ended_at=now)


@transaction.atomic
def end_phone(phone: EnrolledPhone, *, by: User, now: datetime) -> None:
    """End a phone and, with its next page, every session on it. A second call changes nothing."""
    if EnrolledPhone.objects.filter(pk=phone.pk, ended_at=None).update(ended_at=now, ended_by=by):
        action = "phone-forgotten" if by.pk == phone.user_id else "phone-ended"
        log_action(by, action, subject=phone.user, phone=phone.name)


# --- on the phone -----------------------------------------------------------------------------------------


def enrol_phone(
    *, card_token: str, pin: str, name: str, earlier_device: str, now: datetime, request_id: uuid.UUID
) -> tuple[EnrolledPhone, str]:
    """Use up a card: the phone is the leader's for 90 days. Returns its row and the token that it keeps.

    The same `request_id` again finds the same phone. What was enrolled on this phone before (`earlier_device`: a
    forgotten PIN, another leader) ends with it. Raises `PhoneRefused`, `WeakPin`.
    """
    device = salted_hmac("office.phones", f"{card_token}:{request_id}", algorithm="sha256").hexdigest()
    with transaction.atomic():
        card = PhoneCard.objects.select_for_update().filter(token_digest=digest_of(card_token)).first()
        if again := EnrolledPhone.objects.filter(card=card, device_digest=digest_of(device), ended_at=None).first():
            return again, device
        if card is None or running_card(card_token, now=now) is None or not may_use_phone(card.user):
            raise PhoneRefused(
                _("This card does not work: it was used, was ended, or is older than three days. Ask for a new one.")
            )
        refuse_weak(pin, card.user)
        card.used_at = now
        card.save(update_fields=["used_at"])
        earlier = EnrolledPhone.objects.filter(device_digest=digest_of(earlier_device), ended_at=None)
        earlier.update(ended_at=now, ended_by=card.user)
        phone = _enrolled(card, device, pin, name, now)
        log_action(card.user, "phone-enrolled", subject=card.user, phone=phone.name)
    return phone, device


def _enrolled(card: PhoneCard, device: str, pin: str, name: str, now: datetime) -> EnrolledPhone:
    return EnrolledPhone.objects.create(
        user=card.user,
        card=card,
        device_digest=digest_of(device),
        name=name[:100],
        pin_hash=make_password(_with_device(device, pin)),
        enrolled_at=now,
        expires_at=now + PHONE_LIFETIME,
        last_seen_at=now,
    )


def open_by_pin(*, device: str, pin: str, now: datetime) -> EnrolledPhone:
    """Check the PIN of this phone and count a miss. Raises `PhoneRefused` (not enrolled, locked), `WrongPin`."""
    with transaction.atomic():
        EnrolledPhone.objects.select_for_update().filter(device_digest=digest_of(device)).first()
        phone = enrolled_phone(device, now=now)
        if phone is None or not may_use_phone(phone.user):
            raise PhoneRefused(_("This phone is not signed in any more. Ask the registrar for a new card."))
        _refuse_locked(phone)
        is_right = check_password(_with_device(device, pin), phone.pin_hash)
        phone.misses = 0 if is_right else phone.misses + 1
        phone.locked_at = now if phone.misses >= MOST_MISSES else None
        phone.last_seen_at = now if is_right else phone.last_seen_at
        phone.save(update_fields=["misses", "locked_at", "last_seen_at"])
        if not is_right:
            log_action(None, "phone-locked" if phone.locked_at else "pin-missed", subject=phone.user, phone=phone.name)
    if not is_right:
        _refuse_locked(phone)
        left = MOST_MISSES - phone.misses
        message = ngettext(
            "This is not the PIN of this phone. %(left)d try is left.",
            "This is not the PIN of this phone. %(left)d tries are left.",
            left,
        )
        raise WrongPin(message % {"left": left}, field="pin")
    return phone


def _refuse_locked(phone: EnrolledPhone) -> None:
    if phone.locked_at:
        raise PhoneRefused(
            _(
                "This phone is locked after five wrong PINs. Take it to the registrar of the fund, who gives you a new"
                " card; or sign in with your user name and password."
            )
        )


def _with_device(device: str, pin: str) -> str:
    return f"{device}:{pin}"


def refuse_weak(pin: str, user: User) -> None:
    """Refuse a PIN that stands in every thief's list: 111111, 121212, 123123, 123456, 654321, the own phone number."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    repeats = pin == pin[:2] * 3 or pin == pin[:3] * 2
    if repeats or steps in ({0}, {1}, {9}) or len(set(pin)) < 3 or pin in user.phone:
        message = _(
            "This PIN is guessed too easily. Choose six digits without a pattern, and not of your phone number."
        )
        raise WeakPin(message, field="pin")


# --- a session on a phone ---------------------------------------------------------------------------------


def still_runs(phone_id: int, user: User, *, now: datetime) -> bool:
    """Whether a session of this phone may go on: one query, and a write every ten minutes for "last seen"."""
    running = EnrolledPhone.objects.filter(
        pk=phone_id, user_id=user.pk, ended_at=None, locked_at=None, expires_at__gt=now
    )
    seen = running.values_list("last_seen_at", flat=True).first()
    if seen is None or not may_use_phone(user):
        return False
    if seen < now - SEEN_EVERY:
        running.update(last_seen_at=now)
    return True


def phone_name(user_agent: str) -> str:
    """What a phone says of itself, in words for the registrar's list: "Android, Chrome"."""
    systems = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Macintosh": "Mac"}
    programs = {
        "Line/": "LINE",
        "SamsungBrowser": "Samsung Internet",
        "Firefox": "Firefox",
        "FxiOS": "Firefox",
        "Edg": "Edge",
        "CriOS": "Chrome",
        "Chrome": "Chrome",
        "Safari": "Safari",
    }
    found = [next((name for mark, name in kinds.items() if mark in user_agent), "") for kinds in (systems, programs)]
    return ", ".join(filter(None, found)) or "?"
