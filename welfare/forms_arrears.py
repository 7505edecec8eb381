"""The forms of arrears: a member was told, letters are printed, memberships lapse."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.form_fields import ThaiDateField, set_today
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.thai_dates import format_date
from members.forms.register import CommunityChoice
from members.models import ArrearsNotice, Community, Meeting

BY_REGULATION = "regulation"


class ArrearsFilterForm(forms.Form):
    """The list of members behind, narrowed to a community."""

    community = CommunityChoice(
        Community.objects.none(), label=gettext_lazy("Community"), required=False, empty_label=gettext_lazy("All")
    )

    def __init__(self, *args: Any, communities: QuerySet[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities


class NoticeForm(RequestForm):
    """A member was told of her arrears. A touch in the list sends only how: the day is today."""

    how = forms.ChoiceField(label=gettext_lazy("How"), choices=ArrearsNotice.How.choices, widget=forms.RadioSelect)
    given_on = ThaiDateField(
        label=gettext_lazy("Told on"),
        required=False,
        help_text=gettext_lazy("Of a letter: the day on which it was delivered."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For instance who took the letter, or what the member answered."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_today(self, today)


class LettersForm(RequestForm):
    """Letters for the members that were ticked, in one language or both."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("th", gettext_lazy("Thai")), ("en", gettext_lazy("English")), ("both", gettext_lazy("Both"))],
    )


class LapseForm(RequestForm):
    """The memberships that a meeting ends. `rows` may be ticked; a key that is not among them is refused."""

    meeting = forms.ChoiceField(label=gettext_lazy("Meeting"))
    chosen = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Members"),
        coerce=int,
        error_messages={"required": gettext_lazy("Choose at least one member.")},
    )

    def __init__(
        self, *args: Any, meetings: Iterable[Meeting], by_regulation: bool, keys: Iterable[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].choices = meeting_choices(meetings, by_regulation=by_regulation)
        self.fields["chosen"].choices = [(str(key), str(key)) for key in keys]


def meeting_choices(meetings: Iterable[Meeting], *, by_regulation: bool) -> list[tuple[str, str]]:
    """Meetings as a list offers them; first the way without one, where the regulation has it."""
    named = [
        (str(one.pk), f"{one.get_kind_display()} {one.label} · {format_date(one.held_on, 'short')}") for one in meetings
    ]
    alone = [(BY_REGULATION, str(_("By the regulation, without a resolution")))] if by_regulation else []
    return alone + named
