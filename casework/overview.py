"""How things stand, in counts and instants only: no name and no number of any case (law 10).

Every query follows an index, so that looking costs little however many cases there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine

from casework.beats import LastRun, last_runs
from casework.calls import CallState, kept_calls
from casework.desk import Desk
from records.transaction import Transaction, reading
from states.checked import Process
from states.facts import instant
from states.timers import Kind

RUNNER_LEASE = "runner"
CLOCK_LINE = "sweep"
LATE = timedelta(minutes=3)
"""A clock that has not ticked for so long, or has left something due for so long, is not well."""
LOOKED_AT = 2000
"""So many of the next timers are counted."""
MOST = 10_000_000
_LETTERS = ("letter", "panel_letter", "objection_letter")
"""The tables letters wait in; of those to experts nothing but their number is ever looked at here."""


class Clock(StrEnum):
    """How the clock is."""

    WELL = "well"
    LATE = "late"
    FAILING = "failing"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many cases of a call stand in a stage, and how many of them are past its limit."""

    call: str
    stage: str
    label: str
    cases: int
    overdue: int
    end: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """What falls due next: at which instant, what, and for how many cases."""

    at: datetime
    label: str
    cases: int


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The post: letters waiting, since when the oldest could have gone, and letters that failed."""

    queued: int
    oldest: datetime | None
    failed: int


@dataclass(frozen=True, slots=True)
class RunnerLease:
    """Who runs the timetable, and until when unless renewed."""

    holder: str
    until: datetime
    beat_at: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the home page shows, as of one instant."""

    as_of: datetime
    calls: tuple[CallState, ...]
    stages: tuple[StageCount, ...]
    coming: tuple[Coming, ...]
    mailbox: Mailbox
    incidents: Mapping[str, int]
    runs: Mapping[str, LastRun]
    runner: RunnerLease | None
    oldest_due: datetime | None

    @property
    def runner_alive(self) -> bool:
        """Whether somebody holds the lease of the timetable now."""
        return self.runner is not None and self.runner.until > self.as_of

    @property
    def clock(self) -> Clock:
        """Whether a legal deadline would be kept now."""
        ticked = self.runs.get(CLOCK_LINE)
        if not self.runner_alive or ticked is None:
            return Clock.STOPPED
        if ticked.outcome == "failed":
            return Clock.FAILING
        seen = ticked.as_of or ticked.started_at
        waiting = self.oldest_due is not None and self.oldest_due + LATE <= self.as_of
        return Clock.LATE if waiting or seen + LATE <= self.as_of else Clock.WELL


def overview(desk: Desk, *, as_of: datetime) -> Overview:
    """How things stand as of an aware instant."""
    calls = tuple(kept_calls(desk))
    runs = last_runs(desk.engine)
    with reading(desk.engine) as tx:
        return Overview(
            as_of, calls, _stages(tx, desk, calls, as_of), _coming(tx, desk, as_of), _mailbox(tx, as_of),
            dict(tx.rows("SELECT kind, count(*) FROM incident WHERE closed_at IS NULL GROUP BY kind")),
            runs, _runner(tx), _oldest_due(tx, as_of),
        )  # fmt: skip


def oldest_due(engine: Engine, *, as_of: datetime) -> datetime | None:
    """Since when the oldest timer has been due that no sweep has fired yet; None when nothing is due."""
    with reading(engine) as tx:
        return _oldest_due(tx, as_of)


def panels_due(engine: Engine, *, as_of: datetime) -> bool:
    """Whether a timer of a panel is due."""
    with reading(engine) as tx:
        return tx.one("SELECT 1 FROM panel_timer WHERE fires_at <= ? LIMIT 1", (as_of,)) is not None


def letters_waiting(engine: Engine, *, as_of: datetime) -> bool:
    """Whether a letter could leave now, or was left half-way by a run that died."""
    with reading(engine) as tx:
        return any(
            tx.one(
                f"SELECT 1 FROM {table} WHERE (state = 'queued' AND not_before <= ?)"
                " OR (state = 'sending' AND lease_until <= ?) LIMIT 1",
                (as_of, as_of),
            )
            for table in _LETTERS
        )


