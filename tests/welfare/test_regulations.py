"""Versions of the regulation: which one judges a day, and how a new one is taken in."""

from datetime import date

import pytest
from django.core.management import call_command
from django.utils import translation

from members.models import Regulation
from members.regulations import NoRuleInForce
from tests.factories import REGULATION_FILE
from tests.welfare.cast import NOW
from welfare.regulations import DateTaken, ReachesBehindDecisions, document_on, load_regulation, version_on
from welfare.rules.faults import RegulationFaults

TEXT = REGULATION_FILE.read_text(encoding="utf-8")
LATER = TEXT.replace("effective_from: 2010-05-01", "effective_from: 2021-01-01").replace("baht: 100}", "baht: 150}")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def test_each_day_is_judged_by_the_version_in_force(cast):
    load_regulation(LATER, by=cast.registrar, now=NOW)
    rates = [document_on(day).benefit("hospital-night").pays.per.baht for day in (date(2020, 12, 31), date(2021, 1, 1))]
    assert rates == [100, 150]
    assert version_on(date(2020, 12, 31)).effective_until == date(2021, 1, 1)
    assert version_on(date(2021, 1, 1)).effective_until is None


def test_before_the_first_version_there_is_no_rule(cast):
    with pytest.raises(NoRuleInForce, match="No regulation was in force on 30 April 2553"):
        version_on(date(2010, 4, 30))


def test_a_known_version_costs_one_query(cast, django_assert_num_queries):
    version_on(cast.today)
    with django_assert_num_queries(1):
        version_on(cast.today)


def test_a_day_that_has_a_version_is_refused(cast):
    with pytest.raises(DateTaken, match="A version that starts on 1 May 2553 is stored already"):
        load_regulation(TEXT, by=None, now=NOW)


def test_a_version_does_not_reach_behind_a_decided_claim(cast):
    claim = cast.decided()
    reaching = TEXT.replace("effective_from: 2010-05-01", "effective_from: 2020-10-05")
    with pytest.raises(ReachesBehindDecisions) as refusal:
        load_regulation(reaching, by=None, now=NOW)
    assert str(refusal.value) == (
        "This version would start on 5 October 2563, but claims with an event on that day or later are decided already"
        f" (1: {claim.label}). Let it start after 5 October 2563."
    )
    load_regulation(reaching.replace("2020-10-05", "2020-10-06"), by=None, now=NOW)
    assert Regulation.objects.count() == 2


def test_a_claim_that_is_not_decided_yet_holds_nothing_back(cast):
    cast.verified()
    load_regulation(TEXT.replace("effective_from: 2010-05-01", "effective_from: 2020-10-05"), by=None, now=NOW)
    assert Regulation.objects.count() == 2


def test_a_faulty_file_is_refused_whole(cast):
    with pytest.raises(RegulationFaults) as refusal:
        load_regulation(LATER.replace("baht: 150}", "baht: 1.505}").replace("dues:", "due:"), by=None, now=NOW)
    assert len(refusal.value.faults) >= 3
    assert Regulation.objects.count() == 1


def test_the_command_stores_a_file(cast, tmp_path, capsys):
    file = tmp_path / "regulation.yaml"
    file.write_text(LATER, encoding="utf-8")
    call_command("load_regulation", str(file))
    assert capsys.readouterr().out.endswith("stored, in force from 1 January 2564.\n")
    assert Regulation.objects.filter(effective_from=date(2021, 1, 1)).count() == 1


def test_the_command_prints_every_fault_with_its_place(cast, tmp_path, capsys):
    file = tmp_path / "regulation.yaml"
    file.write_text(LATER.replace("waiting_days: 180", "waiting_days: many").replace("flat: 500", "flat: -1"), "utf-8")
    with pytest.raises(SystemExit) as ended:
        call_command("load_regulation", str(file))
    lines = capsys.readouterr().err.splitlines()
    assert (ended.value.code, len(lines)) == (1, 3)
    assert lines[0].startswith("membership.waiting_days (line ")
