"""Duties after listing: what is owed by when, and what was reported (M24-8, M24-11, M24-12, M24-14, I21-4.6)."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.types import Encrypted, Instant


class DutyOwed(SQLModel, table=True):
    """One thing owed by one institution or one office. ``due_at`` is the first instant after the last allowed day.

    ``owner`` is ``case:12`` or a province's office (``P50``), ``about`` what it is about, unique with the kind.
    ``next_at`` is when the sweep next looks at it: a reminder, the due instant, an escalation; empty once it is done.
    """

    __tablename__ = "duty_owed"
    __table_args__ = (
        UniqueConstraint("kind", "owner", "about", name="one_duty_per_subject"),
        Index("duties_by_next", "next_at"),
        Index("duties_open", "done_at", "due_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    owner: str
    about: str
    case_id: int | None = Field(default=None, foreign_key="cases.id", index=True)
    province: str
    label: str
    clause: str
    owed_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    explained: str
    next_at: datetime | None = Field(default=None, sa_type=Instant)
    overdue_told_at: datetime | None = Field(default=None, sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    done_by: str | None = None
    dropped: bool = False


class YearlyReport(SQLModel, table=True):
    """The yearly report of one listing for one calendar year; a correction is a new row with its reason."""

    __tablename__ = "yearly_report"
    __table_args__ = (UniqueConstraint("case_id", "year", "number", name="one_yearly_report_per_number"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    year: int
    number: int
    summary: str = Field(sa_column=Column(Text, nullable=False))
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    days_late: int = 0
    filed_at: datetime = Field(sa_type=Instant)
    filed_by: str


class YearlyFigure(SQLModel, table=True):
    """The figures of a yearly report for one level."""

    __tablename__ = "yearly_figure"

    report_id: int = Field(primary_key=True, foreign_key="yearly_report.id")
    level: str = Field(primary_key=True)
    person_times: int
    passed: int
    certificates: int


class YearlyPlan(SQLModel, table=True):
    """What is planned for a calendar year, filed with the report of the year before or by itself; the last counts."""

    __tablename__ = "yearly_plan"
    __table_args__ = (UniqueConstraint("case_id", "year", "number", name="one_yearly_plan_per_number"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    year: int
    number: int
    sessions: int
    person_times: int
    places: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    filed_at: datetime = Field(sa_type=Instant)
    filed_by: str


class ExamSite(SQLModel, table=True):
    """An examination site reported to the local office (M24-11.1); it serves every listing of the institution."""

    __tablename__ = "exam_site"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    province: str = Field(index=True)
    name: str
    address: str
    capacity: int
    supervisor: str = Field(sa_type=Encrypted)
    reported_at: datetime = Field(sa_type=Instant)
    reported_by: str
    closed_at: datetime | None = Field(default=None, sa_type=Instant)


class Examination(SQLModel, table=True):
    """One examination (evaluation) or course (training): announced, reported, its certificates filed, or cancelled.

    ``year`` is that of its last day; ``unplanned`` is set when no plan of that year was filed before (M24-14).
    """

    __tablename__ = "examination"
    __table_args__ = (Index("examinations_by_year", "case_id", "year"),)

    id: int | None = Field(default=None, primary_key=True)
    no: str = Field(unique=True)
    case_id: int = Field(foreign_key="cases.id")
    year: int
    level: str
    starts_on: date
    ends_on: date
    site_id: int | None = Field(default=None, foreign_key="exam_site.id")
    place: str
    expected: int
    unplanned: bool = False
    announced_at: datetime = Field(sa_type=Instant)
    announced_by: str
    person_times: int | None = None
    passed: int | None = None
    reported_at: datetime | None = Field(default=None, sa_type=Instant)
    certificates: int = 0
    certified_at: datetime | None = Field(default=None, sa_type=Instant)
    cancelled_at: datetime | None = Field(default=None, sa_type=Instant)
    cancelled_why: str = ""


class Certificate(SQLModel, table=True):
    """One certificate: its number, and of its holder a keyed hash and the last four characters alone (M24-11.6a)."""

    __tablename__ = "certificate"

    number: str = Field(primary_key=True)
    examination_id: int = Field(foreign_key="examination.id", index=True)
    level: str
    issued_on: date
    holder_mark: str
    holder_ends: str


class FeeSchedule(SQLModel, table=True):
    """What a listing charges from a day on, public (M24-12, I21-4.6.4); a change is a new row."""

    __tablename__ = "fee_schedule"
    __table_args__ = (UniqueConstraint("case_id", "number", name="one_fee_schedule_per_number"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    number: int
    effective_on: date
    refund: str = Field(sa_column=Column(Text, nullable=False))
    basis: str = Field(sa_column=Column(Text, nullable=False))
    filed_at: datetime = Field(sa_type=Instant)
    filed_by: str


class FeeItem(SQLModel, table=True):
    """One item of a fee schedule. ``fen`` is the amount in hundredths of a yuan."""

    __tablename__ = "fee_item"

    schedule_id: int = Field(primary_key=True, foreign_key="fee_schedule.id")
    place: int = Field(primary_key=True)
    name: str
    unit: str
    fen: int


class Emergency(SQLModel, table=True):
    """突发事件: a network, data or examination emergency an institution reported at once (M24-11.6b)."""

    __tablename__ = "emergency"

    id: int | None = Field(default=None, primary_key=True)
    no: str = Field(unique=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    kind: str
    happened_at: datetime = Field(sa_type=Instant)
    scope: str = Field(sa_column=Column(Text, nullable=False))
    measures: str = Field(sa_column=Column(Text, nullable=False))
    reported_at: datetime = Field(sa_type=Instant)
    reported_by: str
    acknowledged_at: datetime | None = Field(default=None, sa_type=Instant)
    acknowledged_by: str | None = None
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_by: str | None = None
    outcome: str = Field(default="", sa_column=Column(Text, nullable=False))


class EmergencyNote(SQLModel, table=True):
    """What was done about an emergency since it was reported."""

    __tablename__ = "emergency_note"

    id: int | None = Field(default=None, primary_key=True)
    emergency_id: int = Field(foreign_key="emergency.id", index=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_type=Instant)
    by: str


class ReportedList(SQLModel, table=True):
    """A provincial list of training institutions as it was reported to the group (M24-8, B3-5.2, CQ23-4.2)."""

    __tablename__ = "reported_list"

    id: int | None = Field(default=None, primary_key=True)
    office: str = Field(index=True)
    on_day: date
    count: int
    content: str = Field(sa_column=Column(Text, nullable=False))
    sha256: str
    document_no: str
    reported_at: datetime = Field(sa_type=Instant)
    reported_by: str
