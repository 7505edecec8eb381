"""Months closed with their checklist as the year goes, and the year by the meeting that adopted its accounts."""

from datetime import date
from decimal import Decimal

from ledger.checklists import CASH_COUNTED
from ledger.forms import note_field
from tests.demo.anew.office import Office


def treasurer_closes_the_month(office: Office, first: date, counted: Decimal) -> list[str]:
    """What was not in order gets a word; gives the codes of those items."""
    page = f"/books/closing/{first:%Y-%m}/"
    checks = [check for check, _field in office.see("treasurer", page).context["checks"]]
    open_items = [one.code for one in checks if not one.is_done and one.code != CASH_COUNTED]
    words = {note_field(code): "เก็บต่อเดือนถัดไป ตรวจแล้ว" for code in open_items}
    office.send("treasurer", f"{page}close/", counted=str(counted), **words)
    return open_items


def treasurer_closes_the_year(office: Office, year_be: int, resolution: str) -> None:
    office.send("treasurer", f"/books/closing/years/{year_be}/close/", resolution=resolution)
