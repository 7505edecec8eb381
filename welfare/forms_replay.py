"""The form of a replay: a fund year, and another version: one that is stored, a file, or a draft as it is written."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.thai_dates import active_language, format_date
from members.models import Regulation
from welfare.regulations import document_of
from welfare.rules.document import RegulationDocument, read_regulation
from welfare.rules.faults import RegulationFaults
from welfare.rules.reading import MOST_TEXT

MOST_BYTES = 200_000
FAULTS_SHOWN = 50


class YearForm(RequestForm):
    """The year whose claims are judged again. With `text`, a draft, it goes along with the draft's page."""

    year = forms.TypedChoiceField(label=gettext_lazy("Fund year whose claims are judged again"), coerce=int)
    text = forms.CharField(required=False, strip=False, max_length=MOST_TEXT, widget=forms.HiddenInput)

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]


class ReplayForm(YearForm):
    """One of the ways of naming the other version is filled in; a file or draft is checked whole."""

    version = forms.ChoiceField(label=gettext_lazy("Stored version"), required=False)
    file = forms.FileField(
        label=gettext_lazy("Or a regulation file"),
        required=False,
        help_text=gettext_lazy("A draft as a YAML file, up to 200 KB. It is checked and used once; nothing is stored."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.txt"}),
        error_messages={"empty": gettext_lazy("The file is empty. Choose the file that holds the regulation.")},
    )

    def __init__(self, *args: Any, years: Iterable[int], versions: Iterable[Regulation], **kwargs: Any) -> None:
        super().__init__(*args, years=years, **kwargs)
        self._versions = {str(one.effective_from): one for one in versions}
        self.fields["version"].choices = [("", _("None: a file")), *map(_choice, self._versions.items())]

    def clean_file(self) -> RegulationDocument | None:
        """The document of the file; all its faults at once, each with its place."""
        file = self.cleaned_data["file"]
        if not file:
            return None
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 200 KB. A regulation is a short text."))
        try:
            return _read(file.read().decode("utf-8"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is not text in UTF-8. Save the regulation as UTF-8.")) from error

    def _draft(self) -> RegulationDocument | None:
        """The document of a draft that came along from its page, where nothing else is chosen.

        Its field is hidden, so its faults stand at the file's.
        """
        text = self.cleaned_data.get("text", "")
        try:
            return _read(text.replace("\r\n", "\n")) if text.strip() else None
        except forms.ValidationError as faults:
            self.add_error("file", faults)
            return None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        named, file = data.get("version"), data.get("file")
        draft = None if named or file or "file" in self.errors else self._draft()
        if not {"file", "version", "text"} & set(self.errors):
            if bool(named) + (file is not None) + (draft is not None) != 1:
                self.add_error("version", _("Choose a stored version or a file, one of the two."))
            else:
                data["document"] = file or draft or document_of(self._versions[named])
        return data


def _read(text: str) -> RegulationDocument:
    try:
        return read_regulation(text)
    except RegulationFaults as faults:
        raise forms.ValidationError(faults.sentences(active_language())[:FAULTS_SHOWN]) from faults


def _choice(item: tuple[str, Regulation]) -> tuple[str, str]:
    key, one = item
    return key, _("%(name)s, from %(day)s") % {"name": local_name(one), "day": format_date(one.effective_from)}
