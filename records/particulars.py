"""Changes of an institution's particulars, asked for and made, and those who leave by their own will (M24-20c)."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.types import Encrypted, Instant


class ChangeRequest(SQLModel, table=True):
    """变更申请. ``case_id`` is the listing it hangs on (the institution's first), ``fields`` the keys, by commas.

    ``state``: ``requested`` → ``returned`` → ``requested`` …, then ``approved``, ``refused``, ``withdrawn``, ``lapsed``
    (not mended in time) or ``moot`` (the institution left meanwhile). ``due_at`` is the first instant after the last
    day of whoever's move it is; ``next_at`` when the sweep next looks at it.
    """

    __tablename__ = "change_request"
    __table_args__ = (Index("changes_by_next", "next_at"), Index("changes_by_state", "state", "due_at"))

    id: int | None = Field(default=None, primary_key=True)
    no: str = Field(unique=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    fields: str
    state: str = "requested"
    version: int = 1
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    requested_by: str
    requested_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    due_explained: str = ""
    next_at: datetime | None = Field(default=None, sa_type=Instant)
    opinion: str = Field(default="", sa_column=Column(Text, nullable=False))
    opinion_by: str | None = None
    opinion_at: datetime | None = Field(default=None, sa_type=Instant)
    words: str = Field(default="", sa_column=Column(Text, nullable=False))
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    overdue_told_at: datetime | None = Field(default=None, sa_type=Instant)


class ChangeValue(SQLModel, table=True):
    """One value asked for; all are encrypted alike, for some are personal."""

    __tablename__ = "change_value"

    change_id: int = Field(primary_key=True, foreign_key="change_request.id")
    field: str = Field(primary_key=True)
    value: str = Field(sa_type=Encrypted)


class ChangeDocument(SQLModel, table=True):
    """A supporting document of a request, kept encrypted by its content; ``kind`` was told from the content."""

    __tablename__ = "change_document"
    __table_args__ = (UniqueConstraint("change_id", "sha256", name="one_change_document_once"),)

    id: int | None = Field(default=None, primary_key=True)
    change_id: int = Field(foreign_key="change_request.id", index=True)
    name: str = Field(sa_type=Encrypted)
    kind: str
    size: int
    sha256: str
    digest: str
    at: datetime = Field(sa_type=Instant)


class Particular(SQLModel, table=True):
    """One change made. ``old`` and ``value`` are empty for what is not public; that lies in ``sealed``.

    What an institution was called on a day is the last value before its end, else the ``old`` one of the first after.
    """

    __tablename__ = "particular"
    __table_args__ = (
        Index("particulars_by_field", "field", "effective_at"),
        Index("particulars_by_institution", "institution_id", "field", "effective_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id")
    case_id: int | None = Field(default=None, foreign_key="cases.id", index=True)
    field: str
    old: str = ""
    value: str = ""
    sealed: str = Field(default="", sa_type=Encrypted)
    change_no: str = ""
    clause: str
    by: str
    effective_at: datetime = Field(sa_type=Instant)


class Departure(SQLModel, table=True):
    """主动退出: one act for one or all occupations. ``last_day`` is empty when it took effect at once.

    ``note`` is what the public reads; ``learners`` are those in progress, with what is arranged for them.
    """

    __tablename__ = "departure"

    id: int | None = Field(default=None, primary_key=True)
    no: str = Field(unique=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    reason: str = Field(sa_column=Column(Text, nullable=False))
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    last_day: date | None = None
    learners: int = 0
    arrangements: str = Field(default="", sa_column=Column(Text, nullable=False))
    records_kept: str
    by: str
    at: datetime = Field(sa_type=Instant)
    taken_back_by: str | None = None
    taken_back_at: datetime | None = Field(default=None, sa_type=Instant)


class DepartureCase(SQLModel, table=True):
    """Which listings a departure is about."""

    __tablename__ = "departure_case"

    departure_id: int = Field(primary_key=True, foreign_key="departure.id")
    case_id: int = Field(primary_key=True, foreign_key="cases.id", index=True)
