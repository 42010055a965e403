from pathlib import Path

import pytest

from casework.beats import LastRun, Outcome, last_runs
from casework.leases import acquire, release
from casework.overview import RUNNER_LEASE, runner_lease
from flows.holding import TTL
from flows.prefect_server import PrefectState
from flows.runner import PREFECT, Runner
from flows.timetable import TIMETABLE
from flows.workplace import Workplace
from records.transaction import reading
from states.refusals import Refused


def incidents(place: Workplace) -> list[tuple[str, str, int, bool]]:
    with reading(place.desk.engine) as tx:
        return [
            (kind, subject, attempts, closed is None)
            for kind, subject, attempts, closed in tx.rows(
                "SELECT kind, subject, attempts, closed_at FROM incident ORDER BY id"
            )
        ]


def ended(place: Workplace) -> list[tuple[str, LastRun]]:
    return [each for each in last_runs(place.desk.engine).items() if each[1].finished_at is not None]


@pytest.fixture
def runner(place: Workplace, now) -> Runner:
    return Runner(place, now=now)


def test_a_run_is_noted_with_what_it_did_and_who_ran_it(runner: Runner, place: Workplace, now) -> None:
    runner.run("calls")
    last = last_runs(place.desk.engine)["calls"]
    assert (last.as_of, last.outcome, last.by) == (now(), Outcome.DONE, "plain")
    assert last.says == "开放B3"
    assert last.counts == {"opened": ["B3"], "closed": []}


def test_a_sweep_with_nothing_due_is_not_worth_a_flow(runner: Runner, place: Workplace) -> None:
    runner.run("sweep")
    last = last_runs(place.desk.engine)["sweep"]
    assert (last.outcome, last.by, last.says) == (Outcome.DONE, "", "没有到期事项")


def test_every_line_runs_on_an_empty_installation(runner: Runner, place: Workplace) -> None:
    for line in TIMETABLE:
        runner.run(line.name)
    assert {name: run.outcome for name, run in last_runs(place.desk.engine).items()} == {
        line.name: Outcome.DONE for line in TIMETABLE
    }


def test_what_fails_becomes_an_incident_and_the_others_go_on(
    runner: Runner, place: Workplace, bad_rules: Path
) -> None:
    runner.run("calls")
    runner.run("calls")
    runner.run("publicity")
    runs = last_runs(place.desk.engine)
    assert runs["calls"].outcome == Outcome.FAILED
    assert runs["calls"].says.startswith("运行失败：BadRules：规则文件 X9.toml")
    assert runs["publicity"].outcome == Outcome.DONE
    assert incidents(place) == [("timetable_failed", "calls", 2, True)]


def test_the_next_success_closes_the_incident(runner: Runner, place: Workplace, bad_rules: Path) -> None:
    runner.run("calls")
    bad_rules.unlink()
    runner.run("calls")
    assert incidents(place) == [("timetable_failed", "calls", 1, False)]


def test_starting_makes_up_once_for_every_line_that_was_missed(
    runner: Runner, place: Workplace, now, wait_for, bad_rules: Path
) -> None:
    for line in TIMETABLE:
        runner.run(line.name)
    now.pass_by(hours=5)
    runner.start()
    wait_for(
        lambda: (
            {name for name, run in ended(place) if run.as_of == now()}
            == {"sweep", "panels", "calls", "post", "publication"}
        ),
        "what was missed is made up for",
    )
    assert runner.stop()
    assert incidents(place) == [("timetable_failed", "calls", 2, True)]


def test_a_sweep_is_always_made_at_once(runner: Runner, now) -> None:
    for line in TIMETABLE:
        runner.run(line.name)
    assert [line.name for line in runner.missed(now.pass_by(seconds=1))] == ["sweep"]


def test_a_second_runner_on_the_folder_is_refused_in_one_sentence(
    runner: Runner, place: Workplace, now
) -> None:
    runner.start()
    with pytest.raises(
        Refused, match=r"已有一个 linxuan 在运行（进程\d+，主机.+，自2024-06-03 10:00起），请先停止它。$"
    ):
        Runner(place, now=now).start()
    runner.stop()


def test_a_stopped_runner_gives_the_folder_back(runner: Runner, installation, now) -> None:
    runner.start()
    runner.stop()
    assert runner_lease(installation.engine) is None
    another = Runner(Workplace.of(installation), now=now)
    another.start()
    assert another.stop()


def test_a_lease_left_by_a_runner_that_was_killed_does_not_keep_the_next_waiting(
    runner: Runner, place: Workplace, now
) -> None:
    acquire(place.desk.engine, RUNNER_LEASE, "elsewhere:1:dead", as_of=now(), ttl=TTL)
    runner.start()
    held = runner_lease(place.desk.engine)
    runner.stop()
    assert held is not None
    assert held.holder == place.worker


def test_the_clock_stands_still_while_another_has_the_lease(
    runner: Runner, place: Workplace, now, wait_for
) -> None:
    engine = place.desk.engine
    runner.start()
    started = now()
    wait_for(lambda: len(ended(place)) == len(TIMETABLE), "every line has run")
    acquire(engine, RUNNER_LEASE, "elsewhere:1:x", as_of=now.pass_by(minutes=5), ttl=TTL)
    runner.keep()
    runner.run("calendar")
    while_lost = last_runs(engine)["calendar"]
    release(engine, RUNNER_LEASE, "elsewhere:1:x")
    now.pass_by(minutes=1)
    runner.keep()
    runner.run("calendar")
    regained = last_runs(engine)["calendar"]
    runner.stop()
    assert while_lost.as_of == started
    assert regained.as_of == now()


def test_nothing_runs_after_stopping(runner: Runner, place: Workplace) -> None:
    assert runner.stop()
    runner.run("calls")
    assert last_runs(place.desk.engine) == {}


def test_how_prefect_is_stands_beside_the_runs(runner: Runner, place: Workplace, now) -> None:
    runner.note_prefect(PrefectState.STARTING)
    now.pass_by(seconds=9)
    runner.note_prefect(PrefectState.READY)
    last = last_runs(place.desk.engine)[PREFECT]
    assert (last.outcome, last.started_at) == (Outcome.READY, now())
