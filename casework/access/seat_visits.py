"""The browser of an expert who came in by a personal link: carried by a token, ended by time (M24-7.3b)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.access.tokens import hash_of, make_token
from casework.desk import Desk
from casework.panels.entering import VISIT, SeatSession
from records.transaction import reading, transaction
from states.facts import instant

IDLE = timedelta(hours=1)
"""How long an expert may read one page before the visit ends: a link that was used does not open again."""
NOTED_EVERY = timedelta(minutes=1)


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
            (
                hash_of(token, "seat"),
                seat.seat_id,
                seat.panel_id,
                purpose,
                as_of,
                min(seat.until, as_of + IDLE),
            ),
        )
    return token


def seat_of(desk: Desk, token: str, *, as_of: datetime) -> SeatHeld | None:
    """The seat a token carries; None when it is unknown, idle too long, or the visit has ended. A look prolongs it."""
    with reading(desk.engine) as tx:
        row = tx.one(
            "SELECT seat_id, panel_id, until, purpose, made_at FROM seat_visit WHERE token_hash = ? AND until > ?",
            (hash_of(token, "seat"), as_of),
        )
    if row is None:
        return None
    until, made = instant(row[2]), instant(row[4])
    assert until is not None
    assert made is not None
    later = min(made + VISIT, as_of + IDLE)
    if until + NOTED_EVERY <= later:
        with transaction(desk.engine) as tx:
            tx.run("UPDATE seat_visit SET until = ? WHERE token_hash = ?", (later, hash_of(token, "seat")))
    return SeatHeld(SeatSession(row[0], row[1], max(until, later)), row[3])


def end_seat_visit(desk: Desk, token: str) -> None:
    """The expert leaves; nothing happens when the visit had ended."""
    with transaction(desk.engine) as tx:
        tx.run("DELETE FROM seat_visit WHERE token_hash = ?", (hash_of(token, "seat"),))
