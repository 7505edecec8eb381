"""Starting with a fund that exists: what it had and had done on the cut-over day, signed and locked once."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.money import BahtField
from ledger.models.accounts import Account, RestrictedFund
from ledger.models.entries import Entry

LOCKED = "RAISE EXCEPTION 'the opening of the books is locked' USING ERRCODE = 'check_violation';"
# The row is read FOR SHARE, so that nothing is typed while it is being locked.
REFUSE_WHEN_LOCKED = """
    SELECT o.locked_at INTO opening_locked FROM ledger_opening o
     WHERE o.id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.opening_id ELSE NEW.opening_id END) FOR SHARE;
    IF opening_locked IS NOT NULL THEN
        RAISE EXCEPTION 'the opening of the books is locked' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""

# Where the committee is not small, who typed any of it does not lock it.
REFUSE_TYPIST = """
    IF (SELECT f.controls FROM members_fund f LIMIT 1) <> 'small' AND (NEW.locked_by_id = NEW.begun_by_id OR EXISTS (
        SELECT 1 FROM ledger_openingtypist t WHERE t.opening_id = NEW.id AND t.typed_by_id = NEW.locked_by_id)) THEN
        RAISE EXCEPTION 'who typed the opening does not lock it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def refuse_typing_when_locked() -> list[pgtrigger.Trigger]:
    """What was signed stays: neither added to, nor changed, nor taken away."""
    return [
        pgtrigger.Trigger(
            name="refuse_locked_opening",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            declare=[("opening_locked", "timestamptz")],
            func=REFUSE_WHEN_LOCKED,
        )
    ]


class Opening(models.Model):
    """The guided page of a fund that exists: filled in over days, then locked by a resolution and posted."""

    cutover_on = models.DateField(null=True, help_text="the last day of the old books")
    note = models.CharField(max_length=500, blank=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    resolution_label = models.CharField(max_length=60, blank=True)
    resolved_on = models.DateField(null=True)
    signed_by = models.JSONField(default=list, help_text='[{"name": …, "post": …}]')
    locked_at = models.DateTimeField(null=True)
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+", null=True)
    request_id = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="a_fund_is_opened_once"),
            models.CheckConstraint(
                condition=Q(locked_at=None) | (~Q(resolution_label="") & Q(cutover_on__isnull=False)),
                name="an_opening_is_locked_by_a_resolution",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="refuse_change_when_locked",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__locked_at__isnull=False),
                func=LOCKED,
            ),
            pgtrigger.Trigger(
                name="refuse_typist",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__locked_at__isnull=True, new__locked_at__isnull=False),
                func=REFUSE_TYPIST,
            ),
        ]

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None


class OpeningBalance(models.Model):
    """What one place of money held on the cut-over day, for one restricted fund."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="balances")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    restricted_fund = models.ForeignKey(RestrictedFund, models.PROTECT, related_name="+")
    amount = BahtField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opening", "account", "restricted_fund"], name="one_opening_balance"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="an_opening_balance_is_not_negative"),
        ]
        triggers = refuse_typing_when_locked()


class OpeningTotal(models.Model):
    """Received or spent since the founding until the cut-over, by account; of welfare the persons and times too."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="totals")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    round_number = models.PositiveSmallIntegerField(null=True, help_text="of a matching round of CODI")
    persons = models.PositiveIntegerField(null=True)
    times = models.PositiveIntegerField(null=True)
    amount = BahtField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opening", "account", "round_number"], nulls_distinct=False, name="one_opening_total"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="an_opening_total_is_not_negative"),
        ]
        triggers = refuse_typing_when_locked()


class OpeningTypist(AppendOnly):
    """Somebody who typed any part of the opening; kept once for each, also where it was typed over since."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="typists")
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    first_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        constraints = [models.UniqueConstraint(fields=["opening", "typed_by"], name="a_typist_is_named_once")]
