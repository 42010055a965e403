"""The post: letters that are owed leave, once each, whatever breaks on the way (law 4).

A run claims some letters with a lease in one short transaction, hands them over outside of any transaction,
and writes down what came of each. When it is killed the lease expires and the letter is tried again under the
same Message-ID, so that a repetition can be recognised; it can happen only to a letter whose acceptance nobody
lived to write down.

Letters of cases and letters of panels lie in two boxes (``casework/letter_boxes.py``); both leave the same way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from casework.actors import Actor
from casework.audit import Entry, append
from casework.incidents import open_incident
from casework.letter_boxes import BOXES, LETTERS, Box, Owed
from casework.office_hours import OfficeHours
from notifications.mail import Channel, Delivery, Outcome, OutgoingMail
from records.transaction import Transaction, transaction
from states.refusals import Refused
from states.roles import Role

BATCH = 50
LEASE = timedelta(minutes=30)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 1440))
"""How long to wait after the first, second, … attempt that failed; after the last of them it is given up."""
BREAKS = 2
"""So many broken connections in a row, and the channel is taken to be down."""

LOST_TOO_OFTEN = Delivery(Outcome.BROKEN, "发送进程多次在发送途中中断，已停止自动重发")

POSTMAN = Actor("post", Role.CLOCK)


@dataclass(slots=True)
class PostReport:
    """What one run of the post did.

    ``later`` will be tried again, ``refused`` and ``given_up`` have an incident, ``waiting`` were put off to
    the next office hours, ``recovered`` had been left behind by a run that died. ``stopped`` says why the run
    ended early; ``more`` that another run would find more letters now.
    """

    claimed: int = 0
    sent: int = 0
    later: int = 0
    refused: int = 0
    given_up: int = 0
    waiting: int = 0
    recovered: int = 0
    stopped: str = ""
    more: bool = False


@dataclass(slots=True)
class _Run:
    engine: Engine
    worker: str
    as_of: datetime
    report: PostReport
    box: Box


def post(
    engine: Engine,
    channel: Channel,
    *,
    as_of: datetime,
    working_hours: OfficeHours | None = None,
    batch: int = BATCH,
    worker: str,
    boxes: Sequence[Box] = BOXES,
) -> PostReport:
    """Send up to ``batch`` letters whose time has come by ``as_of`` (aware UTC); call again while ``more``.

    ``worker`` names this sender among all that may run at once. Outside ``working_hours`` letters are put off
    to the next opening, except those about a limit that would pass before. Never sleeps and does not close
    the channel. Raises only for what is wrong with the database.
    """
    report = PostReport()
    for box in boxes:
        _empty(_Run(engine, worker, as_of, report, box), channel, working_hours, batch - report.claimed)
        if report.stopped or report.claimed == batch:
            break
    report.more = not report.stopped and report.claimed == batch
    return report


def _empty(run: _Run, channel: Channel, working_hours: OfficeHours | None, batch: int) -> None:
    """Send up to ``batch`` letters of one box."""
    claimed = _claim(run, working_hours, batch)
    pending: list[tuple[Owed, Delivery]] = []
    tried = 0
    try:
        for each, delivery in _deliver(run, channel, claimed):
            tried += 1
            pending.append((each, delivery))
            if not channel.repeatable:
                _record(run, pending)
                pending.clear()
    finally:
        _record(run, pending)
        # Unless the channel said that it is down, one letter may be half-way out: it keeps its lease.
        _release(run, claimed[tried:] if run.report.stopped else claimed[tried + 1 :])


def retry_letter(
    engine: Engine, id_: int, *, as_of: datetime, by: Actor, recipient: str | None = None
) -> None:
    """Queue a letter that failed once more, to another mailbox if one is given. Raises Refused when it did not fail."""
    with transaction(engine) as tx:
        row = tx.one("SELECT case_id, state FROM letter WHERE id = ?", (id_,))
        if row is None or row[1] != "failed":
            raise Refused(f"编号为{id_}的通知{'不存在' if row is None else '没有发送失败'}，不能重发。")
        tx.run(
            "UPDATE letter SET state = 'queued', attempts = 0, error = NULL, not_before = ?,"
            " recipient = coalesce(?, recipient) WHERE id = ?",
            (as_of, recipient, id_),
        )
        tx.run(
            "UPDATE incident SET closed_at = ?, closed_by = ?, outcome = ?"
            " WHERE kind IN ('letter_refused', 'letter_given_up') AND subject = ? AND closed_at IS NULL",
            (as_of, by.signature, "已重新排入发送队列", str(id_)),
        )
        append(tx, [_entry(by, "retried", row[0], as_of, letter=id_, readdressed=recipient is not None)])


def _claim(run: _Run, working_hours: OfficeHours | None, batch: int) -> list[Owed]:
    box = run.box
    with transaction(run.engine) as tx:
        run.report.recovered += tx.run(
            f"UPDATE {box.table} SET state = 'queued', attempts = attempts + 1, lease_until = NULL, leased_by = NULL"
            " WHERE state = 'sending' AND lease_until <= ?",
            (run.as_of,),
        ).rowcount
        if working_hours is not None and not working_hours.is_open(run.as_of):
            run.report.waiting += box.put_off(tx, run.as_of, working_hours.next_opening(run.as_of))
        rows = tx.rows(
            f"SELECT {box.columns} FROM {box.table}"
            f" WHERE state = 'queued' AND not_before <= ? {box.narrowed} ORDER BY not_before, id LIMIT ?"
            + ("" if tx.sqlite else " FOR UPDATE SKIP LOCKED"),
            (run.as_of, batch),
        )
        claimed = [box.opened(row) for row in rows]
        tx.many(
            f"UPDATE {box.table} SET state = 'sending', lease_until = ?, leased_by = ? WHERE id = ?",
            ((tx.encode(run.as_of + LEASE), run.worker, each.id) for each in claimed),
        )
        run.report.claimed += len(claimed)
        worn_out = [each for each in claimed if each.attempts > len(WAITS)]
        append(tx, [entry for each in worn_out if (entry := _settle(tx, run, each, LOST_TOO_OFTEN))])
    return [each for each in claimed if each.attempts <= len(WAITS)]


def _deliver(run: _Run, channel: Channel, claimed: Sequence[Owed]) -> Iterator[tuple[Owed, Delivery]]:
    """Hand letters over one by one, until all are gone or the channel turns out to be down."""
    broken = 0
    for each in claimed:
        delivery = _hand_over(run, channel, each)
        if delivery.outcome is Outcome.DOWN:
            run.report.stopped = run.box.confided(each, delivery.answer)
            return
        broken = broken + 1 if delivery.outcome is Outcome.BROKEN else 0
        if broken == BREAKS:
            run.report.stopped = run.box.confided(each, delivery.answer)
        yield each, delivery
        if run.report.stopped:
            return


def _hand_over(run: _Run, channel: Channel, each: Owed) -> Delivery:
    mail = OutgoingMail(each.recipient, each.subject, each.body, each.message_id, run.as_of)
    try:
        return channel.deliver(mail)
    except Exception as error:  # noqa: BLE001 - one letter that cannot be handed over does not stop the others
        return Delivery(Outcome.LATER, f"{type(error).__name__}: {error}")


def _record(run: _Run, results: Sequence[tuple[Owed, Delivery]]) -> None:
    """Write down what came of letters this run still holds; one that lost its lease belongs to somebody else."""
    if not results:
        return
    with transaction(run.engine) as tx:
        entries = []
        for each, delivery in results:
            entry = _settle(tx, run, each, delivery)
            if entry is not None:
                entries.append(entry)
        append(tx, entries)


def _settle(tx: Transaction, run: _Run, each: Owed, delivery: Delivery) -> Entry | None:
    attempts = each.attempts + 1
    if delivery.outcome is Outcome.SENT:
        state, not_before, sent_at, error = "sent", None, run.as_of, None
        told = "sent"
    elif delivery.outcome is not Outcome.REFUSED and attempts <= len(WAITS):
        state, not_before, sent_at, error = "queued", run.as_of + WAITS[attempts - 1], None, delivery.answer
        told = "later"
    else:
        state, not_before, sent_at, error = "failed", None, None, delivery.answer
        told = "refused" if delivery.outcome is Outcome.REFUSED else "given_up"
    error = None if error is None else run.box.confided(each, error)
    held = tx.run(
        f"UPDATE {run.box.table} SET state = ?, not_before = coalesce(?, not_before), sent_at = ?, error = ?, attempts = ?,"
        " lease_until = NULL, leased_by = NULL WHERE id = ? AND state = 'sending' AND leased_by = ?",
        (state, not_before, sent_at, error, attempts, each.id, run.worker),
    ).rowcount
    if not held:
        return None
    if run.box.settled:
        run.box.settled(tx, each, delivery, run.as_of)
    setattr(run.report, told, getattr(run.report, told) + 1)
    if told == "later":
        return None
    if state == "failed":
        reason = run.box.complaint(tx, each, delivery.answer)
        open_incident(tx, f"{run.box.kind}_{told}", each.case_id, str(each.id), reason, run.as_of)
    return _entry(
        POSTMAN, told, each.case_id, run.as_of, kind=run.box.kind, letter=each.id, attempts=attempts
    )


def _release(run: _Run, untouched: Sequence[Owed]) -> None:
    """Letters that were not tried go back as they were, with no attempt counted."""
    if not untouched:
        return
    with transaction(run.engine) as tx:
        tx.many(
            f"UPDATE {run.box.table} SET state = 'queued', lease_until = NULL, leased_by = NULL"
            " WHERE id = ? AND state = 'sending' AND leased_by = ?",
            ((each.id, run.worker) for each in untouched),
        )


def _entry(
    by: Actor, name: str, case_id: int | None, as_of: datetime, kind: str = LETTERS.kind, **detail: object
) -> Entry:
    return Entry(as_of, as_of, by.signature, kind, name, case_id, detail=detail)
