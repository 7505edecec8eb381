"""The papers for CODI, the municipality, the province and the provincial office: each figure against plain SQL."""

import io
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from bansong_fund.lib.papers import Words
from contributions.models import Commitment, CommitmentStep, Grant, GrantSource, MatchingRound
from contributions.voids import void_receipt
from ledger.models import AccountRole, Fingerprint, LedgerSum, Receipt
from members.models import CommitteeSeat, Fund, Member, PaperAnswer, Regulation
from office.jobs import run_job, start_job
from office.models import ReadingLog
from office.roles import Role
from reports.figures.codi_welfare import Paid, codi_welfare
from reports.figures.contribution import Use, use_of_contribution
from reports.funders.beneficiaries import BENEFICIARIES, beneficiaries_paper
from reports.funders.form_paper import FormPaper, render_form
from reports.funders.papers import PAPERS, draw_up
from reports.funders.periods import Period, calendar_period, day_period, fiscal_period, periods, quarter_period
from tests.factories import make_user
from tests.pdf_reading import pdfium_text, silent_weasyprint  # noqa: F401
from tests.reports.conftest import NOW, TODAY, client_of
from welfare.models import Claim

D = Decimal
R = AccountRole
STAFF = {"registrar", "committee", "treasurer", "auditor"}
PAGES = {
    "/funders/": STAFF,
    "/funders/codi-status/": STAFF,
    "/funders/province/xlsx/": STAFF,
    "/funders/municipality/beneficiaries/": STAFF,
    "/funders/codi-status/questions/": {"registrar", "treasurer"},
}
LANGUAGES = ("th", "en", "both")


def drawn(code: str, period: Period, fund: Fund | None = None) -> FormPaper:
    return draw_up(PAPERS[code], fund or Fund.objects.get(), period, today=TODAY)


def fact(paper: FormPaper, label: str) -> object:
    """The value of a fact, by its English label."""
    found = [
        one.value for part in paper.sections for block in part.blocks for one in block.facts if one.label.en == label
    ]
    assert len(found) == 1, (label, found)
    return found[0]


def rows(paper: FormPaper, title: str) -> dict[str, tuple]:
    """The rows of a table, by the English words of their first cell."""
    found = next(one for one in paper.tables if one.title.en == title)
    return {row.cells[0].in_language("en") if row.cells[0] else "": row.cells[1:] for row in found.rows}


def both_sides(paper: FormPaper) -> tuple[Decimal, Decimal]:
    """The sums of section 10."""
    left, _words, right = rows(paper, "Sources and uses since founding")["Sources together"]
    return left, right


def sql(query: str, *values: object) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()


# Debits less credits of the accounts of a role, by lines alone.
MOVED = """
    SELECT coalesce(sum(CASE WHEN d.role = %s THEN l.amount ELSE 0 END)
                  - sum(CASE WHEN c.role = %s THEN l.amount ELSE 0 END), 0)
      FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
      JOIN ledger_account d ON d.id = l.debit_id JOIN ledger_account c ON c.id = l.credit_id
     WHERE e.date BETWEEN %s AND %s AND e.kind <> 'closing'
"""


def moved(role: str, first: date, last: date) -> Decimal:
    return sql(MOVED, role, role, first, last)[0]


PAID = """
    SELECT count(DISTINCT l.member_id), sum(l.amount) FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
      JOIN ledger_account a ON a.id = l.debit_id AND a.role = 'benefit' AND a.category = %s
     WHERE e.date BETWEEN %s AND %s AND e.kind <> 'closing' AND NOT EXISTS (
         SELECT 1 FROM ledger_line r WHERE r.reverses_id = l.id)
"""

# --- the demonstration: every paper, once --------------------------------------------------------------------


