"""The name functions of thai_text.py as immutable SQL, for generated columns on a plain PostgreSQL 15.

A migration runs THAI_FUNCTIONS_SQL in order, before the table whose generated columns call them. Each body is
in the form that is bound when it is defined (RETURN …), so that a dump restores with any search path.
"""

from bansong_fund.lib import thai_text

_MADE_AS = "LANGUAGE sql IMMUTABLE PARALLEL SAFE"


def _replace(value: str, pattern: str, by: str) -> str:
    return f"regexp_replace({value}, '{pattern}', '{by}', 'g')"


def _plain() -> str:
    visible = _replace("coalesce(value, '')", thai_text.INVISIBLE, "")
    folded = _replace(_replace(visible, thai_text.SPLIT_SARA_AM, r"\1ำ"), thai_text.DOUBLE_SARA_E, "แ")
    spaced = _replace(f"normalize({folded}, NFC)", thai_text.SPACES, " ")
    return f"""lower(btrim({spaced}, ' ') COLLATE "C")"""


def _main_weight(word: str) -> str:
    bare = _replace(_replace(word, thai_text.NOT_SORTED, ""), thai_text.LAST_WEIGHED, "")
    return _replace(bare, thai_text.LEADING_VOWEL, r"\2\1")


def _mark_weight(word: str) -> str:
    return f"rtrim({_replace(word, thai_text.NOT_LAST_WEIGHED, '-')}, '-')"


THAI_PLAIN_SQL = f"""
CREATE OR REPLACE FUNCTION thai_plain(value text) RETURNS text {_MADE_AS}
RETURN {_plain()};
"""

THAI_SORT_KEY_SQL = f"""
CREATE OR REPLACE FUNCTION thai_sort_key(first text, family text) RETURNS text {_MADE_AS}
RETURN {_main_weight("thai_plain(first)")} || ' ' || {_main_weight("thai_plain(family)")}
    || ' ' || {_mark_weight("thai_plain(first)")} || ' ' || {_mark_weight("thai_plain(family)")};
"""

_NAMES = "thai_plain(coalesce(first, '') || ' ' || coalesce(family, '') || ' ' || coalesce(nickname, ''))"

NAME_GRAMS_SQL = f"""
CREATE OR REPLACE FUNCTION name_grams(first text, family text, nickname text) RETURNS text[] {_MADE_AS}
RETURN ARRAY(
    SELECT DISTINCT substr(word, place, length) COLLATE "C" AS gram
    FROM string_to_table({_NAMES}, ' ') AS word,
        generate_series(1, greatest(length(word) - 1, 1)) AS place,
        unnest(CASE WHEN place = 1 THEN ARRAY[1, 2] ELSE ARRAY[2] END) AS length
    WHERE word <> ''
    ORDER BY gram
);
"""  # noqa: S608 - built of constants only

THAI_FUNCTIONS_SQL = (THAI_PLAIN_SQL, THAI_SORT_KEY_SQL, NAME_GRAMS_SQL)
DROP_THAI_FUNCTIONS_SQL = (
    "DROP FUNCTION IF EXISTS name_grams(text, text, text);",
    "DROP FUNCTION IF EXISTS thai_sort_key(text, text);",
    "DROP FUNCTION IF EXISTS thai_plain(text);",
)
