"""What the clock will do: the very sweep it runs, day by day, on a copy of the cases it will come to.

Nothing is written where the cases lie. The copy is a throw-away database with the cases of the actor's scope that have
something due by the horizon, at most ``MOST`` of them; where there are more, what is due is counted from the timers,
without what follows from it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, Table, event, insert, select

from casework.access.policy import cases_within, refuse_unless_may
from casework.actors import Actor
from casework.call_planning import sees
from casework.calls import known_calls
from casework.desk import Desk
from casework.history import TIMER_LETTERS
from casework.processes import Processes
from casework.rehearsal.letter_titles import TITLES
from casework.sweep import sweep
from notifications.vocabulary import LETTERS
from records.engine import open_engine, sqlite_url
from records.tables import METADATA
from records.transaction import Transaction, reading
from states.calendar import day_of, end_of
from states.facts import instant

DAYS = 90
MOST = 1500
COPIED = (
    "call",
    "call_extension",
    "institution",
    "office_mailbox",
    "cases",
    "timer",
    "term",
    "renewal_application",
)
"""What a sweep reads of a case."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something the clock does on a day: ``kind`` is move, letter, notice or call; how often; for one case, by number."""

    day: date
    kind: str
    label: str
    role: str
    call: str
    clause: str
    count: int
    first: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """The steps, in order. ``followed`` says whether what follows from a move was looked at too."""

    steps: tuple[Step, ...]
    until: date
    cases: int
    followed: bool

    @property
    def letters(self) -> int:
        """How many letters go."""
        return sum(each.count for each in self.steps if each.kind == "letter")

    @property
    def moves(self) -> int:
        """How many moves are made."""
        return sum(each.count for each in self.steps if each.kind == "move")


def look_ahead(
    desk: Desk,
    *,
    as_of: datetime,
    actor: Actor,
    days: int = DAYS,
    call: str = "",
    most: int = MOST,
    folder: Path | None = None,
) -> Outlook:
    """What the clock does from ``as_of`` (aware UTC) to the end of so many days later, within the actor's sight."""
    refuse_unless_may(actor, "clock.foresee")
    until = day_of(as_of) + timedelta(days=days)
    seen, values = cases_within(actor, "clock.foresee")
    if call:
        seen, values = f"{seen} AND c.call = ?", [*values, call]
    with reading(desk.engine) as tx:
        ids = [
            row[0]
            for row in tx.rows(
                "SELECT DISTINCT t.case_id FROM timer t JOIN cases c ON c.id = t.case_id"
                f" WHERE t.fires_at <= ? AND {seen} LIMIT {most + 1}",
                (end_of(until), *values),
            )
        ]
        if len(ids) > most:
            beyond = _counted(tx, desk, seen, values, as_of, until)
    if len(ids) > most:
        steps = [*beyond, *_of_calls(desk, actor, as_of, until, call, folder)]
        return Outlook(tuple(sorted(steps, key=lambda each: each.day)), until, most, False)
    with TemporaryDirectory(prefix="linxuan-ahead-") as place:
        engine = _scratch(Path(place))
        try:
            _copy(desk.engine, engine, ids)
            there = replace(desk, engine=engine, processes=Processes(engine))
            steps = [
                step
                for day in range(days + 1)
                for step in _day(there, as_of, day_of(as_of) + timedelta(days=day))
            ]
        finally:
            engine.dispose()
    steps += _of_calls(desk, actor, as_of, until, call, folder)
    return Outlook(tuple(sorted(steps, key=lambda each: each.day)), until, len(ids), True)


def _of_calls(
    desk: Desk, actor: Actor, as_of: datetime, until: date, only: str, folder: Path | None
) -> list[Step]:
    """Calls the clock opens and closes (M24-7.1)."""
    found = []
    for call in known_calls(desk, folder):
        if only not in ("", call.code) or not sees(actor, call.rules):
            continue
        opens, closes = call.rules.opens, call.rules.filing_closes
        if call.state == "planned" and as_of < call.opens_at <= end_of(until):
            found.append(Step(opens.value, "call", f"{call.name}开始受理", "", call.code, "M24-7.1", 1, ""))
        if call.state != "closed" and as_of < call.closes_at <= end_of(until):
            found.append(
                Step(closes.value, "call", f"{call.name}申报截止", "", call.code, closes.clause, 1, "")
            )
    return found


