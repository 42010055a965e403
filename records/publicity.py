"""What was publicised, to the byte, and the objections to it (I21-4.5, M24-7.4, D-2)."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.types import Encrypted, Instant


class Publicity(SQLModel, table=True):
    """公示: one list posted at one instant. The row never changes; a correction is a new row that names this one.

    ``snapshot`` is canonical JSON and ``sha256`` its hash; ``last_day`` is the day as it stood when posted,
    ``office`` the province that publishes (P50), or empty for the nation.
    """

    __tablename__ = "publicity"
    __table_args__ = (Index("publicities_by_call", "call", "track", "posted_at"),)

    id: int | None = Field(default=None, primary_key=True)
    no: str = Field(unique=True)
    call: str
    track: str
    process: str
    office: str = ""
    publisher: str
    clause: str
    posted_at: datetime = Field(sa_type=Instant)
    posted_by: str
    last_day: date
    provisional: bool = False
    correction: str = Field(default="", sa_column=Column(Text, nullable=False))
    corrects_id: int | None = Field(default=None, foreign_key="publicity.id")
    sha256: str
    snapshot: str = Field(sa_column=Column(Text, nullable=False))


class PublicityCase(SQLModel, table=True):
    """Which cases stand on which list."""

    __tablename__ = "publicity_case"

    publicity_id: int = Field(primary_key=True, foreign_key="publicity.id")
    case_id: int = Field(primary_key=True, foreign_key="cases.id", index=True)


class Objection(SQLModel, table=True):
    """异议: what was raised against one case on a list, and what came of it.

    Who raised it is encrypted, and empty for an anonymous objection. ``outcome``: empty while open, then
    ``dismissed``, ``upheld``, ``corrected`` (publicised anew because of it) or ``moot`` (the case ended otherwise).
    ``due_at`` is the first instant after the last day of the investigation.
    """

    __tablename__ = "objection"
    __table_args__ = (
        UniqueConstraint("case_id", "number", name="one_objection_per_number"),
        Index("objections_by_due", "outcome", "due_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    no: str = Field(unique=True)
    case_id: int = Field(foreign_key="cases.id")
    publicity_id: int | None = Field(default=None, foreign_key="publicity.id")
    number: int
    named: bool = False
    name: str = Field(default="", sa_type=Encrypted)
    contact: str = Field(default="", sa_type=Encrypted)
    mail: str = Field(default="", sa_type=Encrypted)
    text: str = Field(sa_column=Column(Text, nullable=False))
    text_sha256: str
    received_at: datetime = Field(sa_type=Instant)
    received_by: str
    due_at: datetime = Field(sa_type=Instant)
    due_explained: str = ""
    acknowledged_at: datetime | None = Field(default=None, sa_type=Instant)
    notes: str = Field(default="", sa_column=Column(Text, nullable=False))
    outcome: str = ""
    finding: str = Field(default="", sa_column=Column(Text, nullable=False))
    changed_facts: str = Field(default="", sa_column=Column(Text, nullable=False))
    reply: str = Field(default="", sa_column=Column(Text, nullable=False))
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    overdue_told_at: datetime | None = Field(default=None, sa_type=Instant)


class ObjectionEvidence(SQLModel, table=True):
    """A file handed in with an objection, kept encrypted by its content; ``kind`` was told from the content."""

    __tablename__ = "objection_evidence"
    __table_args__ = (UniqueConstraint("objection_id", "sha256", name="one_evidence_once"),)

    id: int | None = Field(default=None, primary_key=True)
    objection_id: int = Field(foreign_key="objection.id", index=True)
    name: str = Field(sa_type=Encrypted)
    kind: str
    size: int
    sha256: str
    digest: str
    at: datetime = Field(sa_type=Instant)


class ObjectionLetter(SQLModel, table=True):
    """Letters to those who objected live apart from those of cases, so that nobody reads there who it was.

    Recipient and words are encrypted; the states are those of ``letter``.
    """

    __tablename__ = "objection_letter"
    __table_args__ = (
        UniqueConstraint("objection_id", "letter", name="one_objection_letter_of_a_kind"),
        Index("objection_letters_by_state", "state", "not_before"),
    )

    id: int | None = Field(default=None, primary_key=True)
    objection_id: int = Field(foreign_key="objection.id")
    letter: str
    recipient: str = Field(sa_type=Encrypted)
    subject: str = Field(sa_type=Encrypted)
    body: str = Field(sa_type=Encrypted)
    message_id: str
    created_at: datetime = Field(sa_type=Instant)
    not_before: datetime = Field(sa_type=Instant)
    state: str = "queued"
    attempts: int = 0
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    leased_by: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    error: str | None = None
