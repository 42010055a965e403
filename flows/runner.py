"""The embedded runner: APScheduler ticks the timetable; a late tick is made up for once, and none is lost."""

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from casework.beats import Outcome, end_beat, last_runs, note_state, start_beat
from flows.holding import RENEW_EVERY, hold_clock, keep_lease
from flows.offering import Api, offer
from flows.prefect_server import PrefectState
from flows.timetable import Every, Lane, Line, timetable
from flows.triggers import missed, trigger
from flows.turn import Turn, named
from flows.workplace import Interrupted, Workplace
from states.calendar import SHANGHAI

PREFECT = "prefect"
"""The name under which the home page finds how the local Prefect is."""
LEASE = "lease"
PATIENCE = 20.0
"""Seconds that what is running gets to end when the runner stops."""
_OUTCOMES = {
    PrefectState.STARTING: Outcome.STARTING,
    PrefectState.READY: Outcome.READY,
    PrefectState.DOWN: Outcome.DOWN,
    PrefectState.STOPPED: Outcome.DOWN,
}

log = logging.getLogger(__name__)


def scheduler() -> BackgroundScheduler:
    """A scheduler that makes up for any number of late ticks with exactly one run, a thread to each lane."""
    return BackgroundScheduler(
        timezone=SHANGHAI,
        executors={name: ThreadPoolExecutor(1) for name in (*Lane, LEASE)},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )


class Runner:
    """The clock of one installation. ``now`` reads the time; ``api`` is the Prefect that shows the runs, if any."""

    def __init__(self, place: Workplace, *, now: Callable[[], datetime], api: Api | None = None) -> None:
        self.lines = timetable(place.installation.settings.office.digest_at)
        self._place, self._now, self._api = place, now, api
        self._held = ExitStack()
        self._scheduler = scheduler()
        self._mine = True
        self._quiet = threading.Condition()
        self._running = 0

    def start(self) -> None:
        """Take the data folder, make up for what was missed while nobody ran, and go on by the timetable.

        Raises Refused while another runner has the folder.
        """
        self._held.enter_context(hold_clock(self._place, self._now))
        for line in self.lines.values():
            self._scheduler.add_job(
                self.run, trigger(line.when), [line.name], id=line.name, executor=line.lane
            )
        self._catch_up(self._now())
        self._scheduler.add_job(self.keep, trigger(Every(RENEW_EVERY)), id=LEASE, executor=LEASE)
        self._scheduler.start()

    def missed(self, as_of: datetime) -> list[Line]:
        """The lines to run at once on taking over, each once: the sweep always, others if their time has passed."""
        runs = dict(last_runs(self._place.desk.engine))
        runs.pop("sweep", None)
        return missed(self.lines.values(), runs, as_of=as_of)

    def stop(self) -> bool:
        """Stop ticking, let what is running end, and give the folder back. False when something would not end."""
        self._place.stopping.set()
        if self._scheduler.running:
            # Without jobs first: a tick that falls into the shutdown would be handed to a pool that is closed.
            self._scheduler.remove_all_jobs()
            self._scheduler.shutdown(wait=False)
        with self._quiet:
            ended = self._quiet.wait_for(lambda: self._running == 0, PATIENCE)
        self._held.close()
        return ended

    def run(self, name: str) -> None:
        """Run one line now. Never raises: what fails is stored as an incident and the others go on (law 11)."""
        if not self._mine or self._place.stopping.is_set():
            return
        with self._quiet:
            self._running += 1
        try:
            self._run(self.lines[name], self._now())
        except Interrupted:
            log.info("%s was interrupted: it goes on at the next start", name)
        except Exception:
            log.exception("%s could not be run, or what came of it not noted", name)
        finally:
            with self._quiet:
                self._running -= 1
                self._quiet.notify_all()

    def keep(self) -> None:
        """Renew the lease. While another process has it the clock stands still here; then it catches up."""
        as_of = self._now()
        mine = keep_lease(self._place, as_of)
        if mine and not self._mine:
            log.warning("the lease is ours again")
            self._catch_up(as_of)
        elif self._mine and not mine:
            log.error("the lease was taken by another process: the clock stands still here")
        self._mine = mine

    def note_prefect(self, state: PrefectState) -> None:
        """Write down how the local Prefect is, for the home page."""
        note_state(self._place.desk.engine, PREFECT, _OUTCOMES[state], at=self._now())

    def _catch_up(self, as_of: datetime) -> None:
        for line in self.missed(as_of):
            self._scheduler.add_job(self.run, args=[line.name], executor=line.lane)

    def _run(self, line: Line, as_of: datetime) -> None:
        engine = self._place.desk.engine
        start_beat(engine, line.name, as_of=as_of)
        try:
            self._place.refresh()
            not_worth = named(line.worth)(self._place, as_of) if line.worth else ""
            if not_worth:
                end_beat(engine, line.name, at=self._now(), says=not_worth)
                return
            turn = Turn(line, self._place, as_of)
            by = offer(turn, self._api)
            done = turn.result()
        except Interrupted:
            raise
        except Exception as error:
            log.exception("%s failed", line.name)
            end_beat(engine, line.name, at=self._now(), error=error)
            return
        end_beat(engine, line.name, at=self._now(), says=done.says, by=by, counts=done.counts)
