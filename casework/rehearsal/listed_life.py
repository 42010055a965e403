"""What listed institutions do in three years, and what is done to them: duties, activity, rectification, leaving."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from casework.rehearsal import renewing, words
from casework.rehearsal.cast import applicant, recommender
from casework.rehearsal.world import World
from states.anchors import publicity_period
from states.calendar import day_of, start_of
from states.facts import Facts, day, instant

PARTS = (
    "renews",
    "reviewed_late",
    "lapses",
    "inactive",
    "rectification_fails",
    "rectified",
    "leaves",
    "lapses",
    "renews",
    "removed",
)
"""Handed out in the order in which institutions enter the directory; the same again after the last."""


def watch(world: World, no: str) -> None:
    """Look again when the publicity of a case has ended, until it is listed or out."""
    case = world.case(no)
    posted = instant(case.posted_at)
    assert posted is not None
    due = publicity_period(posted, world.rules, world.desk.calendar).due
    world.agenda.at(max(due, world.working_day(world.now, 1, 18)), lambda: _look(world, no))


def _look(world: World, no: str) -> None:
    case = world.case(no)
    if case.stage == "publicity":
        watch(world, no)
    elif case.stage == "listed":
        _live(world, case)


def _live(world: World, case: Facts) -> None:
    part = PARTS[world.listed % len(PARTS)]
    world.listed += 1
    world.parts[case.no] = part
    first_term(world, case, part)


def first_term(world: World, case: Facts, part: str) -> None:
    """Everything an institution will do in its first term, by its part."""
    starts, last = instant(case.term_starts_at), day(case.term_last_day)
    assert starts is not None
    assert last is not None
    year, no = day_of(starts).year, case.no
    unit, by = applicant(case.institution_id), recommender(case.channel)
    if part != "inactive":
        record_activity(world, case, day_of(starts), last, 120, 900)
    report_yearly(world, case, day_of(starts), last, late_in=year + 2 if part == "rectified" else None)

    def on(years: int, month: int, day_: int, hour: int = 10) -> datetime:
        return world.working_day(date(year + years, month, day_), 1, hour)

    if part == "rectification_fails":
        when = on(1, 6, 9)
        world.later(
            when,
            "order_rectification",
            no,
            by,
            finding=words.BREACH,
            due_on=date.fromordinal(day_of(when).toordinal() + 30),
        )
    elif part == "rectified":
        world.later(
            on(2, 3, 1),
            "order_rectification",
            no,
            by,
            finding=words.MINOR_BREACH,
            due_on=date(year + 2, 4, 15),
        )
        world.later(on(2, 4, 9), "report_rectification", no, unit, report=words.MENDED)
        world.later(on(2, 4, 27), "accept_rectification", no, by, finding=words.ACCEPTED)
    elif part == "leaves":
        world.later(on(2, 9, 14), "withdraw_listing", no, unit, reason=words.LEAVING)
    elif part == "removed":
        world.later(on(2, 5, 19), "remove", no, world.staff.group, ground="fraud", finding=words.FRAUD)
    renewing.plan(world, case, part)


def record_activity(world: World, case: Facts, first: date, last: date, low: int, high: int) -> None:
    """The institution reports its person-times every quarter of the term, as long as it is in the directory."""
    dice = world.dice(f"activity/{case.no}/{first}")
    for year in range(first.year, last.year + 1):
        for month in (3, 6, 9, 12):
            quarter = world.working_day(date(year, month, 20), 1, dice.randrange(9, 17))
            if first < day_of(quarter) <= last:
                told = {"person_times": dice.randrange(low, high)}
                world.agenda.at(quarter, partial(_while_listed, world, "record_activity", case, told))


def report_yearly(world: World, case: Facts, first: date, last: date, late_in: int | None = None) -> None:
    """The yearly report and plan, most in January, one after the day it was due (M24-14)."""
    dice = world.dice(f"reports/{case.no}/{first}")
    month, the_day = map(int, world.rules.yearly_report_due.value.split("-"))
    for year in range(first.year, last.year + 1):
        due = date(year, month, the_day)
        if not first < due <= last:
            continue
        early = world.working_day(due, -dice.randrange(1, 16), dice.randrange(9, 17))
        when = world.working_day(due, 8, 15) if year == late_in else early
        when = max(when, start_of(date.fromordinal(first.toordinal() + 1)))
        told = {"duty": "yearly_report", "year": year}
        world.agenda.at(when, partial(_while_listed, world, "fulfil_duty", case, told))


def _while_listed(world: World, move: str, case: Facts, told: Mapping[str, Any]) -> None:
    if world.case(case.no).exit_ground is None:
        world.act(move, case.no, applicant(case.institution_id), **told)