@pytest.mark.usefixtures("demo_fund")
def test_codis_form_says_of_the_demonstration_what_its_lines_say() -> None:
    """Founding, members, money, rounds and every kind of welfare; both sides of section 10 agree."""
    paper = drawn("codi-status", day_period(TODAY))
    first, year = date(2010, 5, 1), date(2019, 11, 2)
    assert [part.number for part in paper.sections] == list(range(1, 13))
    members = sql("SELECT count(*) FROM members_membership WHERE ended_on IS NULL OR ended_on > %s", TODAY)[0]
    assert (fact(paper, "Current members"), fact(paper, "Inhabitants of the area")) == (members, 17539)
    received = sum((moved(role, first, TODAY) for role in INCOME), D(0))
    money = sum((moved(role, first, TODAY) for role in (R.BANK, R.CASH, R.COLLECTOR, R.ADVANCE)), D(0))
    assert (fact(paper, "Received since the founding"), fact(paper, "Left over")) == (-received, money)
    assert rows(paper, "Matching rounds")["Total"][-1] == -moved(R.CODI_MATCHING, first, TODAY)
    said = rows(paper, "Welfare by the kinds of CODI's form")
    for code, words in (("death", "death"), ("elderly", "the elderly"), ("sickness", "sickness")):
        ever, last = sql(PAID, code, first, TODAY), sql(PAID, code, year, TODAY)
        assert (said[words][0], said[words][2], said[words][3], said[words][5]) == (*ever, *last)
    assert both_sides(paper) == (-received, -received)


INCOME = (
    *(R.DUES, R.MUNICIPALITY, R.CODI_START_UP, R.CODI_MATCHING, R.OTHER_STATE, R.GIFT, R.SISTER_FUNDS),
    *(R.EVENT_INCOME, R.ENTERPRISE_SHARE, R.ENTRY_FEE, R.INTEREST, R.CASH_OVER_SHORT),
)


@pytest.mark.usefixtures("demo_fund")
def test_every_other_paper_of_the_demonstration_says_what_its_lines_say() -> None:
    spans = {
        "codi-proposal": fiscal_period(2563, TODAY),
        "municipality": fiscal_period(2563, TODAY),
        "province": quarter_period(2563, 4, TODAY),
        "provincial-office": calendar_period(2562, TODAY),
    }
    for code, period in spans.items():
        paper, days = drawn(code, period), (period.first, period.last)
        said = rows(paper, "Receipts and payments")
        assert said["Welfare"] == (moved(R.BENEFIT, *days),)
        assert said["Members' contributions"] == (-moved(R.DUES, *days),)
        assert said["Local government (municipality)"] == (-moved(R.MUNICIPALITY, *days),)
        held = sum(moved(role, date(2010, 5, 1), period.last) for role in (R.BANK, R.CASH, R.COLLECTOR, R.ADVANCE))
        assert said["Money carried forward"] == (held,)
    paper = drawn("municipality", spans["municipality"])
    assert rows(paper, "From request to receipt")["Total"][-1] == -moved(
        R.MUNICIPALITY, *days_of(spans["municipality"])
    )
    assert rows(paper, "Welfare by community")["Total"][-1] == moved(R.BENEFIT, *days_of(spans["municipality"]))


def days_of(period: Period) -> tuple[date, date]:
    return period.first, period.last


