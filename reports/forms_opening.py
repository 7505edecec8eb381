"""The forms of the opening: cut-over day, places of money, totals since founding, the note, signing."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.form_fields import BahtFormField, PersonNameField, ThaiDateField, set_today
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import ZERO, format_baht
from ledger.models import Account, AccountRole, OpeningTotal, RestrictedFund
from ledger.opening import TotalDraft
from ledger.opening_collectors import leaders_without_place
from ledger.opening_queries import Place
from office.fields import AttachmentsField
from office.models import Attachment, User

ROUNDS = 12  # CODI's form has eleven


class CutoverForm(RequestForm):
    cutover_on = ThaiDateField(
        label=gettext_lazy("Last day of the old books"),
        help_text=gettext_lazy("The last day of a month. From the next day on everything is recorded here."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_today(self, today)


class LeaderForm(RequestForm):
    """Which leader held cash of the fund."""

    leader = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Leader"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = leaders_without_place()
        self.fields["leader"].label_from_instance = lambda one: f"{one.display_name} {one.post}".strip()


class SeenForm(RequestForm):
    """A form that knows what was saved when its page was opened: `seen` is the stamp of that."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, stamp: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": stamp} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def show_saved(self) -> None:
        """After a refusal: beside each box what is saved now, where it is something else than was typed."""
        data: Any = self.data
        self.data = renewed = data.copy()
        renewed[self.add_prefix("seen")] = self.initial["seen"]
        for name, typed in dict(self.cleaned_data).items():
            field, saved = self.fields[name], self.get_initial_for_field(self.fields[name], name)
            is_figure = isinstance(field, BahtFormField | forms.IntegerField)
            if field.widget.is_hidden or (typed or 0) == (saved or 0) or not (is_figure or saved):
                continue
            shown = format_baht(saved or ZERO) if isinstance(field, BahtFormField) else saved or 0
            self.add_error(name, _("Saved now: %(value)s") % {"value": shown})


class PlaceForm(SeenForm):
    """What a passbook or the box held, and what of it is set aside."""

    amount = BahtFormField(label=gettext_lazy("Amount on the cut-over day"))

    def __init__(self, *args: Any, place: Place, funds: Sequence[RestrictedFund], **kwargs: Any) -> None:
        held = {row.restricted_fund_id: row.amount for row in place.rows}
        initial = {"amount": place.amount} | {f"share_{fund.pk}": held.get(fund.pk) for fund in funds}
        super().__init__(*args, stamp=place.stamp, initial=initial, **kwargs)
        self.funds = funds
        for fund in funds:
            label = _("Of it set aside: %(fund)s") % {"fund": local_name(fund)}
            self.fields[f"share_{fund.pk}"] = BahtFormField(label=label, required=False)
        if place.account.role == AccountRole.BANK:
            self.fields["photographs"] = AttachmentsField(label=_("Photograph of the passbook page"))
        if place.photographs:
            kept = Attachment.objects.filter(pk__in=[one.pk for one in place.photographs]).order_by("pk")
            wrong = forms.ModelMultipleChoiceField(kept, widget=forms.CheckboxSelectMultiple, required=False)
            wrong.label, wrong.label_from_instance = _("Take away a wrong photograph"), lambda one: one.original_name
            self.fields["wrong_photographs"] = wrong

    def facts(self) -> dict[str, Any]:
        typed = self.cleaned_data
        shares = {fund: typed[f"share_{fund.pk}"] or ZERO for fund in self.funds}
        papers = {name: typed.get(name, ()) for name in ("photographs", "wrong_photographs")}
        return {"amount": typed["amount"], "shares": shares, "seen": typed["seen"], **papers}


class TotalsForm(SeenForm):
    """One part of the totals since founding: a line for each account, of CODI's rounds one for each round."""

    def __init__(self, *args: Any, accounts: Sequence[Account], saved: Sequence[OpeningTotal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accounts = accounts
        self.keys: list[tuple[Account, int | None]] = []
        known = {(row.account_id, row.round_number): row for row in saved}
        last = max([row.round_number or 0 for row in saved] + [ROUNDS])
        for account in accounts:
            rounds = range(1, last + 1) if account.role == AccountRole.CODI_MATCHING else ()
            for number in (*rounds, None):
                self._add(account, number, known.get((account.pk, number)))

    def _add(self, account: Account, number: int | None, row: OpeningTotal | None) -> None:
        self.keys.append((account, number))
        name, label = _name(account, number), _label(account, number)
        if account.role == AccountRole.BENEFIT:
            for what, words in (("persons", _("Persons")), ("times", _("Times"))):
                self.fields[f"{what}_{name}"] = forms.IntegerField(
                    label=f"{label}: {words}",
                    required=False,
                    min_value=0,
                    max_value=100_000_000,
                    initial=getattr(row, what, None),
                )
            label = f"{label}: {_('Baht')}"
        self.fields[f"baht_{name}"] = BahtFormField(label=label, required=False, initial=row.amount if row else None)

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Each line's name and its boxes."""
        columns = ("persons", "times", "baht")
        return [
            (
                _label(account, number),
                [
                    self[f"{c}_{_name(account, number)}"]
                    for c in columns
                    if f"{c}_{_name(account, number)}" in self.fields
                ],
            )
            for account, number in self.keys
        ]

    def drafts(self) -> list[TotalDraft]:
        typed = self.cleaned_data
        found = []
        for account, number in self.keys:
            name = _name(account, number)
            baht, persons, times = (typed.get(f"{what}_{name}") for what in ("baht", "persons", "times"))
            if baht or persons or times or number is None:
                found.append(TotalDraft(account, baht or Decimal("0.00"), number, persons, times))
        return found


def _name(account: Account, number: int | None) -> str:
    return account.code if number is None else f"{account.code}_{number}"


def _label(account: Account, number: int | None) -> str:
    if account.role != AccountRole.CODI_MATCHING:
        return local_name(account)
    if number is None:
        return _("%(account)s, round not known") % {"account": local_name(account)}
    return _("%(account)s, round %(number)d") % {"account": local_name(account), "number": number}


class NoteForm(SeenForm):
    note = forms.CharField(
        label=gettext_lazy("Why the two differ"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LockForm(SeenForm):
    """The resolution, and who signed the paper."""

    resolution = forms.CharField(
        label=gettext_lazy("Resolution (meeting and number)"),
        max_length=60,
        help_text=gettext_lazy("For instance “3/2563 (2)”."),
    )
    resolved_on = ThaiDateField(label=gettext_lazy("Day of the resolution"))
    treasurer = PersonNameField(label=gettext_lazy("Signed by the treasurer"))
    auditor = PersonNameField(label=gettext_lazy("Signed by the auditor"))
    chair = PersonNameField(label=gettext_lazy("Signed by the chair"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_today(self, today)

    def facts(self) -> dict[str, Any]:
        typed = self.cleaned_data
        signed = [{"name": typed[post], "post": post} for post in ("treasurer", "auditor", "chair")]
        facts = {"resolution": typed["resolution"], "resolved_on": typed["resolved_on"], "signed_by": signed}
        return facts | {"seen": typed["seen"]}
