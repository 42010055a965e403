"""What a daily digest says: the sections one office reads, each with its total and its first lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from casework.actors import Actor
from casework.desk import Desk
from casework.digest_lines import ROW, Row, due_notice, line, listing, overdue_notice
from casework.duties.digesting import duties_of, duties_wait
from casework.selection import visible
from notifications.change_vocabulary import CHANGE_NOTICES
from notifications.vocabulary import NOTICES
from records.transaction import Transaction
from states.calendar import day_of, end_of, start_of
from states.declaration import Stage
from states.facts import day, instant
from states.roles import Role

LISTED = 20
"""So many lines a section has at most; its total is always exact."""

SOON = (1, 3, 10)
"""Due soon means within so many working days."""

OF_ITS_OWN = frozenset({"objection_overdue", "failing_unanswered", "nudged", *CHANGE_NOTICES})
"""Notices of something beside the case's own limit: no other section says the same."""

ANSWERS_FOR: dict[Role, tuple[Role, ...]] = {
    Role.OFFICE: (Role.OFFICE, Role.PANEL),
    Role.CENTRE: (Role.CENTRE,),
}
"""Whose cases a role is told of beside its own: experts have no digest, so the office hurries them."""


@dataclass(frozen=True, slots=True)
class Day:
    """The day a digest is for, and the days since the one before: ``since`` up to ``until``, aware UTC.

    ``entries`` are the numbers of the audit entries of those days: from the first up to, but not with, the second.
    """

    as_of: datetime
    today: date
    since: datetime
    until: datetime
    entries: tuple[int, int]


@dataclass(slots=True)
class Sections:
    """The sections as text, empty where there is nothing; the notices they take up; the totals."""

    overdue: str = ""
    due_soon: str = ""
    duties: str = ""
    reminders: str = ""
    incidents: str = ""
    happened: str = ""
    totals: list[str] = field(default_factory=list)
    notices: list[int] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """How many of each, on one line; empty when there is nothing to say."""
        return "，".join(self.totals)


_FROM = "FROM cases c JOIN institution i ON i.id = c.institution_id"


def the_day(tx: Transaction, desk: Desk, as_of: datetime) -> Day:
    """The day of a digest made at ``as_of``; it looks back to the start of the working day before."""
    today = day_of(as_of)
    since, until = start_of(desk.calendar.working_days_before(today, 1).day), start_of(today)
    return Day(as_of, today, since, until, (_first_entry(tx, since), _first_entry(tx, until)))


def nothing_to_say(tx: Transaction, desk: Desk, now: Day) -> bool:
    """Whether no section can have anything for anybody: most days of most years, found out at one look."""
    horizon = end_of(desk.calendar.working_days_after(now.today, SOON[-1]).day)
    row = tx.one(
        "SELECT EXISTS (SELECT 1 FROM cases WHERE due_at <= ?)"
        " OR EXISTS (SELECT 1 FROM notice WHERE digested_on IS NULL OR digested_on = ?)"
        " OR EXISTS (SELECT 1 FROM incident WHERE at >= ? AND at < ?)"
        " OR EXISTS (SELECT 1 FROM audit WHERE seq >= ? AND seq < ? AND kind = 'move')",
        (horizon, now.today, now.since, now.until, *now.entries),
    )
    return row is not None and not row[0] and not duties_wait(tx, now.as_of)


def sections(tx: Transaction, desk: Desk, reader: Actor, now: Day) -> Sections:
    """Everything somebody of that role and scope is told on that day."""
    found = Sections()
    where, values = visible(reader)
    roles = ANSWERS_FOR.get(reader.role, (reader.role,))
    held = f"{where} AND {tx.among('c.held_by')}"
    holders = [*values, tx.listed([str(role) for role in roles])]
    _overdue(tx, desk, found, held, holders, now)
    horizon = _due_soon(tx, desk, found, held, holders, now)
    found.duties, total = duties_of(tx, reader, now.as_of, LISTED)
    if total:
        found.totals.append(f"义务逾期{total}项")
    if reader.role is not Role.HEAD:
        _reminders(tx, desk, found, where, values, [str(role) for role in roles], horizon, now)
    _incidents(tx, found, reader, where, values, now)
    _happened(tx, desk, found, where, values, now)
    return found


def _overdue(
    tx: Transaction, desk: Desk, found: Sections, held: str, values: Sequence[Any], now: Day
) -> None:
    total = _count(tx, f"{_FROM} WHERE {held} AND c.due_at <= ?", (*values, now.as_of))
    if not total:
        return
    rows = tx.rows(
        f"SELECT {ROW} {_FROM} WHERE {held} AND c.due_at <= ? ORDER BY c.due_at, c.no LIMIT ?",
        (*values, now.as_of, LISTED),
    )
    lines = [line(desk, row, overdue_notice(_stage(desk, row)), now.today) for row in map(Row._make, rows)]
    found.overdue = listing(f"共{total}件，逾期最久的在前：", lines, total)
    found.totals.append(f"已逾期{total}件")


