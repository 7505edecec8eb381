"""The filter over the registers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


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
