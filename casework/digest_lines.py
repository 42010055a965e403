"""Cases as lines of a digest: one line each in the words of a notice, and lists that are cut but exact."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from casework.desk import Desk
from casework.wording import spoken
from notifications.vocabulary import NOTICES
from states.calendar import day_of
from states.clauses import SILENT
from states.declaration import Stage
from states.facts import instant
from states.roles import Role


class Row(NamedTuple):
    """A case as a line tells it."""

    no: str
    institution: str
    process: str
    occupation: str
    stage: str
    held_by: str | None
    due_at: Any


ROW = "c.no, i.name, c.process, c.occupation, c.stage, c.held_by, c.due_at"


def line(
    desk: Desk, row: Row, notice: str, today: date, about: date | None = None, clause: str | None = None
) -> str:
    """One case on one line, in the words of a notice.

    ``about`` is the day it is about and ``clause`` what it rests on; else they are those of the stage's limit.
    """
    process = desk.processes.process(row.process)
    stage = process.stages[row.stage]
    due = instant(row.due_at)
    last = about or (day_of(due) - timedelta(days=1) if due else today)
    context = {
        "no": row.no,
        "institution": row.institution,
        "occupation": next(
            each.title for each in process.rules.occupations.value if each.code == row.occupation
        ),
        "stage": stage.label,
        "due": spoken(last),
        "days_left": str(desk.calendar.count(today + timedelta(days=1), last)),
        "overdue_by": f"{desk.calendar.count(last + timedelta(days=1), today)}个工作日",
        "held_by": Role(row.held_by).label if row.held_by else "",
        "clause": clause or _ground(stage),
    }
    return desk.renderer.line(notice, context)


def _ground(stage: Stage) -> str:
    """The clause of a stage's limit; where the law leaves the limit open, the stage's own and that it is set."""
    limit = stage.holder.limit if stage.holder else None
    if limit is None:
        return stage.clause
    return f"{stage.clause}，期限由设置规定" if limit.clause == SILENT else limit.clause


def overdue_notice(stage: Stage) -> str:
    """The notice that says a stage's limit has passed."""
    return next((note.letter for note in stage.escalations if note.of is None), "stage_overdue")


def due_notice(stage: Stage) -> str:
    held_by = stage.holder.role if stage.holder else None
    letters = (note.letter for note in stage.reminders if note.of is None and note.role == held_by)
    return next(
        (letter for letter in letters if letter in NOTICES and letter != "paper_outstanding"), "stage_due"
    )


def listing(lead: str, lines: Sequence[str], total: int) -> str:
    return "\n".join([lead, *_numbered(lines), *_rest(len(lines), total)])


def _numbered(lines: Sequence[str]) -> Iterator[str]:
    return (f"{n}. {text}" for n, text in enumerate(lines, 1))


def _rest(listed: int, total: int) -> list[str]:
    return [f"其余{total - listed}件未逐件列出，请登录系统查看。"] if total > listed else []
