"""The seal: a known text encrypted with this installation's key, to ask whether a key fits before it is used."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from records.types import Encrypted, Instant


class Seal(SQLModel, table=True):
    """One row, written when the database is made. A key that cannot read it is not this database's key."""

    __tablename__ = "seal"

    name: str = Field(primary_key=True)
    sealed: str = Field(sa_type=Encrypted)
    at: datetime = Field(sa_type=Instant)
