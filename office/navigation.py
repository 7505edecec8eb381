"""The menu: what stands in it, in which order. The permission table says who sees which line."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, ResolverMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from office.roles import may_open


@dataclass(frozen=True)
class MenuLine:
    view_name: str
    label: str | Promise


@dataclass(frozen=True)
class ShownLine:
    url: str
    label: str | Promise
    is_current: bool


# A line of a route that does not exist (yet) is left out.
NAV: tuple[MenuLine, ...] = (
    MenuLine("reports:home", _("Home")),
    # members
    MenuLine("members:list", _("Members")),
    MenuLine("members:applications", _("Applications")),
    MenuLine("members:communities", _("Communities")),
    MenuLine("welfare:notices", _("Arrears")),
    # money in
    MenuLine("contributions:sheets", _("Collection sheets")),
    MenuLine("contributions:home", _("Money in")),
    # money out
    MenuLine("welfare:claims", _("Claims")),
    MenuLine("welfare:to_check", _("Claims to check")),
    MenuLine("welfare:meetings", _("Meetings")),
    MenuLine("welfare:to_pay", _("Claims to pay")),
    MenuLine("welfare:budgets", _("Budgets")),
    MenuLine("welfare:care", _("Home visits")),
    MenuLine("welfare:regulations", _("Regulation")),
    # the books
    MenuLine("ledger:money", _("The fund's money")),
    MenuLine("ledger:entries", _("Books")),
    # reports
    MenuLine("reports:glance", _("The fund at a glance")),
    MenuLine("reports:reports", _("Reports")),
    # office
    MenuLine("reports:settings", _("Settings")),
    MenuLine("office:users", _("Users")),
    MenuLine("office:action_log", _("Log")),
)


def menu_for(user: object, match: ResolverMatch | None) -> list[ShownLine]:
    """Return the lines this user may open, the current one marked."""
    current = match.view_name if match else ""
    lines = []
    for line in NAV:
        if not may_open(user, line.view_name):
            continue
        try:
            url = reverse(line.view_name)
        except NoReverseMatch:
            continue
        lines.append(ShownLine(url, line.label, line.view_name == current))
    return lines
