"""What is asked once within one moment of the database."""

from bansong_fund.lib.snapshots import asked_once, one_moment
from ledger.models import Account


@asked_once
def how_many(_more: int = 0) -> list[int]:
    return [Account.objects.count()]


def test_within_a_moment_a_question_goes_to_the_database_once(db, django_assert_num_queries) -> None:
    with one_moment(), django_assert_num_queries(2):
        first = how_many()
        first.append(7)  # her own copy
        with one_moment():  # the same moment
            assert how_many() == first[:1]
        how_many(1)  # another question


def test_when_the_moment_is_over_it_is_asked_again(db, django_assert_num_queries) -> None:
    with django_assert_num_queries(4):
        with one_moment():
            how_many()
        how_many()
        how_many()
        with one_moment():
            how_many()


def test_what_cannot_be_told_apart_is_asked_each_time(db, django_assert_num_queries) -> None:
    with one_moment(), django_assert_num_queries(2):
        how_many([])
        how_many([])
