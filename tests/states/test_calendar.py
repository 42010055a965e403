"""Working days, worked by hand from the State Council's notices, and held to their laws by chance dates."""

import pickle
from datetime import UTC, date, datetime, time, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.calendar import SHANGHAI, Calendar, YearPlan, at_time, day_of, end_of, start_of
from states.refusals import Refused
from states.year_plans import announced_plans, notice_name

CALENDAR = Calendar.builtin()
DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))
COUNTS = st.integers(1, 300)


def days(*texts: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(text) for text in texts)


@pytest.mark.parametrize(
    ("start", "n", "counted"),
    [
        ("2024-09-26", 5, days("2024-09-27", "2024-09-29", "2024-09-30", "2024-10-08", "2024-10-09")),
        ("2024-10-08", 5, days("2024-10-09", "2024-10-10", "2024-10-11", "2024-10-12", "2024-10-14")),
        ("2024-02-02", 5, days("2024-02-04", "2024-02-05", "2024-02-06", "2024-02-07", "2024-02-08")),
        ("2024-02-08", 3, days("2024-02-09", "2024-02-18", "2024-02-19")),
        (
            "2025-01-24",
            6,
            days("2025-01-26", "2025-01-27", "2025-02-05", "2025-02-06", "2025-02-07", "2025-02-08"),
        ),
        ("2018-12-28", 2, days("2018-12-29", "2019-01-02")),
        ("2023-12-29", 1, days("2024-01-02")),
        ("2024-12-30", 3, days("2024-12-31", "2025-01-02", "2025-01-03")),
    ],
    ids=[
        "National Day 2024, made up on Sunday",
        "after National Day 2024, made up on Saturday",
        "before the Spring Festival of 2024",
        "over the Spring Festival of 2024, New Year's Eve worked",
        "over the Spring Festival of 2025",
        "New Year 2019, whose days off reach back into 2018",
        "a year's end on a weekend",
        "a year's end in the week",
    ],
)
def test_working_days_follow_the_state_councils_notices(
    start: str, n: int, counted: tuple[date, ...]
) -> None:
    found = CALENDAR.working_days_after(date.fromisoformat(start), n)
    assert (found.counted, found.day, found.due, found.provisional) == (
        counted, counted[-1], end_of(counted[-1]), False,
    )  # fmt: skip


def test_a_day_is_called_what_it_is() -> None:
    week = [date(2024, 9, 27) + timedelta(days=n) for n in range(5)]
    assert [CALENDAR.kind(day) for day in week] == ["工作日", "周末", "补班", "工作日", "节假日（国庆节）"]


def test_counting_back_lists_the_days_in_the_order_of_the_calendar() -> None:
    found = CALENDAR.working_days_before(date(2024, 10, 10), 4)
    assert (found.day, found.counted) == (
        date(2024, 9, 29),
        days("2024-09-29", "2024-09-30", "2024-10-08", "2024-10-09"),
    )


