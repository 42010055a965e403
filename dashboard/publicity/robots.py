"""Against robots, without asking anybody outside: a puzzle the browser works on, or a question a person answers.

The puzzle: a number after which SHA-256 of ``token:number`` begins with ``BITS`` zero bits. Without scripts, or where
the browser gives none SHA-256 (a page not served over HTTPS), a sum in Chinese words. A token serves once.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from casework.access.forms_once import StillRunning, take_form
from casework.desk import Desk
from states.refusals import Refused

BITS = 15
LASTS = timedelta(hours=3)
_DIGITS = "零一二三四五六七八九"
_AGAIN = "请先完成校验：回答页面上的算式，或等待浏览器自动校验完成后再提交。"


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a form carries: the ``token`` to work on, how many ``bits``, and the ``question`` in words."""

    token: str
    question: str
    bits: int = BITS


def challenge(key: str, as_of: datetime) -> Challenge:
    """A new challenge, signed, so that nothing of it need be kept."""
    a, b = 11 + secrets.randbelow(79), 2 + secrets.randbelow(8)
    stamp, nonce = str(int(as_of.timestamp())), secrets.token_hex(8)
    hidden = _mark(key, "answer", stamp, nonce, str(a + b))
    token = f"{stamp}.{nonce}.{hidden}.{_mark(key, 'challenge', stamp, nonce, hidden)}"
    return Challenge(token, f"{_spoken(a)}加{_spoken(b)}等于多少？")


def refuse_robots(desk: Desk, key: str, token: str, proof: str, answer: str, *, as_of: datetime) -> None:
    """Raises Refused unless the puzzle was worked out or the question answered, in time, and not yet used."""
    parts = token.split(".")
    if len(parts) != 4 or not hmac.compare_digest(
        parts[3].encode(errors="replace"), _mark(key, "challenge", *parts[:3]).encode()
    ):
        raise Refused(_AGAIN)
    if not timedelta(0) <= as_of - datetime.fromtimestamp(int(parts[0]), as_of.tzinfo) <= LASTS:
        raise Refused("校验已过期，请重新完成校验后提交，已填写的内容保留在页面上。")
    said = _mark(key, "answer", parts[0], parts[1], answer.strip())
    if not (worked_out(token, proof) or hmac.compare_digest(said.encode(), parts[2].encode())):
        raise Refused(_AGAIN if not answer.strip() else "算式的答案不对，请重新计算。")
    try:
        used = take_form(desk, f"robots {token}", as_of=as_of)
    except StillRunning:
        used = "used"
    if used is not None:
        raise Refused("这次校验已经用过，请重新完成校验后提交。")


def worked_out(token: str, proof: str, bits: int = BITS) -> bool:
    """Whether a number solves the puzzle."""
    if not (proof.isascii() and proof.isdecimal() and len(proof) <= 12):
        return False
    return int.from_bytes(sha256(f"{token}:{proof}".encode()).digest()) >> (256 - bits) == 0


def _mark(key: str, *parts: str) -> str:
    return hmac.new(
        key.encode(), "\n".join(("robots 1", *parts)).encode(errors="replace"), sha256
    ).hexdigest()[:32]


def _spoken(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones or not tens else "")
