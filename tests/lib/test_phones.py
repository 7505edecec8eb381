"""Thai phone numbers."""

import pytest

from bansong_fund.lib.phones import PhoneError, format_phone, parse_phone


@pytest.mark.parametrize(
    ("typed", "digits", "shown"),
    [
        ("081-234-5678", "0812345678", "081-234-5678"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "0812345678", "081-234-5678"),
        ("+66 81 234 5678", "0812345678", "081-234-5678"),
        ("+66 (0) 81-234-5678", "0812345678", "081-234-5678"),
        ("0066812345678", "0812345678", "081-234-5678"),
        ("077.123.456", "077123456", "077-123-456"),
        ("02-123-4567", "021234567", "02-123-4567"),
        ("000-238-6303", "0002386303", "000-238-6303"),
    ],
)
def test_a_phone_number_is_read_and_shown(typed, digits, shown):
    assert parse_phone(typed) == digits
    assert format_phone(digits) == shown


@pytest.mark.parametrize(
    "typed", ["", "12345", "08123456789", "081234567", "0112345678", "081-234-567x", "1812345678", "000238630"]
)
def test_what_is_no_phone_number_is_refused(typed):
    with pytest.raises(PhoneError):
        parse_phone(typed)
