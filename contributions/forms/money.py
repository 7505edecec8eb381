"""The forms behind the money buttons. Field names are those that refusals name."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.form_fields import BahtFormField, PhoneField
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.thai_dates import format_date
from bansong_fund.lib.thai_text import arabic_digits, normalise
from contributions.costs import COST_ROLES
from contributions.forms.base import AccountField, MoneyForm, PlacedForm, add_fund_choice, places
from contributions.gifts import GIFT_ROLES, ContributorFacts
from contributions.models import Campaign, Contributor, ContributorKind, PartnerActivity
from ledger.models import Account, AccountRole
from office.fields import AttachmentsField

NUMBER_IN_FRONT = re.compile(r"\s*(\d{1,9})\s+(\S.*)")


class NoSuchContributor(DomainError):
    """A number alone that no contributor has."""


def named_contributor(text: str) -> tuple[str, int | None]:
    """Name and number of what was typed; a number in front counts when that contributor has this name.

    A number alone is that contributor's, never a name. Raises `NoSuchContributor`.
    """
    if normalise(text).isdecimal():
        return _by_number(arabic_digits(normalise(text)))
    found = NUMBER_IN_FRONT.fullmatch(text)
    if found and Contributor.objects.filter(number=int(found[1]), name__iexact=found[2].strip()).exists():
        return found[2].strip(), int(found[1])
    return text, None


def _by_number(digits: str) -> tuple[str, int | None]:
    found = Contributor.objects.filter(number=int(digits)).first() if len(digits) < 10 else None
    if found is None:
        message = _("No contributor has the number %(number)s. Write the name.")
        raise NoSuchContributor(message % {"number": digits}, field="name")
    return found.name, found.number


def open_events() -> QuerySet[Campaign]:
    """The events that money may be put to."""
    return Campaign.objects.filter(closed_on=None).order_by("-held_on", "-pk")


def event_words(campaign: Campaign) -> str:
    return f"{local_name(campaign)} ({campaign.year_be})"


class GiftForm(PlacedForm):
    """A gift; the contributor is found by name, or by the number in front of it, or is new."""

    name = forms.CharField(
        label=_("Contributor"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "contributors", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind (of a new contributor)"), choices=ContributorKind.choices)
    is_local = forms.BooleanField(label=_("From inside the subdistrict"), required=False, initial=True)
    may_be_named = forms.TypedChoiceField(
        label=_("May be named in public"),
        required=False,
        choices=[("", _("Not asked")), ("yes", _("Yes, agreed")), ("no", _("Not agreed"))],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
    )
    phone = PhoneField(label=_("Phone"), required=False)
    address = forms.CharField(label=_("Address"), required=False, max_length=250)
    income = AccountField(Account.objects.none(), label=_("What kind of gift"))
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Annual event"), required=False, empty_label=_("None")
    )
    activity = forms.ModelChoiceField(
        PartnerActivity.objects.none(), label=_("At an activity with a partner"), required=False, empty_label=_("None")
    )
    amount = BahtFormField(label=_("Amount (baht)"), allow_zero=False)
    field_order = [
        "name",
        "amount",
        "income",
        "date",
        "account",
        "reference",
        "campaign",
        "activity",
        "may_be_named",
        "kind",
        "is_local",
        "phone",
        "address",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["income"].queryset = Account.objects.filter(role__in=GIFT_ROLES, is_open=True)
        self.fields["income"].empty_label = None
        self.fields["campaign"].queryset = open_events()
        self.fields["campaign"].label_from_instance = event_words
        self.fields["activity"].queryset = PartnerActivity.objects.order_by("-held_on", "-id")
        self.fields["activity"].label_from_instance = lambda one: f"{one.title} ({format_date(one.held_on, 'short')})"
        add_fund_choice(self)

    def facts(self) -> ContributorFacts:
        """Who gives: one of the register, or somebody new."""
        data = self.cleaned_data
        name, number = named_contributor(data["name"])
        return ContributorFacts(
            name=name,
            number=number,
            **{key: data[key] for key in ("kind", "is_local", "may_be_named", "phone", "address")},
        )


class InterestForm(MoneyForm):
    account = AccountField(Account.objects.none(), label=_("Bank account"))
    gross = BahtFormField(label=_("Interest before tax (baht)"), allow_zero=False)
    tax = BahtFormField(label=_("Tax withheld (baht)"), required=False)
    field_order = ["account", "gross", "tax", "date"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = places(AccountRole.BANK)
        self.fields["account"].empty_label = None

    def clean_tax(self) -> Decimal:
        return self.cleaned_data["tax"] or Decimal("0.00")


class CostForm(MoneyForm):
    """A cost of running the fund, of its event, or for public benefit."""

    cost = AccountField(Account.objects.none(), label=_("Kind of cost"))
    description = forms.CharField(label=_("What was bought or done"), max_length=150)
    payee = forms.CharField(label=_("Paid to"), max_length=200)
    amount = BahtFormField(label=_("Amount (baht)"), allow_zero=False)
    account = AccountField(Account.objects.none(), label=_("Paid out of"))
    shop_receipt = forms.CharField(
        label=_("No. of the shop's receipt, if there is one"), required=False, max_length=100
    )
    papers = AttachmentsField(label=_("Photograph of the shop's receipt"))
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Annual event (of a cost of the event)"), required=False, empty_label=_("None")
    )
    resolution = forms.CharField(label=_("Resolution (needed for public benefit)"), required=False, max_length=60)
    field_order = [
        "cost",
        "campaign",
        "description",
        "payee",
        "amount",
        "account",
        "date",
        "shop_receipt",
        "papers",
        "resolution",
        "restricted_fund",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = open_events()
        self.fields["campaign"].label_from_instance = event_words
        self.fields["cost"].queryset = Account.objects.filter(role__in=COST_ROLES, is_open=True).order_by("code")
        self.fields["account"].queryset = places()
        self.fields["account"].empty_label = None
        add_fund_choice(self)


class TransferForm(MoneyForm):
    """Money moved between the cash box and the bank accounts."""

    account = AccountField(Account.objects.none(), label=_("From"))
    target = AccountField(Account.objects.none(), label=_("To"))
    amount = BahtFormField(label=_("Amount (baht)"), allow_zero=False)
    memo = forms.CharField(label=_("Note"), required=False, max_length=200)
    field_order = ["account", "target", "amount", "date", "memo"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("account", "target"):
            self.fields[name].queryset = places()
            self.fields[name].empty_label = None
        self.fields["target"].initial = places(AccountRole.BANK).first()


class TakeInForm(MoneyForm):
    """Cash that a collector held at the cut-over, counted and put somewhere."""

    amount = BahtFormField(label=_("Amount (baht)"), allow_zero=False)
    target = AccountField(Account.objects.none(), label=_("Where the money is put"))
    memo = forms.CharField(label=_("Note"), required=False, max_length=200)
    field_order = ["amount", "target", "date", "memo"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = places()
        self.fields["target"].queryset = accounts
        self.fields["target"].empty_label = None
        self.fields["target"].initial = accounts.filter(role=AccountRole.CASH).first()
