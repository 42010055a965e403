"""Until when duties are to be done: a month by the same day, whatever the months are like."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.calendar import Calendar, at_time, end_of, start_of
from states.duties.deadlines import days_late, deadline, due_day_of, reported_year
from states.duties.kinds import EMERGENCY, EXAMINATION, FEES, LIST, SITE
from states.rulebook import call_rules

CALENDAR = Calendar.builtin()
RULES = call_rules("B3").track("evaluation")
DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))


@pytest.mark.clause("I21-4.6.3", "D-3")
@pytest.mark.parametrize(
    ("ended", "last"),
    [
        (date(2025, 3, 3), date(2025, 4, 3)),
        (date(2025, 1, 31), date(2025, 2, 28)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2024, 3, 29)),
        (date(2025, 12, 31), date(2026, 1, 31)),
        (date(2025, 8, 31), date(2025, 9, 30)),
    ],
)
def test_certificate_data_are_due_a_month_after_the_last_day(ended: date, last: date) -> None:
    found = deadline(EXAMINATION, ended, RULES, CALENDAR)
    assert (found.last_day, found.due_at) == (last, end_of(last))


@pytest.mark.clause("I21-4.6.3", "D-3")
@given(DAYS)
def test_a_month_ends_on_the_same_day_or_on_the_months_last(ended: date) -> None:
    found = deadline(EXAMINATION, ended, RULES, CALENDAR).last_day
    year, month = (ended.year + 1, 1) if ended.month == 12 else (ended.year, ended.month + 1)
    assert found == date(year, month, min(ended.day, monthrange(year, month)[1]))


@pytest.mark.clause("I21-4.6.3", "D-3")
def test_a_deadline_says_why() -> None:
    assert deadline(EXAMINATION, date(2025, 1, 31), RULES, CALENDAR).explained == (
        "2025-01-31之后1个月（当月无31日，取月末，D-3）：2025-02-28，含当日（I21-4.6.3、D-3）"
    )


@pytest.mark.clause("M24-11.1")
def test_a_site_is_reported_before_it_is_used() -> None:
    found = deadline(SITE, date(2025, 3, 3), RULES, CALENDAR)
    assert found.due_at == start_of(date(2025, 3, 3))


@pytest.mark.clause("M24-8", "M24-12", "M24-11.6b")
def test_spans_the_law_leaves_open_are_settings_and_say_so() -> None:
    since = date(2025, 9, 30)  # the National Day holiday follows, with 28 September and 11 October worked
    found = {kind: deadline(kind, since, RULES, CALENDAR) for kind in (FEES, LIST, EMERGENCY)}
    assert {kind: each.last_day for kind, each in found.items()} == {
        FEES: date(2025, 10, 30), LIST: date(2025, 10, 21), EMERGENCY: date(2025, 10, 11),
    }  # fmt: skip
    assert [each.explained for each in found.values() if "期限由设置规定" not in each.explained] == []


@pytest.mark.clause("M24-14")
def test_days_late_are_whole_days_in_shanghai() -> None:
    due = end_of(date(2025, 1, 31))
    last, next_day = at_time(date(2025, 1, 31), 23, 59), at_time(date(2025, 2, 1), 0)
    assert [days_late(due, at) for at in (last, next_day, next_day + timedelta(days=4))] == [0, 1, 5]


@pytest.mark.clause("M24-14")
@given(st.integers(2019, 2030), st.sampled_from(["01-31", "06-30", "07-01", "12-20"]))
def test_the_year_reported_and_the_day_it_is_due_belong_together(year: int, rule: str) -> None:
    assert reported_year(due_day_of(year, rule)) == year
