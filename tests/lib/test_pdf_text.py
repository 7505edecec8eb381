import io

import pikepdf
import pytest

from bansong_fund.lib.pdf import render_pdf
from bansong_fund.lib.pdf_text import fold_sara_am
from tests.pdf_reading import lines, pdfium_text, poppler_text, pypdf_text, silent_weasyprint  # noqa: F401

WORDS = [
    "น้ำ", "กำ", "ป่า", "ที่", "ผู้", "กิ้งกือ", "ค้ำประกัน", "จำนวน", "ถ้ำ", "ญี่ปุ่น", "ปิ่น", "ฝั่ง",
    "ฟื้นฟู", "ปั้นจั่น", "ฎุ ฏู ญู ฐาน", "พระพุทธ ฤๅษี", "สามล้านบาทถ้วน", "office affluent", "1,008,384.00",
]  # fmt: skip


def paper(words: list[str], tag: str) -> bytes:
    body = "".join(f"<p><{tag}>{word}</{tag}></p>" for word in words)
    return render_pdf(f'<html lang="th"><body>{body}</body></html>', title="x")


@pytest.mark.parametrize("tag", ["span", "b", "i"])
@pytest.mark.parametrize("words", [WORDS, WORDS[::-1]], ids=["forwards", "backwards"])
@pytest.mark.parametrize("read", [pdfium_text, poppler_text])
def test_text_reads_back_as_it_was_written(read, words: list[str], tag: str) -> None:
    assert lines(read(paper(words, tag))) == words


@pytest.mark.parametrize("tag", ["span", "b", "i"])
@pytest.mark.parametrize("words", [WORDS, WORDS[::-1]], ids=["forwards", "backwards"])
def test_a_reader_of_glyphs_alone_gets_sara_am_in_two_parts(words: list[str], tag: str) -> None:
    assert lines(pypdf_text(paper(words, tag))) == [fold_sara_am(word) for word in words]


def test_text_in_a_margin_and_in_a_table_reads_back() -> None:
    body = "<table><tr><td>น้ำ</td><td>ฝั่ง</td></tr></table><p>ที่ป่า</p>"
    pdf = render_pdf(f'<html lang="th"><body>{body}</body></html>', title="x")
    assert " ".join(lines(pdfium_text(pdf))) == "น้ำ ฝั่ง ที่ป่า"


def content(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return document.pages[0].Contents.read_bytes()


def test_a_line_of_the_other_language_is_named_so() -> None:
    body = "<html><body><p>กองทุน</p><p>The fund</p><p>365.00</p></body></html>"
    in_thai, in_english = (content(render_pdf(body, title="x", language=language)) for language in ("both", "en"))
    assert (in_thai.count(b"/Lang (en)"), in_thai.count(b"/Lang (th)")) == (1, 0)
    assert (in_english.count(b"/Lang (en)"), in_english.count(b"/Lang (th)")) == (0, 1)


def test_a_drawing_without_words_is_passed_over() -> None:
    drawing = '<svg viewBox="0 0 9 9" width="9"><rect width="9" height="9"/></svg>'
    pdf = render_pdf(f"<html><body><p>{drawing}</p></body></html>", title="x")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        tags = [thing.get("/S") for thing in document.objects if isinstance(thing, pikepdf.Dictionary)]
        opened = [part.operands[0] for part in pikepdf.parse_content_stream(document.pages[0]) if part.operands]
        assert ("/Figure" in tags, "/Figure" in opened, "/Artifact" in opened) == (False, False, True)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("กำ", "ก\u0e4dา"),
        ("น้ำ", "น\u0e4d\u0e49า"),
        ("ค่ำจำ", "ค\u0e4d\u0e48าจ\u0e4dา"),
        ("ป่า", "ป่า"),
        ("", ""),
    ],
)
def test_sara_am_folds_into_its_parts(text: str, folded: str) -> None:
    assert fold_sara_am(text) == folded


def test_folding_twice_changes_nothing_more() -> None:
    assert fold_sara_am(fold_sara_am("น้ำคำ")) == fold_sara_am("น้ำคำ")
