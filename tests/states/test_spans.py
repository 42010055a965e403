"""Spans count as the law counts, on and back."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.calendar import Calendar, at_time, end_of
from states.refusals import Refused
from states.spans import Span, days, months, weeks, working_days, years

CALENDAR = Calendar.builtin()
SPANS = st.builds(
    Span,
    st.integers(1, 60),
    st.sampled_from(("working days", "days", "weeks", "months", "years")),
)


@pytest.mark.parametrize(
    ("span", "start", "last_day"),
    [
        (working_days(5), "2024-09-26", "2024-10-09"),
        (days(30), "2024-01-31", "2024-03-01"),
        (weeks(2), "2024-09-27", "2024-10-11"),
        (months(1), "2024-01-31", "2024-02-29"),
        (years(3), "2024-02-29", "2027-02-28"),
    ],
)
@pytest.mark.clause("D-3")
def test_a_span_ends_on_its_last_day(span: Span, start: str, last_day: str) -> None:
    found = span.after(date.fromisoformat(start), CALENDAR)
    assert (found.day, found.due) == (date.fromisoformat(last_day), end_of(date.fromisoformat(last_day)))


@pytest.mark.parametrize(
    ("span", "last_day", "found"),
    [
        (working_days(3), "2024-10-10", "2024-09-30"),
        (days(30), "2027-08-22", "2027-07-23"),
        (months(3), "2027-05-31", "2027-02-28"),
        (months(6), "2027-08-22", "2027-02-22"),
    ],
)
@pytest.mark.clause("D-3")
def test_a_span_counts_back_the_same_way(span: Span, last_day: str, found: str) -> None:
    assert span.before(date.fromisoformat(last_day), CALENDAR).day == date.fromisoformat(found)


def test_an_instant_counts_from_its_shanghai_day() -> None:
    late = at_time(date(2024, 9, 26), 23, 59)
    assert days(1).after(late, CALENDAR).day == date(2024, 9, 27)
    assert working_days(1).after(late, CALENDAR) == working_days(1).after(date(2024, 9, 26), CALENDAR)


def test_no_time_at_all_ends_on_the_same_day() -> None:
    assert working_days(0).after(date(2024, 10, 1), CALENDAR).day == date(2024, 10, 1)


def test_a_span_speaks_chinese() -> None:
    spoken = [span.text() for span in (working_days(5), days(30), weeks(2), months(3), years(3))]
    assert spoken == ["5个工作日", "30日", "2周", "3个月", "3年"]


@pytest.mark.clause("D-3")
def test_a_span_explains_where_it_ends() -> None:
    assert [months(3).before(date(2027, 8, 22), CALENDAR).explanation(),
            months(3).before(date(2027, 5, 31), CALENDAR).explanation()] == [
        "2027-08-22之前3个月：2027-05-22",
        "2027-05-31之前3个月（当月无31日，取月末，D-3）：2027-02-28",
    ]  # fmt: skip


def test_only_working_days_can_be_provisional() -> None:
    far = date(2029, 1, 1)
    assert [span.after(far, CALENDAR).provisional for span in (working_days(1), days(1), months(1))] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("text", ["five days", "5", "5 workdays", "-1 days", "1.5 years", "5个工作日", ""])
def test_what_is_no_span_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Refused, match="5 working days"):
        Span.parse(text)


def test_a_span_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        days(-1)


@given(SPANS)
def test_what_a_rule_file_writes_is_what_is_read(span: Span) -> None:
    assert Span.parse(str(span)) == span


@given(SPANS, st.dates(date(2019, 1, 1), date(2030, 12, 31)), st.integers(0, 400))
def test_a_later_start_never_ends_earlier(span: Span, start: date, later: int) -> None:
    first, second = span.after(start, CALENDAR), span.after(start + timedelta(days=later), CALENDAR)
    assert start < first.day <= second.day


@given(SPANS, st.dates(date(2019, 1, 1), date(2030, 12, 31)))
def test_on_and_back_differ_at_most_by_the_days_a_short_month_lacks(span: Span, start: date) -> None:
    back = span.before(span.after(start, CALENDAR).day, CALENDAR).day
    if span.unit == "working days":
        assert back == start if CALENDAR.is_working_day(start) else back < start
    else:
        assert 0 <= (start - back).days <= 3
