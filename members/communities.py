"""The municipality draws a new community: it gets the next number, and members can be enrolled there."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_text import plain
from members.models import Community, MemberCount
from members.verbs import hold_register
from office.action_log import log_action
from office.models import User


class NameTaken(DomainError):
    """Another community has this name."""


@transaction.atomic
def add_community(*, name_th: str, name_en: str, by: User) -> Community:
    """Write down a new community under the next number. Raises `NameTaken`, also for the second of two clicks."""
    hold_register()
    names = {plain(name_th): "name_th", plain(name_en): "name_en"}
    for community in Community.objects.all():
        for kept in (community.name_th, community.name_en):
            if field := names.get(plain(kept)):
                message = _("Community no. %(number)s has this name already. Write another, or use that one.")
                raise NameTaken(message % {"number": community.number}, field=field)
    last = Community.objects.aggregate(last=Max("number"))["last"] or 0
    community = Community.objects.create(number=last + 1, name_th=name_th, name_en=name_en)
    MemberCount.objects.create(community=community)
    log_action(by, "community-added", subject=community)
    return community
