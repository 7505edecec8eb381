"""What every verb on a claim shares: the lock, the step that is written down, the reckoning that is kept."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import active_language
from members.models import Household, Member
from members.queries import survivor_key
from office.models import User
from welfare.models import Claim, ClaimStep
from welfare.rules.steps import Assessment
from welfare.transitions import Action, transition


class ReasonNeeded(DomainError):
    """This step says why."""


class NotEntitled(DomainError):
    """The reckoning refuses the claim; all reasons are told."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        language = active_language(get_language())
        super().__init__(" ".join(step.sentence(language) for step in assessment.refusals))


def lock_claim(claim: Claim) -> Claim:
    """The claim as it is now, its row locked until the transaction ends."""
    return lock_claims([claim.pk])[0]


def lock_claims(keys: Iterable[int]) -> list[Claim]:
    """Claims as they are now, their rows locked in one order, so that two of us never wait for each other crosswise."""
    locked = list(Claim.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))
    # read after the lock: a join made while waiting for it would still show what stood there before
    related = ("member", "community", "child", "voucher", "resolution__meeting", "entered_by", "paid_by")
    return list(Claim.objects.select_related(*related).filter(pk__in=locked).order_by("pk"))


def lock_member(member: Member) -> None:
    """Hold the person's row, so that two claims of hers are entered or submitted one after the other."""
    Member.objects.select_for_update(no_key=True).get(pk=survivor_key(member))


def lock_household(key: int | None) -> None:
    """Hold the house, so that of two of its members who ask after one flood at one moment the second sees the first."""
    if key is not None:
        Household.objects.select_for_update(no_key=True).get(pk=key)


def take_step(
    claim: Claim, action: Action, *, by: User, today: date, now: datetime, reason: str = "", saved: tuple[str, ...] = ()
) -> Claim:
    """Move a locked claim on by the table, save it (with the columns `saved`) and write the step down."""
    from_state = claim.state
    claim.state = transition(claim, action, by).to_state
    claim.save(update_fields=["state", *saved])
    write_step(claim, action, by=by, today=today, now=now, reason=reason, from_state=from_state)
    return claim


def write_step(
    claim: Claim, action: str, *, by: User, today: date, now: datetime, reason: str = "", from_state: str = ""
) -> None:
    """Write down who did what on which of the fund's days; `now` is the real moment."""
    ClaimStep.objects.create(
        claim=claim,
        action=action,
        from_state=from_state,
        to_state=claim.state,
        user=by,
        reason=reason[:500],
        day=today,
        at=now,
    )


def keep_reckoning(claim: Claim, assessment: Assessment) -> tuple[str, ...]:
    """Put a reckoning on the claim; returns the columns to save."""
    claim.outcome, claim.amount, claim.assessment = assessment.outcome, assessment.amount, assessment.to_json()
    return ("outcome", "amount", "assessment")


def needed_reason(reason: str) -> str:
    """The reason, trimmed. Raises `ReasonNeeded` where there is none."""
    if not reason.strip():
        raise ReasonNeeded(
            _("Say why; the reason stays with the claim and is shown to all who read it."), field="reason"
        )
    return reason.strip()
