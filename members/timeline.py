"""What happened to a member, day by day: read from the dated rows of her life."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bansong_fund.lib.template_tags import local_name
from bansong_fund.lib.thai_text import title_and_name
from members.life import MEMBER_PAPERS
from members.models import (
    ArrearsNotice,
    Beneficiary,
    CommunityStay,
    Consent,
    GroupFlag,
    Guardian,
    Member,
    Membership,
    NameChange,
)
from members.queries import of_person
from office.models import Attachment


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """One line of the history: on which day what happened, and what is known of it."""

    day: date
    what: str
    detail: str = ""


def timeline_of(member: Member) -> list[LifeEvent]:
    """Everything dated in a person's life with the fund, the latest first; eight queries whatever its length."""
    parts = (_memberships, _transfers, _names, _notices, _beneficiaries, _groups, _guardians, _consents)
    events = [event for part in parts for event in part(member)]
    return sorted(events, key=lambda event: event.day, reverse=True)


def papers_of(member: Member) -> QuerySet[Attachment]:
    """The papers that lie with a member or her doubles, in the order in which they came."""
    rows = Member.objects.filter(Q(pk=member.pk) | Q(merged_into=member)).values("pk")
    return Attachment.objects.filter(owner_kind=MEMBER_PAPERS, owner_id__in=rows).order_by("uploaded_at", "id")


def _memberships(member: Member) -> Iterator[LifeEvent]:
    stays = Membership.objects.filter(of_person(member)).select_related("accepted_by__meeting").order_by("joined_on")
    for place, one in enumerate(stays):
        by = _("Resolution %(number)s") % {"number": one.accepted_by.label} if one.accepted_by else ""
        yield LifeEvent(one.joined_on, _("Came back into the fund") if place else _("Joined the fund"), by)
        if one.ended_on:
            yield LifeEvent(one.ended_on, one.get_end_reason_display(), one.end_note)


def _transfers(member: Member) -> Iterator[LifeEvent]:
    stays = CommunityStay.objects.filter(member=member).select_related("community").order_by("since")
    for before, after in pairwise(stays):
        if before.community_id != after.community_id:
            way = f"{local_name(before.community)} → {local_name(after.community)}"
            yield LifeEvent(after.since, _("Transferred to another community"), way)


def _names(member: Member) -> Iterator[LifeEvent]:
    for one in NameChange.objects.filter(of_person(member)).order_by("pk"):
        old = title_and_name(one.old_title, one.old_first_name, one.old_family_name)
        new = title_and_name(one.title, one.first_name, one.family_name)
        shown_by = f" ({one.shown_by})" if one.shown_by else ""
        yield LifeEvent(one.changed_on, _("Change of name or title"), f"{old} → {new}{shown_by}")


def _notices(member: Member) -> Iterator[LifeEvent]:
    of_her = Membership.objects.filter(of_person(member))
    for one in ArrearsNotice.objects.filter(membership__in=of_her).order_by("pk"):
        told = f"{one.get_how_display()} · {one.note}" if one.note else str(one.get_how_display())
        yield LifeEvent(one.given_on, _("Told of her arrears"), told)


def _beneficiaries(member: Member) -> Iterator[LifeEvent]:
    for one in Beneficiary.objects.filter(of_person(member)).order_by("pk"):
        person = f"{one.name} ({one.get_relation_display()}, {one.share_percent}%)"
        if one.named_on:
            yield LifeEvent(one.named_on, _("Beneficiary named"), person)
        if one.replaced_on:
            yield LifeEvent(one.replaced_on, _("Beneficiary replaced"), person)
        if one.died_on:
            yield LifeEvent(one.died_on, _("Beneficiary died"), person)


def _groups(member: Member) -> Iterator[LifeEvent]:
    for one in GroupFlag.objects.filter(of_person(member)).order_by("pk"):
        yield LifeEvent(one.since, _("Marked: %(group)s") % {"group": one.get_group_display()}, one.shown_by)
        if one.until:
            yield LifeEvent(one.until, _("Mark ended: %(group)s") % {"group": one.get_group_display()})


def _guardians(member: Member) -> Iterator[LifeEvent]:
    for one in Guardian.objects.filter(of_person(member)).order_by("pk"):
        person = f"{one.name} ({one.get_relation_display()})"
        yield LifeEvent(one.since, _("Guardian named"), person)
        if one.until:
            yield LifeEvent(one.until, _("Guardian acts no more"), person)


def _consents(member: Member) -> Iterator[LifeEvent]:
    for one in Consent.objects.filter(of_person(member)).order_by("pk"):
        is_notice = one.kind == Consent.Kind.NOTICE
        what = one.get_kind_display() if is_notice else _("Agreed: %(kind)s") % {"kind": one.get_kind_display()}
        yield LifeEvent(one.given_on, str(what), one.given_by)
        if one.withdrawn_on:
            yield LifeEvent(one.withdrawn_on, _("Taken back: %(kind)s") % {"kind": one.get_kind_display()})
