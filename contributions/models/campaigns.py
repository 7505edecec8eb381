"""The annual event: what it is, and its sponsors, pledges, envelopes, sales, gifts in kind and counting sheets."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.money import BahtField
from contributions.models.contributors import Contributor, Gift
from ledger.models import Entry, Receipt
from members.models import before_image


@before_image()
class Campaign(models.Model):
    """The annual event (ผ้าป่า, walk-run, banquet) that raises money for the fund."""

    class Kind(models.TextChoices):
        PHA_PA = "pha-pa", _("Pha Pa")
        KATHIN = "kathin", _("Kathin")
        WALK_RUN = "walk-run", _("Charity walk-run")
        BANQUET = "banquet", _("Banquet by the table")
        OTHER = "other", _("Other")

    request_id = models.UUIDField(unique=True, null=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PHA_PA)
    year_be = models.PositiveSmallIntegerField()
    name_th = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    held_on = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    target = BahtField(null=True)
    closed_on = models.DateField(null=True, help_text="no gift, sale or cost is put to it any more")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-held_on", "-id"]


class Sponsor(models.Model):
    """เจ้าภาพ: who lends name and weight to an event, in which part."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="sponsors")
    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="sponsored")
    part = models.CharField(max_length=150, blank=True, help_text="chair, main sponsor, pavilion …")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "contributor"], name="a_sponsor_stands_once_at_an_event")
        ]


class Pledge(models.Model):
    """แจ้งความจำนงบริจาค: what somebody said she would give; no claim of the fund, and no money in the books."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="pledges")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="pledges", null=True)
    amount = BahtField()
    pledged_on = models.DateField()
    due_on = models.DateField(null=True)
    given_up_on = models.DateField(null=True)
    reason = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["-pledged_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="a_pledge_is_above_zero")]


class Envelope(models.Model):
    """ซอง: a numbered envelope of an event, handed to somebody, returned with money, empty, or lost."""

    class State(models.TextChoices):
        ISSUED = "issued", _("Handed out")
        RETURNED = "returned", _("Returned with money")
        EMPTY = "empty", _("Returned empty")
        LOST = "lost", _("Lost")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="envelopes")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ISSUED)
    issued_to = models.CharField(max_length=200)
    issued_on = models.DateField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    returned_on = models.DateField(null=True)
    gift = models.OneToOneField(Gift, models.PROTECT, related_name="envelope", null=True)
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["campaign", "number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="envelopes_are_numbered")]


class SaleItem(models.Model):
    """What is sold at an event: an entry to the run, a shirt, a table at the banquet."""

    class Kind(models.TextChoices):
        ENTRY = "entry", _("Entry")
        SHIRT = "shirt", _("Shirt")
        TABLE = "table", _("Table")
        OTHER = "other", _("Other")

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="items")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=150)
    price = BahtField()
    stock = models.PositiveIntegerField(null=True, help_text="how many there are; empty: no limit")

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(price__gt=0), name="a_sale_item_has_a_price")]


class Sale(AppendOnly):
    """So many of an item sold to somebody, with a receipt; income of the event."""

    item = models.ForeignKey(SaleItem, models.PROTECT, related_name="sales")
    quantity = models.PositiveIntegerField()
    buyer_name = models.CharField(max_length=200, blank=True)
    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="purchases", null=True)
    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="sale")
    amount = BahtField()
    sold_on = models.DateField()

    class Meta(AppendOnly.Meta):
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="a_sale_has_a_quantity")]


class InKindGift(models.Model):
    """A gift in kind: acknowledged with a numbered letter, never booked as money."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    number = models.PositiveIntegerField()
    year_be = models.PositiveSmallIntegerField()
    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="in_kind")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="in_kind", null=True)
    description = models.CharField(max_length=250)
    said_value = BahtField(null=True, help_text="what the giver says it is worth; information only")
    received_on = models.DateField()

    class Meta:
        ordering = ["-received_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["year_be", "number"], name="in_kind_gifts_are_numbered")]

    @property
    def label(self) -> str:
        return f"{self.year_be}/{self.number:04d}"


class CashCount(AppendOnly):
    """The counting sheet of an event: notes and coins, three counters, against the receipts of the box."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="counts")
    counted_on = models.DateField()
    counters = models.JSONField(help_text='[{"name": …, "post": …}], three of them')
    notes_and_coins = models.JSONField(help_text='{"1000": 3, "0.25": 4}')
    counted = BahtField()
    expected = BahtField(help_text="cash receipts of the event less its cash costs, on that day")
    difference_reason = models.CharField(max_length=250, blank=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+", null=True, help_text="of a difference")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