@pytest.mark.usefixtures("demo_fund")
def test_codis_form_on_paper_and_in_sheets_reads_as_the_screen_does() -> None:
    """In three languages; what nobody answered is a line to write on, no word and no nought."""
    client = client_of(make_user("auditor"))
    page = client.get("/funders/codi-status/").content.decode()
    paper, fund = drawn("codi-status", day_period(TODAY)), Fund.objects.get()
    texts = {language: " ".join(pdfium_text(render_form(paper, fund, language)).split()) for language in LANGUAGES}
    figures = (f"{fact(paper, 'Current members'):,}", f"{fact(paper, 'Left over'):,.2f}", "17,539")
    for figure in figures:
        assert (figure in page, *(figure in text for text in texts.values())) == (True,) * 4, figure
    assert ("Status form of a community welfare fund" in texts["en"], "Coordinator: phone" in texts["en"]) == (
        True,
    ) * 2
    assert "None" not in texts["en"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/funders/codi-status/xlsx/").content))
    assert len(book.sheet_names) == 1 + len(paper.tables)
    found = book.get_sheet_by_name("Matching rounds").to_python()
    assert [row[0] for row in found[1:4]] == [
        "Status form of a community welfare fund As at 1 November 2563",
        "Provisional: not every month of it is closed",
        "Matching rounds",
    ]
    sums = {row[0]: row[-1] for row in found}
    assert D(str(sums["Total"])) == rows(paper, "Matching rounds")["Total"][-1]


# --- a small fund --------------------------------------------------------------------------------------------


@pytest.fixture
def granted(worked):
    """The worked years with what the verbs write beside a receipt of the municipality and of CODI."""
    sources = {R.MUNICIPALITY: GrantSource.MUNICIPALITY, R.CODI_MATCHING: GrantSource.CODI_MATCHING}
    for receipt in Receipt.objects.select_related("entry"):
        line = receipt.entry.lines.get() if receipt.entry.lines.count() == 1 else None
        if line and line.credit.role in sources:
            facts = {"receipt": receipt, "amount": line.amount, "received_on": receipt.date}
            Grant.objects.create(source=sources[line.credit.role], **facts)
    return worked


@pytest.mark.parametrize("address", PAGES)
def test_each_page_opens_for_its_roles_and_for_no_other(fund, address) -> None:
    answers = {role: client_of(make_user(role)).get(address).status_code for role in Role.values}
    assert answers == {role: 200 if role in PAGES[address] else 403 for role in Role.values}


def test_a_fund_without_members_and_books_has_every_paper(fund) -> None:
    """Empty books carry no fingerprint; open questions are lines to write on."""
    for code, kind in PAPERS.items():
        paper = drawn(code, day_period(TODAY) if kind.by_day else periods(kind.kinds, fund, TODAY)[-1], fund)
        assert (paper.seal, fact(paper, "Current members"), len(paper.open_facts) > 2) == (None, 0, True), code
    assert "Fingerprint" not in pdfium_text(render_form(paper, fund, "both"))


@pytest.mark.parametrize(
    "address",
    [
        "/funders/nothing/",
        "/funders/nothing/pdf/",
        "/funders/province/csv/",
        "/funders/province/pdf/?language=fr",
        "/funders/nothing/questions/",
    ],
)
def test_a_paper_a_file_or_a_language_that_does_not_exist_is_not_found(fund, address) -> None:
    assert client_of(make_user("treasurer")).get(address).status_code == 404


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("codi-status", {"day": "2020-11-02"}),
        ("codi-status", {"day": "2009-01-01"}),
        ("codi-status", {"day": "\x00"}),
        ("municipality", {"span": "fiscal-9999"}),
        ("province", {"span": "quarter-2563-5"}),
        ("provincial-office", {"span": "fiscal-2563"}),
    ],
)
def test_days_that_cannot_be_told_show_the_newest_that_can(fund, code, asked) -> None:
    client = client_of(make_user("treasurer"))
    newest = client.get(f"/funders/{code}/").context["asked"].period
    assert client.get(f"/funders/{code}/", asked).context["asked"].period == newest


def test_a_proposal_is_made_of_fiscal_years_that_have_run_out(fund) -> None:
    page = client_of(make_user("treasurer")).get("/funders/codi-proposal/")
    assert page.context["asked"].offered[0].value == "fiscal-2563"


@pytest.mark.parametrize("more", [1, 3])
def test_a_page_takes_as_many_queries_for_one_seat_as_for_three(granted, more, django_assert_num_queries) -> None:
    for n in range(more):
        CommitteeSeat.objects.create(name=f"กรรมการ {n}", post_th="กรรมการ", since=date(2019, 1, 1))
    client = client_of(make_user("auditor"))
    with django_assert_num_queries(30):
        page = client.get("/funders/province/")
    assert "paper" in page.context


