"""The forms of the annual report's words and pictures, of the committee, and of those whom the fund names."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.form_fields import PhoneField, ThaiDateField, set_today
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.papers import Words
from bansong_fund.lib.thai_text import normalise
from members.committee import SeatFacts
from members.models import CommitteeSeat, Member, SeatKind
from members.year_texts import AUDITOR_NOTE, TEXTS, refuse_no_picture
from office.attachments import FileRefused
from reports.assembly import ATTENDANCE, BLANK, MOST_BLANK_LINES, NAMES
from reports.forms import LANGUAGES
from reports.forms_opening import SeenForm

MOST_LETTERS = 8_000  # of a text: some three pages
MOST_OF_A_CAPTION = 200
IN_THAI, IN_ENGLISH = gettext_lazy("%(what)s, in Thai"), gettext_lazy("%(what)s, in English")
BLANK_IN_ENGLISH = gettext_lazy("Left empty, the English report shows the Thai words.")
AN_ITEM_A_LINE = gettext_lazy("An item a line, without numbers. Left empty, the usual agenda is printed.")


class YearWordsForm(SeenForm):
    """Texts in both languages; all may be empty, and a half-finished one is kept."""

    def __init__(self, *args: Any, words: Mapping[str, Words], labels: Mapping[str, Any], **kwargs: Any) -> None:
        initial = {f"{name}_{code}": getattr(words[name], code) for name in labels for code in ("th", "en")}
        super().__init__(*args, initial=initial, **kwargs)
        self.names = list(labels)
        for name, label in labels.items():
            self.fields[f"{name}_th"] = _text(IN_THAI % {"what": label})
            self.fields[f"{name}_en"] = _text(IN_ENGLISH % {"what": label}, help_text=BLANK_IN_ENGLISH)
        if "agenda_th" in self.fields:
            self.fields["agenda_th"].help_text = AN_ITEM_A_LINE

    def words(self) -> dict[str, Words]:
        typed = self.cleaned_data
        return {name: Words(_lines(typed[f"{name}_th"]), _lines(typed[f"{name}_en"])) for name in self.names}


def _text(label: str, **about: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=MOST_LETTERS, widget=forms.Textarea(attrs={"rows": 5}), **about
    )


def _lines(text: str) -> str:
    """A text with the line ends of this program, whatever the browser's are."""
    return "\n".join(text.splitlines())


WORDS_ASKED = dict(TEXTS)
NOTE_ASKED = {AUDITOR_NOTE: gettext_lazy("The auditor's note")}


# --- pictures -----------------------------------------------------------------------------------------------


class PictureField(forms.FileField):
    """One photograph; what is none, or is too large, is refused in words."""

    default_error_messages = {"required": gettext_lazy("Choose a photograph.")}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"accept": "image/jpeg,image/png,image/webp"}

    def clean(self, data: Any, initial: Any = None) -> UploadedFile:
        file = super().clean(data, initial)
        try:
            refuse_no_picture(file)
        except FileRefused as refusal:
            raise ValidationError(str(refusal), code="refused") from refusal
        return file


class CaptionForm(RequestForm):
    caption_th = forms.CharField(
        label=gettext_lazy("What the picture shows, in Thai"),
        max_length=MOST_OF_A_CAPTION,
        help_text=gettext_lazy("It stands under the picture, and is read out to whoever cannot see it."),
    )
    caption_en = forms.CharField(
        label=gettext_lazy("What the picture shows, in English"), required=False, max_length=MOST_OF_A_CAPTION
    )

    def caption(self) -> Words:
        return Words(normalise(self.cleaned_data["caption_th"]), normalise(self.cleaned_data["caption_en"]))


class PictureForm(CaptionForm):
    file = PictureField(
        label=gettext_lazy("Photograph"),
        help_text=gettext_lazy("JPEG, PNG or WebP, at most 10 MB. Place and camera are taken out of it."),
    )

    field_order = ("file", "caption_th", "caption_en")


# --- the papers of the assembly -----------------------------------------------------------------------------


