"""Letters owed and sent, and the lines that wait for a staff member's daily digest (law 4)."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.types import Instant


class Letter(SQLModel, table=True):
    """One letter to one recipient on one occasion, rendered when it became owed.

    ``state``: queued → sending (leased) → sent | failed (an incident says why) | superseded | held.
    ``message_id`` is set at birth and never changes, so that a repeated delivery can be recognised.
    """

    __table_args__ = (
        UniqueConstraint("case_id", "letter", "recipient", "occasion", name="one_letter_per_occasion"),
        Index("letters_by_state", "state", "not_before"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int | None = Field(default=None, foreign_key="cases.id", index=True)
    letter: str
    role: str
    recipient: str
    occasion: str
    clause: str = ""
    subject: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    message_id: str
    created_at: datetime = Field(sa_type=Instant)
    not_before: datetime = Field(sa_type=Instant)
    state: str = "queued"
    attempts: int = 0
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    leased_by: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    error: str | None = None


class Notice(SQLModel, table=True):
    """A line for the daily digest of the staff who hold a role: a reminder, an escalation."""

    __table_args__ = (
        UniqueConstraint("case_id", "letter", "role", "occasion", name="one_notice_per_occasion"),
        Index("notices_by_role", "digested_on", "role"),
        Index("notices_by_day", "letter", "about"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    letter: str
    role: str
    occasion: str
    clause: str
    about: date
    at: datetime = Field(sa_type=Instant)
    digested_on: date | None = None
