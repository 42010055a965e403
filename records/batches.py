"""Batches made on the pages, and what is asked about calls: frozen before they run, kept as they ended."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from records.types import Instant


class BatchRow(SQLModel, table=True):
    """批量办理: one plan of one officer. ``chosen`` and ``inputs`` are JSON; ``whole`` means all or none.

    ``state``: previewing → ready → running → done | refused; or cancelled. ``done`` is written in the transaction
    that moves the cases, so that it is never said of what was not done.
    """

    __tablename__ = "batch"
    __table_args__ = (Index("batches_by_hand", "role", "scope", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    move: str
    label: str
    whole: bool
    role: str
    scope: str
    name: str
    chosen: str = Field(sa_column=Column(Text, nullable=False))
    inputs: str = Field(sa_column=Column(Text, nullable=False))
    state: str = "previewing"
    made_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    digest: str = ""
    total: int = 0
    going: int = 0
    letters: int = 0
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    run_by: str = ""
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    why: str = ""
    clause: str = ""


class BatchLine(SQLModel, table=True):
    """One case of a batch as it was previewed: where it goes (``to_stage``), or why not."""

    __tablename__ = "batch_line"
    __table_args__ = (Index("batch_lines_by_reason", "batch_id", "why"),)

    batch_id: int = Field(primary_key=True, foreign_key="batch.id")
    place: int = Field(primary_key=True)
    case_number: int
    no: str
    version: int
    stage: str
    to_stage: str | None = None
    why: str | None = None
    clause: str | None = None


class BatchLetter(SQLModel, table=True):
    """Letters of one kind to one role that a batch owes, with the subject of the first."""

    __tablename__ = "batch_letter"

    batch_id: int = Field(primary_key=True, foreign_key="batch.id")
    letter: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    count: int
    subject: str


class CallProposal(SQLModel, table=True):
    """A call planned on the pages: its rule file, who planned it, and who approved it (M24-7.1)."""

    __tablename__ = "call_proposal"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(index=True)
    name: str
    rules: str = Field(sa_column=Column(Text, nullable=False))
    state: str = "proposed"
    planned_by: str
    planned_at: datetime = Field(sa_type=Instant)
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    words: str = ""
    version: int = 1


class CallExtension(SQLModel, table=True):
    """The last day of filing of a call, put off: from which day to which, by whom and why."""

    __tablename__ = "call_extension"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(foreign_key="call.code", index=True)
    old_day: date
    new_day: date
    old_paper_day: date
    new_paper_day: date
    reason: str
    by: str
    at: datetime = Field(sa_type=Instant)
    cases: int
