"""Notes on a case, for the office that wrote them: a remark, never part of the file."""

from dataclasses import dataclass
from datetime import datetime

from casework.access.policy import Reach, cases_within, reach, refuse_unless_may
from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.history import case_number
from casework.inputs import refuse_identities
from casework.selection import NoSuchCase
from records.transaction import Transaction, transaction
from states.facts import instant
from states.refusals import Refused
from states.roles import Role

ACTION = "case.note"
LONGEST = 2000
NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class Note:
    """One note: when, by whom, what."""

    id: int
    at: datetime
    by: str
    words: str


def note_down(desk: Desk, no: str, words: str, *, by: Actor, as_of: datetime) -> int:
    """Keep a note; its id. Raises NoSuchCase, or Refused when it is empty, too long or holds an identity number."""
    refuse_unless_may(by, ACTION)
    words = words.strip()
    if not words:
        raise Refused("请填写备注内容。")
    if len(words) > LONGEST:
        raise Refused(f"备注过长（{len(words)}字），限{LONGEST}字。")
    refuse_identities(words, "备注")
    within, values = cases_within(by, ACTION)
    with transaction(desk.engine) as tx:
        row = tx.one(f"SELECT c.id FROM cases c WHERE c.no = ? AND {within}", (case_number(no), *values))
        if row is None:
            raise NoSuchCase
        side, scope = _side(by)
        id_ = tx.run(
            "INSERT INTO case_note (case_id, at, by, role, scope, words) VALUES (?,?,?,?,?,?) RETURNING id",
            (row[0], as_of, by.signature, side, scope, words),
        ).fetchone()[0]
        append(tx, [Entry(as_of, as_of, by.signature, "note", "written", row[0], detail={"note": id_})])
    return int(id_)


def notes_of(tx: Transaction, case_id: int, actor: Actor) -> list[Note]:
    """The notes the actor may read, newest first: those of its own office; an auditor reads all."""
    if actor.role is not Role.AUDITOR and reach(actor.role, ACTION) is Reach.NONE:
        return []
    side, scope = _side(actor)
    everyone = actor.role is Role.AUDITOR
    rows = tx.rows(
        "SELECT id, at, by, words FROM case_note WHERE case_id = ?"
        f" AND ({'1 = 1' if everyone else 'role = ? AND scope = ?'}) ORDER BY id DESC LIMIT 200",
        (case_id,) if everyone else (case_id, side, scope),
    )
    return [Note(id_, at, by, words) for id_, text, by, words in rows if (at := instant(text)) is not None]


def _side(actor: Actor) -> tuple[str, str]:
    """The office somebody writes for: the national offices read each other's notes."""
    if actor.role in (Role.RECOMMENDER, Role.PROVINCE):
        return str(actor.role), actor.scope
    return NATIONAL, ""
