"""Deliveries as a box of the post, every attempt written down, and the circuit breaker that reads the attempts.

The breaker keeps no counter: so many failures since the receiver last answered, and it is left alone for a while;
then one delivery is tried, and the rest follow when that one arrives.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from casework.audit import Entry, append
from casework.incidents import open_incident
from casework.letter_boxes import Box, Owed
from casework.publication.receivers import Receiver
from notifications.mail import Delivery, Outcome
from records.transaction import Transaction
from states.calendar import SHANGHAI
from states.facts import instant

LOST = "lost"
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240))
"""How long a receiver is left alone when the breaker opens, and after each trial that failed."""
_COLUMNS = (
    "id, NULL, object, receiver, (SELECT e.title FROM publication_edition e WHERE e.id = edition_id),"
    " (SELECT e.body FROM publication_edition e WHERE e.id = edition_id),"
    " (SELECT e.sha256 FROM publication_edition e WHERE e.id = edition_id), attempts"
)


class Circuit(StrEnum):
    """Whether anything is pushed to a receiver."""

    CLOSED = "closed"
    OPEN = "open"
    TRIAL = "trial"

    @property
    def label(self) -> str:
        """In words."""
        return {"closed": "正常", "open": "暂停推送", "trial": "试送一件"}[self.value]


@dataclass(frozen=True, slots=True)
class Breaker:
    """The breaker of a receiver at an instant; ``until`` is when a trial may be made."""

    circuit: Circuit
    failures: int
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answered(Delivery):
    """What came of one push, with the HTTP status, if there was one, and how long it took."""

    status: int | None = None
    milliseconds: int | None = None


def breaker(tx: Transaction, receiver: str, *, allowed: int, as_of: datetime) -> Breaker:
    """The breaker of a receiver that may fail ``allowed`` times in a row.

    A receiver that turned one object down for good has answered, and a process of ours that died says nothing
    of the receiver: neither counts.
    """
    row = tx.one(
        f"SELECT count(*), max(at) FROM publication_attempt WHERE receiver = ? AND outcome <> '{LOST}'"
        " AND id > coalesce((SELECT max(id) FROM publication_attempt WHERE receiver = ? AND outcome IN ('sent', 'refused')), 0)",
        (receiver, receiver),
    )
    failures, last = (row[0], instant(row[1])) if row else (0, None)
    if failures < allowed or last is None:
        return Breaker(Circuit.CLOSED, failures)
    until = last + PAUSES[min(failures - allowed, len(PAUSES) - 1)]
    return Breaker(Circuit.OPEN if as_of < until else Circuit.TRIAL, failures, until)


def box_for(receiver: Receiver) -> Box:
    """The deliveries of one receiver, as the post empties it; of one object only the newest edition leaves."""
    return Box(
        "publication_delivery", "publication", _COLUMNS, Owed._make, lambda *_: 0, lambda _, answer: answer,
        lambda _, owed, answer: f"{receiver.label}未收到“{owed.subject}”（{owed.letter}）：{answer}",
        narrowed=(
            f"AND receiver = '{receiver.name}' AND NOT EXISTS (SELECT 1 FROM publication_delivery n WHERE"
            " n.receiver = publication_delivery.receiver AND n.object = publication_delivery.object"
            " AND n.number > publication_delivery.number)"
        ),
        settled=_settled,
    )  # fmt: skip


def recover(tx: Transaction, receiver: Receiver, *, as_of: datetime) -> int:
    """Pushes that a process did not live to write down go back in line, and stand in the list of attempts."""
    expired = "receiver = ? AND state = 'sending' AND lease_until <= ?"
    tx.run(
        "INSERT INTO publication_attempt (delivery_id, receiver, at, outcome, error)"
        f" SELECT id, receiver, ?, '{LOST}', '推送途中进程中断，是否收到不明' FROM publication_delivery WHERE {expired}",
        (as_of, receiver.name, as_of),
    )
    recovered: int = tx.run(
        "UPDATE publication_delivery SET state = 'queued', attempts = attempts + 1, lease_until = NULL,"
        f" leased_by = NULL WHERE {expired}",
        (receiver.name, as_of),
    ).rowcount
    return recovered


def _settled(tx: Transaction, each: Owed, delivery: Delivery, as_of: datetime) -> None:
    status = delivery.status if isinstance(delivery, Answered) else None
    milliseconds = delivery.milliseconds if isinstance(delivery, Answered) else None
    arrived = delivery.outcome is Outcome.SENT
    tx.run(
        "INSERT INTO publication_attempt (delivery_id, receiver, at, outcome, status, milliseconds, error)"
        " VALUES (?,?,?,?,?,?,?)",
        (
            each.id, each.recipient, as_of, str(delivery.outcome), status, milliseconds,
            None if arrived else delivery.answer,
        ),
    )  # fmt: skip
    tx.run(
        "UPDATE publication_delivery SET state = 'superseded' WHERE id = ? AND state = 'queued' AND EXISTS"
        " (SELECT 1 FROM publication_delivery n WHERE n.receiver = publication_delivery.receiver"
        " AND n.object = publication_delivery.object AND n.number > publication_delivery.number)",
        (each.id,),
    )
    if arrived:
        _forget_older(tx, each, as_of)
        _note_late(tx, each, as_of)


def _note_late(tx: Transaction, each: Owed, as_of: datetime) -> None:
    """A list that came to stand on a site after its first day has not been public there for as long as it must."""
    row = tx.one(
        "SELECT e.wanted_by FROM publication_edition e JOIN publication_delivery d ON d.edition_id = e.id"
        " WHERE d.id = ? AND NOT EXISTS (SELECT 1 FROM publication_delivery n WHERE n.receiver = d.receiver"
        " AND n.object = d.object AND n.id <> d.id AND n.sent_at IS NOT NULL)",
        (each.id,),
    )
    wanted_by = instant(row[0]) if row else None
    if wanted_by is not None and as_of >= wanted_by:
        reason = (
            f"“{each.subject}”（{each.letter}）迟至{as_of.astimezone(SHANGHAI):%Y-%m-%d %H:%M}才送达{each.recipient}，"
            "晚于公示首日，请核对该网站的公示是否足期（I21-4.5）。"
        )
        open_incident(tx, "publication_late", None, str(each.id), reason, as_of)


def _forget_older(tx: Transaction, each: Owed, as_of: datetime) -> None:
    """Earlier editions that never arrived are made good by this one: their incidents are closed."""
    rows = tx.rows(
        "SELECT d.id FROM publication_delivery d JOIN publication_delivery mine ON mine.id = ?"
        " WHERE d.receiver = mine.receiver AND d.object = mine.object AND d.number < mine.number AND d.state = 'failed'",
        (each.id,),
    )
    for (id_,) in rows:
        tx.run("UPDATE publication_delivery SET state = 'superseded' WHERE id = ?", (id_,))
        closed = tx.run(
            "UPDATE incident SET closed_at = ?, closed_by = 'system:linxuan', outcome = ?"
            " WHERE kind IN ('publication_refused', 'publication_given_up') AND subject = ? AND closed_at IS NULL",
            (as_of, "对方已收到后续版本", str(id_)),
        ).rowcount
        if closed:
            detail = {"delivery": id_, "superseded_by": each.id}
            append(tx, [Entry(as_of, as_of, "system:linxuan", "incident", "closed", detail=detail)])
