import io
import logging
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from bansong_fund.lib.pdf import page_count, render_pdf
from tests.papers.structure import faults_of
from tests.pdf_reading import lines, pdfium_text, silent_weasyprint  # noqa: F401

HOSTILE_ADDRESSES = [
    "file:///etc/passwd",
    "http://192.0.2.1/picture.png",
    "https://example.org/picture.png",
    "data:image/png;base64,AAAA",
    "static:../manage.py",
    "static:/etc/passwd",
    "static:no/such/file.css",
    "font:../LICENSE",
    "attachment:not-handed-in",
]


def page(body: str) -> str:
    return f'<html lang="th"><body>{body}</body></html>'


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def ink_height(body: str) -> int:
    with pypdfium2.PdfDocument(render_pdf(page(f"<p>{body}</p>"), title="x")) as document:
        picture = document[0].render(scale=8).to_pil().convert("L")
    box = picture.crop((0, 0, picture.width, picture.height // 4)).point(lambda grey: 255 * (grey < 128)).getbbox()
    return box[3] - box[1]


def test_a_document_is_tagged_and_says_its_title_and_language() -> None:
    with opened(render_pdf(page("<h1>น้ำ</h1>"), title="รายงานประจำปี น้ำ", language="th")) as document:
        assert document.Root.MarkInfo.Marked is True
        assert document.Root.StructTreeRoot.Type == "/StructTreeRoot"
        assert document.Root.ViewerPreferences.DisplayDocTitle is True
        assert str(document.Root.Lang) == "th"
        assert str(document.docinfo.Title) == "รายงานประจำปี น้ำ"
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == "รายงานประจำปี น้ำ"
            assert metadata["pdfuaid:part"] == "1"


@pytest.mark.parametrize(("language", "stated"), [("th", "th"), ("en", "en"), ("both", "th")])
def test_a_document_in_both_languages_is_a_thai_document(language: str, stated: str) -> None:
    with opened(render_pdf(page("x"), title="x", language=language)) as document:
        assert str(document.Root.Lang) == stated


def test_a_page_is_a4() -> None:
    with opened(render_pdf(page("x"), title="x")) as document:
        assert [round(float(side)) for side in document.pages[0].MediaBox] == [0, 0, 595, 842]


def test_sarabun_is_embedded_in_part_and_nothing_else_is() -> None:
    pdf = render_pdf(page("<p>น้ำ <b>Baht</b> <i>สตางค์</i></p>"), title="x")
    with opened(pdf) as document:
        fonts = document.pages[0].Resources.Font
        descriptors = [font.DescendantFonts[0].FontDescriptor for font in fonts.values()]
        assert {str(descriptor.FontFamily) for descriptor in descriptors} == {"Sarabun"}
        assert len(descriptors) == 3
        assert all(int(descriptor.FontFile2.Length) < 20_000 for descriptor in descriptors)


def test_the_same_page_gives_the_same_bytes_also_in_threads() -> None:
    source = page("<p>กองทุนสวัสดิการชุมชน</p>" * 20)
    with ThreadPoolExecutor(4) as pool:
        papers = list(pool.map(lambda _: render_pdf(source, title="x"), range(8)))
    assert papers == [papers[0]] * 8


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES)
def test_an_address_that_is_not_ours_is_refused_logged_and_left_out(
    address: str,
    caplog: pytest.LogCaptureFixture,
    silent_weasyprint: list[str],  # noqa: F811
) -> None:
    caplog.set_level(logging.WARNING, logger="bansong_fund.lib.pdf")
    pdf = render_pdf(page(f'<p>before <img src="{address}" alt=""> after</p>'), title="x")
    ours = [record.getMessage() for record in caplog.records if record.name == "bansong_fund.lib.pdf"]
    assert ours == [f"A paper asked for an address that is not served: {address!r}"]
    assert lines(pdfium_text(pdf)) == ["before after"]
    with opened(pdf) as document:
        assert "/XObject" not in document.pages[0].Resources or not document.pages[0].Resources.XObject.keys()
    assert len(silent_weasyprint) == 1
    silent_weasyprint.clear()


def test_a_stylesheet_or_attachment_named_by_the_page_is_refused_too(
    caplog: pytest.LogCaptureFixture,
    silent_weasyprint: list[str],  # noqa: F811
) -> None:
    caplog.set_level(logging.WARNING, logger="bansong_fund.lib.pdf")
    head = '<link rel="stylesheet" href="file:///etc/a.css"><link rel="attachment" href="file:///etc/passwd">'
    pdf = render_pdf(f"<html><head>{head}</head><body>x</body></html>", title="x")
    refused = [record.args for record in caplog.records if record.name == "bansong_fund.lib.pdf"]
    assert refused == [("file:///etc/a.css",), ("file:///etc/passwd",)]
    with opened(pdf) as document:
        assert not document.attachments
    silent_weasyprint.clear()


def test_a_picture_handed_in_is_drawn() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "#336699").save(picture, "PNG")
    body = '<img src="attachment:seal.png" alt="seal">'
    pdf = render_pdf(page(body), title="x", pictures={"seal.png": picture.getvalue()})
    with opened(pdf) as document:
        drawn = [(int(one.Width), int(one.Height)) for one in document.pages[0].Resources.XObject.values()]
    assert drawn == [(40, 30)]


def test_lines_break_between_thai_words() -> None:
    words = ["กองทุน", "สวัสดิการ", "ชุมชน", "เทศบาล", "ตำบล", "บ้าน", "ส้อง", "อำเภอ", "เวียง", "สระ"]
    narrow = '<table style="width: 32mm"><tr><td>' + "".join(words) + "</td></tr></table>"
    found = lines(pdfium_text(render_pdf(page(narrow), title="x")))
    assert "".join(found) == "".join(words)
    ends = {"".join(words[:count]) for count in range(1, len(words) + 1)}
    assert len(found) > 2
    assert {"".join(found[:count]) for count in range(1, len(found) + 1)} <= ends


def test_a_tone_mark_stands_above_the_upper_vowel() -> None:
    assert ink_height("ก") < ink_height("กี") < ink_height("กี่")
    assert ink_height("ป") < ink_height("ปี") < ink_height("ปี่")


def test_a_block_amid_the_words_of_a_cell_is_no_cell_within_a_cell() -> None:
    words = 'ถึง <span>until <span style="display: block">30 มิถุนายน</span> 30 June</span>'
    head = "<thead><tr><th>หัว</th></tr></thead>"
    for cell in ("td", "th"):
        body = f"<h1>x</h1><table>{head}<tbody><tr><{cell}>{words}</{cell}></tr></tbody></table>"
        assert faults_of(render_pdf(page(body), title="x"), language="th") == []


def test_pages_are_counted() -> None:
    assert page_count(render_pdf(page('<p>1</p><p style="break-before: page">2</p>'), title="x")) == 2
