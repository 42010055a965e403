"""The cookies: who is signed in, which expert came in, the one sentence to show next, the language."""

from fastapi import Request, Response
from itsdangerous import BadData, URLSafeSerializer

SESSION, SEAT, FLASH, LANGUAGE = "linxuan", "linxuan-seat", "linxuan-says", "linxuan-language"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def is_loopback(request: Request) -> bool:
    """Whether the browser speaks to its own machine."""
    return (request.url.hostname or "") in _LOOPBACK


def is_safe(request: Request) -> bool:
    """Whether a secret may travel: over https, or within one machine."""
    return request.url.scheme == "https" or is_loopback(request)


def read_cookie(request: Request, name: str) -> str:
    """What a cookie carries; empty when there is none."""
    return request.cookies.get(_called(request, name), "")


def write_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """Set a cookie for this visit; an empty value removes it. Never sent over plain http but on loopback."""
    called, secure = _called(request, name), not is_loopback(request) or request.url.scheme == "https"
    if value:
        response.set_cookie(called, value, secure=secure, httponly=True, samesite="lax", path="/")
    else:
        response.delete_cookie(called, secure=secure, httponly=True, samesite="lax", path="/")


def seal_flash(key: str, kind: str, sentence: str) -> str:
    """One sentence for the next page, signed so that nobody else can put words there."""
    return URLSafeSerializer(key, salt="flash").dumps([kind, sentence])


def read_flash(key: str, sealed: str) -> tuple[str, str] | None:
    """The kind and the sentence; None when there is none or it is not ours."""
    try:
        kind, sentence = URLSafeSerializer(key, salt="flash").loads(sealed)
    except (BadData, ValueError, TypeError):
        return None
    return str(kind), str(sentence)


def _called(request: Request, name: str) -> str:
    return f"__Host-{name}" if request.url.scheme == "https" else name
