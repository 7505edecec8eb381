"""Whose statements are printed, and in which language."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.forms import RequestForm
from members.forms.papers import CommunityChoice
from members.models import Community

LANGUAGES = [("th", _("Thai")), ("en", _("English")), ("both", _("Thai and English"))]


class StatementsForm(RequestForm):
    """The statements of a community's current members, or of all that the user may see."""

    community = CommunityChoice(
        label=_("Community"),
        queryset=Community.objects.none(),
        required=False,
        to_field_name="number",
        empty_label=_("All communities"),
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def __init__(self, *args: Any, communities: QuerySet[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities


class GiftStatementsForm(RequestForm):
    """The statements of all contributors of a year."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
