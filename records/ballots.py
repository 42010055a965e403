"""Sealed ballots, the shares of the key that opens them, and what came out (M24-7.3d)."""

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.types import Encrypted, Instant


class ScoreSheet(SQLModel, table=True):
    """What an expert has saved and not yet cast: one case's scores, comment and vote, encrypted."""

    __tablename__ = "score_sheet"
    __table_args__ = (UniqueConstraint("seat_id", "case_id", name="one_sheet_per_case"),)

    id: int | None = Field(default=None, primary_key=True)
    seat_id: int = Field(foreign_key="seat.id")
    case_id: int = Field(foreign_key="cases.id")
    content: str = Field(sa_type=Encrypted)
    saved_at: datetime = Field(sa_type=Instant)


class KeyShare(SQLModel, table=True):
    """One officer's share of a panel's opening key, sealed with a passphrase only that officer knows."""

    __tablename__ = "key_share"
    __table_args__ = (UniqueConstraint("panel_id", "officer", name="one_share_per_officer"),)

    id: int | None = Field(default=None, primary_key=True)
    panel_id: int = Field(foreign_key="panel.id")
    officer: str
    sealed: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime = Field(sa_type=Instant)
    presented_at: datetime | None = Field(default=None, sa_type=Instant)


class Ballot(SQLModel, table=True):
    """One expert's ballot over all cases of the panel, sealed to the panel's public key. Cast once."""

    __table_args__ = (UniqueConstraint("panel_id", "seat_id", name="one_ballot_per_seat"),)

    id: int | None = Field(default=None, primary_key=True)
    panel_id: int = Field(foreign_key="panel.id")
    seat_id: int = Field(foreign_key="seat.id")
    sealed: str = Field(sa_column=Column(Text, nullable=False))
    receipt: str = Field(unique=True)
    cast_at: datetime = Field(sa_type=Instant)


class OpenedSet(SQLModel, table=True):
    """The opened ballots of a panel in an order that says nothing of the voters, and their count."""

    __tablename__ = "opened_set"

    panel_id: int = Field(primary_key=True, foreign_key="panel.id")
    opened_at: datetime = Field(sa_type=Instant)
    opened_by: str
    ballots: str = Field(sa_type=Encrypted)
    tally: str | None = Field(default=None, sa_column=Column(Text))
    tallied_at: datetime | None = Field(default=None, sa_type=Instant)
    tallied_by: str | None = None


class Decision(SQLModel, table=True):
    """What the group decided on a case at the recheck: staged, then released together (M24-7.3e, M24-7.4)."""

    __table_args__ = (UniqueConstraint("case_id", "number", name="one_decision_per_number"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    panel_id: int | None = Field(default=None, foreign_key="panel.id")
    number: int
    choice: str
    words: str = ""
    by: str
    at: datetime = Field(sa_type=Instant)
    released_at: datetime | None = Field(default=None, sa_type=Instant)
    released_by: str | None = None
