"""The State Council's calendar as rows: seeded, announced year by year, and what an announcement moves (D-6)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, insert

from casework.actors import Actor
from casework.audit import Entry, append
from casework.calendar_files import plan_from, plan_text, read_plan
from records.tables import CalendarYear
from records.transaction import Transaction, transaction
from states.calendar import Calendar, YearPlan, start_of
from states.refusals import Refused


class MovedDate(NamedTuple):
    """A date that is another one under the new calendar, and whose it is."""

    case_id: int
    no: str
    what: str
    old_due: datetime
    new_due: datetime


Rederive = Callable[[Transaction, Calendar, Sequence[int], datetime], Sequence[MovedDate]]
"""Works out the timers of these cases again within the transaction, tells whom they concern, lists what moved."""


@dataclass(frozen=True, slots=True)
class CalendarImport:
    """What an announcement did: the new edition, the cases looked at again, the dates that moved."""

    year: int
    notice: str
    edition: str
    new: bool
    looked_at: tuple[int, ...] = ()
    moved: tuple[MovedDate, ...] = ()


def current_calendar(engine: Engine) -> Calendar:
    """The calendar in its current edition; the built-in one for a database that holds none."""
    with engine.execution_options(readonly=True).connect() as connection:
        return _current(connection)


def seed_calendar(connection: Connection, *, as_of: datetime) -> None:
    """Keep every year announced so far in an empty database, so that a new program does not change the law."""
    calendar = Calendar.builtin()
    connection.execute(
        insert(CalendarYear),
        [
            {
                "year": year,
                "edition": calendar.edition,
                "notice": plan.notice,
                "plan": plan_text(plan),
                "at": as_of,
            }
            for year, plan in calendar.years.items()
        ],
    )


def import_year(
    engine: Engine, file: Path, *, as_of: datetime, by: Actor, rederive: Rederive | None = None
) -> CalendarImport:
    """Take over a year's announcement from a file, and work out again every date it may move (D-6).

    One transaction: the year, the dates and the letters about them, or nothing. The same announcement twice
    changes nothing (``new`` is False). Without `rederive` the cases to look at are only named. Raises Refused
    for a file that cannot be that year's plan.
    """
    year, plan = read_plan(file)
    with transaction(engine) as tx:
        return _announce(tx, year, plan, as_of, by, rederive)


def import_announced(
    engine: Engine, *, as_of: datetime, by: Actor, rederive: Rederive | None = None
) -> list[CalendarImport]:
    """Take over the years this program came with and the database does not hold yet, after an upgrade."""
    with transaction(engine) as tx:
        held = _current(tx.connection).years
        announced = Calendar.builtin().years.items()
        return [
            _announce(tx, year, plan, as_of, by, rederive) for year, plan in announced if year not in held
        ]


def _announce(
    tx: Transaction, year: int, plan: YearPlan, as_of: datetime, by: Actor, rederive: Rederive | None
) -> CalendarImport:
    before = _current(tx.connection)
    if before.years.get(year) == plan:
        return CalendarImport(year, plan.notice, before.edition, new=False)
    _refuse_overlap(before, year, plan)
    if tx.one("SELECT 1 FROM calendar_year LIMIT 1") is None:
        seed_calendar(tx.connection, as_of=as_of)
    after = before.with_year(year, plan)
    row = {
        "year": year,
        "edition": after.edition,
        "notice": plan.notice,
        "plan": plan_text(plan),
        "at": as_of,
    }
    tx.connection.execute(insert(CalendarYear).values(row))
    cases = _cases_to_look_at(tx, year)
    moved = tuple(rederive(tx, after, cases, as_of)) if rederive else ()
    detail = {"year": year, "edition": after.edition, "notice": plan.notice, "moved": len(moved)}
    append(tx, [Entry(as_of, as_of, by.signature, "calendar", "import_year", clause="D-6", detail=detail)])
    return CalendarImport(year, plan.notice, after.edition, True, cases, moved)


def _refuse_overlap(calendar: Calendar, year: int, plan: YearPlan) -> None:
    """A day of the December before may stand in either year's notice, but not off in one and worked in the other."""
    neighbours = [calendar.years[near] for near in (year - 1, year + 1) if near in calendar.years]
    for other in neighbours:
        if clash := (plan.holidays.keys() & other.makeup_days.keys()) | (
            plan.makeup_days.keys() & other.holidays.keys()
        ):
            raise Refused(
                f"{min(clash)}在{year}年放假安排与《{other.notice}》中一处放假、一处补班，请核对日期。",
                clause="D-6",
            )


def _cases_to_look_at(tx: Transaction, year: int) -> tuple[int, ...]:
    # A New Year's holiday may begin in the December before, and a span counted through the year may end
    # long after it: everything still to come from then on is looked at.
    first = start_of(date(year - 1, 12, 1))
    rows = tx.rows(
        "SELECT case_id FROM timer WHERE fires_at >= ? OR (fires_at IS NOT NULL AND due >= ?)"
        " UNION SELECT id FROM cases WHERE due_at >= ? ORDER BY 1",
        (first, first, first),
    )
    return tuple(int(row[0]) for row in rows)


def _current(connection: Connection) -> Calendar:
    tx = Transaction(connection)
    newest = tx.one("SELECT edition FROM calendar_year ORDER BY id DESC LIMIT 1")
    if newest is None or newest[0] == Calendar.builtin().edition:
        return Calendar.builtin()
    rows = tx.rows("SELECT year, notice, plan FROM calendar_year ORDER BY id")
    return _assembled(newest[0], tuple(rows))


@lru_cache(maxsize=8)
def _assembled(edition: str, rows: tuple[tuple[Any, ...], ...]) -> Calendar:
    # A later row of the same year replaces the earlier: the rows come in the order they were announced.
    return Calendar(edition, {year: plan_from(notice, plan) for year, notice, plan in rows})
