"""What became of cases whose time of keeping was over (I21-4.6.5), and files that are still to be removed."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from records.types import Instant


class PurgedCase(SQLModel, table=True):
    """A case whose content was removed. What is public of it stays: number, institution, terms, the audit log."""

    __tablename__ = "purged_case"

    case_id: int = Field(primary_key=True, foreign_key="cases.id")
    kept_until: date
    at: datetime = Field(sa_type=Instant)
    by: str


class PurgedFile(SQLModel, table=True):
    """A file no case refers to any more, named in the transaction that let go of it and gone when the row is.

    ``path`` is relative to the data folder.
    """

    __tablename__ = "purged_file"

    path: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
