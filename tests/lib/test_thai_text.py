"""One spelling, the order of Thai names, and the same from PostgreSQL."""

import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bansong_fund import database_roles
from bansong_fund.lib import thai_sql, thai_text

NAMES_IN_ORDER = ["กมล", "กอบ", "ก้อย", "กาญจนา", "เกษม", "แก้ว", "ไก่", "ขวัญ", "พร", "ไพศาล", "อารี", "เอก", "โอภาส"]

thai_letters = [chr(point) for point in (*range(0x0E01, 0x0E3B), *range(0x0E3F, 0x0E5C))]
strange = list(" \t\n\u00a0\u200b\u200d\ufeffABzé().-'\\[]^_`{|}~\u0301\u0323\u0085\u2028\u0eb8\u0ec8๑5")
often_wrong = ["\u0e4d\u0e32", "\u0e4d\u0e49\u0e32", "เเ", "ก้", "ไก่", "์", "น\u0e49\u0e38"]
names = st.lists(st.sampled_from([*thai_letters, *strange, *often_wrong]), max_size=12).map("".join)


@pytest.fixture(scope="module")
def thai_database(test_cluster):
    """A database that has only the name functions, as the first migration makes them."""
    database = f"{test_cluster.prefix}_thai_text"
    with test_cluster.connect() as superuser:
        database_roles.drop_database(superuser, database)
        database_roles.create_database(superuser, database)
    with test_cluster.connect(database) as functions:
        for statement in thai_sql.THAI_FUNCTIONS_SQL:
            functions.execute(statement)
        yield functions
    test_cluster.drop(database)


def test_what_looks_the_same_is_spelled_the_same():
    assert thai_text.normalise("น\u0e4d\u0e49า") == "น้ำ"
    assert thai_text.normalise("น\u0e49\u0e4dา") == "น้ำ"
    assert thai_text.normalise("กํา") == "กำ"
    assert thai_text.normalise("เเก้ว") == "แก้ว"
    assert thai_text.normalise("ป่\u200bา\ufeff") == "ป่า"
    assert thai_text.normalise("  สมหญิง\u00a0\u00a0 ใจดี\t") == "สมหญิง ใจดี"
    assert thai_text.normalise("ก\u0e49\u0e38ง") == "ก\u0e38\u0e49ง"
    assert thai_text.normalise("e\u200b\u0301") == "é"
    assert thai_text.normalise("\0กข\x07") == "กข"


@given(names)
def test_spelling_twice_changes_nothing_more(name):
    once = thai_text.normalise(name)
    assert thai_text.normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


def test_names_stand_in_the_order_of_a_thai_list():
    shuffled = NAMES_IN_ORDER.copy()
    random.Random(2563).shuffle(shuffled)
    assert sorted(shuffled, key=lambda name: thai_text.sort_key(name, "")) == NAMES_IN_ORDER


def test_tone_marks_only_break_ties():
    words = ["เกง", "เก็ง", "เก่ง", "เก้ง", "เก๋ง", "เก้งก"]
    keys = [thai_text.sort_key(word, "") for word in words]
    assert keys == sorted(set(keys))


def test_the_family_name_weighs_more_than_a_tone_mark_of_the_first_name():
    people = [("ก้อย", "กมล"), ("กอย", "ขวัญ"), ("ก้อย", "ขวัญ"), ("ก้อยก", "กมล")]
    keys = [thai_text.sort_key(*person) for person in people]
    assert keys == sorted(set(keys))


def test_a_short_first_name_stands_before_a_longer_one_whatever_the_family():
    assert thai_text.sort_key("กมล", "ฮ") < thai_text.sort_key("กมลา", "ก")


def test_spaces_dots_and_capitals_do_not_move_a_name():
    assert thai_text.sort_key("ณ อยุธยา", "") < thai_text.sort_key("ณอยุธยาน", "")
    assert thai_text.sort_key("Anong", "x") == thai_text.sort_key("anong", "X")
    assert thai_text.sort_key("แก้ว", "ใจดี") == "กแว จใดี --้ "


def test_names_are_cut_into_pieces_of_two_letters_and_first_letters():
    assert thai_text.name_grams("กมล", "ใจ", "") == ["ก", "กม", "มล", "ใ", "ใจ"]
    assert thai_text.name_grams("ก", "Ab", "") == ["a", "ab", "ก"]
    assert thai_text.name_grams("", " ", "") == []


def test_a_search_asks_for_pieces_that_the_name_has():
    grams = set(thai_text.name_grams("สมหญิง", "ใจดี", "แดง"))
    for typed in ("สม", "หญิง", "หญิ ดี", "ด ใจ", "จด", "ส", "แดง"):
        wanted = set(thai_text.search_grams(typed))
        assert wanted <= grams | {"ด"}, typed
    assert thai_text.search_grams("มห") == ["มห"]
    assert thai_text.search_grams("ส ใจดี") == ["จด", "ดี", "ส", "ใจ"]
    assert not set(thai_text.search_grams("มส")) <= grams
    assert thai_text.search_grams(" ") == []


