"""The stuck board: what is past its limit or about to be, longest first, with all one needs to set it going again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.access.policy import refuse_unless_may
from casework.actors import Actor
from casework.desk import Desk
from casework.history import entry_label, who
from casework.loading import as_loaded, select_cases
from casework.nudging import last_nudged
from casework.possible import blockers
from casework.selection import Selection
from records.timers import HELD
from records.transaction import Transaction, reading
from states.calendar import Calendar, day_of, end_of
from states.facts import Facts, instant
from states.refusals import Refused
from states.roles import Role
from states.timers import schedule

SEE = "stuck.see"
SOON_DAYS = 3
"""Working days before its limit a case counts as about to be late."""
MOST = 10_000
"""Counts and exports go no further: a page says “10,000+”."""


@dataclass(frozen=True, slots=True)
class Last:
    """The last thing that happened to a case."""

    at: datetime
    label: str
    who: str


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One case on the board. ``days_over`` are working days past the limit, ``days_left`` those until it;
    ``limit`` names what limits the stage, ``explained`` how its day came about, ``held_why`` why the clock could
    not move it, ``moves`` what moves the holder has, ``blocked`` why some of
    them cannot be made now, ``key`` where it stands in the order (due instant as stored, id).
    """

    id: int
    no: str
    institution: str
    call: str
    occupation: str
    province: str
    channel: str
    stage: str
    stage_label: str
    held_by: str
    due_at: datetime
    provisional: bool
    days_over: int
    days_left: int
    days_waited: int
    limit: str
    clause: str
    explained: str
    held_why: str
    moves: tuple[str, ...]
    blocked: tuple[str, ...]
    last: Last | None
    nudged_at: datetime | None
    key: tuple[str, int]

    @property
    def overdue(self) -> bool:
        """Whether the limit has passed."""
        return self.days_left < 0


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases of a choice are past their limit, about to be, or held by the clock; none above ``MOST`` + 1."""

    over: int
    soon: int
    held: int


KINDS = ("all", "over", "soon", "held")


def board(
    desk: Desk,
    chosen: Selection,
    *,
    as_of: datetime,
    actor: Actor,
    kind: str = "all",
    after: tuple[Any, ...] | None = None,
    limit: int = 50,
    unblocking: bool = True,
) -> list[BoardLine]:
    """The lines after a key, at most ``limit``; ``kind`` is one of ``KINDS``.

    ``unblocking`` asks for each what keeps its holder from moving it. Raises Refused for other roles.
    """
    refuse_unless_may(actor, SEE)
    where, values = chosen.where(actor)
    first, last = _between(desk.calendar, as_of, kind)
    beyond = " AND (c.due_at, c.id) > (?, ?)" if after else ""
    span = "c.due_at > ? AND c.due_at <= ?" if first else "c.due_at <= ?"
    asked = [*values, *([first] if first else []), last, *(after or ())]
    with reading(desk.engine) as tx:
        if kind == "held":
            rows = _held_rows(tx, where, values, after, limit)
        else:
            rows = tx.rows(
                f"{_SELECT} WHERE {where} AND {span}{beyond} ORDER BY c.due_at, c.id LIMIT ?", (*asked, limit)
            )
        ids, nos = [row[0] for row in rows], [row[1] for row in rows]
        past, nudged = _last_entries(tx, ids), last_nudged(tx, ids) if ids else {}
        blocked = blockers(tx, desk, nos, as_of=as_of) if nos and unblocking else {}
        return [
            _line(desk, row, past.get(row[0]), nudged.get(row[0]), tuple(blocked.get(row[1], ())), as_of)
            for row in rows
        ]


def counts(desk: Desk, chosen: Selection, *, as_of: datetime, actor: Actor) -> Counts:
    """How many there are of each kind, counted no further than just above ``MOST``."""
    refuse_unless_may(actor, SEE)
    where, values = chosen.where(actor)
    _, horizon = _between(desk.calendar, as_of, "soon")
    with reading(desk.engine) as tx:
        over = count_up_to(tx, where, values, "c.due_at <= ?", [as_of])
        soon = count_up_to(tx, where, values, "c.due_at > ? AND c.due_at <= ?", [as_of, horizon])
        held = tx.one(
            "SELECT count(*) FROM (SELECT 1 FROM timer t CROSS JOIN cases c"
            f" WHERE t.fires_at >= ? AND c.id = t.case_id AND {where} LIMIT {MOST + 1}) AS some",
            (HELD, *values),
        )
    return Counts(over, soon, held[0] if held else 0)


_SELECT = select_cases(
    "c.held_by, c.due_at, c.due_provisional,"
    " (SELECT t.held_why FROM timer t WHERE t.case_id = c.id AND t.held_why IS NOT NULL LIMIT 1)"
)


def _held_rows(
    tx: Transaction, where: str, values: list[Any], after: tuple[Any, ...] | None, limit: int
) -> list[tuple[Any, ...]]:
    ids = tx.rows(
        "SELECT c.id FROM timer t CROSS JOIN cases c"
        f" WHERE t.fires_at >= ? AND c.id = t.case_id AND {where} AND c.id > ? ORDER BY t.fires_at, t.case_id LIMIT ?",
        (HELD, *values, after[1] if after else 0, limit),
    )
    return tx.rows(f"{_SELECT} WHERE {tx.among('c.id')} ORDER BY c.id", (tx.listed([row[0] for row in ids]),))


def _between(calendar: Calendar, as_of: datetime, kind: str) -> tuple[datetime | None, datetime]:
    if kind not in KINDS:
        raise Refused("看板只分已超期、即将到期和自动办理受阻，请从筛选栏选择。")
    horizon = end_of(calendar.working_days_after(day_of(as_of), SOON_DAYS).day)
    if kind == "over":
        return None, as_of
    return (as_of if kind == "soon" else None), horizon


def count_up_to(tx: Transaction, where: str, values: list[Any], span: str, given: Iterable[Any]) -> int:
    """How many cases of a choice are due within a span, counted no further than just above ``MOST``."""
    row = tx.one(
        f"SELECT count(*) FROM (SELECT 1 FROM cases c WHERE {where} AND {span} LIMIT {MOST + 1}) AS some",
        (*values, *given),
    )
    return int(row[0]) if row else 0


def _last_entries(tx: Transaction, ids: list[int]) -> dict[int, tuple[Any, ...]]:
    if not ids:
        return {}
    rows = tx.rows(
        "SELECT case_id, at, actor, kind, name FROM audit WHERE seq IN"
        f" (SELECT max(seq) FROM audit WHERE {tx.among('case_id')} AND kind <> 'letter' GROUP BY case_id)",
        (tx.listed(ids),),
    )
    return {row[0]: row[1:] for row in rows}


def _line(
    desk: Desk,
    row: tuple[Any, ...],
    past: tuple[Any, ...] | None,
    nudged: datetime | None,
    blocked: tuple[str, ...],
    as_of: datetime,
) -> BoardLine:
    each = as_loaded(row)
    facts: Facts = each.facts
    held_by, due_text, provisional, held_why = row[-4:]
    process = desk.processes.process(facts.process)
    stage, calendar, today = process.stages[facts.stage], desk.calendar, day_of(as_of)
    due, entered = instant(due_text), instant(facts.entered_at)
    assert entered is not None
    due = due or HELD
    planned = schedule(process, facts, calendar).limit
    limit = stage.holder.limit if stage.holder else None
    moves = tuple(
        move.label for move in stage.moves if stage.holder and stage.holder.role in move.by and not move.stays
    )
    last = None
    if past and (at := instant(past[0])):
        last = Last(at, entry_label(process, past[2], past[3]), who(past[1]))
    late = due <= as_of
    return BoardLine(
        facts.id, facts.no, each.institution, facts.call, facts.occupation, facts.province, facts.channel, stage.key,
        stage.label, held_by or Role.CLOCK, due, bool(provisional),
        calendar.count(day_of(due), today) if late else 0,
        -1 if late else max(0, calendar.count(today, day_of(due) - timedelta(days=1)) - 1) if due < HELD else 0,
        max(0, calendar.count(day_of(entered), today) - 1),
        limit.label if limit else stage.label, limit.clause if limit else stage.clause,
        planned.explanation() if planned else "", held_why or "", moves, blocked, last, nudged,
        (str(due_text), facts.id),
    )  # fmt: skip
