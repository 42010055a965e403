"""Terms of three years, the last day to ask for renewal, and how long giving up bars return."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.calendar import at_time, end_of
from states.terms import (
    cooling_off_until,
    explain_cooling_off,
    explain_last_day_to_apply,
    explain_next_term,
    explain_term,
    last_day_to_apply,
    next_term,
    term_end,
    window_opens,
)

LAST_DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))


@pytest.mark.clause("D-3", "B3-1.5", "CQ23-1.5", "I21-4.6", "M24-5")
@pytest.mark.parametrize(
    ("approved", "last_day"),
    [
        (at_time(date(2024, 8, 22), 10), date(2027, 8, 22)),
        (at_time(date(2024, 2, 29), 10), date(2027, 2, 28)),
        (at_time(date(2025, 2, 28), 10), date(2028, 2, 28)),
        (end_of(date(2024, 8, 21)), date(2027, 8, 22)),
        (end_of(date(2024, 8, 21)) - timedelta(microseconds=1), date(2027, 8, 21)),
    ],
    ids=[
        "an ordinary day",
        "29 February",
        "28 February before a leap year",
        "midnight",
        "just before midnight",
    ],
)
def test_a_term_ends_on_the_same_calendar_day_three_years_on(approved, last_day) -> None:
    assert term_end(approved) == last_day


@pytest.mark.clause("M24-9.1", "M24-9.4", "D-3")
@pytest.mark.parametrize(
    ("last_day", "apply_by", "from_"),
    [
        (date(2027, 8, 22), date(2027, 5, 22), date(2027, 2, 22)),
        (date(2027, 5, 31), date(2027, 2, 28), date(2026, 11, 30)),
        (date(2028, 5, 31), date(2028, 2, 29), date(2027, 11, 30)),
        (date(2027, 2, 28), date(2026, 11, 28), date(2026, 8, 28)),
    ],
)
def test_renewal_is_asked_for_between_six_and_three_months_before(last_day, apply_by, from_) -> None:
    assert (last_day_to_apply(last_day), window_opens(last_day)) == (apply_by, from_)


@pytest.mark.clause("D-8")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (date(2027, 8, 22), (date(2027, 8, 23), date(2030, 8, 22))),
        (date(2027, 2, 28), (date(2027, 3, 1), date(2030, 2, 28))),
        (date(2028, 2, 29), (date(2028, 3, 1), date(2031, 2, 28))),
    ],
)
def test_the_next_term_starts_where_the_old_one_ends(old, new) -> None:
    assert next_term(old) == new


@pytest.mark.clause("M24-9.5", "D-14")
def test_giving_up_bars_return_for_three_years_from_the_terms_last_day() -> None:
    assert (cooling_off_until(date(2027, 8, 22)), cooling_off_until(date(2028, 2, 29))) == (
        date(2030, 8, 22),
        date(2031, 2, 28),
    )


@pytest.mark.clause("D-3", "D-8", "M24-9.1", "M24-9.5")
def test_every_day_of_a_term_explains_itself() -> None:
    last = date(2027, 8, 22)
    assert [
        explain_term(at_time(date(2024, 8, 22), 10)),
        explain_term(at_time(date(2024, 2, 29), 10)),
        explain_next_term(last),
        explain_last_day_to_apply(last),
        explain_cooling_off(last),
    ] == [
        "有效期3年，自2024-08-22起至2027-08-22止（对应日，含当日，D-3）",
        "有效期3年，自2024-02-29起至2027-02-28止（当月无对应日，取月末，含当日，D-3）",
        "上一有效期至2027-08-22止，新有效期自次日2027-08-23起至2030-08-22止（D-8）",
        "有效期至2027-08-22止，往前3个月，最迟于2027-05-22提出续期申请（含当日，M24-9.1、D-3）",
        "有效期至2027-08-22止，到期后3年内（至2030-08-22）不得再次申报，2030-08-23起可重新申报（M24-9.5、D-14）",
    ]


@given(LAST_DAYS)
def test_the_days_of_a_term_come_in_order(last: date) -> None:
    first, end = next_term(last)
    assert window_opens(last) < last_day_to_apply(last) < last < first < end
    assert end == cooling_off_until(last)


@given(LAST_DAYS)
def test_one_term_follows_another_without_gap_or_overlap(last: date) -> None:
    _, second_end = next_term(last)
    assert next_term(second_end)[0] - second_end == timedelta(days=1)
    assert (second_end.year, second_end.month) == (last.year + 3, last.month)
    assert second_end.day == last.day or (last.day, second_end.day) == (29, 28)
