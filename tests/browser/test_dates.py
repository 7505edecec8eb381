"""The date field in a browser: its buttons, its width on a phone, its names for those who cannot see it."""

from datetime import date

import pytest
from django import forms
from django.template import engines

from bansong_fund.lib.form_fields import ThaiDateField, set_today
from tests.browser.conftest import axe_faults, settled

pytestmark = pytest.mark.browser


class DayForm(forms.Form):
    paid_on = ThaiDateField(label="วันที่ชำระ")


def put_form_into(page, data: dict[str, str] | None = None) -> None:
    """As htmx does it: into a page that has already run its scripts."""
    form = DayForm(data)
    set_today(form, date(2020, 11, 1))
    html = engines["django"].from_string("{% load crispy_forms_tags %}<h1>วัน</h1><form>{{ form|crispy }}</form>")
    page.goto("/accounts/login/")
    settled(page)
    page.evaluate("html => { document.querySelector('main').innerHTML = html }", html.render({"form": form}))


def boxes(page) -> list[str]:
    return [page.locator(f"[name=paid_on_{part}]").input_value() for part in ("day", "month", "year")]


def test_the_buttons_fill_in_the_programs_today_and_yesterday(phone):
    put_form_into(phone)
    today, yesterday = phone.locator("[data-thai-date] button").all()
    yesterday.click()
    assert boxes(phone) == ["31", "10", "2563"]
    today.click()
    assert boxes(phone) == ["1", "11", "2563"]


def test_the_boxes_tell_other_scripts_that_they_changed(phone):
    put_form_into(phone)
    phone.evaluate(
        "() => { window.heard = []; document.addEventListener('change', e => window.heard.push(e.target.name)) }"
    )
    phone.locator("[data-thai-date] button").first.click()
    assert phone.evaluate("() => window.heard") == ["paid_on_day", "paid_on_month", "paid_on_year"]


def test_the_field_fits_a_phone_and_a_thumb(phone):
    put_form_into(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    controls = phone.locator("[data-thai-date] input, [data-thai-date] select, [data-thai-date] button").all()
    assert len(controls) == 5
    sizes = [control.bounding_box() for control in controls]
    assert [size for size in sizes if size["height"] < 38 or size["x"] < 0 or size["x"] + size["width"] > 360] == []
    assert len({size["y"] for size in sizes[:3]}) == 1


def test_the_field_is_accessible_empty_and_in_error(phone):
    put_form_into(phone)
    assert axe_faults(phone) == []
    put_form_into(phone, {"paid_on_day": "29", "paid_on_month": "2", "paid_on_year": "2566"})
    assert phone.locator("#id_paid_on_error").is_visible()
    assert boxes(phone) == ["29", "2", "2566"]
    assert axe_faults(phone) == []
