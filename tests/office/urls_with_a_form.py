"""The program's addresses and one more: a form with text, several choices and files, behind a request id."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path

from bansong_fund.lib.forms import RequestForm
from bansong_fund.urls import urlpatterns as urls_of_the_program
from office.fields import AttachmentsField
from office.models import ActionLog

PAGE = "{% extends 'base.html' %}{% block content %}<form method='post'>{% csrf_token %}{{ form }}</form>{% endblock %}"


class PaperForm(RequestForm):
    words = forms.CharField(strip=False)
    kinds = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B"), ("c", "C")])
    papers = AttachmentsField()


def paper_form(request: HttpRequest) -> HttpResponse:
    form = PaperForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        given = form.cleaned_data
        papers = [[file.name, file.size] for file in given["papers"]]
        ActionLog.objects.create(
            user=request.user,
            action="test-form",
            details={
                "words": given["words"],
                "kinds": given["kinds"],
                "papers": papers,
                "id": str(given["request_id"]),
            },
        )
        return redirect("/done/")
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


urlpatterns = [
    path("trial/", include(([path("form/", paper_form, name="form")], "trial"))),
    *urls_of_the_program,
]
