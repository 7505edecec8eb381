"""The national ID number: its check digit, its kinds, its masks and its keeping."""

import hashlib
import hmac

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from bansong_fund.lib import national_id
from bansong_fund.lib.national_id import (
    IdRefused,
    check_national_id,
    kind_of_number,
    read_passport,
    with_check_digit,
)

twelve_digits = st.text("0123456789", min_size=12, max_size=12)


def test_the_check_digit_is_reckoned_from_the_twelve_before():
    assert with_check_digit("123456789012") == "1234567890121"
    assert with_check_digit("100123456789") == "1001234567898"


@given(twelve_digits)
def test_the_check_digit_follows_its_rule(twelve):
    weighed = sum(int(digit) * (13 - place) for place, digit in enumerate(twelve))
    assert with_check_digit(twelve) == twelve + str((11 - weighed % 11) % 10)


def test_every_slip_in_one_digit_is_noticed_save_in_the_third_which_weighs_eleven():
    right = "1001234567898"
    slips = [
        (place, right[:place] + digit + right[place + 1 :])
        for place in range(13)
        for digit in "0123456789"
        if digit != right[place]
    ]
    assert [place for place, slip in slips if check_national_id(slip).ok] == [2] * 9
    assert len(slips) == 117


@pytest.mark.parametrize(
    ("twelve", "ok", "kind", "message"),
    [
        ("100123456789", True, "citizen", ""),
        ("500123456789", True, "citizen", ""),
        (
            "001234567890",
            True,
            "stateless",
            "A number that begins with 0 belongs to a person without registered nationality.",
        ),
        (
            "612345678901",
            True,
            "foreigner",
            "A number that begins with 6 belongs to a registered foreigner or their child.",
        ),
        (
            "812345678901",
            True,
            "foreigner",
            "A number that begins with 8 belongs to a registered foreigner or their child.",
        ),
        (
            "912345678901",
            False,
            "odd",
            "National ID numbers do not begin with 9.",
        ),
    ],
)
def test_the_first_digit_tells_the_kind(english, twelve, ok, kind, message):
    assert check_national_id(with_check_digit(twelve)) == national_id.IdCheck(ok, kind, message)


def test_a_wrong_check_digit_warns(english):
    assert check_national_id("1234567890120") == national_id.IdCheck(
        False,
        "odd",
        "The last digit does not fit the twelve before it: one digit is probably mistyped.",
    )


@pytest.mark.parametrize("text", ["", "123", "12345678901234", "123456789012a", "๑๒๓๔๕๖๗๘๙๐๑๒๑"])
def test_only_thirteen_digits_are_judged(text):
    with pytest.raises(ValueError, match="13 digits"):
        check_national_id(text)


def test_a_number_is_printed_in_full_or_masked():
    assert national_id.format_full("1234567890121") == "1-2345-67890-12-1"
    assert national_id.format_masked("1234567890121") == "1-2345-XXXXX-XX-1"


def test_an_invented_number_has_the_province_that_does_not_exist():
    assert national_id.is_demo_number("1001234567898") is True
    assert national_id.is_demo_number("1841234567890") is False


@pytest.fixture
def keys(settings) -> list[str]:
    settings.FUND_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    settings.FUND_HMAC_KEY = "a key for this test"
    return settings.FUND_ENCRYPTION_KEYS


def test_a_number_is_kept_unreadable_and_comes_back(keys):
    kept = national_id.encrypt_id("1001234567898")
    assert "1001234567898" not in kept
    assert kept != national_id.encrypt_id("1001234567898")
    assert national_id.decrypt_id(kept) == national_id.decrypt_id(kept.encode()) == "1001234567898"


def test_a_new_key_goes_first_and_the_old_one_still_reads(keys, settings):
    kept = national_id.encrypt_id("1001234567898")
    settings.FUND_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *keys]
    assert national_id.decrypt_id(kept) == "1001234567898"
    settings.FUND_ENCRYPTION_KEYS = settings.FUND_ENCRYPTION_KEYS[:1]
    with pytest.raises(InvalidToken):
        national_id.decrypt_id(kept)


def test_equal_numbers_have_equal_digests_that_need_the_key(keys, settings):
    digest = national_id.id_digest("1001234567898")
    assert digest == hmac.new(b"a key for this test", b"1001234567898", hashlib.sha256).hexdigest()
    assert len(digest) == 64
    settings.FUND_HMAC_KEY = "another key"
    assert national_id.id_digest("1001234567898") != digest


def test_without_keys_nothing_is_kept_in_the_clear(settings):
    settings.FUND_ENCRYPTION_KEYS = []
    settings.FUND_HMAC_KEY = ""
    with pytest.raises(ImproperlyConfigured, match="FUND_ENCRYPTION_KEYS"):
        national_id.encrypt_id("1001234567898")
    with pytest.raises(ImproperlyConfigured, match="FUND_HMAC_KEY"):
        national_id.id_digest("1001234567898")


@pytest.mark.parametrize(("typed", "number"), [("aa 123-4567", "AA1234567"), ("๑๒๓๔๕", "12345"), ("a" * 20, "A" * 20)])
def test_a_passport_s_number_is_letters_and_digits(typed, number):
    assert read_passport(typed) == number


@pytest.mark.parametrize("typed", ["A123", "A" * 21, "ก123456", "AA/12345", ""])
def test_what_is_no_passport_s_number_is_refused(english, typed):
    with pytest.raises(IdRefused, match="5 to 20 letters"):
        read_passport(typed)


@pytest.mark.parametrize(
    ("first", "kind"), [("1", "citizen"), ("0", "stateless"), ("7", "foreigner"), ("9", "citizen")]
)
def test_the_first_digit_says_whose_a_number_is(first, kind):
    assert kind_of_number(first + "0" * 12) == kind
