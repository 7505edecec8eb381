"""The treasurer's forms for many claims at once: handing over, settling, payment lists."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.form_fields import NationalIdField, PersonNameField, ThaiDateField, set_today
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.languages import local_name
from ledger.models import Account
from members.models import Leadership
from office.fields import AttachmentsField
from office.models import User
from office.roles import Role
from welfare.deliveries import CARRIER_ROLES
from welfare.forms import AccountChoice
from welfare.models import Claim, DeliveryLine, PaymentListLine
from welfare.payment_lists import MOST_DIGITS, KnownAccount, ToAccount
from welfare.settling import Delivered

MOST_AT_ONCE = 200
MANY = 4  # from so many lines on, one answer may stand for all that have none of their own
STAFF = tuple(role for role in CARRIER_ROLES if role != Role.LEADER)
LATER, DELIVERED, RETURNED = "", "delivered", "returned"
Held = list[tuple[Account, Decimal]]


def _offer(choice: AccountChoice, accounts: Held) -> None:
    choice.held = {account.pk: amount for account, amount in accounts}
    choice.queryset = Account.objects.filter(pk__in=choice.held).order_by("code")


def carriers(communities: Collection[int]) -> QuerySet[User]:
    """Who may carry money to these communities (keys): who leads all of them, and the committee's people."""
    running = Leadership.objects.filter(until=None)
    leads = running.filter(community__in=communities).values_list("user").annotate(count=Count("community"))
    leaders = [user for user, count in leads if count == len(communities)]
    works = Q(role_grants__role__in=STAFF) | Q(role_grants__role=Role.LEADER, pk__in=leaders)
    found = User.objects.filter(works, role_grants__revoked_at=None, is_active=True).distinct()
    return found.order_by("display_name").prefetch_related(
        Prefetch("leaderships", running.select_related("community"), to_attr="leads")
    )


def _carrier_name(user: User) -> str:
    led = ", ".join(local_name(one.community) for one in user.leads)
    return f"{user.display_name} · {led}" if led else user.display_name


class WitnessFields(forms.Form):
    """Who saw the money handed over; a thumb print takes two."""

    witness = PersonNameField(label=gettext_lazy("Witness"), required=False)
    second_witness = PersonNameField(
        label=gettext_lazy("Second witness"), required=False, help_text=gettext_lazy("Needed beside a thumb print.")
    )


