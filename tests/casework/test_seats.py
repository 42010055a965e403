"""Seats in a quota are counted by call, track, occupation and, where the notice says so, province."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casework.actors import Actor
from casework.calls import open_call
from casework.seats import Seats
from records.transaction import transaction
from states.calendar import at_time
from states.refusals import Refused
from states.roles import Role
from states.rulebook import call_text

OFFICE = Actor("示例", Role.OFFICE)
IN_2023 = at_time(date(2023, 6, 5), 10)


def left(programme: Any, id_: int, *, taking: int = 0) -> int:
    case = programme.case(id_)
    process = programme.desk.processes.process(case.process)
    with transaction(programme.desk.engine) as tx:
        seats = Seats(tx)
        found = seats.left(process, case)
        for _ in range(taking):
            seats.take(process, case)
            found = seats.left(process, case)
        return found


@pytest.mark.clause("B3-1.3")
def test_two_seats_for_each_occupation(programme: Any) -> None:
    first, second = programme.bring(programme.begin(2), "recheck")
    (other,) = programme.begin(occupation="MMGC")
    assert [left(programme, id_) for id_ in (first, second, other)] == [2, 2, 2]
    programme.make("publicise", first, at_time(date(2024, 9, 26), 17))
    assert [left(programme, id_) for id_ in (first, second, other)] == [1, 1, 2]


def test_seats_taken_within_a_batch_count_before_they_are_written(programme: Any) -> None:
    (id_,) = programme.begin()
    assert [left(programme, id_, taking=count) for count in (0, 1, 2, 3)] == [2, 1, 0, -1]


@pytest.mark.clause("CQ23-1.3b", "CQ23-1.3a")
def test_five_training_seats_for_each_occupation_and_province(programme: Any) -> None:
    open_call(programme.desk, "CQ23", by=OFFICE, as_of=IN_2023)
    known = {"call": "CQ23", "occupation": "RGZN", "as_of": IN_2023}
    trainers = programme.begin(3, track="training", **known)
    (examiner,) = programme.begin(track="evaluation", **known)
    programme.spoil("UPDATE cases SET stage = 'listed' WHERE id IN (?, ?)", trainers[0], examiner)
    programme.spoil("UPDATE cases SET stage = 'listed', province = '51' WHERE id = ?", trainers[1])
    assert (left(programme, trainers[2]), left(programme, examiner)) == (4, 1)


@pytest.mark.clause("B3-1.3", "M24-9.4")
@pytest.mark.parametrize(
    ("stage", "free"),
    [
        ("publicity", 1),
        ("listed", 1),
        ("renewal", 1),
        ("lapsing", 1),
        ("rectifying", 1),
        ("recheck", 2),
        ("exited", 2),
    ],
)
def test_a_seat_is_taken_from_publicity_to_exit(programme: Any, stage: str, free: int) -> None:
    (id_,) = programme.begin()
    programme.spoil("UPDATE cases SET stage = ?", stage)
    assert left(programme, id_) == free


@pytest.mark.clause("M24-7.2b")
def test_an_institution_in_the_directory_is_not_publicised_for_the_same_occupation_again(
    programme: Any, tmp_path: Path
) -> None:
    (first,) = programme.bring(programme.begin(), "listed")
    again = call_text("B3").replace('code = "B3"', 'code = "B4"')
    (tmp_path / "B4.toml").write_text(again, encoding="utf-8")
    open_call(programme.desk, "B4", by=OFFICE, as_of=at_time(date(2024, 5, 16), 10), folder=tmp_path)
    institution = programme.case(first).institution_id
    (second,) = programme.bring(programme.begin(call="B4", institution_id=institution), "recheck")
    with pytest.raises(Refused, match=r"同一职业不得重复列入。（M24-7\.2b）"):
        programme.make("publicise", second, at_time(date(2024, 11, 4), 10))
    programme.make("withdraw_listing", first, at_time(date(2024, 11, 5), 10), reason="终止业务")
    assert programme.make("publicise", second, at_time(date(2024, 11, 5), 11)).moved == 1
