"""Fund years and their months."""

from django.conf import settings
from django.db import models


class FiscalYear(models.Model):
    """A fund year by its Buddhist number. Closed once, by a closing entry; never opened again."""

    year_be = models.PositiveSmallIntegerField(primary_key=True)
    starts_on = models.DateField(unique=True)
    ends_on = models.DateField(unique=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    closing_entry = models.OneToOneField("Entry", models.PROTECT, related_name="+", null=True)
    closing_checklist = models.JSONField(default=list, help_text='[{"check": …, "state": …, "note": …}]')
    resolution_label = models.CharField(max_length=60, blank=True, help_text="the resolution that adopted the accounts")

    class Meta:
        ordering = ["year_be"]


class AccountingMonth(models.Model):
    """A calendar month of a fund year; a closed one takes no postings."""

    first_day = models.DateField(primary_key=True)
    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, related_name="months")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    closing_checklist = models.JSONField(default=list, help_text='[{"check": …, "state": …, "note": …}]')
