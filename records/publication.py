"""What is published over HTTP (I21-4.5, M24-7.5), every attempt at it, and the key that signs what leaves."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.types import Encrypted, Instant


class PublicationEdition(SQLModel, table=True):
    """One edition of something published: the directory of a track, or a list under publicity, for one audience.

    ``body`` is what is sent, to the byte, and ``sha256`` its hash; it names the edition before it. ``content_sha256``
    is the hash of what it says, by which a change is noticed. For a list under publicity ``until`` is when it
    ends, and ``wanted_by`` the end of the first day that counts: by then it must stand on the site.
    """

    __tablename__ = "publication_edition"
    __table_args__ = (UniqueConstraint("object", "number", name="one_edition_per_number"),)

    id: int | None = Field(default=None, primary_key=True)
    object: str
    number: int
    kind: str
    title: str
    clause: str
    content_sha256: str
    sha256: str = Field(unique=True)
    body: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime = Field(sa_type=Instant)
    wanted_by: datetime | None = Field(default=None, sa_type=Instant)
    until: datetime | None = Field(default=None, sa_type=Instant)


class PublicationDelivery(SQLModel, table=True):
    """One edition owed to one receiver. The states are those of ``letter``; ``superseded`` by a newer edition."""

    __tablename__ = "publication_delivery"
    __table_args__ = (
        UniqueConstraint("receiver", "edition_id", name="one_delivery_per_edition"),
        Index("publication_deliveries_by_state", "state", "not_before"),
    )

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="publication_edition.id", index=True)
    receiver: str
    object: str
    number: int
    created_at: datetime = Field(sa_type=Instant)
    not_before: datetime = Field(sa_type=Instant)
    state: str = "queued"
    attempts: int = 0
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    leased_by: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    error: str | None = None


class PublicationAttempt(SQLModel, table=True):
    """One attempt: when, what the receiver answered, how long it took. The circuit breaker reads these rows."""

    __tablename__ = "publication_attempt"
    __table_args__ = (Index("publication_attempts_by_receiver", "receiver", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    delivery_id: int = Field(foreign_key="publication_delivery.id", index=True)
    receiver: str
    at: datetime = Field(sa_type=Instant)
    outcome: str
    status: int | None = None
    milliseconds: int | None = None
    error: str | None = None


class PublicationMark(SQLModel, table=True):
    """Up to where the records were looked at for something new to publish. One row."""

    __tablename__ = "publication_mark"

    name: str = Field(primary_key=True)
    since: datetime = Field(sa_type=Instant)
    audit_seq: int
    day: date
    looked_at: datetime = Field(sa_type=Instant)
    around: str


class SigningKey(SQLModel, table=True):
    """The Ed25519 key of this installation. The private half is encrypted with the installation's key file."""

    __tablename__ = "signing_key"

    name: str = Field(primary_key=True)
    key_id: str
    public: str
    private: str = Field(sa_type=Encrypted)
    made_at: datetime = Field(sa_type=Instant)
