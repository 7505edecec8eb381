"""What stands beside each case of a meeting, for all of them at once."""

import uuid
from datetime import date
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Member, OpeningDrawn
from tests.factories import MemberFactory, make_user
from tests.reports.conftest import client_of
from tests.welfare.cast import event, stay
from welfare.beside import beside_each
from welfare.deciding import Decision
from welfare.meeting_cases import history_of, left_beside
from welfare.models import Claim


def cases_of(cast) -> list[Claim]:
    """Nights of one member (paid, waiting twice), of one of her house, of her double; gifts of others."""
    house = MemberFactory(community=cast.home, household=cast.member.household)
    double = MemberFactory(community=cast.home)
    cast.pay(cast.decided(event=stay(date(2020, 1, 5), date(2020, 1, 8))))
    cast.decided(event=stay(date(2020, 2, 5), date(2020, 2, 6)), approve=False, reason="x")
    waiting = [cast.verified(event=stay(date(2020, month, 5), date(2020, month, 9))) for month in (3, 4)]
    waiting += [cast.verified(member=one, event=stay(date(2020, 5, 1), date(2020, 5, 3))) for one in (house, double)]
    waiting.append(cast.verified(event=event("death-grant")))
    waiting.append(cast.verified(event=event("career-grant", proposed_amount=Decimal(100))))
    Member.objects.filter(pk=double.pk).update(merged_into=cast.member)
    OpeningDrawn.objects.create(
        member=cast.member, benefit_code="hospital-night", as_of=date(2020, 1, 1), year_units=2, life_times=1
    )
    return list(Claim.objects.filter(pk__in=[claim.pk for claim in waiting]).select_related("member", "child"))


def test_history_and_limits_of_many_are_those_of_each_alone_in_as_many_queries_for_three_as_for_one(cast):
    cases, counts = cases_of(cast), []
    for some in (cases[:1], cases[:3], cases):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = beside_each(some)
        counts.append(len(queries))
    assert counts == [8, 8, 8]
    for claim in cases:
        others = history_of(claim)
        paid = sum((one.amount_approved for one in others if one.state == "paid"), Decimal(0))
        beside = found[claim.pk]
        assert (beside.count, beside.paid, list(beside.latest)) == (len(others), paid, others[:3]), claim
        assert beside.left == left_beside(claim), claim
    assert sum(len(beside.left) for beside in found.values()) > len(cases)


def test_the_meetings_page_shows_it_beside_each_case_with_the_kinds_budget(cast):
    cast.pay(cast.decided(event=stay(date(2020, 1, 5), date(2020, 1, 8))))
    cast.verified()
    page = client_of(cast.committee).get(f"/meetings/committee/2563/{cast.meeting.number}/").content.decode()
    row = page[page.index("<fieldset") : page.index("</fieldset>")]
    for words in ("17 nights left", "1, paid 300.00 baht together", "Sickness and medical care, fund year 2563"):
        assert words in row, words


def test_who_decides_a_case_that_another_decided_meanwhile_is_told_and_nothing_is_lost(cast):
    """Two of the committee have the same page before them; the second is told, and her other case still waits."""
    first, second = cast.verified(), cast.verified(event=stay(date(2020, 9, 1), date(2020, 9, 2)))
    path = f"/meetings/committee/2563/{cast.meeting.number}/"
    sent = {f"verdict_{claim.pk}": "approve" for claim in (first, second)} | {"request_id": str(uuid.uuid4())}
    cast.decide(Decision(first.pk, approve=True), by=make_user("committee"))
    answer = client_of(cast.committee).post(path, sent)
    second.refresh_from_db()
    assert (answer.status_code, second.state) == (200, "verified")
    assert [row["claim"] for row in answer.context["rows"]] == [first, second]
    assert f"Claim {first.label} is now: Approved, to be paid." in answer.content.decode()
    sent |= {f"verdict_{first.pk}": "later", "request_id": str(uuid.uuid4())}
    assert client_of(cast.committee).post(path, sent).status_code == 302
    second.refresh_from_db()
    assert second.state == "approved"
