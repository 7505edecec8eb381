"""The forms of a new version of the regulation: its plain figures, its text, and the meeting that decides it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.form_fields import ThaiDateField, set_today
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.thai_dates import active_language
from members.models import Meeting
from welfare.forms_arrears import meeting_choices
from welfare.regulation_editing import MOST_LETTERS, PlainField
from welfare.rules.faults import RegulationFaults
from welfare.rules.reading import MOST_TEXT

MOST_BYTES = 4 * MOST_TEXT  # no letter of UTF-8 is longer


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """The fields of one benefit, or of the membership (`name` is ""); open where one of them is wrong."""

    name: str
    fields: list[forms.BoundField]

    @property
    def is_wrong(self) -> bool:
        return any(field.errors for field in self.fields)


class PlainForm(forms.Form):
    """The common figures of a version, each field named for its place in the text, whose check judges them."""

    effective_from = ThaiDateField(
        label=gettext_lazy("In force from"),
        future_allowed=True,
        help_text=gettext_lazy("Events on this day or later are judged by the new version."),
    )

    def __init__(self, *args: Any, plain: list[PlainField], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plain = plain
        for one in plain:
            mode = {} if one.is_text else {"inputmode": "decimal"}
            self.fields[one.place] = forms.CharField(
                label=one.label,
                initial=one.value,
                required=False,  # what must be there, the check of the text says, with all other faults
                max_length=MOST_LETTERS,
                widget=forms.TextInput(attrs=mode),
            )
        set_today(self, today)

    def groups(self) -> list[FieldGroup]:
        """The fields in their groups, in the order of the file."""
        by_benefit = groupby(self.plain, key=lambda one: (one.group, one.path[:2] if one.group else ()))
        return [FieldGroup(name, [self[one.place] for one in some]) for (name, _place), some in by_benefit]

    def show_faults(self, faults: RegulationFaults) -> None:
        """Each fault at the field of its place; those of no field over the form, with the place."""
        language = active_language()
        for fault in faults.faults:
            if fault.place in self.fields:
                self.add_error(fault.place, fault.sentence(language))
            else:
                self.add_error(None, fault.full_sentence(language))


class TextForm(forms.Form):
    """A whole draft as text, or out of a file."""

    text = forms.CharField(
        label=gettext_lazy("The regulation as text"),
        required=False,
        strip=False,
        max_length=MOST_TEXT,
        # its keys are English, whatever the language of the page
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "wrap": "off", "lang": "en"}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file of a draft"),
        required=False,
        help_text=gettext_lazy("A file takes the place of the text above."),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,.txt"}),
    )

    def clean_file(self) -> str:
        """The text of the file; "" where none came."""
        file = self.cleaned_data["file"]
        if not file:
            return ""
        if file.size > MOST_BYTES:
            raise ValidationError(_("This file is too large for a regulation. Choose the draft's YAML file."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise ValidationError(_("This file is not text in UTF-8. Choose the draft's YAML file.")) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["draft"] = cleaned.get("file") or cleaned.get("text", "").replace("\r\n", "\n")
        if not cleaned["draft"].strip() and not self.errors:
            raise ValidationError(_("Write the regulation, or choose a file of it."))
        return cleaned


class StoreForm(RequestForm):
    """The step that cannot be taken back: a meeting has decided, and the draft becomes the next version."""

    text = forms.CharField(strip=False, max_length=MOST_TEXT, widget=forms.HiddenInput)
    meeting = forms.ChoiceField(label=gettext_lazy("Meeting that resolved"))

    def __init__(self, *args: Any, meetings: Iterable[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = {str(one.pk): one for one in meetings}
        self.fields["meeting"].choices = meeting_choices(self.held.values(), by_regulation=False)

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    def clean_meeting(self) -> Meeting:
        return self.held[self.cleaned_data["meeting"]]
