"""What `check_ledger` proves of legs 2 and 3: rounds with their members, promises with the money that came."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from contributions.models import Commitment
from ledger.checks.base import Problem, found, in_words

# A round's number goes when its receipt is void, so that the round can be written anew.
ROUNDS = """
    WITH heads AS (
        SELECT matching_round_id AS id, count(*) AS heads, sum(amount) AS baht FROM contributions_roundmember GROUP BY 1
    ), come AS (
        SELECT g.matching_round_id AS id, sum(g.amount) AS baht, bool_and(v.id IS NOT NULL) AS is_void
          FROM contributions_grant g LEFT JOIN ledger_receiptvoid v ON v.receipt_id = g.receipt_id
         GROUP BY 1
    )
    SELECT m.id, m.number, m.member_count, h.heads, h.baht, c.baht
      FROM contributions_matchinground m
      LEFT JOIN heads h ON h.id = m.id
      LEFT JOIN come c ON c.id = m.id
     WHERE (m.member_count::bigint, c.baht) IS DISTINCT FROM (h.heads, h.baht)
        OR c.baht IS DISTINCT FROM coalesce(m.lump, m.baht_per_member * m.member_count)
        OR (m.number IS NULL) IS DISTINCT FROM c.is_void
     ORDER BY 1
"""
MATCHED_TOO_OFTEN = """
    SELECT p.number, count(*)
      FROM contributions_roundmember r
      JOIN contributions_matchinground m ON m.id = r.matching_round_id AND m.number IS NOT NULL
      JOIN members_member p ON p.id = r.member_id
     GROUP BY p.id, p.number HAVING count(*) > 3
     ORDER BY 1
"""
# A promise stands where its last step left it: received as long as money in force was put to it.
COMMITMENTS = """
    WITH come AS (
        SELECT g.commitment_id AS id, sum(g.amount) AS baht, bool_or(v.id IS NULL) AS is_there,
               bool_or(g.source <> c.source) AS is_other
          FROM contributions_grant g
          JOIN contributions_commitment c ON c.id = g.commitment_id
          LEFT JOIN ledger_receiptvoid v ON v.receipt_id = g.receipt_id
         GROUP BY 1
    ), steps AS (
        SELECT commitment_id AS id, sum(amount) FILTER (WHERE state = 'received') AS baht,
               (array_agg(state ORDER BY id DESC))[1] AS last
          FROM contributions_commitmentstep GROUP BY 1
    )
    SELECT c.id, c.state, s.last, coalesce(s.baht, 0), coalesce(m.baht, 0)
      FROM contributions_commitment c
      LEFT JOIN steps s ON s.id = c.id
      LEFT JOIN come m ON m.id = c.id
     WHERE c.state IS DISTINCT FROM s.last OR m.is_other
        OR (c.state IN ('received', 'reported')) <> coalesce(m.is_there, false)
        OR coalesce(s.baht, 0) <> coalesce(m.baht, 0)
     ORDER BY 1
"""


def rounds_say_what_came() -> Iterator[Problem]:
    """A round's members and their baht come to its grant; nobody is matched more than three times."""
    form = _("round {1} (key {0}): {2} members, its list has {3} with {4}, the grant {5}")
    yield from found("rounds", ROUNDS, form, {1: in_words({None: _("(void)")})})
    yield from found("rounds", MATCHED_TOO_OFTEN, _("member no. {0} is matched {1} times"))


def commitments_say_what_came() -> Iterator[Problem]:
    """A promise is received while money in force was put to it, and its steps name as much as came."""
    form = _("commitment {0}: it is “{1}”, its last step “{2}”; its steps say {3} came, its grants {4}")
    state = in_words(Commitment.State.choices)
    yield from found("commitments", COMMITMENTS, form, {1: state, 2: state})
