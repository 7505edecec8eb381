"""Counts of members and where they live."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ledger.checks.base import Problem, found


def counts_of_members() -> Iterator[Problem]:
    yield from found(
        "member counts",
        """
        SELECT c.number, k.current, k.cumulative, count(s.id) FILTER (WHERE s.ended_on IS NULL), count(DISTINCT m.id)
          FROM members_community c
          LEFT JOIN members_membercount k ON k.community_id = c.id
          LEFT JOIN members_member m ON m.community_id = c.id AND m.merged_into_id IS NULL
          LEFT JOIN members_membership s ON s.member_id = m.id
         GROUP BY c.number, k.current, k.cumulative
        HAVING coalesce(k.current, 0) <> count(s.id) FILTER (WHERE s.ended_on IS NULL)
            OR coalesce(k.cumulative, 0) <> count(DISTINCT m.id)
         ORDER BY 1
        """,
        _("community {0}: kept {1} current and {2} in all, the rows say {3} and {4}"),
    )


def members_are_where_their_stays_say() -> Iterator[Problem]:
    yield from found(
        "community stays",
        "SELECT m.number FROM members_member m LEFT JOIN members_communitystay s"
        " ON s.member_id = m.id AND s.until IS NULL WHERE s.community_id IS DISTINCT FROM m.community_id ORDER BY 1",
        _("member no. {0}: the running stay is not in the community that the member's row names"),
    )
