"""Encryption at rest for personal identifiers, with the key the installation was given or made.

The key is set once where a program starts (``use_key``); rotating means putting the new key first.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_keys: dict[str, MultiFernet] = {}


class NoKey(RuntimeError):
    """Nothing can be encrypted or read before ``use_key``."""


class WrongKey(RuntimeError):
    """The stored text was encrypted with another key."""


def make_key() -> str:
    """A new key, as text for a key file."""
    return Fernet.generate_key().decode()


def use_key(*keys: str) -> None:
    """Use these keys from now on in this process: the first encrypts, all of them can read.

    Raises ValueError when a key is not 32 url-safe base64 bytes.
    """
    _keys["current"] = MultiFernet([Fernet(key.encode()) for key in keys])


def encrypt(text: str) -> str:
    """Encrypted text, different every time."""
    return _current().encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """The text again. Raises WrongKey when none of the keys fits."""
    try:
        return _current().decrypt(stored.encode()).decode()
    except InvalidToken:
        raise WrongKey("stored text was encrypted with another key") from None


def encrypt_bytes(content: bytes) -> bytes:
    """Encrypted content, different every time: for files that name persons by number."""
    return _current().encrypt(content)


def decrypt_bytes(stored: bytes) -> bytes:
    """The content again. Raises WrongKey when none of the keys fits."""
    try:
        return _current().decrypt(stored)
    except InvalidToken:
        raise WrongKey("stored content was encrypted with another key") from None


def _current() -> MultiFernet:
    if "current" not in _keys:
        raise NoKey("no encryption key in use: call use_key where the program starts")
    return _keys["current"]
