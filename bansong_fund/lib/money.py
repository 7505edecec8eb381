"""Baht: `Decimal`, exact to the satang, from the form to the database and back.

A float or a third decimal place is refused everywhere, because the database would round it in silence.
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

SATANG = Decimal("0.01")
ZERO = Decimal("0.00")
MAX_DIGITS = 14
LIMIT = Decimal(10) ** (MAX_DIGITS - 2)


def exact_baht(value: Decimal | int | str) -> Decimal:
    """Return `value` as a Decimal with two places; never rounds.

    Raises TypeError for a float or bool, ValueError for a third decimal place, a value that is no number,
    or one of 1,000,000,000,000 baht or more.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise TypeError(f"an amount of money is Decimal, int or str, not {type(value).__name__}: {value!r}")
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"not an amount of money: {value!r}") from None
    if not amount.is_finite() or abs(amount) >= LIMIT:
        raise ValueError(f"not an amount of money: {value!r}")
    exact = amount.quantize(SATANG)
    if exact != amount:
        raise ValueError(f"an amount of money has two decimal places: {value!r}")
    return exact + ZERO  # turns -0.00 into 0.00


def baht(value: Decimal | int | str) -> str:
    """Return an amount as people read it: 1250.5 -> "1,250.50"."""
    return f"{exact_baht(value):,.2f}"


class BahtField(models.DecimalField):
    """An amount in baht, numeric(14,2). Refuses floats (TypeError) and a third decimal (ValidationError)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"] = MAX_DIGITS
        kwargs["decimal_places"] = 2
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or hasattr(value, "as_sql"):
            return value
        try:
            return exact_baht(value)
        except ValueError:
            message = _("%(value)s is not an amount in baht with at most two decimal places.")
            raise ValidationError(message, code="invalid", params={"value": value}) from None

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(self.to_python(value), connection, prepared)

    def formfield(self, **kwargs: Any) -> Any:
        from bansong_fund.lib.form_fields import BahtFormField  # form fields build on this module

        return models.Field.formfield(self, **{"form_class": BahtFormField, **kwargs})
