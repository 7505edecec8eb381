"""The forms of legs 2 and 3: money received, what is asked and promised, rounds and their papers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.form_fields import BahtFormField, ThaiDateField
from bansong_fund.lib.forms import RequestForm
from contributions.commitments import PROMISED, promise_words
from contributions.forms.base import PlacedForm, add_fund_choice
from contributions.models import Commitment, GrantSource
from contributions.queries import open_commitments
from ledger.models import AccountRole
from office.fields import AttachmentsField

State = Commitment.State


class CommitmentField(forms.ModelChoiceField):
    """Which promise the money fulfils, if it was promised."""

    def __init__(self, **kwargs: Any) -> None:
        label, empty = _("Promised as"), _("Not written down before")
        super().__init__(Commitment.objects.none(), label=label, required=False, empty_label=empty, **kwargs)

    def label_from_instance(self, commitment: Commitment) -> str:
        return promise_words(commitment)


class PromisedForm(PlacedForm):
    """Money of legs 2 and 3, which may have been promised."""

    commitment = CommitmentField()
    received_from = forms.CharField(label=_("Received from"), max_length=200)
    usual_role = AccountRole.BANK

    def __init__(self, *args: Any, source: GrantSource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commitment"].queryset = open_commitments(source)


class GrantForm(PromisedForm):
    amount = BahtFormField(label=_("Amount (baht)"), allow_zero=False)
    field_order = ["commitment", "received_from", "amount", "date", "account", "reference"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_fund_choice(self)


class RoundForm(PromisedForm):
    """A matching round: so many baht a member, a sum for all, or both where the sum was cut."""

    number = forms.IntegerField(label=_("Round no."), min_value=1, max_value=999)
    cutoff = ThaiDateField(label=_("Cut-off day (full year of membership)"), future_allowed=True)
    member_count = forms.IntegerField(
        label=_("Members counted by CODI (empty: all who can be matched)"), required=False, min_value=1
    )
    baht_per_member = BahtFormField(label=_("Baht for each member"), required=False, allow_zero=False)
    lump = BahtFormField(
        label=_("or the whole sum in baht"),
        help_text=_("Fill in both only where CODI cut the sum: it is then shared among the members."),
        required=False,
        allow_zero=False,
    )
    field_order = [
        "commitment",
        "number",
        "cutoff",
        "member_count",
        "baht_per_member",
        "lump",
        "received_from",
        "date",
        "account",
        "reference",
    ]


# --- what is asked and promised ---------------------------------------------------------------------------


class StepForm(RequestForm):
    """One step: its day, the paper's number, a note, the papers themselves."""

    happened_on = ThaiDateField(label=_("Date"))
    reference = forms.CharField(label=_("No. of the letter or minutes"), required=False, max_length=150)
    note = forms.CharField(label=_("Note"), required=False, max_length=250)
    papers = AttachmentsField()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"happened_on": today} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["happened_on"].set_today(today)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class RequestGrantForm(StepForm):
    """The municipality, CODI or another body is asked for a sum."""

    body = forms.CharField(label=_("Who is asked"), max_length=200)
    requested = BahtFormField(label=_("Sum asked for (baht)"), allow_zero=False)
    year_be = forms.IntegerField(label=_("For the budget of the year (B.E.)"), min_value=2500, max_value=2799)
    field_order = ["body", "requested", "year_be", "happened_on", "reference", "note", "papers"]


class RequestRoundForm(StepForm):
    """CODI is asked for a round: who is in it is computed."""

    body = forms.CharField(label=_("Who is asked"), max_length=200)
    round_number = forms.IntegerField(label=_("Round no."), min_value=1, max_value=999)
    cutoff_on = ThaiDateField(label=_("Cut-off day (full year of membership)"), future_allowed=True)
    member_count = forms.IntegerField(
        label=_("Members asked for (empty: all who can be matched)"), required=False, min_value=1
    )
    baht_per_member = BahtFormField(label=_("Baht for each member"), allow_zero=False)
    field_order = [
        "body",
        "round_number",
        "cutoff_on",
        "member_count",
        "baht_per_member",
        "happened_on",
        "reference",
        "note",
        "papers",
    ]


class NextStepForm(StepForm):
    """Approved, agreed, reported or refused: each asks for what belongs to it."""

    amount = BahtFormField(label=_("Sum promised (baht)"), required=False, allow_zero=False)
    member_count = forms.IntegerField(label=_("Members approved"), required=False, min_value=1, max_value=10_000_000)
    report_due_on = ThaiDateField(label=_("A report is due by"), required=False, future_allowed=True)
    field_order = ["happened_on", "amount", "member_count", "report_due_on", "reference", "note", "papers"]

    def __init__(self, *args: Any, commitment: Commitment, state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if state not in PROMISED:
            del self.fields["amount"], self.fields["report_due_on"]
        if state != State.APPROVED or commitment.source != GrantSource.CODI_MATCHING:
            del self.fields["member_count"]
        if state == State.APPROVED:
            self.fields["amount"].required = True
        if state == State.REFUSED:
            self.fields["note"].required = True
            self.fields["note"].label = _("Why it was refused or withdrawn")


class CommitmentPapersForm(RequestForm):
    papers = AttachmentsField(required=True)


# --- rounds -----------------------------------------------------------------------------------------------

LANGUAGES: Mapping[str, Any] = {"th": _("Thai"), "en": _("English"), "both": _("Thai and English")}


class PaperForm(RequestForm):
    """In which language a paper is printed."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=list(LANGUAGES.items()),
        widget=forms.Select(attrs={"class": "form-select w-auto"}),
    )


class PreviewForm(forms.Form):
    """Which cut-off a round would have, and how many baht for each member."""

    cutoff = ThaiDateField(label=_("Cut-off day (full year of membership)"), future_allowed=True)
    baht = BahtFormField(label=_("Baht for each member"), required=False, allow_zero=False)
