"""Sessions: made at sign-in, found by their token, ended by time, by their owner or by the office."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.access.tokens import hash_of, make_token
from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from records.transaction import Busy, Transaction, reading, transaction, transaction_unless_busy
from states.facts import instant
from states.refusals import Refused
from states.roles import Role

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=10)
NOTED_EVERY = timedelta(minutes=1)
"""How stale ``seen_at`` may grow before a look is written down."""
GRAVE = timedelta(minutes=10)
"""How long after typing the password grave acts need no second typing."""
SECOND_FACTOR: frozenset[Role] = frozenset(
    {
        Role.RECOMMENDER,
        Role.PROVINCE,
        Role.OFFICE,
        Role.CENTRE,
        Role.PANEL,
        Role.GROUP,
        Role.HEAD,
        Role.AUDITOR,
    }
)
"""Roles that give a one-time code besides the password."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts: without a request, and at most."""

    idle: timedelta = IDLE
    longest: timedelta = LONGEST


@dataclass(frozen=True, slots=True)
class Session:
    """A live session. ``me`` is who signed in, ``actor`` who acts: another one when the office acts for somebody."""

    id: int
    person_id: int
    name: str
    me: Actor
    actor: Actor
    passed: bool
    confirmed_at: datetime | None

    @property
    def complete(self) -> bool:
        """Whether every factor asked of the role was given."""
        return self.passed or self.me.role not in SECOND_FACTOR

    def confirmed(self, as_of: datetime) -> bool:
        """Whether the password was typed lately enough for a grave act."""
        return self.confirmed_at is not None and as_of < self.confirmed_at + GRAVE


@dataclass(frozen=True, slots=True)
class Seen:
    """A session as its owner sees it in the list."""

    id: int
    made_at: datetime
    seen_at: datetime
    address: str
    agent: str


def begin_session(
    desk: Desk,
    person_id: int,
    *,
    as_of: datetime,
    address: str = "",
    agent: str = "",
    limits: Limits | None = None,
) -> str:
    """Sign a person in to one browser; the token its cookie carries, told nowhere else."""
    token = make_token()
    until = as_of + (limits or Limits()).longest
    with transaction(desk.engine) as tx:
        tx.run(
            "INSERT INTO web_session (token_hash, person_id, made_at, seen_at, expires_at, confirmed_at, address,"
            " agent, acting_role, acting_scope, acting_name) VALUES (?,?,?,?,?,?,?,?,'','','')",
            (hash_of(token, "session"), person_id, as_of, as_of, until, as_of, address[:64], agent[:160]),
        )
    return token


def session_of(desk: Desk, token: str, *, as_of: datetime, limits: Limits | None = None) -> Session | None:
    """The live session of a token; None for one that is unknown, ended, idle too long, or of a closed account."""
    allowed = limits or Limits()
    with reading(desk.engine) as tx:
        row = tx.one(
            "SELECT s.id, s.person_id, s.seen_at, s.passed_at, s.confirmed_at, s.acting_role, s.acting_scope,"
            " s.acting_name, p.login, p.name, p.role, p.scope FROM web_session s JOIN person p ON p.id = s.person_id"
            " WHERE s.token_hash = ? AND s.revoked_at IS NULL AND s.expires_at > ? AND p.disabled_at IS NULL",
            (hash_of(token, "session"), as_of),
        )
    if row is None:
        return None
    seen = instant(row[2])
    assert seen is not None
    if seen + allowed.idle <= as_of:
        return None
    if seen + NOTED_EVERY <= as_of:
        # A look waits for no batch that is being written: the next look is noted as well.
        with suppress(Busy), transaction_unless_busy(desk.engine) as tx:
            tx.run("UPDATE web_session SET seen_at = ? WHERE id = ? AND seen_at < ?", (as_of, row[0], as_of))
    me = Actor(row[8], Role(row[10]), row[11])
    actor = Actor(row[7], Role(row[5]), row[6], behind=me.signature) if row[5] else me
    return Session(row[0], row[1], row[9], me, actor, row[3] is not None, instant(row[4]))


def sessions_of(desk: Desk, person_id: int, *, as_of: datetime, limits: Limits | None = None) -> list[Seen]:
    """A person's live sessions, the latest first."""
    since = as_of - (limits or Limits()).idle
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT id, made_at, seen_at, address, agent FROM web_session WHERE person_id = ? AND revoked_at IS NULL"
            " AND expires_at > ? AND seen_at > ? ORDER BY seen_at DESC, id DESC",
            (person_id, as_of, since),
        )
    return [Seen(row[0], _at(row[1]), _at(row[2]), row[3], row[4]) for row in rows]


def note_second_factor(tx: Transaction, session_id: int, *, as_of: datetime) -> None:
    """The second factor was given in this session."""
    tx.run("UPDATE web_session SET passed_at = ? WHERE id = ?", (as_of, session_id))


def note_password(tx: Transaction, session_id: int, *, as_of: datetime) -> None:
    """The password was typed again in this session."""
    tx.run("UPDATE web_session SET confirmed_at = ? WHERE id = ?", (as_of, session_id))


def end_session(desk: Desk, session: Session, *, as_of: datetime, which: int | None = None) -> None:
    """Sign out here, or end another session (``which``) of the same person. Raises Refused when it is not theirs."""
    with transaction(desk.engine) as tx:
        ended = tx.run(
            "UPDATE web_session SET revoked_at = ? WHERE id = ? AND person_id = ? AND revoked_at IS NULL",
            (as_of, session.id if which is None else which, session.person_id),
        )
        if ended.rowcount != 1:
            raise Refused("这次登录已经结束，或者不是您的，无需再退出。")
        append(tx, [Entry(as_of, as_of, session.me.signature, "account", "sign_out")])


def end_sessions(tx: Transaction, person_id: int, *, as_of: datetime, but: int = 0) -> int:
    """End every session of a person, except one; how many ended."""
    ended = tx.run(
        "UPDATE web_session SET revoked_at = ? WHERE person_id = ? AND id <> ? AND revoked_at IS NULL",
        (as_of, person_id, but),
    )
    return int(ended.rowcount)


def _at(stored: str) -> datetime:
    at = instant(stored)
    assert at is not None
    return at
