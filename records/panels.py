"""Panels, their draws, seats, timers, and the links by which experts come in."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.types import Encrypted, Instant


class Panel(SQLModel, table=True):
    """专家组 of one call, track and occupation, with the constraints published before its draw.

    ``province`` is the two-digit code of the province that organises it (M24-8), empty for a national panel.

    ``state``: planned → committed → drawn → confirmed → voting → closed → opened → tallied → released, or
    ``cancelled``. ``recusal`` is ``panel`` (a conflict with any case excludes) or ``case``: a decision of
    ``recusal_by`` for ``recusal_reason`` (D-10).
    """

    __table_args__ = (Index("panels_by_call", "call", "track", "occupation"),)

    id: int | None = Field(default=None, primary_key=True)
    no: str = Field(unique=True)
    version: int = 1
    call: str
    track: str
    occupation: str
    province: str = Field(default="", sa_column_kwargs={"server_default": ""})
    state: str = "planned"
    size: int
    quorum: int
    per_employer: int = 1
    per_province: int = 0
    of_field: int = 0
    recusal: str = "panel"
    recusal_reason: str | None = None
    recusal_by: str | None = None
    draw_at: datetime | None = Field(default=None, sa_type=Instant)
    meets_at: datetime | None = Field(default=None, sa_type=Instant)
    closes_at: datetime | None = Field(default=None, sa_type=Instant)
    public_key: str | None = None
    officers: int = 0
    officers_needed: int = 0
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)


class PanelCase(SQLModel, table=True):
    """Which cases a panel reads."""

    __tablename__ = "panel_case"

    panel_id: int = Field(primary_key=True, foreign_key="panel.id")
    case_id: int = Field(primary_key=True, foreign_key="cases.id")


class FrozenPool(SQLModel, table=True):
    """The pool as it stood when a round was committed, once for all rounds committed to it.

    ``content`` is JSON: the nonce of the call's employer pseudonyms, and every expert with what its pseudonym
    opens to. It leaves the database only in the sealed form of a certificate.
    """

    __tablename__ = "frozen_pool"
    __table_args__ = (Index("frozen_pools_by_call", "call"),)

    sha256: str = Field(primary_key=True)
    call: str
    size: int
    frozen_at: datetime = Field(sa_type=Instant)
    content: str = Field(sa_type=Encrypted)


class DrawRound(SQLModel, table=True):
    """One round of a panel's draw: the frame and commitment published first, the certificate afterwards.

    ``state``: committed → drawn, or void (``void_why`` says why: too few eligible, or given up). ``frozen`` is the
    frame without the pool, as JSON. ``secret`` is encrypted and leaves the database only inside the certificate of
    the finished round.
    """

    __tablename__ = "draw_round"
    __table_args__ = (UniqueConstraint("panel_id", "round", name="one_draw_per_round"),)

    id: int | None = Field(default=None, primary_key=True)
    panel_id: int = Field(foreign_key="panel.id")
    round: int
    state: str = "committed"
    seats: int
    pool_sha256: str = Field(foreign_key="frozen_pool.sha256")
    frame_sha256: str
    frozen: str = Field(sa_type=Encrypted, sa_column_kwargs={"nullable": False})
    secret: str = Field(sa_type=Encrypted)
    commitment: str = Field(unique=True)
    committed_at: datetime = Field(sa_type=Instant)
    committed_by: str
    digits: str | None = None
    source: str | None = None
    supervisor: str | None = None
    drawn_at: datetime | None = Field(default=None, sa_type=Instant)
    void_why: str | None = None
    certificate: str | None = Field(default=None, sa_column=Column(Text))


class Seat(SQLModel, table=True):
    """One expert drawn for a panel.

    ``state``: drawn → invited → accepted → confirmed, or declined, silent, conflicted, released.
    """

    __table_args__ = (UniqueConstraint("panel_id", "expert_id", name="one_seat_per_expert"),)

    id: int | None = Field(default=None, primary_key=True)
    panel_id: int = Field(foreign_key="panel.id", index=True)
    round: int
    place: int
    expert_id: int = Field(foreign_key="expert.id", index=True)
    pseudonym: str
    state: str = "drawn"
    invited_at: datetime | None = Field(default=None, sa_type=Instant)
    answer_due: date | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str | None = Field(default=None, sa_type=Encrypted)
    declaration: str | None = Field(default=None, sa_type=Encrypted)
    declared_at: datetime | None = Field(default=None, sa_type=Instant)
    opened_materials_at: datetime | None = Field(default=None, sa_type=Instant)


class PanelTimer(SQLModel, table=True):
    """What a panel waits for: one row per timer, like those of cases (law 3)."""

    __tablename__ = "panel_timer"
    __table_args__ = (Index("panel_timers_by_instant", "fires_at"), {"sqlite_with_rowid": False})

    panel_id: int = Field(primary_key=True, foreign_key="panel.id")
    key: str = Field(primary_key=True)
    kind: str
    due: datetime = Field(sa_type=Instant)
    fires_at: datetime | None = Field(default=None, sa_type=Instant)
    about: date
    clause: str
    seat_id: int | None = Field(default=None, foreign_key="seat.id")
    held_why: str | None = None


class EntryLink(SQLModel, table=True):
    """A personal one-time link: only its hash is kept; short-lived, single use, bound to one person.

    ``purpose``: ``invitation`` or ``review``. After a wrong code nothing is looked at before ``retry_at``.
    """

    __tablename__ = "entry_link"

    token_hash: str = Field(primary_key=True)
    seat_id: int = Field(foreign_key="seat.id", index=True)
    purpose: str
    code_hash: str
    made_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    tries: int = 0
    retry_at: datetime | None = Field(default=None, sa_type=Instant)


class PanelLetter(SQLModel, table=True):
    """Letters to experts live apart from those of cases, so that no list of letters names a panel (law 10).

    Recipient and body are encrypted; the states are those of ``letter``.
    """

    __tablename__ = "panel_letter"
    __table_args__ = (
        UniqueConstraint("seat_id", "letter", "occasion", name="one_panel_letter_per_occasion"),
        Index("panel_letters_by_state", "state", "not_before"),
    )

    id: int | None = Field(default=None, primary_key=True)
    seat_id: int = Field(foreign_key="seat.id")
    letter: str
    occasion: str
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


class PanelMeeting(SQLModel, table=True):
    """A meeting of a panel as recorded: who sat by seat numbers, the minutes encrypted. A correction is a new row."""

    __tablename__ = "panel_meeting"
    __table_args__ = (UniqueConstraint("panel_id", "number", name="one_meeting_per_number"),)

    id: int | None = Field(default=None, primary_key=True)
    panel_id: int = Field(foreign_key="panel.id")
    number: int
    held_at: datetime = Field(sa_type=Instant)
    place: str
    present: str
    minutes: str = Field(sa_type=Encrypted)
    recorded_by: str
    recorded_at: datetime = Field(sa_type=Instant)
