"""Damaged and hostile files out of a good one: the same seed gives the same damage."""

import io
import random
import re
import zipfile
from collections.abc import Callable

_ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)
_JUNK = (
    *("", " ", "-1", "0", "1e999", "-1e-999", "nan", "9" * 400, "1_0", "٣", "๙๙", "0x10", "2958466", "1048577"),
    *("XFE1", "A0", "1A", "n", "s", "e", "d", "b", "inlineStr", "#N/A", "=1+1", "true", "2020-13-45", "0000-00-00"),
    *("\ud7ff", "\ufffe", "_x0000_", "_xD800_", "😀", "&#10;", "&#1114111;", "&lol;", "ก" * 500, "a" * 200_000),
)


def mutated(seed: int, content: bytes, kind: str) -> bytes:
    """Return `content` (kind "xlsx", "ods" or "csv") with one to three damages."""
    rng = random.Random(seed)
    damages = _CSV_DAMAGES if kind == "csv" else _ZIP_DAMAGES
    for _time in range(rng.choice((1, 1, 1, 2, 3))):
        content = rng.choice(damages)(rng, content)
    return content


# --- bytes of any file ------------------------------------------------------------------------------------


def _flip_bits(rng: random.Random, content: bytes) -> bytes:
    damaged = bytearray(content)
    for _time in range(rng.choice((1, 1, 4, 30)) if damaged else 0):
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
    return bytes(damaged)


def _truncate(rng: random.Random, content: bytes) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _slice(rng: random.Random, content: bytes) -> tuple[int, int]:
    start = rng.randrange(len(content) + 1)
    return start, min(start + rng.choice((1, 5, 60, 2_000)), len(content))


def _cut_out(rng: random.Random, content: bytes) -> bytes:
    start, end = _slice(rng, content)
    return content[:start] + content[end:]


def _say_twice(rng: random.Random, content: bytes) -> bytes:
    start, end = _slice(rng, content)
    return content[:end] + content[start:end] * rng.choice((1, 3)) + content[end:]


def _noise(rng: random.Random, content: bytes) -> bytes:
    start, end = _slice(rng, content)
    return content[:start] + rng.randbytes(end - start) + content[end:]


def _splice(rng: random.Random, content: bytes) -> bytes:
    """The beginning of the file and the end of it, cut at different places: a zip whose directory lies."""
    return content[: rng.randrange(len(content) + 1)] + content[rng.randrange(len(content) + 1) :]


_ANY = (_flip_bits, _truncate, _cut_out, _say_twice, _noise, _splice)

# --- zips and the XML in them -----------------------------------------------------------------------------

Parts = dict[str, bytes]


def _repacked(change: Callable[[random.Random, Parts], None]) -> Callable[[random.Random, bytes], bytes]:
    """Return a damage that unpacks a zip, changes its parts and packs them again; no zip stays as it is."""

    def damage(rng: random.Random, content: bytes) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                parts = {name: package.read(name) for name in package.namelist()}
        except Exception:  # it was damaged before, in whatever way
            return content
        if parts:
            change(rng, parts)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as package:
            for name, data in parts.items():
                package.writestr(name, data)
        return out.getvalue()

    return damage


def _some_part(rng: random.Random, parts: Parts) -> str:
    """Return the name of a part, mostly of one with the cells."""
    telling = [name for name in parts if re.search(r"sheet[0-9]*\.xml|content\.xml|sharedStrings|styles", name)]
    return rng.choice(telling if telling and rng.random() < 0.8 else list(parts))


def _damage_part(rng: random.Random, parts: Parts) -> None:
    name = _some_part(rng, parts)
    parts[name] = rng.choice(_ANY)(rng, parts[name])


def _drop_part(rng: random.Random, parts: Parts) -> None:
    del parts[rng.choice(list(parts))]


def _swap_parts(rng: random.Random, parts: Parts) -> None:
    one, other = rng.choice(list(parts)), _some_part(rng, parts)
    parts[one], parts[other] = parts[other], parts[one]


def _junk_in(pattern: bytes) -> Callable[[random.Random, Parts], None]:
    """Return a change that puts junk where the pattern's group stands, once or in many places."""

    def change(rng: random.Random, parts: Parts) -> None:
        name = _some_part(rng, parts)
        found = list(re.finditer(pattern, parts[name]))
        for match in sorted(rng.sample(found, min(len(found), rng.choice((1, 3, 40)))), key=lambda m: -m.start()):
            junk = rng.choice(_JUNK).encode("utf-8", "replace")
            parts[name] = parts[name][: match.start(1)] + junk + parts[name][match.end(1) :]

    return change


def _shuffle_tags(rng: random.Random, parts: Parts) -> None:
    name = _some_part(rng, parts)
    tags = re.split(rb"(?=<)", parts[name])
    for _time in range(rng.choice((1, 5))):
        one, other = rng.randrange(len(tags)), rng.randrange(len(tags))
        tags[one], tags[other] = tags[other], tags[one]
    parts[name] = b"".join(tags)


def _entities(rng: random.Random, parts: Parts) -> None:
    name = _some_part(rng, parts)
    body = re.sub(rb"^<\?xml[^>]*\?>", b"", parts[name])
    parts[name] = _ENTITIES + re.sub(rb">([^<]+)<", b">&d;<", body, count=rng.choice((1, 50)))


def _deep(rng: random.Random, parts: Parts) -> None:
    name, place = _some_part(rng, parts), rng.choice((3, 300, 30_000))
    start = max(parts[name].find(b"<row"), parts[name].find(b"<table:table-row"), 0)
    parts[name] = parts[name][:start] + b"<c>" * place + parts[name][start:]


def _other_encoding(rng: random.Random, parts: Parts) -> None:
    name = _some_part(rng, parts)
    text = parts[name].decode("utf-8", "replace").replace("UTF-8", rng.choice(("UTF-16", "cp874", "x-none", "UTF-7")))
    parts[name] = text.encode(rng.choice(("utf-16", "cp874", "utf-8")), "replace")


_ZIP_DAMAGES = (
    *_ANY,
    *map(_repacked, (_damage_part, _damage_part, _drop_part, _swap_parts, _shuffle_tags, _entities, _deep)),
    _repacked(_other_encoding),
    _repacked(_junk_in(rb'="([^"]*)"')),
    _repacked(_junk_in(rb' (?:r|t|s|ref)="([^"]*)"')),
    _repacked(_junk_in(rb"<v>([^<]*)<")),
    _repacked(_junk_in(rb">([^<]+)<")),
)

# --- CSV --------------------------------------------------------------------------------------------------


def _insert(rng: random.Random, content: bytes) -> bytes:
    place = rng.randrange(len(content) + 1)
    junk = rng.choice((b'"', b"'", b",", b";", b"\t", b"\n", b"\r", b"\0", b"\x1a", b"\xff", b"\xef\xbb\xbf", b"=1+1"))
    return content[:place] + junk * rng.choice((1, 1, 3, 3_000)) + content[place:]


def _other_bytes(rng: random.Random, content: bytes) -> bytes:
    encoding = rng.choice(("cp874", "utf-16", "utf-16-be", "latin-1", "utf-32", "utf-8-sig"))
    return content.decode("utf-8", "replace").encode(encoding, "replace")


def _junk_cell(rng: random.Random, content: bytes) -> bytes:
    cells = content.split(b",")
    cells[rng.randrange(len(cells))] = rng.choice(_JUNK).encode("utf-8", "replace")
    return b",".join(cells)


_CSV_DAMAGES = (*_ANY, _insert, _insert, _other_bytes, _junk_cell, _junk_cell)
