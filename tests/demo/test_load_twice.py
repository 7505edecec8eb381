"""Two loads of the demonstration seal the same books."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate

from bansong_fund.demo.load import load_demo
from bansong_fund.demo.plan import shared_plan
from ledger.models import LedgerHead, Receipt
from office.models import User
from tests.clusters import TestCluster
from tests.ledger.conftest import NOW


@pytest.mark.faults
def test_two_loads_have_one_fingerprint_and_different_passwords(demo_db, test_cluster: TestCluster, tmp_path):
    first = (LedgerHead.objects.get().chain_hash, Receipt.objects.latest("id").public_token)
    again = test_cluster.clone("demo_again")
    test_cluster.point_django_at(again)
    try:
        loaded = load_demo(now=NOW + timedelta(days=1), logins_file=tmp_path / "logins.json")
        second = (LedgerHead.objects.get().chain_hash, Receipt.objects.latest("id").public_token)
        told = json.loads((tmp_path / "logins.json").read_text(encoding="utf-8"))
        let_in = [authenticate(username=one["username"], password=one["password"]) for one in told]
    finally:
        test_cluster.point_django_at(demo_db)
        test_cluster.drop(again)
    assert second == first
    assert (told, [user.username for user in let_in]) == (loaded.logins, [one["username"] for one in told])
    assert sorted(one["role"] for one in told) == sorted({role for user in shared_plan().users for role in user.roles})
    assert User.objects.count() == 24
