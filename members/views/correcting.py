"""Pages that put a member's facts right, and the one that shows what was."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bansong_fund.lib.national_id import LENGTH, check_national_id
from members.correcting import correct_contact, correct_member
from members.forms.life import ContactForm, CorrectForm
from members.timeline import papers_of, timeline_of
from members.views.one_member import act_page, the_member
from office.roles import Role


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /members/<number>/contact/: nickname, phone, address; leaders write these of their people."""
    member = the_member(request, number)
    initial = {"nickname": member.nickname, "phone": member.phone, "address": member.address}
    form = ContactForm(request.POST or None, initial=initial)
    return act_page(
        request,
        member,
        form,
        lambda: correct_contact(member=member, contact=form.contact(), by=request.user),
        heading=_("Phone, nickname, address"),
        button=_("Save"),
        said=_("Saved."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /members/<number>/correct/: every fact that was written down wrongly or has changed."""
    member = the_member(request, number)
    form = CorrectForm(request.POST or None, today=request.today, member=member)

    def act() -> None:
        typed = {"facts": form.facts(), "new_number": form.has_new_number}
        correct_member(member=member, **typed, by=request.user, today=request.today)
        _tell_kind(request, form.cleaned_data["national_id"])

    return act_page(
        request,
        member,
        form,
        act,
        heading=_("Correct the facts"),
        button=_("Save"),
        said=_("The facts are saved."),
        lead=_("For what was written down wrongly. A new name or title from a day on has a page of its own."),
    )


def _tell_kind(request: HttpRequest, number: str) -> None:
    """Say whose number it is, where its first digit shows a person without nationality or a foreigner."""
    if len(number) == LENGTH and number.isdecimal():
        check = check_national_id(number)
        if check.ok and check.message:
            messages.info(request, check.message)


@require_safe
def history(request: HttpRequest, number: int) -> HttpResponse:
    """GET /members/<number>/history/: what happened to a member, day by day, and the papers that lie with her."""
    member = the_member(request, number)
    context = {"member": member, "events": timeline_of(member)}
    if request.user.has_role(Role.REGISTRAR, Role.COMMITTEE, Role.AUDITOR):
        context["papers"] = papers_of(member)
    return render(request, "members/history.html", context)
