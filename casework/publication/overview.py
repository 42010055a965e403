"""How publication stands: each receiver with its breaker, what waits for it, what arrived; and trying again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from casework.actors import Actor
from casework.audit import Entry, append
from casework.publication.attempts import Breaker, breaker
from casework.publication.receivers import Receiver
from records.transaction import Transaction, reading, transaction
from states.facts import instant
from states.refusals import Refused

STATES = {
    "queued": "待推送", "sending": "推送中", "sent": "已送达", "failed": "未送达", "superseded": "已有新版",
}  # fmt: skip
_INCIDENTS = "('publication_refused', 'publication_given_up')"


@dataclass(frozen=True, slots=True)
class Standing:
    """One receiver at an instant. ``arrived_at`` is its last receipt."""

    receiver: Receiver
    breaker: Breaker
    waiting: int
    failed: int
    arrived_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sent:
    """One edition at one receiver, newest first in a list."""

    id: int
    receiver: str
    object: str
    number: int
    title: str
    sha256: str
    made_at: datetime
    state: str
    attempts: int
    sent_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a delivery."""

    at: datetime
    outcome: str
    status: int | None
    milliseconds: int | None
    error: str | None


def standings(
    engine: Engine, receivers: Sequence[Receiver], *, allowed: int, as_of: datetime
) -> list[Standing]:
    """Every receiver that is set; ``allowed`` failures in a row open its breaker."""
    found = []
    with reading(engine) as tx:
        for receiver in receivers:
            row = tx.one(
                "SELECT sum(CASE WHEN state IN ('queued', 'sending') THEN 1 ELSE 0 END),"
                " sum(CASE WHEN state = 'failed' THEN 1 ELSE 0 END), max(sent_at) FROM publication_delivery"
                " WHERE receiver = ?",
                (receiver.name,),
            )
            waiting, failed, arrived = row or (0, 0, None)
            state = breaker(tx, receiver.name, allowed=allowed, as_of=as_of)
            found.append(Standing(receiver, state, int(waiting or 0), int(failed or 0), instant(arrived)))
    return found


def deliveries(
    engine: Engine, *, receiver: str | None = None, state: str | None = None, limit: int = 50
) -> list[Sent]:
    """Deliveries, newest first."""
    narrowed, values = _narrowed(receiver=receiver, state=state)
    with reading(engine) as tx:
        rows = tx.rows(f"{_SENT} WHERE {narrowed} ORDER BY d.id DESC LIMIT ?", (*values, limit))
    return [_sent(row) for row in rows]


def delivery(engine: Engine, id_: int) -> tuple[Sent, list[Attempt], str]:
    """One delivery, its attempts in order, and the body that is sent. Raises Refused when there is none."""
    with reading(engine) as tx:
        row = tx.one(f"{_SENT} WHERE d.id = ?", (id_,))
        if row is None:
            raise Refused(f"没有编号为{id_}的推送，可用 linxuan publish list 查看。")
        attempts = tx.rows(
            "SELECT at, outcome, status, milliseconds, error FROM publication_attempt WHERE delivery_id = ? ORDER BY id",
            (id_,),
        )
        body = tx.one(
            "SELECT body FROM publication_edition WHERE id = (SELECT edition_id FROM publication_delivery WHERE id = ?)",
            (id_,),
        )
    assert body is not None
    return _sent(row), [Attempt(_at(at), *rest) for at, *rest in attempts], body[0]


def push_again(engine: Engine, id_: int, *, as_of: datetime, by: Actor) -> None:
    """Queue a delivery that failed once more, and close its incident. Raises Refused when it did not fail."""
    with transaction(engine) as tx:
        queue_again(tx, id_, as_of=as_of)
        tx.run(
            f"UPDATE incident SET closed_at = ?, closed_by = ?, outcome = ? WHERE kind IN {_INCIDENTS}"
            " AND subject = ? AND closed_at IS NULL",
            (as_of, by.signature, "已重新排入推送队列", str(id_)),
        )
        append(
            tx,
            [Entry(as_of, as_of, by.signature, "publication", "retried", detail={"delivery": id_})],
        )


def queue_again(tx: Transaction, id_: int, *, as_of: datetime) -> None:
    """Put a delivery that failed back in line. Raises Refused when it did not fail, or a newer edition is there."""
    row = tx.one("SELECT state, receiver, object, number FROM publication_delivery WHERE id = ?", (id_,))
    if row is None or row[0] != "failed":
        why = "不存在" if row is None else f"{STATES[row[0]]}，没有失败"
        raise Refused(f"编号为{id_}的推送{why}，不能重新推送。")
    if tx.one("SELECT 1 FROM publication_delivery WHERE receiver = ? AND object = ? AND number > ?", row[1:]):
        raise Refused(f"编号为{id_}的推送已有新版，不必重新推送。")
    tx.run(
        "UPDATE publication_delivery SET state = 'queued', attempts = 0, error = NULL, not_before = ? WHERE id = ?",
        (as_of, id_),
    )


_SENT = (
    "SELECT d.id, d.receiver, d.object, d.number, e.title, e.sha256, e.made_at, d.state, d.attempts, d.sent_at, d.error"
    " FROM publication_delivery d JOIN publication_edition e ON e.id = d.edition_id"
)


def _narrowed(**wanted: str | None) -> tuple[str, list[Any]]:
    asked = {name: value for name, value in wanted.items() if value is not None}
    return " AND ".join(["1 = 1", *(f"d.{name} = ?" for name in asked)]), list(asked.values())


def _sent(row: tuple[Any, ...]) -> Sent:
    id_, receiver, object_, number, title, sha256, made_at, state, attempts, sent_at, error = row
    return Sent(
        id_, receiver, object_, number, title, sha256, _at(made_at), state, attempts, instant(sent_at), error
    )


def _at(stored: Any) -> datetime:
    found = instant(stored)
    assert found is not None
    return found
