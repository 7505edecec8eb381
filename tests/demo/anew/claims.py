"""Welfare of the year, by the loader's own blocks: reckoned by the rules when the papers come in, paid on its day."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from bansong_fund.demo.load_books import write_books
from bansong_fund.demo.load_claims import ClaimsPlan, claim_row, vouchers_of
from bansong_fund.demo.load_rows import copy_rows
from bansong_fund.demo.load_world import World
from bansong_fund.demo.shapes import Claim, Plan
from ledger.documents import next_numbers
from members.models import Child
from tests.demo.anew.before import Before
from tests.demo.anew.plans import FIRST, YEAR
from welfare.claims import CLAIM_SERIES


class ClaimsOfTheYear(ClaimsPlan):
    """The claims of 2562 behind those of the years before, which the rules remember."""

    def __init__(self, before: Before, plan: Plan) -> None:
        self.world: World = replace(before.world, plan=replace(plan, today=FIRST))
        self.benefits, self.reckoner = before.claims.benefits, before.claims.reckoner
        self.reckoner.world = self.world
        for payment in plan.dues:
            if payment.paid_on >= FIRST:
                self.reckoner.payments[payment.person].append((payment.paid_on, payment.year))
        self.claims, self.children = {}, {}
        of_the_year = sum(one.received_on.year == YEAR for one in plan.claims)
        if of_the_year:
            with transaction.atomic():
                next_numbers(CLAIM_SERIES, YEAR + 543, of_the_year)

    def come_in(self, claims: Sequence[Claim]) -> None:
        """The papers of a day, in the order of their numbers."""
        for one in sorted(claims, key=lambda claim: claim.number):
            self.claims[one.key] = claim_row(self.world, one, self.reckoner, self.children)

    @transaction.atomic
    def are_settled(self, claims: Sequence[Claim]) -> None:
        """Paid, or rejected, on a day: the vouchers, and the claims with their steps."""
        day = replace(self.world, plan=replace(self.world.plan, claims=list(claims)))
        paid = [(group, self._payment(key, group)) for key, group in vouchers_of(day).items()]
        write_books(day, [posting for _group, posting in paid])
        for group, posting in paid:
            for one in group:
                self.claims[one.key].voucher = posting.papers_written[0]
        rows = [self.claims[one.key] for one in claims]
        Child.objects.bulk_create({id(row.child): row.child for row in rows if row.child and not row.child.pk}.values())
        copy_rows(rows)
        copy_rows(step for one in claims for step in self._steps(one))
