"""The sealed envelope of a ballot: HPKE to the panel's public key, bound to the panel and the seat (RFC 9180).

X25519, HKDF-SHA256, ChaCha20-Poly1305, from the ``cryptography`` library. Every envelope of a panel has the same
length, so that its size says nothing of what is inside.
"""

import base64
import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_END = b"\x80"


class DoesNotOpen(Exception):
    """The envelope was altered, or sealed for another seat, panel or key."""


def new_key() -> X25519PrivateKey:
    """A key pair that nobody has yet."""
    return X25519PrivateKey.generate()


def key_from(secret: bytes) -> X25519PrivateKey:
    """The private key of its 32 bytes."""
    return X25519PrivateKey.from_private_bytes(secret)


def public_text(key: X25519PrivateKey) -> str:
    """The public half as it is stored and printed: 44 characters of base64."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def fingerprint(public_key: str) -> str:
    """What people compare: eight groups of four hexadecimal characters of the key's SHA-256."""
    digest = hashlib.sha256(public_key.encode()).hexdigest()[:32]
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))


def seal(content: str, length: int, public_key: str, panel_no: str, seat: str) -> str:
    """The content padded to ``length`` bytes and sealed, as base64. Raises ValueError when it is longer."""
    plain = content.encode() + _END
    if len(plain) > length:
        raise ValueError(f"{len(plain)} bytes do not fit into {length}")
    key = X25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
    sealed = _SUITE.encrypt(plain.ljust(length, b"\x00"), key, info=_bound(panel_no, seat))
    return base64.b64encode(sealed).decode()


def opened(sealed: str, key: X25519PrivateKey, panel_no: str, seat: str) -> str:
    """The content again. Raises DoesNotOpen."""
    try:
        padded = _SUITE.decrypt(base64.b64decode(sealed, validate=True), key, info=_bound(panel_no, seat))
        plain, end, padding = padded.rpartition(_END)
        if not end or padding.strip(b"\x00"):
            raise DoesNotOpen
        return plain.decode()
    except (InvalidTag, ValueError):
        raise DoesNotOpen from None


def receipt(sealed: str) -> str:
    """The receipt of a sealed ballot: SHA-256 of its base64 text, in lower-case hexadecimal."""
    return hashlib.sha256(sealed.encode()).hexdigest()


def _bound(panel_no: str, seat: str) -> bytes:
    return f"linxuan ballot 1\n{panel_no}\n{seat}\n".encode()
