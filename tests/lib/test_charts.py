from dataclasses import asdict
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from bansong_fund.lib import charts
from bansong_fund.lib.charts import (
    bar_chart,
    grouped_bar_chart,
    line_chart,
    nice_ceiling,
    pyramid,
    stacked_bar_chart,
    stacked_share,
)
from bansong_fund.lib.pdf import render_pdf
from tests.pdf_reading import lines, page_texts, pdfium_text, silent_weasyprint  # noqa: F401

LEGS = [
    ("สมาชิก", Decimal("1503070.00")),
    ("เทศบาล", Decimal("573000.00")),
    ("รัฐ (ผ่าน พอช.)", Decimal("1154000.00")),
    ("ภาคีเครือข่าย", Decimal("400250.50")),
]


def all_charts() -> list[object]:
    return [
        bar_chart("ที่น้ำ", [("กิ้งกือ", 12), ("ฝั่งป่า", 0)], head=("ชุมชน", "คน")),
        grouped_bar_chart("สองปี", [("กิ้งกือ", (3, 4))], head=("ขา", "2562", "2561")),
        stacked_share("สี่ขา", LEGS, head=("แหล่งสมทบ", "บาท", "ร้อยละ")),
        stacked_bar_chart("สองปี", [("2561", (3, 4)), ("2562", (1, 0))], head=("ปี", "ขา 1", "ขา 2"), total="รวม"),
        pyramid("อายุ", [("5–9", 7, 8), ("0–4", 3, 0)], head=("อายุ", "หญิง", "ชาย")),
        line_chart("คงเหลือ", [("2561", (1, 2)), ("2562", (5, 3))], head=("ปี", "รับ", "จ่าย")),
    ]


def drawn(chart) -> str:
    return render_to_string(chart.template, {"chart": chart})


def rect(x: int, width: int, fill: str, y: int = 0, height: int = 100) -> dict:
    return {"x": x, "y": y, "width": width, "height": height, "fill": fill}


def test_the_largest_bar_fills_the_drawing_and_the_others_follow() -> None:
    chart = bar_chart("t", [("a", 1000), ("b", 250), ("c", 1), ("d", 0)], head=("ชุมชน", "คน"))
    assert asdict(chart) == {
        "title": "t",
        "head": ("ชุมชน", "คน"),
        "bars": (
            {"label": "a", "text": "1,000", "width": 1000, "rects": (rect(0, 1000, "#1d3557"),)},
            {"label": "b", "text": "250", "width": 250, "rects": (rect(0, 250, "#1d3557"),)},
            {"label": "c", "text": "1", "width": 4, "rects": (rect(0, 4, "#1d3557"),)},
            {"label": "d", "text": "0", "width": 0, "rects": ()},
        ),
    }
    assert chart.rows == (("a", "1,000"), ("b", "250"), ("c", "1"), ("d", "0"))


def test_baht_is_shown_to_the_satang_and_a_caller_may_show_otherwise() -> None:
    items = [("a", Decimal("1250.5"))]
    assert bar_chart("t", items, head=("", "")).rows == (("a", "1,250.50"),)
    assert bar_chart("t", items, head=("", ""), show=lambda value: f"{value:.0f} บ.").rows == (("a", "1250 บ."),)


def test_two_years_stand_beside_each_other_on_one_scale() -> None:
    chart = grouped_bar_chart("t", [("ก", (200, 100)), ("ข", (50, 0))], head=("ขา", "2562", "2561"))
    assert chart.rows == (("ก", "200", "100"), ("ข", "50", "0"))
    assert [[bar.width for bar in group.bars] for group in chart.groups] == [[1000, 500], [250, 0]]
    assert [bar.label for bar in chart.legend] == ["2562", "2561"]
    assert [group.bars[1].label for group in chart.groups] == ["2561", "2561"]
    assert {bar.rects[0].fill for bar in chart.legend} == {"#1d3557", "#4f6d8a"}


def test_the_four_legs_make_one_bar_and_a_hundred_percent() -> None:
    chart = stacked_share("t", LEGS, head=("แหล่งสมทบ", "บาท", "ร้อยละ"))
    assert chart.rows == (
        ("สมาชิก", "1,503,070.00", "41.4 %"),
        ("เทศบาล", "573,000.00", "15.8 %"),
        ("รัฐ (ผ่าน พอช.)", "1,154,000.00", "31.8 %"),
        ("ภาคีเครือข่าย", "400,250.50", "11.0 %"),
    )
    assert chart.total_text == "3,630,320.50"
    grounds = [part.rects[0] for part in chart.parts]
    assert [(ground.x, ground.width) for ground in grounds] == [(0, 414), (414, 158), (572, 318), (890, 110)]


def test_the_bars_of_all_years_stand_on_one_scale() -> None:
    chart = stacked_bar_chart("t", [("2561", (30, 20)), ("2562", (50, 50))], head=("ปี", "a", "b"), total="รวม")
    assert chart.rows == (("2561", "30", "20", "50"), ("2562", "50", "50", "100"))
    assert chart.named_rows[0] == ("2561", [("a", "30"), ("b", "20"), ("รวม", "50")])
    spans = [[(one.x, one.width) for one in bar.rects if one.height == 100 and one.width > 5] for bar in chart.bars]
    assert spans == [[(0, 300), (300, 200)], [(0, 500), (500, 500)]]


