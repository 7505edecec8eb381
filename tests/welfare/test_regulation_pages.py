"""The regulation as a page, on paper, against the version before; a new version written in the browser."""

import html
import re
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from members.models import Membership, Regulation, Resolution
from office.models import ActionLog
from tests.factories import REGULATION_FILE, MemberFactory, make_user
from tests.members.test_papers import flat
from tests.pdf_reading import pdfium_text, silent_weasyprint  # noqa: F401
from tests.reports.conftest import client_of
from tests.welfare.cast import NOW
from welfare.next_steps import outlooks
from welfare.regulation_editing import check_draft, new_draft, plain_fields, store_version, text_with, write_text
from welfare.regulation_pages import Touched, what_changes
from welfare.regulations import DateTaken, ReachesBehindDecisions, load_regulation
from welfare.rules.document import read_regulation
from welfare.rules.faults import RegulationFaults
from welfare.transitions import NotYours

TEXT = REGULATION_FILE.read_text(encoding="utf-8")
BASE = read_regulation(TEXT)
EVERY_KEY = (REGULATION_FILE.parents[2] / "tests/welfare/rules/every-key.yaml").read_text(encoding="utf-8")
LATER = TEXT.replace("effective_from: 2010-05-01", "effective_from: 2021-01-01")
FALLING = "- {from: {years: 10}, baht: 300}"
START = date(2021, 1, 1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def text_of(answer) -> str:
    """What the page says, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def stored(cast, text: str = LATER, **changes) -> Regulation:
    facts = {"text": text, "meeting": cast.meeting, "by": cast.committee, "today": cast.today, "now": NOW}
    return store_version(**(facts | {"request_id": uuid.uuid4()} | changes))


def english(user) -> Client:
    client = client_of(user)
    client.cookies["django_language"] = "en"
    return client


# --- reading ------------------------------------------------------------------------------------------------


def test_every_version_is_listed_newest_first_with_its_state(cast, django_assert_num_queries) -> None:
    for day in ("2018-01-01", "2021-01-01"):
        load_regulation(TEXT.replace("2010-05-01", day), by=None, now=NOW)
    client = english(cast.auditor)
    client.get(reverse("welfare:regulations"))
    with django_assert_num_queries(5):
        said = text_of(client.get(reverse("welfare:regulations")))
    states = re.findall(r"(1 [JM]\w+ 25\d\d) (To come|In force|Past)", said)
    assert states == [("1 Jan 2564", "To come"), ("1 Jan 2561", "In force"), ("1 May 2553", "Past")]


@pytest.mark.parametrize("role", ["leader", "registrar", "committee", "treasurer", "auditor", "administrator"])
def test_every_role_reads_the_regulation_and_few_write_it(cast, role) -> None:
    fields = {"community": cast.home} if role == "leader" else {}
    client = english(make_user(role, username="reader", **fields))
    reads = client.get(reverse("welfare:regulation", args=["2010-05-01"])).status_code
    writes = client.get(reverse("welfare:new_regulation")).status_code
    stores = client.post(reverse("welfare:store_regulation"), {}).status_code
    assert (reads, writes, stores) == (
        200,
        200 if role in ("registrar", "committee") else 403,
        200 if role == "committee" else 403,
    )


def test_a_version_reads_as_sentences_by_the_nine_kinds(cast) -> None:
    said = text_of(english(cast.auditor).get(reverse("welfare:regulation", args=["2010-05-01"])))
    for sentence in (
        "In force · from 1 May 2553 on",
        "Dues: 365 baht a year, counted by the calendar.",
        "1. Newborn and childbirth Newborn gift Pays 500 baht for each child.",
        "4. Death Funeral grant Member for at least Baht 180 days 3,000.00 2 years 6,000.00",
        "Paid to the beneficiary whom the member named; without one, the committee decides among the next of kin.",
        "9. Disaster relief Disaster relief Damage Baht minor damage 500.00",
        "Also paid by a list of the community; nobody need claim it alone.",
        "On CODI's forms it counts as: the disadvantaged and people with disabilities.",
    ):
        assert sentence in said


@pytest.mark.parametrize("day", ["2010-05-02", "never", "2010-02-30"])
def test_a_day_without_a_version_is_not_found(cast, day) -> None:
    assert english(cast.auditor).get(reverse("welfare:regulation", args=[day])).status_code == 404


@pytest.mark.usefixtures("silent_weasyprint")
def test_whatever_the_format_writes_stands_on_paper_in_both_languages(cast) -> None:
    load_regulation(EVERY_KEY, by=None, now=NOW)
    answer = english(cast.leader).get(reverse("welfare:regulation_pdf", args=["2019-01-01", "both"]))
    said = flat(pdfium_text(answer.content))
    for words in (
        "ระเบียบกองทุนตัวอย่าง (สมมุติ)",
        "Regulation of an invented fund",
        "Members join at the age of 65 years at most.",
        "Its yearly and lifetime limits are shared with: Birth gift.",
        "Counts against the limits of: Nights of the mother.",
        "Not in a case of self-inflicted harm or cosmetic treatment.",
        "On CODI's forms it counts as: funeral costs.",
    ):
        assert flat(words) in said


# --- comparing ----------------------------------------------------------------------------------------------


def test_a_comparison_says_what_changes_from_when_and_for_whom(cast, django_assert_num_queries) -> None:
    ten_years = MemberFactory(community=cast.home, joined_on=date(2010, 5, 1))  # by the new day
    ten_years.group_flags.create(group="disabled", since=date(2015, 1, 1))
    changed = (
        LATER.replace("{from: {years: 8},  baht: 15000}", "{from: {years: 8},  baht: 14000}")
        .replace("{from: {years: 15}, baht: 20000}", "{from: {years: 10}, baht: 20000}")
        .replace("suspend_after_days: 90", "suspend_after_days: 60")
        .replace("code: career-grant", "code: career-loan")
        .replace("group: [disabled, disadvantaged]", "group: [disadvantaged]")
    )
    new = read_regulation(changed)
    comparison, touched = what_changes(BASE, new)
    told = {one.code: [(c.old and c.old.en, c.new and c.new.en) for c in one.changes] for one in comparison.benefits}
    assert told["death-grant"] == [
        ("A membership of 8 years or more: 15,000 baht.", "A membership of 8 years or more: 14,000 baht."),
        (None, "A membership of 10 years or more: 20,000 baht."),
        ("A membership of 15 years or more: 20,000 baht.", None),
    ]
    assert sorted(told) == ["career-grant", "career-loan", "death-grant", "disadvantaged-aid"]
    assert [change.new.about for change in comparison.membership] == ["suspend_after_days"]
    assert touched["death-grant"] == Touched(more=1)
    served = Membership.objects.filter(joined_on__lte=date(2020, 1, 2)).count()  # a year's waiting
    assert touched["disadvantaged-aid"] == Touched(no_longer=1)
    assert (touched["career-loan"].newly, touched["career-grant"].no_longer) == (served, served)
    load_regulation(changed, by=None, now=NOW)
    client = english(cast.auditor)
    address = reverse("welfare:regulation_changes", args=["2021-01-01"])
    client.get(address)
    with django_assert_num_queries(8):
        said = text_of(client.get(address))
    for words in (
        "By what is paid today, the rights of",
        "What changes on 1 January 2564",
        "For every event on 1 January 2564 or later.",
        "more to 1 member",
        "Career development grant New benefit",
        "Career development grant Benefit is gone",
    ):
        assert words in said


def test_another_reference_changes_no_rule() -> None:
    comparison, touched = what_changes(BASE, BASE.model_copy(update={"reference": "another"}))
    assert (comparison.is_empty, touched) == (True, {})


# --- what the next steps cost -------------------------------------------------------------------------------


def test_the_next_step_says_when_it_first_bites_and_what_it_costs(cast, django_assert_num_queries) -> None:
    born = {"birth_date": date(1950, 6, 1), "sex": "m"}
    for _ in range(3):
        MemberFactory(community=cast.home, joined_on=date(2010, 5, 20), **born)
    MemberFactory(community=cast.home, joined_on=date(2010, 5, 10), birth_date=date(1970, 6, 1), sex="f")
    with django_assert_num_queries(1):
        elderly, death = outlooks(BASE, today=cast.today, fund=cast.fund)
    ahead = death.next_step
    assert (ahead.extra, ahead.first_reached) == (Decimal(5000), date(2025, 5, 10))
    # the younger one is sixty only in 2030: what is for the elderly bites with the others
    assert [(one.members_now, one.first_reached) for one in elderly.steps[1:]] == [
        (3, date(2020, 5, 20)),
        (0, date(2025, 5, 20)),
    ]
    year = death.first_year(ahead)
    assert (year.last, year.passing[-1], death.years[0].first) == (date(2025, 12, 31), 4, date(2020, 1, 1))
    # three men, alive by the table from 2020 to 2024 at 70 to 74, die at 75 at 0.04853 a year: 5,000 baht each
    alive = 3 * (1 - Decimal("0.03153")) ** 5
    woman = (1 - Decimal("0.00429")) ** 5 * Decimal("0.00549")  # fifty to fifty-four, and fifty-five
    assert death.cost(ahead, year) == round((alive * Decimal("0.04853") + woman) * 5000)
    assert elderly.cost(elderly.next_step, elderly.first_year(elderly.next_step)) == round(alive * 200)
    client = english(cast.auditor)
    client.get(reverse("welfare:next_steps", args=["2010-05-01"]))
    with django_assert_num_queries(6):
        said = text_of(client.get(reverse("welfare:next_steps", args=["2010-05-01"])))
    assert "It first bites in the fund year 2568 (on 20 May 2568): 3 members pass into it in that year." in said
    assert english(cast.leader).get(reverse("welfare:next_steps", args=["2010-05-01"])).status_code == 403


# --- a new version ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [TEXT, EVERY_KEY])
def test_a_document_written_as_text_reads_back_equal(text) -> None:
    document = read_regulation(text)
    assert read_regulation(write_text(document)) == document
    untouched = text_with(document, {}, effective_from=document.effective_from)
    assert untouched == write_text(new_draft(document, effective_from=document.effective_from))


def test_figures_are_typed_as_people_write_them() -> None:
    typed = {
        "benefits[4].pays.by_tenure[5].baht": "๒๒,๕๐๐",
        "benefits[2].limits.baht_per_event": "600.50",
        "benefits[9].claim_within_days": "",
        "benefits[9].requires.waiting_days": "",
    }
    new = read_regulation(text_with(BASE, typed, effective_from=START))
    assert new.benefit("death-grant").pays.by_tenure[5].baht == Decimal(22_500)
    assert new.benefit("hospital-night").limits.baht_per_event == Decimal("600.50")
    disaster = new.benefit("disaster-relief")
    assert (disaster.claim_within_days, disaster.requires.waiting_days) == (None, None)
    shown = {field.place: field.value for field in plain_fields(BASE)}
    assert [shown[place] for place in typed] == ["20000", "", "60", "0"]


def test_every_fault_of_the_figures_stands_at_its_field_and_what_was_typed_stays(cast) -> None:
    client = english(cast.registrar)
    typed = {field.place: field.value for field in plain_fields(BASE)}
    typed |= {"membership.dues.baht": "36.505", "benefits[0].pays.per.baht": "many", "benefits[1].name.th": ""}
    answer = client.post(reverse("welfare:new_regulation"), typed | {"effective_from": ""})
    errors = answer.context["form"].errors
    assert sorted(errors) == [
        "benefits[0].pays.per.baht",
        "benefits[1].name.th",
        "effective_from",
        "membership.dues.baht",
    ]
    assert errors["membership.dues.baht"] == ["“36.505” has more than two decimals; baht go down to the satang"]
    assert 'value="36.505"' in answer.content.decode()


def test_every_fault_of_a_text_is_listed_with_its_line_and_the_text_stays(cast) -> None:
    faulty = LATER.replace(FALLING, FALLING.replace("10", "2")).replace("{years: 6}", "{years: 4}")
    faulty = faulty.replace("flat: 500", "flat: -1", 1)
    answer = english(cast.registrar).post(reverse("welfare:regulation_text"), {"text": faulty})
    said = text_of(answer)
    assert "3 faults: nothing can be stored yet" in said
    for place in (
        r"by_tenure\[1\]\.from \(line \d+\): must be later than the step before it \(years: 3\)",
        r"by_tenure\[3\]\.from \(line \d+\): repeats the step before it \(years: 4\)",
        r"pays\.flat \(line \d+\): “-1” must not be negative",
    ):
        assert re.search(place, said)
    assert answer.context["form"]["text"].value() == faulty
    assert Regulation.objects.count() == 1


def test_a_registrar_drafts_and_the_committee_stores_under_a_resolution(cast) -> None:
    typed = {field.place: field.value for field in plain_fields(BASE)} | {"benefits[2].pays.per.baht": "150"}
    day = {"effective_from_day": "1", "effective_from_month": "1", "effective_from_year": "2564"}
    drafted = english(cast.registrar).post(reverse("welfare:new_regulation"), typed | day)
    said = text_of(drafted)
    assert "Pays 100 baht for each night. Pays 150 baht for each night." in said
    assert ("store" in drafted.context, Regulation.objects.count()) == (False, 1)
    text = drafted.context["form"]["text"].value()
    client = english(cast.committee)
    seen = client.post(reverse("welfare:regulation_text"), {"text": text})
    sent = {"text": text, "meeting": cast.meeting.pk, "request_id": seen.context["store"]["request_id"].value()}
    for _ in range(2):  # a second click stores nothing more
        answer = client.post(reverse("welfare:store_regulation"), sent)
        assert answer.headers["Location"] == reverse("welfare:regulation", args=["2021-01-01"])
    new = Regulation.objects.get(effective_from=START)
    resolution = Resolution.objects.get(meeting=cast.meeting)
    assert (Regulation.objects.count(), new.loaded_by, new.document["benefits"][2]["pays"]["per"]["baht"]) == (
        2,
        cast.committee,
        "150.00",
    )
    assert new.reference.endswith(resolution.label)
    assert ActionLog.objects.filter(action="regulation-stored", subject_id=new.pk).count() == 1


def test_what_cannot_be_stored_writes_no_resolution_either(cast) -> None:
    claim = cast.decided()
    before = Resolution.objects.count()
    for text, refusal in (
        (TEXT, DateTaken),
        (TEXT.replace("2010-05-01", "2020-10-05"), ReachesBehindDecisions),
        (LATER.replace("flat: 500", "flat: 0"), RegulationFaults),
    ):
        with pytest.raises(refusal):
            stored(cast, text)
    with pytest.raises(NotYours):
        stored(cast, by=cast.registrar)
    answer = english(cast.committee).post(
        reverse("welfare:regulation_text"), {"text": TEXT.replace("2010-05-01", "2020-10-05")}
    )
    assert claim.label in text_of(answer)
    assert (Regulation.objects.count(), Resolution.objects.count()) == (1, before)


def test_a_draft_comes_and_goes_as_a_file(cast) -> None:
    client = english(cast.registrar)
    saved = client.post(reverse("welfare:regulation_text"), {"text": LATER, "save": "1"})
    assert (saved.content.decode(), saved.headers["Content-Disposition"]) == (
        LATER,
        'attachment; filename="regulation-draft.yaml"',
    )
    assert check_draft(saved.content.decode()) == read_regulation(LATER)
