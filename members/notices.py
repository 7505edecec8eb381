"""A member is told that she is due to lapse: the notice without which no membership lapses."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from members.models import ArrearsNotice, Membership
from office.models import User
from office.roles import Role

GIVES_NOTICE = (Role.LEADER, Role.REGISTRAR)


class NoticeNotYours(DomainError):
    """Leaders and registrars tell members."""


class NothingToTell(DomainError):
    """The membership has ended, or nothing was behind on that day."""


class NoticeDay(DomainError):
    """The day of the notice lies in the future."""


@transaction.atomic
def record_notice(
    *,
    membership: Membership,
    how: str,
    given_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    note: str = "",
) -> ArrearsNotice:
    """Write down that the member was told of her arrears, how and on which day. The same request writes once.

    It holds for the arrears as they stand now: the next payment ends its force. A letter counts from the day on
    which it was delivered. Raises `NoticeNotYours`, `NoticeDay`, `NothingToTell`.
    """
    if not by.has_role(*GIVES_NOTICE):
        raise NoticeNotYours(_("Notices are given by community leaders and registrars. Ask one of them."))
    rows = Membership.objects.select_for_update(of=("self",)).select_related("member")
    membership = rows.get(pk=membership.pk)  # a second click waits here, and so does a payment
    found = ArrearsNotice.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    refuse_day(given_on, today)
    refuse_nothing_owed(membership, given_on)
    return ArrearsNotice.objects.create(
        request_id=request_id,
        membership=membership,
        given_on=given_on,
        how=ArrearsNotice.How(how),
        paid_through=membership.paid_through,
        note=note.strip(),
        given_by=by,
        recorded_at=now,
    )


def refuse_day(given_on: date, today: date) -> None:
    if given_on > today:
        message = _("%(day)s is after today, %(today)s. Write the day on which the member was told.")
        days = {"day": format_date(given_on), "today": format_date(today)}
        raise NoticeDay(message % days, field="given_on")


def refuse_nothing_owed(membership: Membership, given_on: date) -> None:
    """A notice tells of arrears: before they began there was nothing to tell, and after the end there is no one."""
    told = {"name": membership.member.full_name, "day": format_date(membership.ended_on or membership.paid_through)}
    if membership.ended_on is not None:
        raise NothingToTell(_("The membership of %(name)s ended on %(day)s. There is nothing to tell.") % told)
    if given_on <= membership.paid_through:
        message = _(
            "%(name)s has paid through %(day)s, so a notice of arrears given by then does not count."
            " Look at the list again: she may have paid since."
        )
        raise NothingToTell(message % told, field="given_on")
