"""Which version of the regulation is in force on a day. Its benefits are read by `welfare`."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from members.models import Regulation
from members.standing import StandingRules


class NoRuleInForce(DomainError):
    """No version of the regulation holds on this day. A refusal, never a silent nought."""


def regulation_on(day: date) -> Regulation:
    """The version in force on `day`: the newest that starts on or before it. Raises `NoRuleInForce`."""
    found = Regulation.objects.filter(effective_from__lte=day).order_by("-effective_from").first()
    if found is None:
        raise NoRuleInForce(
            _("No regulation was in force on %(day)s. Load the version that held then, or correct the date.")
            % {"day": format_date(day)}
        )
    return found


def membership_terms(day: date) -> dict[str, Any]:
    """The part of the regulation on membership (dues, waiting, lapse), as it stands in the document."""
    return regulation_on(day).document["membership"]


def standing_rules(day: date) -> StandingRules:
    terms = membership_terms(day)
    return StandingRules(terms["suspend_after_days"], terms["lapse_after_days"])
