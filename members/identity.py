"""The whole national ID: hidden until somebody says why, then shown that day; every look is written down.

Once for a member, a user and a day: who has said a reason sees the number again that day without being asked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.national_id import decrypt_id, format_full
from members.models import Application, IdKind, Member
from members.queries import readings_of
from office.models import ReadingLog, User
from office.reading import REASONS, in_words, log_reading
from office.roles import WHOLE_FUND_ROLES, may_open

LOOKED = "national-id"
LOOKS_SHOWN = 10


class NotForThisUser(DomainError):
    """The whole number is for those who must compare, report or correct it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the member's page says of her ID. `whole`: "" while it is hidden; `looks`: for committee staff."""

    kind: str
    masked: str
    whole: str
    may_ask: bool
    looks: list[ReadingLog]
    more_looks: bool


def identity_context(member: Member, user: User, now: datetime) -> dict[str, Any]:
    """For the templates `members/parts/identity.html` and `looks.html`. `now` is the real time, as in the log."""
    may_ask = may_open(user, "members:reveal_id") and bool(member.national_id_encrypted)
    is_shown = may_ask and was_shown_today(member, user, now)
    looks = _looks(member) if user.has_role(*WHOLE_FUND_ROLES) else []
    identity = Identity(
        kind=id_label(member),
        masked=member.masked_id,
        whole=format_full(decrypt_id(member.national_id_encrypted)) if is_shown else "",
        may_ask=may_ask and not is_shown,
        looks=in_words(looks[:LOOKS_SHOWN]),
        more_looks=len(looks) > LOOKS_SHOWN,
    )
    return {"identity": identity, "identity_reasons": REASONS}


def id_label(person: Member | Application) -> str:
    """What stands before her number: "National ID", or which other number it is."""
    return _("National ID") if person.id_kind == IdKind.CITIZEN else str(person.get_id_kind_display())


def _looks(member: Member) -> list[ReadingLog]:
    return list(readings_of(member).filter(what=LOOKED)[: LOOKS_SHOWN + 1])


def was_shown_today(member: Member, user: User, now: datetime) -> bool:
    """Whether this user has said a reason for this member since midnight."""
    midnight = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    said = {"what": LOOKED, "reason__in": REASONS, "user": user, "read_at__lt": midnight + timedelta(days=1)}
    return readings_of(member).filter(read_at__gte=midnight, **said).exists()


def reveal_id(*, member: Member, by: User, reason: str, now: datetime) -> None:
    """Write down who wants to see the number and why (a code of `REASONS`); her page shows it for the rest of the day.

    Raises `NotForThisUser`. A second click writes no second line.
    """
    if not may_open(by, "members:reveal_id"):
        raise NotForThisUser(
            _("The whole ID number is not for your role. Ask the registrar to compare it with the card.")
        )
    if not was_shown_today(member, by, now):
        log_reading(by, kind="member", id=member.pk, name=member.full_name, what=LOOKED, reason=reason)


def whole_id_for_paper(sealed: str, *, by: User, kind: str, id: int, name: str, paper: str) -> str:  # noqa: A002
    """The whole number as the card prints it, for a paper that proves nothing without it; "" where there is none.

    Nobody is asked why: `paper` ("Payment voucher 2563/000012") is the reason that the log keeps. `kind`, `id` and
    `name` say whose number it is, as for `log_reading`.
    """
    if not sealed:
        return ""
    log_reading(by, kind=kind, id=id, name=name, what=LOOKED, reason=paper)
    return format_full(decrypt_id(sealed))
