import pytest
from django.utils import translation

from tests.bad_input.house import House, open_house


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def house(db) -> House:
    return open_house()


@pytest.fixture
def committed_house(committed_db) -> House:
    """The same where commits, threads and locks are real."""
    return open_house()
