"""Collection sheets for the bench to submit and to accept: filled in, each of a community of its own."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from contributions.models import CollectionLine, CollectionSheet
from contributions.queries.sheets import running_memberships
from ledger.documents import next_numbers
from members.models import Community, Fund, Leadership
from office.models import RoleGrant, User
from office.roles import Role

COLLECTOR = "bench-collector"  # leads where the sheets are, beside the leaders there
SHEETS = 16
ON_A_SHEET = 250
DUES = Decimal("365.00")


@transaction.atomic
def make_sheets() -> list[CollectionSheet]:
    """Sheets of `bench-collector` with next year's dues of everybody who has paid this year's, in the last communities.

    The first sheet is for reading, filled in by half; its lines are every second member's.
    """
    today = Fund.objects.get().demo_day
    collector = User.objects.create(username=COLLECTOR, display_name="ผู้เก็บเงิน (สมมติ)", password="!")  # noqa: S106
    RoleGrant.objects.create(user=collector, role=Role.LEADER)
    sheets = []
    for place, community in enumerate(Community.objects.order_by("-number")[:SHEETS]):
        Leadership.objects.create(user=collector, community=community, since=today - timedelta(days=30))
        year_be = today.year + 543
        sheet = CollectionSheet.objects.create(
            year_be=year_be,
            number=next_numbers("sheet", year_be)[0],
            community=community,
            collector=collector,
            opened_on=today,
        )
        paid = running_memberships(community).filter(paid_through__year__gte=today.year, joined_on__lt=today)
        members = [membership.member_id for membership in paid[:ON_A_SHEET]]
        CollectionLine.objects.bulk_create(
            CollectionLine(sheet=sheet, member_id=member, amount=DUES, paid_on=today)
            for member in (members if place else members[::2])
        )
        sheets.append(sheet)
    return sheets
