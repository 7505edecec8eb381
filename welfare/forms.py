"""The forms at each desk: checking, returning, deciding, paying, meetings."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.form_fields import (
    BahtFormField,
    NationalIdField,
    PersonNameField,
    PhoneField,
    ThaiDateField,
    set_today,
)
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_dates import active_language
from bansong_fund.lib.thai_text import normalise
from ledger.models import Account, PaymentMeans
from members.models import Member
from office.fields import AttachmentsField
from office.models import User
from office.roles import Role
from welfare.claim_people import HEALTH_PAPERS, ask_consent_to_keep, needs_tick
from welfare.deciding import Decision
from welfare.meetings import Attendant
from welfare.models import Claim
from welfare.rules.document import BenefitTerms
from welfare.rules.words import label, labels

APPROVE, REJECT, LATER = "approve", "reject", "later"


class MemberSearchForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Name, member no. or national ID"), required=False, max_length=100)


class ReasonForm(forms.Form):
    """Why a claim is returned, cancelled or appealed."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class VerifyForm(forms.Form):
    """Ticks for the papers that the registrar has seen."""

    papers_seen = forms.MultipleChoiceField(
        label=gettext_lazy("Papers seen"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        benefit: BenefitTerms | None,
        there: Iterable[str],
        more: tuple[tuple[str, ...], ...] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        language = active_language()
        codes = _codes_asked(benefit, more)
        self.fields["papers_seen"].choices = [(code, label("paper", code, language)) for code in codes]
        self.fields["papers_seen"].initial = [code for code in codes if code in set(there)]
        if not codes:
            del self.fields["papers_seen"]


class PaperForm(RequestForm):
    """Papers that come later."""

    kind = forms.ChoiceField(label=gettext_lazy("Which paper is it?"))
    files = AttachmentsField(required=True)

    def __init__(
        self,
        *args: Any,
        member: Member,
        benefit: BenefitTerms | None,
        more: tuple[tuple[str, ...], ...] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        language = active_language()
        codes = _codes_asked(benefit, more)
        choices = [(code, label("paper", code, language)) for code in codes]
        self.fields["kind"].choices = [*choices, ("other", _("Another paper"))]
        self.asks_consent = ask_consent_to_keep(self, member, codes)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.asks_consent and cleaned.get("kind") in HEALTH_PAPERS and not cleaned.get("consent"):
            self.add_error("consent", needs_tick())
        return cleaned


def _codes_asked(benefit: BenefitTerms | None, more: tuple[tuple[str, ...], ...]) -> list[str]:
    """Each paper once: those of the benefit, then `more`, which whoever asks has to show."""
    asked = (*(benefit.evidence if benefit else ()), *more)
    return list(dict.fromkeys(code for papers in asked for code in papers))


def missing_papers(
    benefit: BenefitTerms | None, there: Iterable[str], more: tuple[tuple[str, ...], ...] = ()
) -> list[str]:
    """What the regulation asks for, and whoever asks has to show, and is not there yet, in words."""
    held = set(there)
    asked = (*(benefit.evidence if benefit else ()), *more)
    return [labels("paper", papers, active_language()) for papers in asked if held.isdisjoint(papers)]


class AccountChoice(forms.ModelChoiceField):
    """The cash box and the bank accounts with what each holds."""

    held: dict[int, Decimal] = {}

    def label_from_instance(self, account: Account) -> str:
        digits = f" xxx-{account.last_digits}" if account.last_digits else ""
        told = {"account": f"{local_name(account)}{digits}", "held": format_baht(self.held[account.pk])}
        return _("%(account)s – holds %(held)s baht") % told


class PayForm(RequestForm):
    """A payment: out of which account, when, to whom."""

    account = AccountChoice(Account.objects.none(), label=gettext_lazy("Paid out of"), empty_label=None)
    means = forms.ChoiceField(label=gettext_lazy("How"), choices=PaymentMeans.choices)
    means_reference = forms.CharField(
        label=gettext_lazy("Cheque no. or transfer reference"), required=False, max_length=100
    )
    date = ThaiDateField(label=gettext_lazy("Paid on"))
    recipient_name = PersonNameField(label=gettext_lazy("Who receives the money"))
    national_id = NationalIdField(label=gettext_lazy("National ID of the recipient"), required=False)
    address = forms.CharField(label=gettext_lazy("Address of the recipient"), required=False, max_length=250)
    phone = PhoneField(label=gettext_lazy("Phone of the recipient"), required=False)
    witness = PersonNameField(label=gettext_lazy("Witness"), required=False)
    is_thumb_print = forms.BooleanField(label=gettext_lazy("Thumb print, before two witnesses"), required=False)
    second_witness = PersonNameField(
        label=gettext_lazy("Second witness"), required=False, help_text=gettext_lazy("Needed beside a thumb print.")
    )

    def __init__(
        self, *args: Any, accounts: list[tuple[Account, Decimal]], today: date, asks_id: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["account"]
        choice.held = {account.pk: amount for account, amount in accounts}
        choice.queryset = Account.objects.filter(pk__in=choice.held).order_by("code")
        set_today(self, today)
        if asks_id:
            self.fields["national_id"].required = True
            ask = _(
                "Ask for the ID card of %(name)s and write its 13 digits: the voucher shows who received the money."
            )
            self.fields["national_id"].help_text = ask % {"name": self.initial.get("recipient_name", "")}
        else:
            del self.fields["national_id"]


class MeetingForm(RequestForm):
    """Opening or planning a meeting."""

    held_on = ThaiDateField(label=gettext_lazy("Day of the meeting"), future_allowed=True)
    place = forms.CharField(label=gettext_lazy("Place"), required=False, max_length=200)
    present = forms.CharField(
        label=gettext_lazy("Who is present"),
        help_text=gettext_lazy("One person a line: name, then a comma and the post. Three at least for decisions."),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_today(self, today)

    def clean_present(self) -> list[Attendant]:
        return attendants_of(self.cleaned_data["present"])


class PresentForm(forms.Form):
    """Who was there, while the meeting has not resolved yet."""

    present = MeetingForm.base_fields["present"]

    def clean_present(self) -> list[Attendant]:
        return attendants_of(self.cleaned_data["present"])


def attendants_of(text: str) -> list[Attendant]:
    """People present, one a line, "name, post"; users of the same display name are linked."""
    lines = [normalise(line).partition(",") for line in text.splitlines() if normalise(line)]
    lines = [line for line in lines if line[0].strip()]
    names = [name.strip() for name, _comma, _post in lines]
    users = dict(User.objects.filter(display_name__in=names).values_list("display_name", "pk"))
    return [
        Attendant(name=name, post=post.strip(), user_id=users.get(name))
        for name, (_name, _comma, post) in zip(names, lines, strict=True)
    ]


def committee_lines() -> str:
    """The committee as the form proposes it: one a line, name and post."""
    users = User.objects.filter(
        is_active=True, role_grants__role__in=(Role.COMMITTEE, Role.TREASURER), role_grants__revoked_at=None
    )
    return "\n".join(", ".join(filter(None, (user.display_name, user.post))) for user in users.distinct())


class DecisionsForm(RequestForm):
    """A verdict, a sum where the committee sets it, and a reason for each case of the meeting."""

    def __init__(
        self, *args: Any, claims: list[Claim], open_sums: set[int], approved: dict[int, Decimal], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.claims = claims
        verdicts = [(APPROVE, _("Approve")), (REJECT, _("Reject")), (LATER, _("Not now"))]
        for claim in claims:
            clear = claim.outcome == "eligible"
            self.fields[f"verdict_{claim.pk}"] = forms.ChoiceField(
                label=_("Decision"), choices=verdicts, initial=APPROVE if clear else LATER, widget=forms.RadioSelect
            )
            if claim.pk in open_sums:
                self.fields[f"amount_{claim.pk}"] = BahtFormField(
                    label=_("Sum in baht"),
                    required=False,
                    allow_zero=False,
                    initial=approved.get(claim.pk) or claim.amount or None,
                )
            self.fields[f"reason_{claim.pk}"] = forms.CharField(label=_("Reason"), required=False, max_length=500)
            self.fields[f"relative_{claim.pk}"] = forms.CharField(
                label=_("The recipient is a relative of"), required=False, max_length=200
            )
            self.fields[f"seen_{claim.pk}"] = forms.DecimalField(
                required=False, initial=claim.amount, widget=forms.HiddenInput
            )

    def rows(self) -> list[dict[str, Any]]:
        """Each case with its fields, as the page draws it."""
        return [
            {
                "claim": claim,
                "verdict": self[f"verdict_{claim.pk}"],
                "amount": self[f"amount_{claim.pk}"] if f"amount_{claim.pk}" in self.fields else None,
                "reason": self[f"reason_{claim.pk}"],
                "relative": self[f"relative_{claim.pk}"],
                "seen": self[f"seen_{claim.pk}"],
            }
            for claim in self.claims
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.decisions():
            raise forms.ValidationError(_("Decide at least one case; all stand on “Not now”."))
        return cleaned

    def decisions(self) -> list[Decision]:
        """What was decided, without the cases put off."""
        cleaned = self.cleaned_data
        return [
            Decision(
                claim_id=claim.pk,
                approve=cleaned[f"verdict_{claim.pk}"] == APPROVE,
                amount=cleaned.get(f"amount_{claim.pk}"),
                reason=cleaned.get(f"reason_{claim.pk}", ""),
                seen=cleaned.get(f"seen_{claim.pk}"),
                relative_of=cleaned.get(f"relative_{claim.pk}", ""),
            )
            for claim in self.claims
            if cleaned.get(f"verdict_{claim.pk}", LATER) != LATER
        ]
