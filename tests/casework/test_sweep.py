"""The clock: everything in the order of its legal time, at its legal time, once, however late the sweep comes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from casework.actors import Actor
from casework.audit import verify
from casework.gate import advance
from casework.incidents import retry
from casework.invariants import check
from casework.sweep import PORTION, SweepReport, sweep
from states.calendar import at_time
from states.facts import instant
from states.refusals import Refused
from states.roles import Role

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GROUP = Actor("示例协调小组", Role.GROUP)


def at(*when: int) -> datetime:
    """A Shanghai wall-clock time: year, month, day, hour, minute."""
    return at_time(date(*when[:3]), *(when[3:] or (0,)))


LISTED = at(2024, 10, 10)
LAPSES = at(2027, 7, 11)
TERM_OVER = at(2027, 10, 11)


@pytest.fixture
def listed(programme: Any) -> Any:
    """One institution in the directory since 10 October 2024."""
    programme.bring(programme.begin(), "listed")
    return programme


def told_since(programme: Any, letter: str) -> list[str]:
    """The letters of the only case after the last of that name."""
    told: list[str] = programme.letters(1)
    return told[max(at for at, each in enumerate(told) if each.startswith(f"{letter}/")) + 1 :]


def moves(programme: Any, id_: int = 1) -> list[tuple[str, datetime]]:
    return [(name, when) for name, _, when in programme.story(id_)]


def exit_of(programme: Any, id_: int = 1) -> tuple[Any, ...]:
    case = programme.case(id_)
    return case.stage, case.exit_ground, case.cooling_until


def sound(programme: Any, as_of: datetime) -> None:
    assert check(programme.desk, as_of).faults == []


def test_with_nothing_due_nothing_is_written(programme: Any) -> None:
    programme.begin()
    before = programme.contents()
    assert sweep(programme.desk, as_of=at(2024, 6, 4)) == SweepReport()
    assert programme.contents() == before


@pytest.mark.clause("B3-5.4")
def test_a_limit_passes_at_the_first_instant_after_its_last_day(programme: Any) -> None:
    (id_,) = programme.begin(stage="draft")
    close = at(2024, 6, 22)
    sweep(programme.desk, as_of=close - timedelta(microseconds=1))
    assert programme.case(id_).stage == "draft"
    assert sweep(programme.desk, as_of=close).moves == {"close_draft": 1}
    assert programme.case(id_).stage == "withdrawn"
    assert moves(programme) == [("file", at(2024, 6, 3, 10)), ("close_draft", close)]


@pytest.mark.clause("D-12", "B3-5.4", "B3-4.2")
def test_who_is_not_recommended_when_filing_closes_is_told_so_with_its_recommender(programme: Any) -> None:
    (id_,) = programme.begin()
    sweep(programme.desk, as_of=at(2024, 6, 22))
    assert programme.case(id_).stage == "declined"
    assert programme.letters(id_)[1:] == ["unrecommended/applicant", "unrecommended/recommender"]
    sound(programme, at(2024, 6, 22))


@pytest.mark.clause("D-9", "B3-5.4", "B3-4.3")
def test_what_lacks_its_paper_is_taken_up_but_does_not_reach_the_experts(programme: Any) -> None:
    (id_,) = programme.begin()
    programme.make("recommend", id_, at(2024, 6, 20, 10), letter_no="示例函1号", letter_date="2024-06-19")
    sweep(programme.desk, as_of=at(2024, 6, 22, 8))
    assert (programme.case(id_).stage, programme.case(id_).paper_at) == ("initial_review", None)
    with pytest.raises(Refused, match=r"纸质待补.*（D-9）"):
        programme.make("pass_initial", id_, at(2024, 7, 1, 10))
    # Twenty working days from 22 June end on 19 July; the recommender is reminded ten before.
    sweep(programme.desk, as_of=at(2024, 7, 8, 9))
    assert programme.rows("SELECT letter, role FROM notice WHERE letter = 'paper_outstanding'") == [
        ("paper_outstanding", "recommender")
    ]
    programme.make("receive_paper", id_, at(2024, 7, 9, 10))
    assert programme.make("pass_initial", id_, at(2024, 7, 9, 11)).moved == 1


@pytest.mark.clause("D-9")
def test_paper_that_has_come_is_not_asked_for(programme: Any) -> None:
    (id_,) = programme.bring(programme.begin(), "initial_review")
    assert programme.case(id_).paper_at
    sweep(programme.desk, as_of=at(2024, 7, 1, 9))
    assert programme.rows("SELECT letter FROM notice") == [("stage_due",)]


@pytest.mark.clause("D-4")
def test_a_correction_that_does_not_come_lapses(programme: Any) -> None:
    (id_,) = programme.begin()
    programme.make("return_for_correction", id_, at(2024, 6, 13, 10), items="缺少盖章")
    sweep(programme.desk, as_of=at(2024, 6, 27, 23))
    assert programme.case(id_).stage == "correcting"
    sweep(programme.desk, as_of=at(2024, 6, 28))
    assert programme.case(id_).stage == "declined"
    assert programme.letters(id_)[1:] == [
        "returned_for_correction/applicant", "correction_due/applicant",
        "correction_lapsed/applicant", "correction_lapsed/recommender",
    ]  # fmt: skip


@pytest.mark.clause("B3-4.5", "B3-4.6", "B3-1.5", "D-1", "D-3")
def test_publicity_ends_and_lists_for_three_years(programme: Any) -> None:
    (id_,) = programme.bring(programme.begin(), "publicity")
    sweep(programme.desk, as_of=LISTED - timedelta(seconds=1))
    assert programme.case(id_).stage == "publicity"
    sweep(programme.desk, as_of=LISTED + HOUR)
    assert moves(programme)[-1] == ("list", LISTED)
    assert programme.rows("SELECT number, starts_at, last_day, ended_at FROM term") == [
        (1, "2024-10-09 16:00:00.000000", "2027-10-10", None)
    ]
    assert programme.letters(id_)[-2:] == ["listed/applicant", "listed/recommender"]
    sound(programme, LISTED)


@pytest.mark.clause("D-2", "B3-4.6")
def test_an_open_objection_holds_one_and_the_others_go_on(programme: Any) -> None:
    objected, free = programme.bring(programme.begin(2), "publicity")
    programme.make("object", objected, at(2024, 10, 9, 23), objection="业绩存疑")
    report = sweep(programme.desk, as_of=at(2024, 10, 11, 10))
    assert (report.moves, report.held) == ({"list": 1}, 1)
    assert [programme.case(id_).stage for id_ in (objected, free)] == ["publicity", "listed"]
    why = "尚有未办结的异议，公示期满后仍须先处理异议，结论作出前不得列入目录。（B3-4.6）"
    assert programme.rows("SELECT key, held_why FROM timer WHERE held_why IS NOT NULL") == [("list", why)]
    assert programme.rows("SELECT letter, role FROM notice WHERE letter = 'publicity_unresolved'") == [
        ("publicity_unresolved", "head")
    ]
    sound(programme, at(2024, 10, 11, 10))


@pytest.mark.clause("D-2", "B3-1.5")
def test_dismissed_after_the_end_it_is_listed_from_the_finding_on(programme: Any) -> None:
    (id_,) = programme.bring(programme.begin(), "publicity")
    programme.make("object", id_, at(2024, 10, 8, 10), objection="业绩存疑")
    sweep(programme.desk, as_of=at(2024, 10, 11, 10))
    found = at(2024, 10, 18, 15)
    programme.make("dismiss_objection", id_, found, finding="查无实据")
    sweep(programme.desk, as_of=found + HOUR)
    assert moves(programme)[-1] == ("list", found)
    assert programme.case(id_).term_last_day == "2027-10-18"
    sound(programme, found + HOUR)


@pytest.mark.clause("D-2")
def test_what_was_corrected_is_publicised_again_in_full(programme: Any) -> None:
    (id_,) = programme.bring(programme.begin(), "publicity")
    programme.make("object", id_, at(2024, 10, 8, 10), objection="等级范围有误")
    programme.make("republish", id_, at(2024, 10, 9, 15), correction="更正等级范围")
    # 10, 11, 12 (a made-up Saturday), 14 and 15 October.
    sweep(programme.desk, as_of=at(2024, 10, 15, 23))
    assert moves(programme)[-1] == ("republish", at(2024, 10, 9, 15))
    sweep(programme.desk, as_of=at(2024, 10, 16))
    assert moves(programme)[-1] == ("list", at(2024, 10, 16))


@pytest.mark.clause("B3-4.6")
def test_an_objection_upheld_ends_the_case(programme: Any) -> None:
    (id_,) = programme.bring(programme.begin(), "publicity")
    programme.make("object", id_, at(2024, 10, 8, 10), objection="业绩存疑")
    programme.make("uphold_objection", id_, at(2024, 10, 9, 10), finding="业绩不实")
    sweep(programme.desk, as_of=at(2024, 11, 1))
    assert programme.case(id_).stage == "not_selected"
    assert programme.rows("SELECT count(*) FROM term") == [(0,)]


@pytest.mark.clause("M24-9.4", "M24-9.5", "D-3", "D-14")
def test_nobody_applies_so_it_lapses_stays_to_its_last_day_and_leaves(listed: Any) -> None:
    listed.make("record_activity", 1, LISTED + DAY, person_times=500)
    sweep(listed.desk, as_of=LAPSES - timedelta(seconds=1))
    assert listed.case(1).stage == "listed"
    sweep(listed.desk, as_of=LAPSES)
    assert listed.case(1).stage == "lapsing"
    assert listed.rows("SELECT ended_at FROM term") == [(None,)]
    sweep(listed.desk, as_of=TERM_OVER - timedelta(seconds=1))
    assert listed.case(1).stage == "lapsing"
    sweep(listed.desk, as_of=TERM_OVER)
    assert exit_of(listed) == ("exited", "not_applied", "2030-10-10")
    assert listed.rows("SELECT ended_at, end_ground, cooling_until FROM term") == [
        ("2027-10-10 16:00:00.000000", "not_applied", "2030-10-10")
    ]
    assert listed.letters(1)[-4:] == [
        "lapsed/applicant", "lapsed/recommender", "exited/applicant", "exited/recommender",
    ]  # fmt: skip
    sound(listed, TERM_OVER)


@pytest.mark.clause("M24-9.1", "M24-9.4")
def test_the_renewal_window_and_its_closing_are_announced_on_their_days(listed: Any) -> None:
    for day in range(4 * 366):
        sweep(listed.desk, as_of=LISTED + day * DAY + 9 * HOUR)
        if listed.case(1).stage == "lapsing":
            break
    told = listed.rows("SELECT letter, created_at FROM letter WHERE letter LIKE 'renewal%' ORDER BY id")
    assert [(letter, instant(when)) for letter, when in told] == [
        ("renewal_window", at(2027, 4, 10, 9)),
        ("renewal_window", at(2027, 5, 10, 9)),
        ("renewal_window", at(2027, 6, 10, 9)),
        ("renewal_closing", at(2027, 6, 28, 9)),
        ("renewal_closing", at(2027, 7, 5, 9)),
        ("renewal_closing", at(2027, 7, 7, 9)),
        ("renewal_closing", at(2027, 7, 9, 9)),
    ]


@pytest.mark.clause("M24-9.2", "M24-9.5")
def test_an_institution_without_any_activity_leaves_on_that_ground(listed: Any) -> None:
    sweep(listed.desk, as_of=TERM_OVER)
    assert exit_of(listed) == ("exited", "inactive_first_term", "2030-10-10")


def renewed(programme: Any, *, activity: int, applied: datetime, approved: datetime) -> None:
    programme.make("record_activity", 1, at(2025, 3, 3, 10), person_times=activity)
    sweep(programme.desk, as_of=applied - HOUR)
    programme.apply(1, applied)
    sweep(programme.desk, as_of=approved - HOUR)
    programme.make("approve_renewal", 1, approved)


@pytest.mark.clause("M24-9.2")
def test_an_inactive_first_term_cannot_be_renewed_and_is_refused_on_that_ground(listed: Any) -> None:
    listed.apply(1, at(2027, 5, 4, 10))
    with pytest.raises(Refused, match=r"第1个有效期内未开展.*M24-9\.2"):
        listed.make("approve_renewal", 1, at(2027, 6, 1, 10))
    listed.make("refuse_renewal", 1, at(2027, 6, 1, 11), reason="未开展活动")
    assert (listed.case(1).stage, listed.case(1).renewal_refused) == ("lapsing", "inactive_first_term")
    sweep(listed.desk, as_of=TERM_OVER)
    assert exit_of(listed) == ("exited", "inactive_first_term", "2030-10-10")


@pytest.mark.clause("M24-9.3", "M24-9.5", "D-8")
def test_below_two_hundred_a_year_in_a_later_term_leaves_on_that_ground(listed: Any) -> None:
    renewed(listed, activity=1, applied=at(2027, 5, 4, 10), approved=at(2027, 6, 1, 10))
    listed.make("record_activity", 1, at(2029, 3, 1, 10), person_times=533)
    sweep(listed.desk, as_of=at(2030, 5, 6, 9))
    listed.apply(1, at(2030, 5, 6, 10))
    with pytest.raises(Refused, match=r"年均少于200人次.*M24-9\.3"):
        listed.make("approve_renewal", 1, at(2030, 6, 3, 10))
    listed.make("refuse_renewal", 1, at(2030, 6, 3, 11), reason="年均少于200人次")
    sweep(listed.desk, as_of=at(2030, 10, 11))
    assert exit_of(listed) == ("exited", "below_200", "2033-10-10")
    sound(listed, at(2030, 10, 11))


@pytest.mark.clause("M24-9.1", "D-8", "D-3")
def test_renewed_early_the_new_term_starts_where_the_old_one_ends(listed: Any) -> None:
    renewed(listed, activity=1, applied=at(2027, 4, 10), approved=at(2027, 4, 20, 10))
    assert listed.rows("SELECT number, starts_at, last_day, ended_at FROM term ORDER BY number") == [
        (1, "2024-10-09 16:00:00.000000", "2027-10-10", None),
        (2, "2027-10-10 16:00:00.000000", "2030-10-10", None),
    ]
    sweep(listed.desk, as_of=at(2029, 1, 1))
    assert listed.case(1).stage == "listed"
    assert listed.rows("SELECT due FROM timer WHERE key = 'lapse'") == [("2030-07-10 16:00:00.000000",)]
    sound(listed, at(2029, 1, 1))


@pytest.mark.clause("D-8", "M24-20c")
def test_leaving_between_an_early_renewal_and_its_start_ends_both_terms(listed: Any) -> None:
    renewed(listed, activity=1, applied=at(2027, 4, 10), approved=at(2027, 4, 20, 10))
    listed.make("withdraw_listing", 1, at(2027, 6, 1, 10), reason="业务调整")
    assert listed.rows("SELECT number, ended_at, end_ground FROM term ORDER BY number") == [
        (1, "2027-06-01 02:00:00.000000", "voluntary"), (2, "2027-06-01 02:00:00.000000", "voluntary"),
    ]  # fmt: skip
    sound(listed, at(2027, 6, 2))


@pytest.mark.clause("M24-9.1")
def test_an_application_before_the_window_or_after_the_last_day_is_refused(listed: Any) -> None:
    with pytest.raises(Refused, match=r"现在不在申请期内.*M24-9\.1"):
        listed.apply(1, at(2027, 4, 9, 23, 59))
    sweep(listed.desk, as_of=LAPSES)
    with pytest.raises(Refused, match=r"现在不在申请期内.*M24-9\.1"):
        listed.apply(1, LAPSES + HOUR)


@pytest.mark.clause("M24-9.1")
def test_the_last_minute_of_the_last_day_is_in_time(listed: Any) -> None:
    sweep(listed.desk, as_of=at(2027, 7, 10, 23))
    listed.apply(1, at(2027, 7, 10, 23, 59))
    sweep(listed.desk, as_of=LAPSES)
    assert listed.case(1).stage == "renewal"


@pytest.mark.clause("D-5", "M24-9.1")
def test_a_renewal_under_review_keeps_the_listing_and_is_told_every_week(listed: Any) -> None:
    listed.make("record_activity", 1, at(2025, 3, 3, 10), person_times=1)
    listed.apply(1, at(2027, 7, 9, 10))
    day = at(2027, 9, 1, 12)
    while day < at(2027, 11, 4):
        sweep(listed.desk, as_of=day)
        day += DAY
    assert listed.case(1).stage == "renewal"
    assert listed.rows("SELECT ended_at FROM term") == [(None,)]
    told = listed.rows("SELECT letter, role, at FROM notice ORDER BY id")
    assert [(letter, role, instant(when)) for letter, role, when in told] == [
        *(("renewal_review_due", "group", at(2027, *day, 9)) for day in ((9, 10), (9, 27), (10, 6), (10, 8))),
        *(("renewal_overdue", "head", at(2027, *day, 9)) for day in ((10, 11), (10, 18), (10, 25), (11, 1))),
    ]  # fmt: skip
    listed.make("approve_renewal", 1, at(2027, 11, 4, 10))
    assert listed.rows("SELECT starts_at, last_day FROM term WHERE number = 2") == [
        ("2027-10-10 16:00:00.000000", "2030-10-10")
    ]
    sound(listed, at(2027, 11, 5))


@pytest.mark.clause("D-5", "M24-9.1")
def test_refused_after_its_term_it_leaves_at_once_with_its_ground(listed: Any) -> None:
    listed.make("record_activity", 1, at(2025, 3, 3, 10), person_times=1)
    listed.apply(1, at(2027, 7, 9, 10))
    sweep(listed.desk, as_of=at(2027, 11, 1))
    listed.make("refuse_renewal", 1, at(2027, 11, 1, 10), reason="成效不足")
    assert exit_of(listed) == ("exited", "renewal_refused", None)
    assert listed.rows("SELECT end_ground FROM term") == [("renewal_refused",)]
    sound(listed, at(2027, 11, 2))


@pytest.mark.clause("M24-9.1", "M24-9.4")
def test_who_has_applied_is_not_asked_to_apply(listed: Any) -> None:
    sweep(listed.desk, as_of=at(2027, 4, 20))
    listed.make("order_rectification", 1, at(2027, 4, 20, 10), finding="档案不全", due_on="2027-07-20")
    listed.apply(1, at(2027, 5, 4, 10))
    sweep(listed.desk, as_of=at(2027, 7, 10, 12))
    told = listed.rows(
        "SELECT letter, occasion FROM letter WHERE letter LIKE 'renewal_w%' OR letter LIKE 'renewal_c%'"
    )
    assert told == [("renewal_window", "remind:renewal_window:applicant@2027-04-10")]


@pytest.mark.clause("M24-20a", "M24-20b", "D-13")
def test_a_rectification_nobody_reports_fails_by_the_clock(listed: Any) -> None:
    listed.make("order_rectification", 1, at(2025, 3, 3, 10), finding="档案不全", due_on="2025-04-02")
    sweep(listed.desk, as_of=at(2025, 4, 2, 23))
    assert listed.case(1).stage == "rectifying"
    sweep(listed.desk, as_of=at(2025, 4, 3))
    assert moves(listed)[-1] == ("fail_rectification", at(2025, 4, 3))
    assert exit_of(listed) == ("exited", "rectification_failed", None)
    assert told_since(listed, "listed") == [
        "rectification_ordered/applicant", "rectification_ordered/recommender",
        "rectification_due/applicant",
        "exited/applicant", "exited/recommender",
    ]  # fmt: skip
    sound(listed, at(2025, 4, 3))


@pytest.mark.clause("D-11", "M24-20a")
def test_a_report_that_waits_holds_the_clock_and_tells_why(listed: Any) -> None:
    listed.make("order_rectification", 1, at(2025, 3, 3, 10), finding="档案不全", due_on="2025-04-02")
    listed.make("report_rectification", 1, at(2025, 4, 2, 23, 59), report="已整改")
    report = sweep(listed.desk, as_of=at(2025, 4, 20))
    assert (report.held, listed.case(1).stage) == (1, "rectifying")
    why = "整改报告已按时提交、尚未验收，不得因期限届满自动退出，请尽快验收。（D-11）"
    assert listed.rows("SELECT key, held_why FROM timer WHERE held_why IS NOT NULL") == [
        ("fail_rectification", why)
    ]
    assert [row[:2] for row in listed.rows("SELECT letter, role FROM notice")] == [("stage_overdue", "head")]
    listed.make("accept_rectification", 1, at(2025, 4, 21, 10), finding="合格")
    assert (listed.case(1).stage, listed.case(1).rectification_due) == ("listed", None)
    sound(listed, at(2025, 4, 21, 11))


@pytest.mark.clause("M24-20b")
def test_a_rectification_that_does_not_satisfy_ends_the_listing(listed: Any) -> None:
    listed.make("order_rectification", 1, at(2025, 3, 3, 10), finding="档案不全", due_on="2025-04-02")
    listed.make("report_rectification", 1, at(2025, 4, 2, 10), report="已整改")
    listed.make("refuse_rectification", 1, at(2025, 4, 2, 11), finding="仍不合格")
    assert exit_of(listed) == ("exited", "rectification_failed", None)


@pytest.mark.clause("M24-9.4", "M24-20a")
def test_the_term_ends_in_the_middle_of_a_rectification_too(listed: Any) -> None:
    listed.make("record_activity", 1, at(2025, 3, 3, 10), person_times=500)
    listed.make("order_rectification", 1, at(2027, 3, 3, 10), finding="档案不全", due_on="2028-01-31")
    sweep(listed.desk, as_of=TERM_OVER)
    assert (moves(listed)[-1], exit_of(listed)) == (
        ("exit", TERM_OVER),
        ("exited", "not_applied", "2030-10-10"),
    )


@pytest.mark.clause("D-5", "M24-9.4")
def test_a_timely_renewal_keeps_the_clock_from_ending_the_term_there_too(listed: Any) -> None:
    listed.make("order_rectification", 1, at(2027, 3, 3, 10), finding="档案不全", due_on="2028-01-31")
    listed.apply(1, at(2027, 5, 4, 10))
    report = sweep(listed.desk, as_of=TERM_OVER)
    assert (report.held, listed.case(1).stage) == (1, "rectifying")


@pytest.mark.clause("M24-20c", "D-13")
def test_an_institution_may_leave_by_itself(listed: Any) -> None:
    listed.make("withdraw_listing", 1, at(2026, 3, 2, 10), reason="终止业务")
    assert exit_of(listed) == ("exited", "voluntary", None)
    assert told_since(listed, "listed") == ["exited/applicant", "exited/recommender"]
    assert listed.rows("SELECT end_ground, ended_at FROM term") == [
        ("voluntary", "2026-03-02 02:00:00.000000")
    ]
    sound(listed, at(2026, 3, 3))


@pytest.mark.clause("M24-9.5", "M24-9.4", "D-13")
def test_leaving_by_itself_after_the_last_day_to_apply_does_not_escape_the_cooling_off(listed: Any) -> None:
    sweep(listed.desk, as_of=LAPSES)
    listed.make("withdraw_listing", 1, at(2027, 9, 1, 10), reason="终止业务")
    assert exit_of(listed) == ("exited", "voluntary", "2030-10-10")
    ((body,),) = listed.rows("SELECT body FROM letter WHERE letter = 'exited' AND role = 'applicant'")
    assert "限制申报期：至2030年10月10日（含当日）" in body


@pytest.mark.clause("M24-21")
def test_fraud_removes_from_the_directory(listed: Any) -> None:
    listed.make("remove", 1, at(2026, 3, 2, 10), ground="弄虚作假", finding="伪造考核记录，已移送")
    assert exit_of(listed) == ("exited", "fraud", None)
    ((body,),) = listed.rows("SELECT body FROM letter WHERE letter = 'exited' AND role = 'applicant'")
    assert "退出事由：弄虚作假（M24-21）" in body


@pytest.mark.clause("M24-14", "I21-4.6.1")
def test_a_yearly_duty_is_reminded_of_until_it_is_done_and_noted_when_it_is_not(listed: Any) -> None:
    def swept(*days: tuple[int, int, int]) -> None:
        for day in days:
            sweep(listed.desk, as_of=at(*day, 12))

    swept((2025, 1, 15), (2025, 1, 24))
    listed.make("fulfil_duty", 1, at(2025, 1, 25, 10), duty="yearly_report", year=2025)
    swept((2025, 1, 27), (2025, 2, 1), (2026, 1, 19), (2026, 1, 28), (2026, 1, 30), (2026, 2, 1))
    assert listed.rows("SELECT letter, occasion FROM letter WHERE letter LIKE 'duty%' ORDER BY id") == [
        ("duty_due", "duty_due:yearly_report:2025@2025-01-15"),
        ("duty_due", "duty_due:yearly_report:2025@2025-01-24"),
        ("duty_due", "duty_due:yearly_report:2026@2026-01-19"),
        ("duty_due", "duty_due:yearly_report:2026@2026-01-28"),
        ("duty_due", "duty_due:yearly_report:2026@2026-01-30"),
        ("duty_overdue", "duty_overdue:yearly_report:2026@2026-02-01"),
    ]


@pytest.mark.clause("D-7")
def test_after_thirty_days_everything_happens_in_order_at_its_legal_time(programme: Any) -> None:
    (drafted,) = programme.begin(stage="draft", occupation="MMGC")
    (submitted,) = programme.begin(occupation="JQRG")
    (corrected,) = programme.begin()
    programme.make("return_for_correction", corrected, at(2024, 6, 13, 10), items="缺少盖章")
    back = at(2024, 7, 15, 8)
    sweep(programme.desk, as_of=back)
    done = programme.rows(
        "SELECT case_id, name, at, written_at FROM audit WHERE kind = 'move' AND name <> 'file' ORDER BY seq"
    )
    assert [(id_, name, instant(when), instant(written)) for id_, name, when, written in done] == [
        (corrected, "return_for_correction", at(2024, 6, 13, 10), at(2024, 6, 13, 10)),
        (drafted, "close_draft", at(2024, 6, 22), back),
        (submitted, "close_unrecommended", at(2024, 6, 22), back),
        (corrected, "lapse_correction", at(2024, 6, 28), back),
    ]
    reminders = programme.rows("SELECT letter FROM letter WHERE occasion LIKE 'remind%'")
    assert reminders == []
    sound(programme, back)


@pytest.mark.clause("D-7", "M24-9.4", "M24-9.5", "B3-4.6")
def test_after_three_years_the_whole_life_is_caught_up_with(programme: Any) -> None:
    (id_,) = programme.bring(programme.begin(), "publicity")
    back = at(2028, 1, 3, 8)
    sweep(programme.desk, as_of=back)
    assert moves(programme)[-3:] == [("list", LISTED), ("lapse", LAPSES), ("exit", TERM_OVER)]
    assert exit_of(programme, id_) == ("exited", "inactive_first_term", "2030-10-10")
    # Every limit is past: nobody is asked to do in time what the clock has done since.
    assert told_since(programme, "publicity_begins") == [
        "listed/applicant", "listed/recommender",
        "duty_overdue/applicant", "duty_overdue/applicant", "duty_overdue/applicant",
        "lapsed/applicant", "lapsed/recommender", "exited/applicant", "exited/recommender",
    ]  # fmt: skip
    legal = [instant(row[0]) for row in programme.rows("SELECT at FROM audit ORDER BY seq")]
    assert legal == sorted(legal, key=lambda when: when or back)
    sound(programme, back)


@pytest.mark.clause("D-7")
def test_of_several_reminders_of_one_kind_only_the_latest_goes_out(listed: Any) -> None:
    sweep(listed.desk, as_of=at(2027, 6, 15))
    assert listed.rows("SELECT occasion FROM letter WHERE letter = 'renewal_window'") == [
        ("remind:renewal_window:applicant@2027-06-10",)
    ]
    assert listed.rows("SELECT fires_at FROM timer WHERE key = 'remind:renewal_window:applicant'") == [
        (None,)
    ]


@pytest.mark.clause("D-7", "B3-4.4")
def test_of_several_escalations_only_the_latest_is_told_and_the_next_is_awaited(programme: Any) -> None:
    programme.bring(programme.begin(), "initial_review")
    sweep(programme.desk, as_of=at(2024, 8, 1, 12))
    told = programme.rows("SELECT occasion, at FROM notice WHERE letter = 'stage_overdue'")
    assert told == [("escalate:stage_overdue:head@2024-07-30", "2024-07-30 01:00:00.000000")]
    assert programme.rows("SELECT fires_at FROM timer WHERE kind = 'escalate'") == [
        ("2024-08-06 01:00:00.000000",)
    ]


def test_a_reminder_of_a_stage_that_was_left_does_not_go_out(programme: Any) -> None:
    (id_,) = programme.begin(stage="draft")
    sweep(programme.desk, as_of=at(2024, 6, 20, 9))
    programme.make("submit", id_, at(2024, 6, 20, 10))
    assert programme.rows("SELECT letter, state FROM letter ORDER BY id") == [
        ("filing_closes_soon", "superseded"), ("received", "queued"),
    ]  # fmt: skip


def test_a_duty_still_owed_is_still_reminded_of_in_the_next_stage(listed: Any) -> None:
    sweep(listed.desk, as_of=at(2026, 1, 19, 9))
    listed.make("order_rectification", 1, at(2026, 1, 19, 10), finding="档案不全", due_on="2026-03-31")
    assert listed.rows("SELECT occasion, state FROM letter WHERE letter = 'duty_due'") == [
        ("duty_due:yearly_report:2026@2026-01-19", "queued")
    ]


def test_sweeping_twice_does_nothing_more(programme: Any) -> None:
    programme.begin(3)
    programme.begin(2, stage="draft", occupation="MMGC")
    sweep(programme.desk, as_of=at(2024, 7, 1))
    before = programme.contents()
    assert sweep(programme.desk, as_of=at(2024, 7, 1)) == SweepReport()
    assert programme.contents() == before


def test_two_sweeps_at_once_do_everything_once(programme: Any) -> None:
    programme.begin(60)
    start = Barrier(2)

    def together(_: int) -> SweepReport:
        start.wait()
        return sweep(programme.desk, as_of=at(2024, 7, 1))

    with ThreadPoolExecutor(2) as threads:
        reports = list(threads.map(together, range(2)))
    assert sum(report.moved for report in reports) == 60
    assert programme.rows("SELECT count(*) FROM audit WHERE name = 'close_unrecommended'") == [(60,)]
    assert programme.rows("SELECT count(*) FROM letter WHERE letter = 'unrecommended'") == [(120,)]
    sound(programme, at(2024, 7, 1))


def test_more_than_a_portion_at_one_instant_is_all_done(programme: Any) -> None:
    programme.begin(PORTION + 5)
    seen: list[int] = []
    report = sweep(programme.desk, as_of=at(2024, 6, 22), progress=lambda so_far: seen.append(so_far.moved))
    assert report.moves == {"close_unrecommended": PORTION + 5}
    assert seen == sorted(seen)
    sound(programme, at(2024, 6, 22))


def test_what_fails_becomes_an_incident_and_the_others_go_on(programme: Any) -> None:
    broken, *others = programme.begin(4)
    programme.spoil("UPDATE cases SET channel = 'P99' WHERE id = ?", broken)
    report = sweep(programme.desk, as_of=at(2024, 6, 22))
    assert (report.moved, report.incidents) == (3, 1)
    assert [programme.case(id_).stage for id_ in (broken, *others)] == ["submitted"] + ["declined"] * 3
    assert programme.rows("SELECT kind, case_id, subject, attempts, closed_at FROM incident") == [
        ("timer_failed", broken, "close_unrecommended", 1, None)
    ]
    assert sweep(programme.desk, as_of=at(2024, 6, 23)) == SweepReport()
    assert verify(programme.desk.engine).ok


def test_an_incident_tried_again_once_mended_is_done_at_its_legal_time(programme: Any) -> None:
    (broken,) = programme.begin()
    programme.spoil("UPDATE cases SET channel = 'P99' WHERE id = ?", broken)
    sweep(programme.desk, as_of=at(2024, 6, 22))
    programme.spoil("UPDATE cases SET channel = 'P50' WHERE id = ?", broken)
    mended = at(2024, 6, 24, 10)
    said = retry(programme.desk, 1, by=Actor("示例经办人", Role.OFFICE), as_of=mended)
    assert said == "已重新排入到期办理，下次巡检时执行"
    sweep(programme.desk, as_of=mended)
    assert moves(programme, broken)[-1] == ("close_unrecommended", at(2024, 6, 22))
    assert programme.rows("SELECT closed_by, outcome FROM incident") == [("office:示例经办人", said)]
    sound(programme, mended)


def test_a_failure_in_the_middle_of_an_instant_leaves_the_order_as_it_was(programme: Any) -> None:
    (broken,) = programme.bring(programme.begin(), "publicity")
    (fine,) = programme.bring(programme.begin(occupation="MMGC"), "publicity")
    programme.spoil("UPDATE cases SET channel = 'P99' WHERE id = ?", broken)
    sweep(programme.desk, as_of=at(2028, 1, 3))
    assert [name for name, _ in moves(programme, fine)][-3:] == ["list", "lapse", "exit"]
    assert programme.case(broken).stage == "publicity"


@pytest.mark.parametrize("analysed", [False, True])
def test_what_is_due_is_found_by_the_index_with_or_without_statistics(programme: Any, analysed: bool) -> None:
    from casework.sweep import _DUE

    programme.begin(20)
    if analysed:
        programme.spoil("ANALYZE")
    plan = " | ".join(row[3] for row in programme.rows(f"EXPLAIN QUERY PLAN {_DUE}", at(2024, 6, 22), 1000))
    assert "SEARCH t USING INDEX timers_by_instant (fires_at<?)" in plan
    assert "SCAN" not in plan


def test_a_move_of_the_clock_is_the_clocks_alone(programme: Any) -> None:
    (id_,) = programme.begin()
    with pytest.raises(Refused, match="只能由到期自动办理办理"):
        advance(programme.desk, "close_unrecommended", [id_], by=GROUP, as_of=at(2024, 6, 21))
