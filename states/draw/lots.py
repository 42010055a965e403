"""The draw itself: commitment, seed, tickets, seats. Each step can be done by hand with any SHA-256 tool.

    commitment = SHA-256("linxuan secret 1\\n" + secret)
    seed       = SHA-256("linxuan seed 1\\n" + secret + "\\n" + digits + "\\n" + frame hash)
    ticket     = HMAC-SHA-256(key = the seed's 32 bytes, message = the expert's pseudonym)

``secret`` is 64 lower-case hexadecimal characters; ``digits`` are the public digits exactly as typed. The lowest
tickets sit, as far as the published constraints allow.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, repeat
from typing import NamedTuple

from states.draw import canonical
from states.draw.frame import DIGITS, Frame
from states.refusals import Refused

SECRET = re.compile(r"[0-9a-f]{64}")
SEATED, BEYOND = "seated", "beyond"
SAME_EMPLOYER, SAME_PROVINCE, FIELD_FIRST = "same_employer", "same_province", "field_first"


class Ticket(NamedTuple):
    """An eligible expert's ticket and what came of it: seated, beyond the last seat, or passed over by a constraint."""

    pseudonym: str
    ticket: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The outcome: every eligible expert in the order of tickets, and the seats in the order they were filled."""

    seed: str
    tickets: tuple[Ticket, ...]

    @property
    def seats(self) -> tuple[str, ...]:
        """The pseudonyms that sit."""
        return tuple(each.pseudonym for each in self.tickets if each.outcome == SEATED)


def commitment(secret: str) -> str:
    """What is published before the digits are known. Refused for a secret of the wrong form."""
    if not SECRET.fullmatch(secret):
        raise Refused("抽取密钥应为64位小写十六进制。", clause="M24-7.3c")
    return canonical.digest(f"linxuan secret 1\n{secret}")


def seed_of(secret: str, digits: str, frame: Frame) -> str:
    """The seed; Refused for digits that are not 6 to 40 plain digits."""
    return seed_from(secret, digits, frame.sha256)


def seed_from(secret: str, digits: str, frame_sha256: str) -> str:
    """The seed from the frame's hash alone."""
    if not DIGITS.fullmatch(digits):
        raise Refused("公开数字应为6至40位阿拉伯数字，不含空格和其他符号。", clause="M24-7.3c")
    return canonical.digest(f"linxuan seed 1\n{secret}\n{digits}\n{frame_sha256}")


def draw(frame: Frame, secret: str, digits: str) -> Drawn:
    """Draw one round.

    Refused when the eligible experts cannot fill the seats under the constraints (D-10): the sentence counts
    them, so that the office can widen the field or allow recusal per case, each a recorded decision.
    """
    drawn = attempt(frame, secret, digits)
    if refusal := too_few(frame, drawn):
        raise refusal
    return drawn


def too_few(frame: Frame, drawn: Drawn) -> Refused | None:
    """The refusal of a round that could not fill its seats; None when it did."""
    seated = len(drawn.seats)
    if seated == frame.seats:
        return None
    known = frame.pool.by_pseudonym
    in_field = sum(frame.occupation in known[each.pseudonym].fields for each in drawn.tickets)
    return Refused(
        f"{frame.occupation}可抽专家{len(drawn.tickets)}人（本领域{in_field}人），按公布的条件只能抽出{seated}人，"
        f"不足{frame.seats}人；请扩大专家范围，或决定按件回避，并记录理由。",
        clause="D-10",
    )


def attempt(frame: Frame, secret: str, digits: str) -> Drawn:
    """Draw one round as far as it goes: with too few eligible experts, seats stay empty (``too_few``)."""
    seed = seed_of(secret, digits, frame)
    tag = ticket_maker(bytes.fromhex(seed))
    barred = {exclusion.pseudonym for exclusion in frame.exclusions} | set(frame.standing)
    holders = {tag(name.encode()): name for name in frame.pool.by_pseudonym if name not in barred}
    lots = sorted(holders)
    names = [holders[lot] for lot in lots]
    outcomes = _seat(frame, names)
    rest = repeat(BEYOND, len(names) - len(outcomes))
    return Drawn(seed, tuple(map(Ticket, names, map(bytes.hex, lots), chain(outcomes, rest))))


def ticket_maker(key: bytes) -> Callable[[bytes], bytes]:
    """HMAC-SHA-256 under one key of 32 bytes, as RFC 2104 writes it: what depends on the key alone is done once."""
    block = key.ljust(64, b"\0")
    inner, outer = (sha256(bytes(byte ^ pad for byte in block)) for pad in (0x36, 0x5C))

    def tag(message: bytes) -> bytes:
        first, second = inner.copy(), outer.copy()
        first.update(message)
        second.update(first.digest())
        return second.digest()

    return tag


def _seat(frame: Frame, order: Sequence[str]) -> list[str]:
    """What comes of each candidate, lowest ticket first, until the last seat is taken: the others are beyond it."""
    rules, known = frame.constraints, frame.pool.by_pseudonym
    kept = [known[name] for name in frame.standing]
    employers = Counter(candidate.employer for candidate in kept)
    provinces = Counter(candidate.province for candidate in kept)
    in_field = sum(frame.occupation in candidate.fields for candidate in kept)
    left, outcomes = frame.seats, []
    for name in order:
        if left == 0:
            break
        candidate = known[name]
        of_field = frame.occupation in candidate.fields
        if employers[candidate.employer] >= rules.per_employer:
            outcome = SAME_EMPLOYER
        elif rules.per_province and provinces[candidate.province] >= rules.per_province:
            outcome = SAME_PROVINCE
        elif not of_field and rules.of_field - in_field >= left:
            outcome = FIELD_FIRST
        else:
            outcome = SEATED
            left -= 1
            in_field += of_field
            employers[candidate.employer] += 1
            provinces[candidate.province] += 1
        outcomes.append(outcome)
    return outcomes
