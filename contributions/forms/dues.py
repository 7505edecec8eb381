"""The forms of dues: what one member pays, and one payer's money for several, with a newcomer's fee for each."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.form_fields import BahtFormField
from bansong_fund.lib.money import ZERO, exact_baht, format_baht
from contributions.forms.base import PlacedForm
from contributions.group_dues import PaidFor
from contributions.periods import Period, span_words
from contributions.queries import PERIODS_AHEAD, Payable


class PeriodsField(forms.MultipleChoiceField):
    """First days of periods. A day that is no choice any more goes to the verb, which names the receipt."""

    def valid_value(self, value: str) -> bool:
        return _are_days(value)


class UntilField(forms.ChoiceField):
    """All periods up to one: a choice is their first days, joined by commas, so that a stale one is named too."""

    def valid_value(self, value: str) -> bool:
        return _are_days(value)


def _are_days(value: str) -> bool:
    try:
        return bool([date.fromisoformat(day) for day in value.split(",")])
    except ValueError:
        return False


class DuesForm(PlacedForm):
    """What one member pays: ticks beside the periods, the oldest first; what is owed is ticked already.

    `is_ahead`: one choice up to which period instead, as far ahead as dues are taken. `entry_fee`: what the regulation
    asks of her, offered where it is due; it may be paid alone. Cleaned, `periods` are first days, `entry_fee` baht,
    and `shown` the baht that the page showed for these periods, None where it showed none.
    """

    payer_name = forms.CharField(label=gettext_lazy("Paid by (if not the member)"), required=False, max_length=200)
    prices = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ["periods", "entry_fee", "account", "date", "payer_name", "reference"]

    def __init__(
        self, *args: Any, payable: Payable, owed: int, entry_fee: Decimal, is_ahead: bool = False, **kwargs: Any
    ) -> None:
        self.fee_asked = entry_fee
        days = [period.covers_from.isoformat() for period in payable.periods]
        first = max(owed, 0 if payable.entry_fee else 1)
        self.prices_now = " ".join(f"{period.covers_from}={period.baht}" for period in payable.periods)
        ticked = ",".join(days[: max(owed, 1)]) if is_ahead else days[:first]
        kwargs["initial"] = {"periods": ticked, "prices": self.prices_now}
        super().__init__(*args, **kwargs)
        if is_ahead:
            self.fields["periods"] = UntilField(label=_("Paid up to and including"), choices=_sums(payable.periods))
        else:
            self.fields["periods"] = PeriodsField(
                label=_("Periods paid"),
                widget=forms.CheckboxSelectMultiple,
                required=not payable.entry_fee,
                choices=_ticks(payable.periods[: owed + PERIODS_AHEAD]),
                error_messages={"required": _("Tick what is paid.")},
            )
        if payable.entry_fee:
            words = {"name": payable.member.full_name, "fee": format_baht(payable.entry_fee)}
            label = _("Entry fee of %(name)s: %(fee)s baht") % words
            self.fields["entry_fee"] = forms.BooleanField(label=label, required=False, initial=True)
        self.order_fields(self.field_order)

    def clean_periods(self) -> list[date]:
        given = self.cleaned_data["periods"]
        choices = [given] if isinstance(given, str) else given
        return [date.fromisoformat(day) for choice in choices for day in choice.split(",")]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        # a tick that came back after the fee was paid goes to the verb too, which names the receipt
        data["entry_fee"] = self.fee_asked if self.data.get(self.add_prefix("entry_fee")) else ZERO
        if not data.get("periods") and not data["entry_fee"] and "periods" not in self.errors:
            self.add_error("periods", _("Tick what is paid."))
        data["shown"] = _sum_shown(data.get("prices", ""), data.get("periods") or [])
        return data

    def show_prices_of_now(self) -> None:
        """After a refusal of another sum: the page shows what is asked now, and the next click is for that."""
        _renew(self, "prices", self.prices_now)


def _renew(form: forms.Form, name: str, value: str) -> None:
    data: Any = form.data
    form.data = renewed = data.copy()
    renewed[form.add_prefix(name)] = value


def _sum_shown(prices: str, days: Sequence[date]) -> Decimal | None:
    shown = [_baht_shown(prices, day.isoformat()) for day in set(days)]
    return None if None in shown else sum((baht for baht in shown if baht is not None), ZERO)


def _baht_shown(pairs: str, key: str) -> Decimal | None:
    """The baht behind a key in "key=baht key=baht"; None where it is not there or no amount."""
    found = dict(word.partition("=")[::2] for word in pairs.split())
    try:
        return exact_baht(found[key])
    except (KeyError, ValueError):  # a page of before, or a hostile one: the verb's other refusals serve
        return None


def _ticks(periods: Sequence[Period]) -> list[tuple[str, str]]:
    return [
        (
            period.covers_from.isoformat(),
            f"{span_words(period.covers_from, period.covers_until)} – {format_baht(period.baht)}",
        )
        for period in periods
    ]


def _sums(periods: Sequence[Period]) -> list[tuple[str, str]]:
    """Up to each of the periods: the first days of all before it and its own, and what they come to."""
    days = accumulate((period.covers_from.isoformat() for period in periods), lambda before, day: f"{before},{day}")
    sums = accumulate(period.baht for period in periods)
    return [
        (joined, f"{span_words(period.covers_from, period.covers_until)} – {format_baht(total)}")
        for joined, total, period in zip(days, sums, periods, strict=True)
    ]


class GroupDuesForm(PlacedForm):
    """`pays_<number>`, `amount_<number>` and, where one is due, `fee_<number>` of each member on the page."""

    payer_name = forms.CharField(label=gettext_lazy("Paid by"), required=False, max_length=200)
    debts = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, payable: Sequence[Payable], **kwargs: Any) -> None:
        self.debts_now = " ".join(f"{one.member.number}={one.owed}" for one in payable)
        kwargs["initial"] = {"debts": self.debts_now} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.payable = payable
        for one in payable:
            self._add(one)
        self.order_fields([name for name in self.fields if name.partition("_")[0] in {"pays", "amount", "fee"}])

    def _add(self, one: Payable) -> None:
        number, name = one.member.number, one.member.full_name
        owed = one.owed or (one.periods[0].baht if one.periods else ZERO)
        self.fields[f"pays_{number}"] = forms.BooleanField(
            label=_("%(name)s (no. %(number)s), owes %(owed)s baht")
            % {"name": name, "number": number, "owed": format_baht(one.owed)},
            required=False,
            initial=one.is_chosen,
        )
        self.fields[f"amount_{number}"] = BahtFormField(
            label=_("Amount for %(name)s (baht)") % {"name": name}, required=False, initial=owed
        )
        if one.entry_fee:
            self.fields[f"fee_{number}"] = forms.BooleanField(
                label=_("Entry fee of %(name)s: %(fee)s baht") % {"name": name, "fee": format_baht(one.entry_fee)},
                required=False,
                initial=True,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        chosen = [one for one in self.payable if data.get(f"pays_{one.member.number}")]
        for one in chosen:
            name = f"amount_{one.member.number}"
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Write the amount, or take the tick off."))
        for one in self.payable:
            name = f"amount_{one.member.number}"
            if one not in chosen and data.get(name) and name in self.changed_data:
                self.add_error(f"pays_{one.member.number}", _("An amount is written here. Tick who is paid for."))
        data["paid_for"] = [
            PaidFor(
                one.membership,
                data.get(f"amount_{one.member.number}") or ZERO,
                one.entry_fee if data.get(f"fee_{one.member.number}") else ZERO,
                _baht_shown(data.get("debts", ""), str(one.member.number)),
            )
            for one in chosen
        ]
        return data

    def show_debts_of_now(self) -> None:
        """After a refusal because somebody paid meanwhile: the next click is for what the page shows now."""
        _renew(self, "debts", self.debts_now)