def test_the_committee_of_the_day_stands_on_codis_form(fund) -> None:
    for name, post, kind in (("นายสมมติ หนึ่ง", "ประธานกองทุน", "member"), ("พระสมมติ สอง", "กรรมการ", "monk")):
        CommitteeSeat.objects.create(name=name, post_th=post, kind=kind, since=date(2019, 1, 1), phone="0000000000")
    CommitteeSeat.objects.create(name="นางสมมติ สาม", post_th="ประธาน", since=date(2015, 1, 1), until=date(2018, 12, 31))
    paper = drawn("codi-status", day_period(TODAY), fund)
    assert (str(fact(paper, "Chair")), fact(paper, "Members of the committee")) == ("นายสมมติ หนึ่ง", 2)
    kinds = rows(paper, "Where the committee comes from")
    assert (kinds["Members"], kinds["Monks and religious leaders"], kinds["Local government"]) == ((1,), (1,), (0,))
    assert [row[0] for row in rows(paper, "The committee").values()] == [Words("ประธานกองทุน"), Words("กรรมการ")]
    assert {fact(paper, "Chair: phone"), *(row[2] for row in rows(paper, "The committee").values())} == {"000-000-0000"}


# --- what the data cannot answer ------------------------------------------------------------------------------


def test_an_answer_is_kept_once_and_stands_on_every_paper_that_asks(granted) -> None:
    """A second click keeps nothing more; what another answered meanwhile stays."""
    treasurer, client = make_user("treasurer"), client_of(make_user("registrar"))
    # as two browsers send it: what was typed, beside what the page had said
    first = {"request_id": str(uuid.uuid4()), "coordinator": "นายสมมติ ประสาน", "records": "database"}
    for _click in range(2):
        assert client_of(treasurer).post("/funders/codi-status/questions/", first).status_code == 302
    # the registrar opened the page before: her form says of these two that they were empty, and are as they were
    later = {"request_id": str(uuid.uuid4()), "villages-in-area": "8", "staff": "9", "initial-coordinator": ""}
    client.post("/funders/codi-status/questions/", later | {"coordinator": "", "records": "", "initial-records": ""})
    kept = {(one.question, one.text_th, one.answered_by_id) for one in PaperAnswer.objects.all()}
    assert {(name, text) for name, text, _by in kept} == {
        ("funders-coordinator", "นายสมมติ ประสาน"),
        ("funders-records", "database"),
        ("funders-villages-in-area", "8"),
    }
    paper = drawn("codi-status", day_period(TODAY))
    said = [fact(paper, label) for label in ("Coordinator: name and post", "Villages (moo) in the area")]
    assert [str(said[0]), said[1], fact(paper, "Records are kept in").en] == ["นายสมมติ ประสาน", 8, "A database"]
    assert str(fact(drawn("province", fiscal_period(2563, TODAY)), "Coordinator: name and post")) == "นายสมมติ ประสาน"
    page = client.get("/funders/codi-status/questions/")
    assert page.content.decode().count('name="initial-coordinator"') == 1
    assert (page.context["open"], page.context["all"]) == (page.context["all"] - 3, len(page.context["rows"]))
    assert f"Answered by {treasurer.display_name}" in page.content.decode()


def test_an_answer_of_a_year_is_asked_again_the_next_year(granted) -> None:
    client = client_of(make_user("treasurer"))
    typed = {"request_id": str(uuid.uuid4()), "results": "ดีขึ้น", "results-en": "Better"}
    client.post("/funders/municipality/questions/?span=fiscal-2563", typed)
    for year, result in ((2563, "Better"), (2562, None)):
        said = fact(drawn("municipality", fiscal_period(year, TODAY)), "Results, problems and remedies")
        assert (said.en if said else None) == result
    page = client.get("/funders/municipality/questions/?span=fiscal-2564").content.decode()
    assert page.count("Answered for the year 2563: ดีขึ้น") == 1, "she sees what was said the year before"