def test_a_pyramid_grows_from_its_middle_on_one_scale() -> None:
    chart = pyramid("t", [("5–9", 50, 100), ("0–4", 0, 25)], head=("อายุ", "หญิง", "ชาย"))
    assert chart.rows == (("5–9", "50", "100"), ("0–4", "0", "25"))
    sides = [(band.left.rects[:1], band.right.rects[:1]) for band in chart.bands]
    assert [[(one.x, one.width) for side in both for one in side] for both in sides] == [
        [(500, 500), (0, 1000)],
        [(0, 250)],
    ]


def test_parts_of_nothing_are_nothing() -> None:
    chart = stacked_share("t", [("a", 0), ("b", 0)], head=("", "", ""))
    assert chart.rows == (("a", "0", "0.0 %"), ("b", "0", "0.0 %"))
    assert [part.rects for part in chart.parts] == [(), ()]


def test_a_line_runs_through_the_middle_of_each_column() -> None:
    chart = line_chart("t", [("2561", (0,)), ("2562", (50,)), ("2563", (100,))], head=("ปี", "คงเหลือ"))
    assert chart.lines[0].points == "166,300 500,150 833,0"
    assert chart.rows == (("2561", "0"), ("2562", "50"), ("2563", "100"))
    assert (chart.top_text, chart.bottom_text, chart.zero) == ("100", "0", 300)


def test_a_line_may_fall_below_zero() -> None:
    chart = line_chart("t", [("a", (-30,)), ("b", (70,))], head=("ปี", "ผล"))
    assert (chart.top_text, chart.bottom_text, chart.zero) == ("100", "-50", 200)
    assert chart.lines[0].dots == ((250, 260), (750, 60))


def test_labels_under_a_line_are_left_out_before_they_meet() -> None:
    ten = line_chart("t", [(str(2553 + i), (i,)) for i in range(10)], head=("ปี", "คน"))
    assert [tick.label for tick in ten.ticks] == [str(2553 + i) for i in range(10)]
    many = line_chart("t", [(str(2540 + i), (i,)) for i in range(21)], head=("ปี", "คน"))
    assert [(tick.label, tick.span) for tick in many.ticks] == [(str(2541 + 3 * i), 3) for i in range(7)]
    uneven = line_chart("t", [("ตุลาคม 2563", (i,)) for i in range(8)], head=("ปี", "คน"))
    assert [(tick.label, tick.span) for tick in uneven.ticks] == [
        ("ตุลาคม 2563", 3),
        ("ตุลาคม 2563", 3),
        ("", 2),
    ]
    assert line_chart("t", [], head=("ปี", "คน")).ticks == ()


@pytest.mark.parametrize(
    ("value", "ceiling"),
    [(0, 0), (-5, 0), (1, 1), (3, 5), (10, 10), (11, 20), (Decimal("0.01"), 1), (Decimal("1620000.01"), 2_000_000)],
)
def test_a_scale_ends_at_a_round_number(value: int | Decimal, ceiling: int) -> None:
    assert nice_ceiling(value) == ceiling


def test_a_bar_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        bar_chart("t", [("a", -1)], head=("", ""))
    with pytest.raises(ValueError, match="below zero"):
        grouped_bar_chart("t", [("a", (1, -1))], head=("", "", ""))
    with pytest.raises(ValueError, match="below zero"):
        pyramid("t", [("a", 1, -1)], head=("", "", ""))


def test_more_parts_than_tones_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        stacked_share("t", [("a", 1)] * 5, head=("", "", ""))


def test_tones_differ_in_grey_or_hatching() -> None:
    def grey(colour: str) -> int:
        return sum(int(colour[i : i + 2], 16) for i in (1, 3, 5)) // 3

    looks = sorted((grey(tone.fill), bool(tone.stripe)) for tone in charts.TONES)
    assert looks == [(56, False), (108, True), (213, False), (255, True)]


@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: type(chart).__name__)
def test_a_drawing_holds_no_letters_and_no_inline_style(chart) -> None:
    html = drawn(chart)
    assert "<text" not in html
    assert "style=" not in html
    assert "<style" not in html
    assert html.count("<svg") == html.count('aria-hidden="true" focusable="false"')


@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: type(chart).__name__)
def test_every_label_and_figure_reads_back_from_paper(chart) -> None:
    html = f'<html lang="th"><body>{drawn(chart)}</body></html>'
    pdf = render_pdf(html, title="x", stylesheets=("pdf/paper.css", "css/charts.css"))
    text = " ".join(lines(pdfium_text(pdf)))
    for wanted in (chart.title, *(cell for row in chart.rows for cell in row)):
        assert wanted in text


def test_a_chart_longer_than_a_page_begins_under_its_caption() -> None:
    chart = bar_chart("สมาชิกรายชุมชน", [(f"ชุมชนที่ {n}", n) for n in range(1, 61)], head=("ชุมชน", "สมาชิก"))
    html = f'<html lang="th"><body>{drawn(chart)}</body></html>'
    first, *_rest = page_texts(render_pdf(html, title="x", stylesheets=("pdf/paper.css", "css/charts.css")))
    assert lines(first)[:3] == ["สมาชิกรายชุมชน", "ชุมชน สมาชิก", "ชุมชนที่ 1"]


def test_labels_are_escaped() -> None:
    chart = bar_chart("<b>", [("<script>", 1)], head=("", ""))
    assert "<script>" not in drawn(chart)
    assert "&lt;script&gt;" in drawn(chart)
