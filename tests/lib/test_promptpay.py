"""PromptPay: the published text of a code, and that every code can be read back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bansong_fund.lib.national_id import with_check_digit
from bansong_fund.lib.promptpay import (
    NotPromptpay,
    fund_target,
    promptpay_payload,
    promptpay_qr,
    read_fund_number,
    why_no_code,
)

OWN = with_check_digit("099400000000")


def parts_of(text: str) -> dict[str, str]:
    parts = {}
    while text:
        length = int(text[2:4])
        parts[text[:2]] = text[4 : 4 + length]
        text = text[4 + length :]
    return parts


def crc_by_the_book(text: str) -> str:
    """Bit by bit, as the standard says it."""
    crc = 0xFFFF
    for byte in text.encode():
        crc ^= byte << 8
        for _bit in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return f"{crc:04X}"


def test_the_published_code_of_a_phone_comes_out_letter_by_letter() -> None:
    published = "00020101021129370016A0000006770101110113006681234567853037645802TH6304823E"
    assert promptpay_payload("0812345678") == published


def test_the_check_of_the_standards_own_example() -> None:
    assert crc_by_the_book("123456789") == "29B1"


numbers = st.one_of(st.from_regex("[0-9]{13}", fullmatch=True), st.from_regex("0[0-9]{9}", fullmatch=True))
amounts = st.one_of(st.none(), st.decimals("0.01", "9999999999.99", places=2))


@given(target=numbers, amount=amounts)
def test_every_code_reads_back_to_its_number_and_amount(target: str, amount: Decimal | None) -> None:
    text = promptpay_payload(target, amount)
    parts = parts_of(text)
    inside = parts_of(parts["29"])
    proxy = {"02": target} if len(target) == 13 else {"01": f"0066{target[1:]}"}
    fixed = {} if amount is None else {"54": f"{amount:.2f}"}
    assert inside == {"00": "A000000677010111"} | proxy
    assert parts == fixed | {
        "00": "01",
        "01": "11" if amount is None else "12",
        "29": parts["29"],
        "53": "764",
        "58": "TH",
        "63": crc_by_the_book(text[:-4]),
    }


@pytest.mark.parametrize(
    ("target", "amount"),
    [
        ("", None),
        ("12345", None),
        ("๑๒๓๔๕๖๗๘๙๐๑๒๓", None),
        (OWN, Decimal("0.00")),
        (OWN, Decimal("-1.00")),
        (OWN, Decimal("1.005")),
        (OWN, Decimal("10000000000.00")),
    ],
)
def test_what_cannot_stand_in_a_code_is_no_code(target: str, amount: Decimal | None) -> None:
    with pytest.raises(ValueError, match=r"amount|tax number"):
        promptpay_payload(target, amount)


def test_the_code_is_drawn_for_who_has_a_number() -> None:
    assert promptpay_qr(OWN, Decimal("365.00")).startswith("<svg")
    assert promptpay_qr("") == ""


@pytest.mark.parametrize("typed", [OWN, f" {OWN[0]}-{OWN[1:5]}-{OWN[5:10]}-{OWN[10:12]}-{OWN[12]} "])
def test_the_funds_own_number_is_read(typed: str) -> None:
    assert read_fund_number(typed) == OWN


@pytest.mark.parametrize(
    "typed", ["", "081-234-5678", "+66812345678", "1234", with_check_digit("110000000000"), OWN[:12] + "9", "ก" * 13]
)
def test_a_persons_number_and_a_mistyped_one_are_refused(typed: str) -> None:
    with pytest.raises(NotPromptpay):
        read_fund_number(typed)


def test_the_tax_number_serves_where_no_other_is_set() -> None:
    other = with_check_digit("099400000017")
    assert [fund_target("", OWN), fund_target(other, OWN), fund_target("", ""), fund_target("", "1234567890123")] == [
        OWN,
        other,
        "",
        "",
    ]


def test_why_there_is_no_code_is_said_where_a_number_is_written_and_none_serves() -> None:
    mistyped = OWN[:12] + str((int(OWN[12]) + 1) % 10)
    serve = [("", ""), ("", OWN), (OWN, mistyped), (mistyped, OWN)]
    assert [why_no_code(*numbers) for numbers in serve] == ["", "", "", ""]
    with pytest.raises(NotPromptpay) as refused:
        read_fund_number(mistyped)
    assert why_no_code("", mistyped) == str(refused.value)
