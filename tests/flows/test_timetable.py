from datetime import time

import pytest

from dashboard.labels import LINES
from flows.timetable import TIMETABLE, At, Every, timetable
from flows.turn import named
from states.clauses import clause

A_DAY = 24 * 60 * 60


def test_what_a_line_runs_is_there() -> None:
    references = [each for line in TIMETABLE for each in (line.runs, line.worth) if each]
    assert [reference for reference in references if not callable(named(reference))] == []


def test_no_two_lines_have_one_name() -> None:
    names = [line.name for line in TIMETABLE]
    assert sorted(set(names)) == sorted(names)


def test_intervals_fall_on_midnight() -> None:
    intervals = [line.when.seconds for line in TIMETABLE if isinstance(line.when, Every)]
    assert [seconds for seconds in intervals if A_DAY % seconds] == []


@pytest.mark.parametrize("line", TIMETABLE, ids=lambda line: line.name)
def test_every_line_says_on_which_ground_it_runs(line) -> None:
    grounds, _, meaning = line.why.partition(": ")
    assert meaning
    if not grounds.startswith("law "):
        for id_ in grounds.split():
            clause(id_)


def test_digests_leave_at_the_hour_the_office_has_set() -> None:
    assert timetable()["digests"].when == At(9, 10)
    assert timetable(time(17, 5))["digests"].when == At(17, 5)


def test_the_home_page_calls_the_lines_by_their_names() -> None:
    assert dict(LINES) == {line.name: line.label for line in TIMETABLE}
