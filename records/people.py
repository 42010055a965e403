"""People with an account, and the offices they belong to."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from records.types import Instant


class User(SQLModel, table=True):
    """Somebody who signs in. ``scope`` is a channel code (P50, D01) for recommenders, empty for national staff."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    name: str
    mail: str
    role: str
    scope: str = ""
    password: str | None = None
    digest: bool = True
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)


class OfficeMailbox(SQLModel, table=True):
    """The official mailbox of a recommending office, where formal letters to it go."""

    __tablename__ = "office_mailbox"

    channel: str = Field(primary_key=True)
    name: str
    mail: str
