"""What supervision leaves on record: failings the recommender must answer, referrals, inspections (M24-3.3, M24-16b, M24-21)."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.types import Encrypted, Instant


class Failing(SQLModel, table=True):
    """A failing the recommender was told of and must act on (M24-3.3). ``due_at`` is the first instant after its limit."""

    __tablename__ = "failing"
    __table_args__ = (
        UniqueConstraint("case_id", "version", name="one_failing_per_move"),
        Index("failings_by_due", "answered_at", "due_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    version: int
    move: str
    channel: str = Field(index=True)
    finding: str = Field(default="", sa_column=Column(Text, nullable=False))
    told_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    overdue_told_at: datetime | None = Field(default=None, sa_type=Instant)


class Referral(SQLModel, table=True):
    """A fraud handed to the authorities: to whom, when, under which document (M24-21)."""

    __tablename__ = "referral"
    __table_args__ = (UniqueConstraint("case_id", "document_no", name="one_referral_per_document"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    referred_to: str
    referred_on: date
    document_no: str
    by: str
    at: datetime = Field(sa_type=Instant)


class Inspection(SQLModel, table=True):
    """双随机: a random check, its objects and inspectors drawn in public. ``certificate`` is JSON, set by the draw.

    ``state``: ``committed`` → ``drawn`` → ``published``. The secret stays encrypted until the draw shows it.
    """

    __tablename__ = "inspection"

    id: int | None = Field(default=None, primary_key=True)
    no: str = Field(unique=True)
    title: str
    track: str
    province: str = ""
    state: str = "committed"
    frame: str = Field(sa_column=Column(Text, nullable=False))
    frame_sha256: str = Field(unique=True)
    commitment: str = Field(unique=True)
    secret: str = Field(sa_type=Encrypted)
    committed_by: str
    committed_at: datetime = Field(sa_type=Instant)
    certificate: str | None = Field(default=None, sa_column=Column(Text))
    drawn_at: datetime | None = Field(default=None, sa_type=Instant)
    summary: str | None = Field(default=None, sa_column=Column(Text))
    published_at: datetime | None = Field(default=None, sa_type=Instant)


class InspectionObject(SQLModel, table=True):
    """One institution drawn for inspection, and what was found. ``result`` is empty until it is recorded."""

    __tablename__ = "inspection_object"

    inspection_id: int = Field(primary_key=True, foreign_key="inspection.id")
    case_id: int = Field(primary_key=True, foreign_key="cases.id", index=True)
    place: int
    inspectors: str = Field(sa_column=Column(Text, nullable=False))
    result: str = ""
    ground: str = ""
    finding: str = Field(default="", sa_column=Column(Text, nullable=False))
    recorded_by: str | None = None
    recorded_at: datetime | None = Field(default=None, sa_type=Instant)
