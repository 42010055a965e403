"""Every duty that is owed: rows of this room and the yearly reports, which are timers of their cases (M24-14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.actors import Actor
from casework.desk import Desk
from casework.selection import visible
from records.transaction import Transaction, reading
from states.calendar import end_of
from states.duties.deadlines import days_late, reported_year
from states.duties.kinds import KINDS, LIST, YEARLY
from states.facts import day, instant
from states.places import OFFICES
from states.roles import Role

_OWED = (
    "SELECT d.kind, d.owner, c.no, i.name, d.province, d.label, d.clause, d.due_at, d.explained, d.done_at, d.dropped"
    " FROM duty_owed d LEFT JOIN cases c ON c.id = d.case_id LEFT JOIN institution i ON i.id = c.institution_id"
    " WHERE {where} ORDER BY d.due_at, d.id LIMIT ?"
)
_YEARLY = (
    "SELECT c.no, i.name, c.province, t.about, t.clause FROM timer t JOIN cases c ON c.id = t.case_id"
    " JOIN institution i ON i.id = c.institution_id WHERE {where} ORDER BY t.due, c.no LIMIT ?"
)
_UNDONE = "',' || c.duties_done || ',' NOT LIKE '%,' || substr(t.key, length('duty_overdue:') + 1) || ',%'"


@dataclass(frozen=True, slots=True)
class DutyView:
    """One duty. ``no`` is empty for what a province owes; ``due_at`` is the first instant after the last day.

    ``days_over`` counts calendar days since the last day, 0 while it is not overdue; ``why`` says why that day.
    """

    kind: str
    asks: str
    label: str
    who: str
    no: str
    province: str
    clause: str
    due_at: datetime
    why: str
    done_at: datetime | None
    days_over: int

    @property
    def overdue(self) -> bool:
        """Not done, and its day is over."""
        return self.done_at is None and self.days_over > 0


def duties(
    desk: Desk,
    *,
    as_of: datetime,
    actor: Actor | None = None,
    overdue: bool = False,
    province: str | None = None,
    no: str | None = None,
    done: bool = False,
    limit: int = 100_000,
) -> list[DutyView]:
    """The duties still owed at ``as_of`` that the actor may see, what is due first in front.

    ``overdue``: only those whose day is over; ``done``: those done as well (of a yearly report: not listed again).
    """
    with reading(desk.engine) as tx:
        found = [
            *_rows(tx, as_of, actor, overdue, province, no, done, limit),
            *_yearly(tx, as_of, actor, overdue, province, no, limit),
        ]
    return sorted(found, key=lambda each: (each.due_at, each.no, each.label))[:limit]


def count_overdue(tx: Transaction, actor: Actor, as_of: datetime) -> int:
    """How many duties of listings and offices in the actor's scope are overdue, yearly reports not counted."""
    where, values = _scope(actor)
    row = tx.one(
        "SELECT count(*) FROM duty_owed d LEFT JOIN cases c ON c.id = d.case_id"
        f" WHERE d.done_at IS NULL AND d.due_at <= ? AND {where}",
        (as_of, *values),
    )
    return int(row[0]) if row else 0


def overdue_in(tx: Transaction, actor: Actor, as_of: datetime, limit: int) -> list[DutyView]:
    """The first of them, the longest overdue in front."""
    return _rows(tx, as_of, actor, True, None, None, False, limit)


def _rows(
    tx: Transaction,
    as_of: datetime,
    actor: Actor | None,
    overdue: bool,
    province: str | None,
    no: str | None,
    done: bool,
    limit: int,
) -> list[DutyView]:
    where, values = ("1 = 1", []) if actor is None else _scope(actor)
    parts: list[tuple[str, Sequence[Any]]] = [(where, values)]
    parts.append(("NOT d.dropped" if done else "d.done_at IS NULL", ()))
    if overdue:
        parts.append(("d.due_at <= ?", (as_of,)))
    if province:
        parts.append(("d.province = ?", (province,)))
    if no:
        parts.append(("c.no = ?", (no,)))
    sql = _OWED.format(where=" AND ".join(part for part, _ in parts))
    rows = tx.rows(sql, (*(value for _, each in parts for value in each), limit))
    found = []
    for kind, owner, case_no, name, place, label, clause, due_text, why, done_text, _ in rows:
        due, finished = instant(due_text), instant(done_text)
        assert due is not None
        late = days_late(due, finished or as_of) if finished is not None or due <= as_of else 0
        who = OFFICES[owner].name if kind == LIST else name
        found.append(
            DutyView(
                kind, KINDS[kind].asks, label, who, case_no or "", place, clause, due, why, finished, late
            )
        )
    return found


def _yearly(
    tx: Transaction,
    as_of: datetime,
    actor: Actor | None,
    overdue: bool,
    province: str | None,
    no: str | None,
    limit: int,
) -> list[DutyView]:
    where, values = ("1 = 1", []) if actor is None else visible(actor)
    parts: list[tuple[str, Sequence[Any]]] = [
        (where, values),
        ("t.letter = 'duty_overdue'", ()),
        (_UNDONE, ()),
    ]
    if overdue:
        parts.append(("t.due <= ?", (as_of,)))
    if province:
        parts.append(("c.province = ?", (province,)))
    if no:
        parts.append(("c.no = ?", (no,)))
    sql = _YEARLY.format(where=" AND ".join(part for part, _ in parts))
    kind = KINDS[YEARLY]
    found = []
    for case_no, name, place, about, clause in tx.rows(
        sql, (*(value for _, each in parts for value in each), limit)
    ):
        last = day(about)
        assert last is not None
        due = end_of(last)
        if overdue and due > as_of:
            continue
        late = days_late(due, as_of) if due <= as_of else 0
        told = reported_year(last)
        why = f"{told}年度的报送至{last}止，含当日（期限由设置规定，{clause}）"
        label = f"{told}年度总结和{told + 1}年度计划"
        found.append(DutyView(YEARLY, kind.asks, label, name, case_no, place, clause, due, why, None, late))
    return found


def _scope(actor: Actor) -> tuple[str, list[Any]]:
    """What an actor may see of duties: those of its cases, and a province those it owes itself."""
    seen, values = visible(actor)
    if actor.role is Role.PROVINCE:
        return f"({seen} OR d.owner = ?)", [*values, f"P{actor.scope}"]
    if actor.role is Role.RECOMMENDER:
        return f"({seen} OR d.owner = ?)", [*values, actor.scope]
    return seen, values