def _day(desk: Desk, as_of: datetime, day: date) -> list[Step]:
    """Let the clock run to the end of a day; what it did."""
    with reading(desk.engine) as tx:
        if not tx.one("SELECT 1 FROM timer WHERE fires_at <= ? LIMIT 1", (end_of(day),)):
            return []
        last = [tx.one(f"SELECT coalesce(max({key}), 0) FROM {table}") for table, key in _MARKS]
    sweep(desk, as_of=max(as_of, end_of(day)))
    marks = [row[0] if row else 0 for row in last]
    with reading(desk.engine) as tx:
        moves = tx.rows(
            "SELECT 'move', a.name, '', c.call, a.clause, c.no, c.process, a.from_stage FROM audit a"
            " JOIN cases c ON c.id = a.case_id WHERE a.seq > ? AND a.kind = 'move' ORDER BY a.seq",
            (marks[0],),
        )
        letters = tx.rows(
            "SELECT 'letter', l.subject, l.role, c.call, l.clause, c.no, c.process, l.letter FROM letter l"
            " JOIN cases c ON c.id = l.case_id WHERE l.id > ? ORDER BY l.id",
            (marks[1],),
        )
        notices = tx.rows(
            "SELECT 'notice', n.letter, n.role, c.call, n.clause, c.no, c.process, '' FROM notice n"
            " JOIN cases c ON c.id = n.case_id WHERE n.id > ? ORDER BY n.id",
            (marks[2],),
        )
    return _gathered(desk, day, [*moves, *letters, *notices])


_MARKS = (("audit", "seq"), ("letter", "id"), ("notice", "id"))


def _gathered(desk: Desk, day: date, rows: Iterable[tuple[Any, ...]]) -> list[Step]:
    counted: Counter[tuple[str, str, str, str, str]] = Counter()
    firsts: dict[tuple[str, str, str, str, str], str] = {}
    for kind, name, role, call, clause, no, process, more in rows:
        if kind == "move":
            label = desk.processes.process(process).labels.get(name, name)
        else:
            label = TITLES.get(more or name) or TIMER_LETTERS.get(more or name, name)
        key = (kind, label, role, call, clause)
        counted[key] += 1
        firsts.setdefault(key, no)
    return [Step(day, *key, count, firsts[key]) for key, count in counted.items()]


def _counted(
    tx: Transaction, desk: Desk, seen: str, values: list[Any], as_of: datetime, until: date
) -> tuple[Step, ...]:
    rows = tx.rows(
        "SELECT t.fires_at, t.kind, t.letter, t.move, t.role, c.call, t.clause, count(*), min(c.no), max(t.provisional),"
        f" min(c.process) FROM timer t JOIN cases c ON c.id = t.case_id WHERE t.fires_at <= ? AND {seen}"
        " GROUP BY t.fires_at, t.kind, t.letter, t.move, t.role, c.call, t.clause ORDER BY 1 LIMIT 2000",
        (end_of(until), *values),
    )
    steps = []
    for fires, kind, letter, move, role, call, clause, count, first, provisional, process in rows:
        at = instant(fires)
        assert at is not None
        day = day_of(max(at - timedelta(seconds=1), as_of))
        if kind == "move":
            label = desk.processes.process(process).labels.get(move, move)
            steps.append(Step(day, "move", label, "", call, clause, count, first, bool(provisional)))
            continue
        how = "letter" if letter in LETTERS and role == "applicant" else "notice"
        label = TITLES.get(letter) or TIMER_LETTERS.get(letter, letter)
        steps.append(Step(day, how, label, role or "", call, clause, count, first, bool(provisional)))
    return tuple(steps)


def _scratch(folder: Path) -> Engine:
    engine = open_engine(sqlite_url(folder / "ahead.db"))

    @event.listens_for(engine, "connect")
    def _hurry(connection: Any, _: Any) -> None:
        for pragma in ("synchronous=OFF", "foreign_keys=OFF"):
            connection.execute(f"PRAGMA {pragma}").close()

    METADATA.create_all(engine)
    return engine


def _copy(source: Engine, target: Engine, ids: list[int]) -> None:
    with source.execution_options(readonly=True).connect() as there, target.begin() as here:
        for name in COPIED:
            table = METADATA.tables[name]
            for part in _parts(table, ids):
                rows = [dict(row._mapping) for row in there.execute(part)]
                if rows:
                    here.execute(insert(table), rows)


def _parts(table: Table, ids: list[int]) -> Iterable[Any]:
    column = table.c.get("case_id") if table.name != "cases" else table.c.id
    if table.name == "institution":
        cases = METADATA.tables["cases"]
        for start in range(0, len(ids), 500):
            wanted = select(cases.c.institution_id).where(cases.c.id.in_(ids[start : start + 500]))
            already = select(cases.c.institution_id).where(cases.c.id.in_(ids[:start])) if start else None
            part = select(table).where(table.c.id.in_(wanted))
            yield part if already is None else part.where(table.c.id.not_in(already))
    elif column is None:
        yield select(table)
    else:
        for start in range(0, len(ids), 500):
            yield select(table).where(column.in_(ids[start : start + 500]))
