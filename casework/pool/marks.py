"""Marks that stand for identity numbers, so that two can be compared and none can be read (M24-11.6a).

A mark is an HMAC with a key of this installation's own. The key lives encrypted in the ``seal`` table: changing the
encryption key of the installation leaves every mark as it is.
"""

import hmac
from collections.abc import Callable
from datetime import datetime
from secrets import token_hex

from records.crypt import decrypt, encrypt
from records.transaction import Transaction

Mark = Callable[[str], str]
"""Gives the mark of an identity number; the same number, however spaced or cased, has the same mark."""

_SEAL = "identity marks"


def marks(tx: Transaction, *, as_of: datetime) -> Mark:
    """How this installation marks identity numbers; its key is made on first use, at ``as_of``."""
    found = known_marks(tx)
    if found is not None:
        return found
    key = token_hex(32)
    tx.run("INSERT INTO seal (name, sealed, at) VALUES (?, ?, ?)", (_SEAL, encrypt(key), as_of))
    return _marking(key)


def known_marks(tx: Transaction) -> Mark | None:
    """How this installation marks identity numbers, or None when it never did."""
    row = tx.one("SELECT sealed FROM seal WHERE name = ?", (_SEAL,))
    return None if row is None else _marking(decrypt(row[0]))


def _marking(key: str) -> Mark:
    secret = bytes.fromhex(key)

    def mark(number: str) -> str:
        plain = "".join(number.split()).upper()
        return hmac.digest(secret, plain.encode(), "sha256").hex()

    return mark
