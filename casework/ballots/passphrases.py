"""What only an officer knows, and the lock it makes: argon2id, then ChaCha20-Poly1305.

A reader of the whole database can try passphrases for as long as it likes, so a weak one is refused when it is
chosen and every try costs half a second and 128 MiB.
"""

import json
import os
import unicodedata
from dataclasses import asdict, dataclass
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from states.refusals import Refused

SHORTEST, LONGEST = 12, 128
GUESSES_LOG10 = 12.0
"""How many guesses a passphrase must withstand, as a power of ten."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try costs: passes over so much memory (KiB) in so many lanes."""

    passes: int = 3
    memory: int = 128 * 1024
    lanes: int = 2


CHEAP = Cost(1, 8, 1)
"""Next to no cost, next to no protection: for tests and rehearsals."""


def refuse_weak(passphrase: str, *about: str) -> None:
    """Refused for a passphrase that is short or easily guessed; ``about`` are words an attacker tries first.

    The refusal never repeats the passphrase.
    """
    from zxcvbn import zxcvbn

    text = _normal(passphrase)
    if not SHORTEST <= len(text) <= LONGEST:
        raise Refused(f"口令共{len(text)}个字符，应为{SHORTEST}至{LONGEST}个，请另设。", clause="M24-7.3d")
    if any(word and word.casefold() in text.casefold() for word in about):
        raise Refused("口令中不能含有账号、姓名或专家组编号，请另设。", clause="M24-7.3d")
    found = zxcvbn(text, user_inputs=list(about), max_length=LONGEST)
    if float(found["guesses_log10"]) < GUESSES_LOG10:
        raise Refused(
            "口令过于简单，容易被猜中；请用四个以上互不相干的词语，或更长的一句话，另设口令。",
            clause="M24-7.3d",
        )


def lock(secret: str, passphrase: str, bound: str, cost: Cost | None = None) -> str:
    """The secret under the passphrase, as JSON with everything but the passphrase. ``bound`` must be said again."""
    spent, salt, nonce = cost or Cost(), os.urandom(16), os.urandom(12)
    key = _key(passphrase, salt, spent)
    locked = ChaCha20Poly1305(key).encrypt(nonce, secret.encode(), bound.encode())
    return json.dumps(
        {"kdf": "argon2id", **asdict(spent), "salt": salt.hex(), "nonce": nonce.hex(), "locked": locked.hex()}
    )


def unlock(stored: str, passphrase: str, bound: str) -> str | None:
    """The secret again, or None: the passphrase is wrong, or what is stored was altered or belongs elsewhere."""
    try:
        parts: dict[str, Any] = json.loads(stored)
        cost = Cost(int(parts["passes"]), int(parts["memory"]), int(parts["lanes"]))
        key = _key(passphrase, bytes.fromhex(parts["salt"]), cost)
        opened = ChaCha20Poly1305(key).decrypt(
            bytes.fromhex(parts["nonce"]), bytes.fromhex(parts["locked"]), bound.encode()
        )
    except (InvalidTag, ValueError, KeyError, TypeError):
        return None
    return opened.decode()


def _key(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return hash_secret_raw(
        _normal(passphrase).encode(), salt, time_cost=cost.passes, memory_cost=cost.memory,
        parallelism=cost.lanes, hash_len=32, type=Type.ID,
    )  # fmt: skip


def _normal(passphrase: str) -> str:
    """The same text however it was typed: composed, full width as half width, without spaces at the ends."""
    return unicodedata.normalize("NFKC", passphrase).strip()
