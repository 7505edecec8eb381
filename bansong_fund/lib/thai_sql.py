"""The name functions of thai_text.py as immutable SQL, for generated columns on a plain PostgreSQL 15.

A migration runs THAI_FUNCTIONS_SQL in order, before the table whose generated columns call them. A body that
calls another of them is in the form that is bound when it is defined (RETURN …), so that a dump restores with
any search path.
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

# A loop, because it is ten times as fast as a query over generate_series. It calls built-in functions only.
WORD_PIECES_SQL = """
CREATE OR REPLACE FUNCTION word_pieces(value text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    pieces text[] := '{}';
    word text;
BEGIN
    FOREACH word IN ARRAY string_to_array(value, ' ') LOOP
        CONTINUE WHEN word = '';
        pieces := pieces || left(word, 1);
        FOR place IN 1 .. length(word) - 1 LOOP
            pieces := pieces || substr(word, place, 2);
        END LOOP;
    END LOOP;
    RETURN ARRAY(SELECT DISTINCT unnest(pieces) COLLATE "C" AS piece ORDER BY piece);
END $$;
"""

NAME_GRAMS_SQL = f"""
CREATE OR REPLACE FUNCTION name_grams(first text, family text, nickname text) RETURNS text[] {_MADE_AS}
RETURN word_pieces({_NAMES});
"""

THAI_FUNCTIONS_SQL = (THAI_PLAIN_SQL, THAI_SORT_KEY_SQL, WORD_PIECES_SQL, NAME_GRAMS_SQL)
DROP_THAI_FUNCTIONS_SQL = (
    "DROP FUNCTION IF EXISTS name_grams(text, text, text);",
    "DROP FUNCTION IF EXISTS word_pieces(text);",
    "DROP FUNCTION IF EXISTS thai_sort_key(text, text);",
    "DROP FUNCTION IF EXISTS thai_plain(text);",
)
