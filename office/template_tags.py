"""Tags for every page, built into the template engine (settings, OPTIONS["builtins"])."""

from typing import Any

from django import template

from office.navigation import ShownLine, menu_for
from office.roles import Role, may_open

register = template.Library()


@register.simple_tag(takes_context=True)
def menu(context: template.Context) -> list[ShownLine]:
    """{% menu as lines %}: what the signed-in user may open, for the navigation."""
    request = context.get("request")
    user = context.get("user")
    if request is None or user is None or not user.is_authenticated:
        return []
    return menu_for(user, getattr(request, "resolver_match", None))


@register.filter
def role_labels(user: Any) -> str:
    """The user's roles in words, in the table's order: "Registrar, Treasurer"."""
    return ", ".join(str(role.label) for role in Role if role in user.roles)


@register.filter
def may(user: Any, view_name: str) -> bool:
    """{% if user|may:"welfare:pay" %}: show a link only to those who may open it."""
    return may_open(user, view_name)
