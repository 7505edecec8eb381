"""What if: a year's claims judged again under another version."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from ledger.models import Entry, FiscalYear
from members.models import Regulation
from office.jobs import result_path, run_job
from office.models import Job, ReadingLog
from tests.factories import REGULATION_FILE, MemberFactory, make_user
from tests.welfare.cast import event, stay
from welfare.deciding import Decision
from welfare.models import Claim, ClaimStep
from welfare.replay import Change, NoSuchYear, replay_year
from welfare.rules.document import RegulationDocument, read_regulation

SAME = REGULATION_FILE.read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def other(*changes: tuple[str, str]) -> RegulationDocument:
    return read_regulation(other_text(*changes))


def other_text(*changes: tuple[str, str]) -> str:
    """The regulation in force with other figures; each is found once in its benefit's block, or the test is wrong."""
    text = SAME
    for benefit_and_old, new in changes:
        code, old = benefit_and_old.split(":", 1)
        start = text.index(f"- code: {code}\n")
        place = text.index(old, start)
        following = text.find("- code:", start + 1)
        assert following == -1 or place < following
        text = text[:place] + new + text[place + len(old) :]
    return text


def came_out(replay):
    return [(row.claim.pk, row.approved, row.result, row.change) for row in replay.rows]


def nights(first: int, count: int, month: int = 10):
    return stay(date(2020, month, first), date(2020, month, first + count))


def everything() -> list:
    tables = (Claim, ClaimStep, Entry, Regulation)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_a_year_under_its_own_regulation_comes_out_as_it_was_decided_and_nothing_is_written(cast):
    old = MemberFactory(community=cast.home, birth_date=date(1950, 1, 1))
    cast.decided(event=nights(1, 3, month=9))
    cast.decided(event=nights(5, 20))
    cast.decided(event=event("elderly-gift"), member=old)
    cast.decided(event=event("disaster-relief", grade="minor"))
    by_the_committee = cast.decided(event=event("career-grant"), amount=Decimal("2500.00"), reason="a good plan")
    rejected = cast.verified(event=nights(12, 2), member=old)
    cast.decide(Decision(rejected.pk, approve=False, reason="the certificate is another's"))
    cast.verified(event=nights(20, 1), member=MemberFactory(community=cast.home))
    before = everything()
    replay = replay_year(2563, read_regulation(SAME))
    assert everything() == before
    assert replay.changed == []
    total = replay.total()
    assert (total.claims, total.approved, total.result) == (6, Decimal("5200.00"), Decimal("5200.00"))
    assert {by_the_committee.pk, rejected.pk} <= {row.claim.pk for row in replay.rows}


def test_under_another_amount_the_difference_is_exact_and_later_claims_feel_the_earlier_ones(cast):
    first = cast.decided(event=nights(1, 3, month=8))
    second = cast.decided(event=nights(1, 10, month=9))
    third = cast.decided(event=nights(5, 5))
    replay = replay_year(2563, other(("hospital-night:baht: 100", "baht: 150")))
    baht = Decimal
    assert came_out(replay) == [
        (first.pk, baht(300), baht(450), Change.MORE),
        (second.pk, baht(1000), baht(1500), Change.MORE),
        (third.pk, baht(500), baht(50), Change.LESS),  # 2,000 a year, and 1,950 are gone
    ]
    total = replay.total()
    assert (total.approved, total.result, total.difference) == (baht(1800), baht(2000), baht(200))


def test_what_is_not_offered_or_not_due_any_more_is_refused_with_the_reason(cast):
    gone = cast.decided(event=event("disaster-relief", grade="minor"))
    waits = cast.decided(event=nights(5, 3))
    cast.member.memberships.update(joined_on=date(2019, 6, 1))
    document = other(
        ("disaster-relief:code: disaster-relief", "code: flood-relief"),
        ("hospital-night:claim_within_days: 60", "requires: {waiting_days: 730}"),
    )
    replay = replay_year(2563, document)
    assert came_out(replay) == [
        (gone.pk, Decimal(500), Decimal(0), Change.REFUSED),
        (waits.pk, Decimal(300), Decimal(0), Change.REFUSED),
    ]
    assert [[step.code for step in row.why] for row in replay.rows] == [["benefit_not_offered"], ["waiting_not_over"]]


