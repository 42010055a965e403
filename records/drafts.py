"""What an institution is still writing, which fields an office marked for correction, which paper is on its way."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.types import Encrypted, Instant


class ApplicationDraft(SQLModel, table=True):
    """A recommendation form being filled in, or mended: ``case_id`` then names the case that was returned.

    ``content`` is JSON as typed (texts by field, rows by table); it holds an identity number, so it is encrypted.
    It goes when the form is filed: the filing holds everything.
    """

    __tablename__ = "application_draft"
    __table_args__ = (
        UniqueConstraint("institution_id", "call", "track", "occupation", name="one_draft_per_occupation"),
    )

    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id")
    case_id: int | None = Field(default=None, foreign_key="cases.id", index=True)
    call: str
    track: str
    occupation: str
    channel: str
    version: int = 1
    content: str = Field(sa_type=Encrypted)
    made_at: datetime = Field(sa_type=Instant)
    saved_at: datetime = Field(sa_type=Instant)
    saved_by: str


class DraftPaper(SQLModel, table=True):
    """A paper uploaded to a draft, one of a kind; it lies among the materials under ``digest``, encrypted."""

    __tablename__ = "draft_paper"
    __table_args__ = (UniqueConstraint("draft_id", "kind", name="one_paper_of_a_kind_per_draft"),)

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="application_draft.id")
    kind: str
    name: str
    digest: str
    size: int
    at: datetime = Field(sa_type=Instant)


class CorrectionMark(SQLModel, table=True):
    """One field that an office marked when it returned a case (D-4). ``round`` is the case's version then."""

    __tablename__ = "correction_mark"
    __table_args__ = (Index("correction_marks_by_case", "case_id", "round"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    round: int
    key: str
    words: str = Field(default="", sa_column=Column(Text, nullable=False))


class PaperPosting(SQLModel, table=True):
    """That an office sent the sealed papers of a case (D-9): on which day, by whom, under which number."""

    __tablename__ = "paper_posting"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    posted_on: date
    carrier: str
    parcel_no: str
    at: datetime = Field(sa_type=Instant)
    by: str
