"""Days worked out by hand from the State Council's notices (holiday_notices.toml), each with its reasoning.

Every row was counted on paper before the program was asked. Times are Shanghai times.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from states.calendar import SHANGHAI, Calendar, end_of
from states.checked import Process
from states.facts import Facts
from states.process import build
from states.rulebook import call_rules, regime_rules
from states.terms import cooling_off_until, last_day_to_apply, next_term, term_end, window_opens
from states.timers import Schedule, schedule

CALENDAR = Calendar.builtin()


@cache
def process(code: str, track: str) -> Process:
    rules = call_rules(code) if code in ("CQ23", "B3") else regime_rules(code)
    return build(rules.track(track))


def at(text: str) -> datetime:
    """A Shanghai wall-clock time as the UTC instant that is stored."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def on(text: str) -> date:
    return date.fromisoformat(text)


def planned(code: str, track: str, stage: str, entered: str, **known: Any) -> Schedule:
    of = process(code, track)
    facts = Facts(
        1, f"{code}-SJAQ-0001", 1, code, track, of.key, "SJAQ", 1, "50", "P50", stage, at(entered), at(entered),
        **known,
    )  # fmt: skip
    return schedule(of, facts, CALENDAR)


PUBLICITY = [
    # call, track, posted, last day, why
    ("I21", "evaluation", "2022-01-17 08:30", "2022-02-09",
     "周一上班前发布，当日计入；17—21日5天，24—28日5天，29日、30日补班2天，春节1月31日至2月6日放假，2月7日、8日、9日，共15天"),
    ("I21", "training", "2021-12-20 10:00", "2022-01-11",
     "上班后发布，次日起；21—24日4天，27—31日5天，元旦1—3日放假，1月4—7日4天，10日、11日，共15天"),
    ("I21", "evaluation", "2022-09-23 17:00", "2022-10-19",
     "26—30日5天，国庆1—7日放假，8日、9日补班2天，10—14日5天，17日、18日、19日，共15天"),
    ("I21", "training", "2022-04-22 16:00", "2022-05-16",
     "24日（周日）补班1天，25—29日5天，4月30日至5月4日放假，5日、6日2天，7日（周六）补班1天，9—13日5天，16日，共15天"),
    ("CQ23", "evaluation", "2023-06-20 15:00", "2023-06-28",
     "21日，端午22—24日放假，25日（周日）补班，26日、27日、28日，共5天"),
    ("CQ23", "training", "2023-09-27 09:00", "2023-10-10",
     "九点整已上班，当日不计；28日，9月29日至10月6日放假，7日、8日补班，9日、10日，共5天"),
    ("CQ23", "evaluation", "2023-12-27 08:59", "2024-01-03",
     "当日计入；27日、28日、29日，30日、31日周末，元旦放假，1月2日、3日，共5天"),
    ("B3", "evaluation", "2024-09-26 17:00", "2024-10-09",
     "27日，28日周六，29日（周日）补班，30日，国庆1—7日放假，8日、9日，共5天"),
    ("B3", "evaluation", "2024-09-13 08:00", "2024-09-20",
     "13日计入，14日（周六）补班，中秋15—17日放假，18日、19日、20日，共5天"),
    ("B3", "evaluation", "2024-09-28 12:00", "2024-10-10",
     "周六发布，29日（周日）补班为首日，30日，国庆放假，10月8日、9日、10日，共5天"),
    ("B3", "evaluation", "2020-01-22 10:00", "2020-02-06",
     "23日，春节延长至2月2日，2月1日不再补班，3日、4日、5日、6日，共5天"),
    ("M24", "evaluation", "2025-01-24 16:00", "2025-02-07",
     "26日（周日）补班，27日，春节1月28日至2月4日放假，5日、6日、7日，共5天"),
    ("M24", "training", "2026-02-13 18:00", "2026-02-27",
     "14日（周六）补班，春节15—23日放假，24日、25日、26日、27日，共5天"),
    ("M24", "evaluation", "2025-12-30 10:00", "2026-01-07",
     "31日，元旦1—3日放假，4日（周日）补班，5日、6日、7日，共5天"),
    ("M24", "training", "2026-09-18 23:59:59", "2026-09-24",
     "周五半夜前一秒发布，19日周六，20日（周日）补班为首日，21日、22日、23日、24日，共5天"),
    ("M24", "evaluation", "2025-09-30 00:00", "2025-10-13",
     "零点发布，30日计入，国庆、中秋10月1—8日放假，9日、10日，11日（周六）补班，13日，共5天"),
]  # fmt: skip


