"""The form of one payer's money for several members: a tick, an amount and a newcomer's fee for each."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.form_fields import BahtFormField
from bansong_fund.lib.money import format_baht
from contributions.forms.base import PlacedForm
from contributions.group_dues import NOTHING, PaidFor
from contributions.queries import Payable


class GroupDuesForm(PlacedForm):
    """`pays_<number>`, `amount_<number>` and, where one is due, `fee_<number>` of each member on the page."""

    payer_name = forms.CharField(label=gettext_lazy("Paid by"), required=False, max_length=200)

    def __init__(self, *args: Any, payable: Sequence[Payable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payable = payable
        for one in payable:
            self._add(one)
        self.order_fields([name for name in self.fields if name.partition("_")[0] in {"pays", "amount", "fee"}])

    def _add(self, one: Payable) -> None:
        number, name = one.member.number, one.member.full_name
        owed = one.owed or (one.periods[0].baht if one.periods else NOTHING)
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
        data["paid_for"] = [
            PaidFor(
                one.membership,
                data.get(f"amount_{one.member.number}") or NOTHING,
                one.entry_fee if data.get(f"fee_{one.member.number}") else NOTHING,
            )
            for one in chosen
        ]
        return data
