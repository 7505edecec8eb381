"""Which paper to print: a roll or cards, of which members, in which language."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.thai_text import arabic_digits, normalise
from members.models import Community

ROLL, CARDS = "roll", "cards"
MOST_NUMBERS = 1000
_SPAN = re.compile(r"([0-9]{1,8})(?:-([0-9]{1,8}))?")


class CommunityChoice(forms.ModelChoiceField):
    def label_from_instance(self, community: Community) -> str:
        return local_name(community)


class PapersForm(RequestForm):
    """The roll of a community or of all that the user may see; cards of a community, or of members by number."""

    paper = forms.ChoiceField(
        label=gettext_lazy("Paper"),
        choices=[(ROLL, gettext_lazy("Community roll of members")), (CARDS, gettext_lazy("Member cards"))],
        widget=forms.RadioSelect,
    )
    community = CommunityChoice(
        label=gettext_lazy("Community"),
        queryset=Community.objects.none(),
        required=False,
        to_field_name="number",
        empty_label=gettext_lazy("All communities"),
    )
    numbers = forms.CharField(
        label=gettext_lazy("Only these member numbers"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("For cards, for instance “12, 15, 20-29”. Left empty: everybody."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[
            ("th", gettext_lazy("Thai")),
            ("en", gettext_lazy("English")),
            ("both", gettext_lazy("Thai and English")),
        ],
    )

    def __init__(self, *args: Any, communities: QuerySet[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities

    def clean_numbers(self) -> set[int]:
        """ "12, 20-22" -> {12, 20, 21, 22}; empty for everybody. Thai digits count."""
        found: set[int] = set()
        typed = re.sub(r"\s*[-–]\s*", "-", arabic_digits(normalise(self.cleaned_data["numbers"])))
        for part in re.split(r"[,;\s]+", typed):
            if part:
                found |= self._span(part)
        if len(found) > MOST_NUMBERS:
            raise forms.ValidationError(_("Write at most %(most)s numbers at once.") % {"most": MOST_NUMBERS})
        return found

    def _span(self, part: str) -> set[int]:
        span = _SPAN.fullmatch(part)
        if span is None:
            message = _("“%(text)s” is no member number. Write numbers, or two with a hyphen between them: 20-29.")
            raise forms.ValidationError(message % {"text": part[:40]})
        first, last = int(span[1]), int(span[2] or span[1])
        if not first <= last < first + MOST_NUMBERS:
            message = _("“%(text)s” is no span of at most %(most)s numbers, the lower one first.")
            raise forms.ValidationError(message % {"text": part[:40], "most": MOST_NUMBERS})
        return set(range(first, last + 1))
