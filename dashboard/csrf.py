"""Forms that only our own pages can send: a fresh masked token each time, bound to the browser's cookie."""

import hmac
import secrets
from hashlib import sha256

FIELD, HEADER = "csrf", "x-csrf-token"


def make_csrf(carried: str) -> str:
    """A token for one rendering; ``carried`` is what the browser's cookie carries."""
    nonce = secrets.token_hex(8)
    return f"{nonce}.{_mark(carried, nonce)}"


def csrf_fits(carried: str, token: str) -> bool:
    """Whether a token was made for this browser."""
    nonce, _, mark = token.partition(".")
    return bool(carried) and hmac.compare_digest(
        mark.encode(errors="replace"), _mark(carried, nonce).encode()
    )


def same_origin(headers: object, host: str) -> bool:
    """Whether what the browser says of a request's origin agrees with the host asked; silence agrees."""
    get = headers.get  # type: ignore[attr-defined]
    origin = get("origin")
    if get("sec-fetch-site") in ("cross-site", "same-site"):
        return False
    return origin is None or origin.partition("://")[2] == host


def _mark(carried: str, nonce: str) -> str:
    return hmac.new(f"linxuan csrf 1\n{carried}".encode(), nonce.encode(errors="replace"), sha256).hexdigest()
