"""What all money verbs share: once per request, no day to come, no amount of nothing, no account below zero."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import wraps
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_dates import format_date
from ledger.models import Account
from ledger.queries import balance
from office.models import User
from office.roles import Role

Done = TypeVar("Done")
SECOND_PERSON_ROLES = (Role.TREASURER, Role.COMMITTEE)


class FutureDate(DomainError):
    """Money cannot have changed hands after today."""


class NotEnoughMoney(DomainError):
    """The account does not hold what is to be taken out of it."""


class AmountNeeded(DomainError):
    """An amount that must be above zero is not."""


def is_second_person(second_person: User | None, by: User) -> bool:
    """Whether somebody else, who may, agrees to what `by` asked to reverse or to make void."""
    return second_person is not None and second_person.pk != by.pk and second_person.has_role(*SECOND_PERSON_ROLES)


def money_verb(
    find: Callable[[uuid.UUID], Done | None],
) -> Callable[[Callable[..., Done]], Callable[..., Done]]:
    """One durable transaction, carried out once for each `request_id`: a second call returns the first's result.

    Two at the same moment meet at the unique `request_id`, or the second is refused what the first one took; the
    loser is rolled back and finds the winner's row.
    """

    def decorate(verb: Callable[..., Done]) -> Callable[..., Done]:
        @wraps(verb)
        def run(*, request_id: uuid.UUID, **facts: Any) -> Done:
            done = find(request_id)
            if done is not None:
                return done
            try:
                with transaction.atomic(durable=True):
                    return verb(request_id=request_id, **facts)
            except (IntegrityError, DomainError):
                done = find(request_id)
                if done is None:
                    raise
                return done

        return run

    return decorate


def refuse_future(day: date, today: date) -> None:
    if day > today:
        message = _("%(day)s is after today, %(today)s. Write the day on which the money changed hands.")
        raise FutureDate(message % {"day": format_date(day), "today": format_date(today)}, field="date")


def refuse_no_amount(amount: Decimal, field: str = "amount") -> None:
    if amount <= 0:
        message = _("The amount is %(amount)s baht. Write an amount above zero.")
        raise AmountNeeded(message % {"amount": format_baht(amount)}, field=field)


def refuse_overdrawn(*accounts: Account) -> None:
    """Call after posting: the ledger's head is held then, so no other payment can come in between."""
    for held in accounts:
        left = balance(held)
        if left < 0:
            message = _(
                "%(account)s does not hold enough: %(missing)s baht are missing. Choose another account, or first"
                " move money there."
            )
            raise NotEnoughMoney(
                message % {"account": local_name(held), "missing": format_baht(-left)}, field="account"
            )
