"""What lies ahead, counted once a day for the staff: publicity that ends, renewals that close, duties to report."""

from dataclasses import dataclass
from datetime import datetime

from casework.desk import Desk
from records.transaction import reading
from states.calendar import day_of, end_of

AHEAD = 10
"""Working days: the same reach as the first reminder of a limit."""


@dataclass(frozen=True, slots=True)
class PublicityOutlook:
    """Cases whose publicity ends by the end of the next working day; how many of them an objection holds (D-2)."""

    ending: int
    with_objection: int


@dataclass(frozen=True, slots=True)
class RenewalOutlook:
    """Listings by where they stand before the end of their term (M24-9.1, M24-9.4, D-5)."""

    closing_soon: int
    under_review: int
    past_term: int
    leaving_soon: int


@dataclass(frozen=True, slots=True)
class DutyOutlook:
    """Yearly reports that are due within ten working days, and those not handed in on their day (M24-14).

    ``owed_soon`` and ``owed_overdue`` count the other duties likewise: examinations, sites, fees, emergencies, lists.
    """

    due_soon: int
    overdue: int
    owed_soon: int = 0
    owed_overdue: int = 0


def publicity_outlook(desk: Desk, *, as_of: datetime) -> PublicityOutlook:
    """What ends tomorrow: by the end of the next working day after ``as_of`` (aware UTC)."""
    tomorrow = desk.calendar.working_days_after(day_of(as_of), 1).due
    with reading(desk.engine) as tx:
        row = tx.one(
            "SELECT count(*), count(CASE WHEN objections_open > 0 THEN 1 END) FROM cases"
            " WHERE stage = 'publicity' AND due_at <= ?",
            (tomorrow,),
        )
    assert row
    return PublicityOutlook(*row)


def renewal_outlook(desk: Desk, *, as_of: datetime) -> RenewalOutlook:
    """Whose last day to apply is near, who waits for an answer, and who leaves within ten working days."""
    horizon = desk.calendar.working_days_after(day_of(as_of), AHEAD).due
    with reading(desk.engine) as tx:
        row = tx.one(
            "SELECT count(CASE WHEN stage = 'listed' AND due_at <= ? THEN 1 END),"
            " count(CASE WHEN stage = 'renewal' THEN 1 END),"
            " count(CASE WHEN stage = 'renewal' AND due_at <= ? THEN 1 END),"
            " count(CASE WHEN stage = 'lapsing' AND due_at <= ? THEN 1 END)"
            " FROM cases WHERE stage IN ('listed', 'renewal', 'lapsing')",
            (horizon, as_of, horizon),
        )
    assert row
    return RenewalOutlook(*row)


def duty_outlook(desk: Desk, *, as_of: datetime) -> DutyOutlook:
    """Reports not handed in yet whose day is near, and those whose day has passed."""
    last = desk.calendar.working_days_after(day_of(as_of), AHEAD).day
    sql = (
        "SELECT count(*) FROM timer t JOIN cases c ON c.id = t.case_id WHERE t.letter = 'duty_overdue'"
        " AND ',' || c.duties_done || ',' NOT LIKE '%,' || substr(t.key, length('duty_overdue:') + 1) || ',%'"
    )
    with reading(desk.engine) as tx:
        soon = tx.one(f"{sql} AND t.due > ? AND t.due <= ?", (as_of, end_of(last)))
        over = tx.one(f"{sql} AND t.due <= ?", (as_of,))
        owed = tx.one(
            "SELECT count(CASE WHEN due_at > ? THEN 1 END), count(CASE WHEN due_at <= ? THEN 1 END) FROM duty_owed"
            " WHERE done_at IS NULL AND due_at <= ?",
            (as_of, as_of, end_of(last)),
        )
    assert soon
    assert over
    assert owed
    return DutyOutlook(soon[0], over[0], *owed)
