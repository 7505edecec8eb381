"""The filter over the registers, and the days of a report."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.form_fields import BahtFormField, ThaiDateField, set_today
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.languages import local_name
from ledger.checklists import Check
from ledger.models import RestrictedFund


class RegisterFilter(forms.Form):
    """A year and a text; anything that is not a year or key shows the newest page instead of an error."""

    year = forms.TypedChoiceField(label=_("Year (B.E.)"), required=False, coerce=int, empty_value=None)
    text = forms.CharField(label=_("Number or name"), required=False, max_length=100)
    before = forms.IntegerField(required=False, min_value=1, max_value=9_999_999_999, widget=forms.HiddenInput)

    def __init__(self, *args: object, years: list[int], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["year"].choices = [("", _("All years")), *((str(year), str(year)) for year in years)]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """What is asked for, as the register's pages take it."""
        self.is_valid()
        found = self.cleaned_data
        return {"year_be": found.get("year"), "text": found.get("text") or "", "before": found.get("before")}


class FreeDaysForm(forms.Form):
    """The first and the last day of a report."""

    first = ThaiDateField(label=_("From the day"), future_allowed=True)
    last = ThaiDateField(label=_("Until the day"), future_allowed=True)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_today(self, today)

    def clean(self) -> dict[str, Any]:
        days = super().clean() or self.cleaned_data
        if days.get("first") and days.get("last") and days["first"] > days["last"]:
            self.add_error("last", _("The last day is before the first. Write a later one."))
        return days


class WhyForm(RequestForm):
    """Why an entry is reversed."""

    reason = forms.CharField(label=_("Reason"), max_length=250, widget=forms.Textarea(attrs={"rows": 2}))


class CloseMonthForm(RequestForm):
    """The count of the cash, and beside each item of the checklist a word why it is not in order."""

    counted = BahtFormField(label=_("Cash counted in the box on the last day (baht)"))

    def __init__(self, *args: Any, checks: list[Check], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for check in checks:
            label = _("Why so: %(check)s") % {"check": check.words}
            self.fields[note_field(check.code)] = forms.CharField(label=label, required=False, max_length=250)
        for field in self.fields.values():  # the page sets them one by one beside the items
            field.widget.attrs.setdefault("class", "form-control")

    def notes(self, checks: list[Check]) -> dict[str, str]:
        """What was written, by the code of its item."""
        return {check.code: self.cleaned_data[note_field(check.code)] for check in checks}


def note_field(code: str) -> str:
    return f"note_{code.replace('-', '_')}"


class ResolutionForm(RequestForm):
    """The resolution by which something is done."""

    resolution = forms.CharField(label=_("Resolution (meeting and number)"), max_length=60)


class SetAsideForm(RequestForm):
    """A fund set aside: its name, what for, by which resolution."""

    name_th = forms.CharField(label=_("Name of the restricted fund in Thai"), max_length=150)
    name_en = forms.CharField(label=_("Name of the restricted fund in English"), required=False, max_length=150)
    purpose = forms.CharField(label=_("What the money is for"), max_length=250)
    resolution = forms.CharField(label=_("Resolution (meeting and number)"), max_length=60)


class RestrictedFundField(forms.ModelChoiceField):
    """A restricted fund by its name in the reader's language."""

    def label_from_instance(self, fund: RestrictedFund) -> str:
        return local_name(fund)


class FundTransferForm(RequestForm):
    """Money from one restricted fund to another."""

    source = RestrictedFundField(RestrictedFund.objects.none(), label=_("From"))
    target = RestrictedFundField(RestrictedFund.objects.none(), label=_("To"))
    amount = BahtFormField(label=_("Amount (baht)"), allow_zero=False)
    date = ThaiDateField(label=_("Date"))
    resolution = forms.CharField(label=_("Resolution (meeting and number)"), max_length=60)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=250)

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"date": today}
        super().__init__(*args, **kwargs)
        set_today(self, today)
        for name in ("source", "target"):
            self.fields[name].queryset = RestrictedFund.objects.filter(is_open=True)  # type: ignore[attr-defined]
