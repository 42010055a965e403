"""Single cases on the days that decide: objection after the end, rectification, renewal under review, the lapse."""

from typing import Any

import pytest

from states.refusals import Refused
from states.roles import Role

A, R, OFFICE, GROUP, HEAD = Role.APPLICANT, Role.RECOMMENDER, Role.OFFICE, Role.GROUP, Role.HEAD


@pytest.mark.clause("D-2", "B3-4.6", "B3-1.5")
def test_an_objection_dismissed_after_the_end_lists_at_that_very_instant(life: Any) -> None:
    life.reaches_publicity()
    life.does("2024-09-18 15:00", OFFICE, "object", objection="示例异议")
    assert life.wakes("2024-09-24 09:00").case.stage == "publicity"
    assert life.held() == ["尚有未办结的异议，公示期满后仍须先处理异议，结论作出前不得列入目录。（B3-4.6）"]
    life.does("2024-09-25 10:00", GROUP, "dismiss_objection", finding="不成立")
    assert (life.case.stage, life.case.term_starts_at, life.case.term_last_day) == (
        "listed", "2024-09-25 02:00:00.000000", "2027-09-25",
    )  # fmt: skip
    assert life.is_sound("2024-09-26 00:00")


@pytest.mark.clause("D-2", "B3-4.5")
def test_no_objection_is_taken_once_publicity_is_over(life: Any) -> None:
    life.reaches_publicity()
    life.does("2024-09-19 23:00", OFFICE, "object", objection="末日异议")
    with pytest.raises(Refused, match="公示期已满"):
        life.does("2024-09-20 00:00", OFFICE, "object", objection="迟到的异议")


@pytest.mark.clause("D-2", "D-1")
def test_what_was_corrected_is_publicised_again_in_full(life: Any) -> None:
    life.reaches_publicity()
    life.does("2024-09-19 10:00", OFFICE, "republish", correction="住所更正")
    # Posted at ten, after the office opened: counted from the next working day, 20, 23, 24, 25 and 26 September.
    assert life.wakes("2024-09-26 23:59").case.stage == "publicity"
    assert life.wakes("2024-09-27 00:00").case.stage == "listed"


@pytest.mark.clause("M24-20a", "M24-20b")
def test_a_limit_that_passes_without_a_report_ends_the_listing(life: Any) -> None:
    life.enters_directory()
    life.does("2025-06-10 10:00", R, "order_rectification", finding="未配备督导员", due_on="2025-07-10")
    assert life.wakes_daily("2025-06-11", "2025-07-10").wakes("2025-07-10 23:59").case.stage == "rectifying"
    life.wakes("2025-07-11 00:00")
    assert (life.case.stage, life.case.exit_ground, life.case.cooling_until) == (
        "exited", "rectification_failed", None,
    )  # fmt: skip
    assert life.told("exited") == [("applicant", "2025-07-10"), ("recommender", "2025-07-10")]
    # 10, 3 and 1 working days before 10 July, a Thursday.
    assert [day for _, day in life.told("rectification_due")] == ["2025-06-26", "2025-07-07", "2025-07-09"]


@pytest.mark.clause("M24-20a", "D-11")
def test_a_report_in_time_holds_the_clock_until_it_is_judged(life: Any) -> None:
    life.enters_directory()
    life.does("2026-03-02 10:00", R, "order_rectification", finding="收费未公开", due_on="2026-04-15")
    life.does("2026-04-15 23:00", A, "report_rectification", report="已公开")
    assert life.wakes("2026-04-27 10:00").case.stage == "rectifying"
    life.does("2026-04-28 10:00", R, "accept_rectification", finding="合格")
    assert life.case.stage == "listed"


@pytest.mark.clause("M24-20b")
def test_a_report_that_does_not_satisfy_ends_the_listing(life: Any) -> None:
    life.enters_directory()
    life.does("2026-03-02 10:00", R, "order_rectification", finding="收费未公开", due_on="2026-04-15")
    life.does("2026-04-10 10:00", A, "report_rectification", report="整改中")
    life.does("2026-04-20 10:00", R, "refuse_rectification", finding="仍未公开")
    assert (life.case.stage, life.case.exit_ground) == ("exited", "rectification_failed")


@pytest.mark.clause("D-5", "D-8", "M24-9.1")
def test_a_renewal_under_review_outlives_its_term_and_the_head_hears_of_it_every_week(life: Any) -> None:
    life.enters_directory()
    life.does("2025-03-20 10:00", A, "record_activity", person_times=400)
    life.applies("2027-06-20 23:30")
    assert life.wakes_daily("2027-09-20", "2027-10-19").case.stage == "renewal"
    assert life.noticed("renewal_overdue", HEAD) == [
        "2027-09-21", "2027-09-28", "2027-10-05", "2027-10-12", "2027-10-19",
    ]  # fmt: skip
    life.does("2027-10-21 10:00", GROUP, "approve_renewal")
    assert (life.case.stage, life.case.term_no, life.case.term_starts_at, life.case.term_last_day) == (
        "listed", 2, "2027-09-20 16:00:00.000000", "2030-09-20",
    )  # fmt: skip
    assert life.is_sound("2027-10-22 00:00")


