"""The forms of the register of contributors."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.form_fields import PhoneField, ThaiDateField
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.thai_text import arabic_digits, normalise
from contributions.models import Contributor, ContributorKind, Partner

PLACES = [("", _("All")), ("inside", _("Inside the subdistrict")), ("outside", _("Outside"))]
NAMED = [("", _("All")), ("yes", _("May be named")), ("no", _("Not to be named"))]


class ContributorFilter(forms.Form):
    """Narrows the register; what is not understood narrows nothing."""

    q = forms.CharField(label=_("Name, number or phone"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *ContributorKind.choices])
    place = forms.ChoiceField(label=_("From"), required=False, choices=PLACES)
    named = forms.ChoiceField(label=_("Named in public"), required=False, choices=NAMED)

    def narrow(self, contributors: QuerySet[Contributor]) -> QuerySet[Contributor]:
        self.is_valid()
        asked = self.cleaned_data
        if text := normalise(asked.get("q", "")):
            contributors = contributors.filter(_found_by(text))
        if kind := asked.get("kind"):
            contributors = contributors.filter(kind=kind)
        if place := asked.get("place"):
            contributors = contributors.filter(is_local=place == "inside")
        if named := asked.get("named"):
            contributors = contributors.filter(may_be_named=named == "yes")
        return contributors


def _found_by(text: str) -> Q:
    digits = arabic_digits(text).replace("-", "").replace(" ", "")
    found = Q(name__icontains=text)
    if digits.isdecimal() and len(digits) < 10:
        found |= Q(number=int(digits))
    return found | Q(phone__contains=digits) if digits.isdecimal() and len(digits) >= 4 else found


class PartnerField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Partner.objects.all(), required=False, empty_label=_("Nobody"), **kwargs)

    def label_from_instance(self, partner: Partner) -> str:
        return local_name(partner)


class ContributorForm(RequestForm):
    """Who gives: entered anew, or corrected."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=ContributorKind.choices)
    is_local = forms.BooleanField(label=_("From inside the subdistrict"), required=False, initial=True)
    phone = PhoneField(label=_("Phone"), required=False)
    address = forms.CharField(label=_("Address"), required=False, max_length=250)
    brought_by = PartnerField(label=_("Gives because of this partner"))
    note = forms.CharField(label=_("Note"), required=False, max_length=250)
    is_another = forms.BooleanField(label=_("Somebody else has the same name"), required=False)

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["is_another"]


class ConsentForm(RequestForm):
    """Whether she may be named in public, and since when."""

    may_be_named = forms.TypedChoiceField(
        label=_("May be named in public"),
        choices=[("yes", _("Yes, agreed")), ("no", _("Not agreed"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
    on = ThaiDateField(label=_("Said on"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].set_today(today)
