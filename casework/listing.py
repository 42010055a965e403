"""A list of cases, narrowed to what its reader may see (law 10)."""

from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.selection import Selection
from records.transaction import reading
from states.facts import instant


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list of cases."""

    no: str
    institution: str
    occupation: str
    province: str
    channel: str
    stage: str
    stage_label: str
    held_by: str | None
    entered_at: datetime
    due_at: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """The first cases of a choice, by number, and how many there are in all."""

    lines: tuple[Listed, ...]
    total: int


def listing(
    desk: Desk, chosen: Selection, *, as_of: datetime, actor: Actor | None = None, limit: int = 50
) -> Listing:
    """The chosen cases that the actor may see, at most ``limit`` of them."""
    where, values = chosen.where(actor)
    with reading(desk.engine) as tx:
        total = tx.one(f"SELECT count(*) FROM cases c WHERE {where}", values)
        rows = tx.rows(
            "SELECT c.no, i.name, c.occupation, c.province, c.channel, c.stage, c.process, c.held_by, c.entered_at,"
            f" c.due_at FROM cases c JOIN institution i ON i.id = c.institution_id WHERE {where} ORDER BY c.no LIMIT ?",
            (*values, limit),
        )
    lines = []
    for (
        no,
        institution,
        occupation,
        province,
        channel,
        stage,
        process,
        held_by,
        entered_text,
        due_text,
    ) in rows:
        entered, due = instant(entered_text), instant(due_text)
        assert entered is not None
        label = desk.processes.process(process).stages[stage].label
        late = due is not None and due <= as_of
        lines.append(
            Listed(no, institution, occupation, province, channel, stage, label, held_by, entered, due, late)
        )
    return Listing(tuple(lines), int(total[0]) if total else 0)