@given(st.lists(names, min_size=1, max_size=3), st.data())
def test_every_piece_of_a_name_finds_it(given_names, data):
    words = thai_text.plain(" ".join(given_names)).split()
    if not words:
        return
    word = data.draw(st.sampled_from(words))
    start = data.draw(st.integers(0, max(len(word) - 2, 0)))
    typed = word[start : start + data.draw(st.integers(2, max(len(word), 2)))]
    if len(typed) > 1 or start == 0:
        assert set(thai_text.search_grams(typed)) <= set(thai_text.name_grams(*given_names))


@settings(max_examples=60)
@given(st.lists(st.tuples(names, names, names), min_size=1, max_size=40))
def test_postgresql_reckons_the_same_keys_and_pieces(thai_database, people):
    firsts, families, nicknames = map(list, zip(*people, strict=True))
    rows = thai_database.execute(
        "SELECT thai_plain(a), thai_sort_key(a, b), name_grams(a, b, c)"
        " FROM unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS person(a, b, c, place) ORDER BY place",
        [firsts, families, nicknames],
    ).fetchall()
    assert rows == [(thai_text.plain(a), thai_text.sort_key(a, b), thai_text.name_grams(a, b, c)) for a, b, c in people]


def test_postgresql_stands_names_in_the_same_order(thai_database):
    rows = thai_database.execute(
        "SELECT name FROM unnest(%s::text[]) AS name ORDER BY thai_sort_key(name, '') COLLATE \"C\"",
        [sorted(NAMES_IN_ORDER)],
    ).fetchall()
    assert [name for (name,) in rows] == NAMES_IN_ORDER


def test_the_functions_take_missing_names_and_fit_generated_columns(thai_database):
    row = thai_database.execute("SELECT thai_sort_key('กมล', NULL), name_grams('กมล', NULL, NULL)").fetchone()
    assert row == (thai_text.sort_key("กมล", ""), ["ก", "กม", "มล"])
    with thai_database.transaction(force_rollback=True):
        thai_database.execute(
            "CREATE TEMPORARY TABLE person (first text, family text, nickname text,"
            ' sort_key text COLLATE "C" GENERATED ALWAYS AS (thai_sort_key(first, family)) STORED,'
            " grams text[] GENERATED ALWAYS AS (name_grams(first, family, nickname)) STORED)"
        )
        thai_database.execute("CREATE INDEX ON person USING gin (grams)")
        thai_database.execute("INSERT INTO person VALUES ('แก้ว', 'ใจดี', NULL)")
        assert thai_database.execute("SELECT sort_key, grams FROM person").fetchone() == (
            "กแว จใดี --้ ",
            thai_text.name_grams("แก้ว", "ใจดี", ""),
        )


def test_the_functions_need_no_search_path(thai_database):
    """A dump is restored with an empty one."""
    with thai_database.transaction(force_rollback=True):
        thai_database.execute("SET LOCAL search_path = ''")
        row = thai_database.execute(
            "SELECT public.thai_sort_key('แก้ว', 'ใจดี'), public.name_grams('กมล', '', '')"
        ).fetchone()
    assert row == ("กแว จใดี --้ ", ["ก", "กม", "มล"])


def test_the_functions_are_immutable_and_can_be_dropped(thai_database):
    with thai_database.transaction(force_rollback=True):
        kinds = "SELECT proname, provolatile FROM pg_proc WHERE proname ~ '^(thai_|name_grams|word_pieces)' ORDER BY 1"
        assert thai_database.execute(kinds).fetchall() == [
            ("name_grams", "i"),
            ("thai_plain", "i"),
            ("thai_sort_key", "i"),
            ("word_pieces", "i"),
        ]
        for statement in thai_sql.DROP_THAI_FUNCTIONS_SQL:
            thai_database.execute(statement)
        assert thai_database.execute(kinds).fetchall() == []


def test_digits_turn_thai_and_back():
    assert thai_text.thai_digits("1 พ.ค. 2563") == "๑ พ.ค. ๒๕๖๓"
    assert thai_text.arabic_digits("๐๑๒๓๔๕๖๗๘๙") == "0123456789"


def test_a_title_is_glued_to_a_thai_name_and_spaced_from_a_latin_one():
    assert thai_text.title_and_name("นางสาว", "สมหญิง", "ใจดี") == "นางสาวสมหญิง ใจดี"
    assert thai_text.title_and_name("พระ", "สมชาย", "") == "พระสมชาย"
    assert thai_text.title_and_name("", "สมชาย", "ใจดี") == "สมชาย ใจดี"
    assert thai_text.title_and_name("Miss", "Somying", "Jaidee") == "Miss Somying Jaidee"
