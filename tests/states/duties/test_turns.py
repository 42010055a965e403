"""When who owes a duty hears of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.calendar import Calendar, at_time, day_of
from states.duties.turns import Turn, due_turn, following, turns
from states.spans import working_days

CALENDAR = Calendar.builtin()
BEFORE = tuple(map(working_days, (10, 3, 1)))
DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))


@pytest.mark.clause("I21-4.6.3")
def test_reminders_come_ten_three_and_one_working_day_before_and_overdue_the_morning_after() -> None:
    found = turns(date(2025, 4, 3), date(2025, 2, 1), BEFORE, CALENDAR)
    assert found == (
        Turn(at_time(date(2025, 3, 20), 9)), Turn(at_time(date(2025, 3, 31), 9)), Turn(at_time(date(2025, 4, 2), 9)),
        Turn(at_time(date(2025, 4, 4), 9), overdue=True),
    )  # fmt: skip


@pytest.mark.clause("D-7")
def test_of_several_that_were_missed_only_the_latest_is_told() -> None:
    found = turns(date(2025, 4, 3), date(2025, 2, 1), BEFORE, CALENDAR)
    assert due_turn(found, at_time(date(2025, 4, 1), 8)) == Turn(at_time(date(2025, 3, 31), 9))
    assert due_turn(found, at_time(date(2025, 3, 20), 8)) is None
    assert following(found, at_time(date(2025, 4, 4), 9)) is None


@given(DAYS, DAYS)
def test_nothing_is_told_on_the_day_it_came_up_and_overdue_is_always_told_last(
    last: date, owed: date
) -> None:
    found = turns(last, owed, BEFORE, CALENDAR)
    assert [each.overdue for each in found] == [*[False] * (len(found) - 1), True]
    assert [each for each in found if day_of(each.at) <= owed] == []
    assert list(found[:-1]) == sorted(found[:-1], key=lambda each: each.at)
    assert day_of(found[-1].at) > last
