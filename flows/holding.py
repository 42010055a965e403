"""One runner per data folder: the folder's lock against this machine, the lease against every other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError

from casework.installation import sqlite_file
from casework.leases import acquire, hold_folder, release
from casework.overview import RUNNER_LEASE, runner_lease
from flows.workplace import Workplace
from states.calendar import SHANGHAI
from states.refusals import Refused

TTL = timedelta(seconds=60)
RENEW_EVERY = 20
"""Seconds: a lease is renewed twice before it could run out."""


@contextmanager
def hold_clock(place: Workplace, now: Callable[[], datetime]) -> Iterator[None]:
    """Be the only one who runs this installation's timetable. Raises Refused while somebody else does."""
    engine = place.desk.engine
    with hold_folder(place.installation.data, as_of=now()):
        if sqlite_file(place.installation.settings) is not None:
            # The database lies on this machine, and the lock has proved that whoever left a lease is dead.
            left = runner_lease(engine)
            if left is not None:
                release(engine, RUNNER_LEASE, left.holder)
        if not keep_lease(place, now()):
            raise Refused(_who(place))
        try:
            yield
        finally:
            with suppress(DBAPIError):
                release(engine, RUNNER_LEASE, place.worker)


def keep_lease(place: Workplace, as_of: datetime) -> bool:
    """Take the lease, or prolong one's own. False while another process has it."""
    return acquire(place.desk.engine, RUNNER_LEASE, place.worker, as_of=as_of, ttl=TTL)


def _who(place: Workplace) -> str:
    other = runner_lease(place.desk.engine)
    host, pid = (*other.holder.split(":"), "")[:2] if other else ("", "")
    seen = f"，{other.beat_at.astimezone(SHANGHAI):%H:%M:%S}还在运行" if other else ""
    return f"运行时刻表正由主机{host}的进程{pid}执行{seen}，请先停止它，或等它的租约到期（至多60秒）后重试。"
