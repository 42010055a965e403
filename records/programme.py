"""Calls, institutions, terms, calendars: what cases refer to."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.types import Instant


class CallRow(SQLModel, table=True):
    """遴选批次: its state, and the rules as they were when it opened (TOML text, pinned)."""

    __tablename__ = "call"

    code: str = Field(primary_key=True)
    name: str
    state: str = "planned"
    opens_at: datetime = Field(sa_type=Instant)
    closes_at: datetime = Field(sa_type=Instant)
    opened_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    rules: str = Field(sa_column=Column(Text, nullable=False))


class Institution(SQLModel, table=True):
    """申报单位, one per unified social credit code."""

    id: int | None = Field(default=None, primary_key=True)
    uscc: str = Field(unique=True)
    name: str
    province: str
    address: str = ""
    unit_type: str = ""
    founded_on: date | None = None


class Term(SQLModel, table=True):
    """有效期: one span of days in the directory. Never two alive for one institution, track and occupation.

    ``granted_at`` is when it was decided: a renewed term starts where the old one ends (D-8), and until it was
    granted nobody could have known of it.
    """

    __table_args__ = (
        UniqueConstraint("case_id", "number", name="one_term_per_number"),
        Index("terms_by_day", "track", "starts_at", "last_day"),
        Index("terms_by_institution", "institution_id", "track", "occupation"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    institution_id: int = Field(foreign_key="institution.id")
    track: str
    occupation: str
    levels: str = ""
    number: int
    starts_at: datetime = Field(sa_type=Instant)
    granted_at: datetime | None = Field(default=None, sa_type=Instant)
    last_day: date
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    end_ground: str | None = None
    cooling_until: date | None = None


class CalendarYear(SQLModel, table=True):
    """A year of the State Council's calendar as announced; a later edition is a new row."""

    __tablename__ = "calendar_year"
    __table_args__ = (UniqueConstraint("year", "edition", name="one_year_per_edition"),)

    id: int | None = Field(default=None, primary_key=True)
    year: int
    edition: str
    notice: str
    plan: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_type=Instant)


class Counter(SQLModel, table=True):
    """The last running number given out under a prefix (case numbers never come back)."""

    prefix: str = Field(primary_key=True)
    last: int = 0


class Lease(SQLModel, table=True):
    """Who runs something that only one may run, and until when if it is not renewed."""

    name: str = Field(primary_key=True)
    holder: str
    until: datetime = Field(sa_type=Instant)
    beat_at: datetime = Field(sa_type=Instant)
    note: str = ""


class Beat(SQLModel, table=True):
    """The last run of each line of the timetable: what the home page shows as health."""

    name: str = Field(primary_key=True)
    started_at: datetime = Field(sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    as_of: datetime | None = Field(default=None, sa_type=Instant)
    outcome: str = ""
    detail: str = Field(default="{}", sa_column=Column(Text, nullable=False))