@pytest.mark.clause("M24-9.4", "M24-9.5", "D-3")
def test_who_does_not_apply_leaves_at_the_end_of_the_term_and_cools_off_three_years(life: Any) -> None:
    life.enters_directory()
    life.does("2025-03-20 10:00", A, "record_activity", person_times=400)
    assert life.wakes("2027-06-20 23:59").case.stage == "listed"
    assert life.wakes("2027-06-21 00:00").case.stage == "lapsing"
    assert life.wakes("2027-09-20 23:59").case.stage == "lapsing"
    life.wakes("2027-09-21 00:00")
    assert (life.case.stage, life.case.exit_ground, life.case.cooling_until) == (
        "exited", "not_applied", "2030-09-20",
    )  # fmt: skip


@pytest.mark.clause("M24-9.2")
def test_a_first_term_without_activity_cannot_be_renewed(life: Any) -> None:
    life.enters_directory()
    life.applies("2027-06-01 10:00")
    with pytest.raises(Refused, match="第1个有效期内未开展"):
        life.does("2027-07-09 10:00", GROUP, "approve_renewal")
    life.does("2027-07-09 15:00", GROUP, "refuse_renewal", reason="未开展活动")
    assert life.case.stage == "lapsing"
    life.wakes("2027-09-21 00:00")
    assert (life.case.exit_ground, life.case.cooling_until) == ("inactive_first_term", "2030-09-20")


@pytest.mark.clause("M24-9.3")
def test_a_second_term_under_200_a_year_cannot_be_renewed(life: Any) -> None:
    life.enters_directory()
    life.does("2025-03-20 10:00", A, "record_activity", person_times=1)
    life.applies("2027-05-10 10:00")
    life.does("2027-07-09 10:00", GROUP, "approve_renewal")
    life.does("2029-03-20 10:00", A, "record_activity", person_times=566)
    life.applies("2030-05-10 10:00")
    with pytest.raises(Refused, match="年均少于200人次"):
        life.does("2030-07-09 10:00", GROUP, "approve_renewal")
    life.does("2030-07-10 10:00", A, "record_activity", person_times=1)
    life.does("2030-07-11 10:00", GROUP, "approve_renewal")
    assert (life.case.term_no, life.case.term_last_day) == (3, "2033-09-20")


@pytest.mark.clause("M24-20c", "D-13")
def test_who_leaves_by_will_does_not_cool_off(life: Any) -> None:
    life.enters_directory()
    life.does("2026-09-15 10:00", A, "withdraw_listing", reason="业务调整")
    assert (life.case.stage, life.case.exit_ground, life.case.cooling_until) == ("exited", "voluntary", None)


@pytest.mark.clause("D-7")
def test_after_three_years_without_a_clock_everything_happened_on_its_day(life: Any) -> None:
    life.reaches_publicity()
    life.wakes("2027-12-31 00:00")
    assert (life.case.stage, life.case.term_starts_at, life.case.entered_at) == (
        "exited", "2024-09-19 16:00:00.000000", "2027-09-20 16:00:00.000000",
    )  # fmt: skip
    assert life.is_sound("2027-12-31 00:00")


@pytest.mark.clause("M24-7.3e")
def test_whom_the_experts_did_not_recommend_is_publicised_only_with_a_reason(life: Any) -> None:
    life.does("2024-06-12 10:00", R, "recommend", letter_no="示例函1号", letter_date="2024-06-11")
    life.does("2024-06-14 10:00", OFFICE, "receive_paper")
    life.does("2024-07-18 10:00", OFFICE, "pass_initial")
    life.does("2024-08-20 14:00", Role.PANEL, "record_result", votes_for=4, votes_cast=7)
    life.does("2024-08-29 16:00", OFFICE, "conclude_review")
    for departure in ({}, {"departure": "  "}):
        with pytest.raises(Refused, match="须书面说明理由"):
            life.does("2024-09-12 08:30", GROUP, "publicise", **departure)
    life.does("2024-09-12 08:30", GROUP, "publicise", departure="承担标准开发")
    assert (life.case.stage, bool(life.case.departs)) == ("publicity", True)


@pytest.mark.clause("M24-7.3e")
def test_no_departure_is_recorded_where_none_was_made(life: Any) -> None:
    assert not life.reaches_publicity().case.departs
