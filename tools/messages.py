"""Keeps locale/th/LC_MESSAGES/django.po in step with the words in the sources (no GNU gettext needed).

    python tools/messages.py            new words come in untranslated, words that are gone go out
    python tools/messages.py --check    changes nothing, names every fault, exit status 1 when there is one

Words come from `gettext` and its kin in the Python sources, from the templates through Django's own `templatize`,
and from `library_words.py`: what Django and its libraries say on our pages but leave in English.
A translation is never guessed from a similar word: what is new stays empty until somebody writes it.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("bansong_fund", "office", "members", "ledger", "contributions", "welfare", "reports")
LIBRARY_WORDS = "tools/library_words.py"
CATALOG = ROOT / "locale" / "th" / "LC_MESSAGES" / "django.po"

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Written by hand, without dates and tool versions: the same words give the same file.
HEADER = """\
# The program's words in Thai. The English msgids stand in the sources; `make messages` brings in new ones.
msgid ""
msgstr ""
"Language: th\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[-#0 +.\d]*[a-z]|%[sd]|\{\w*\}")
MARKUP = re.compile(r"</?\w+[^>]*>")
THAI_LETTER = re.compile("[\u0e00-\u0e7f]")

MessageId = str | tuple[str, ...]


def source_files() -> Iterator[Path]:
    """Every file that may hold words for people; migrations repeat those of the models."""
    for folder in SOURCES:
        yield from (path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)
    yield from (path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt", ".svg"})
    yield ROOT / LIBRARY_WORDS


def words_of(path: Path) -> Iterator[tuple[MessageId, str | None, list[str]]]:
    """Yield (msgid or (msgid, plural), context, translators' comments) of one file."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # the indentation that is left over is not Python's
        source = "\n".join(line.lstrip() for line in templatize(source).splitlines())
    code = io.BytesIO(source.encode("utf-8"))
    for _line, msgid, comments, context in extract("python", code, KEYWORDS, ("Translators:",)):
        yield msgid, context, comments


def words_in_sources() -> Catalog:
    """Collect the words of all sources; where each stands, a search tells, and the catalog changes with words alone."""
    catalog = Catalog(locale="th", charset="utf-8")
    for path in sorted(source_files()):
        for msgid, context, comments in words_of(path):
            catalog.add(msgid, None, auto_comments=comments, context=context)
    return catalog


def read_catalog() -> Catalog:
    if not CATALOG.exists():
        return Catalog(locale="th", charset="utf-8")
    with CATALOG.open("rb") as file:
        return read_po(file, locale="th")


def bring_up_to_date(catalog: Catalog, wanted: Catalog) -> bytes:
    """Return the catalog's new text: the wanted words, sorted, with the translations that there are."""
    for message in wanted:
        old = catalog.get(message.id, message.context) if message.id else None
        if old and not old.fuzzy and old.pluralizable == message.pluralizable:
            message.string, message.user_comments = old.string, old.user_comments
    text = io.BytesIO()
    write_po(text, wanted, width=116, omit_header=True, sort_output=True, no_location=True)
    return HEADER.encode("utf-8") + text.getvalue().lstrip()


def name_of(message: Message) -> str:
    msgid = message.id[0] if isinstance(message.id, tuple) else message.id
    return f"{message.context}: {msgid}" if message.context else msgid


def translations_of(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def fault_of(message: Message) -> str:
    """Say what is wrong with one translation, "" when nothing is."""
    if message.fuzzy:
        return "fuzzy"
    if not all(translations_of(message)):
        return "untranslated"
    # Thai has one form for all numbers: it stands for the English plural
    english = message.id[-1] if isinstance(message.id, tuple) else message.id
    for pattern, fault in ((PLACEHOLDER, "other placeholders"), (MARKUP, "other markup")):
        wanted = {found[0] for found in pattern.finditer(english)}
        if any({found[0] for found in pattern.finditer(text)} != wanted for text in translations_of(message)):
            return fault
    return ""


def faults(catalog: Catalog, wanted: Catalog) -> list[str]:
    """Name all that keeps the Thai catalog from being complete and right, one line for each."""
    have, need = ({name_of(message): message for message in some if message.id} for some in (catalog, wanted))
    found = [f"missing: {one}" for one in need if one not in have]
    found += [f"in no source any more: {one}" for one in have if one not in need]
    found += [f"Thai letters in the msgid: {one}" for one in need if THAI_LETTER.search(one)]
    found += [f"{fault}: {one}" for one, message in have.items() if one in need and (fault := fault_of(message))]
    return sorted(found)


def main(arguments: list[str]) -> int:
    wanted = words_in_sources()
    if arguments == ["--check"]:
        found = faults(read_catalog(), wanted)
        print("\n".join(found) or "The Thai catalog is complete.")
        return 1 if found else 0
    CATALOG.parent.mkdir(parents=True, exist_ok=True)
    CATALOG.write_bytes(bring_up_to_date(read_catalog(), wanted))
    print("\n".join(faults(read_catalog(), wanted)) or "The Thai catalog is complete.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
