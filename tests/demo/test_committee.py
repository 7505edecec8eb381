"""The demonstration's committee sits beside the books, and its report of 2562 has words in both languages."""

from collections import Counter
from datetime import date

import pytest

from ledger.models import LedgerHead
from members.committee import seats_on
from members.models import CommitteeSeat, PaperAnswer
from members.year_texts import pictures_of, year_words

pytestmark = pytest.mark.usefixtures("demo_fund")

# Written in Latin letters by hand in the data: if the plan's names change, these have to.
SIGN_IN = {
    "นางแสงลักษณ์ บางสนสมาน (สมมติ)": "Mrs Saenglak Bangsonsaman (invented)",
    "นางรัตน์ยา ศาลมรกตดำรง (สมมติ)": "Mrs Ratya Sanmorakotdamrong (invented)",
    "นายปรีชาวัฒน์ หมอกอุทัยเกษม (สมมติ)": "Mr Prichawat Mokuthaikasem (invented)",
    "นางสาวณัฐเยาว์ ไพรประดู่จำเนียร (สมมติ)": "Miss Natyao Phraipraduchamnian (invented)",
    "นางโอมาศ ฟองหมื่นคำนึง (สมมติ)": "Mrs Omat Fongmuenkhamnueng (invented)",
}


def test_nine_sit_on_the_committee_at_any_time_and_every_kind_is_among_them() -> None:
    for day in (date(2010, 5, 1), date(2019, 6, 30), date(2019, 7, 1), date(2020, 11, 1)):
        kinds = Counter(one.kind for one in seats_on(day))
        assert kinds == {"member": 5, "headman": 1, "local-government": 1, "monk": 1, "expert": 1}
    assert [one.post_th for one in seats_on(date(2019, 12, 31))][:2] == ["ประธานกรรมการ", "รองประธานกรรมการ"]


def test_all_of_the_committee_are_marked_as_invented_with_numbers_that_ring_nowhere() -> None:
    seats = list(CommitteeSeat.objects.all())
    assert [one.name for one in seats if "(สมมติ)" not in one.name or "(invented)" not in one.name_en] == []
    assert sorted(one.phone for one in seats) == [f"00025500{number:02d}" for number in range(1, 11)]
    assert {one.name: one.name_en for one in seats if one.member_id} == SIGN_IN


def test_the_report_of_2562_has_words_in_both_languages_and_the_books_are_as_they_were() -> None:
    words = year_words(2562)
    told = [name for name, said in words.items() if said.th and said.en]
    assert told == ["chair-message", "next-plan", "auditor-note"]
    assert set(PaperAnswer.objects.values_list("answered_by__username", flat=True)) == {"committee1", "auditor"}
    pictures = pictures_of(2562)
    assert [(one.caption.th[:14], one.caption.en[:15]) for one in pictures] == [("ภาพวาดตัวอย่าง", "A drawn example")] * 2
    assert max(one.paper.size for one in pictures) < 60_000
    head = LedgerHead.objects.get()
    assert (head.number, head.chain_hash[:8]) == (11073, "e7d2b2ce")
