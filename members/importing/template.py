"""An empty register to be filled in: headings that the import knows, and one invented person."""

from django.utils.translation import gettext as _

from bansong_fund.lib.national_id import with_check_digit
from bansong_fund.lib.sheets import Column, sheet_bytes
from members.import_columns import template_heading

EXAMPLE: dict[str, object] = {
    "number": "1",
    "title": "นาง",
    "first_name": "สมมติ",
    "family_name": "ตัวอย่าง",
    "nickname": "แดง",
    "sex": "หญิง",
    "birth_date": "15/6/2518",
    "national_id": with_check_digit("100000000001"),  # province code 00: nobody has it, and a real fund refuses it
    "phone": "000-123-4567",
    "community": "1",
    "house_number": "12/3",
    "moo": "4",
    "lane": "",
    "road": "",
    "joined_on": "1/5/2553",
    "paid_through": "31/12/2563",
    "ended_on": "",
    "end_reason": "",
    "beneficiary_name": "นายตัวอย่าง สมมติ",
    "beneficiary_relation": "บุตร",
    "rounds_matched": "0",
}


def empty_register() -> bytes:
    """The XLSX file. Its columns are text: no sheet program then turns an ID or a house number into something else."""
    columns = [Column(template_heading(field, {}), "code") for field in EXAMPLE]
    return sheet_bytes(name=_("Register"), columns=columns, rows=[list(EXAMPLE.values())])
