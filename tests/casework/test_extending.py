"""A call's last day put off: what moves, whom it tells, and who may not."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from casework.actors import Actor
from casework.audit import verify
from casework.calls import call_state, close_call
from casework.extending import Extension, extend_call, foresee_extension
from casework.invariants import check
from casework.sweep import sweep
from records.transaction import reading
from states.calendar import day_of
from states.refusals import Refused
from states.roles import Role

Programme = Any  # of conftest

OFFICE = Actor("示例经办人", Role.OFFICE)
ON = datetime(2024, 6, 17, 2, tzinfo=UTC)
CLOSES, LATER = date(2024, 6, 21), date(2024, 6, 28)
WEEK = Extension(LATER, LATER, "系统维护影响申报")


def test_what_is_foreseen_is_what_happens_and_looking_changes_nothing(programme: Programme) -> None:
    programme.begin(2, stage="draft")
    before = programme.contents()
    foreseen = foresee_extension(programme.desk, "B3", WEEK, by=OFFICE, as_of=ON)
    assert programme.contents() == before
    done = extend_call(programme.desk, "B3", WEEK, seen=CLOSES, by=OFFICE, as_of=ON)
    assert done == foreseen
    assert (done.cases, done.letters) == (2, 2)


def test_every_limit_that_hangs_on_the_day_moves_with_it(programme: Programme) -> None:
    (draft,) = programme.begin(1, stage="draft")
    extend_call(programme.desk, "B3", WEEK, seen=CLOSES, by=OFFICE, as_of=ON)
    with reading(programme.desk.engine) as tx:
        (due,) = tx.rows("SELECT due FROM timer WHERE case_id = ? AND kind = 'move'", (draft,))
    assert day_of(datetime.fromisoformat(due[0]).replace(tzinfo=UTC)) == date(2024, 6, 29)
    assert check(programme.desk, as_of=ON).faults == []
    sweep(programme.desk, as_of=datetime(2024, 6, 24, 2, tzinfo=UTC))
    assert programme.case(draft).stage == "draft"
    sweep(programme.desk, as_of=datetime(2024, 6, 29, 2, tzinfo=UTC))
    assert programme.case(draft).stage == "withdrawn"


def test_the_letter_says_from_when_to_when_and_why(programme: Programme) -> None:
    programme.begin(1, stage="draft")
    done = extend_call(programme.desk, "B3", WEEK, seen=CLOSES, by=OFFICE, as_of=ON)
    assert done.sample is not None
    assert "由2024年6月21日延长至2024年6月28日（B3-5.4）。延长的原因：系统维护影响申报。" in done.sample[1]


def test_the_call_closes_on_its_new_day(programme: Programme) -> None:
    extend_call(programme.desk, "B3", WEEK, seen=CLOSES, by=OFFICE, as_of=ON)
    assert call_state(programme.desk, "B3").rules.filing_closes.value == LATER
    with pytest.raises(Refused, match="2024年6月28日24时，尚未截止"):
        close_call(programme.desk, "B3", by=OFFICE, as_of=datetime(2024, 6, 24, 2, tzinfo=UTC))
    assert verify(programme.desk.engine).ok


def test_new_cases_are_pinned_to_the_process_of_the_new_number(programme: Programme) -> None:
    (before,) = programme.begin(1, stage="draft")
    extend_call(programme.desk, "B3", WEEK, seen=CLOSES, by=OFFICE, as_of=ON)
    assert programme.case(before).process == "B3/evaluation@2"
    assert programme.desk.processes.key_for("B3", "evaluation") == "B3/evaluation@2"
    assert programme.desk.processes.process("B3/evaluation@2").rules.filing_closes.value == LATER


def test_twice_moves_it_twice(programme: Programme) -> None:
    programme.begin(1, stage="draft")
    extend_call(programme.desk, "B3", WEEK, seen=CLOSES, by=OFFICE, as_of=ON)
    further = Extension(date(2024, 7, 5), date(2024, 7, 5), "再次延长")
    assert extend_call(programme.desk, "B3", further, seen=LATER, by=OFFICE, as_of=ON).letters == 1
    assert programme.desk.processes.key_for("B3", "evaluation") == "B3/evaluation@3"


@pytest.mark.parametrize(
    ("asked", "by", "on", "why"),
    [
        (Extension(CLOSES, LATER, "因"), OFFICE, ON, "应晚于现在的2024年6月21日"),
        (Extension(LATER, date(2024, 6, 20), "因"), OFFICE, ON, "不能早于现在的2024年6月21日"),
        (Extension(LATER, LATER, ""), OFFICE, ON, "请写明延长的原因"),
        (WEEK, OFFICE, datetime(2024, 6, 21, 16, tzinfo=UTC), "截止之前才能延长"),
        (WEEK, Actor("示例省", Role.PROVINCE, "50"), ON, "不是示例省所在省份的批次"),
        (WEEK, Actor("示例小组", Role.GROUP), ON, "工程指导协调小组不能延长申报时间"),
    ],
)  # fmt: skip
def test_what_is_refused(programme: Programme, asked: Extension, by: Actor, on: datetime, why: str) -> None:
    before = programme.contents()
    with pytest.raises(Refused, match=why):
        extend_call(programme.desk, "B3", asked, seen=CLOSES, by=by, as_of=on)
    assert programme.contents() == before


def test_the_second_hand_is_told_that_the_day_has_moved(programme: Programme) -> None:
    extend_call(programme.desk, "B3", WEEK, seen=CLOSES, by=OFFICE, as_of=ON)
    further = Extension(date(2024, 7, 5), date(2024, 7, 5), "再次延长")
    with pytest.raises(Refused, match="已由他人改为2024年6月28日"):
        extend_call(programme.desk, "B3", further, seen=CLOSES, by=OFFICE, as_of=ON)


def test_what_is_shown_of_a_reminder_is_its_next_turn_and_never_lies_behind(programme: Programme) -> None:
    programme.begin(2)
    foreseen = foresee_extension(programme.desk, "B3", WEEK, by=OFFICE, as_of=ON)
    assert foreseen.timers
    assert [each for each in foreseen.timers if each.new is not None and each.new <= ON] == []
