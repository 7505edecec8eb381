"""Benefits by list: opened, proposed, looked through by the communities, sent in, decided by one resolution.

The lines of a list become claims when it is sent in, checked already; from then on they go the way of all claims.
"""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import active_language, be_year, format_date
from bansong_fund.lib.thai_text import normalise
from ledger.documents import next_numbers
from ledger.models import RestrictedFund
from members.models import Child, Community, Fund, Member
from members.persons import survivor_of
from members.queries import children_of, visible_communities
from office.action_log import log_action
from office.models import User
from office.roles import Role
from welfare.bulk import gather_fund
from welfare.claims import WrongDay
from welfare.eligibility import assess_event
from welfare.events import child_key, event_key
from welfare.list_proposals import about_children, event_of_line, once_key, proposed_lines, put_reckoning
from welfare.models import BenefitList, ListCommunity, ListLine
from welfare.regulations import version_on
from welfare.rules.document import BenefitTerms
from welfare.steps import NotEntitled, needed_reason
from welfare.transitions import NotNow, NotYours

LIST_SERIES = "benefit-list"
OPENS_LISTS = (Role.REGISTRAR, Role.COMMITTEE)


class NotByList(DomainError):
    """The regulation does not pay this benefit by a list."""


class EventNameNeeded(DomainError):
    """A list after a disaster names it, so that each house is helped once."""


class OnListAlready(DomainError):
    """This person stands on the list."""


class ChildNeeded(DomainError):
    """This benefit is about a child, and none is named."""


@transaction.atomic
def open_list(
    *,
    benefit_code: str,
    title: str,
    event_on: date,
    request_id: uuid.UUID,
    by: User,
    today: date,
    now: datetime,
    event_name: str = "",
    restricted_fund: RestrictedFund | None = None,
) -> BenefitList:
    """Open a list of one benefit, judged by `event_on`, under the next number of the year. The same request opens once.

    Nobody is on it yet: `propose` goes through the register. Raises `NotYours`, `WrongDay`, `NoRuleInForce`,
    `NotByList`, `EventNameNeeded`.
    """
    if not by.has_role(*OPENS_LISTS):
        raise NotYours(_("Lists are opened by the registrar and the committee. Ask one of them."))
    if event_on > today:
        message = _("%(day)s is after today, %(today)s. Write an earlier day.")
        raise WrongDay(message % {"day": format_date(event_on), "today": format_date(today)}, field="event_on")
    version = version_on(event_on)
    benefit = _by_list(version.benefit(benefit_code), event_on)
    if benefit.category == "disaster" and not normalise(event_name):
        raise EventNameNeeded(_("Write what the disaster is called, say “flood of October 2563”."), field="event_name")
    Fund.objects.select_for_update().get()  # a second click waits here for the first
    found = BenefitList.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    year = be_year(today)
    return BenefitList.objects.create(
        request_id=request_id,
        year_be=year,
        number=next_numbers(LIST_SERIES, year)[0],
        title=normalise(title) or benefit.name.in_language(active_language(get_language())),
        benefit_code=benefit.code,
        category=benefit.category,
        regulation_id=version.pk,
        event_on=event_on,
        event_key=event_key(event_name),
        restricted_fund=restricted_fund,
        opened_by=by,
        opened_on=today,
        opened_at=now,
    )


def _by_list(benefit: BenefitTerms | None, day: date) -> BenefitTerms:
    if benefit is None or not benefit.by_list or benefit.unit == "night" or benefit.recipient == "beneficiary":
        message = _("The regulation in force on %(day)s does not pay this benefit by a list. Enter claims one by one.")
        raise NotByList(message % {"day": format_date(day)}, field="benefit_code")
    return benefit


@transaction.atomic
def propose(benefit_list: BenefitList) -> int:
    """Put everybody who is due on the list, and lay its communities' parts; returns how many. It is done once."""
    benefit_list = hold_list(benefit_list)
    if benefit_list.state != BenefitList.State.OPEN or benefit_list.communities.exists():
        return benefit_list.lines.count()
    parts = [ListCommunity(benefit_list=benefit_list, community=one) for one in Community.objects.order_by("number")]
    ListCommunity.objects.bulk_create(parts)
    return len(ListLine.objects.bulk_create(proposed_lines(benefit_list, gather_fund()), batch_size=500))


