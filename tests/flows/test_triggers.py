import threading
from datetime import UTC, datetime, timedelta

import pytest

from casework.beats import LastRun, Outcome
from flows.runner import scheduler
from flows.timetable import TIMETABLE, At, Every, timetable
from flows.triggers import missed, trigger
from states.calendar import SHANGHAI

NOON = datetime(2024, 6, 21, 4, 0, tzinfo=UTC)
MIDNIGHT = datetime(2024, 6, 21, 16, 0, tzinfo=UTC)


def ran(name: str, at: datetime, outcome: Outcome = Outcome.DONE) -> LastRun:
    return LastRun(name, at, at, at, str(outcome))


def all_ran(at: datetime) -> dict[str, LastRun]:
    return {line.name: ran(line.name, at) for line in TIMETABLE}


def names_missed(runs: dict[str, LastRun], as_of: datetime) -> list[str]:
    return [line.name for line in missed(TIMETABLE, runs, as_of=as_of)]


@pytest.mark.clause("B3-5.4")
def test_what_is_due_at_midnight_in_shanghai_is_looked_for_at_midnight() -> None:
    just_before = MIDNIGHT - timedelta(seconds=7)
    for name in ("sweep", "calls"):
        assert trigger(timetable()[name].when).get_next_fire_time(None, just_before) == MIDNIGHT


def test_times_of_day_are_in_shanghai() -> None:
    assert trigger(At(8, 30)).get_next_fire_time(None, NOON) == datetime(2024, 6, 22, 0, 30, tzinfo=UTC)


def test_nothing_is_missed_a_moment_later() -> None:
    assert names_missed(all_ran(NOON), NOON + timedelta(seconds=1)) == []


def test_after_five_hours_only_the_lines_whose_time_has_come_are_missed_each_once() -> None:
    assert names_missed(all_ran(NOON), NOON + timedelta(hours=5)) == [
        "sweep",
        "panels",
        "calls",
        "post",
        "publication",
    ]


def test_after_a_week_every_line_is_missed_once() -> None:
    assert names_missed(all_ran(NOON), NOON + timedelta(days=7)) == [line.name for line in TIMETABLE]


def test_a_line_that_never_ran_is_missed() -> None:
    runs = all_ran(NOON)
    del runs["invariants"]
    assert names_missed(runs, NOON) == ["invariants"]


def test_a_line_that_was_cut_off_is_missed() -> None:
    runs = all_ran(NOON) | {"digests": ran("digests", NOON, Outcome.RUNNING)}
    assert names_missed(runs, NOON) == ["digests"]


WEEKLY = Every(7 * 24 * 60 * 60)
FAR_FROM_NOW = At((datetime.now(SHANGHAI).hour + 12) % 24)


@pytest.mark.parametrize("when", [WEEKLY, FAR_FROM_NOW], ids=["every week", "every day"])
def test_a_scheduler_late_by_forty_days_makes_up_for_it_with_one_run(when) -> None:
    runs: list[str] = []
    ran_once = threading.Event()

    def tick() -> None:
        runs.append("late")
        ran_once.set()

    started = datetime.now(UTC)
    clock = scheduler()
    late = started - timedelta(days=40)
    clock.add_job(tick, trigger(when), id="late", executor="clock", next_run_time=late)
    clock.start()
    ran_once.wait()
    next_run = clock.get_job("late").next_run_time
    clock.shutdown(wait=True)
    assert runs == ["late"]
    assert next_run > started
