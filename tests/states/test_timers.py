"""The timers of every stage of the third batch, worked by hand on the State Council's calendar."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.calendar import Calendar, YearPlan, at_time, day_of
from states.facts import Facts
from states.process import build
from states.roles import Role
from states.rulebook import call_rules
from states.timers import (
    Kind,
    Schedule,
    Timer,
    escalation_key,
    goes_to_digest,
    last_escalation,
    next_escalation,
    reminder_key,
    schedule,
)

PROCESS = build(call_rules("B3").track("evaluation"))
CALENDAR = Calendar.builtin()
TERM: dict[str, Any] = {
    "term_no": 1,
    "term_starts_at": at_time(date(2024, 10, 10), 0),
    "term_last_day": date(2027, 10, 10),
}
STAGES = sorted(PROCESS.stages)


def nine(*day: int) -> datetime:
    """Nine in the morning in Shanghai."""
    return at_time(date(*day), 9)


def end(*day: int) -> datetime:
    """The first instant after a Shanghai day."""
    return at_time(date(*day) + timedelta(days=1), 0)


def case(stage: str, entered: datetime, **known: Any) -> Facts:
    return Facts(
        1, "B3-SJAQ-0001", 1, "B3", "evaluation", PROCESS.key, "SJAQ", 1, "50", "P50", stage, entered, entered,
        **known,
    )  # fmt: skip


def planned(stage: str, entered: datetime, calendar: Calendar = CALENDAR, **known: Any) -> Schedule:
    return schedule(PROCESS, case(stage, entered, **known), calendar)


def told(schedule: Schedule) -> dict[str, tuple[datetime, ...]]:
    """Key → when it fires: each turn of a reminder, the one instant of a move or an escalation."""
    return {timer.key: timer.turns or (timer.due,) for timer in schedule.timers}


def one(schedule: Schedule, key: str) -> Timer:
    timer = schedule.timer(key)
    assert timer is not None
    return timer


@pytest.mark.clause("B3-5.4", "B3-4.1")
def test_a_draft_is_closed_when_filing_closes() -> None:
    assert told(planned("draft", nine(2024, 5, 16))) == {
        "close_draft": (end(2024, 6, 21),),
        # 10 June is the Dragon Boat Festival.
        "remind:filing_closes_soon:applicant": (nine(2024, 6, 6), nine(2024, 6, 18), nine(2024, 6, 20)),
    }


@pytest.mark.clause("D-12", "B3-4.2", "B3-5.4")
def test_who_is_not_recommended_by_the_close_is_closed() -> None:
    assert told(planned("submitted", nine(2024, 6, 12))) == {
        "close_unrecommended": (end(2024, 6, 21),),
        "remind:recommendation_due:recommender": (nine(2024, 6, 18), nine(2024, 6, 20)),
    }


@pytest.mark.clause("D-4")
def test_a_correction_has_ten_working_days_of_its_own() -> None:
    assert told(planned("correcting", nine(2024, 6, 13), returned_from="submitted")) == {
        "lapse_correction": (end(2024, 6, 27),),
        "remind:correction_due:applicant": (nine(2024, 6, 24), nine(2024, 6, 26)),
    }


@pytest.mark.clause("D-9", "B3-4.3")
def test_what_is_recommended_is_taken_up_at_the_close() -> None:
    assert told(planned("recommended", nine(2024, 6, 14))) == {"accept_at_close": (end(2024, 6, 21),)}


@pytest.mark.clause("B3-4.4", "D-9")
def test_the_initial_review_has_twenty_working_days() -> None:
    review = planned("initial_review", nine(2024, 6, 17))
    assert told(review) == {
        "remind:stage_due:office": (nine(2024, 7, 1), nine(2024, 7, 10), nine(2024, 7, 12)),
        "remind:paper_outstanding:recommender": (nine(2024, 7, 1),),
        "escalate:stage_overdue:head": (nine(2024, 7, 16),),
    }
    assert review.limit is not None
    assert (review.limit.day, review.limit.due) == (date(2024, 7, 15), end(2024, 7, 15))
    assert {timer.about for timer in review.timers} == {date(2024, 7, 15)}


@pytest.mark.clause("M24-7.3c", "B3-4.4")
def test_the_experts_have_thirty_working_days() -> None:
    assert told(planned("expert_review", nine(2024, 7, 1))) == {
        "remind:stage_due:panel": (nine(2024, 7, 29), nine(2024, 8, 7), nine(2024, 8, 9)),
        "escalate:stage_overdue:head": (nine(2024, 8, 13),),
    }


@pytest.mark.clause("B3-4.4")
def test_a_site_visit_has_twenty_working_days() -> None:
    assert told(planned("site_visit", nine(2024, 7, 8))) == {
        "remind:stage_due:office": (nine(2024, 7, 22), nine(2024, 7, 31), nine(2024, 8, 2)),
        "escalate:stage_overdue:head": (nine(2024, 8, 6),),
    }


@pytest.mark.clause("M24-7.4")
def test_the_recheck_has_ten_working_days_and_no_reminder_on_its_first() -> None:
    assert told(planned("recheck", nine(2024, 8, 13))) == {
        "remind:stage_due:group": (nine(2024, 8, 22), nine(2024, 8, 26)),
        "escalate:stage_overdue:head": (nine(2024, 8, 28),),
    }


@pytest.mark.clause("B3-4.5", "B3-4.6", "D-1")
@pytest.mark.parametrize(
    "posted",
    [at_time(date(2024, 9, 26), 17), at_time(date(2024, 9, 27), 8, 59)],
    ids=["evening before", "early"],
)
def test_publicity_over_the_national_holiday_counts_the_made_up_sunday(posted: datetime) -> None:
    publicity = planned("publicity", posted, posted_at=posted)
    assert told(publicity) == {
        "list": (end(2024, 10, 9),),
        "remind:publicity_ends_soon:office": (nine(2024, 10, 8),),
        "escalate:publicity_unresolved:head": (nine(2024, 10, 10),),
    }
    assert publicity.limit is not None
    assert publicity.limit.explanation().endswith("：9月27日、29日（周日补班）、30日、10月8日、9日")


@pytest.mark.clause("D-1")
def test_posted_after_the_office_opened_the_day_does_not_count() -> None:
    posted = nine(2024, 9, 27)
    assert one(planned("publicity", posted, posted_at=posted), "list").due == end(2024, 10, 10)


@pytest.mark.clause("M24-9.1", "M24-9.4", "M24-14", "D-3", "D-6")
def test_a_listing_is_told_of_renewal_and_duties_and_lapses_three_months_before_its_end() -> None:
    listed = planned("listed", at_time(date(2024, 10, 10), 0), **TERM)
    assert told(listed) == {
        "lapse": (end(2027, 7, 10),),
        "remind:renewal_window:applicant": (nine(2027, 4, 10), nine(2027, 5, 10), nine(2027, 6, 10)),
        "remind:renewal_closing:applicant": (
            nine(2027, 6, 28), nine(2027, 7, 5), nine(2027, 7, 7), nine(2027, 7, 9),
        ),
        # Sunday 26 January 2025 is made up; 28 January is the first day off of the Spring Festival.
        "duty_due:yearly_report:2025": (nine(2025, 1, 15), nine(2025, 1, 24), nine(2025, 1, 27)),
        "duty_overdue:yearly_report:2025": (nine(2025, 2, 1),),
        "duty_due:yearly_report:2026": (nine(2026, 1, 19), nine(2026, 1, 28), nine(2026, 1, 30)),
        "duty_overdue:yearly_report:2026": (nine(2026, 2, 1),),
        "duty_due:yearly_report:2027": (nine(2027, 1, 18), nine(2027, 1, 27), nine(2027, 1, 29)),
        "duty_overdue:yearly_report:2027": (nine(2027, 2, 1),),
    }  # fmt: skip
    assert {timer.key for timer in listed.timers if timer.provisional} == {
        "remind:renewal_closing:applicant",
        "duty_due:yearly_report:2027",
    }
    assert one(listed, "remind:renewal_window:applicant").about == date(2027, 10, 10)
    assert one(listed, "remind:renewal_closing:applicant").about == date(2027, 7, 10)


@pytest.mark.clause("D-5")
def test_a_renewal_under_review_is_told_from_thirty_days_before_and_every_week_after_the_term() -> None:
    renewal = planned("renewal", nine(2027, 5, 4), **TERM, renewal_applied_at=nine(2027, 5, 4))
    assert told(renewal) == {
        "remind:renewal_review_due:group": (
            nine(2027, 9, 10), nine(2027, 9, 27), nine(2027, 10, 6), nine(2027, 10, 8),
        ),
        "escalate:renewal_overdue:head": (nine(2027, 10, 11),),
    }  # fmt: skip
    weekly = PROCESS.stages["renewal"].escalations[0]
    assert next_escalation(weekly, nine(2027, 10, 11), nine(2027, 10, 11), CALENDAR) == nine(2027, 10, 18)
    assert next_escalation(weekly, nine(2027, 10, 11), nine(2027, 11, 3), CALENDAR) == nine(2027, 11, 8)
    assert last_escalation(weekly, nine(2027, 10, 11), nine(2027, 11, 3), CALENDAR) == nine(2027, 11, 1)


@pytest.mark.clause("M24-9.4", "D-3")
def test_a_lapsed_listing_leaves_after_the_last_day_of_its_term() -> None:
    assert told(planned("lapsing", at_time(date(2027, 7, 11), 0), **TERM)) == {"exit": (end(2027, 10, 10),)}


@pytest.mark.clause("M24-20a", "M24-20b", "M24-9.4", "D-11")
def test_a_rectification_has_its_own_limit_beside_the_term() -> None:
    rectifying = planned("rectifying", nine(2027, 3, 3), **TERM, rectification_due=date(2027, 4, 2))
    assert told(rectifying) == {
        "fail_rectification": (end(2027, 4, 2),),
        "exit": (end(2027, 10, 10),),
        "remind:rectification_due:applicant": (nine(2027, 3, 19), nine(2027, 3, 30), nine(2027, 4, 1)),
        "remind:renewal_window:applicant": (nine(2027, 4, 10), nine(2027, 5, 10), nine(2027, 6, 10)),
        "remind:renewal_closing:applicant": (
            nine(2027, 6, 28), nine(2027, 7, 5), nine(2027, 7, 7), nine(2027, 7, 9),
        ),
        "escalate:stage_overdue:head": (nine(2027, 4, 5),),
    }  # fmt: skip
    assert rectifying.limit is not None
    assert rectifying.limit.day == date(2027, 4, 2)


@pytest.mark.parametrize("stage", [key for key, each in PROCESS.stages.items() if each.end])
def test_where_a_case_rests_there_are_no_timers(stage: str) -> None:
    assert planned(stage, nine(2024, 7, 1), **TERM) == Schedule((), None)


def test_what_is_not_known_yet_has_no_timer() -> None:
    assert planned("publicity", nine(2024, 9, 26)) == Schedule((), None)
    assert planned("listed", nine(2024, 10, 10)) == Schedule((), None)


@pytest.mark.clause("D-6")
def test_the_calendar_moves_what_was_provisional_and_nothing_else() -> None:
    festival = YearPlan(
        "国办发明电〔2026〕9号", {date(2027, 7, 9): "示例节", date(2027, 7, 10): "示例节"}, {}
    )
    announced = CALENDAR.with_year(2027, festival)
    before, after = (
        planned("listed", at_time(date(2024, 10, 10), 0), calendar, **TERM)
        for calendar in (CALENDAR, announced)
    )
    assert one(after, "remind:renewal_closing:applicant").turns == (
        nine(2027, 6, 25), nine(2027, 7, 2), nine(2027, 7, 6), nine(2027, 7, 8),
    )  # fmt: skip
    assert {timer.key for timer in after.timers if timer.provisional} == set()
    assert one(after, "lapse").due == one(before, "lapse").due
    assert one(after, "lapse").edition == announced.edition


@given(
    stage=st.sampled_from(STAGES),
    entered=st.datetimes(datetime(2024, 5, 15), datetime(2027, 10, 9), timezones=st.just(UTC)),  # noqa: DTZ001
    rectification_due=st.dates(date(2024, 6, 1), date(2027, 12, 31)),
)
def test_nobody_is_reminded_of_what_was_known_on_entering(
    stage: str, entered: datetime, rectification_due: date
) -> None:
    made = planned(
        stage,
        entered,
        **TERM,
        posted_at=entered,
        rectification_due=rectification_due,
        returned_from="submitted",
    )
    reminders = [timer for timer in made.timers if timer.kind is Kind.REMIND]
    assert [timer.key for timer in reminders for turn in timer.turns if day_of(turn) <= day_of(entered)] == []
    assert [timer.key for timer in reminders if timer.due <= entered] == []
    assert len({timer.key for timer in made.timers}) == len(made.timers)
    assert [timer.key for timer in reminders if timer.turns and timer.due != timer.turns[0]] == []


@given(
    early=st.datetimes(datetime(2024, 6, 16, 16), datetime(2024, 6, 17, 15, 59, 59), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_the_hour_of_entering_makes_no_difference(early: datetime) -> None:
    assert planned("initial_review", early) == planned("initial_review", nine(2024, 6, 17))


@pytest.mark.clause("M24-14", "I21-4.6.1")
def test_a_duty_due_the_day_before_a_stage_is_left_is_still_told_to_be_overdue() -> None:
    key = "duty_overdue:yearly_report:2025"
    at_eight, at_ten = at_time(date(2025, 2, 1), 8), at_time(date(2025, 2, 1), 10)
    assert one(planned("rectifying", at_eight, **TERM, rectification_due=date(2025, 3, 3)), key).due == nine(
        2025, 2, 1
    )
    assert one(planned("listed", at_time(date(2025, 1, 31), 15), **TERM), key).due == nine(2025, 2, 1)
    assert planned("listed", at_ten, **TERM).timer(key) is None


@pytest.mark.clause("D-8", "M24-14")
def test_a_duty_of_the_days_before_a_term_granted_early_begins_is_not_lost() -> None:
    renewed: dict[str, Any] = {
        "term_no": 2,
        "term_starts_at": at_time(date(2027, 3, 1), 0),
        "term_last_day": date(2030, 2, 28),
    }
    assert one(planned("listed", nine(2027, 1, 4), **renewed), "duty_overdue:yearly_report:2027").due == nine(
        2027, 2, 1
    )


@pytest.mark.clause("D-7")
def test_of_the_missed_turns_of_a_reminder_the_latest_is_told_and_the_next_is_awaited() -> None:
    window = one(planned("listed", at_time(date(2024, 10, 10), 0), **TERM), "remind:renewal_window:applicant")
    april, may, june = window.turns
    assert [window.last_turn(at) for at in (april, may - timedelta(seconds=1), may, end(2030, 1, 1))] == [
        april, april, may, june,
    ]  # fmt: skip
    assert [window.next_turn(at) for at in (april, may, june)] == [may, june, None]


@pytest.mark.clause("B3-4.4", "D-7")
def test_an_escalation_comes_again_every_five_working_days() -> None:
    overdue = PROCESS.stages["initial_review"].escalations[0]
    first = nine(2024, 7, 16)
    assert next_escalation(overdue, first, first, CALENDAR) == nine(2024, 7, 23)
    assert next_escalation(overdue, first, nine(2024, 8, 1), CALENDAR) == nine(2024, 8, 6)
    assert last_escalation(overdue, first, nine(2024, 8, 1), CALENDAR) == nine(2024, 7, 30)
    assert last_escalation(overdue, first, first, CALENDAR) == first


def test_timers_are_named_after_what_they_tell_and_whom() -> None:
    review = PROCESS.stages["initial_review"]
    assert [reminder_key(each) for each in review.reminders] == [
        "remind:stage_due:office",
        "remind:paper_outstanding:recommender",
    ]
    assert [escalation_key(each) for each in review.escalations] == ["escalate:stage_overdue:head"]


def test_staff_are_told_in_their_digest_and_applicants_by_letter() -> None:
    made = planned("rectifying", nine(2027, 3, 3), **TERM, rectification_due=date(2027, 4, 2))
    assert {timer.role for timer in made.timers if goes_to_digest(timer)} == {Role.HEAD}
