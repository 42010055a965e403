"""A batch at work in a process of its own, so that the pages stay quick; a batch of a few is done at once.

The process outlives the web process that began it. It has its own connection, and gets the keys by its pipe, never
by its arguments or its environment.
"""

from dataclasses import dataclass
from datetime import datetime
from multiprocessing import active_children, get_context
from pathlib import Path

from casework.actors import Actor
from casework.batches.gauge import drop_gauge
from casework.batches.working import carry_out, foresee
from casework.installation import Installation
from casework.settings import Settings
from records.crypt import use_key
from records.engine import open_engine

AT_ONCE = 100
"""So many cases are done while the reader waits."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What the process is sent to do: preview a batch, or run it for ``by`` as of an instant."""

    id: int
    by: Actor | None = None
    as_of: datetime | None = None


def send(installation: Installation, errand: Errand, *, cases: int) -> None:
    """Have it done: here when the cases are few, else apart."""
    drop_gauge(installation.data, errand.id)
    if cases <= AT_ONCE:
        _do(installation, errand)
        return
    active_children()  # those that have ended are let go of
    work = get_context("spawn").Process(
        target=_elsewhere,
        args=(installation.settings, installation.data, installation.keys, errand),
        name=f"linxuan-batch-{errand.id}",
    )
    work.start()


def _elsewhere(settings: Settings, data: Path, keys: tuple[str, ...], errand: Errand) -> None:
    use_key(*keys)
    engine = open_engine(settings.database_url)
    try:
        _do(Installation(settings, data, engine, keys=keys), errand)
    finally:
        engine.dispose()


def _do(installation: Installation, errand: Errand) -> None:
    desk = installation.desk()
    if errand.by is None or errand.as_of is None:
        foresee(desk, errand.id, installation.data)
    else:
        carry_out(desk, errand.id, installation.data, by=errand.by, as_of=errand.as_of)
