"""Who did what, who might do what, how strict the fund is, and which fingerprints went out: tables of the pack."""

from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bansong_fund.lib.papers import Words
from bansong_fund.lib.thai_dates import format_moment
from contributions.models import Contributor
from ledger.book_papers import BookColumn, BookPaper, BookRow, in_both
from ledger.models import Fingerprint
from ledger.spans import spoken
from members.models import Controls, Fund, Member
from office.action_log import ACTIONS
from office.models import ActionLog, RoleGrant
from office.roles import Role
from reports.audit.rows import Scope, member_words

AT_A_TIME = 500
NAMES_PERSONS = ("member", "contributor")


def _logged(rows: QuerySet[Any], field: str, scope: Scope) -> QuerySet[Any]:
    days = (scope.span.first, scope.logged_last)
    return rows.filter(**{f"{field}__date__range": days})


def actions_of(scope: Scope) -> QuerySet[ActionLog]:
    """What users did outside the books in the span, the first on top; members and contributors by their numbers."""
    numbers = {
        "member_number": Member.objects.filter(pk=OuterRef("subject_id")).values("number"),
        "contributor_number": Contributor.objects.filter(pk=OuterRef("subject_id")).values("number"),
    }
    found = {name: Subquery(rows) for name, rows in numbers.items()}
    rows = _logged(ActionLog.objects.all(), "acted_at", scope)
    return rows.annotate(**found).select_related("user").order_by("acted_at", "pk")


def actions_paper(scope: Scope) -> BookPaper:
    """บันทึกการใช้งาน: sign-ins, roles, settings, all that is done beside the books, as far as it is kept."""
    return BookPaper(
        title=in_both(lambda: _("What users did")),
        subtitle=in_both(lambda: spoken(scope.span)),
        columns=(
            BookColumn(in_both(lambda: _("When")), "document"),
            BookColumn(in_both(lambda: _("Who"))),
            BookColumn(in_both(lambda: _("What"))),
            BookColumn(in_both(lambda: _("About"))),
        ),
        rows=_actions(scope),
    )


def _actions(scope: Scope) -> Iterator[BookRow]:
    for line in actions_of(scope).iterator(chunk_size=AT_A_TIME):
        when = in_both(lambda line=line: format_moment(line.acted_at))
        who = line.user.display_name if line.user else in_both(lambda: _("a visitor"))
        what = in_both(lambda line=line: _what(line))
        yield BookRow((when, who, what, in_both(lambda line=line: _about(line))))


def _what(line: ActionLog) -> str:
    role = line.details.get("role", "")
    said = str(ACTIONS.get(line.action, line.action))
    return f"{said}: {Role(role).label}" if role in Role else said


def _about(line: Any) -> str:
    """The subject, and the words beside it that an auditor asks for."""
    subject = line.subject_name
    if line.subject_kind in NAMES_PERSONS:
        number = line.member_number if line.subject_kind == "member" else line.contributor_number
        is_member = line.subject_kind == "member"
        subject = member_words(number) if is_member else _("contributor no. %(number)s") % {"number": number}
    words = (str(line.details[name]) for name in ("resolution", "reason") if line.details.get(name))
    return " · ".join(filter(None, (subject, *words)))


# --- roles and controls -----------------------------------------------------------------------------------


def roles_of(scope: Scope) -> QuerySet[RoleGrant]:
    """Every role that somebody held on some day of the span."""
    held = Q(revoked_at=None) | Q(revoked_at__date__gte=scope.span.first)
    rows = RoleGrant.objects.filter(held, granted_at__date__lte=scope.logged_last)
    return rows.select_related("user", "granted_by", "revoked_by").order_by("role", "granted_at", "pk")


def roles_paper(scope: Scope) -> BookPaper:
    """Who had which role when, and who gave it."""
    return BookPaper(
        title=in_both(lambda: _("Who had which role")),
        subtitle=in_both(lambda: spoken(scope.span)),
        columns=(
            BookColumn(in_both(lambda: _("Role")), "document"),
            BookColumn(in_both(lambda: _("Who"))),
            BookColumn(in_both(lambda: _("From")), "date"),
            BookColumn(in_both(lambda: _("Until")), "date"),
            BookColumn(in_both(lambda: _("Given by, taken by"))),
        ),
        rows=[_role(grant) for grant in roles_of(scope)],
    )


