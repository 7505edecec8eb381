"""Pages about the people and marks around a member: who is there, and one form to add to it."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bansong_fund.lib.thai_dates import format_date
from members.around import (
    end_guardianship,
    end_mark,
    is_minor,
    mark_beneficiary_dead,
    mark_group,
    name_beneficiaries,
    name_guardian,
    write_child,
)
from members.consents import consents_of, give_consent, withdraw_consent
from members.forms.around import (
    BeneficiariesForm,
    ChildForm,
    ConsentForm,
    DiedForm,
    GroupForm,
    GuardianForm,
    UntilForm,
    WithdrawForm,
    child_shown,
)
from members.models import Beneficiary, Child, Consent, GroupFlag, Guardian, Member
from members.queries import children_of, named_now, of_person
from members.views.one_member import act_page, seen_by, the_member, who

GET_OR_POST = ["GET", "HEAD", "POST"]
LISTED = "members/around.html"


def _row(name: str, words: Iterable[str], act: str = "", url: str = "") -> dict[str, str]:
    """One line of a list: who or what, what is known of it, and the link to what may be done."""
    return {"name": name, "words": " · ".join(str(word) for word in words if word), "act": act, "url": url}


def _from(day: Any) -> str:
    return _("from %(day)s") % {"day": format_date(day, "short")} if day else ""


def _until(day: Any) -> str:
    return _("until %(day)s") % {"day": format_date(day, "short")} if day else ""


# --- beneficiaries ------------------------------------------------------------------------------------------


@require_http_methods(GET_OR_POST)
def beneficiaries(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /members/<number>/beneficiaries/: who receives the funeral grant, and in which shares."""
    member = the_member(request, number)
    named = list(named_now(member).order_by("pk"))
    ever = Beneficiary.objects.filter(of_person(member)).order_by("replaced_on", "pk")
    rows = [one for one in ever if one in named or one.replaced_on or one.died_on]
    initial = {"named_on": request.today}
    form = BeneficiariesForm(request.POST or None, today=request.today, named=named, initial=initial)

    def act() -> None:
        name_beneficiaries(member=member, named=form.named(), on=form.cleaned_data["named_on"], today=request.today)

    return act_page(
        request,
        member,
        form,
        act,
        heading=_("Beneficiaries"),
        button=_("Save the beneficiaries"),
        said=_("The beneficiaries are saved."),
        lead=_("Up to four people. Left empty, their shares are equal. The ID is asked only when the grant is paid."),
        template="members/beneficiaries.html",
        done="members:beneficiaries",
        rows=[_beneficiary_row(member, one) for one in rows],
    )


def _beneficiary_row(member: Member, one: Beneficiary) -> dict[str, str]:
    dead = _("died on %(day)s") % {"day": format_date(one.died_on, "short")} if one.died_on else ""
    words = [one.get_relation_display(), f"{one.share_percent}%", _from(one.named_on), _until(one.replaced_on), dead]
    if one.replaced_on or one.died_on:
        return _row(one.name, words)
    url = reverse("members:beneficiary_died", args=[member.number, one.pk])
    return _row(one.name, words, _("Has died"), url)


@require_http_methods(GET_OR_POST)
def beneficiary_died(request: HttpRequest, number: int, beneficiary_id: int) -> HttpResponse:
    """GET, POST /members/<number>/beneficiaries/<id>/died/: nothing will be paid to a beneficiary who has died."""
    member = the_member(request, number)
    one = get_object_or_404(Beneficiary, of_person(member), pk=beneficiary_id)
    form = DiedForm(request.POST or None, today=request.today)

    def act() -> None:
        mark_beneficiary_dead(beneficiary=one, died_on=form.cleaned_data["died_on"], today=request.today)

    return act_page(
        request,
        member,
        form,
        act,
        heading=_("A beneficiary has died"),
        button=_("Save"),
        said=_("Saved. Ask the member whom to name instead."),
        lead=f"{one.name} ({one.get_relation_display()})",
        back="members:beneficiaries",
    )


# --- children -----------------------------------------------------------------------------------------------


