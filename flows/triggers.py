"""The timetable for APScheduler, and which of its lines were missed while nobody ran it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from casework.beats import LastRun, Outcome
from flows.timetable import At, Every, Line
from states.calendar import SHANGHAI

ANCHOR = datetime(2024, 1, 1, tzinfo=SHANGHAI)
"""A midnight from which intervals count."""


def trigger(when: Every | At) -> BaseTrigger:
    """When a line runs, as APScheduler says it."""
    if isinstance(when, Every):
        return IntervalTrigger(seconds=when.seconds, start_date=ANCHOR, timezone=SHANGHAI)
    return CronTrigger(hour=when.hour, minute=when.minute, timezone=SHANGHAI)


def missed(lines: Iterable[Line], runs: Mapping[str, LastRun], *, as_of: datetime) -> list[Line]:
    """The lines that should have run by ``as_of`` since they last ended well or badly, each once.

    One that never ran is missed, and so is one that began and was cut off.
    """
    return [line for line in lines if _is_missed(line, runs.get(line.name), as_of)]


def _is_missed(line: Line, last: LastRun | None, as_of: datetime) -> bool:
    if last is None or last.as_of is None or last.outcome == Outcome.RUNNING:
        return True
    after = last.as_of.astimezone(SHANGHAI) + timedelta(microseconds=1)
    turn: datetime | None = trigger(line.when).get_next_fire_time(None, after)
    return turn is not None and turn <= as_of
