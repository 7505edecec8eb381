"""Creates all tables of an app as one operation of its first migration.

After each operation Django draws anew every model that leads to the changed one. With a hundred tables that all lead
to each other, a table at a time costs a minute on an empty database, nearly all of it drawing; here the models are
drawn once for all tables. The triggers stand among the options of a table, and pgtrigger lays them as it is created.
"""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateTables(Operation):
    """`tables` in any order: foreign keys are laid when the migration ends. Taken back, the last table goes first."""

    serialization_expand_args = ["tables"]

    def __init__(self, tables: Sequence[CreateModel]) -> None:
        self.tables = list(tables)

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return self.__class__.__qualname__, [], {"tables": self.tables}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Forgets the drawn models: whoever asks for them next has them drawn once, with all these tables."""
        state.__dict__.pop("apps", None)
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create the tables of {', '.join(table.name for table in self.tables)}"
