"""The choice of the auditor's pack: in which language, as a PDF or as a book of sheets."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.forms import RequestForm


class PackForm(RequestForm):
    """What is made of the span on the page."""

    form = forms.ChoiceField(
        label=_("As"), choices=[("pdf", _("Paper (PDF)")), ("xlsx", _("Sheets (XLSX), one for each table"))]
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("th", _("Thai")), ("en", _("English")), ("both", _("Thai and English"))]
    )
