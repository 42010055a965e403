"""Every legal date from 2019 to 2030, held to an oracle that counts day by day from the typed notices.

The oracle knows nothing of the program's calendar, spans or terms: it reads holiday_notices.toml, walks one day
at a time and keeps to the Gregorian month by looking at the calendar page.
"""

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from states.calendar import Calendar, YearPlan
from states.checked import Process
from states.conditions import (
    Circumstances,
    filing_is_open,
    last_day_to_apply_has_passed,
    publicity_is_over,
    publicity_is_running,
    rectification_in_time,
    renewal_window_is_open,
    term_is_over,
)
from states.effects import begin_term, leave_at_term_end, renew_term
from states.facts import Facts
from states.process import build
from states.rulebook import call_rules, regime_rules
from states.timers import Schedule, schedule

NOTICES = tomllib.loads((Path(__file__).parent / "holiday_notices.toml").read_text(encoding="utf-8"))
A_DAY, A_SECOND = timedelta(days=1), timedelta(seconds=1)
CALENDAR = Calendar.builtin()

DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))
# Around midnight and nine o'clock in Shanghai is where a day is won or lost.
TIMES = st.one_of(
    st.sampled_from([0, 1, 9 * 3600 - 1, 9 * 3600, 9 * 3600 + 1, 16 * 3600, 86399]), st.integers(0, 86399)
)
INSTANTS = st.builds(lambda day, second: midnight_before(day) + timedelta(seconds=second), DAYS, TIMES)
KINDS = st.sampled_from(
    [("I21", "evaluation"), ("I21", "training"), ("CQ23", "evaluation"), ("CQ23", "training"),
     ("B3", "evaluation"), ("M24", "evaluation"), ("M24", "training")]
)  # fmt: skip
WORKING_DAYS_OF_PUBLICITY = {"I21": 15, "CQ23": 5, "B3": 5, "M24": 5}


# The oracle.


def official_days() -> tuple[frozenset[date], frozenset[date]]:
    """The days off and the weekend days worked, as the notices of 2019 to 2026 name them."""
    off: set[date] = set()
    for notice in NOTICES.values():
        for first, last in notice["off"]:
            each = date.fromisoformat(first)
            while each <= date.fromisoformat(last):
                off.add(each)
                each += A_DAY
    return frozenset(off), frozenset(
        date.fromisoformat(each) for notice in NOTICES.values() for each in notice["worked"]
    )


OFF, WORKED = official_days()


def is_worked(day: date, off: frozenset[date] = OFF, worked: frozenset[date] = WORKED) -> bool:
    return day in worked or (day.weekday() not in (5, 6) and day not in off)


