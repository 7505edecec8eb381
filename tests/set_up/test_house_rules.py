"""The hard numbers of the house, and what its files may never hold."""

import ast
import re
import subprocess
from pathlib import Path

from django.db.models import UniqueConstraint

from contributions.models import CollectionLine, DuesPayment, RoundMember
from ledger.models import Line, PaymentVoucherLine, ReceiptLine
from members.models import Member
from welfare.models import Claim

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FUNCTION, LONGEST_FILE = 70, 500
REGISTRIES = ("pypi" + ".org", "python" + "hosted", "registry." + "npmjs", "crates" + ".io", "proxy." + "golang")
THIS_MACHINE = re.compile(r"(?<![\w.:<>-])/(?:root|home/\w+|work|Users/\w+)/[\w.]")


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    found = []
    for path in tracked_files():
        try:
            found.append((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue  # a picture
    return found


def python_sources() -> list[tuple[str, str]]:
    return [(name, text) for name, text in texts() if name.endswith(".py") and "/migrations/" not in name]


def test_no_function_is_longer_than_the_house_allows() -> None:
    too_long = [
        f"{name}:{node.lineno} {node.name}"
        for name, text in python_sources()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert too_long == []


def test_no_file_is_longer_than_the_house_allows() -> None:
    assert [name for name, text in python_sources() if text.count("\n") > LONGEST_FILE] == []


def test_no_file_names_the_host_of_a_package_registry() -> None:
    assert [(name, host) for name, text in texts() for host in REGISTRIES if host in text] == []


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert [(name, found[0]) for name, text in texts() if (found := THIS_MACHINE.search(text))] == []


def _first_columns(model) -> set[str]:
    """The first fields of a table's indexes and rules of uniqueness that hold for all its rows."""
    rules = [one for one in model._meta.constraints if isinstance(one, UniqueConstraint)]
    whole = [one for one in (*model._meta.indexes, *rules) if one.fields and one.condition is None]
    return {one.fields[0].removeprefix("-") for one in whole}


def test_no_foreign_key_of_a_table_that_grows_has_an_index_that_a_longer_one_begins_with() -> None:
    twice = [
        f"{model.__name__}.{field.name}"
        for model in (Line, ReceiptLine, PaymentVoucherLine, DuesPayment, CollectionLine, RoundMember, Member, Claim)
        for field in model._meta.local_fields
        if field.is_relation and field.db_index and not field.unique and field.name in _first_columns(model)
    ]
    assert twice == []
