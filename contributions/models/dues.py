"""Dues taken, their hold on their periods, entry fees."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.money import BahtField
from contributions.models.sheets import CollectionSheet
from ledger.models import Receipt
from members.models import Member, Membership


class DuesPayment(AppendOnly):
    """Dues that were taken: for a period, on the day the money changed hands. A fact, never recalculated.

    A part payment names the period that it is paid towards and holds no cover; the payment that completes the period
    holds it.
    """

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="dues", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="dues", db_index=False)
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="dues")
    sheet = models.ForeignKey(CollectionSheet, models.PROTECT, related_name="payments", null=True)
    amount = BahtField()
    covers_from = models.DateField()
    covers_until = models.DateField()  # last day covered, inclusive
    is_part = models.BooleanField(default=False, help_text="less than the period costs: credit towards it")
    paid_on = models.DateField()
    collected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["membership", "paid_on"]), models.Index(fields=["member", "-covers_until"])]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="dues_are_above_zero"),
            models.CheckConstraint(condition=Q(covers_until__gte=F("covers_from")), name="dues_cover_a_period"),
        ]


class DuesCover(models.Model):
    """The hold of a payment on its period. It goes when the receipt is voided; the payment stays."""

    payment = models.OneToOneField(DuesPayment, models.PROTECT, related_name="cover", primary_key=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    covers = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_member_pays_no_day_twice",
                # int8range makes the key a range, so gist needs no extension for it
                expressions=[
                    (Func(F("member"), F("member"), models.Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    ("covers", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This period has been paid already."),
            ),
        ]


class EntryFee(AppendOnly):
    """The entry fee of a membership, paid once. In no leg."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="entry_fees")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="entry_fees")
    sheet = models.ForeignKey(CollectionSheet, models.PROTECT, related_name="entry_fees", null=True)
    amount = BahtField()
    paid_on = models.DateField()

    class Meta(AppendOnly.Meta):
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="an_entry_fee_is_above_zero")]