def _role(grant: RoleGrant) -> BookRow:
    by = " · ".join(person.display_name for person in (grant.granted_by, grant.revoked_by) if person)
    role = in_both(lambda: str(Role(grant.role).label) if grant.role in Role else grant.role)
    until = localtime(grant.revoked_at).date() if grant.revoked_at else None
    return BookRow((role, _user(grant), localtime(grant.granted_at).date(), until, by))


def _user(grant: RoleGrant) -> Words | str:
    user = grant.user
    return user.display_name if user.is_active else in_both(lambda: f"{user.display_name} ({_('closed')})")


def level_changes(scope: Scope) -> QuerySet[ActionLog]:
    """Every change of the level of controls up to the span's end, the first on top."""
    changed = ActionLog.objects.filter(action="fund-changed", details__after__has_key="controls")
    return changed.filter(acted_at__date__lte=scope.logged_last).select_related("user").order_by("acted_at", "pk")


def controls_paper(scope: Scope, fund: Fund) -> BookPaper:
    """The level of controls from the founding on, each change with its resolution."""
    return BookPaper(
        title=in_both(lambda: _("Level of controls")),
        subtitle=in_both(lambda: spoken(scope.span)),
        columns=(
            BookColumn(in_both(lambda: _("Since")), "date"),
            BookColumn(in_both(lambda: _("Level")), "document"),
            BookColumn(in_both(lambda: _("What it asks for"))),
            BookColumn(in_both(lambda: _("Resolution, by"))),
        ),
        rows=_levels(scope, fund),
    )


def _levels(scope: Scope, fund: Fund) -> Iterator[BookRow]:
    changes = list(level_changes(scope))
    first = changes[0].details["before"]["controls"] if changes else fund.controls
    yield _level(fund.founded_on, first, "")
    for change in changes:
        by = change.user.display_name if change.user else ""
        words = " · ".join(filter(None, (change.details.get("resolution", ""), by)))
        yield _level(localtime(change.acted_at).date(), change.details["after"]["controls"], words)


def _level(day: Any, level: str, words: str) -> BookRow:
    name = in_both(lambda: str(Controls(level).label) if level in Controls else level)
    return BookRow((day, name, in_both(lambda: _asked_for(level)), words))


def _asked_for(level: str) -> str:
    asked = {
        Controls.SMALL: _(
            "One person may hold several roles; a meeting of three or more decides; the payer is not the only one who"
            " decided; one person makes a paper void, with a reason, and the next meeting sees it."
        ),
        Controls.STANDARD: _(
            "Whoever entered a claim does not decide it, and neither of them pays it; a void after the hand-over and a"
            " reversal take a second person; nobody counts her own collection."
        ),
        Controls.STRICT: _(
            "As the standard; three certify a claim, two approve a large sum; the collector agrees to the count in the"
            " program, and cash is counted by note and coin."
        ),
    }
    return asked.get(level, "")  # type: ignore[call-overload, no-any-return]


# --- fingerprints -----------------------------------------------------------------------------------------


def fingerprints_of(scope: Scope) -> QuerySet[Fingerprint]:
    """Every fingerprint of entries of the span that was printed."""
    rows = Fingerprint.objects.filter(entry__date__range=(scope.span.first, scope.span.last))
    return rows.select_related("entry", "printed_by").order_by("printed_at", "pk")


def fingerprints_paper(scope: Scope) -> BookPaper:
    """รหัสตรวจสอบบัญชี that went out on papers: each can be held against the books."""
    return BookPaper(
        title=in_both(lambda: _("Fingerprints that were printed")),
        subtitle=in_both(lambda: spoken(scope.span)),
        columns=(
            BookColumn(in_both(lambda: _("When")), "document"),
            BookColumn(in_both(lambda: _("Paper")), "document"),
            BookColumn(in_both(lambda: _("Entry no.")), "number"),
            BookColumn(in_both(lambda: _("Fingerprint of the books"))),
            BookColumn(in_both(lambda: _("By"))),
        ),
        rows=[_fingerprint(one) for one in fingerprints_of(scope)],
    )


def _fingerprint(one: Fingerprint) -> BookRow:
    when = in_both(lambda: format_moment(one.printed_at))
    who = one.printed_by.display_name if one.printed_by else ""
    return BookRow((when, one.paper, one.entry.number, one.chain_hash, who))