def hold_list(benefit_list: BenefitList) -> BenefitList:
    """The list as it is now, its row locked until the transaction ends."""
    BenefitList.objects.select_for_update().get(pk=benefit_list.pk)
    return BenefitList.objects.select_related("regulation", "opened_by", "sent_by", "restricted_fund").get(
        pk=benefit_list.pk
    )


def benefit_of_list(benefit_list: BenefitList) -> BenefitTerms:
    """The benefit of a list, by the version in force on its day."""
    benefit = version_on(benefit_list.event_on).benefit(benefit_list.benefit_code)
    return _by_list(benefit, benefit_list.event_on)


# --- a community's part ---------------------------------------------------------------------------------------


@transaction.atomic
def strike_line(*, line: ListLine, reason: str, by: User) -> ListLine:
    """Take a person off the list, and say why; the community confirms anew. Raises `ReasonNeeded`, `NotNow`.

    Who is struck out already stays so, with the first reason.
    """
    line = _hold_line(line, by)
    if line.struck_by_id is not None:
        return line
    line.struck_by, line.struck_reason = by, needed_reason(reason)[:300]
    return _changed(line)


@transaction.atomic
def restore_line(*, line: ListLine, by: User) -> ListLine:
    """Put a person who was struck out on the list again; the community confirms anew. Raises `NotNow`.

    Who stands on it already stays so. Raises `OnListAlready` where another of her house or her child came on meanwhile.
    """
    line = _hold_line(line, by)
    if line.struck_by_id is None:
        return line
    _refuse_helped(line, benefit_of_list(line.benefit_list))
    line.struck_by, line.struck_reason = None, ""
    return _changed(line)


@transaction.atomic
def add_line(
    *,
    benefit_list: BenefitList,
    member: Member,
    reason: str,
    request_id: uuid.UUID,
    by: User,
    child_name: str = "",
    child_birth_date: date | None = None,
    **facts: object,
) -> ListLine:
    """Add a person whom the program did not propose, and say why. The same request adds once.

    `facts`: grade, units, loss_amount, proposed_amount; a child is known by its name and birth date.

    Raises `NotEntitled` with every reason where the regulation refuses, `OnListAlready`, `ChildNeeded`,
    `ReasonNeeded`, `NotNow`, `NotYours`.
    """
    benefit_list = hold_list(benefit_list)
    found = ListLine.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    member = survivor_of(member)
    _refuse_changing(benefit_list, member.community, by)
    line = ListLine(
        request_id=request_id,
        benefit_list=benefit_list,
        member=member,
        community=member.community,
        added_by=by,
        added_reason=needed_reason(reason)[:300],
        **facts,
    )
    benefit = benefit_of_list(benefit_list)
    if about_children(benefit):
        line.child = _child(member, child_name, child_birth_date)
    _refuse_on_list(line)
    _refuse_helped(line, benefit)
    assessment = assess_event(member, event_of_line(line, benefit_list, benefit))
    if assessment.outcome == "refused":
        raise NotEntitled(assessment)
    ListCommunity.objects.get_or_create(benefit_list=benefit_list, community=member.community)
    return _changed(put_reckoning(line, assessment))


def _child(parent: Member, name: str, birth_date: date | None) -> Child:
    """The child as the register has it, or written down now. Raises `ChildNeeded`."""
    if not normalise(name) or birth_date is None:
        message = _("Write the name and the birth date of the child of %(name)s.")
        raise ChildNeeded(message % {"name": parent.full_name}, field="child_name")
    mine = child_key(name, birth_date)
    known = [one for one in children_of(parent) if child_key(one.name, one.birth_date) == mine]
    return known[0] if known else Child.objects.create(parent=parent, name=normalise(name), birth_date=birth_date)