def test_a_number_is_understood_as_people_write_it(fund) -> None:
    data = {"request_id": str(uuid.uuid4()), "starting-money": " 55,000", "villages-in-area": "๑๒"}
    assert client_of(make_user("registrar")).post("/funders/codi-status/questions/", data).status_code == 302
    kept = dict(PaperAnswer.objects.values_list("question", "text_th"))
    assert kept == {"funders-starting-money": "55000", "funders-villages-in-area": "12"}


@pytest.mark.parametrize("typed", [{"villages-in-area": "-1"}, {"villages-in-area": "๘ก"}, {"records": "stone"}])
def test_an_answer_that_is_none_is_told_at_its_field_and_nothing_is_kept(fund, typed) -> None:
    data = {"request_id": str(uuid.uuid4()), "aims": "ช่วยเหลือกัน", **typed}
    answer = client_of(make_user("registrar")).post("/funders/codi-status/questions/", data)
    assert (set(answer.context["form"].errors), PaperAnswer.objects.count()) == (set(typed), 0)
    assert [f'<a href="#id_{name}">' in answer.content.decode() for name in typed] == [True]
    assert "ช่วยเหลือกัน" in answer.content.decode()


def test_a_hostile_answer_reaches_no_file_and_no_network(granted, silent_weasyprint) -> None:  # noqa: F811
    hostile = '<img src="file:///etc/passwd"><img src="http://192.0.2.1/x.png">'
    data = {"request_id": str(uuid.uuid4()), "aims": hostile}
    client_of(make_user("registrar")).post("/funders/codi-status/questions/", data)
    text = pdfium_text(render_form(drawn("codi-status", day_period(TODAY)), Fund.objects.get(), "th"))
    assert ('src="file:///etc/passwd"' in "".join(text.split("\n")), silent_weasyprint) == (True, [])


# --- figures of the small fund -----------------------------------------------------------------------------------


def test_a_figure_that_does_not_tie_stops_the_paper_and_its_page_says_so(granted) -> None:
    LedgerSum.objects.filter(account__code="4110", month=date(2020, 2, 1)).update(credit=D("3286.00"))
    client = client_of(make_user("auditor"))
    for code in PAPERS:
        if code != "provincial-office":
            page = client.get(f"/funders/{code}/")
            assert "figures do not tie" in page.context["refusal"], code
    assert client.get("/funders/municipality/pdf/").status_code == 302
    assert Fingerprint.objects.count() == 0


def test_a_paper_carries_the_fingerprint_and_records_it_once(granted) -> None:
    client = client_of(make_user("treasurer"))
    for _print in range(2):
        text = pdfium_text(client.get("/funders/province/pdf/?span=fiscal-2563&language=en").content)
    printed = Fingerprint.objects.get()
    assert (printed.paper, printed.is_provisional) == ("province-fiscal-2563-en.pdf", True)
    assert f"{printed.entry.number}:{printed.chain_hash}" in "".join(text.split())


def test_welfare_counts_in_the_line_of_codis_form_that_the_regulation_names(granted) -> None:
    """A death grant that is a funeral cost; two events of one member are two times and one person."""
    document = {"benefits": [{"code": "death", "category": "death", "codi_category": "funeral-costs"}]}
    version = Regulation.objects.order_by("pk").first()
    named = Regulation(name_th="ก", name_en="A", effective_from=date(2019, 1, 1), document=document | MEMBERSHIP)
    named.save()
    assert version is None or version.pk != named.pk
    Claim.objects.filter(category="death").update(regulation=named)
    welfare = codi_welfare(date(2019, 1, 1), date(2019, 12, 31))
    said = {line.code: (line.within.persons, line.within.times, line.within.baht) for line in welfare.lines}
    assert {code: paid for code, paid in said.items() if paid[2]} == {
        "sickness": (2, 3, D("600.00")),
        "elderly": (1, 1, D("200.00")),
        "funeral-costs": (1, 1, D("3000.00")),
    }
    assert (welfare.persons_within, welfare.within.baht) == (3, D("3800.00"))
    welfare = codi_welfare(date(2020, 1, 1), date(2020, 12, 31))
    assert (welfare.within.baht, welfare.ever.baht) == (D("500.25"), D("4300.25"))


