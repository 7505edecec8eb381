"""Seals what lies in the database or on disk and must not be read there: second factors, forms on their way."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

__all__ = ["InvalidToken", "seal", "unseal"]


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FUND_ENCRYPTION_KEYS])


def seal(content: bytes) -> bytes:
    """Encrypt with the newest key."""
    return _keys().encrypt(content)


def unseal(sealed: bytes) -> bytes:
    """Decrypt with whichever key fits. Raises InvalidToken."""
    return _keys().decrypt(sealed)
