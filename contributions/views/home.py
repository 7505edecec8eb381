"""The first page of money in: what can be recorded or looked at, by the leg that it belongs to."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from office.roles import may_open


@dataclass(frozen=True, slots=True)
class Way:
    """A button of the page; shown to whom the permission table lets through."""

    view_name: str
    label: Promise
    args: tuple[str, ...] = ()
    is_main: bool = False

    @property
    def url(self) -> str:
        return reverse(self.view_name, args=self.args)


GROUPS: tuple[tuple[Promise, tuple[Way, ...]], ...] = (
    (
        _("Members"),
        (
            Way("contributions:find_payer", _("Members' contributions"), is_main=True),
            Way("contributions:sheets", _("Collection sheets"), is_main=True),
            Way("contributions:payment_requests", _("Payment requests")),
            Way("contributions:cash_with_collectors", _("Cash with collectors")),
            Way("contributions:differences", _("Differences at hand-over")),
            Way("contributions:receipt_books", _("Paper receipt books")),
        ),
    ),
    (
        _("The municipality and CODI"),
        (
            Way("contributions:commitments", _("Asked for and promised")),
            Way("contributions:grant", _("Municipality's contribution"), ("municipality",)),
            Way("contributions:round", _("CODI matching round")),
            Way("contributions:rounds", _("Matching rounds and who is in them")),
            Way("contributions:grant", _("CODI start-up grant"), ("codi-start-up",)),
            Way("contributions:grant", _("Other state body"), ("other-state",)),
            Way("contributions:legs", _("The other legs beside leg 1")),
        ),
    ),
    (
        _("Supporters"),
        (
            Way("contributions:gift", _("Gift"), is_main=True),
            Way("contributions:events", _("The annual event")),
            Way("contributions:pledges", _("Pledges")),
            Way("contributions:in_kind", _("Gifts in kind")),
            Way("contributions:contributors", _("Contributors")),
            Way("contributions:partners", _("Partners")),
        ),
    ),
    (
        _("Costs and the fund's own money"),
        (
            Way("contributions:cost", _("Pay a cost"), is_main=True),
            Way("contributions:transfer", _("Bank the cash")),
            Way("contributions:interest", _("Bank interest")),
            Way("ledger:passbooks", _("Passbooks")),
            Way("ledger:closing", _("Closing of months and years")),
        ),
    ),
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """GET /money-in/: what the user can record or look at; what is done each week stands first, and large."""
    allowed = [(title, [way for way in ways if may_open(request.user, way.view_name)]) for title, ways in GROUPS]
    main = [way for _title, ways in allowed for way in ways if way.is_main]
    groups = [(title, further) for title, ways in allowed if (further := [way for way in ways if not way.is_main])]
    return render(request, "contributions/home.html", {"main": main, "groups": groups})
