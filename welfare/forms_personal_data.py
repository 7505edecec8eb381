"""Why a person's data is printed, and in which language."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.forms import RequestForm

LANGUAGES = [("th", _("Thai")), ("en", _("English"))]


class PersonalDataForm(RequestForm):
    """The request that is answered: who asked, when, by which paper."""

    reason = forms.CharField(
        label=_("Whose request is it?"),
        max_length=200,
        help_text=_("For example: asked in person, with the ID card. It is written down and stands on the paper."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
