"""What is stuck and why: cases past their limit, longest first, and clock moves that are held."""

from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.selection import Selection
from records.timers import HELD
from records.transaction import reading
from states.calendar import day_of
from states.facts import instant
from states.roles import Role


@dataclass(frozen=True, slots=True)
class Stuck:
    """One stuck case: whose move it is, since when, how many working days past which limit, and why;
    ``held`` when a clock move should have happened and could not."""

    no: str
    institution: str
    stage: str
    stage_label: str
    held_by: str
    due_at: datetime | None
    days_over: int
    days_in_stage: int
    clause: str
    why: str
    held: bool = False


def stuck(
    desk: Desk, chosen: Selection, *, as_of: datetime, actor: Actor | None = None, limit: int = 50
) -> list[Stuck]:
    """The cases longest past their limit among those chosen, and after them those whose clock move is held.

    Days over and in the stage are working days up to ``as_of``.
    """
    return [
        _stuck(desk, row, as_of) for row in stuck_rows(desk, chosen, as_of=as_of, actor=actor, limit=limit)
    ]


Row = tuple[str, str, str, str, str, str | None, str, str | None]


def stuck_rows(
    desk: Desk, chosen: Selection, *, as_of: datetime, actor: Actor | None = None, limit: int = 50
) -> list[Row]:
    """The rows behind ``stuck``: those past their limit by an index, then the held ones they do not hold yet."""
    where, values = chosen.where(actor)
    with reading(desk.engine) as tx:
        rows = tx.rows(OVERDUE.format(where=where), (*values, as_of, limit))
        if len(rows) < limit:
            seen = {row[0] for row in rows}
            rows += [
                row
                for row in tx.rows(HELD_MOVES.format(where=where), (HELD, *values, limit))
                if row[0] not in seen
            ]
    return rows[:limit]


OVERDUE = (
    "SELECT c.no, i.name, c.process, c.stage, c.held_by, c.due_at, c.entered_at,"
    " (SELECT t.held_why FROM timer t WHERE t.case_id = c.id AND t.held_why IS NOT NULL LIMIT 1)"
    " FROM cases c JOIN institution i ON i.id = c.institution_id"
    " WHERE {where} AND c.due_at <= ? ORDER BY c.due_at LIMIT ?"
)
HELD_MOVES = (
    "SELECT c.no, i.name, c.process, c.stage, c.held_by, c.due_at, c.entered_at, t.held_why"
    " FROM timer t JOIN cases c ON c.id = t.case_id JOIN institution i ON i.id = c.institution_id"
    " WHERE t.fires_at >= ? AND {where} ORDER BY t.fires_at LIMIT ?"
)


def _stuck(desk: Desk, row: Row, as_of: datetime) -> Stuck:
    no, institution, process_key, stage_key, holder, due_text, entered_text, held_why = row
    stage = desk.processes.process(process_key).stages[stage_key]
    due, entered = instant(due_text), instant(entered_text)
    assert entered is not None
    today, calendar = day_of(as_of), desk.calendar
    over = calendar.count(day_of(due), today) if due is not None and due <= as_of else 0
    limit = stage.holder.limit if stage.holder else None
    moves = "、".join(
        move.label for move in stage.moves if stage.holder and stage.holder.role in move.by and not move.stays
    )
    why = held_why or (f"等待{_label(holder)}办理：{moves}" if moves else f"等待{_label(holder)}")
    return Stuck(
        no, institution, stage.key, stage.label, holder, due, over,
        max(0, calendar.count(day_of(entered), today) - 1), limit.clause if limit else stage.clause, why,
        held_why is not None,
    )  # fmt: skip


def _label(holder: str) -> str:
    return Role(holder).label
