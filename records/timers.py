"""Timers: one row per timer of a case in its stage (law 3)."""

from datetime import UTC, date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from records.types import Instant

HELD = datetime(9999, 12, 31, tzinfo=UTC)
"""The instant at which a held timer would fire: never."""


class TimerRow(SQLModel, table=True):
    """``due`` is the legal instant; ``fires_at`` is when the sweep next looks at it, empty once it is done.

    A clock move whose conditions do not hold is *held*: ``held_why`` says why in words, ``fires_at`` is ``HELD``
    (so that one index finds what is due and what is held), and any change of the case arms it again.
    """

    __tablename__ = "timer"
    __table_args__ = (Index("timers_by_instant", "fires_at", "case_id", "key"), {"sqlite_with_rowid": False})

    case_id: int = Field(primary_key=True, foreign_key="cases.id")
    key: str = Field(primary_key=True)
    kind: str
    due: datetime = Field(sa_type=Instant)
    fires_at: datetime | None = Field(default=None, sa_type=Instant)
    about: date
    clause: str
    role: str = ""
    letter: str = ""
    move: str = ""
    provisional: bool = False
    edition: str = ""
    held_why: str | None = None
