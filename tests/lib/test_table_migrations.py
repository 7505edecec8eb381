"""All tables of an app in one step of a migration: laid whole, taken back whole."""

from collections.abc import Iterator
from typing import Any

import pgtrigger
import pytest
from django.db import connection, models
from django.db.migrations import CreateModel, Migration
from django.db.migrations.state import ProjectState
from django.db.utils import ProgrammingError

from bansong_fund import database_roles
from bansong_fund.lib.append_only import REFUSAL
from bansong_fund.lib.table_migrations import CreateTables


def key_to(model: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(model, on_delete=models.PROTECT, related_name="+", null=True)


@pytest.fixture
def owner(committed_db: str, test_cluster) -> Iterator[None]:
    test_cluster.point_django_at(committed_db, database_roles.OWNER)
    yield
    test_cluster.point_django_at(committed_db)


def two_tables() -> Migration:
    """A house and a person that lead to each other; a person's row stays as it is."""
    house = [("id", models.BigAutoField(primary_key=True)), ("head", key_to("office.Person"))]
    person = [("id", models.BigAutoField(primary_key=True)), ("house", key_to("office.House"))]
    stays = pgtrigger.Trigger(name="stays", when=pgtrigger.Before, operation=pgtrigger.Update, func=REFUSAL)
    migration = Migration("0001_tables", "office")
    migration.operations = [
        CreateTables([CreateModel("House", house), CreateModel("Person", person, options={"triggers": [stays]})])
    ]
    return migration


def lead_where() -> set[tuple[str, str]]:
    """Which table's foreign keys lead to which, of those that the migration lays."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid::regclass::text IN ('office_house', 'office_person')"
        )
        return set(cursor.fetchall())


def test_tables_that_lead_to_each_other_come_with_their_triggers_and_go_again(owner: None) -> None:
    migration, before = two_tables(), ProjectState()
    with connection.schema_editor() as editor:
        after = migration.apply(before.clone(), editor)
    assert lead_where() == {("office_house", "office_person"), ("office_person", "office_house")}
    person = after.apps.get_model("office", "Person").objects.create()
    with pytest.raises(ProgrammingError, match="office_person is append-only"):
        type(person).objects.update(house=None)
    with connection.schema_editor() as editor:
        migration.unapply(before, editor)
    assert lead_where() == set()
    assert {"office_house", "office_person"} & set(connection.introspection.table_names()) == set()
