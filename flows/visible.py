"""The timetable's lines as Prefect flows: thin, so that a run can be seen; never a place to remember anything.

Importing this module imports Prefect: nothing that must work without Prefect imports it at its top.
"""

import os
from datetime import UTC, datetime
from typing import Any

from prefect import Flow, flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import AwareDatetime

from flows.timetable import TIMETABLE, Line
from flows.turn import TURN, Turn
from flows.workplace import workplace_here


def _visible(line: Line) -> Flow[..., Any]:
    async def run(as_of: AwareDatetime | None = None) -> State[Any]:
        turn = TURN.get()
        if turn is None:
            # A worker's own run: the entry point that reads the clock and the environment.
            now = as_of or datetime.now(UTC)
            turn = Turn(line, workplace_here(os.environ, as_of=now), now)
            turn.place.refresh()
        if not turn.take():
            return Completed(message="已由本机时钟直接办理", data={})
        done = turn.do()
        return Completed(message=done.says, data=dict(done.counts))

    run.__name__ = line.name
    run.__doc__ = f"{line.label}. {line.why}"
    return flow(name=line.name, description=line.why, validate_parameters=True, persist_result=False)(run)


_FLOWS: dict[str, Flow[..., Any]] = {line.name: _visible(line) for line in TIMETABLE}


def __getattr__(name: str) -> Any:
    """The flow of each line, by the line's name: what a deployment's entry point and an import find."""
    try:
        return _FLOWS[name]
    except KeyError:
        raise AttributeError(f"the timetable has no line {name!r}") from None
