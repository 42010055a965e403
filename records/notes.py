"""What staff note down about a case for themselves."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from records.types import Instant


class CaseNote(SQLModel, table=True):
    """One note; ``role`` and ``scope`` are the office that wrote it, inside which it stays."""

    __tablename__ = "case_note"
    __table_args__ = (Index("notes_by_case", "case_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    at: datetime = Field(sa_type=Instant)
    by: str
    role: str
    scope: str = ""
    words: str = Field(sa_column=Column(Text, nullable=False))
