"""How the yearly average of a term is counted: over the months begun, at most the whole term (M24-9.3)."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import example, given
from hypothesis import strategies as st

from states.calendar import at_time
from states.renewals.averages import average, months_begun
from states.terms import next_term, term_end

SECOND = (date(2027, 10, 11), date(2030, 10, 10))
days = st.dates(date(2019, 1, 1), date(2030, 12, 31))


@pytest.mark.clause("M24-9.3")
@pytest.mark.parametrize(
    ("asked", "months"),
    [
        (date(2027, 10, 11), 1), (date(2027, 11, 10), 1), (date(2027, 11, 11), 2), (date(2030, 6, 3), 32),
        (date(2030, 9, 10), 35), (date(2030, 9, 11), 36), (date(2030, 10, 10), 36), (date(2031, 2, 1), 36),
        (date(2027, 1, 1), 1),
    ],
)  # fmt: skip
def test_a_month_begun_counts_in_full_and_the_term_is_the_most(asked: date, months: int) -> None:
    assert months_begun(*SECOND, asked) == months


@pytest.mark.clause("M24-9.3", "D-3")
def test_a_first_term_that_ends_on_the_same_day_three_years_on_has_thirty_six_months() -> None:
    assert months_begun(date(2024, 10, 10), date(2027, 10, 10), date(2027, 10, 10)) == 36
    assert months_begun(date(2024, 2, 29), date(2027, 2, 28), date(2027, 2, 28)) == 36


@pytest.mark.clause("M24-9.3")
@pytest.mark.parametrize(
    ("total", "shown", "verdict"),
    [(599, "199.6", "少于"), (600, "200.0", "不少于"), (601, "200.3", "不少于")],
)
def test_what_falls_short_never_looks_as_if_it_did_not(total: int, shown: str, verdict: str) -> None:
    found = average(total, *SECOND, SECOND[1])
    assert found.explained(200) == (
        f"有效期自2027-10-11起，至2030-10-10计36个月（不满1个月按1个月计），登记{total}人次，"
        f"年均{total}×12÷36＝{shown}人次，{verdict}200人次"
    )
    assert (found.per_year < 200) == (verdict == "少于")


@pytest.mark.clause("M24-9.3", "D-8")
@given(old=days, total=st.integers(0, 10_000), off=st.integers(0, 1200))
@example(old=date(2024, 2, 29), total=599, off=0)
def test_at_the_end_of_a_later_term_the_average_is_a_third_of_the_total(
    old: date, total: int, off: int
) -> None:
    first, last = next_term(old)
    found = average(total, first, last, last + timedelta(days=off))
    assert (found.months, found.per_year) == (36, Fraction(total, 3))


@pytest.mark.clause("M24-9.3")
@given(old=days, total=st.integers(0, 10_000), at=st.integers(0, 1095))
def test_it_is_counted_over_no_less_than_what_has_passed_and_less_than_a_month_more(
    old: date, total: int, at: int
) -> None:
    first, last = next_term(old)
    asked = min(first + timedelta(days=at), last)
    months = average(total, first, last, asked).months
    assert first + relativedelta(months=months - 1) <= asked < first + relativedelta(months=months)


@pytest.mark.clause("M24-9.3")
@given(old=days, at=st.integers(0, 1094), total=st.integers(0, 2000), more=st.integers(0, 100))
def test_more_activity_never_lowers_it_and_waiting_never_raises_it(
    old: date, at: int, total: int, more: int
) -> None:
    first, last = next_term(old)
    asked = first + timedelta(days=at)
    now = average(total, first, last, asked).per_year
    assert average(total + more, first, last, asked).per_year >= now
    assert average(total, first, last, asked + timedelta(days=1)).per_year <= now


@pytest.mark.clause("D-3")
@given(start=days)
def test_the_day_more_of_a_first_term_is_no_month_more(start: date) -> None:
    last = term_end(at_time(start, 10))
    assert months_begun(start, last, last) == 36
