"""Seats as kept. A seat is spoken of by its number; who sits there is looked up only where it is needed (law 10)."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from records.crypt import decrypt, encrypt
from records.transaction import Transaction
from states.facts import day, instant

STATES: Mapping[str, str] = MappingProxyType(
    {
        "drawn": "已抽中",
        "invited": "已邀请，待答复",
        "accepted": "已接受，待核定",
        "confirmed": "已确认",
        "declined": "谢绝",
        "silent": "逾期未答复",
        "conflicted": "应当回避",
        "released": "已解除",
    }
)
"""Every state of a seat and what it is called."""

HOLDING = ("drawn", "invited", "accepted", "confirmed")
"""The states of a seat that somebody holds."""
GONE: Mapping[str, str] = MappingProxyType(
    {"declined": "P-1", "silent": "P-2", "conflicted": "P-3", "released": "P-4"}
)
"""The states of a seat that was left, and the rule that keeps whoever left it out of later rounds."""


class SeatView(NamedTuple):
    """A row of ``seat`` without what it keeps in confidence; instants are aware UTC, days Shanghai days."""

    id: int
    panel_id: int
    round: int
    place: int
    expert_id: int
    pseudonym: str
    state: str
    invited_at: datetime | None
    answer_due: date | None
    answered_at: datetime | None
    declared_at: datetime | None
    opened_materials_at: datetime | None


class Person(NamedTuple):
    """Whoever sits there: number in the pool, name and mailbox. Never written anywhere but into their own letters."""

    code: str
    name: str
    mail: str


_COLUMNS = ", ".join(SeatView._fields)


def seats_of(tx: Transaction, panel_id: int) -> list[SeatView]:
    """Every seat ever drawn for a panel, by number."""
    rows = tx.rows(f"SELECT {_COLUMNS} FROM seat WHERE panel_id = ? ORDER BY place", (panel_id,))
    return [_view(row) for row in rows]


def seat_by_id(tx: Transaction, id_: int) -> SeatView:
    """One seat. Raises KeyError when there is none."""
    row = tx.one(f"SELECT {_COLUMNS} FROM seat WHERE id = ?", (id_,))
    if row is None:
        raise KeyError(id_)
    return _view(row)


def person_of(tx: Transaction, seat: SeatView) -> Person:
    """Who holds the seat."""
    row = tx.one("SELECT code, name, mail FROM expert WHERE id = ?", (seat.expert_id,))
    assert row is not None
    return Person(row[0], row[1], decrypt(row[2]))


def set_seat(tx: Transaction, seat: SeatView, **values: Any) -> SeatView:
    """Write new values; the seat as it now stands. ``reason`` and ``declaration`` are encrypted here."""
    kept = {
        name: encrypt(value) if name in ("reason", "declaration") and value is not None else value
        for name, value in values.items()
    }
    columns = ", ".join(f"{name} = ?" for name in kept)
    tx.run(f"UPDATE seat SET {columns} WHERE id = ?", (*kept.values(), seat.id))
    return seat._replace(**{name: value for name, value in values.items() if name in SeatView._fields})


def kept_words(tx: Transaction, seat_id: int, column: str) -> str | None:
    """What a seat keeps in confidence: its ``reason`` or its ``declaration``."""
    assert column in ("reason", "declaration")
    row = tx.one(f"SELECT {column} FROM seat WHERE id = ?", (seat_id,))
    return None if row is None or row[0] is None else decrypt(row[0])


def _view(row: tuple[Any, ...]) -> SeatView:
    kept = SeatView._make(row)
    return kept._replace(
        invited_at=instant(kept.invited_at), answer_due=day(kept.answer_due), answered_at=instant(kept.answered_at),
        declared_at=instant(kept.declared_at), opened_materials_at=instant(kept.opened_materials_at),
    )  # fmt: skip
