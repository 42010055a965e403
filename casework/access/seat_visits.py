"""The browser of an expert who came in by a personal link: carried by a token, ended by time (M24-7.3b)."""

from dataclasses import dataclass
from datetime import datetime

from casework.access.tokens import hash_of, make_token
from casework.desk import Desk
from casework.panels.entering import SeatSession
from records.transaction import reading, transaction
from states.facts import instant


@dataclass(frozen=True, slots=True)
class SeatHeld:
    """A seat as it is held in one browser; ``purpose`` is that of the link (``invitation``, ``review``)."""

    seat: SeatSession
    purpose: str


def begin_seat_visit(desk: Desk, seat: SeatSession, purpose: str, *, as_of: datetime) -> str:
    """Carry a seat in a browser until the visit ends; the token of its cookie, told nowhere else."""
    token = make_token()
    with transaction(desk.engine) as tx:
        tx.run("DELETE FROM seat_visit WHERE until <= ?", (as_of,))
        tx.run(
            "INSERT INTO seat_visit (token_hash, seat_id, panel_id, purpose, made_at, until) VALUES (?,?,?,?,?,?)",
            (hash_of(token, "seat"), seat.seat_id, seat.panel_id, purpose, as_of, seat.until),
        )
    return token


def seat_of(desk: Desk, token: str, *, as_of: datetime) -> SeatHeld | None:
    """The seat a token carries; None when it is unknown or the visit has ended."""
    with reading(desk.engine) as tx:
        row = tx.one(
            "SELECT seat_id, panel_id, until, purpose FROM seat_visit WHERE token_hash = ? AND until > ?",
            (hash_of(token, "seat"), as_of),
        )
    until = instant(row[2]) if row else None
    return SeatHeld(SeatSession(row[0], row[1], until), row[3]) if row and until else None


def end_seat_visit(desk: Desk, token: str) -> None:
    """The expert leaves; nothing happens when the visit had ended."""
    with transaction(desk.engine) as tx:
        tx.run("DELETE FROM seat_visit WHERE token_hash = ?", (hash_of(token, "seat"),))
