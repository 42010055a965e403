"""How long records are kept."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.calendar import day_of, end_of
from states.retention import explain_kept_until, kept_until, may_be_removed

pytestmark = pytest.mark.clause("I21-4.6.5")

# The last minute of 9 October 2024 in Shanghai, and the first of the next day.
BEFORE_MIDNIGHT = datetime(2024, 10, 9, 15, 59, tzinfo=UTC)
MIDNIGHT = datetime(2024, 10, 9, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ended", "last"),
    [
        (BEFORE_MIDNIGHT, date(2029, 10, 9)),
        (MIDNIGHT, date(2029, 10, 10)),
        (datetime(2024, 2, 29, 4, tzinfo=UTC), date(2029, 2, 28)),
        (datetime(2023, 12, 31, 16, tzinfo=UTC), date(2029, 1, 1)),
    ],
)
@pytest.mark.clause("D-3")
def test_five_years_end_on_the_same_day_of_the_shanghai_calendar(ended: datetime, last: date) -> None:
    assert kept_until(ended, 5) == last


def test_nothing_may_go_before_the_last_day_is_over() -> None:
    assert not may_be_removed(BEFORE_MIDNIGHT, 5, datetime(2029, 10, 9, 15, 59, 59, tzinfo=UTC))
    assert may_be_removed(BEFORE_MIDNIGHT, 5, datetime(2029, 10, 9, 16, tzinfo=UTC))


def test_the_day_explains_itself() -> None:
    assert explain_kept_until(MIDNIGHT, 5) == (
        "2024-10-10办结，电子档案保存5年，至2029-10-10（含当日，I21-4.6.5、D-3）"
    )


@given(st.integers(0, 12 * 366 * 86400), st.integers(0, 3000))
def test_what_may_go_has_been_kept_for_five_whole_years(seconds: int, days_later: int) -> None:
    ended = datetime(2019, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    as_of = ended + timedelta(days=days_later)
    if may_be_removed(ended, 5, as_of):
        first = day_of(ended)
        assert end_of(date(first.year + 5, first.month, min(first.day, 28))) <= as_of
