"""What goes wrong in a fund that has been well so far: voids, payments taken back, moves, returns, a double."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

from contributions.models import Gift, Grant, GrantSource, MatchingRound, RunningCost
from contributions.voids import void_receipt, void_voucher
from ledger.accounts import account
from ledger.models import AccountRole, Entry, Receipt, RestrictedFund
from ledger.restricted import move_between_funds, set_aside
from ledger.reversing import ask_to_reverse, confirm_reversal
from members.life import leave_fund, reenter_member, transfer_member
from members.models import Community, Meeting, Member, Resolution
from office.models import User
from welfare.deliveries import hand_over
from welfare.merging import merge_double
from welfare.models import Budget, CarePerson, CareVisit, Claim, Referral
from welfare.reversals import ask_to_reverse_payment, confirm_payment_reversal

TODAY = date(2020, 11, 1)
NOW = datetime(2020, 11, 1, 3, 0, tzinfo=UTC)
WHEN = {"today": TODAY, "now": NOW}


def make_trouble() -> None:
    """In the loaded demonstration, all of it on 1 November 2563, of things of this year and of years before."""
    treasurer, committee = (User.objects.get(username=name) for name in ("treasurer", "committee1"))
    two = {"by": treasurer, "second_person": committee, "reason": "สมมติ", **WHEN}
    dues = Receipt.objects.filter(dues__sheet__state="accepted", void=None).order_by("-date", "pk")
    grant = Grant.objects.filter(source=GrantSource.MUNICIPALITY).latest("received_on")
    for receipt in (
        dues[0],
        dues.filter(date__year=2018)[0],
        Gift.objects.latest("received_on").receipt,
        Grant.objects.get(matching_round=MatchingRound.objects.get(number=5)).receipt,
        grant.receipt,
    ):
        void_receipt(receipt=receipt, **two)
    cost = RunningCost.objects.filter(voucher__void=None).latest("paid_on")
    void_voucher(voucher=cost.voucher, reason="สมมติ", by=treasurer, **WHEN)
    paid = Claim.objects.filter(state="paid").order_by("pk")
    for claim in (paid.filter(paid_on__year=2019, category="sickness")[0], paid.filter(paid_on__month=10).last()):
        asked = {"voucher": claim.voucher, "reason": "สมมติ", "by": treasurer, **WHEN}
        ask_to_reverse_payment(**asked, request_id=uuid.uuid4())
        confirm_payment_reversal(voucher=claim.voucher, by=committee, **WHEN)
    people_come_and_go(User.objects.get(username="registrar"))


def people_come_and_go(by: User) -> None:
    """One moves, one leaves and comes back, and two rows turn out to be one person who was paid under both."""
    one, other, double, kept = Member.objects.filter(
        claims__state="paid", memberships__ended_on=None, memberships__joined_on__year__lt=2019
    ).distinct()[:4]
    about = {"by": by, **WHEN}
    to = Community.objects.exclude(pk=one.community_id).first()
    transfer_member(member=one, community=to, on=date(2020, 6, 1), request_id=uuid.uuid4(), **about)
    leave_fund(member=other, on=date(2020, 3, 31), reason="resigned", note="", request_id=uuid.uuid4(), **about)
    reenter_member(
        member=other, community=other.community, joined_on=date(2020, 9, 1), request_id=uuid.uuid4(), **about
    )
    leave_fund(member=double, on=date(2020, 10, 31), reason="moved", note="", request_id=uuid.uuid4(), **about)
    merge_double(survivor=kept, double=double, by=by, now=NOW, reason="", request_id=uuid.uuid4())


def make_more_trouble() -> None:
    """What the demonstration has not: money on its way, money set aside, budgets, care, a transfer taken back."""
    users = {name: User.objects.get(username=name) for name in ("treasurer", "committee1", "leader15")}
    treasurer, committee, leader = users.values()
    about = {"by": treasurer, **WHEN}
    claim = Claim.objects.get(state="approved", community__number=15)
    days = {"handed_on": date(2020, 10, 20), "request_id": uuid.uuid4()}
    hand_over(claims=[claim], carrier=leader, account=account(AccountRole.CASH), **days, **about)
    named = {"name_th": "กองทุนสมมติ", "name_en": "Invented fund", "purpose": "สมมติ"}
    aside = set_aside(**named, resolution_label="1/2563 (1)", by=treasurer)
    moved = {"amount": Decimal("1000.25"), "moved_on": TODAY, "resolution_label": "1/2563 (1)"}
    general = RestrictedFund.objects.get(code="general")
    move_between_funds(source=general, target=aside, **moved, request_id=uuid.uuid4(), **about)
    meeting = Meeting.objects.create(kind="committee", year_be=2563, number=99, held_on=TODAY)
    earlier, later = Resolution.objects.earliest("pk"), meeting.resolutions.create(number=1, subject="สมมติ")
    for kind, baht, under in (("birth", "20000.00", earlier), ("death", "1000.00", earlier), ("birth", "9.50", later)):
        set_by = {"year_start": date(2020, 1, 1), "resolution": under, "set_by": treasurer}
        Budget.objects.create(category=kind, baht=Decimal(baht), **set_by)
    banked = Entry.objects.filter(kind="transfer", date__lt=TODAY, document_kind="").latest("number")
    ask_to_reverse(entry=banked, reason="สมมติ", request_id=uuid.uuid4(), **about)
    confirm_reversal(entry=banked, **about | {"by": committee})
    care_for_some(leader)


def care_for_some(leader: User) -> None:
    """Two members and a stranger looked after; a referral that was answered, one answered with help, one too late."""
    one, other = Member.objects.filter(merged_into=None, community=15, memberships__ended_on=None).order_by("pk")[:2]
    since = {"since": date(2019, 5, 1), "added_by": leader, "reason": "elderly"}
    people = [CarePerson.objects.create(member=member, community_id=1, **since) for member in (one, other)]
    people.append(CarePerson.objects.create(name="คนสมมติ", community_id=2, **since | {"until": date(2020, 1, 31)}))
    for person, day, outcome, answered in (
        (people[0], date(2020, 2, 3), "helped", date(2020, 3, 3)),
        (people[0], date(2020, 4, 3), "refused", date(2020, 10, 30)),
        (people[1], date(2019, 12, 3), "partly", date(2020, 1, 3)),
        (people[2], date(2020, 1, 3), "", None),
    ):
        visit = CareVisit.objects.create(person=person, visitor=leader, visited_on=day, entered_by=leader)
        asked = {"to": "municipality", "asked": "สมมติ", "referred_on": day, "referred_by": leader}
        Referral.objects.create(visit=visit, answered_on=answered, outcome=outcome, **asked)
