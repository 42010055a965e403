"""Timers as rows: replaced on entering a stage, kept in step within it, what fired stays fired."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from casework.timing import drop_timers, lay_timers, rearm_timers
from records.timers import HELD
from records.transaction import transaction
from states.calendar import at_time
from states.facts import instant
from states.timers import Timer, schedule

NOW = at_time(date(2024, 6, 12), 10)
DAY = timedelta(days=1)


@pytest.fixture
def kept(programme: Any) -> Any:
    """Two cases waiting for their recommendation."""
    programme.begin(2)
    return programme


def planned(programme: Any, id_: int = 1) -> tuple[Timer, ...]:
    case = programme.case(id_)
    timers: tuple[Timer, ...] = schedule(
        programme.desk.processes.process(case.process), case, programme.desk.calendar
    ).timers
    return timers


def rows(programme: Any, id_: int = 1) -> list[tuple[Any, ...]]:
    stored: list[tuple[Any, ...]] = programme.rows(
        "SELECT key, due, fires_at, held_why FROM timer WHERE case_id = ? ORDER BY key", id_
    )
    return stored


def write(programme: Any, act: Any, *arguments: Any, **named: Any) -> None:
    with transaction(programme.desk.engine) as tx:
        act(tx, *arguments, **named)


def test_a_case_has_the_timers_of_its_stage(kept: Any) -> None:
    assert [(key, instant(due), instant(fires)) for key, due, fires, _ in rows(kept)] == [
        ("close_unrecommended", at_time(date(2024, 6, 22), 0), at_time(date(2024, 6, 22), 0)),
        ("remind:recommendation_due:recommender", at_time(date(2024, 6, 6), 9), at_time(date(2024, 6, 6), 9)),
    ]


@pytest.mark.parametrize("ids", [[1], [1, 2]], ids=["one case", "several"])
def test_laying_replaces_what_was_there_of_these_cases_only(kept: Any, ids: list[int]) -> None:
    first, second = rows(kept, 1), rows(kept, 2)
    kept.spoil("UPDATE timer SET fires_at = NULL")
    write(kept, lay_timers, ids, planned(kept))
    assert rows(kept, 1) == first
    if len(ids) == 2:
        assert rows(kept, 2) == second
    else:
        assert [row[2] for row in rows(kept, 2)] == [None, None]


def test_dropping_leaves_the_others_alone(kept: Any) -> None:
    write(kept, drop_timers, [1])
    assert (rows(kept, 1), len(rows(kept, 2))) == ([], 2)
    write(kept, drop_timers, [1, 2])
    assert rows(kept, 2) == []


def test_within_the_stage_what_has_fired_stays_fired(kept: Any) -> None:
    kept.spoil("UPDATE timer SET fires_at = NULL WHERE kind = 'remind'")
    before = rows(kept)
    write(kept, rearm_timers, [1], planned(kept))
    assert rows(kept) == before


def test_what_was_held_may_go(kept: Any) -> None:
    before = rows(kept)
    kept.spoil("UPDATE timer SET fires_at = ?, held_why = '理由' WHERE kind = 'move'", HELD)
    write(kept, rearm_timers, [1], planned(kept))
    assert rows(kept) == before
    assert [row[3] for row in rows(kept, 2)] == ["理由", None]


def test_within_the_stage_timers_come_go_and_shift_as_derived(kept: Any) -> None:
    close, reminder = planned(kept)
    later = replace(close, due=close.due + DAY)
    new = replace(reminder, key="remind:other:recommender")
    write(kept, rearm_timers, [1], (later, new))
    assert [(key, instant(due), instant(fires)) for key, due, fires, _ in rows(kept)] == [
        ("close_unrecommended", later.due, later.due),
        ("remind:other:recommender", new.due, new.due),
    ]
    assert len(rows(kept, 2)) == 2
