"""Applications: the case itself, what was filed, its materials and what the eligibility check found.

The columns of ``Case`` after the relations are the fields of ``states.facts.Facts``; a test holds them equal.
"""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.types import Encrypted, Instant


class Case(SQLModel, table=True):
    """申报: one institution, one occupation, one call (M24-7.2b), for its whole life."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("call", "track", "occupation", "institution_id", name="one_case_per_occupation"),
        Index("cases_by_stage_and_due", "stage", "province", "due_at"),
        Index("cases_by_due", "due_at"),
        Index("cases_by_occupation", "call", "occupation", "stage"),
        Index("cases_by_channel", "channel", "stage", "due_at"),
        Index("cases_by_channel_and_due", "channel", "due_at"),
        Index("cases_by_channel_and_no", "channel", "no"),
        Index("cases_by_province_and_no", "province", "no"),
        Index("cases_by_institution", "institution_id", "occupation"),
        Index("cases_by_stage_and_no", "stage", "no"),
        Index("cases_by_holder", "held_by", "due_at"),
        Index("cases_by_province", "province", "due_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    no: str = Field(unique=True)
    version: int = 1
    call: str
    track: str
    process: str
    occupation: str
    institution_id: int = Field(foreign_key="institution.id")
    province: str
    channel: str
    stage: str
    entered_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
    filed_at: datetime | None = Field(default=None, sa_type=Instant)
    paper_at: datetime | None = Field(default=None, sa_type=Instant)
    materials_missing: int = 0
    warnings_open: int = 0
    priority: int = 0
    returned_from: str | None = None
    recommendation_no: str | None = None
    recommended_on: date | None = None
    votes_for: int | None = None
    votes_cast: int | None = None
    score: int | None = None
    panel_recommends: bool | None = None
    departs: bool = False
    posted_at: datetime | None = Field(default=None, sa_type=Instant)
    objections_open: int = 0
    term_no: int = 0
    term_starts_at: datetime | None = Field(default=None, sa_type=Instant)
    term_last_day: date | None = None
    renewal_applied_at: datetime | None = Field(default=None, sa_type=Instant)
    renewal_refused: str | None = None
    renewal_correction_due: date | None = None
    activity: int = 0
    rectification_due: date | None = None
    rectification_reported_at: datetime | None = Field(default=None, sa_type=Instant)
    duties_done: str = ""
    exit_ground: str | None = None
    cooling_until: date | None = None
    leaving_on: date | None = None

    levels: str = ""
    contact_mail: str = ""
    held_by: str | None = None
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    due_provisional: bool = False


class Filing(SQLModel, table=True):
    """What the applicant filed, form by form; a correction is a new row."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    number: int = 1
    at: datetime = Field(sa_type=Instant)
    source: str
    digest: str = Field(index=True)
    form: str = Field(sa_column=Column(Text, nullable=False))
    identity: str | None = Field(default=None, sa_type=Encrypted)


class Material(SQLModel, table=True):
    """A required paper of a case, kept by its SHA-256 in the data folder."""

    __table_args__ = (UniqueConstraint("case_id", "kind", "digest", name="one_material_once"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    kind: str
    name: str
    digest: str
    size: int
    at: datetime = Field(sa_type=Instant)


class Finding(SQLModel, table=True):
    """What the eligibility check found: a block or a warning, with its clause and the answer given."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    rule: str
    clause: str
    blocks: bool
    sentence: str
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
