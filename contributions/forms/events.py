"""The forms of the annual event: its facts, sponsors, envelopes, pledges, sales, gifts in kind."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.form_fields import BahtFormField, ThaiDateField
from bansong_fund.lib.forms import RequestForm
from contributions.forms.base import AccountField, MoneyForm, PlacedForm
from contributions.forms.money import named_contributor
from contributions.gifts import ANONYMOUS, GIFT_ROLES, ContributorFacts
from contributions.models import Campaign, Contributor, ContributorKind, Envelope, SaleItem
from ledger.models import Account, AccountRole

MOST_NUMBER = 99_999


def number_field(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=MOST_NUMBER, **more)


def name_field(label: Any, **more: Any) -> forms.CharField:
    """Somebody who may stand in the register of contributors: the list offers her number and name."""
    typed = forms.TextInput(attrs={"list": "contributors", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=200, widget=typed, **more)


class EventForm(MoneyForm):
    kind = forms.ChoiceField(label=_("What kind of event"), choices=Campaign.Kind.choices)
    name_th = forms.CharField(label=_("Name in Thai"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), required=False, max_length=200)
    date = ThaiDateField(label=_("Held on"), future_allowed=True)
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    target = BahtFormField(label=_("Target (baht)"), required=False, allow_zero=False)
    field_order = ["kind", "name_th", "name_en", "date", "place", "target"]


class CloseEventForm(RequestForm):
    """Nothing is asked: the button closes the event."""


class GiverFields(forms.Form):
    """Somebody found among the contributors by name or number, or new among them."""

    name = name_field(_("Contributor"))
    kind = forms.ChoiceField(label=_("Kind (of a new contributor)"), choices=ContributorKind.choices)
    is_local = forms.BooleanField(label=_("From inside the subdistrict"), required=False, initial=True)

    def facts(self) -> ContributorFacts:
        name, number = named_contributor(self.cleaned_data["name"])
        data = self.cleaned_data
        return ContributorFacts(name=name, number=number, kind=data["kind"], is_local=data["is_local"])


class SponsorForm(GiverFields, RequestForm):
    part = forms.CharField(label=_("Stands for (chair, main sponsor, one pavilion …)"), required=False, max_length=150)
    field_order = ["name", "part", "kind", "is_local"]


class IssueForm(MoneyForm):
    issued_to = forms.CharField(label=_("Handed to"), max_length=200)
    first = number_field(_("From envelope no."))
    last = number_field(_("To envelope no."))
    field_order = ["issued_to", "first", "last", "date"]


class ReturnForm(PlacedForm):
    """An envelope with money; without a name it is of somebody who gives none."""

    number = number_field(_("Envelope no."))
    amount = BahtFormField(label=_("Amount (baht)"), allow_zero=False)
    name = name_field(_("Contributor"), required=False, help_text=_("Empty: the giver does not wish to be named."))
    field_order = ["number", "amount", "name", "account", "date", "reference"]

    def facts(self) -> ContributorFacts:
        if not self.cleaned_data["name"]:
            return ContributorFacts(name=ANONYMOUS, kind=ContributorKind.OTHER)
        name, number = named_contributor(self.cleaned_data["name"])
        return ContributorFacts(name=name, number=number)


class WriteOffForm(MoneyForm):
    state = forms.ChoiceField(
        label=_("What became of it"),
        choices=[(Envelope.State.EMPTY, Envelope.State.EMPTY.label), (Envelope.State.LOST, Envelope.State.LOST.label)],
        widget=forms.RadioSelect,
    )
    number = number_field(_("From envelope no."))
    last = number_field(_("To envelope no. (empty: this one alone)"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=250)
    field_order = ["state", "number", "last", "date", "note"]


class PledgeForm(GiverFields, MoneyForm):
    amount = BahtFormField(label=_("Amount (baht)"), allow_zero=False)
    due_on = ThaiDateField(label=_("Is to come by (empty: no day was said)"), required=False, future_allowed=True)
    field_order = ["name", "amount", "date", "due_on", "kind", "is_local"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].set_today(kwargs["today"])


class PayPledgeForm(PlacedForm):
    amount = BahtFormField(label=_("Amount (baht)"), allow_zero=False)
    income = AccountField(Account.objects.none(), label=_("What kind of gift"))
    field_order = ["amount", "income", "account", "date", "reference"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = Account.objects.filter(role__in=GIFT_ROLES, is_open=True)
        self.fields["income"].queryset = kinds
        self.fields["income"].empty_label = None
        self.fields["income"].initial = kinds.filter(role=AccountRole.EVENT_INCOME).first()


class ItemForm(RequestForm):
    kind = forms.ChoiceField(label=_("What is sold"), choices=SaleItem.Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=150)
    price = BahtFormField(label=_("Price of one (baht)"), allow_zero=False)
    stock = forms.IntegerField(
        label=_("How many there are (empty: no limit)"), required=False, min_value=0, max_value=1_000_000
    )


class SaleForm(PlacedForm):
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=1_000_000, initial=1)
    name = name_field(_("Sold to"), required=False, help_text=_("Empty: nobody is named on the receipt."))
    field_order = ["quantity", "name", "account", "date", "reference"]

    def buyer(self) -> dict[str, Any]:
        """Who bought: somebody of the register where her number stands in front of the name, else the name alone."""
        name, number = named_contributor(self.cleaned_data["name"])
        contributor = None if number is None else Contributor.objects.get(number=number)
        return {"buyer_name": name, "contributor": contributor}


class InKindForm(GiverFields, MoneyForm):
    description = forms.CharField(label=_("What was given"), max_length=250)
    said_value = BahtFormField(
        label=_("Worth, as the giver says (baht)"),
        help_text=_("For information; it is not booked as money."),
        required=False,
        allow_zero=False,
    )
    field_order = ["name", "description", "said_value", "date", "kind", "is_local"]
