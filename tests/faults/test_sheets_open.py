"""Every file for Excel of the house, opened and saved again by LibreOffice: without a complaint, and nothing lost."""

import subprocess
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.papers.test_every_sheet import ADDRESSES, reader  # noqa: F401

pytestmark = pytest.mark.faults
SECONDS = 600


def cells_of(path: Path) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_libreoffice_opens_every_sheet_and_saves_what_it_read(reader, tmp_path: Path) -> None:  # noqa: F811
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    for name, address in ADDRESSES.items():
        answer = reader.get(address)
        (ours / f"{name}.xlsx").write_bytes(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(theirs)]
    files = sorted(ours.iterdir())
    done = subprocess.run([*command, *files], capture_output=True, text=True, timeout=SECONDS, check=True)
    complaints = [line for line in done.stderr.splitlines() if line and "javaldx" not in line]
    assert complaints == []
    assert {path.name: cells_of(theirs / path.name) == cells_of(path) for path in files} == {
        path.name: True for path in files
    }
