"""When somebody who owes a duty hears of it: before its last day, and once it has passed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from states.calendar import Calendar, at_time, day_of
from states.spans import Span
from states.timers import REMIND_AT


@dataclass(frozen=True, slots=True)
class Turn:
    """One instant at which something is told: a reminder, or that the duty is ``overdue``."""

    at: datetime
    overdue: bool = False


def turns(last_day: date, owed_on: date, before: Iterable[Span], calendar: Calendar) -> tuple[Turn, ...]:
    """All turns of a duty owed since ``owed_on`` and due by the end of ``last_day`` (Shanghai days), oldest first.

    A reminder on or before the day the duty came up would tell nothing new. Overdue is told at nine the next morning.
    """
    told = {at_time(each.before(last_day, calendar).day, REMIND_AT) for each in before}
    reminders = sorted(at for at in told if day_of(at) > owed_on)
    overdue = at_time(max(last_day, owed_on) + timedelta(days=1), REMIND_AT)
    return (*(Turn(at) for at in reminders), Turn(overdue, overdue=True))


def due_turn(of: Iterable[Turn], as_of: datetime) -> Turn | None:
    """The latest turn by ``as_of``: of several that were missed only this one is told (D-7)."""
    return max((turn for turn in of if turn.at <= as_of), key=lambda turn: turn.at, default=None)


def following(of: Iterable[Turn], as_of: datetime) -> datetime | None:
    """When the next turn after ``as_of`` is; None when that was the last."""
    return min((turn.at for turn in of if turn.at > as_of), default=None)
