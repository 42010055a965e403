"""The audit log, hash-chained, and the incidents that wait for somebody to retry them."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from records.types import Instant


class AuditEntry(SQLModel, table=True):
    """One thing that happened. ``hash`` covers the entry and the hash before it (law 12).

    ``at`` is the legal instant the entry takes effect, ``written_at`` when it was written: they differ when the
    clock catches up after an outage (D-7).
    """

    __tablename__ = "audit"
    __table_args__ = (Index("audit_by_case", "case_id"),)

    seq: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Instant)
    written_at: datetime = Field(sa_type=Instant)
    actor: str
    kind: str
    name: str
    case_id: int | None = None
    from_stage: str = ""
    to_stage: str = ""
    version: int = 0
    clause: str = ""
    detail: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    hash: str


class Incident(SQLModel, table=True):
    """Something that failed and waits for a human: what, on which case, why, and how often it was tried."""

    __table_args__ = (Index("incidents_open", "closed_at", "kind"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    case_id: int | None = Field(default=None, foreign_key="cases.id", index=True)
    subject: str
    reason: str
    detail: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_type=Instant)
    attempts: int = 1
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_by: str | None = None
    outcome: str | None = None
