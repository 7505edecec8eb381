"""A member's statement: what she paid and received, held against the lines of the books; read back from paper; many."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from contributions.dues import record_dues
from contributions.voids import void_receipt
from ledger.spans import fund_year_span, span_of
from members.models import Fund, Member
from office.jobs import result_path, run_job
from office.models import Job, ReadingLog
from reports.figures.one_member import paid_by, persons_of, received_by
from reports.member_statement import statement_of, statement_pdf, statements_of
from tests.factories import MemberFactory, make_user
from tests.members.test_papers import flat, tags
from tests.pdf_reading import page_texts, silent_weasyprint  # noqa: F401
from tests.reports.conftest import client_of
from tests.welfare.cast import assemble, fill_box, stay
from welfare.bulk import gather_fund
from welfare.regulations import document_on

D = Decimal
EVER = date(2000, 1, 1), date(2030, 12, 31)
BOOKS = """
    SELECT coalesce(m.merged_into_id, m.id), sum(CASE WHEN c.role = ANY(%s) THEN l.amount ELSE -l.amount END)
    FROM ledger_line l JOIN members_member m ON m.id = l.member_id
    JOIN ledger_account d ON d.id = l.debit_id JOIN ledger_account c ON c.id = l.credit_id
    WHERE c.role = ANY(%s) OR d.role = ANY(%s) GROUP BY 1 HAVING sum(l.amount) > 0
