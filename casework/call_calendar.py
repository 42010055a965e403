"""A call on the calendar: the days of filing, and for every stage after it the latest day it may end.

Each stage is taken to begin when the one before used its whole limit: what is shown is the latest, not a forecast.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from casework.calls import CallState
from casework.desk import Desk
from states.calendar import Calendar, day_of, end_of
from states.checked import Process
from states.facts import Facts
from states.process import build
from states.timers import schedule

PATH = (
    "submitted", "recommended", "initial_review", "expert_review", "audit", "recheck", "decision", "publicity",
)  # fmt: skip
"""The stages of the usual way, in order; those a process has not are passed over."""
MOST_DAYS = 800


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: from a day to a last day, who holds it, the clause, and why that day."""

    label: str
    first: date
    last: date
    role: str
    clause: str
    why: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Off:
    """Days nobody works, in a row: ``festival`` names why, empty for weekends; ``known`` says whether announced."""

    first: date
    last: date
    festival: str
    known: bool


def bars(desk: Desk, call: CallState, track: str) -> list[Bar]:
    """The rows of a track of a call."""
    rules = call.rules
    opens, closes, paper = rules.opens, rules.filing_closes, rules.paper_due
    found = [
        Bar("网上申报", opens.value, closes.value, "applicant", closes.clause, closes.note, False),
        Bar("报送书面材料", opens.value, paper.value, "recommender", paper.clause, paper.note, False),
    ]
    process = _process(desk, call, track)
    entered = end_of(closes.value) - timedelta(seconds=1)
    for key in PATH:
        stage = process.stages.get(key)
        if stage is None:
            continue
        limit = schedule(process, _facts(call, track, key, entered), desk.calendar).limit
        if limit is None or limit.due <= entered:
            continue
        role = str(stage.holder.role) if stage.holder else ""
        clause = stage.holder.limit.clause if stage.holder and stage.holder.limit else stage.clause
        found.append(
            Bar(stage.label, day_of(entered), max(limit.day, day_of(entered)), role, clause, limit.explanation(),
                limit.provisional)
        )  # fmt: skip
        entered = max(limit.due, entered)
    return found


def days_off(calendar: Calendar, first: date, last: date) -> Iterator[Off]:
    """The days off from ``first`` to ``last``, those in a row and alike together."""
    run: Off | None = None
    day = first
    for _ in range(min(MOST_DAYS, (last - first).days + 1)):
        if not calendar.is_working_day(day):
            festival, known = calendar.festival(day) or "", calendar.is_announced(day.year)
            if (
                run
                and run.festival == festival
                and run.known == known
                and run.last == day - timedelta(days=1)
            ):
                run = Off(run.first, day, festival, known)
            else:
                if run:
                    yield run
                run = Off(day, day, festival, known)
        day += timedelta(days=1)
    if run:
        yield run


def _process(desk: Desk, call: CallState, track: str) -> Process:
    if call.state == "planned":
        return build(call.rules.track(track))
    return desk.processes.process(desk.processes.key_for(call.code, track))


def _facts(call: CallState, track: str, stage: str, entered: datetime) -> Facts:
    return Facts(
        0,
        "",
        1,
        call.code,
        track,
        "",
        "",
        0,
        "",
        "",
        stage,
        entered,
        entered,
        posted_at=entered,
        filed_at=entered,
    )
