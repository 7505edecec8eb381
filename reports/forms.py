"""The forms of the first steps and of the fund's settings, and the choice of a report."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.form_fields import PhoneField, PromptpayField, ThaiDateField, set_today
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.thai_dates import MONTHS, active_language, be_year, from_be_year
from contributions.queries import last_cutoff
from members.models import AdministrationBase, Controls, Fund, YearOnlyBirths
from reports.founding import MOST_COMMUNITIES, BankFacts, FundFacts

FOUR_DIGITS = RegexValidator(r"^[0-9]{2,4}$", _("Write the last two to four digits of the account number."))
LANGUAGES = [("th", _("Thai")), ("en", _("English")), ("both", _("Thai and English"))]
THIRTEEN_DIGITS = RegexValidator(r"^[0-9]{13}$", _("A tax number has 13 digits."))


def _line(label: Any, *, required: bool = True, most: int = 200) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=most)


class FundForm(forms.Form):
    """What the fund says of itself."""

    name_th = _line(_("Name of the fund in Thai"))
    name_en = _line(_("Name of the fund in English"), required=False)
    area_th = _line(_("District and province in Thai"), required=False)
    area_en = _line(_("District and province in English"), required=False)
    address = forms.CharField(
        label=_("Address"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    phone = PhoneField(label=_("Phone"), required=False)
    tax_id = forms.CharField(label=_("Tax number"), required=False, validators=[THIRTEEN_DIGITS])
    population = forms.IntegerField(
        label=_("Inhabitants of the area"), required=False, min_value=1, max_value=10_000_000
    )


class BankForm(forms.Form):
    """A passbook account. Left empty altogether, there is none."""

    name_th = _line(_("Name of the account in Thai"), most=150)
    name_en = _line(_("Name of the account in English"), required=False, most=150)
    bank_th = _line(_("Bank in Thai"), most=100)
    bank_en = _line(_("Bank in English"), required=False, most=100)
    branch_th = _line(_("Branch in Thai"), required=False, most=100)
    branch_en = _line(_("Branch in English"), required=False, most=100)
    last_digits = forms.CharField(label=_("Last digits of its number"), validators=[FOUR_DIGITS])

    def facts(self) -> BankFacts:
        """English words that were left empty are the Thai ones."""
        typed = self.cleaned_data
        english = {name: typed[name] or typed[name.replace("_en", "_th")] for name in typed if name.endswith("_en")}
        return BankFacts(**{**typed, **english})


BankFormSet = forms.formset_factory(BankForm, extra=2, max_num=2)


class FirstStepsForm(FundForm):
    """A fund's first page: its names, its day of founding, its communities, its regulation."""

    founded_on = ThaiDateField(label=_("Founded on"))
    communities = forms.IntegerField(label=_("Number of communities"), min_value=1, max_value=MOST_COMMUNITIES)
    fund_year_start_month = forms.TypedChoiceField(label=_("The fund year begins in"), coerce=int, initial=1)
    with_regulation = forms.BooleanField(
        label=_("Start with the regulation that comes with the program"), required=False, initial=True
    )

    field_order = ("name_th", "name_en", "founded_on", "communities", "area_th", "area_en", "population")

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = enumerate(MONTHS[active_language()], start=1)
        self.fields["fund_year_start_month"].choices = list(months)
        set_today(self, today)

    def facts(self) -> FundFacts:
        kept = {name: value for name, value in self.cleaned_data.items() if name in FundFacts.__dataclass_fields__}
        return FundFacts(**kept)


class SettingsForm(FundForm):
    """The fund's settings. Controls change by a resolution only."""

    promptpay_id = PromptpayField(
        label=_("PromptPay number of the fund"),
        required=False,
        help_text=_("13 digits. Left empty, the tax number serves, where the bank registered it for PromptPay."),
    )
    year_only_births = forms.ChoiceField(
        label=_("A birth known only to the year is reckoned from"),
        choices=YearOnlyBirths.choices,
        help_text=_("A change moves the age of every such member at once."),
    )
    lapse_notice_days = forms.IntegerField(
        label=_("Days between the notice and the lapse of a membership"), min_value=7, max_value=366
    )
    child_under_age = forms.IntegerField(label=_("Child or youth: under this age"), min_value=1, max_value=25)
    elderly_from_age = forms.IntegerField(label=_("Elderly: from this age"), min_value=50, max_value=80)
    administration_percent = forms.IntegerField(
        label=_("Share that running the fund may cost (percent)"), min_value=1, max_value=100
    )
    administration_base = forms.ChoiceField(label=_("This share is reckoned of"), choices=AdministrationBase.choices)
    fund_year_start_month = forms.TypedChoiceField(
        label=_("The fund year begins in"),
        coerce=int,
        help_text=_(
            "A change makes the year that is still open a short or a long one; closed years and all entries stay."
        ),
    )
    thai_digits = forms.BooleanField(
        label=_("Write letters and certificates in Thai digits"),
        required=False,
        help_text=_("Receipts, vouchers, books and tables keep 1 2 3."),
    )
    notice_board_is_public = forms.BooleanField(
        label=_("Open the notice board to everybody on the internet"),
        required=False,
        help_text=_(
            "Without login, at /board/: counts and sums of each month that is over, no names. Left empty, the page is"
            " not there."
        ),
    )
    controls = forms.ChoiceField(label=_("Level of controls"), choices=Controls.choices)
    resolution = forms.CharField(
        label=_("Resolution that changes what a meeting settles"),
        required=False,
        max_length=200,
        help_text=_(
            "For instance “Meeting 3/2563, resolution 2”. Needed only when the share for administration, the fund year"
            " or the level of controls changes."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund_year_start_month"].choices = list(enumerate(MONTHS[active_language()], start=1))


class ReportForm(RequestForm):
    """Which annual report, in which language."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]


class CountsForm(forms.Form):
    """Which day's members to count, and for which 30 September the full years."""

    day = ThaiDateField(label=_("On the day"), required=False)
    year = forms.TypedChoiceField(label=_("Full year on 30 September"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, today: date, fund: Fund, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["day"].earliest = self.fields["day"].widget.earliest = fund.founded_on
        years = range(be_year(last_cutoff(today)), be_year(fund.founded_on) - 2, -1)
        self.fields["year"].choices = [(year, str(year)) for year in years]
        set_today(self, today)

    def asked(self) -> tuple[date, date]:
        """The day, today where none was asked for; and the cut-off, the last one by that day where none was."""
        typed = self.cleaned_data if self.is_valid() else {}
        day = typed.get("day") or self.today
        year = typed.get("year")
        return day, date(from_be_year(year), 9, 30) if year else last_cutoff(day)
