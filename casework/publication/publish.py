"""Publishing: editions of what is new, then each receiver's deliveries, one process to a receiver at a time."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from casework.desk import Desk
from casework.leases import acquire, release
from casework.post import BATCH, LEASE, PostReport, post
from casework.publication.attempts import Circuit, box_for, breaker, recover
from casework.publication.editions import anything_new, make_editions
from casework.publication.receivers import Receiver, receivers_of
from casework.settings import Settings
from casework.signing import signer
from records.transaction import reading, transaction

BATCHES = 40


@dataclass(slots=True)
class PublishReport:
    """What one run did: editions written down, and by receiver what the post did, or why it was left alone."""

    editions: int = 0
    pushed: dict[str, PostReport] = field(default_factory=dict)
    left_alone: dict[str, str] = field(default_factory=dict)

    def total(self, name: str) -> int:
        """A count of ``PostReport`` over all receivers."""
        return sum(getattr(report, name) for report in self.pushed.values())


def worth_publishing(desk: Desk, settings: Settings, *, as_of: datetime) -> bool:
    """Whether a run would find something new or something waiting; a quick look."""
    receivers = receivers_of(settings)
    if not receivers:
        return False
    if anything_new(desk, receivers, as_of=as_of):
        return True
    with reading(desk.engine) as tx:
        row = tx.one(
            "SELECT 1 FROM publication_delivery WHERE (state = 'queued' AND not_before <= ?)"
            " OR (state = 'sending' AND lease_until <= ?) LIMIT 1",
            (as_of, as_of),
        )
    return row is not None


def publish(
    desk: Desk,
    settings: Settings,
    *,
    as_of: datetime,
    worker: str,
    go_on: Callable[[], None] = lambda: None,
) -> PublishReport:
    """Write down what is new by ``as_of`` (aware UTC) and push whatever is due, to every receiver that is set.

    ``go_on`` is called between batches and may raise to stop. May be Refused for a wrong ``receivers.ca_file``.
    """
    report = PublishReport()
    receivers = receivers_of(settings)
    if not receivers:
        return report
    report.editions = make_editions(desk, receivers, as_of=as_of)
    for receiver in receivers:
        go_on()
        _empty(desk, settings, receiver, report, as_of, worker, go_on)
    return report


def _empty(
    desk: Desk,
    settings: Settings,
    receiver: Receiver,
    report: PublishReport,
    as_of: datetime,
    worker: str,
    go_on: Callable[[], None],
) -> None:
    if not _waits(desk, receiver, as_of):
        return
    lease = f"publish:{receiver.name}"
    if not acquire(desk.engine, lease, worker, as_of=as_of, ttl=LEASE):
        report.left_alone[receiver.name] = "另一进程正在推送"
        return
    try:
        _push(desk, settings, receiver, report, as_of, worker, go_on)
    finally:
        with suppress(Exception):
            release(desk.engine, lease, worker)


def _push(
    desk: Desk,
    settings: Settings,
    receiver: Receiver,
    report: PublishReport,
    as_of: datetime,
    worker: str,
    go_on: Callable[[], None],
) -> None:
    from casework.publication.pushing import Push

    asked = settings.receivers
    with transaction(desk.engine) as tx:
        recovered = recover(tx, receiver, as_of=as_of)
        found = breaker(tx, receiver.name, allowed=asked.failures, as_of=as_of)
    if found.circuit is Circuit.OPEN:
        report.left_alone[receiver.name] = f"连续{found.failures}次推送失败，暂停推送"
        return
    trial = found.circuit is Circuit.TRIAL
    channel = Push(
        receiver, signer(desk.engine, as_of=as_of), asked.timeout, asked.failures,
        asked.failures - 1 if trial else found.failures,
        settings.within_data(asked.ca_file) if asked.ca_file else None,
    )  # fmt: skip
    done = report.pushed[receiver.name] = PostReport(recovered=recovered)
    try:
        for _ in range(BATCHES):
            step = post(
                desk.engine, channel, as_of=as_of, batch=1 if trial else BATCH, worker=worker,
                boxes=(box_for(receiver),),
            )  # fmt: skip
            _add(done, step)
            if trial and not (step.sent or step.refused):
                return  # the trial failed, or there was nothing to try
            if not step.more:
                return
            trial = False
            go_on()
    finally:
        channel.close()


def _waits(desk: Desk, receiver: Receiver, as_of: datetime) -> bool:
    with reading(desk.engine) as tx:
        row = tx.one(
            "SELECT 1 FROM publication_delivery WHERE receiver = ? AND ((state = 'queued' AND not_before <= ?)"
            " OR (state = 'sending' AND lease_until <= ?)) LIMIT 1",
            (receiver.name, as_of, as_of),
        )
    return row is not None


def _add(done: PostReport, step: PostReport) -> None:
    for name in ("claimed", "sent", "later", "refused", "given_up", "recovered"):
        setattr(done, name, getattr(done, name) + getattr(step, name))
    done.stopped, done.more = step.stopped, step.more
