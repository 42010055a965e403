"""How things stand, in counts."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework.beats import end_beat, start_beat
from casework.leases import acquire
from casework.overview import (
    LATE,
    RUNNER_LEASE,
    Clock,
    Mailbox,
    letters_waiting,
    oldest_due,
    overview,
    runner_lease,
)
from casework.sweep import sweep
from states.calendar import at_time, end_of

NOW = at_time(date(2024, 6, 12), 10)
CLOSES = end_of(date(2024, 6, 21))


def tick(programme: Any, at: Any, error: Exception | None = None) -> None:
    engine = programme.desk.engine
    acquire(engine, RUNNER_LEASE, "host:1:x", as_of=at, ttl=timedelta(hours=1))
    start_beat(engine, "sweep", as_of=at)
    end_beat(engine, "sweep", at=at, error=error)


def clock(programme: Any, as_of: Any) -> Clock:
    return overview(programme.desk, as_of=as_of).clock


def test_nothing_is_due_until_it_is(programme: Any) -> None:
    programme.begin()
    engine = programme.desk.engine
    first = at_time(
        date(2024, 6, 6), 9
    )  # ten working days before the last day, over the dragon boat festival
    assert oldest_due(engine, as_of=first - timedelta(seconds=1)) is None
    assert oldest_due(engine, as_of=first) == first
    sweep(programme.desk, as_of=first)
    assert oldest_due(engine, as_of=first) is None


def test_letters_wait_from_the_moment_they_are_owed(programme: Any) -> None:
    assert not letters_waiting(programme.desk.engine, as_of=NOW)
    programme.begin(as_of=NOW)
    assert not letters_waiting(programme.desk.engine, as_of=NOW - timedelta(seconds=1))
    assert letters_waiting(programme.desk.engine, as_of=NOW)
    assert overview(programme.desk, as_of=NOW).mailbox == Mailbox(queued=1, oldest=NOW, failed=0)


def test_a_letter_left_half_way_by_a_run_that_died_waits_too(programme: Any) -> None:
    programme.begin(as_of=NOW)
    programme.spoil("UPDATE letter SET state = 'sending', lease_until = not_before")
    assert letters_waiting(programme.desk.engine, as_of=NOW)


@pytest.mark.clause("B3-5.4")
def test_the_next_moves_are_told_by_their_names(programme: Any) -> None:
    programme.bring(programme.begin(2), "recommended")
    coming = overview(programme.desk, as_of=NOW).coming
    assert [(each.at, each.label, each.cases) for each in coming] == [(CLOSES, "申报截止，转入初核", 2)]


def test_stages_come_in_the_order_of_the_process(programme: Any) -> None:
    programme.bring(programme.begin(1), "recheck")
    programme.bring(programme.begin(2, occupation="XNXS"), "initial_review")
    stages = overview(programme.desk, as_of=NOW).stages
    assert [(each.stage, each.cases, each.end) for each in stages] == [
        ("initial_review", 2, False),
        ("recheck", 1, False),
    ]


def test_a_clock_is_well_late_failing_or_stopped(programme: Any) -> None:
    assert clock(programme, NOW) is Clock.STOPPED
    tick(programme, NOW)
    assert clock(programme, NOW) is Clock.WELL
    assert clock(programme, NOW + LATE) is Clock.LATE
    assert clock(programme, NOW + timedelta(hours=1)) is Clock.STOPPED
    tick(programme, NOW, OSError("disk"))
    assert clock(programme, NOW) is Clock.FAILING


def test_a_clock_that_leaves_something_due_is_late(programme: Any) -> None:
    programme.begin()
    tick(programme, CLOSES)
    assert clock(programme, CLOSES) is Clock.LATE


def test_without_a_lease_nobody_runs(programme: Any) -> None:
    assert runner_lease(programme.desk.engine) is None


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (
            "SELECT call, stage, count(*) FROM cases GROUP BY call, stage",
            "COVERING INDEX cases_by_occupation",
        ),
        (
            "SELECT call, stage FROM cases WHERE due_at <= '2024' ORDER BY due_at LIMIT 9",
            "INDEX cases_by_due",
        ),
        ("SELECT min(fires_at) FROM timer WHERE fires_at <= '2024'", "COVERING INDEX timers_by_instant"),
        (
            "SELECT count(*) FROM letter WHERE state IN ('queued', 'sending')",
            "COVERING INDEX letters_by_state",
        ),
    ],
)
def test_looking_follows_an_index(programme: Any, query: str, index: str) -> None:
    ((*_, plan), *_) = programme.rows(f"EXPLAIN QUERY PLAN {query}")
    assert f"USING {index}" in plan
