"""Simulated time: the clock jumps to whatever comes next, and everything that is due then happens.

Next is the first of: a timer, something people will do, a working day's digests, a letter that waits.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from casework.conflicts import watch_conflicts
from casework.digests import queue_digests
from casework.duties.sweep import next_duty, sweep_duties
from casework.objections.overdue import tell_overdue
from casework.office_hours import OfficeHours
from casework.panels.sweep import sweep_panels
from casework.particulars.overdue import tell_changes
from casework.post import post
from casework.rehearsal.world import World
from casework.supervision.failings import tell_unanswered
from casework.sweep import SweepReport, sweep
from notifications.mail import Channel
from records.transaction import reading
from states.calendar import at_time, day_of
from states.facts import instant

_TOLD_DAILY: tuple[Callable[..., object], ...] = (
    tell_overdue,
    tell_unanswered,
    tell_changes,
)
"""What is looked at every working day before the digests are written; the two directories are compared weekly."""
Progress = Callable[[datetime], None]
"""Told the simulated instant after each jump."""


class Clock:
    """Runs a world until its last instant; keeps what the sweeps did."""

    def __init__(self, world: World, channel: Channel, hours: OfficeHours) -> None:
        self._world, self._channel, self._hours = world, channel, hours
        self._digests = self._digest_after(world.now - timedelta(days=1))
        self.swept = SweepReport()
        self.led = 0
        self.jumps = 0
        self.digests = 0
        self._week = (0, 0)

    def run(self, progress: Progress | None = None) -> None:
        """Live through everything up to and including the world's last instant."""
        world = self._world
        while (now := self._next()) is not None and now <= world.until:
            world.course.now = max(world.now, now)
            self.jumps += 1
            self._happen()
            if progress:
                progress(world.now)
        world.course.now = world.until

    def _happen(self) -> None:
        world = self._world
        self._sweep()
        while act := world.agenda.take(world.now):
            act()
        self._sweep()
        if self._digests <= world.now:
            desk = world.desk
            for tell in _TOLD_DAILY:
                tell(desk, as_of=world.now)
            if (week := day_of(world.now).isocalendar()[:2]) != self._week:
                self._week = week
                watch_conflicts(desk, as_of=world.now)
            self.digests += queue_digests(
                desk.engine, as_of=world.now, calendar=desk.calendar, renderer=desk.renderer
            )
            self._digests = self._digest_after(world.now)
        self._send()

    def _sweep(self) -> None:
        done = sweep(self._world.desk, as_of=self._world.now)
        led = sweep_panels(self._world.desk, as_of=self._world.now)
        sweep_duties(self._world.desk, as_of=self._world.now)
        self.led += led.count
        for name in ("moved", "reminded", "noticed", "held", "skipped", "incidents"):
            setattr(self.swept, name, getattr(self.swept, name) + getattr(done, name))

    def _send(self) -> None:
        while post(
            self._world.desk.engine, self._channel, as_of=self._world.now, working_hours=self._hours,
            worker="rehearsal",
        ).more:  # fmt: skip
            pass

    def _next(self) -> datetime | None:
        with reading(self._world.desk.engine) as tx:
            row = tx.one(
                "SELECT (SELECT min(fires_at) FROM timer), (SELECT min(fires_at) FROM panel_timer),"
                " (SELECT min(not_before) FROM letter WHERE state = 'queued'),"
                " (SELECT min(not_before) FROM panel_letter WHERE state = 'queued'),"
                " (SELECT min(not_before) FROM objection_letter WHERE state = 'queued')"
            )
            duty = next_duty(tx)
        assert row is not None
        coming = [*map(instant, row), duty, self._world.agenda.next(), self._digests]
        return self._after_outage(min((each for each in coming if each is not None), default=None))

    def _after_outage(self, at: datetime | None) -> datetime | None:
        """The instant itself, or the end of the outage it falls into: the system stands still (D-7)."""
        for begins, ends in self._world.course.outages:
            if at is not None and begins <= at < ends:
                return ends
        return at

    def _digest_after(self, now: datetime) -> datetime:
        """The next working day's digest time after an instant."""
        office = self._world.installation.settings.office
        day: date = day_of(now)
        while True:
            day = self._world.desk.calendar.working_days_after(day, 1).day
            at = at_time(day, office.digest_at.hour, office.digest_at.minute)
            if at > now:
                return at
