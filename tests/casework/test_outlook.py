"""What lies ahead, counted: on days worked out by hand."""

from datetime import date
from typing import Any

import pytest

from casework.outlook import (
    DutyOutlook,
    PublicityOutlook,
    RenewalOutlook,
    duty_outlook,
    publicity_outlook,
    renewal_outlook,
)
from casework.sweep import sweep
from states.calendar import at_time

NOTHING_NEAR = RenewalOutlook(closing_soon=0, under_review=0, past_term=0, leaving_soon=0)


@pytest.mark.clause("B3-4.5", "D-2")
def test_publicity_that_ends_by_the_next_working_day_is_counted_with_what_holds_it(programme: Any) -> None:
    one, *_ = programme.bring(programme.begin(2), "publicity")
    programme.make("object", one, at_time(date(2024, 9, 29), 10), objection="示例异议")
    # Posted after office hours on 26 September: 27, 29 (make-up Sunday), 30, 8 and 9 October.
    assert publicity_outlook(programme.desk, as_of=at_time(date(2024, 9, 29), 8)) == PublicityOutlook(0, 0)
    assert publicity_outlook(programme.desk, as_of=at_time(date(2024, 10, 8), 8)) == PublicityOutlook(2, 1)


@pytest.mark.clause("M24-9.1", "M24-9.4")
def test_the_last_day_to_apply_is_near_ten_working_days_before(programme: Any) -> None:
    programme.bring(programme.begin(2), "listed")
    # The last day to apply is 10 July 2027, a Saturday; the tenth working day before it is 28 June, a Monday.
    assert renewal_outlook(programme.desk, as_of=at_time(date(2027, 6, 25), 8)) == NOTHING_NEAR
    near = renewal_outlook(programme.desk, as_of=at_time(date(2027, 6, 28), 8))
    assert near == RenewalOutlook(closing_soon=2, under_review=0, past_term=0, leaving_soon=0)


@pytest.mark.clause("M24-9.4", "D-5")
def test_who_waits_for_an_answer_and_who_leaves_are_told_apart(programme: Any) -> None:
    applied, silent = programme.bring(programme.begin(2), "listed")
    programme.apply(applied, at_time(date(2027, 5, 10), 10))
    desk = programme.desk
    sweep(desk, as_of=at_time(date(2027, 7, 12), 0))
    assert programme.case(silent).stage == "lapsing"
    summer = renewal_outlook(desk, as_of=at_time(date(2027, 7, 12), 8))
    assert summer == RenewalOutlook(closing_soon=0, under_review=1, past_term=0, leaving_soon=0)
    before = renewal_outlook(desk, as_of=at_time(date(2027, 10, 8), 8))
    assert before == RenewalOutlook(closing_soon=0, under_review=1, past_term=0, leaving_soon=1)
    sweep(desk, as_of=at_time(date(2027, 10, 11), 0))
    after = renewal_outlook(desk, as_of=at_time(date(2027, 10, 11), 8))
    assert after == RenewalOutlook(closing_soon=0, under_review=1, past_term=1, leaving_soon=0)


@pytest.mark.clause("M24-14")
def test_a_yearly_report_is_due_soon_then_overdue_unless_it_was_handed_in(programme: Any) -> None:
    diligent, _ = programme.bring(programme.begin(2), "listed")
    # Listed on 10 October 2024, the first report is due by 31 January 2025, a Friday; the spring festival
    # is from 28 January, with the Sunday before it worked, and the tenth working day before the limit is the 15th.
    # Neither has published its fees, which was due by 10 November.
    desk, eve = programme.desk, at_time(date(2025, 1, 31), 8)
    assert duty_outlook(desk, as_of=at_time(date(2025, 1, 14), 8)) == DutyOutlook(0, 0, 0, owed_overdue=2)
    assert duty_outlook(desk, as_of=at_time(date(2025, 1, 15), 8)) == DutyOutlook(2, 0, 0, owed_overdue=2)
    programme.make("fulfil_duty", diligent, eve, duty="yearly_report", year=2025)
    assert duty_outlook(desk, as_of=eve) == DutyOutlook(1, 0, 0, owed_overdue=2)
    assert duty_outlook(desk, as_of=at_time(date(2025, 2, 5), 8)) == DutyOutlook(0, 1, 0, owed_overdue=2)