@require_http_methods(GET_OR_POST)
def children(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /members/<number>/children/: her children, members or not."""
    member = the_member(request, number)
    rows = [
        _child_row(member, one) for one in children_of(member).select_related("member").order_by("birth_date", "pk")
    ]
    words = {"heading": _("Children of the member"), "button": _("Add the child"), "said": _("The child is saved.")}
    return _child_page(request, member, None, template=LISTED, rows=rows, **words)


@require_http_methods(GET_OR_POST)
def child(request: HttpRequest, number: int, child_id: int) -> HttpResponse:
    """GET, POST /members/<number>/children/<id>/: a child's name, birth or number put right."""
    member = the_member(request, number)
    one = get_object_or_404(children_of(member).select_related("member"), pk=child_id)
    words = {"heading": _("Correct a child"), "button": _("Save"), "said": _("The child is saved.")}
    return _child_page(request, member, one, **words)


def _child_page(request: HttpRequest, member: Member, one: Child | None, **words: Any) -> HttpResponse:
    form = ChildForm(
        request.POST or None,
        today=request.today,
        members=seen_by(request),
        initial=child_shown(one) if one else {},
    )

    def act() -> None:
        asked = form.cleaned_data
        facts = {"name": asked["name"], "birth_date": asked["birth_date"], "member": asked["number"]}
        write_child(parent=member, child=one, today=request.today, **facts)

    back = "members:children" if one else "welfare:member"
    return act_page(request, member, form, act, back=back, done="members:children", **words)


def _child_row(member: Member, one: Child) -> dict[str, str]:
    born = _("born on %(day)s") % {"day": format_date(one.birth_date, "short")} if one.birth_date else ""
    its_number = _("member no. %(number)s") % {"number": one.member.number} if one.member else ""
    return _row(one.name, [born, its_number], _("Correct"), reverse("members:child", args=[member.number, one.pk]))


# --- groups -------------------------------------------------------------------------------------------------


@require_http_methods(GET_OR_POST)
def groups(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /members/<number>/groups/: marks of disability and disadvantage, with what shows them."""
    member = the_member(request, number)
    form = GroupForm(request.POST or None, today=request.today, initial={"since": request.today})

    def act() -> None:
        asked = {name: value for name, value in form.cleaned_data.items() if name != "request_id"}
        mark_group(member=member, **asked, **who(request))

    return act_page(
        request,
        member,
        form,
        act,
        heading=_("Groups"),
        button=_("Save the mark"),
        said=_("The mark is saved."),
        lead=_(
            "A disability is sensitive: it is written down only with the person's consent, and who looks is logged."
        ),
        template=LISTED,
        done="members:groups",
        rows=[_group_row(member, one) for one in GroupFlag.objects.filter(of_person(member)).order_by("-since", "-pk")],
    )


def _group_row(member: Member, one: GroupFlag) -> dict[str, str]:
    words = [_from(one.since), _until(one.until), one.shown_by]
    if one.until:
        return _row(one.get_group_display(), words)
    url = reverse("members:end_mark", args=[member.number, one.pk])
    return _row(one.get_group_display(), words, _("End"), url)


@require_http_methods(GET_OR_POST)
def end_group(request: HttpRequest, number: int, flag_id: int) -> HttpResponse:
    """GET, POST /members/<number>/groups/<id>/end/: the last day of a mark."""
    member = the_member(request, number)
    flag = get_object_or_404(GroupFlag, of_person(member), pk=flag_id)
    form = UntilForm(request.POST or None, today=request.today, initial={"until": request.today})
    return act_page(
        request,
        member,
        form,
        lambda: end_mark(flag=flag, until=form.cleaned_data["until"], today=request.today),
        heading=_("End a mark"),
        button=_("End the mark"),
        said=_("The mark has ended."),
        lead=f"{flag.get_group_display()} · {_from(flag.since)}",
        back="members:groups",
    )


# --- guardians ----------------------------------------------------------------------------------------------


@require_http_methods(GET_OR_POST)
def guardians(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /members/<number>/guardians/: who acts for a minor."""
    member = the_member(request, number)
    minor = member.birth_date is None or is_minor(member, request.today)
    acting = Guardian.objects.filter(of_person(member))
    form = GuardianForm(
        request.POST or None, today=request.today, members=seen_by(request), initial={"since": request.today}
    )

    def act() -> None:
        asked = form.cleaned_data
        guardian = {"guardian": form.guardian(), "guardian_member": asked["number"], "since": asked["since"]}
        name_guardian(member=member, by=request.user, today=request.today, **guardian)

    return act_page(
        request,
        member,
        form,
        act,
        heading=_("Guardians"),
        button=_("Add the guardian"),
        said=_("The guardian is saved."),
        lead="" if minor else _("This member is 20 or older, and acts for herself or himself."),
        template=LISTED,
        done="members:guardians",
        rows=[_guardian_row(member, one) for one in acting.select_related("guardian_member").order_by("-since")],
    )


def _guardian_row(member: Member, one: Guardian) -> dict[str, str]:
    her_number = _("member no. %(number)s") % {"number": one.guardian_member.number} if one.guardian_member else ""
    words = [one.get_relation_display(), one.phone, her_number, _from(one.since), _until(one.until)]
    if one.until:
        return _row(one.name, words)
    return _row(one.name, words, _("End"), reverse("members:end_guardian", args=[member.number, one.pk]))


@require_http_methods(GET_OR_POST)
def end_guardian(request: HttpRequest, number: int, guardian_id: int) -> HttpResponse:
    """GET, POST /members/<number>/guardians/<id>/end/: the last day on which somebody acts for a minor."""
    member = the_member(request, number)
    guardian = get_object_or_404(Guardian, of_person(member), pk=guardian_id)
    form = UntilForm(request.POST or None, today=request.today, initial={"until": request.today})
    return act_page(
        request,
        member,
        form,
        lambda: end_guardianship(guardian=guardian, until=form.cleaned_data["until"], today=request.today),
        heading=_("A guardian acts no more"),
        button=_("Save"),
        said=_("Saved."),
        lead=guardian.name,
        back="members:guardians",
    )


# --- consents -----------------------------------------------------------------------------------------------


@require_http_methods(GET_OR_POST)
def consents(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /members/<number>/consents/: what she was told and agreed to."""
    member = the_member(request, number)
    form = ConsentForm(request.POST or None, today=request.today, initial={"given_on": request.today})

    def act() -> None:
        asked = {name: value for name, value in form.cleaned_data.items() if name != "request_id"}
        give_consent(member=member, **asked, **who(request))

    return act_page(
        request,
        member,
        form,
        act,
        heading=_("Consents"),
        button=_("Save the consent"),
        said=_("The consent is saved."),
        lead=_("Who agreed may take it back at any time, as easily as it was given."),
        template=LISTED,
        done="members:consents",
        rows=[_consent_row(member, one) for one in consents_of(member).order_by("-given_on", "-pk")],
    )


def _consent_row(member: Member, one: Consent) -> dict[str, str]:
    back = _("taken back on %(day)s") % {"day": format_date(one.withdrawn_on, "short")} if one.withdrawn_on else ""
    words = [_from(one.given_on), one.given_by, back]
    if one.withdrawn_on or one.kind == Consent.Kind.NOTICE:
        return _row(one.get_kind_display(), words)
    url = reverse("members:withdraw_consent", args=[member.number, one.pk])
    return _row(one.get_kind_display(), words, _("Take back"), url)


@require_http_methods(GET_OR_POST)
def withdraw(request: HttpRequest, number: int, consent_id: int) -> HttpResponse:
    """GET, POST /members/<number>/consents/<id>/withdraw/: a consent is taken back."""
    member = the_member(request, number)
    consent = get_object_or_404(consents_of(member), pk=consent_id)
    form = WithdrawForm(request.POST or None, today=request.today, initial={"on": request.today})
    ends_marks = _("With it the mark of a disability ends on the day before.")
    return act_page(
        request,
        member,
        form,
        lambda: withdraw_consent(consent=consent, on=form.cleaned_data["on"], today=request.today),
        heading=_("Take a consent back"),
        button=_("Take back"),
        said=_("The consent is taken back."),
        lead=f"{consent.get_kind_display()}. {ends_marks if consent.kind == Consent.Kind.HEALTH else ''}".strip(),
        back="members:consents",
    )
