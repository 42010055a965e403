"""What waits for one reader: how many, what is due next, who waits longest; always by an index, within scope."""

from dataclasses import dataclass
from datetime import datetime

from casework.access.policy import in_scope
from casework.actors import Actor
from casework.desk import Desk
from casework.selection import visible
from records.transaction import reading
from states.calendar import day_of
from states.facts import instant
from states.roles import Role

MOST = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case that waits for the reader."""

    no: str
    institution: str
    stage: str
    due_at: datetime | None
    days_over: int


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything the home page shows. ``mine`` counts what is the reader's own move, ``overdue`` what is past its limit."""

    mine: int
    overdue: int
    in_sight: int
    next_due: datetime | None
    rows: tuple[Waiting, ...]

    @property
    def first(self) -> Waiting | None:
        """Where to begin: the longest overdue, else the next due."""
        return self.rows[0] if self.rows else None


def waiting(desk: Desk, actor: Actor, *, as_of: datetime) -> Mine:
    """What waits for an actor as of an instant."""
    seen, values = visible(actor)
    scope, own = (
        in_scope(actor) if actor.role in (Role.RECOMMENDER, Role.PROVINCE, Role.APPLICANT) else ("1 = 1", [])
    )
    mine = f"c.held_by = ? AND {seen} AND {scope}"
    given = [str(actor.role), *values, *own]
    with reading(desk.engine) as tx:
        counted = tx.one(
            f"SELECT count(*), count(CASE WHEN c.due_at <= ? THEN 1 END), min(CASE WHEN c.due_at > ? THEN c.due_at END)"
            f" FROM cases c WHERE {mine}",
            (as_of, as_of, *given),
        )
        total = tx.one(f"SELECT count(*) FROM cases c WHERE {seen}", values)
        rows = tx.rows(
            "SELECT c.no, i.name, c.process, c.stage, c.due_at FROM cases c JOIN institution i ON i.id ="
            f" c.institution_id WHERE {mine} AND c.due_at IS NOT NULL ORDER BY c.due_at, c.id LIMIT {MOST}",
            given,
        )
    assert counted
    assert total
    return Mine(
        counted[0],
        counted[1],
        total[0],
        instant(counted[2]),
        tuple(_waiting(desk, row, as_of) for row in rows),
    )


def _waiting(desk: Desk, row: tuple[str, str, str, str, str | None], as_of: datetime) -> Waiting:
    no, institution, process, stage, due_text = row
    due = instant(due_text)
    over = desk.calendar.count(day_of(due), day_of(as_of)) if due is not None and due <= as_of else 0
    return Waiting(no, institution, desk.processes.process(process).stages[stage].label, due, over)
