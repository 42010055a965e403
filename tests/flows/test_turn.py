from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from flows.timetable import timetable
from flows.turn import Turn, named
from states.rule_files import BadRules

LINES = timetable()


def test_of_many_who_would_begin_exactly_one_does(place, now) -> None:
    turn, together = Turn(LINES["calls"], place, now()), Barrier(8)

    def begin(_: int) -> bool:
        together.wait()
        return turn.take()

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(begin, range(8))) == [False] * 7 + [True]


def test_what_came_of_it_is_kept(place, now) -> None:
    turn = Turn(LINES["calls"], place, now())
    turn.take()
    assert turn.do() == turn.result()
    assert turn.ended.is_set()


def test_a_failure_is_kept_as_well(place, now, bad_rules: Path) -> None:
    turn = Turn(LINES["calls"], place, now())
    turn.take()
    with pytest.raises(BadRules) as first:
        turn.do()
    with pytest.raises(BadRules) as again:
        turn.result()
    assert again.value is first.value
    assert turn.ended.is_set()


def test_a_text_reference_names_a_function() -> None:
    assert named("flows.turn:named") is named
