"""The last run of each line of the timetable: written when it starts and when it ends, read as health."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine

from casework.actors import CLOCK
from casework.incidents import close_incident, open_incident
from records.transaction import reading, transaction
from states.facts import instant

INCIDENT = "timetable_failed"


class Outcome(StrEnum):
    """How a run stands. The last three are what the local Prefect says of itself."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    READY = "ready"
    STARTING = "starting"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last run of one line. ``says`` is its result in one Chinese sentence, ``by`` who ran it."""

    name: str
    started_at: datetime
    finished_at: datetime | None
    as_of: datetime | None
    outcome: str
    says: str = ""
    by: str = ""
    counts: Mapping[str, Any] = field(default_factory=dict)


def start_beat(engine: Engine, name: str, *, as_of: datetime) -> None:
    """Note that a line starts at ``as_of`` (aware UTC). What it said last stays until it says something new."""
    with transaction(engine) as tx:
        tx.run(
            "INSERT INTO beat (name, started_at, as_of, outcome, detail) VALUES (?,?,?,?,'{}')"
            " ON CONFLICT (name) DO UPDATE SET started_at = excluded.started_at, as_of = excluded.as_of,"
            " finished_at = NULL, outcome = excluded.outcome",
            (name, as_of, as_of, str(Outcome.RUNNING)),
        )


def end_beat(
    engine: Engine,
    name: str,
    *,
    at: datetime,
    says: str = "",
    by: str = "",
    counts: Mapping[str, Any] | None = None,
    error: Exception | None = None,
) -> None:
    """Note how a line ended. A failure opens an incident, and the next success closes it (law 11)."""
    failed = error is not None
    if failed:
        says = f"运行失败：{type(error).__name__}：{error}"
    detail = json.dumps(
        {"says": says, "by": by, "counts": dict(counts or {})}, ensure_ascii=False, default=str
    )
    with transaction(engine) as tx:
        tx.run(
            "UPDATE beat SET finished_at = ?, outcome = ?, detail = ? WHERE name = ?",
            (at, str(Outcome.FAILED if failed else Outcome.DONE), detail, name),
        )
        if failed:
            open_incident(tx, INCIDENT, None, name, says, at)
            return
        for (id_,) in tx.rows(
            "SELECT id FROM incident WHERE kind = ? AND subject = ? AND closed_at IS NULL", (INCIDENT, name)
        ):
            close_incident(tx, id_, CLOCK, "再次运行成功", at)


def note_state(engine: Engine, name: str, outcome: Outcome, *, at: datetime, says: str = "") -> None:
    """Note the state of something that has no runs of its own, such as the local Prefect."""
    detail = json.dumps({"says": says, "by": "", "counts": {}}, ensure_ascii=False)
    with transaction(engine) as tx:
        tx.run(
            "INSERT INTO beat (name, started_at, finished_at, as_of, outcome, detail) VALUES (?,?,?,?,?,?)"
            " ON CONFLICT (name) DO UPDATE SET finished_at = excluded.finished_at, as_of = excluded.as_of,"
            " outcome = excluded.outcome, detail = excluded.detail,"
            " started_at = CASE WHEN beat.outcome = excluded.outcome THEN beat.started_at"
            " ELSE excluded.started_at END",
            (name, at, at, at, str(outcome), detail),
        )


def last_runs(engine: Engine) -> dict[str, LastRun]:
    """The last run of every line, by name."""
    with reading(engine) as tx:
        rows = tx.rows("SELECT name, started_at, finished_at, as_of, outcome, detail FROM beat ORDER BY name")
    return {row[0]: _last_run(*row) for row in rows}


def _last_run(name: str, started: Any, finished: Any, as_of: Any, outcome: str, detail: str) -> LastRun:
    kept = json.loads(detail)
    began = instant(started)
    assert began is not None
    return LastRun(
        name, began, instant(finished), instant(as_of), outcome,
        kept.get("says", ""), kept.get("by", ""), kept.get("counts", {}),
    )  # fmt: skip
