"""Wrong tries at a door make the next one wait, longer each time; kept in rows, so that a restart forgets nothing."""

from datetime import datetime, timedelta
from math import ceil

from casework.access.tokens import hash_of
from records.transaction import Transaction
from states.facts import instant
from states.refusals import Refused

FREE = 4
"""So many wrong tries cost nothing."""
FIRST, LONGEST = timedelta(seconds=5), timedelta(minutes=30)
FORGOTTEN = timedelta(hours=24)


def door(kind: str, name: str) -> str:
    """The key of one door: an account or an address, never readable in the database."""
    return hash_of(name.strip().casefold(), f"door {kind}")


class Wait(Refused):
    """Somebody must wait before trying again; ``seconds`` from now."""

    def __init__(self, seconds: int) -> None:
        said = f"{seconds}秒" if seconds < 120 else f"{ceil(seconds / 60)}分钟"
        super().__init__(f"尝试次数过多，请在{said}后再试。")
        self.seconds = seconds


def refuse_while_waiting(tx: Transaction, doors: tuple[str, ...], *, as_of: datetime) -> None:
    """Raises Wait while any of the doors is shut."""
    shut = [
        until
        for each in doors
        for row in tx.rows("SELECT retry_at FROM failed_entry WHERE door = ? AND retry_at > ?", (each, as_of))
        if (until := instant(row[0])) is not None
    ]
    if shut:
        raise Wait(max(1, ceil((max(shut) - as_of).total_seconds())))


def note_failure(tx: Transaction, doors: tuple[str, ...], *, as_of: datetime) -> None:
    """One more wrong try at each door; after a day without any, counting begins anew."""
    for each in doors:
        row = tx.one("SELECT tries, last_at FROM failed_entry WHERE door = ?", (each,))
        last = instant(row[1]) if row else None
        tries = 1 + (row[0] if row and last is not None and last + FORGOTTEN > as_of else 0)
        pause = min(LONGEST, FIRST * 2 ** min(tries - FREE - 1, 12)) if tries > FREE else timedelta(0)
        tx.run(
            "INSERT INTO failed_entry (door, tries, last_at, retry_at) VALUES (?,?,?,?) ON CONFLICT (door) DO UPDATE"
            " SET tries = excluded.tries, last_at = excluded.last_at, retry_at = excluded.retry_at",
            (each, tries, as_of, as_of + pause),
        )


def forget_failures(tx: Transaction, each: str) -> None:
    """A door opened: its wrong tries are forgotten."""
    tx.run("DELETE FROM failed_entry WHERE door = ?", (each,))
