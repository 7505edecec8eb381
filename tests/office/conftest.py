from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation

from office.models import User


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def english_client(user: User | None = None) -> Client:
    """A browser set to English, signed in where a user is given."""
    client = Client()
    client.cookies["django_language"] = "en"
    if user is not None:
        client.force_login(user)
    return client
