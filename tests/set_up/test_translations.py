"""Every word that people see has its Thai, and the tool that keeps the catalog in step does its work."""

import pytest
from babel.messages.catalog import Catalog

from tools import messages


@pytest.fixture(scope="module")
def wanted() -> Catalog:
    return messages.words_in_sources()


def test_the_thai_catalog_is_complete(wanted) -> None:
    assert messages.faults(messages.read_catalog(), wanted) == []


def test_the_catalog_is_what_the_tool_writes(wanted) -> None:
    assert messages.bring_up_to_date(messages.read_catalog(), wanted) == messages.CATALOG.read_bytes()


def catalog_of(*entries: tuple, **details: object) -> Catalog:
    catalog = Catalog(locale="th")
    for msgid, thai in entries:
        catalog.add(msgid, thai, **details)
    return catalog


def test_words_come_out_of_python_sources(tmp_path) -> None:
    source = tmp_path / "words.py"
    source.write_text(
        '_("Sign in")\nmessage = gettext_lazy(\n    "two "\n    "lines"\n)\n'
        'ngettext("%(n)d member", "%(n)d members", 2)\npgettext("report", "Receipts")\nlog("not a word")\n'
    )
    assert [(msgid, context) for msgid, context, _comments in messages.words_of(source)] == [
        ("Sign in", None),
        ("two lines", None),
        (("%(n)d member", "%(n)d members"), None),
        ("Receipts", "report"),
    ]


def test_words_come_out_of_templates(tmp_path) -> None:
    source = tmp_path / "page.html"
    source.write_text(
        """{% load i18n %}<p title="not's a word">
      {% translate "Save" as save %}{% both _("Receipt of %(day)s") day=day %}
        {% blocktranslate trimmed with sum=total %}
          He paid
          {{ sum }} baht.
        {% endblocktranslate %}
    {% blocktranslate count n=number %}one claim{% plural %}{{ n }} claims{% endblocktranslate %}
  {{ user|default:_("a visitor") }}{% translate "May" context "month" %}
"""
    )
    assert [(msgid, context) for msgid, context, _comments in messages.words_of(source)] == [
        ("Save", None),
        ("Receipt of %(day)s", None),
        ("He paid %(sum)s baht.", None),
        (("one claim", "%(n)s claims"), None),
        ("a visitor", None),
        ("May", "month"),
    ]


def test_the_sources_are_the_program_and_its_templates_alone() -> None:
    folders = {path.relative_to(messages.ROOT).parts[0] for path in messages.source_files()}
    assert folders == {*messages.SOURCES, "templates", "tools"}
    assert [path for path in messages.source_files() if "migrations" in path.parts] == []


@pytest.mark.parametrize(
    ("english", "thai", "fault"),
    [
        ("Save", "บันทึก", ""),
        ("Save", "", "untranslated"),
        ("%(n)d of %(all)d", "%(n)d จาก %(all)d", ""),
        ("%(n)d of %(all)d", "%(all)d ราย มีแล้ว %(n)d", ""),
        ("%(n)d of %(all)d", "%(n)d จากทั้งหมด", "other placeholders"),
        ("%(size).1f MB", "%(size)s MB", "other placeholders"),
        ("%s%% of it", "ร้อยละ %s", ""),
        ('<a href="%(url)s">I have a code</a>', "มีรหัสแล้ว %(url)s", "other markup"),
        (("%(n)d night", "%(n)d nights"), ("%(n)d คืน",), ""),
        (("one night", "%(n)d nights"), ("หลายคืน",), "other placeholders"),
        (("one night", "%(n)d nights"), ("",), "untranslated"),
    ],
)
def test_a_translation_is_held_against_its_english(english, thai, fault: str) -> None:
    (message,) = [message for message in catalog_of((english, thai)) if message.id]
    assert messages.fault_of(message) == fault


def test_every_fault_of_a_catalog_is_named() -> None:
    wanted = catalog_of(("Save", ""), ("Cancel", ""), ("ยืนยัน", ""))
    catalog = catalog_of(("Save", ""), ("Close", "ปิด"), ("ยืนยัน", "ยืนยัน"))
    assert messages.faults(catalog, wanted) == [
        "Thai letters in the msgid: ยืนยัน",
        "in no source any more: Close",
        "missing: Cancel",
        "untranslated: Save",
    ]


def test_a_fuzzy_translation_is_a_fault() -> None:
    catalog = catalog_of(("Save", "บันทึก"), flags=["fuzzy"])
    assert messages.faults(catalog, catalog_of(("Save", ""))) == ["fuzzy: Save"]


def test_new_words_come_in_untranslated_and_gone_ones_go_out() -> None:
    old = catalog_of(("Save", "บันทึก"), ("Close", "ปิด"))
    text = messages.bring_up_to_date(old, catalog_of(("Saved", ""), ("Save", ""))).decode()
    assert text == messages.HEADER + 'msgid "Save"\nmsgstr "บันทึก"\n\nmsgid "Saved"\nmsgstr ""\n\n'


def test_a_word_that_came_to_have_a_plural_is_translated_anew() -> None:
    old = catalog_of(("%(n)d claim", "คำขอ %(n)d ราย"))
    text = messages.bring_up_to_date(old, catalog_of((("%(n)d claim", "%(n)d claims"), ""))).decode()
    assert text.endswith('msgid "%(n)d claim"\nmsgid_plural "%(n)d claims"\nmsgstr[0] ""\n\n')
