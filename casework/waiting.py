"""What waits for one reader: how many, what is due next, who waits longest; always by an index, within scope."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.access.policy import in_scope, may
from casework.actors import Actor
from casework.desk import Desk
from casework.incidents import incidents
from casework.selection import Selection, visible
from casework.stuck_board import BoardLine, Counts, board, counts
from records.transaction import Transaction, reading
from states.calendar import day_of
from states.facts import instant
from states.roles import Role

MOST = 10
COUNTED = 10_000
"""Counts go no further: a page says “10,000+”."""
SCOPED = (Role.RECOMMENDER, Role.PROVINCE, Role.APPLICANT)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case that waits for the reader."""

    no: str
    institution: str
    stage: str
    due_at: datetime | None
    days_over: int


@dataclass(frozen=True, slots=True)
class StageWaiting:
    """How many cases of one stage wait for the reader, and how many of them are late."""

    key: str
    label: str
    count: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything the home page shows. ``mine`` counts what is the reader's own move, ``overdue`` what is past its limit;
    ``stuck`` and ``longest`` are what the stuck board says, for those who may see it; ``incidents`` likewise.
    """

    mine: int
    overdue: int
    in_sight: int
    next_due: datetime | None
    rows: tuple[Waiting, ...]
    stages: tuple[StageWaiting, ...] = ()
    stuck: Counts | None = None
    longest: tuple[BoardLine, ...] = ()
    incidents: int | None = None

    @property
    def first(self) -> Waiting | None:
        """Where to begin: the longest overdue, else the next due."""
        return self.rows[0] if self.rows else None


def waiting(desk: Desk, actor: Actor, *, as_of: datetime) -> Mine:
    """What waits for an actor as of an instant."""
    seen, values = visible(actor)
    scope, own = in_scope(actor) if actor.role in SCOPED else ("1 = 1", [])
    mine, given = f"c.held_by = ? AND {seen} AND {scope}", [str(actor.role), *values, *own]
    with reading(desk.engine) as tx:
        all_mine = _count(tx, mine, given)
        overdue = _count(tx, f"{mine} AND c.due_at <= ?", [*given, as_of])
        soonest = tx.one(
            f"SELECT c.due_at FROM cases c WHERE {mine} AND c.due_at > ? ORDER BY c.due_at LIMIT 1",
            (*given, as_of),
        )
        total = _count(tx, seen, values)
        rows = tx.rows(
            "SELECT c.no, i.name, c.process, c.stage, c.due_at FROM cases c JOIN institution i ON i.id ="
            f" c.institution_id WHERE {mine} AND c.due_at IS NOT NULL ORDER BY c.due_at, c.id LIMIT {MOST}",
            given,
        )
        stages = _stages(tx, desk, mine, given, as_of)
    stuck, longest = None, list[BoardLine]()
    if may(actor, "stuck.see"):
        stuck = counts(desk, Selection(), as_of=as_of, actor=actor)
        if not rows:
            longest = board(desk, Selection(), as_of=as_of, actor=actor, limit=MOST, unblocking=False)
    open_ones = len(incidents(desk, actor=actor, limit=100)) if may(actor, "incident.see") else None
    return Mine(
        all_mine, overdue, total, instant(soonest[0]) if soonest else None,
        tuple(_waiting(desk, row, as_of) for row in rows), stages, stuck, tuple(longest), open_ones,
    )  # fmt: skip


def _count(tx: Transaction, where: str, values: list[Any]) -> int:
    row = tx.one(
        f"SELECT count(*) FROM (SELECT 1 FROM cases c WHERE {where} LIMIT {COUNTED + 1}) AS some", values
    )
    return int(row[0]) if row else 0


def _stages(
    tx: Transaction, desk: Desk, mine: str, given: list[Any], as_of: datetime
) -> tuple[StageWaiting, ...]:
    rows = tx.rows(
        "SELECT stage, min(process), count(*), count(CASE WHEN due_at <= ? THEN 1 END) FROM (SELECT c.stage, c.process,"
        f" c.due_at FROM cases c WHERE {mine} LIMIT {COUNTED + 1}) AS some GROUP BY stage ORDER BY 4 DESC, 3 DESC",
        (as_of, *given),
    )
    return tuple(
        StageWaiting(stage, desk.processes.process(process).stages[stage].label, count, late)
        for stage, process, count, late in rows
    )


def _waiting(desk: Desk, row: tuple[str, str, str, str, str | None], as_of: datetime) -> Waiting:
    no, institution, process, stage, due_text = row
    due = instant(due_text)
    over = desk.calendar.count(day_of(due), day_of(as_of)) if due is not None and due <= as_of else 0
    return Waiting(no, institution, desk.processes.process(process).stages[stage].label, due, over)
