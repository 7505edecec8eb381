"""What the pages of phones read: cards that still work, phones that are enrolled, leaders with theirs."""

import hashlib
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from office.models import EnrolledPhone, PhoneCard, User
from office.roles import Role


def running_card(token: str, *, now: datetime) -> PhoneCard | None:
    """The card of this token, unless it was used, was ended, is too old, or its user's account is closed."""
    cards = PhoneCard.objects.filter(used_at=None, ended_at=None, expires_at__gt=now, user__is_active=True)
    return cards.select_related("user").filter(token_digest=digest_of(token)).first()


def enrolled_phone(device: str, *, now: datetime) -> EnrolledPhone | None:
    """The phone that holds this token, locked or not, unless it was ended or its 90 days are over."""
    if not device:
        return None
    phones = EnrolledPhone.objects.filter(ended_at=None, expires_at__gt=now, user__is_active=True)
    return phones.select_related("user").filter(device_digest=digest_of(device)).first()


def digest_of(token: str) -> str:
    """What the database keeps of a card's or a phone's token: the SHA-256, in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def leaders_with_phones(now: datetime) -> QuerySet[User]:
    """Users who lead communities, each with `running_phones` and `running_cards`, in three queries."""
    leaders = User.objects.filter(is_active=True, role_grants__role=Role.LEADER, role_grants__revoked_at=None)
    phones = EnrolledPhone.objects.filter(ended_at=None, expires_at__gt=now).order_by("-enrolled_at")
    cards = PhoneCard.objects.filter(used_at=None, ended_at=None, expires_at__gt=now)
    return leaders.distinct().prefetch_related(
        Prefetch("phones", phones, to_attr="running_phones"),
        Prefetch("phone_cards", cards, to_attr="running_cards"),
    )