@pytest.mark.parametrize("first", [2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025])
def test_the_calendar_agrees_with_an_independent_library(first: int) -> None:
    other = holidays.country_holidays("CN", years=[first])
    year = [date(first, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [day for day in year if CALENDAR.is_working_day(day) != other.is_working_day(day)] == []


def test_a_shanghai_day_starts_at_sixteen_hours_utc() -> None:
    midnight = datetime(2024, 9, 26, 16, tzinfo=UTC)
    assert (day_of(midnight), day_of(midnight - timedelta(microseconds=1))) == days(
        "2024-09-27", "2024-09-26"
    )
    assert (start_of(date(2024, 9, 27)), end_of(date(2024, 9, 26))) == (midnight, midnight)
    assert at_time(date(2024, 9, 27), 9, 30) == datetime(2024, 9, 27, 1, 30, tzinfo=UTC)


def test_an_instant_without_a_time_zone_has_no_day() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        day_of(datetime(2024, 9, 27, 0, 0))  # noqa: DTZ001


def test_an_instant_is_no_day() -> None:
    with pytest.raises(TypeError, match="not a day"):
        CALENDAR.working_days_after(datetime(2024, 9, 27, tzinfo=UTC), 1)


@pytest.mark.clause("D-1")
@pytest.mark.parametrize(
    ("posted", "last_day"),
    [
        ("2024-09-27 08:59", "2024-10-09"),
        ("2024-09-27 09:00", "2024-10-10"),
        ("2024-09-28 08:00", "2024-10-10"),
        ("2024-09-29 08:00", "2024-10-10"),
        ("2024-10-01 08:00", "2024-10-12"),
    ],
    ids=["before the office opens", "as it opens", "on a Saturday", "on a Sunday made up", "on a holiday"],
)
def test_the_first_day_of_publicity_counts_when_posted_before_the_office_opens(
    posted: str, last_day: str
) -> None:
    instant = datetime.fromisoformat(posted).replace(tzinfo=SHANGHAI).astimezone(UTC)
    assert CALENDAR.publicity(instant, 5).day == date.fromisoformat(last_day)


@pytest.mark.clause("D-1")
def test_publicity_says_whether_its_first_day_counted() -> None:
    posted = at_time(date(2024, 9, 27), 8, 30)
    assert [
        CALENDAR.publicity(posted, 5).explanation(),
        CALENDAR.publicity(posted, 5, office_opens=time(8, 30)).explanation(),
    ] == [
        "自2024-09-27起5个工作日（08:30发布，当日计入，D-1）：9月27日、29日（周日补班）、30日、10月8日、9日",
        "自2024-09-27起5个工作日（08:30发布，当日不计，D-1）：9月29日（周日补班）、30日、10月8日、9日、10日",
    ]


def test_a_long_count_is_summed_up() -> None:
    assert CALENDAR.working_days_after(date(2024, 9, 26), 15).explanation() == (
        "2024-09-26之后15个工作日：首日9月27日，末日10月22日，含9月29日（周日补班）、10月12日（周六补班），不含国庆节假期"
    )


@pytest.mark.clause("D-6")
def test_a_year_not_announced_yet_has_weekends_only_and_says_so() -> None:
    found = CALENDAR.working_days_after(date(2026, 12, 30), 3)
    assert (found.counted, found.provisional) == (days("2026-12-31", "2027-01-01", "2027-01-04"), True)
    assert found.explanation() == (
        "2026-12-30之后3个工作日：12月31日、2027年1月1日、4日（暂定：2027年放假安排尚未公布，D-6）"
    )


@pytest.mark.clause("D-6")
def test_the_last_three_days_of_a_year_wait_for_the_next_years_calendar() -> None:
    counts = [CALENDAR.working_days_after(date(2026, 12, 25), n) for n in (1, 2)]
    assert [(found.day, found.provisional) for found in counts] == [
        (date(2026, 12, 28), False),
        (date(2026, 12, 29), True),
    ]
    assert counts[1].explanation() == (
        "2026-12-25之后2个工作日：12月28日、29日（暂定：2027年放假安排尚未公布，D-6）"
    )


@pytest.mark.clause("D-6")
def test_when_the_years_calendar_arrives_the_date_is_firm_and_may_have_moved() -> None:
    new_year = {date(2027, 1, day): "元旦" for day in (1, 2, 3)}
    plan = YearPlan(notice_name(2027), new_year, {date(2026, 12, 26): "元旦"})
    arrived = CALENDAR.with_year(2027, plan)
    found = arrived.working_days_after(date(2026, 12, 25), 6)
    assert (found.counted[0], found.day, found.provisional) == (date(2026, 12, 26), date(2027, 1, 4), False)
    assert (found.edition, CALENDAR.is_announced(2027)) == (arrived.edition, False)


def test_an_edition_is_named_by_its_content() -> None:
    plan = YearPlan(notice_name(2027), {date(2027, 1, 1): "元旦"}, {})
    other = YearPlan(notice_name(2027), {date(2027, 1, 4): "元旦"}, {})
    first, again, second = (CALENDAR.with_year(2027, each) for each in (plan, plan, other))
    assert (first == again, hash(first) == hash(again), first == second) == (True, True, False)
    assert pickle.loads(pickle.dumps(first)).working_days_after(date(2026, 12, 31), 1).day == date(2027, 1, 4)


@pytest.mark.clause("D-6")
@pytest.mark.parametrize(
    ("holidays_off", "made_up", "sentence"),
    [
        ("2028-01-01", "2027-01-09", "2027年放假安排中的2028-01-01不在该年度内，请核对日期。"),
        ("2027-01-01", "2027-01-11", "2027年放假安排把2027-01-11列为补班日，但当日不是周末，请核对日期。"),
        ("2027-01-09", "2027-01-09", "2027年放假安排把2027-01-09同时列为放假和补班，请只保留一项。"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(holidays_off: str, made_up: str, sentence: str) -> None:
    plan = YearPlan("", {date.fromisoformat(holidays_off): "元旦"}, {date.fromisoformat(made_up): "元旦"})
    with pytest.raises(Refused) as refused:
        CALENDAR.with_year(2027, plan)
    assert refused.value.sentence == sentence


def test_dates_beyond_the_calendar_are_refused_in_words() -> None:
    for ask in (
        lambda: CALENDAR.working_days_after(date(1999, 12, 31), 1),
        lambda: CALENDAR.working_days_after(date(2099, 12, 1), 60),
        lambda: CALENDAR.working_days_before(date(2000, 1, 4), 9),
    ):
        with pytest.raises(Refused, match="超出工作日历的范围"):
            ask()


def test_no_working_day_cannot_be_counted() -> None:
    with pytest.raises(ValueError, match="1 is the least"):
        CALENDAR.working_days_after(date(2024, 1, 1), 0)


def test_every_year_of_the_library_is_announced() -> None:
    assert list(announced_plans()) == list(range(2004, max(announced_plans()) + 1))
    assert announced_plans()[2019].makeup_days[date(2018, 12, 29)] == "元旦"


@given(DAYS, COUNTS)
def test_the_nth_working_day_has_n_working_days_up_to_it(start: date, n: int) -> None:
    found = CALENDAR.working_days_after(start, n)
    span = (start + timedelta(days=offset) for offset in range(1, (found.day - start).days + 1))
    assert tuple(day for day in span if CALENDAR.is_working_day(day)) == found.counted
    assert len(found.counted) == CALENDAR.count(start + timedelta(days=1), found.day) == n


@given(DAYS, COUNTS)
def test_counting_back_undoes_counting_on(start: date, n: int) -> None:
    there = CALENDAR.working_days_after(start, n).day
    back = CALENDAR.working_days_before(there, n).day
    assert back == start if CALENDAR.is_working_day(start) else back < start
    assert CALENDAR.working_days_after(back, n).day == there


@given(DAYS, st.integers(0, 40), COUNTS)
def test_a_later_start_never_ends_earlier(start: date, later: int, n: int) -> None:
    first, second = (CALENDAR.working_days_after(start + timedelta(days=d), n).day for d in (0, later))
    assert first <= second < CALENDAR.working_days_after(start + timedelta(days=later), n + 1).day


@given(st.datetimes(datetime(2019, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_every_instant_lies_within_its_shanghai_day(instant: datetime) -> None:
    day = day_of(instant)
    assert start_of(day) <= instant < end_of(day) == start_of(day + timedelta(days=1))


@given(DAYS, COUNTS)
def test_a_date_is_provisional_exactly_when_it_counts_through_an_unannounced_year(
    start: date, n: int
) -> None:
    found = CALENDAR.working_days_after(start, n)
    # From 29 December on, the notice of the next year may take a day for its New Year, or give one.
    decided_by = {(day + timedelta(days=ahead)).year for day in found.counted for ahead in (0, 3)}
    unannounced = {year for year in decided_by if not CALENDAR.is_announced(year)}
    assert found.provisional == bool(unannounced) == ("暂定" in found.explanation())
