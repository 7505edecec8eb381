"""PromptPay: the text of a QR code that any Thai bank's app reads, and the code drawn.

The text follows the EMV QR Code Specification for Payment Systems, merchant-presented mode, with the Bank of
Thailand's tag 29 for PromptPay: every part is a tag of two digits, a length of two digits, and its value; the last
is a CRC-16 over all before it. The fund takes money under its own tax number only, never under a person's number.
"""

import binascii
import re
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bansong_fund.lib.codes import code_svg
from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import exact_baht
from bansong_fund.lib.national_id import with_check_digit
from bansong_fund.lib.thai_text import arabic_digits, normalise

APPLICATION = "A000000677010111"  # credit transfer by PromptPay
BAHT, THAILAND = "764", "TH"
STATIC, FIXED_AMOUNT = "11", "12"
MOST = Decimal("9999999999.99")  # tag 54 has thirteen letters


class NotPromptpay(DomainError):
    """A text that is no number under which a fund takes money."""


def promptpay_payload(target: str, amount: Decimal | None = None) -> str:
    """Return the text of the code: `target` is a tax number (13 digits) or a phone (10 digits, beginning with 0).

    `amount`, in baht above zero, fixes what is paid; without one the payer types it. Raises ValueError for another
    target or amount.
    """
    parts = [
        ("00", "01"),
        ("01", STATIC if amount is None else FIXED_AMOUNT),
        ("29", _part("00", APPLICATION) + _proxy(target)),
        ("53", BAHT),
    ]
    if amount is not None:
        parts.append(("54", _amount(amount)))
    parts.append(("58", THAILAND))
    text = "".join(_part(tag, value) for tag, value in parts) + "6304"
    return text + f"{_crc(text):04X}"


def _part(tag: str, value: str) -> str:
    return f"{tag}{len(value):02}{value}"


def _proxy(target: str) -> str:
    if re.fullmatch("[0-9]{13}", target):
        return _part("02", target)
    if re.fullmatch("0[0-9]{9}", target):
        return _part("01", f"0066{target[1:]}")
    raise ValueError(f"neither a tax number nor a phone: {target!r}")


def _amount(amount: Decimal) -> str:
    exact = exact_baht(amount)
    if not 0 < exact <= MOST:
        raise ValueError(f"no amount for a code: {amount}")
    return f"{exact:.2f}"


def _crc(text: str) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, beginning with 0xFFFF."""
    return binascii.crc_hqx(text.encode("ascii"), 0xFFFF)


def promptpay_qr(target: str, amount: Decimal | None = None) -> SafeString:
    """The code as SVG for a page or a paper; "" where the fund has no number to be paid under."""
    if not target:
        return SafeString("")
    return code_svg(promptpay_payload(target, amount), says=_("PromptPay code"))


def read_fund_number(text: str) -> str:
    """Return the 13 digits under which the fund takes money: "0-9940-00000-00-1" -> "0994000000001".

    Raises `NotPromptpay` for a phone or a national ID, which are a person's, and for a mistyped digit: the money
    would go to a stranger.
    """
    digits = re.sub(r"[ .\-\u2010-\u2013]", "", arabic_digits(normalise(text)))
    if re.fullmatch(r"\+?[0-9]{9,12}", digits):
        raise NotPromptpay(
            _("“%(text)s” looks like a phone number, which is a person's. Write the fund's own number of 13 digits.")
            % {"text": normalise(text)}
        )
    if not re.fullmatch("[0-9]{13}", digits):
        raise NotPromptpay(_("Write the 13 digits of the number under which the fund's bank account has PromptPay."))
    if digits[0] != "0":
        message = _(
            "A number that begins with %(digit)s is a person's. Write the fund's own number: it has 13 digits and"
            " begins with 0."
        )
        raise NotPromptpay(message % {"digit": digits[0]})
    if with_check_digit(digits[:12]) != digits:
        raise NotPromptpay(_("The last digit does not fit the twelve before it: one digit is probably mistyped."))
    return digits


def fund_target(promptpay_id: str, tax_id: str) -> str:
    """The number that the fund is paid under: its PromptPay number, else its tax number; "" where neither serves."""
    for number in (promptpay_id, tax_id):
        try:
            return read_fund_number(number)
        except NotPromptpay:
            continue
    return ""


def why_no_code(promptpay_id: str, tax_id: str) -> str:
    """What is wrong with the number that would serve, in words; "" where one serves, or none is written at all."""
    wrong = ""
    for number in filter(None, (tax_id, promptpay_id)):
        try:
            read_fund_number(number)
        except NotPromptpay as refusal:
            wrong = str(refusal)
        else:
            return ""
    return wrong
