"""Tokens a browser carries, and the hashes kept of them."""

import secrets
from hashlib import sha256


def make_token() -> str:
    """256 bits from the system's randomness, as text for a cookie or a link."""
    return secrets.token_urlsafe(32)


def hash_of(token: str, kind: str) -> str:
    """What is kept of a token; ``kind`` keeps hashes of one use from fitting another."""
    return sha256(f"linxuan {kind} 1\n{token}".encode(errors="replace")).hexdigest()
