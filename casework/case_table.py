"""The table of cases: found by number, credit code or name, filtered, a page at a time, always by an index."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.actors import Actor
from casework.desk import Desk
from casework.history import case_number
from casework.selection import Selection
from records.transaction import Transaction, reading
from states.facts import instant

NAMED = 500
"""So many institutions whose name fits are looked at; a shorter word should be made longer."""
MOST = 10_000
_NUMBER = re.compile(r"[A-Z0-9]+-[A-Z0-9]+(-[0-9]*)?")
_CODE = re.compile(r"[0-9A-Z]{18}")


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line of the table; ``key`` is where it stands in the order asked for."""

    id: int
    no: str
    institution: str
    uscc: str
    call: str
    track: str
    occupation: str
    province: str
    channel: str
    stage: str
    stage_label: str
    held_by: str
    entered_at: datetime
    due_at: datetime | None
    provisional: bool
    overdue: bool
    version: int
    stored_due: str


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the table, and how many cases fit in all, counted no further than just above ``MOST``."""

    lines: list[CaseLine]
    total: int


def find_cases(
    desk: Desk,
    chosen: Selection,
    text: str,
    *,
    as_of: datetime,
    actor: Actor,
    beyond: tuple[str, Sequence[Any]] = ("1 = 1", ()),
    order: str = "c.no, c.id LIMIT 51",
    overdue: bool = False,
    counted: bool = True,
) -> Found:
    """The chosen cases the actor may see and the text fits; ``beyond`` and ``order`` are SQL of the page.

    In the order of their limits only those stand that have one.
    """
    with reading(desk.engine) as tx:
        where, values = _where(tx, chosen, text, actor, overdue, as_of)
        if order.startswith("c.due_at"):
            where += " AND c.due_at IS NOT NULL"
        rows = tx.rows(
            "SELECT c.id, c.no, i.name, i.uscc, c.call, c.track, c.occupation, c.province, c.channel, c.stage,"
            " c.process, c.held_by, c.entered_at, c.due_at, c.due_provisional, c.version FROM cases c"
            f" JOIN institution i ON i.id = c.institution_id WHERE {where} AND {beyond[0]} ORDER BY {order}",
            (*values, *beyond[1]),
        )
        total = None
        if counted:
            total = tx.one(
                f"SELECT count(*) FROM (SELECT 1 FROM cases c WHERE {where} LIMIT {MOST + 1}) AS some", values
            )
    return Found([_line(desk, row, as_of) for row in rows], total[0] if total else len(rows))


def _where(
    tx: Transaction, chosen: Selection, text: str, actor: Actor, overdue: bool, as_of: datetime
) -> tuple[str, list[Any]]:
    where, values = chosen.where(actor)
    if overdue:
        where, values = f"{where} AND c.due_at <= ?", [*values, as_of]
    if not text.strip():
        return where, values
    typed = case_number(text)
    if _CODE.fullmatch(typed):
        return f"{where} AND c.institution_id IN (SELECT id FROM institution WHERE uscc = ?)", [
            *values,
            typed,
        ]
    if _NUMBER.fullmatch(typed):
        return f"{where} AND c.no >= ? AND c.no < ?", [*values, typed, f"{typed}\U0010ffff"]
    inside = "instr" if tx.sqlite else "strpos"
    ids = tx.rows(f"SELECT id FROM institution WHERE {inside}(name, ?) > 0 LIMIT {NAMED}", (text.strip(),))
    return f"{where} AND {tx.among('c.institution_id')}", [*values, tx.listed([row[0] for row in ids])]


def _line(desk: Desk, row: tuple[Any, ...], as_of: datetime) -> CaseLine:
    (id_, no, institution, uscc, call, track, occupation, province, channel, stage, process, held_by, entered_text,
     due_text, provisional, version) = row  # fmt: skip
    entered, due = instant(entered_text), instant(due_text)
    assert entered is not None
    return CaseLine(
        id_, no, institution, uscc, call, track, occupation, province, channel, stage,
        desk.processes.process(process).stages[stage].label, held_by or "", entered, due, bool(provisional),
        due is not None and due <= as_of, version, str(due_text or ""),
    )  # fmt: skip