class AssemblyForm(RequestForm):
    """In which language, and with which attendance sheet."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)
    attendance = forms.ChoiceField(
        label=gettext_lazy("Attendance sheet"),
        choices=list(ATTENDANCE.items()),
        widget=forms.RadioSelect,
        initial=NAMES,
    )
    lines = forms.IntegerField(
        label=gettext_lazy("How many blank lines"),
        required=False,
        min_value=1,
        max_value=MOST_BLANK_LINES,
        initial=100,
        help_text=gettext_lazy("Only for a sheet of blank lines."),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("attendance") == BLANK and not typed.get("lines") and "lines" not in self.errors:
            self.add_error("lines", _("Write how many blank lines the sheet has."))
        return typed


# --- the committee ------------------------------------------------------------------------------------------


class SeatForm(RequestForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), required=False, max_length=150)
    post_th = forms.CharField(
        label=gettext_lazy("Post in the fund, in Thai"),
        max_length=120,
        help_text=gettext_lazy("For instance chair, secretary, treasurer or member of the committee."),
    )
    post_en = forms.CharField(label=gettext_lazy("Post in the fund, in English"), required=False, max_length=120)
    community_post = forms.CharField(label=gettext_lazy("Post in the community"), required=False, max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("Comes from"), choices=SeatKind.choices)
    number = forms.IntegerField(
        label=gettext_lazy("Member no. (where she is a member)"), required=False, min_value=1, max_value=99_999_999
    )
    phone = PhoneField(
        label=gettext_lazy("Phone"), required=False, help_text=gettext_lazy("For CODI's form; the report shows none.")
    )
    since = ThaiDateField(
        label=gettext_lazy("Sits on the committee since"),
        future_allowed=True,
        help_text=gettext_lazy("The day of the election, not today: reports name who sat in their year."),
    )
    place = forms.IntegerField(
        label=gettext_lazy("Place in the list"),
        min_value=1,
        max_value=999,
        help_text=gettext_lazy("The chair has 1; the lowest number stands first."),
    )

    def __init__(self, *args: Any, members: QuerySet[Member], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        set_today(self, today)

    def clean_number(self) -> Member | None:
        """The member of this number; the field answers where there is none."""
        number = self.cleaned_data["number"]
        if number is None:
            return None
        member = self.members.filter(number=number).first()
        if member is None:
            raise ValidationError(_("There is no member with this number. Look it up in the register."))
        return member

    def facts(self) -> SeatFacts:
        typed = {name: value for name, value in self.cleaned_data.items() if name not in ("request_id", "number")}
        lines = {name: normalise(value) if isinstance(value, str) else value for name, value in typed.items()}
        return SeatFacts(**lines, member=self.cleaned_data["number"])


def seat_initial(seat: CommitteeSeat) -> dict[str, Any]:
    """What the form of a seat begins with."""
    names = (name for name in SeatFacts.__dataclass_fields__ if name != "member")
    return {name: getattr(seat, name) for name in names} | {"number": seat.member.number if seat.member else None}


class EndSeatForm(RequestForm):
    until = ThaiDateField(
        label=gettext_lazy("Last day on the committee"),
        required=False,
        future_allowed=True,
        help_text=gettext_lazy("Left empty, the seat runs on."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_today(self, today)


# --- whom the fund names ------------------------------------------------------------------------------------


class NamedForm(forms.Form):
    """One founder or promoter, in both languages; without a Thai name the line is none."""

    th = forms.CharField(label=gettext_lazy("Name in Thai"), required=False, max_length=200)
    en = forms.CharField(label=gettext_lazy("Name in English"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        others = [value for name, value in typed.items() if name != "th" and value]
        if others and not typed.get("th"):
            self.add_error("th", _("Write the Thai name, too, or empty the whole line."))
        return typed

    def stored(self) -> dict[str, str] | None:
        """As the fund's row keeps it; None for an empty line."""
        typed = {name: normalise(self.cleaned_data.get(name) or "") for name in self.fields}
        return typed if typed["th"] else None


class NamedPartnerForm(NamedForm):
    work_th = forms.CharField(label=gettext_lazy("Works with the fund at (in Thai)"), required=False, max_length=250)
    work_en = forms.CharField(label=gettext_lazy("Works with the fund at (in English)"), required=False, max_length=250)
