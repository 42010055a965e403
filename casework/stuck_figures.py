"""How old the late ones are, and how many became late week by week: the charts beside the stuck board."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from casework.access.policy import refuse_unless_may
from casework.actors import Actor
from casework.desk import Desk
from casework.selection import Selection
from casework.stuck_board import MOST, SEE, count_up_to
from records.transaction import reading
from states.calendar import Calendar, day_of, end_of


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of the histogram: cases ``first`` to ``last`` working days late; ``last`` None is open."""

    first: int
    last: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Week:
    """How many cases became late in the week that begins on this Monday."""

    monday: date
    count: int


EDGES = (0, 6, 11, 21, 41, 61)
"""Working days late at which the bars of the histogram begin."""


def ageing(desk: Desk, chosen: Selection, *, as_of: datetime, actor: Actor) -> list[Bin]:
    """How late the late ones are, in working days."""
    refuse_unless_may(actor, SEE)
    where, values = chosen.where(actor)
    today, found = day_of(as_of), []
    bounds = [min(as_of, end_of(_back(desk.calendar, today, edge))) if edge else as_of for edge in EDGES]
    with reading(desk.engine) as tx:
        for at, edge in enumerate(EDGES):
            further = at + 1 < len(EDGES)
            span = "c.due_at <= ? AND c.due_at > ?" if further else "c.due_at <= ?"
            given = [bounds[at], bounds[at + 1]] if further else [bounds[at]]
            count = count_up_to(tx, where, values, span, given)
            found.append(Bin(edge, EDGES[at + 1] - 1 if further else None, count))
    return found


LATE_LETTERS = ("stage_overdue", "publicity_unresolved", "renewal_overdue")
WEEKS = 12


def trend(desk: Desk, chosen: Selection, *, as_of: datetime, actor: Actor) -> list[Week]:
    """How many cases became late in each of the last twelve weeks, this one included."""
    refuse_unless_may(actor, SEE)
    where, values = chosen.where(actor)
    today = day_of(as_of)
    monday = today - timedelta(days=today.weekday())
    weeks = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT about, count(*) FROM (SELECT DISTINCT n.case_id, n.about FROM notice n"
            f" JOIN cases c ON c.id = n.case_id WHERE n.letter IN ({', '.join('?' * len(LATE_LETTERS))})"
            f" AND n.about >= ? AND {where} LIMIT {MOST}) AS late GROUP BY about",
            (*LATE_LETTERS, weeks[0], *values),
        )
    late = dict.fromkeys(weeks, 0)
    for about, count in rows:
        on = about if isinstance(about, date) else date.fromisoformat(about)
        late[min(max(on - timedelta(days=on.weekday()), weeks[0]), weeks[-1])] += count
    return [Week(monday, count) for monday, count in late.items()]


def _back(calendar: Calendar, today: date, working_days: int) -> date:
    """The latest day from which to ``today``, both counted, there are so many working days."""
    day = today
    while True:
        working_days -= calendar.is_working_day(day)
        if working_days <= 0:
            return day - timedelta(days=1)
        day -= timedelta(days=1)