"""


@pytest.fixture
def cast(db):
    cast = assemble()
    fill_box()
    return cast


def take_dues(cast, member: Member, year: int, paid_on: date):
    return record_dues(
        membership=member.memberships.get(),
        covers_from=[date(year, 1, 1)],
        paid_on=paid_on,
        bank_account=None,
        request_id=uuid.uuid4(),
        **cast.by(cast.treasurer),
    )


@pytest.fixture
def payer(cast) -> Member:
    """Paid 2562 late and 2563 in time, one receipt made void; nine nights in hospital, three of them paid in 2563."""
    member = MemberFactory(number=7, community=cast.home, joined_on=date(2015, 1, 1), paid_through=date(2018, 12, 31))
    void = take_dues(cast, member, 2019, date(2020, 1, 5))
    facts = {"by": cast.treasurer, "second_person": None, "today": cast.today, "now": cast.now}
    void_receipt(receipt=void, reason="พิมพ์ผิด", **facts)
    take_dues(cast, member, 2019, date(2020, 1, 6))
    take_dues(cast, member, 2020, date(2020, 3, 5))
    cast.pay(cast.decided(member, stay(date(2020, 10, 5), date(2020, 10, 8))))
    return member


def of_2563(cast, member: Member):
    return statement_of(member, fund_year_span(2563, cast.fund, today=cast.today), today=cast.today, fund=cast.fund)


def test_what_was_paid_and_received_in_a_year_with_standing_and_rights(cast, payer) -> None:
    found = of_2563(cast, payer)
    assert [(row.day, row.purpose.en, row.baht) for row in found.paid] == [
        (date(2020, 1, 6), "2562", D("365.00")),
        (date(2020, 3, 5), "2563", D("365.00")),
    ]
    assert [(row.day, row.benefit.en, row.baht) for row in found.received] == [
        (cast.today, "Nights in hospital", D("300.00"))
    ]
    assert (found.paid_in_all, found.received_in_all) == (D("730.00"), D("300.00"))
    assert (found.standing.en, found.paid_through) == ("Paid up", date(2020, 12, 31))
    rights = found.rights
    names = [*rights.open, *rights.judged, *(name for name, _day in rights.later), *rights.closed]
    assert len(names) == len(document_on(cast.today).benefits)


def test_no_benefit_is_open_by_right_to_whose_rights_are_suspended(cast) -> None:
    behind = MemberFactory(number=6, community=cast.home, joined_on=date(2015, 1, 1), paid_through=date(2018, 12, 31))
    found = of_2563(cast, behind)
    assert (found.standing.en, list(found.rights.open), len(found.rights.judged) > 3) == ("Rights suspended", [], True)
    assert "Left to the committee" in flat(page_texts(statement_pdf(found, cast.fund, "en", today=cast.today))[0])


def test_a_year_that_is_over_has_the_standing_of_its_last_day_and_no_rights(cast, payer) -> None:
    span = fund_year_span(2562, cast.fund, today=cast.today)
    found = statement_of(payer, span, today=cast.today, fund=cast.fund)
    assert (found.paid, found.received, found.rights) == ((), (), None)
    assert (found.standing.en, found.paid_through) == ("Rights suspended", date(2018, 12, 31))


def test_many_statements_say_what_one_says(cast, payer) -> None:
    """A double's payments are the person's; in a fixed number of queries."""
    double = MemberFactory(number=8, community=cast.home, joined_on=date(2015, 1, 1), paid_through=date(2019, 12, 31))
    take_dues(cast, double, 2020, date(2020, 4, 1))
    Member.objects.filter(pk=double.pk).update(merged_into=payer)
    members = [cast.member, payer]
    span = fund_year_span(2563, cast.fund, today=cast.today)
    many = list(statements_of(members, span, gather_fund(), today=cast.today))
    assert many == [of_2563(cast, member) for member in members]
    assert many[1].paid_in_all == D("1095.00")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("th", ["ใบแจ้งยอดสมาชิก", "365.00", "730.00", "สถานะ ณ วันที่"]),
        ("en", ["Member's statement", "2562", "365.00", "Nights in hospital", "300.00", "Paid in all", "Rights on"]),
        ("both", ["ใบแจ้งยอดสมาชิก Member's statement", "730.00"]),
    ],
)
def test_the_paper_is_one_page_and_tagged(cast, payer, language, said) -> None:
    pdf = statement_pdf(of_2563(cast, payer), cast.fund, language, today=cast.today)
    pages = page_texts(pdf)
    assert len(pages) == 1
    assert [words for words in said if words not in flat(pages[0])] == []
    assert {"/H1", "/H2", "/TH", "/TD"} - tags(pdf) == set()


def test_it_opens_at_once_from_the_members_page_and_is_written_down(cast, payer, django_assert_max_num_queries) -> None:
    client = client_of(cast.leader)
    address = reverse("reports:member_statement_file", args=[7, "pdf"])
    assert f'href="{address}?language=both"' in client.get(reverse("welfare:member", args=[7])).content.decode()
    assert client.get(f"{address}?language=both")["Content-Type"] == "application/pdf"
    assert client.get(reverse("reports:member_statement_file", args=[7, "xlsx"])).content[:2] == b"PK"
    assert client.get(reverse("reports:member_statement_file", args=[7, "doc"])).status_code == 404
    with django_assert_max_num_queries(24):
        page = client.get(reverse("reports:member_statement", args=[7]) + "?span=fund-2563").content.decode()
    assert "Nights in hospital" in page
    assert ReadingLog.objects.filter(what="member statement", subject_id=payer.pk).count() == 3


def test_the_number_of_a_merged_double_leads_to_the_one_that_stands(cast, payer) -> None:
    merged = {8: payer, 10: MemberFactory(number=9, community=cast.away)}
    for number, survivor in merged.items():
        MemberFactory(number=number, community=cast.home, merged_into=survivor)
    client = client_of(cast.leader)
    for route, form in (("member_statement", []), ("member_statement_file", ["pdf"])):
        of_double, of_hidden = (reverse(f"reports:{route}", args=[number, *form]) for number in merged)
        found = client.get(f"{of_double}?span=fund-2563")
        assert (found.status_code, found["Location"]) == (
            302,
            reverse(f"reports:{route}", args=[7, *form]) + "?span=fund-2563",
        )
        assert client.get(of_hidden).status_code == 404, "she may not see whom it was merged into"


def test_a_leader_has_the_statements_of_her_own_community_only(cast, payer, settings, tmp_path) -> None:
    settings.FILES_ROOT = tmp_path
    stranger = MemberFactory(number=9, community=cast.away)
    client = client_of(cast.leader)
    for form in ("pdf", "xlsx"):
        assert client.get(reverse("reports:member_statement_file", args=[9, form])).status_code == 404
    assert client.get(reverse("reports:member_statement", args=[9])).status_code == 404
    asked = {"request_id": str(uuid.uuid4()), "community": "", "language": "en"}
    address = reverse("reports:member_statements") + "?span=fund-2563"
    answers = {client.post(address, asked).url for _ in range(2)}
    job = Job.objects.get()
    assert answers == {reverse("office:job", args=[job.pk])}
    run_job.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.error) == ("done", 2, "")
    text = flat(" ".join(page_texts(result_path(job.stored_name).read_bytes())))
    assert payer.full_name in text
    assert stranger.full_name not in text
    nobody = client_of(make_user("leader", username="nobody"))
    assert "no current member here" in nobody.post(address, asked | {"request_id": str(uuid.uuid4())}).content.decode()


@pytest.mark.usefixtures("demo_fund")
def test_what_the_demonstrations_members_paid_and_received_is_what_the_lines_of_the_books_say() -> None:
    members = list(Member.objects.filter(merged_into=None).order_by("pk").values_list("pk", flat=True)[::25])
    persons = persons_of(members)
    paid = {key: sum(row.baht for row in rows) for key, rows in paid_by(persons, *EVER).items()}
    received = {key: sum(row.baht for row in rows) for key, rows in received_by(persons, *EVER).items()}
    assert paid == _by_the_books(["dues", "entry-fee"], members)
    assert {key: -baht for key, baht in received.items()} == _by_the_books(["benefit"], members)
    span = span_of("free", *EVER, today=Fund.objects.get().demo_day)
    assert span.reaches == Fund.objects.get().demo_day


def _by_the_books(roles: list[str], members: list[int]) -> dict[int, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(BOOKS, [roles] * 3)
        return {key: baht for key, baht in cursor.fetchall() if key in set(members) and baht}
