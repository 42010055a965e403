"""Personal one-time links: how an expert comes in. Only hashes are kept (M24-7.3b, M24-11.6a).

A link is a token of 256 bits in one letter and a code of 6 digits in another. The code is hashed with the token,
which is kept nowhere, so that a reader of the database cannot try codes either. Whoever has not both learns one
sentence, whether the token is unknown, the code wrong, or the link dead; what is asked of the database is the same.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from casework.audit import Entry, append
from casework.panels.seat import HOLDING, SeatView, seat_by_id
from records.transaction import Transaction
from states.facts import instant
from states.refusals import Refused

CLAUSE = "M24-7.3b"
INVITATION, REVIEW = "invitation", "review"
LASTING = timedelta(hours=72)
TRIES = 5
PAUSE = timedelta(seconds=10)
"""How long nothing is looked at after the first wrong code; twice as long after each further one."""

NOT_THIS_ONE = (
    f"链接或验证码不正确。请核对最近收到的两封邮件，稍候再试；输错{TRIES}次链接即失效，可以申请重新发送。"
)


@dataclass(frozen=True, slots=True)
class Denied:
    """A link that does not open, and the sentence why. The wrong try is on record once the transaction ends."""

    sentence: str

    def refusal(self) -> Refused:
        """As it is said."""
        return Refused(self.sentence, clause=CLAUSE)


def make_link(
    tx: Transaction, seat: int, purpose: str, as_of: datetime, *, lasting: timedelta = LASTING
) -> tuple[str, str]:
    """A new link for the holder of a seat: its token and its code, which are told nowhere else.

    Earlier links of the same seat and purpose open nothing from now on.
    """
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06d}"
    end_links(tx, seat, as_of, purpose=purpose)
    tx.run(
        "INSERT INTO entry_link (token_hash, seat_id, purpose, code_hash, made_at, expires_at, tries)"
        " VALUES (?,?,?,?,?,?,0)",
        (_token_hash(token), seat, purpose, _code_hash(token, code), as_of, as_of + lasting),
    )
    return token, code


def end_links(tx: Transaction, seat: int, as_of: datetime, *, purpose: str | None = None) -> None:
    """No link of the seat (of one purpose, or any) opens anything from now on."""
    only, values = (" AND purpose = ?", [purpose]) if purpose else ("", [])
    tx.run(
        f"UPDATE entry_link SET expires_at = ? WHERE seat_id = ? AND used_at IS NULL AND expires_at > ?{only}",
        (as_of, seat, as_of, *values),
    )


def try_link(
    tx: Transaction, token: str, code: str, purpose: str, as_of: datetime, *, using: bool = True
) -> SeatView | Denied:
    """The seat a link opens, used up unless ``using`` is false; else why not.

    A wrong try is counted and entered in the audit log: the caller lets the transaction end before it refuses.
    """
    hashed = _token_hash(token)
    row = tx.one(
        "SELECT seat_id, purpose, code_hash, expires_at, used_at, tries, retry_at FROM entry_link WHERE token_hash = ?"
        + ("" if tx.sqlite else " FOR UPDATE"),
        (hashed,),
    )
    seat_id, asked, kept, expires, used, tries, retry = row or (0, "", "0" * 64, None, None, TRIES, None)
    retry_at, expires_at = instant(retry), instant(expires)
    looked_at = tries < TRIES and asked == purpose and (retry_at is None or retry_at <= as_of)
    if not (hmac.compare_digest(_code_hash(token, code), kept) and looked_at):
        wrong = bool(row) and looked_at
        tx.run(
            "UPDATE entry_link SET tries = tries + ?, retry_at = ? WHERE token_hash = ? AND ? = 1",
            (int(wrong), as_of + PAUSE * 2 ** min(tries, TRIES), hashed, int(wrong)),
        )
        _note(tx, "link_refused", as_of)
        return Denied(NOT_THIS_ONE)
    if used is not None:
        return Denied("这个链接已经使用过，每个链接只能用一次；需要再次进入的，请申请重新发送。")
    if expires_at is None or expires_at <= as_of:
        return Denied("这个链接已经失效，请申请重新发送，并使用最近一封邮件中的链接。")
    seat = seat_by_id(tx, seat_id)
    if seat.state not in HOLDING:
        return Denied("这个链接已经失效：您已不在该专家组。")
    if using:
        tx.run("UPDATE entry_link SET used_at = ? WHERE token_hash = ?", (as_of, hashed))
        _note(tx, "link_used", as_of)
    return seat


def made_since(tx: Transaction, seat: int, since: datetime) -> int:
    """How many links a seat was given since then."""
    row = tx.one("SELECT count(*) FROM entry_link WHERE seat_id = ? AND made_at > ?", (seat, since))
    return int(row[0]) if row else 0


def _token_hash(token: str) -> str:
    return sha256(f"linxuan link 1\n{token}".encode(errors="replace")).hexdigest()


def _code_hash(token: str, code: str) -> str:
    key = sha256(f"linxuan code 1\n{token}".encode(errors="replace")).digest()
    return hmac.digest(key, code.strip().encode(errors="replace"), "sha256").hex()


def _note(tx: Transaction, what: str, as_of: datetime) -> None:
    append(tx, [Entry(as_of, as_of, "panel:link", "panel", what, clause=CLAUSE)])