MEMBERSHIP = {"membership": {"dues": {"baht": 365, "every": "year"}}}


def test_what_is_paid_outside_the_kinds_of_welfare_counts_in_its_line(granted) -> None:
    granted.spend(R.PUBLIC_BENEFIT, "culture", "70.00", date(2020, 5, 1))
    granted.spend(R.PUBLIC_BENEFIT, "non-members", "30.00", date(2020, 5, 2))
    lines = {line.code: line for line in codi_welfare(date(2020, 1, 1), TODAY).lines}
    assert (lines["culture"].within, lines["other"].ever) == (Paid(None, 1, D("70.00")), Paid(None, 1, D("30.00")))
    paper = drawn("codi-status", day_period(TODAY))
    assert rows(paper, "Outside the kinds of welfare")["Total"] == (D("100.00"), None, D("100.00"))


def test_the_contribution_is_used_for_welfare_year_by_year_and_the_rest_brought_forward(granted) -> None:
    """500 of the municipality on 1 February 2562: that fiscal year's welfare of 800 took it all."""
    assert use_of_contribution(2562) == Use(D(0), D("500.00"), D("800.00"))
    granted_later = granted.receive(R.MUNICIPALITY, "9000.00", date(2020, 3, 1))
    facts = {"receipt": granted_later, "amount": D("9000.00"), "received_on": date(2020, 3, 1)}
    Grant.objects.create(source=GrantSource.MUNICIPALITY, **facts)
    use = use_of_contribution(2563)  # from 1 October 2562: a death grant of 3,000 and a birth of 500.25
    assert (use.brought, use.used, use.left) == (D(0), D("3500.25"), D("5499.75"))
    assert use_of_contribution(2564).brought == D("5499.75")
    said = rows(drawn("municipality", fiscal_period(2563, TODAY)), "Use of the contribution")
    assert said["Left over"] == (D("5499.75"),)


def test_a_request_stands_beside_what_came_of_it(granted) -> None:
    """A step of a later day is not told on an earlier one."""
    treasurer = make_user("treasurer")
    asked = Commitment.objects.create(
        source=GrantSource.MUNICIPALITY, year_be=2562, body="เทศบาล", requested=D("800.00"), approved=D("500.00")
    )
    for state, day in (("requested", date(2018, 11, 1)), ("approved", date(2019, 1, 5)), ("agreed", date(2019, 1, 9))):
        CommitmentStep.objects.create(commitment=asked, state=state, happened_on=day, written_by=treasurer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM contributions_grant WHERE source = 'municipality'")
        assert cursor.fetchone() == (1,)
    found = rows(drawn("municipality", fiscal_period(2562, TODAY)), "From request to receipt")
    assert found["Budget year 2562"] == (D("800.00"), D("500.00"), date(2019, 1, 9), None, D("0.00"))
    assert found["Without a request"][-1] == found["Total"][-1] == D("500.00")


def test_a_receipt_made_void_later_counts_in_its_year_and_off_in_the_year_of_its_reversal(granted) -> None:
    receipt = Grant.objects.get(source=GrantSource.MUNICIPALITY).receipt
    void_receipt(
        receipt=receipt, reason="สมมติ", by=granted.user, second_person=make_user("treasurer"), today=TODAY, now=NOW
    )
    for year, received in ((2562, "500.00"), (2564, "-500.00")):
        paper = drawn("municipality", fiscal_period(year, TODAY))
        assert rows(paper, "From request to receipt")["Total"][-1] == D(received)


def test_the_list_of_beneficiaries_has_names_only_where_they_are_asked_for(granted) -> None:
    client, member = client_of(make_user("committee")), Member.objects.get(number=1)
    address = "/funders/municipality/beneficiaries/?span=fiscal-2562"
    lists = {}
    for names in (False, True):
        typed = {
            "request_id": str(uuid.uuid4()),
            "form": "xlsx",
            "language": "en",
            **({"names": "on"} if names else {}),
        }
        answer = client.post(address, typed)
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        lists[names] = book.get_sheet_by_index(0).to_python()
        assert ReadingLog.objects.filter(what="beneficiaries").count() == int(names)
    said = {names: " ".join(str(cell) for row in found for cell in row) for names, found in lists.items()}
    assert (member.full_name in said[False], member.full_name in said[True]) == (False, True)
    assert [found[-1][-1] for found in lists.values()] == [800.0, 800.0]
    papers = [beneficiaries_paper(fiscal_period(year, TODAY), with_names=False) for year in (2562, 2563)]
    assert ["Provisional" in one.subtitle.en for one in papers] == [False, True]
    assert [one.columns[-1].heading.en for one in papers] == ["Amount (baht)", "Amount (baht), provisional"]
    assert [one.columns[-1].carried for one in papers] == ["sum", "sum"]  # over several pages


def test_a_proposal_before_a_year_is_over_says_when_it_can_be_made(fund) -> None:
    Fund.objects.update(founded_on=date(2020, 10, 5))
    page = client_of(make_user("auditor")).get("/funders/codi-proposal/")
    assert "30 September 2564" in page.context["refusal"]


def test_the_worker_draws_a_long_list_of_beneficiaries(granted) -> None:
    user = make_user("treasurer")
    wanted = {"year": 2562, "names": False, "paper_language": "both"}
    job = start_job(BENEFICIARIES, wanted, by=user, now=NOW, request_id=uuid.uuid4())
    run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error, job.result_name) == ("done", "", "beneficiaries-fiscal-2562-both.pdf")


