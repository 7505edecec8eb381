"""What the money forms share: a day, a place for the money, an account by its name. Refusals name their fields."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.form_fields import ThaiDateField
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import format_baht
from ledger.models import Account, AccountRole, RestrictedFund

PLACES = (AccountRole.CASH, AccountRole.BANK)


def places(*roles: AccountRole) -> QuerySet[Account]:
    """The open accounts of these roles with what they hold."""
    accounts = Account.objects.filter(role__in=roles or PLACES, is_open=True)
    return accounts.annotate(holds=Sum(F("sums__debit") - F("sums__credit"))).order_by("code")


class AccountField(forms.ModelChoiceField):
    """An account by its name in the reader's language, with what it holds where that was asked for."""

    def label_from_instance(self, account: Account) -> str:
        name = local_name(account)
        if account.last_digits:
            name = f"{name} xxx-{account.last_digits}"
        if hasattr(account, "holds"):
            name = f"{name} ({format_baht(account.holds or 0)})"
        return name


def add_fund_choice(form: forms.Form) -> None:
    """Let money name the restricted fund that it is for; where none is set aside, the form asks nothing."""
    funds = RestrictedFund.objects.filter(is_open=True).exclude(code="general").order_by("id")
    if funds:
        label, empty = _("Restricted fund"), _("General fund")
        field = forms.ModelChoiceField(funds, label=label, required=False, empty_label=empty)
        field.label_from_instance = local_name
        form.fields["restricted_fund"] = field


class MoneyForm(RequestForm):
    """A day, and the crispy helper; `today` is the program's day."""

    date = ThaiDateField(label=_("Date"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"date": today} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["date"].set_today(today)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class PlacedForm(MoneyForm):
    """Money that comes into the cash box or a bank account."""

    account = AccountField(Account.objects.none(), label=_("Where the money is put"))
    reference = forms.CharField(label=_("Reference (slip, cheque or letter no.)"), required=False, max_length=100)

    place_roles = PLACES
    usual_role = AccountRole.CASH

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = places(*self.place_roles)
        self.fields["account"].queryset = accounts
        self.fields["account"].empty_label = None
        self.fields["account"].initial = accounts.filter(role=self.usual_role).first()


class ReasonForm(RequestForm):
    """Why a paper becomes void."""

    reason = forms.CharField(label=_("Reason"), max_length=250, widget=forms.Textarea(attrs={"rows": 2}))