def _refuse_on_list(line: ListLine) -> None:
    same = ListLine.objects.filter(benefit_list=line.benefit_list, member=line.member, child=line.child)
    first = same.select_related("struck_by").first()
    if first is None:
        return
    if first.struck_by is None:
        message = _("%(name)s stands on this list already.")
        raise OnListAlready(message % {"name": line.member.full_name}, field="member")
    message = _("%(name)s was struck out by %(by)s: %(reason)s. Put her back instead of adding her anew.")
    told = {"name": line.member.full_name, "by": first.struck_by.display_name, "reason": first.struck_reason}
    raise OnListAlready(message % told, field="member")


def _refuse_helped(line: ListLine, benefit: BenefitTerms) -> None:
    """Raises `OnListAlready` where the benefit is given once for a house or a child, and another has a line for it."""
    mine = once_key(line, benefit)
    if mine is None:
        return
    others = ListLine.objects.filter(benefit_list=line.benefit_list, struck_by=None).exclude(member=line.member)
    for one in others.select_related("member", "child"):
        if once_key(one, benefit) == mine:
            message = _("%(other)s stands on this list for the same house or the same child. Strike one of them out.")
            raise OnListAlready(message % {"other": one.member.full_name}, field="member")


def _hold_line(line: ListLine, by: User) -> ListLine:
    benefit_list = hold_list(line.benefit_list)
    line = ListLine.objects.select_related("member", "community", "child").get(pk=line.pk)
    line.benefit_list = benefit_list
    _refuse_changing(benefit_list, line.community, by)
    return line


def _changed(line: ListLine) -> ListLine:
    """Keep the line; whoever confirmed the community's part looks at it once more."""
    line.save()
    part = ListCommunity.objects.filter(Q(confirmed_by__isnull=False), benefit_list=line.benefit_list)
    part.filter(community=line.community_id).update(confirmed_by=None, confirmed_at=None)
    return line


def _refuse_changing(benefit_list: BenefitList, community: Community, by: User) -> None:
    refuse_not_open(benefit_list)
    allowed = by.has_role(Role.LEADER, *OPENS_LISTS)
    if not allowed or not visible_communities(by).filter(pk=community.pk).exists():
        raise NotYours(_("A community's part is looked through by its leaders, or by the registrar for them."))


def refuse_not_open(benefit_list: BenefitList) -> None:
    """Raises `NotNow` for a list that was sent in, decided or cancelled."""
    if benefit_list.state != BenefitList.State.OPEN:
        message = _("List %(number)s is now: %(state)s. It can no longer be changed.")
        raise NotNow(message % {"number": benefit_list.label, "state": benefit_list.get_state_display()})


@transaction.atomic
def confirm_community(*, benefit_list: BenefitList, community: Community, by: User, now: datetime) -> ListCommunity:
    """A community's part is right as it stands, and the papers asked for were seen. Raises `NotNow`, `NotYours`."""
    benefit_list = hold_list(benefit_list)
    _refuse_changing(benefit_list, community, by)
    part = ListCommunity.objects.get_or_create(benefit_list=benefit_list, community=community)[0]
    if part.confirmed_by_id is None:
        part.confirmed_by, part.confirmed_at = by, now
        part.save(update_fields=["confirmed_by", "confirmed_at"])
    return part


@transaction.atomic
def cancel_list(*, benefit_list: BenefitList, reason: str, by: User) -> BenefitList:
    """End a list that is still with the communities; its number stays. Raises `ReasonNeeded`, `NotNow`, `NotYours`."""
    benefit_list = hold_list(benefit_list)
    if not by.has_role(*OPENS_LISTS):
        raise NotYours(_("Lists are cancelled by the registrar and the committee. Ask one of them."))
    refuse_not_open(benefit_list)
    why = needed_reason(reason)
    benefit_list.state = BenefitList.State.CANCELLED
    benefit_list.save(update_fields=["state"])
    log_action(by, "list-cancelled", subject=benefit_list, number=benefit_list.label, reason=why)
    return benefit_list