@pytest.mark.clause("I21-4.5", "CQ23-4.4", "B3-4.5", "M24-7.4", "D-1")
@pytest.mark.parametrize(("code", "track", "posted", "last", "why"), PUBLICITY)
def test_publicity_ends_with_its_last_working_day(
    code: str, track: str, posted: str, last: str, why: str
) -> None:
    found = planned(code, track, "publicity", posted, posted_at=at(posted)).timer("list")
    assert found is not None, why
    assert (found.about, found.due, found.provisional) == (on(last), end_of(on(last)), False), why


@pytest.mark.clause("D-6", "M24-7.4")
def test_publicity_into_a_year_without_a_calendar_counts_weekends_and_says_so() -> None:
    """29, 30 and 31 December, 1 January (a Friday nobody has declared free yet), 4 January."""
    posted = "2026-12-28 10:00"
    found = planned("M24", "evaluation", "publicity", posted, posted_at=at(posted)).timer("list")
    assert found is not None
    assert (found.about, found.provisional) == (date(2027, 1, 4), True)


LIMITS = [
    # call, stage, entered, last day, why
    ("B3", "correcting", "2024-06-06 10:00", "2024-06-21",
     "补正10个工作日：7日，10日端午放假，11—14日4天，17—21日5天"),
    ("B3", "correcting", "2024-04-30 18:00", "2024-05-16",
     "五一1—5日放假，6—10日5天，11日（周六）补班，13—16日4天"),
    ("M24", "correcting", "2025-01-24 09:00", "2025-02-13",
     "26日（周日）补班、27日，春节放假，2月5—7日3天，8日（周六）补班，10—13日4天"),
    ("I21", "initial_review", "2022-01-10 11:00", "2022-02-10",
     "20个工作日：11—14日4天，17—21日5天，24—28日5天，29日、30日补班，春节放假，2月7—10日4天"),
    ("B3", "recheck", "2024-09-23 11:00", "2024-10-11",
     "10个工作日：24—27日4天，29日（周日）补班，30日，国庆放假，10月8—11日4天"),
    ("CQ23", "expert_review", "2023-09-04 11:00", "2023-10-20",
     "30个工作日：5—8日4天，11—15日5天，18—22日5天，25—28日4天，9月29日至10月6日放假，7日、8日补班2天，9—13日5天，16—20日5天"),
]  # fmt: skip


@pytest.mark.clause("D-4", "B3-4.4", "I21-4.4", "CQ23-4.3")
@pytest.mark.parametrize(("code", "stage", "entered", "last", "why"), LIMITS)
def test_a_limit_in_working_days_ends_with_its_last(
    code: str, stage: str, entered: str, last: str, why: str
) -> None:
    limit = planned(code, "evaluation", stage, entered).limit
    assert limit is not None, why
    assert (limit.day, limit.due, limit.provisional) == (on(last), end_of(on(last)), False), why


TERMS = [
    # approved, last day, why
    ("2024-10-10 00:00", "2027-10-10", "公示末日10月9日结束后的第一刻核准，三年后的对应日"),
    ("2024-10-09 23:59:59", "2027-10-09", "零点之前属前一日"),
    ("2024-02-29 10:00", "2027-02-28", "2027年2月无29日，取月末"),
    ("2025-02-28 10:00", "2028-02-28", "2028年2月虽有29日，对应日仍是28日"),
    ("2024-12-31 23:59:59", "2027-12-31", "北京时间仍在2024年，世界时也是"),
    ("2025-01-01 07:59", "2028-01-01", "北京时间已是元旦，世界时仍是2024年12月31日：按北京时间算"),
]


@pytest.mark.clause("I21-4.6", "CQ23-1.5", "B3-1.5", "M24-5", "D-3")
@pytest.mark.parametrize(("approved", "last", "why"), TERMS)
def test_a_term_ends_three_years_after_its_approval(approved: str, last: str, why: str) -> None:
    assert term_end(at(approved)) == on(last), why


RENEWALS = [
    # term's last day, window opens, last day to apply, why
    ("2027-10-10", "2027-04-10", "2027-07-10", "7月10日是周六：民用期间不因休息日顺延，当日仍可申请"),
    ("2027-05-31", "2026-11-30", "2027-02-28", "11月无31日，2月无31日，均取月末"),
    ("2028-05-31", "2027-11-30", "2028-02-29", "2028年2月有29日"),
    ("2028-01-01", "2027-07-01", "2027-10-01", "往前3个月是国庆节当日，跨年往前数到上一年"),
    ("2027-12-31", "2027-06-30", "2027-09-30", "6月、9月无31日，取月末"),
    ("2028-02-29", "2027-08-29", "2027-11-29", "往前数到有29日的月份，仍是29日"),
]


