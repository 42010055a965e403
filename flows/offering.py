"""Running a turn where it can be seen: as a Prefect flow when Prefect answers, and without it when it does not.

The clock never waits for Prefect. A flow that has not begun within ``PATIENCE`` is not waited for; once the
errand itself has begun it takes the time it takes, and Prefect then gets ``FAREWELL`` to note the end.
"""

import asyncio
import importlib
import logging
import threading
from typing import Protocol

from flows.turn import TURN, Turn
from states.calendar import SHANGHAI

PATIENCE = 15.0
FAREWELL = 5.0

log = logging.getLogger(__name__)


class Api(Protocol):
    """A Prefect API that may or may not answer."""

    @property
    def url(self) -> str | None:
        """Its address while it answers, else None."""
        ...

    def doubt(self) -> None:
        """Do not use it again before it has answered a new probe."""
        ...


def offer(turn: Turn, api: Api | None, *, patience: float = PATIENCE) -> str:
    """Run a turn to its end; who ran it: ``prefect`` or ``plain``. What came of it is in the turn."""
    url = api.url if api is not None else None
    if api is None or url is None:
        return _plainly(turn)
    visible = threading.Thread(target=_visibly, args=(turn, url), name=f"flow-{turn.line.name}", daemon=True)
    visible.start()
    turn.begun.wait(patience)
    if turn.take():
        log.warning("prefect did not begin %s: it runs without", turn.line.name)
        api.doubt()
        return _plainly(turn, taken=True)
    turn.ended.wait()
    visible.join(FAREWELL)
    if visible.is_alive():
        log.warning("prefect did not note the end of %s", turn.line.name)
        api.doubt()
    return "prefect"


def _plainly(turn: Turn, *, taken: bool = False) -> str:
    if taken or turn.take():
        try:
            turn.do()
        except Exception:
            log.debug("%s failed", turn.line.name, exc_info=True)
    turn.ended.wait()
    return "plain"


def _visibly(turn: Turn, url: str) -> None:
    try:
        settings = importlib.import_module("prefect.settings")
        flow = getattr(importlib.import_module("flows.visible"), turn.line.name)
        seen_as = f"{turn.line.label} {turn.as_of.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
        TURN.set(turn)
        # No heartbeat: it watches over workers elsewhere, and this run is watched over by ourselves.
        changes = {settings.PREFECT_API_URL: url, settings.PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}
        with settings.temporary_settings(changes):
            asyncio.run(flow.with_options(flow_run_name=seen_as)(as_of=turn.as_of))
    except Exception as error:  # noqa: BLE001 - the errand's own failure is in the turn; Prefect's must not matter
        if turn.error is None:
            log.warning("prefect failed to run %s: %s: %s", turn.line.name, type(error).__name__, error)
    finally:
        turn.begun.set()
