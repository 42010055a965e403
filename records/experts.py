"""The pool of experts (M24-7.3c), and the human decisions on their conflicts (M24-7.3b)."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.types import Encrypted, Instant


class Expert(SQLModel, table=True):
    """专家. What identifies a person is encrypted; ``identity_mark`` is a keyed hash that finds duplicates.

    ``fields`` holds occupation codes joined by commas; ``profile`` is JSON with history, ties, group marks,
    available days and past service, where a missing key means unknown; persons named in a tie are encrypted in it.
    ``nonce`` opens the pseudonym.
    """

    __table_args__ = (Index("experts_by_state", "state", "province"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    identity: str | None = Field(default=None, sa_type=Encrypted)
    identity_mark: str = Field(unique=True)
    employer: str
    uscc: str = Field(index=True)
    province: str
    title: str = ""
    fields: str = ""
    mail: str = Field(sa_type=Encrypted)
    phone: str | None = Field(default=None, sa_type=Encrypted)
    state: str = "active"
    profile: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    nonce: str
    added_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)


class RecusalDecision(SQLModel, table=True):
    """What a human decided on a held conflict, or on recusal per case: release or exclude, with the reason."""

    __tablename__ = "recusal_decision"
    __table_args__ = (
        UniqueConstraint("panel_id", "expert_id", "case_id", "rule", name="one_decision_per_conflict"),
    )

    id: int | None = Field(default=None, primary_key=True)
    panel_id: int = Field(foreign_key="panel.id")
    expert_id: int = Field(foreign_key="expert.id")
    case_id: int | None = Field(default=None, foreign_key="cases.id")
    rule: str
    verdict: str
    evidence: str
    reason: str
    by: str
    at: datetime = Field(sa_type=Instant)
