"""One payer for a household or neighbours: one receipt, a line a member and period, all or nothing."""

import uuid
from decimal import Decimal

import pytest

from contributions.dues import NotAMember
from contributions.group_dues import PaidFor, PayerNeeded
from ledger.check import check_ledger
from ledger.models import Receipt
from ledger.registers import visible_receipts
from members.models import EndReason, Household
from members.verbs import end_membership
from office.models import ReadingLog
from tests.contributions.conftest import TODAY, books, member_owing, membership, regulate
from tests.contributions.test_part_payments import YEAR, give
from tests.contributions.test_views import DAY
from tests.factories import CommunityFactory, make_user

PAGE = "/money-in/dues/together/"


def give_for(who, members, amount: Decimal = YEAR, payer_name: str = "ป้าสมมติ ใจดี", **changes) -> Receipt:
    paid_for = [PaidFor(membership(member), amount) for member in members]
    return give(members[0], who, amount, paid_for=paid_for, payer_name=payer_name, **changes)


def test_one_receipt_names_each_member_and_each_line_its_community(who) -> None:
    other = CommunityFactory(number=2)
    members = [member_owing(who.community), member_owing(other)]
    receipt = give_for(who, members, Decimal("400.00"))
    assert (receipt.party_name, receipt.member, receipt.total) == ("ป้าสมมติ ใจดี", None, Decimal("800.00"))
    assert [(line.line.member, line.line.community, line.amount) for line in receipt.lines.order_by("id")] == [
        (member, member.community, amount) for member in members for amount in (YEAR, Decimal("35.00"))
    ]
    assert (books(), check_ledger().problems) == ({"1010": Decimal("800.00"), "4110": Decimal("-800.00")}, ())


def test_a_leader_sees_a_receipt_only_where_all_its_members_are_hers(who) -> None:
    stranger = member_owing(CommunityFactory(number=2))
    hers = give_for(who, [member_owing(who.community), member_owing(who.community)])
    give_for(who, [member_owing(who.community), stranger])
    assert [list(visible_receipts(one)) for one in (who.leader, make_user("leader", username="other"))] == [[hers], []]


def test_who_opens_such_a_receipt_is_written_down_for_each_of_its_members(client, who) -> None:
    members = [member_owing(who.community), member_owing(who.community)]
    receipt = give_for(who, members, Decimal("400.00"))
    client.force_login(who.treasurer)
    assert client.get(f"{receipt.get_absolute_url()}pdf/").status_code == 200
    assert list(ReadingLog.objects.order_by("id").values_list("subject_id", "what", "reason")) == [
        (member.pk, "receipt", receipt.label) for member in members
    ]


def test_one_refusal_refuses_all_and_is_said_at_its_member(who) -> None:
    living, dead = member_owing(who.community), member_owing(who.community)
    end_membership(membership=membership(dead), on=TODAY.replace(month=9), reason=EndReason.DIED, today=TODAY)
    with pytest.raises(NotAMember) as refusal:
        give_for(who, [living, dead])
    assert (refusal.value.field, Receipt.objects.count()) == (f"amount_{dead.number}", 0)
    with pytest.raises(PayerNeeded):
        give_for(who, [living, member_owing(who.community)], payer_name=" ")


def test_the_same_click_twice_writes_one_receipt(who) -> None:
    members, click = [member_owing(who.community), member_owing(who.community)], uuid.uuid4()
    receipts = [give_for(who, members, request_id=click) for _ in range(2)]
    assert (receipts[0], Receipt.objects.count()) == (receipts[1], 1)


# --- the page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_household_is_proposed_without_a_query_for_each(client, who, count, django_assert_num_queries) -> None:
    regulate(TODAY.replace(year=2019), entry_fee=20)
    house = Household.objects.create(community=who.community, house_number="9", moo=1)
    payer, *others = [member_owing(who.community, household=house) for _ in range(count + 1)]
    client.force_login(who.treasurer)
    with django_assert_num_queries(14):
        form = client.get(PAGE, {"member": payer.number}).context["form"]
    assert form[f"pays_{payer.number}"].initial is True
    assert [form[f"pays_{one.number}"].initial for one in others] == [False] * count
    assert form[f"amount_{payer.number}"].initial == YEAR


def test_what_is_ticked_is_paid_and_what_is_refused_stays_typed(client, who) -> None:
    payer, neighbour = member_owing(who.community), member_owing(who.community)
    client.force_login(who.treasurer)
    path = f"{PAGE}?member={payer.number}&member={neighbour.number}"
    typed = {
        "request_id": str(uuid.uuid4()),
        **DAY,
        "account": who.cash.pk,
        "payer_name": "ป้าสมมติ ใจดี",
        f"pays_{payer.number}": "on",
        f"amount_{payer.number}": "100",
        f"pays_{neighbour.number}": "on",
    }
    for wrong in ("", "-1", "0", "10.005", "5000"):
        shown = client.post(path, typed | {f"amount_{neighbour.number}": wrong})
        assert list(shown.context["form"].errors) == [f"amount_{neighbour.number}"]
        assert shown.context["form"][f"amount_{payer.number}"].value() == "100"
    response = client.post(path, typed | {f"amount_{neighbour.number}": "365"})
    assert (response.status_code, Receipt.objects.get().total) == (302, Decimal("465.00"))


def test_neighbours_are_found_and_added_and_strangers_numbers_are_not_found(client, who) -> None:
    payer, neighbour = member_owing(who.community), member_owing(who.community)
    client.force_login(who.treasurer)
    shown = client.get(PAGE, {"member": payer.number, "q": str(neighbour.number)})
    assert [one.number for one in shown.context["found"]] == [neighbour.number]
    assert [client.get(PAGE, {"member": word}).status_code for word in ("", "x", "999999")] == [404] * 3
    client.force_login(who.leader)
    assert client.get(PAGE, {"member": payer.number}).status_code == 403