def runner_lease(engine: Engine) -> RunnerLease | None:
    """Who runs the timetable of this database, as last noted; None when nobody does."""
    with reading(engine) as tx:
        return _runner(tx)


def _stages(
    tx: Transaction, desk: Desk, calls: tuple[CallState, ...], as_of: datetime
) -> tuple[StageCount, ...]:
    cases = {
        row[:2]: row[2] for row in tx.rows("SELECT call, stage, count(*) FROM cases GROUP BY call, stage")
    }
    overdue = {
        row[:2]: row[2]
        for row in tx.rows(
            # The limit is there to have the due dates searched first, and not every case gone through.
            "SELECT call, stage, count(*) FROM (SELECT call, stage FROM cases WHERE due_at <= ?"
            " ORDER BY due_at LIMIT ?) o GROUP BY call, stage",
            (as_of, MOST),
        )
    }
    found = []
    for call in calls:
        stages = _any_process(desk, call).stages
        found += [
            StageCount(
                call.code, key, stages[key].label, cases[call.code, key], overdue.get((call.code, key), 0),
                stages[key].end,
            )
            for key in stages
            if (call.code, key) in cases
        ]  # fmt: skip
    return tuple(found)


def _any_process(desk: Desk, call: CallState) -> Process:
    """The stages of a call are called the same in each of its tracks."""
    return desk.processes.process(desk.processes.key_for(call.code, min(call.rules.tracks)))


def _coming(tx: Transaction, desk: Desk, as_of: datetime) -> tuple[Coming, ...]:
    rows = tx.rows(
        "SELECT t.fires_at, t.kind, t.move, c.process, count(*) FROM (SELECT fires_at, kind, move, case_id"
        " FROM timer WHERE fires_at > ? ORDER BY fires_at LIMIT ?) t JOIN cases c ON c.id = t.case_id"
        " GROUP BY t.fires_at, t.kind, t.move, c.process ORDER BY t.fires_at",
        (as_of, LOOKED_AT),
    )
    counts: dict[tuple[datetime, str], int] = {}
    for fires_at, kind, move, process, count in rows:
        at = instant(fires_at)
        assert at is not None
        if kind == Kind.MOVE:
            label = desk.processes.process(process).labels[move]
        else:
            label = "到期提醒" if kind == Kind.REMIND else "逾期督办"
        counts[at, label] = counts.get((at, label), 0) + count
    return tuple(Coming(at, label, count) for (at, label), count in counts.items())


def _mailbox(tx: Transaction, as_of: datetime) -> Mailbox:
    queued = failed = 0
    oldest: list[datetime] = []
    for table in _LETTERS:
        waiting = tx.one(f"SELECT count(*) FROM {table} WHERE state IN ('queued', 'sending')")
        first = tx.one(
            f"SELECT min(not_before) FROM {table} WHERE state = 'queued' AND not_before <= ?", (as_of,)
        )
        lost = tx.one(f"SELECT count(*) FROM {table} WHERE state = 'failed'")
        assert waiting
        assert first
        assert lost
        queued, failed = queued + waiting[0], failed + lost[0]
        oldest += [at for at in (instant(first[0]),) if at is not None]
    return Mailbox(queued, min(oldest, default=None), failed)


def _runner(tx: Transaction) -> RunnerLease | None:
    row = tx.one("SELECT holder, until, beat_at FROM lease WHERE name = ?", (RUNNER_LEASE,))
    if row is None:
        return None
    until, beat_at = instant(row[1]), instant(row[2])
    assert until is not None
    assert beat_at is not None
    return RunnerLease(row[0], until, beat_at)


def _oldest_due(tx: Transaction, as_of: datetime) -> datetime | None:
    row = tx.one("SELECT min(fires_at) FROM timer WHERE fires_at <= ?", (as_of,))
    return instant(row[0]) if row else None
