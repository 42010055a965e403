"""The last run of each line: started, ended, failed, and well again."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from casework.audit import verify
from casework.beats import LastRun, Outcome, end_beat, last_runs, note_state, start_beat
from records.transaction import reading

NOW = datetime(2024, 6, 12, 2, tzinfo=UTC)
LATER = NOW + timedelta(seconds=5)


def test_a_line_that_started_is_running(engine: Engine) -> None:
    start_beat(engine, "sweep", as_of=NOW)
    assert last_runs(engine) == {"sweep": LastRun("sweep", NOW, None, NOW, Outcome.RUNNING)}


def test_a_line_that_ended_says_what_it_did(engine: Engine) -> None:
    start_beat(engine, "sweep", as_of=NOW)
    end_beat(engine, "sweep", at=LATER, says="到期办理2件", by="prefect", counts={"moved": 2})
    assert last_runs(engine)["sweep"] == LastRun(
        "sweep", NOW, LATER, NOW, Outcome.DONE, "到期办理2件", "prefect", {"moved": 2}
    )


def test_while_it_runs_again_what_it_said_last_stands(engine: Engine) -> None:
    start_beat(engine, "sweep", as_of=NOW)
    end_beat(engine, "sweep", at=NOW, says="到期办理2件")
    start_beat(engine, "sweep", as_of=LATER)
    last = last_runs(engine)["sweep"]
    assert (last.outcome, last.says, last.finished_at) == (Outcome.RUNNING, "到期办理2件", None)


def test_a_failure_is_an_incident_that_the_next_success_closes(engine: Engine) -> None:
    for at in (NOW, LATER):
        start_beat(engine, "post", as_of=at)
        end_beat(engine, "post", at=at, error=OSError("no route"))
    with reading(engine) as tx:
        opened = tx.rows("SELECT kind, subject, reason, attempts, outcome FROM incident")
    end_beat(engine, "post", at=LATER)
    with reading(engine) as tx:
        closed = tx.rows("SELECT outcome FROM incident")
    assert opened == [("timetable_failed", "post", "运行失败：OSError：no route", 2, None)]
    assert closed == [("再次运行成功",)]
    assert verify(engine).entries == 2


@pytest.mark.parametrize("again", [Outcome.READY, Outcome.DOWN])
def test_a_state_keeps_since_when_it_has_lasted(engine: Engine, again: Outcome) -> None:
    note_state(engine, "prefect", Outcome.READY, at=NOW)
    note_state(engine, "prefect", again, at=LATER)
    last = last_runs(engine)["prefect"]
    assert (last.outcome, last.started_at) == (again, NOW if again is Outcome.READY else LATER)
