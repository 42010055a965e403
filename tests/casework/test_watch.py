"""What is checked by itself: a fault is one incident, however often it is found, and is closed when it is mended."""

from datetime import date
from typing import Any

import pytest

from casework.watch import watch_calendar, watch_invariants
from states.calendar import Calendar, YearPlan, at_time

NIGHT = at_time(date(2024, 6, 20), 3)
NEXT_NIGHT = at_time(date(2024, 6, 21), 3)
THIRD_NIGHT = at_time(date(2024, 6, 22), 3)


def incidents(programme: Any) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = programme.rows(
        "SELECT kind, subject, attempts, outcome FROM incident ORDER BY id"
    )
    return rows


def test_sound_records_leave_nothing_behind(programme: Any) -> None:
    programme.begin(3)
    report = watch_invariants(programme.desk, as_of=NIGHT)
    assert (report.ok, report.cases) == (True, 3)
    assert incidents(programme) == []


def test_a_fault_is_an_incident_until_a_later_check_finds_none(programme: Any) -> None:
    programme.begin()
    programme.spoil("UPDATE cases SET held_by = 'office'")
    watch_invariants(programme.desk, as_of=NIGHT)
    watch_invariants(programme.desk, as_of=NEXT_NIGHT)
    assert incidents(programme) == [("invariant_broken", "records", 2, None)]
    assert programme.rows("SELECT reason FROM incident") == [
        ("一致性检查发现：B3-SJAQ-0001：承办方与流程不一致。",)
    ]
    programme.spoil("UPDATE cases SET held_by = 'recommender'")
    watch_invariants(programme.desk, as_of=THIRD_NIGHT)
    assert incidents(programme) == [("invariant_broken", "records", 2, "再次检查无误")]


@pytest.mark.clause("D-6")
def test_next_year_is_missed_from_december(programme: Any) -> None:
    desk = programme.desk
    assert watch_calendar(desk, as_of=at_time(date(2026, 11, 30), 8)) == []
    assert watch_calendar(desk, as_of=at_time(date(2026, 12, 1), 8)) == [2027]
    assert incidents(programme) == [("calendar_missing", "2027", 1, None)]


@pytest.mark.clause("D-6")
def test_an_announced_year_closes_the_incident(programme: Any) -> None:
    desk = programme.desk
    watch_calendar(desk, as_of=at_time(date(2027, 1, 4), 8))
    plan = YearPlan("示例放假通知", {date(2027, 1, 1): "元旦"}, {})
    desk.calendar = Calendar.builtin().with_year(2027, plan)
    assert watch_calendar(desk, as_of=at_time(date(2027, 1, 5), 8)) == []
    assert incidents(programme) == [("calendar_missing", "2027", 1, "放假安排已导入")]
