"""Pages of a membership's life: transfer, change of name or title, leaving, coming back."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from members.forms.life import LeaveForm, NameForm, ReenterForm, TitlesForm, TransferForm
from members.life import change_name, change_titles, leave_fund, reenter_member, transfer_member
from members.models import Member
from members.queries import visible_communities
from members.titles import GROWN_TITLES, grown_out_of_titles
from members.views.one_member import act_page, carried_out, seen_by, the_member, who

TITLES_A_PAGE = 100
GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
def transfer(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /members/<number>/transfer/: to another community."""
    member = the_member(request, number)
    others = visible_communities(request.user)
    if request.method != "POST":  # at a second click she is in the new one already
        others = others.exclude(pk=member.community_id)
    form = TransferForm(request.POST or None, today=request.today, communities=others, initial={"on": request.today})

    def act() -> None:
        asked = form.cleaned_data
        day = {"on": asked["on"], "community": asked["community"], "request_id": asked["request_id"]}
        transfer_member(member=member, house=form.house(), **day, **who(request))

    return act_page(
        request,
        member,
        form,
        act,
        heading=_("Transfer to another community"),
        button=_("Move the member"),
        said=_("The member belongs to the other community now."),
        lead=_(
            "From that day on the leader there sees her and collects from her. What she paid and what she was given"
            " stays with the community that she was in."
        ),
    )


@require_http_methods(GET_OR_POST)
def name(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /members/<number>/name/: another title or name from a day on."""
    member = the_member(request, number)
    today = {"changed_on": request.today}
    now = {"title": member.title, "first_name": member.first_name, "family_name": member.family_name}
    form = NameForm(request.POST or None, today=request.today, initial=now | today)

    def act() -> None:
        change_name(member=member, **form.cleaned_data, **who(request))

    return act_page(
        request,
        member,
        form,
        act,
        heading=_("Change of name or title"),
        button=_("Save the new name"),
        said=_("The new name is saved; the old one stays in the history."),
        lead=_(
            "For a new name, as after a wedding. A mistake of the pen is corrected on the page “Correct the facts”."
        ),
    )


@require_http_methods(GET_OR_POST)
def leave(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /members/<number>/leave/: a resignation, or a move away from the fund's area."""
    member = the_member(request, number)
    form = LeaveForm(request.POST or None, request.FILES or None, today=request.today, initial={"on": request.today})

    def act() -> None:
        leave_fund(member=member, **form.cleaned_data, **who(request))

    return act_page(
        request,
        member,
        form,
        act,
        heading=_("Resignation or moving away"),
        button=_("End the membership"),
        said=_("The membership has ended."),
        lead=_(
            "Contributions are given to the fund: nothing is paid back. Who comes back later begins anew, with a new"
            " waiting period. Tell the member so before you end the membership."
        ),
    )


@require_http_methods(GET_OR_POST)
def reenter(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /members/<number>/return/: a former member comes back, by a decision of the committee."""
    member = the_member(request, number)
    house = member.household
    place = {"house_number": house.house_number, "moo": house.moo} if house else {}
    form = ReenterForm(
        request.POST or None,
        today=request.today,
        communities=visible_communities(request.user),
        initial={"community": member.community_id, "joined_on": request.today} | place,
    )
    return act_page(
        request,
        member,
        form,
        lambda: _take_back(request, member, form),
        heading=_("Re-entry"),
        button=_("Take back into the fund"),
        said=_("The member is back in the fund under her old number."),
        lead=_("She keeps her number. Tenure and waiting period begin anew on the day of re-entry."),
    )


def _take_back(request: HttpRequest, member: Member, form: ReenterForm) -> None:
    asked = form.cleaned_data
    reenter_member(
        member=member,
        community=asked["community"],
        joined_on=asked["joined_on"],
        request_id=asked["request_id"],
        accepted_by=asked["resolution"],
        house=form.house(),
        decision=asked["decision"] or asked["resolution"].label,
        **who(request),
    )


@require_http_methods(GET_OR_POST)
def titles(request: HttpRequest) -> HttpResponse:
    """GET, POST /members/titles/: children who have turned fifteen, and the titles that are theirs now."""
    grown = grown_out_of_titles(seen_by(request), request.today)
    form = TitlesForm(request.POST or None, members=grown)
    if request.method == "POST":
        shown_by = _("Fifteen years of age")
        facts = {"grown": GROWN_TITLES, "shown_by": shown_by, **who(request)}
        changed: list[int] = []
        if carried_out(form, lambda: changed.append(change_titles(members=form.cleaned_data["members"], **facts))):
            told = ngettext("%(count)d title is changed.", "%(count)d titles are changed.", changed[0])
            messages.success(request, told % {"count": changed[0]})
            return redirect("members:titles")
    return render(request, "members/titles.html", {"form": form, **_titles_shown(grown)})


def _titles_shown(grown: QuerySet[Member]) -> dict[str, object]:
    """The first page of those found, each with the new title, and whether more wait behind them."""
    found = list(grown.select_related("community")[: TITLES_A_PAGE + 1])
    rows = [(member, GROWN_TITLES[member.title]) for member in found[:TITLES_A_PAGE]]
    return {"rows": rows, "more_wait": len(found) > TITLES_A_PAGE}
