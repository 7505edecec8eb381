import pytest
from django.db import transaction

from tests.welfare.cast import Cast, assemble, fill_box


@pytest.fixture
def cast(db) -> Cast:
    cast = assemble()
    fill_box()
    return cast


@pytest.fixture
def committed_cast(committed_db) -> Cast:
    """The same cast where commits, threads and locks are real."""
    with transaction.atomic():
        cast = assemble()
        fill_box()
    return cast