def _due_soon(
    tx: Transaction, desk: Desk, found: Sections, held: str, values: Sequence[Any], now: Day
) -> datetime:
    """Fill in what is due soon; the instant until which that reaches."""
    ends = [end_of(desk.calendar.working_days_after(now.today, n).day) for n in SOON]
    counts = [
        _count(tx, f"{_FROM} WHERE {held} AND c.due_at > ? AND c.due_at <= ?", (*values, now.as_of, end))
        for end in ends
    ]
    if counts[-1]:
        rows = tx.rows(
            f"SELECT {ROW} {_FROM} WHERE {held} AND c.due_at > ? AND c.due_at <= ? ORDER BY c.due_at, c.no LIMIT ?",
            (*values, now.as_of, ends[-1], LISTED),
        )
        lines = [line(desk, row, due_notice(_stage(desk, row)), now.today) for row in map(Row._make, rows)]
        parts = "，".join(f"{n}个工作日内{count}件" for n, count in zip(SOON, counts, strict=True) if count)
        found.due_soon = listing(f"{parts}：", lines, counts[-1])
        found.totals.append(f"即将到期{counts[-1]}件")
    return ends[-1]


def _reminders(
    tx: Transaction, desk: Desk, found: Sections, where: str, values: Sequence[Any], roles: list[str],
    horizon: datetime, now: Day,
) -> None:  # fmt: skip
    """What waits for this reader, save what the two sections before have just said of the same case."""
    rows = tx.rows(
        f"SELECT n.id, n.letter, n.about, n.clause, c.paper_at, {ROW} FROM notice n JOIN cases c ON c.id = n.case_id"
        f" JOIN institution i ON i.id = c.institution_id WHERE (n.digested_on IS NULL OR n.digested_on = ?)"
        f" AND {tx.among('n.role')} AND {where} ORDER BY n.about, c.no, n.id",
        (now.today, tx.listed(roles), *values),
    )
    lines = []
    for id_, letter, about, clause, paper_at, *rest in rows:
        found.notices.append(id_)
        row = Row._make(rest)
        due = instant(row.due_at)
        if letter == "paper_outstanding":
            if paper_at is None:
                lines.append(line(desk, row, letter, now.today, clause=clause))
        elif letter not in NOTICES:
            lines.append(line(desk, row, "progress", now.today, clause=clause))
        elif letter in OF_ITS_OWN or (row.held_by in roles and due is not None and due > horizon):
            lines.append(line(desk, row, letter, now.today, day(about), clause))
    lines = list(dict.fromkeys(lines))
    if lines:
        found.reminders = listing(f"共{len(lines)}条：", lines[:LISTED], len(lines))
        found.totals.append(f"提醒{len(lines)}条")


def _incidents(
    tx: Transaction, found: Sections, reader: Actor, where: str, values: Sequence[Any], now: Day
) -> None:
    """National staff are told of those about no case, too."""
    sql = (
        f"FROM incident x {'JOIN' if reader.scope else 'LEFT JOIN'} cases c ON c.id = x.case_id"
        f" WHERE x.closed_at IS NULL AND x.at >= ? AND x.at < ? AND {where}"
    )
    seen = (now.since, now.until, *values)
    total = _count(tx, sql, seen)
    if total:
        rows = tx.rows(f"SELECT c.no, x.reason {sql} ORDER BY x.at, x.id LIMIT ?", (*seen, LISTED))
        found.incidents = listing(
            f"共{total}件：", [f"{no or '系统'}　{reason}" for no, reason in rows], total
        )
        found.totals.append(f"新异常{total}件")


def _happened(
    tx: Transaction, desk: Desk, found: Sections, where: str, values: Sequence[Any], now: Day
) -> None:
    first, last = now.entries
    if first == last:
        return
    rows = tx.rows(
        "SELECT c.process, a.name, count(*) FROM audit a JOIN cases c ON c.id = a.case_id"
        f" WHERE a.seq >= ? AND a.seq < ? AND a.kind = 'move' AND {where} GROUP BY c.process, a.name",
        (first, last, *values),
    )
    counts: dict[str, int] = {}
    for process, name, count in rows:
        label = desk.processes.process(process).labels.get(name)
        if label:
            counts[label] = counts.get(label, 0) + count
    if counts:
        ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        found.happened = "、".join(f"{label}{count}件" for label, count in ordered)
        found.totals.append(f"上次以来办理{sum(counts.values())}件")


def _first_entry(tx: Transaction, at: datetime) -> int:
    """The first audit entry written at or after an instant; entries are numbered in the order of writing."""
    bounds = tx.one("SELECT coalesce(min(seq), 1), coalesce(max(seq), 0) + 1 FROM audit")
    assert bounds is not None
    low, high = bounds
    while low < high:
        middle = (low + high) // 2
        row = tx.one("SELECT written_at FROM audit WHERE seq = ?", (middle,))
        written = instant(row[0]) if row else None
        if written is not None and written < at:
            low = middle + 1
        else:
            high = middle
    return int(low)


def _stage(desk: Desk, row: Row) -> Stage:
    return desk.processes.process(row.process).stages[row.stage]


def _count(tx: Transaction, sql: str, values: Sequence[Any]) -> int:
    row = tx.one(f"SELECT count(*) {sql}", values)
    return int(row[0]) if row else 0