def midnight_before(day: date) -> datetime:
    """Shanghai keeps eight hours ahead of UTC all year round."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)


def midnight_after(day: date) -> datetime:
    return midnight_before(day + A_DAY)


def shanghai(instant: datetime) -> datetime:
    """What the clock on the office wall shows, without a zone."""
    return (instant + timedelta(hours=8)).replace(tzinfo=None)


def last_of(n: int, days: Iterator[date]) -> date:
    """The n-th of the days."""
    for _ in range(n - 1):
        next(days)
    return next(days)


def working_days_from(day: date) -> Iterator[date]:
    while True:
        if is_worked(day):
            yield day
        day += A_DAY


def publicity_last_day(posted: datetime, n: int) -> date:
    wall = shanghai(posted)
    first = wall.date() if wall.hour < 9 else wall.date() + A_DAY
    return last_of(n, working_days_from(first))


def same_day_of_month(day: date, months: int) -> date:
    """The page of the calendar so many months on (or back): the same number on it, or its last."""
    page = day.replace(day=1)
    for _ in range(abs(months)):
        page = (page + timedelta(days=31) if months > 0 else page - A_DAY).replace(day=1)
    numbers = [each for each in range(1, day.day + 1) if _on_page(page, each)]
    return page.replace(day=numbers[-1])


def _on_page(page: date, number: int) -> bool:
    return (page + timedelta(days=number - 1)).month == page.month


def test_the_notices_and_the_calendar_name_the_same_days() -> None:
    every = (date(2019, 1, 1) + timedelta(days=n) for n in range(2922))
    assert [each for each in every if is_worked(each) != CALENDAR.is_working_day(each)] == []


# The rules, held to it.


@cache
def process(code: str, track: str) -> Process:
    rules = call_rules(code) if code in ("CQ23", "B3") else regime_rules(code)
    return build(rules.track(track))


def case(of: Process, stage: str, entered: datetime, **known: Any) -> Facts:
    rules = of.rules
    return Facts(
        1,
        "示例",
        1,
        rules.code,
        rules.track,
        of.key,
        "SJAQ",
        1,
        "50",
        "P50",
        stage,
        entered,
        entered,
        **known,
    )


def planned(kind: tuple[str, str], stage: str, entered: datetime, **known: Any) -> Schedule:
    of = process(*kind)
    return schedule(of, case(of, stage, entered, **known), CALENDAR)


def due(schedule: Schedule, key: str) -> tuple[date, datetime]:
    timer = schedule.timer(key)
    assert timer is not None
    return timer.about, timer.due


@pytest.mark.clause("I21-4.5", "CQ23-4.4", "B3-4.5", "M24-7.4", "D-1")
@given(KINDS, INSTANTS)
@example(("B3", "evaluation"), midnight_before(date(2024, 9, 29)))
@example(("I21", "evaluation"), midnight_before(date(2020, 1, 19)) + timedelta(hours=9))
@example(("M24", "training"), midnight_before(date(2028, 2, 29)))
def test_publicity_ends_after_its_full_working_days(kind: tuple[str, str], posted: datetime) -> None:
    last = publicity_last_day(posted, WORKING_DAYS_OF_PUBLICITY[kind[0]])
    of = process(*kind)
    facts = case(of, "publicity", posted, posted_at=posted)
    assert due(schedule(of, facts, CALENDAR), "list") == (last, midnight_after(last))
    before, after = (
        Circumstances(midnight_after(last) - A_SECOND, of.rules, CALENDAR),
        Circumstances(midnight_after(last), of.rules, CALENDAR),
    )
    assert (publicity_is_running(facts, before), publicity_is_over(facts, before)) == (True, False)
    assert (publicity_is_running(facts, after), publicity_is_over(facts, after)) == (False, True)


@pytest.mark.clause("D-4", "I21-4.4", "CQ23-4.3", "B3-4.4", "M24-7.3a", "M24-7.4")
@given(KINDS, st.sampled_from([("correcting", 10), ("initial_review", 20), ("expert_review", 30)]), INSTANTS)
@example(("B3", "evaluation"), ("correcting", 10), midnight_before(date(2024, 9, 30)) - A_SECOND)
def test_a_limit_in_working_days_ends_with_the_last_of_them(
    kind: tuple[str, str], limit: tuple[str, int], entered: datetime
) -> None:
    stage, n = limit
    last = last_of(n, working_days_from(shanghai(entered).date() + A_DAY))
    found = planned(kind, stage, entered).limit
    assert found is not None
    assert (found.day, found.due) == (last, midnight_after(last))


@pytest.mark.clause("I21-4.6", "CQ23-1.5", "B3-1.5", "M24-5", "D-3")
@given(KINDS, INSTANTS)
@example(("B3", "evaluation"), midnight_before(date(2024, 2, 29)))
@example(("B3", "evaluation"), midnight_before(date(2028, 3, 1)) - A_SECOND)
def test_a_term_is_three_years_to_the_day(kind: tuple[str, str], approved: datetime) -> None:
    of = process(*kind)
    began = begin_term(case(of, "publicity", approved), Circumstances(approved, of.rules, CALENDAR))
    last = same_day_of_month(shanghai(approved).date(), 36)
    assert (began["term_starts_at"], began["term_last_day"]) == (approved, last)
    facts = case(of, "lapsing", approved, **began)
    assert due(schedule(of, facts, CALENDAR), "exit") == (last, midnight_after(last))
    over = [
        term_is_over(facts, Circumstances(midnight_after(last) - second, of.rules, CALENDAR))
        for second in (A_SECOND, 0 * A_SECOND)
    ]
    assert over == [False, True]


@pytest.mark.clause("M24-9.1", "M24-9.4", "D-3")
@given(KINDS, DAYS)
@example(("B3", "evaluation"), date(2027, 5, 31))
@example(("CQ23", "training"), date(2028, 8, 29))
def test_renewal_is_open_from_six_to_three_months_before_the_end(kind: tuple[str, str], last: date) -> None:
    of = process(*kind)
    facts = case(
        of, "listed", midnight_before(last) - timedelta(days=1000), term_no=1, term_last_day=last,
        term_starts_at=midnight_before(last) - timedelta(days=1000),
    )  # fmt: skip
    first, apply_by = same_day_of_month(last, -6), same_day_of_month(last, -3)
    assert due(schedule(of, facts, CALENDAR), "lapse") == (apply_by, midnight_after(apply_by))
    instants = (
        midnight_before(first) - A_SECOND, midnight_before(first), midnight_after(apply_by) - A_SECOND,
        midnight_after(apply_by),
    )  # fmt: skip
    around = [Circumstances(each, of.rules, CALENDAR) for each in instants]
    assert [renewal_window_is_open(facts, each) for each in around] == [False, True, True, False]
    assert [last_day_to_apply_has_passed(facts, each) for each in around] == [False, False, False, True]


@pytest.mark.clause("M24-9.5", "D-3", "D-8", "D-14")
@given(KINDS, DAYS)
@example(("M24", "training"), date(2028, 2, 29))
def test_what_follows_a_term_is_counted_from_its_last_day(kind: tuple[str, str], last: date) -> None:
    of = process(*kind)
    facts = case(of, "lapsing", midnight_before(last) - timedelta(days=60), term_no=1, term_last_day=last)
    around = Circumstances(midnight_after(last) + timedelta(days=90), of.rules, CALENDAR)
    three_years_on = same_day_of_month(last, 36)
    renewed = renew_term(facts, around)
    assert (renewed["term_starts_at"], renewed["term_last_day"]) == (midnight_after(last), three_years_on)
    assert leave_at_term_end(facts, around)["cooling_until"] == three_years_on


@pytest.mark.clause("I21-4.6.3", "D-3")
@given(DAYS)
@example(date(2024, 1, 31))
@example(date(2027, 12, 31))
def test_certificate_data_is_due_a_month_after_the_examination(held: date) -> None:
    span = process("B3", "evaluation").rules.examination_report.value
    last = same_day_of_month(held, 1)
    found = span.after(midnight_after(held) - A_SECOND, CALENDAR)
    assert (found.day, found.due) == (last, midnight_after(last))


@pytest.mark.clause("M24-20a", "M24-20b", "D-11")
@given(KINDS, DAYS)
def test_a_rectification_lasts_to_the_end_of_the_day_that_was_set(kind: tuple[str, str], until: date) -> None:
    of = process(*kind)
    facts = case(of, "rectifying", midnight_before(until) - timedelta(days=30), rectification_due=until)
    assert due(schedule(of, facts, CALENDAR), "fail_rectification") == (until, midnight_after(until))
    in_time = [
        rectification_in_time(facts, Circumstances(each, of.rules, CALENDAR))
        for each in (midnight_after(until) - A_SECOND, midnight_after(until))
    ]
    assert in_time == [True, False]


@pytest.mark.clause("CQ23-5.3", "B3-5.4")
@pytest.mark.parametrize(
    ("kind", "last"),
    [(("CQ23", "training"), date(2023, 6, 16)), (("B3", "evaluation"), date(2024, 6, 21))],
)
def test_filing_lasts_to_the_end_of_its_last_day(kind: tuple[str, str], last: date) -> None:
    of = process(*kind)
    facts = case(of, "draft", midnight_before(last))
    open_at = [
        filing_is_open(facts, Circumstances(each, of.rules, CALENDAR))
        for each in (midnight_after(last) - A_SECOND, midnight_after(last))
    ]
    assert open_at == [True, False]


# A year without a calendar.


def arrived(shift: int) -> tuple[Calendar, frozenset[date], frozenset[date]]:
    """2027 to 2030 as they might be announced: the days of 2023 to 2026, some moved to another week."""
    calendar, off, worked = CALENDAR, set(OFF), set(WORKED)
    for year in range(2027, 2031):
        model = NOTICES[str(year - 4)]
        holidays = [
            each
            for first, last in model["off"]
            for each in _moved(date.fromisoformat(first), date.fromisoformat(last), shift)
            if each.year == year
        ]
        made_up = {
            each
            for text in model["worked"]
            for each in _weekend_near(date.fromisoformat(text), shift)
            if each not in holidays and each.year == year
        }
        calendar = calendar.with_year(
            year, YearPlan("示例安排", dict.fromkeys(holidays, "示例节"), dict.fromkeys(made_up, "示例节"))
        )
        off |= set(holidays)
        worked |= made_up
    return calendar, frozenset(off), frozenset(worked)


def _moved(first: date, last: date, shift: int) -> Iterator[date]:
    each = first
    while each <= last:
        if (each.month, each.day) != (2, 29):
            yield each.replace(year=each.year + 4) + timedelta(days=7 * shift)
        each += A_DAY


def _weekend_near(day: date, shift: int) -> Iterator[date]:
    if (day.month, day.day) != (2, 29):
        there = day.replace(year=day.year + 4) + timedelta(days=7 * shift)
        yield there + timedelta(days=(5 - there.weekday()) % 7)


ARRIVED = {shift: arrived(shift) for shift in (0, 1, 2)}


@pytest.mark.clause("D-6")
@settings(max_examples=60)
@given(KINDS, st.dates(date(2026, 11, 1), date(2030, 11, 1)), TIMES, st.sampled_from([0, 1, 2]))
def test_when_the_calendar_arrives_a_provisional_date_becomes_the_day_of_the_notice(
    kind: tuple[str, str], day: date, second: int, shift: int
) -> None:
    posted = midnight_before(day) + timedelta(seconds=second)
    n = WORKING_DAYS_OF_PUBLICITY[kind[0]]
    of = process(*kind)
    facts = case(of, "publicity", posted, posted_at=posted)
    calendar, off, worked = ARRIVED[shift]
    before, after = (schedule(of, facts, each).timer("list") for each in (CALENDAR, calendar))
    assert before is not None
    assert after is not None

    # Not yet firm: a day of a year to come, or one that its notice may still claim for the New Year.
    wall = shanghai(posted)
    first = wall.date() if wall.hour < 9 else wall.date() + A_DAY
    weekends_alone = publicity_last_day(posted, n)
    announced = last_of(n, (each for each in _days_from(first) if is_worked(each, off, worked)))
    assert (before.about, before.provisional) == (weekends_alone, weekends_alone >= date(2026, 12, 29))
    assert (after.about, after.due) == (announced, midnight_after(announced))
    assert after.provisional == (announced >= date(2030, 12, 29))


def _days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += A_DAY
