"""The letters an institution was sent about its cases, as they were worded."""

from dataclasses import dataclass
from datetime import datetime

from casework.access.policy import in_scope
from casework.actors import Actor
from casework.desk import Desk
from casework.history import LETTER_STATES
from records.transaction import reading
from states.facts import instant
from states.refusals import Refused
from states.roles import Role


@dataclass(frozen=True, slots=True)
class Received:
    """A letter to an institution about the case ``no``: when it was written, how far it came, its words."""

    id: int
    no: str
    at: datetime
    subject: str
    state: str
    recipient: str
    body: str = ""


NO_WORDS = "''"
_SELECT = (
    "SELECT l.id, c.no, l.created_at, l.subject, l.state, l.recipient, {body} FROM letter l JOIN cases c ON"
    " c.id = l.case_id WHERE l.role = ? AND l.state <> 'superseded' AND "
)


def received(
    desk: Desk, actor: Actor, *, no: str = "", before: int | None = None, limit: int = 50
) -> list[Received]:
    """The letters to the institutions an actor may see, the newest first, without their words; by id before ``before``."""
    where, values = in_scope(actor)
    if no:
        where, values = f"{where} AND c.no = ?", [*values, no]
    if before is not None:
        where, values = f"{where} AND l.id < ?", [*values, before]
    with reading(desk.engine) as tx:
        rows = tx.rows(
            f"{_SELECT.format(body=NO_WORDS)}{where} ORDER BY l.id DESC LIMIT ?",
            (str(Role.APPLICANT), *values, limit),
        )
    return [_received(row) for row in rows]


def letter_received(desk: Desk, id_: int, actor: Actor) -> Received:
    """One letter with its words. Raises Refused when it is not there, or not the actor's to read."""
    where, values = in_scope(actor)
    with reading(desk.engine) as tx:
        row = tx.one(
            f"{_SELECT.format(body='l.body')}{where} AND l.id = ?", (str(Role.APPLICANT), *values, id_)
        )
    if row is None:
        raise Refused("没有这封通知，或者不是发给本单位的。")
    return _received(row)


def _received(row: tuple[object, ...]) -> Received:
    at = instant(row[2])  # type: ignore[arg-type]
    assert at is not None
    return Received(
        int(str(row[0])),
        str(row[1]),
        at,
        str(row[3]),
        LETTER_STATES.get(str(row[4]), str(row[4])),
        str(row[5]),
        str(row[6]),
    )
