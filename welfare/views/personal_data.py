"""A person's request for all that the fund keeps of her."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bansong_fund.lib.thai_dates import active_language
from members.queries import visible_members
from welfare.forms_personal_data import PersonalDataForm
from welfare.personal_data import personal_data_paper


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def personal_data(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /members/<number>/personal-data/: the paper with everything, once it is said whose request it is."""
    members = visible_members(request.user).select_related("community", "household")
    member = get_object_or_404(members, number=number)
    form = PersonalDataForm(request.POST or None, initial={"language": active_language()})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        told = {"reason": asked["reason"], "language": asked["language"], "today": request.today}
        pdf = personal_data_paper(member, request.fund, by=request.user, **told)
        headers = {"Content-Disposition": f'attachment; filename="personal-data-{member.number}.pdf"'}
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)
    return render(request, "welfare/personal_data.html", {"form": form, "member": member})
