"""Tags for every page, built into the template engine (settings, OPTIONS["builtins"])."""

from typing import Any

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from office.interrupted import FILES_FIELD, MARK_FIELD, mark_of
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


class FormMarkNode(template.Node):
    """Django's own token, and the mark of the user who opened the form (see `office.interrupted`)."""

    def __init__(self) -> None:
        self.plain = CsrfTokenNode()

    def render(self, context: template.Context) -> SafeString:
        token = self.plain.render(context)
        user = context.get("user")
        if not token or user is None or not user.is_authenticated:
            return token
        mark = context.render_context.get(MARK_FIELD)
        if mark is None:
            mark = context.render_context[MARK_FIELD] = mark_of(user)
        kept = getattr(context.get("request"), "kept_form", None)
        return token + _hidden(MARK_FIELD, mark) + (_hidden(FILES_FIELD, kept.token) if kept else "")


def _hidden(name: str, value: object) -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', name, value)


@register.tag
def csrf_token(_parser: template.base.Parser, _token: template.base.Token) -> FormMarkNode:
    """In place of Django's tag, so that no form can be without the mark."""
    return FormMarkNode()
