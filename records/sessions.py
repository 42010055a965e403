"""Who is signed in, and what keeps others out. Of tokens and codes only hashes are kept."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from records.types import Encrypted, Instant


class WebSession(SQLModel, table=True):
    """One browser in which somebody signed in. ``passed_at`` is when the second factor was given, where one is asked
    for; ``confirmed_at`` when the password was last typed. ``acting_*`` name whom an officer acts for.
    """

    __tablename__ = "web_session"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    made_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    passed_at: datetime | None = Field(default=None, sa_type=Instant)
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    address: str = ""
    agent: str = ""
    acting_role: str = ""
    acting_scope: str = ""
    acting_name: str = ""


class SeatVisit(SQLModel, table=True):
    """One browser in which an expert came in by a personal link; ``until`` is the end of the visit."""

    __tablename__ = "seat_visit"

    token_hash: str = Field(primary_key=True)
    seat_id: int = Field(foreign_key="seat.id", index=True)
    panel_id: int
    purpose: str
    made_at: datetime = Field(sa_type=Instant)
    until: datetime = Field(sa_type=Instant)


class SecondFactor(SQLModel, table=True):
    """The secret an account's one-time codes come from; ``last_step`` keeps a code from being used twice."""

    __tablename__ = "second_factor"

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    secret: str = Field(sa_type=Encrypted)
    made_at: datetime = Field(sa_type=Instant)
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    last_step: int = 0


class RecoveryCode(SQLModel, table=True):
    """One code that opens an account once when the telephone is lost."""

    __tablename__ = "recovery_code"

    code_hash: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class FailedEntry(SQLModel, table=True):
    """Wrong tries at one door, by the hash of an account or an address; nothing is looked at before ``retry_at``."""

    __tablename__ = "failed_entry"

    door: str = Field(primary_key=True)
    tries: int
    last_at: datetime = Field(sa_type=Instant)
    retry_at: datetime = Field(sa_type=Instant)


class SpentForm(SQLModel, table=True):
    """A form that was sent, so that a second click answers as the first did; ``answer`` is where that one led."""

    __tablename__ = "spent_form"

    token_hash: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant, index=True)
    answer: str | None = None


class Registration(SQLModel, table=True):
    """An institution that asks for an account of its own, until its mailbox is confirmed by the code in a letter."""

    __tablename__ = "registration"

    id: int | None = Field(default=None, primary_key=True)
    uscc: str = Field(index=True)
    institution: str
    name: str
    login: str
    mail: str
    password: str
    code_hash: str
    tries: int = 0
    made_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