def ask(source: str, year_be: int, *steps: tuple[str, date], **about: object) -> Commitment:
    """A request with its steps."""
    made = Commitment.objects.create(source=source, year_be=year_be, body="สมมติ", requested=D("800.00"), **about)
    for state, day in steps:
        CommitmentStep.objects.create(commitment=made, state=state, happened_on=day, written_by=make_user("treasurer"))
    return made


def test_a_budget_that_was_asked_for_before_its_year_stands_in_the_report_of_that_year(granted) -> None:
    steps = (("requested", date(2020, 7, 6)), ("approved", date(2020, 9, 10)))
    ask(GrantSource.MUNICIPALITY, 2564, *steps, approved=D("450.00"))
    said = {
        year: rows(drawn("municipality", fiscal_period(year, TODAY)), "From request to receipt")
        for year in (2563, 2564)
    }
    assert said[2564]["Budget year 2564"] == (D("800.00"), D("450.00"), None, None, D("0.00"))
    assert list(said[2563]) == ["Total"]


def test_rounds_stand_by_their_cut_off_day_with_what_the_members_paid_up_to_it(granted) -> None:
    """Asked for in the program or not: a year of receipt and one of request never stand in a column."""
    facts = {"number": 8, "year_be": 2563, "cutoff_on": date(2019, 9, 30), "member_count": 1}
    one = MatchingRound.objects.create(**facts, baht_per_member=D("300.00"))
    came = {"receipt": granted.receive(R.CODI_MATCHING, "300.00", date(2020, 3, 1)), "received_on": date(2020, 3, 1)}
    Grant.objects.create(source=GrantSource.CODI_MATCHING, amount=D("300.00"), matching_round=one, **came)
    ask(GrantSource.CODI_MATCHING, 2563, ("requested", date(2020, 10, 12)), cutoff_on=date(2020, 9, 30), round_number=9)
    said = rows(drawn("codi-status", day_period(TODAY)), "Matching rounds")
    rounds = [said["Round 8"], said["Round 9"]]
    assert [row[0] for row in rounds] == [date(2019, 9, 30), date(2020, 9, 30)]
    paid = [-moved(R.DUES, day.replace(year=day.year - 1, month=10, day=1), day) for day, *_rest in rounds]
    assert [row[2] for row in rounds] == paid