def test_what_the_rules_refused_may_be_granted_and_what_the_committee_refused_stays_refused(cast):
    by_rules, by_people, late = (cast.verified(event=nights(day, 3)) for day in (1, 6, 11))
    for claim in (by_rules, by_people, late):
        cast.decide(Decision(claim.pk, approve=False, reason="no"))
    Claim.objects.filter(pk__in=[by_rules.pk, late.pk]).update(outcome="refused", amount=0)
    Claim.objects.filter(pk=late.pk).update(received_on=date(2021, 3, 1))
    replay = replay_year(2563, read_regulation(SAME))
    assert came_out(replay) == [
        (by_rules.pk, Decimal(0), Decimal(300), Change.GRANTED),
        (by_people.pk, Decimal(0), Decimal(0), Change.SAME),
        (late.pk, Decimal(0), Decimal(0), Change.COMMITTEE),
    ]
    assert (replay.rows[2].open_up_to, replay.total().result) == (Decimal(300), Decimal(300))


def test_a_sum_of_the_committee_stands_up_to_what_the_other_version_allows(cast):
    facts = {"event": event("career-grant"), "amount": Decimal("2500.00"), "reason": "a good plan"}
    claim = cast.decided(**facts)
    more = replay_year(2563, other(("career-grant:up_to: 5000", "up_to: 9000")))
    less = replay_year(2563, other(("career-grant:up_to: 5000", "up_to: 2000")))
    assert came_out(more) == [(claim.pk, Decimal(2500), Decimal(2500), Change.SAME)]
    assert came_out(less) == [(claim.pk, Decimal(2500), Decimal(2000), Change.LESS)]


def test_claims_of_later_years_do_not_count_and_those_of_earlier_years_do(cast):
    FiscalYear.objects.create(year_be=2562, starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31))
    repair = {"proposed_amount": Decimal("1000.00")}
    facts = {"received_on": date(2019, 10, 5)}
    then = cast.decided(event=event("housing-repair", date(2019, 10, 5), **repair, **facts))
    now = cast.decided(event=event("housing-repair", **repair))
    document = other(("housing-repair:claims_per_lifetime: 2", "claims_per_lifetime: 1"))
    assert came_out(replay_year(2562, document)) == [(then.pk, Decimal(1000), Decimal(1000), Change.SAME)]
    assert came_out(replay_year(2563, document)) == [(now.pk, Decimal(1000), Decimal(0), Change.REFUSED)]


def test_limits_of_a_community_and_of_the_fund_count_what_came_out(cast):
    child = {"child_name": "เด็กหญิง สมมติ", "child_birth_date": date(2010, 1, 1)}
    people = [MemberFactory(community=cast.home) for _place in range(3)]
    for member in people:
        cast.decided(event=event("scholarship", **child), member=member)
    quota = replay_year(2563, other(("scholarship:quota_per_community: 7", "quota_per_community: 2")))
    assert [row.result for row in quota.rows] == [Decimal(500), Decimal(500), Decimal(0)]
    fund = replay_year(2563, other(("scholarship:quota_per_community: 7", "fund_baht_per_year: 1200")))
    assert [row.result for row in fund.rows] == [Decimal(500), Decimal(500), Decimal(200)]


@pytest.mark.parametrize("claims", [1, 3])
def test_the_queries_do_not_grow_with_the_claims(cast, django_assert_num_queries, claims):
    for place in range(claims):
        cast.decided(event=nights(1 + 5 * place, 2))
    document = read_regulation(SAME)
    replay_year(2563, document)
    with django_assert_num_queries(13):
        assert len(replay_year(2563, document).rows) == claims


def test_a_year_that_is_not_in_the_books_is_named(cast):
    with pytest.raises(NoSuchYear, match="The books have no fund year 2540"):
        replay_year(2540, read_regulation(SAME))


# --- the command and the page -------------------------------------------------------------------------------------


