"""The forms of the papers that go out: which day, and the answers to what a paper still asks."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.form_fields import ThaiDateField, set_today
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.papers import Words
from reports.funders.questions import CHOICE, LONG, NUMBER, YES_NO, Answered, Question

LONGEST_TEXT, LONGEST_ANSWER = 200, 4000
LARGEST_NUMBER = 999_999_999
ENGLISH = "-en"


class StatusDayForm(forms.Form):
    """As at which day; today where none is asked for."""

    day = ThaiDateField(label=_("As at the day"), required=False)

    def __init__(self, *args: Any, today: date, earliest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["day"].earliest = self.fields["day"].widget.earliest = earliest
        set_today(self, today)

    def asked(self) -> date:
        typed = self.cleaned_data if self.is_valid() else {}
        return typed.get("day") or self.today


class BeneficiariesForm(RequestForm):
    """The list of beneficiaries: with or without names, in which language, as what file."""

    names = forms.BooleanField(
        label=_("With names"),
        required=False,
        help_text=_("Only where the municipality asks for them. It is written down who took a list with names."),
    )
    form = forms.ChoiceField(label=_("As"), choices=[("xlsx", _("Sheet (XLSX)")), ("pdf", "PDF")])
    language = forms.ChoiceField(
        label=_("Language"), choices=[("th", _("Thai")), ("en", _("English")), ("both", _("Thai and English"))]
    )


class AnswersForm(RequestForm):
    """One field for each question of a paper, and one for its English where it may have any.

    Each field carries what it said when the page was made, so that only what was changed here is kept: what somebody
    else answered meanwhile stays.
    """

    def __init__(self, *args: Any, answered: Sequence[Answered], **kwargs: Any) -> None:
        self.asked = [one.question for one in answered]
        super().__init__(*args, initial=_initial(answered), **kwargs)
        for question in self.asked:
            self.fields[question.slug] = _field(question)
            if question.translated:
                english = _text_field(question, _("The same in English"))
                self.fields[f"{question.slug}{ENGLISH}"] = english
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "request_id"

    def answers(self) -> dict[str, Words]:
        """What was changed, by the question's name; an answer of two languages is given whole."""
        changed, typed = set(self.changed_data), self.cleaned_data
        return {
            question.slug: Words(_written(typed[question.slug]), _written(typed.get(f"{question.slug}{ENGLISH}")))
            for question in self.asked
            if changed & {question.slug, f"{question.slug}{ENGLISH}"}
        }


def _written(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _initial(answered: Sequence[Answered]) -> dict[str, str]:
    found = {}
    for one in answered:
        if one.answer is not None:
            found[one.question.slug] = one.answer.text_th
            found[f"{one.question.slug}{ENGLISH}"] = one.answer.text_en
    return found


class _NumberField(forms.IntegerField):
    """A whole number as people write it: Thai digits and 55,000 are understood, which a browser's own field refuses."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(min_value=0, max_value=LARGEST_NUMBER, widget=widget, **kwargs)

    def to_python(self, value: Any) -> int | None:
        return super().to_python(value.replace(",", "").strip() if isinstance(value, str) else value)


def _field(question: Question) -> forms.Field:
    if question.kind in (CHOICE, YES_NO):
        choices = [("", _("Not answered yet")), *question.choices]
        return forms.ChoiceField(label=question.words, required=False, choices=choices)
    if question.kind == NUMBER:
        return _NumberField(label=question.words, required=False)
    return _text_field(question, question.words)


def _text_field(question: Question, label: Any) -> forms.CharField:
    is_long = question.kind == LONG
    widget = forms.Textarea(attrs={"rows": 3}) if is_long else forms.TextInput()
    most = LONGEST_ANSWER if is_long else LONGEST_TEXT
    return forms.CharField(label=label, required=False, max_length=most, widget=widget)