class HandOverForm(RequestForm):
    """Who carries the money, and out of which account it comes."""

    carrier = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Who delivers it"),
        empty_label="—",
        help_text=gettext_lazy("A leader of the receivers' community, or one of the committee's people."),
    )
    account = AccountChoice(Account.objects.none(), label=gettext_lazy("Paid out of"), empty_label=None)
    date = ThaiDateField(label=gettext_lazy("Handed over on"))

    def __init__(self, *args: Any, communities: Collection[int], accounts: Held, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carrier"].queryset = carriers(communities)
        self.fields["carrier"].label_from_instance = _carrier_name
        _offer(self.fields["account"], accounts)
        set_today(self, today)


class SettleForm(WitnessFields, RequestForm):
    """What became of each open line: the signed slip is back, or the money."""

    rest = forms.ChoiceField(
        label=gettext_lazy("All who stand at “Not yet” above"),
        choices=[(LATER, gettext_lazy("Not yet")), (DELIVERED, gettext_lazy("The signed slip is back"))],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    date = ThaiDateField(label=gettext_lazy("The receivers got it, or it came back, on"))
    reason = forms.CharField(
        label=gettext_lazy("Why money came back"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For example: not at home, moved away."),
    )
    returned_to = AccountChoice(
        Account.objects.none(), label=gettext_lazy("Money that came back goes to"), required=False, empty_label=None
    )
    papers = AttachmentsField(label=gettext_lazy("Photographs of the signed slips"))

    def __init__(
        self, *args: Any, lines: Sequence[DeliveryLine], asks_id: set[int], accounts: Held, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            name = line.claim.recipient_name
            self.fields[f"outcome-{line.claim_id}"] = forms.ChoiceField(
                label=_("What became of it: %(name)s") % {"name": name},
                choices=[
                    (LATER, _("Not yet")),
                    (DELIVERED, _("The signed slip is back")),
                    (RETURNED, _("The money is back")),
                ],
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )
            self.fields[f"thumb-{line.claim_id}"] = forms.BooleanField(
                label=_("Thumb print"), required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
            )
            if line.claim_id in asks_id:
                self.fields[f"id-{line.claim_id}"] = NationalIdField(
                    label=_("National ID of %(name)s") % {"name": name}, required=False
                )
        if len(lines) < MANY:
            del self.fields["rest"]
        _offer(self.fields["returned_to"], accounts)
        set_today(self, today)

    def rows(self) -> list[tuple[DeliveryLine, list[forms.BoundField]]]:
        """Each open line with its own fields, for the page."""
        return [(line, [self[name] for name in self._names(line.claim_id)]) for line in self.lines]

    def common(self) -> list[forms.BoundField]:
        """The fields that hold for all lines."""
        names = ("rest", "date", "witness", "second_witness", "returned_to", "reason", "papers")
        return [self[name] for name in names if name in self.fields]

    def _names(self, key: int) -> list[str]:
        return [f"{kind}-{key}" for kind in ("outcome", "thumb", "id") if f"{kind}-{key}" in self.fields]

    def delivered(self) -> list[Delivered]:
        """The lines whose slips are back."""
        data = self.cleaned_data
        return [
            Delivered(
                key,
                witness=data["witness"],
                second_witness=data["second_witness"],
                is_thumb_print=data[f"thumb-{key}"],
                national_id=data.get(f"id-{key}") or "",
            )
            for key in self._with(DELIVERED)
        ]

    def returned(self) -> dict[int, str]:
        """The lines whose money is back, each with the reason."""
        return dict.fromkeys(self._with(RETURNED), self.cleaned_data["reason"])

    def _with(self, outcome: str) -> list[int]:
        keys, rest = [line.claim_id for line in self.lines], self.cleaned_data.get("rest", LATER)
        return [key for key in keys if (self.cleaned_data[f"outcome-{key}"] or rest) == outcome]


class SlipsForm(RequestForm):
    """Photographs of signed slips, from who carries the money."""

    papers = AttachmentsField(label=gettext_lazy("Photographs of the signed slips"), required=True)


class NewListForm(RequestForm):
    """A payment list: out of which account; for the bank, where each claim's money goes."""

    account = AccountChoice(Account.objects.none(), label=gettext_lazy("Paid out of"), empty_label=None)

    def __init__(
        self,
        *args: Any,
        claims: Sequence[Claim],
        accounts: Held,
        is_bank: bool,
        known: Mapping[int, KnownAccount],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.claims = claims if is_bank else []
        _offer(self.fields["account"], accounts)
        for claim in self.claims:
            told, last = {"name": claim.recipient_name}, known.get(claim.pk)
            self.fields[f"bank-{claim.pk}"] = forms.CharField(
                label=_("Bank of %(name)s") % told, max_length=100, initial=last.bank if last else ""
            )
            self.fields[f"name-{claim.pk}"] = PersonNameField(
                label=_("Name of the account"), initial=last.account_name if last else claim.recipient_name
            )
            self.fields[f"number-{claim.pk}"] = forms.CharField(
                label=_("Account number"),
                required=last is None,
                help_text=_last_time(last) if last else "",
                max_length=MOST_DIGITS + 10,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def rows(self) -> list[tuple[Claim, list[forms.BoundField]]]:
        """Each claim with its fields, for the page."""
        return [(claim, [self[f"{kind}-{claim.pk}"] for kind in ("bank", "name", "number")]) for claim in self.claims]

    def to_accounts(self) -> dict[int, ToAccount]:
        """Where each claim's money goes, by claim."""
        data = self.cleaned_data
        keys = [claim.pk for claim in self.claims]
        return {key: ToAccount(data[f"bank-{key}"], data[f"name-{key}"], data[f"number-{key}"]) for key in keys}


def _last_time(known: KnownAccount) -> str:
    told = {"digits": known.last_digits, "list": known.list_label}
    return _("Left empty: xxx-%(digits)s, as on payment list %(list)s. Ask whether it still holds.") % told


class CarryOutForm(WitnessFields, RequestForm):
    """Which lines of a list were paid, and when."""

    date = ThaiDateField(label=gettext_lazy("Paid on"))
    is_thumb_print = forms.BooleanField(label=gettext_lazy("Thumb print, before two witnesses"), required=False)

    def __init__(
        self, *args: Any, lines: Iterable[PaymentListLine], asks_id: set[int], is_bank: bool, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        if is_bank:
            for name in ("witness", "second_witness", "is_thumb_print"):
                del self.fields[name]
        for line in self.lines:
            self.fields[f"line-{line.pk}"] = forms.BooleanField(
                label=_("Paid: %(name)s") % {"name": line.claim.recipient_name},
                required=False,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )
            if line.claim_id in asks_id:
                told = {"name": line.claim.recipient_name}
                self.fields[f"id-{line.pk}"] = NationalIdField(
                    label=_("National ID of %(name)s") % told, required=False
                )
        set_today(self, today)

    def rows(self) -> list[tuple[PaymentListLine, list[forms.BoundField]]]:
        """Each open line with its fields, for the page."""
        return [
            (line, [self[name] for name in (f"line-{line.pk}", f"id-{line.pk}") if name in self.fields])
            for line in self.lines
        ]

    def common(self) -> list[forms.BoundField]:
        """The fields that hold for all lines."""
        names = ("date", "witness", "second_witness", "is_thumb_print")
        return [self[name] for name in names if name in self.fields]

    def chosen(self) -> list[int]:
        """The lines that were paid, by key."""
        return [line.pk for line in self.lines if self.cleaned_data[f"line-{line.pk}"]]

    def national_ids(self) -> dict[int, str]:
        """The ID numbers that were asked for, by line."""
        written = {line.pk: self.cleaned_data.get(f"id-{line.pk}") or "" for line in self.lines}
        return {key: digits for key, digits in written.items() if digits}


class FailForm(forms.Form):
    """Why a line was not paid."""

    line = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
