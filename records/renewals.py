"""Renewal applications: what was reported of a term, the consent to it, what a reviewer had to answer (M24-9.1)."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.types import Encrypted, Instant


class RenewalApplication(SQLModel, table=True):
    """续期申请. A correction is a new row; ``state``: ``draft`` → ``filed`` → ``approved``, ``refused``, ``returned``,
    ``corrected`` (a later row took its place), ``dropped`` (never came back) or ``moot`` (the listing ended otherwise).

    ``parts`` holds texts, signature and whatever was not yet sound in a draft, as JSON. ``correction_due`` is the last
    day allowed, in Shanghai.
    """

    __tablename__ = "renewal_application"
    __table_args__ = (
        UniqueConstraint("case_id", "number", name="one_renewal_application_per_number"),
        Index("renewal_applications_by_state", "case_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    no: str = Field(unique=True)
    case_id: int = Field(foreign_key="cases.id")
    number: int
    term_no: int
    state: str = "draft"
    sha256: str
    parts: str = Field(sa_type=Encrypted)
    consent_office: str = ""
    consent_no: str = ""
    consent_on: date | None = None
    drafted_at: datetime = Field(sa_type=Instant)
    drafted_by: str
    filed_at: datetime | None = Field(default=None, sa_type=Instant)
    returned_at: datetime | None = Field(default=None, sa_type=Instant)
    correction_due: date | None = None
    items: str = Field(default="", sa_column=Column(Text, nullable=False))
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decided_by: str | None = None
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))


class RenewalFigure(SQLModel, table=True):
    """One figure of one calendar year; money in fen, everything else as counted."""

    __tablename__ = "renewal_figure"

    application_id: int = Field(primary_key=True, foreign_key="renewal_application.id")
    year: int = Field(primary_key=True)
    key: str = Field(primary_key=True)
    value: int = Field(sa_column=Column(BigInteger, nullable=False))


class RenewalDocument(SQLModel, table=True):
    """A file handed in with an application, kept encrypted; ``part`` is ``report`` or ``consent``."""

    __tablename__ = "renewal_document"
    __table_args__ = (UniqueConstraint("application_id", "part", name="one_renewal_document_per_part"),)

    id: int | None = Field(default=None, primary_key=True)
    application_id: int = Field(foreign_key="renewal_application.id")
    part: str
    name: str = Field(sa_type=Encrypted)
    kind: str
    size: int
    sha256: str
    digest: str
    at: datetime = Field(sa_type=Instant)


class RenewalWarning(SQLModel, table=True):
    """A contradiction between an application and what was reported before, and what a reviewer says to it."""

    __tablename__ = "renewal_warning"
    __table_args__ = (UniqueConstraint("application_id", "number", name="one_renewal_warning_per_number"),)

    id: int | None = Field(default=None, primary_key=True)
    application_id: int = Field(foreign_key="renewal_application.id")
    number: int
    rule: str
    clause: str
    sentence: str = Field(sa_column=Column(Text, nullable=False))
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