def test_the_command_says_the_totals_and_writes_every_claim_into_a_sheet(cast, tmp_path):
    claim = cast.decided(event=nights(5, 3))
    file, book, out = tmp_path / "other.yaml", tmp_path / "out.xlsx", io.StringIO()
    file.write_text(other_text(("hospital-night:baht: 100", "baht: 120.50")), encoding="utf-8")
    call_command("replay_claims", year="๒๕๖๓", regulation=str(file), output=book, stdout=out)
    said = out.getvalue().splitlines()
    assert said[0] == "Nights in hospital: 1 claims, 300.00 → 361.50 (+61.50)"
    rows = CalamineWorkbook.from_path(book).get_sheet_by_name("Claims").to_python()
    assert rows[1][0] == claim.label
    assert rows[1][5:9] == [300, 361.5, 61.5, "Gets more"]
    assert "3 nights × 120.50 baht = 361.50 baht." in rows[1][9]
    persons = CalamineWorkbook.from_path(book).get_sheet_by_name("Who would get more, who less").to_python()
    assert persons[1][0] == cast.member.full_name
    assert persons[1][2:6] == [1, 300, 361.5, 61.5]


def test_the_command_takes_a_stored_version_and_names_what_it_cannot_read(cast):
    cast.decided(event=nights(5, 3))
    out = io.StringIO()
    call_command("replay_claims", year="2563", regulation="2010-05-01", stdout=out)
    assert "1 claims, 300.00 → 300.00 (0.00)" in out.getvalue()
    with pytest.raises(CommandError, match="is no stored version"):
        call_command("replay_claims", year="2563", regulation="2011-05-01")
    with pytest.raises(CommandError, match="is not a year"):
        call_command("replay_claims", year="next", regulation="2010-05-01")


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def asked(text: str = "", text_of_draft: str = "", **fields: str) -> dict:
    file = {"file": SimpleUploadedFile("draft.yaml", text.encode())} if text else {"text": text_of_draft}
    return {"request_id": "0c7d5f0e-8f0a-4b57-9a55-3f2f5f7c9a01", "year": "2563", "version": ""} | file | fields


def test_the_page_judges_a_file_by_the_worker_and_shows_the_result_to_who_asked(cast, django_assert_num_queries):
    claims = [cast.decided(event=nights(1 + 5 * place, 3)) for place in range(3)]
    client = browser(cast.treasurer)
    answer = client.post("/what-if/", asked(other_text(("hospital-night:baht: 100", "baht: 110"))))
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert client.get(f"/what-if/{job.pk}/")["Location"] == f"/jobs/{job.pk}/"
    run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 3, 3)
    with django_assert_num_queries(7):
        page = client.get(f"/what-if/{job.pk}/").content.decode()
    assert [claim.label in page for claim in claims] == [True, True, True]
    assert ("900.00" in page, "990.00" in page, cast.member.full_name in page) == (True, True, True)
    assert result_path(job.stored_name).read_bytes()[:2] == b"PK"
    assert cast.member.full_name not in str(job.parameters)
    more = {"change": "more", "claims": 3, "persons": 1, "difference": "90.00"}
    assert job.parameters["summary"]["counts"][0] == more
    assert ReadingLog.objects.filter(what="what if").count() == 1
    assert browser(make_user("treasurer")).get(f"/what-if/{job.pk}/").status_code == 404
    assert browser(cast.leader).get("/what-if/").status_code == 403


def test_the_page_tells_every_fault_of_a_file_and_wants_one_of_the_two(cast):
    client = browser(cast.committee)
    broken = SAME.replace("claim_within_days: 60", "claim_within_day: 60").replace("flat: 500", "flat: -1")
    page = client.post("/what-if/", asked(broken)).content.decode()
    assert page.count("claim_within_day") >= 2
    assert "Choose a stored version or a file" not in page
    both = [asked(), asked(SAME, version="2010-05-01")]
    assert [b"Choose a stored version or a file" in client.post("/what-if/", one).content for one in both] == [True] * 2
    bad = client.post("/what-if/", asked() | {"file": SimpleUploadedFile("x.yaml", b"\xff\xfe\x00MZ")})
    assert b"not text in UTF-8" in bad.content
    assert b"is not a key" in client.post("/what-if/", asked(text_of_draft=broken)).content
    assert Job.objects.count() == 0
    assert client.post("/what-if/", asked(version="2010-05-01")).status_code == 302
    page = client.post("/regulation/new/text/", {"text": SAME.replace("2010-05-01", "2021-01-01")}).context
    draft = {name: page["what_if"][name].value() for name in ("text", "year", "request_id")}
    assert client.post("/what-if/", draft).status_code == 302
    assert [job.parameters["document"]["effective_from"] for job in Job.objects.order_by("pk")][1] == "2021-01-01"