@pytest.mark.clause("M24-9.1", "M24-9.4", "D-3")
@pytest.mark.parametrize(("last", "opens", "apply_by", "why"), RENEWALS)
def test_renewal_is_asked_for_from_six_to_three_months_before_the_end(
    last: str, opens: str, apply_by: str, why: str
) -> None:
    assert (window_opens(on(last)), last_day_to_apply(on(last))) == (on(opens), on(apply_by)), why
    listed = planned(
        "B3", "evaluation", "listed", "2025-01-02 10:00", term_no=1, term_last_day=on(last),
        term_starts_at=at("2024-10-10 00:00"),
    )  # fmt: skip
    lapse = listed.timer("lapse")
    assert lapse is not None
    assert (lapse.about, lapse.due) == (on(apply_by), end_of(on(apply_by))), why


@pytest.mark.clause("D-8", "M24-9.5", "D-14")
@pytest.mark.parametrize(
    ("last", "first_of_next", "last_of_next"),
    [
        ("2027-10-10", "2027-10-11", "2030-10-10"),
        ("2027-02-28", "2027-03-01", "2030-02-28"),
        ("2028-02-29", "2028-03-01", "2031-02-28"),
        ("2027-12-31", "2028-01-01", "2030-12-31"),
    ],
    ids=["an ordinary day", "a term begun on 29 February", "a term that ends on 29 February", "a year's end"],
)
def test_the_next_term_and_the_cooling_off_both_run_three_years_from_the_last_day(
    last: str, first_of_next: str, last_of_next: str
) -> None:
    assert next_term(on(last)) == (on(first_of_next), on(last_of_next))
    assert cooling_off_until(on(last)) == on(last_of_next)


EXAMINATIONS = [
    # examination ends, certificate data due, why
    ("2024-12-15", "2025-01-15", "次月同日，跨年"),
    ("2024-01-31", "2024-02-29", "闰年2月取月末"),
    ("2025-01-31", "2025-02-28", "平年2月取月末"),
    ("2025-08-31", "2025-09-30", "9月无31日，取月末"),
    ("2025-01-01", "2025-02-01", "2月1日在春节假期内：以月计的期间不因放假顺延"),
]


@pytest.mark.clause("I21-4.6.3", "D-3")
@pytest.mark.parametrize(("held", "due", "why"), EXAMINATIONS)
def test_certificate_data_is_due_a_month_after_the_examination(held: str, due: str, why: str) -> None:
    month = process("B3", "evaluation").rules.examination_report.value
    found = month.after(on(held), CALENDAR)
    assert (found.day, found.due) == (on(due), end_of(on(due))), why


@pytest.mark.clause("M24-20a", "M24-20b")
def test_a_rectification_ordered_to_national_day_lasts_to_the_end_of_it() -> None:
    """A day that was named is that day, holiday or not; the clock comes with the midnight after."""
    timer = planned(
        "B3", "evaluation", "rectifying", "2025-09-01 10:00", rectification_due=date(2025, 10, 1)
    ).timer("fail_rectification")
    assert timer is not None
    assert (timer.about, timer.due) == (date(2025, 10, 1), at("2025-10-02 00:00"))


@pytest.mark.clause("M24-20a")
def test_thirty_days_to_rectify_are_calendar_days() -> None:
    """Ordered on 20 September 2024: 10 days to the end of September, 20 more to 20 October, a Sunday."""
    span = process("B3", "evaluation").rules.rectification.value
    assert span.after(date(2024, 9, 20), CALENDAR).day == date(2024, 10, 20)


@pytest.mark.clause("CQ23-5.3", "B3-5.4")
@pytest.mark.parametrize(
    ("code", "last", "closes"), [("CQ23", "2023-06-16", "2023-06-17"), ("B3", "2024-06-21", "2024-06-22")]
)
def test_filing_closes_at_the_midnight_after_its_last_day(code: str, last: str, closes: str) -> None:
    timer = planned(code, "evaluation", "draft", f"{last} 08:00").timer("close_draft")
    assert timer is not None
    assert (timer.about, timer.due) == (on(last), at(f"{closes} 00:00"))
    assert timer.due - timedelta(seconds=1) == at(f"{last} 23:59:59")
