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
    """The cases longest past their limit among those chosen, after them those whose clock move is held, and after them
    changes of particulars nobody decided in time (M24-20c).

    Days over and in the stage are working days up to ``as_of``.
    """
    found = [
        _stuck(desk, row, as_of) for row in stuck_rows(desk, chosen, as_of=as_of, actor=actor, limit=limit)
    ]
    if chosen.stage is None and len(found) < limit:
        found += _changes(desk, chosen, as_of, actor)
    return found[:limit]


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


_OVERDUE_CHANGES = (
    "SELECT r.no, i.name, r.state, r.due_at, r.requested_at, c.process FROM change_request r"
    " JOIN institution i ON i.id = r.institution_id JOIN cases c ON c.id = r.case_id"
    " WHERE r.state IN ('requested', 'returned') AND r.due_at <= ? AND {where} ORDER BY r.due_at, r.id"
)


def _changes(desk: Desk, chosen: Selection, as_of: datetime, actor: Actor | None) -> list[Stuck]:
    where, values = chosen.where(actor)
    with reading(desk.engine) as tx:
        rows = tx.rows(_OVERDUE_CHANGES.format(where=where), (as_of, *values))
    today, calendar, found = day_of(as_of), desk.calendar, list[Stuck]()
    for no, institution, state, due_text, asked_text, process in rows:
        due, asked = instant(due_text), instant(asked_text)
        assert due is not None
        assert asked is not None
        national = desk.processes.process(process).rules.decided_by.value != "province"
        decider = Role.OFFICE if national else Role.PROVINCE
        holder = decider if state == "requested" else Role.APPLICANT
        label = "变更待审定" if state == "requested" else "变更退回补正"
        found.append(
            Stuck(
                no, institution, "change", label, holder, due, calendar.count(day_of(due), today),
                max(0, calendar.count(day_of(asked), today) - 1), "M24-20c",
                f"等待{_label(holder)}{'审定' if holder is decider else '补正'}，办理用 linxuan change show {no}",
            )
        )  # fmt: skip
    return found
