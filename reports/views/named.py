"""Whom the fund names on its papers: founders, promoters, partners, each in both languages."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger.views.acting import forms_shown
from reports.forms_year_texts import NamedForm, NamedPartnerForm
from reports.founding import change_fund

MOST_NAMED = 60
MORE_LINES = 3
# The lists of the fund's row, each with its heading and the form of one line.
LISTS = {
    "founders": (gettext_lazy("Founders"), NamedForm),
    "promoters": (gettext_lazy("Promoters"), NamedForm),
    "partners": (gettext_lazy("Partners"), NamedPartnerForm),
}


@forms_shown
def named(request: HttpRequest, which: str) -> HttpResponse:
    """GET, POST /settings/<founders|promoters|partners>/: a line for each, in the order of the papers."""
    if which not in LISTS or request.fund is None:
        raise Http404
    heading, line_form = LISTS[which]
    lines = forms.formset_factory(line_form, extra=MORE_LINES, max_num=MOST_NAMED, absolute_max=MOST_NAMED)
    formset = lines(request.POST or None, initial=getattr(request.fund, which))
    if request.method == "POST" and formset.is_valid():
        kept = [stored for line in formset if (stored := line.stored())]
        change_fund(changes={which: kept}, resolution="", by=request.user)
        messages.success(request, _("The names are saved."))
        return redirect("reports:settings")
    return render(request, "reports/named.html", {"formset": formset, "heading": heading})
