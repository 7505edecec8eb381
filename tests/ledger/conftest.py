"""Small books for the ledger's tests: an empty fund with its chart, and short ways to post."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction

from ledger.models import Account, Entry, EntryKind
from ledger.posting import EntryDraft, LineDraft, post
from members.models import Fund
from tests.factories import make_fund

NOW = datetime(2020, 11, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def fund(db) -> Fund:
    return make_fund()


@pytest.fixture
def a() -> Callable[[str], Account]:
    """An account by its code."""
    return lambda code: Account.objects.get(code=code)


def book(debit: str, credit: str, amount: str, *, on: date = date(2020, 11, 1), **draft: object) -> Entry:
    """Post one line, the way a verb does."""
    line = LineDraft(Account.objects.get(code=debit), Account.objects.get(code=credit), Decimal(amount))
    with transaction.atomic():
        return post(
            EntryDraft(
                date=on,
                kind=draft.pop("kind", EntryKind.RECEIPT),
                lines=[line],
                posted_by=None,
                request_id=draft.pop("request_id", None) or uuid.uuid4(),
                **draft,
            ),
            posted_at=NOW,
        )
