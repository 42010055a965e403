"""The words of the declaration make the values they say."""

from datetime import date

import pytest

from states.conditions import filing_is_open, paper_received, returned_by_office
from states.declaration import Branch, at_deadline, duty, duty_periods, end, held_by, move, remind, stage
from states.roles import Role
from states.spans import working_days


def test_a_stage_takes_its_parts_in_the_order_they_are_read() -> None:
    first = move("first", "甲", to="over", by=Role.OFFICE, clause="D-4")
    second = move("second", "乙", to="over", by=Role.OFFICE, clause="D-4")
    lapse = at_deadline("lapse", "到期", to="over", clause="D-4")
    before = remind(Role.OFFICE, "stage_due", before=(working_days(1),), clause="D-4")
    held = held_by(Role.OFFICE)
    made = stage("one", "环节", lapse, second, held, before, first, clause="D-4")
    assert (made.holder, made.moves, made.clock, made.reminders) == (
        held,
        (second, first),
        (lapse,),
        (before,),
    )
    assert not made.end


def test_an_end_has_nothing_to_do() -> None:
    made = end("over", "办结", clause="D-4")
    assert (made.end, made.holder, made.moves, made.clock) == (True, None, (), ())


def test_a_move_to_nowhere_stays() -> None:
    assert move("note", "备注", to="", by=Role.OFFICE, clause="D-4").stays
    assert not move("leave", "离开", to="over", by=Role.OFFICE, clause="D-4").stays


def test_what_a_move_requires_is_required_on_every_branch() -> None:
    made = move(
        "resubmit", "提交补正", by=Role.APPLICANT, clause="D-4", provided=(paper_received,),
        to=(Branch("initial_review", (returned_by_office,)), Branch("submitted", (filing_is_open,))),
    )  # fmt: skip
    assert made.branches == (
        Branch("initial_review", (paper_received, returned_by_office)),
        Branch("submitted", (paper_received, filing_is_open)),
    )


def test_the_clock_makes_the_moves_at_a_deadline() -> None:
    assert at_deadline("lapse", "到期", to="over", clause="D-4").move.by == {Role.CLOCK}


@pytest.mark.clause("M24-14")
def test_a_yearly_duty_falls_due_every_year_of_the_term() -> None:
    report = duty("yearly_report", "年度报告", due=(1, 31), before=(), clause="M24-14")
    assert duty_periods(report, date(2024, 10, 10), date(2027, 10, 10)) == (
        date(2025, 1, 31),
        date(2026, 1, 31),
        date(2027, 1, 31),
    )


@pytest.mark.clause("M24-14")
def test_a_duty_due_on_the_first_day_is_not_asked_for_and_one_on_the_last_day_is() -> None:
    report = duty("yearly_report", "年度报告", due=(1, 31), before=(), clause="M24-14")
    assert duty_periods(report, date(2025, 1, 31), date(2026, 1, 31)) == (date(2026, 1, 31),)
