"""Batches as kept: who made them, what they would do, how they ended. Seen by whoever the policy lets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.access.policy import Reach, reach
from casework.actors import Actor
from casework.desk import Desk
from casework.plans import Line, Owed, Plan, unmarked
from casework.selection import Selection
from records.transaction import Transaction, reading
from states.facts import instant
from states.roles import Role

PREVIEWING, READY, RUNNING, DONE, REFUSED, CANCELLED = (
    "previewing", "ready", "running", "done", "refused", "cancelled",
)  # fmt: skip
LISTED = 50


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch. ``going`` of ``total`` cases can go; ``whole`` means that none goes unless all do.

    ``letters`` is how many it owes: foreseen before it ran, queued afterwards. Instants are aware UTC.
    """

    id: int
    move: str
    label: str
    whole: bool
    by: Actor
    chosen: Selection
    inputs: Mapping[str, Any]
    state: str
    made_at: datetime
    expires_at: datetime
    digest: str
    total: int
    going: int
    letters: int
    started_at: datetime | None
    run_by: str
    ended_at: datetime | None
    why: str
    clause: str

    @property
    def staying(self) -> int:
        """How many cannot go."""
        return self.total - self.going

    @property
    def blocked(self) -> bool:
        """Whether it may not run as it is: nothing can go, or something cannot and all should."""
        return self.going == 0 or (self.whole and self.staying > 0)

    def expired(self, as_of: datetime) -> bool:
        """Whether it waited too long to be run."""
        return self.state == READY and as_of >= self.expires_at


_COLUMNS = (
    "b.id, b.move, b.label, b.whole, b.name, b.role, b.scope, b.chosen, b.inputs, b.state, b.made_at, b.expires_at,"
    " b.digest, b.total, b.going, b.letters, b.started_at, b.run_by, b.ended_at, b.why, b.clause"
)


def batch_of(desk: Desk, id_: int, actor: Actor) -> Batch | None:
    """A batch the actor may see, or None."""
    with reading(desk.engine) as tx:
        return batch_in(tx, id_, actor)


def batch_in(tx: Transaction, id_: int, actor: Actor | None = None) -> Batch | None:
    """``batch_of`` within a transaction; without an actor, whatever its hand."""
    where, values = ("1 = 1", []) if actor is None else _within(actor)
    row = tx.one(f"SELECT {_COLUMNS} FROM batch b WHERE b.id = ? AND {where}", (id_, *values))
    return _batch(row) if row else None


def batches(desk: Desk, actor: Actor) -> list[Batch]:
    """The latest batches the actor may see, newest first."""
    where, values = _within(actor)
    with reading(desk.engine) as tx:
        sql = f"SELECT {_COLUMNS} FROM batch b WHERE {where} ORDER BY b.id DESC LIMIT {LISTED}"
        return [_batch(row) for row in tx.rows(sql, values)]


def plan_in(tx: Transaction, batch: Batch) -> Plan:
    """The plan as it was frozen."""
    lines = [
        Line(*row)
        for row in tx.rows(
            "SELECT case_number, no, version, stage, to_stage, why, clause FROM batch_line WHERE batch_id = ?"
            " ORDER BY place",
            (batch.id,),
        )
    ]
    return Plan(batch.move, batch.inputs, batch.by, batch.made_at, lines, owed_in(tx, batch.id))


def owed_in(tx: Transaction, id_: int) -> list[Owed]:
    """The letters a batch owes."""
    sql = "SELECT letter, role, count, subject FROM batch_letter WHERE batch_id = ? ORDER BY letter, role"
    return [Owed(*row) for row in tx.rows(sql, (id_,))]


def _within(actor: Actor) -> tuple[str, list[Any]]:
    match reach(actor.role, "batch.see"):
        case Reach.ALL:
            return "1 = 1", []
        case Reach.OWN:
            return "b.role = ? AND b.scope = ?", [str(actor.role), actor.scope]
    return "1 = 0", []


def _batch(row: tuple[Any, ...]) -> Batch:
    (id_, move, label, whole, name, role, scope, chosen, inputs, state, made, expires, digest, total, going, letters,
     started, run_by, ended, why, clause) = row  # fmt: skip
    told = json.loads(chosen)
    made_at, expires_at = instant(made), instant(expires)
    assert made_at is not None
    assert expires_at is not None
    return Batch(
        id_, move, label, bool(whole), Actor(name, Role(role), scope),
        Selection(**{**told, "nos": tuple(told.get("nos", ()))}),
        {key: unmarked(value) for key, value in json.loads(inputs).items()}, state, made_at, expires_at, digest, total,
        going, letters, instant(started), run_by, instant(ended), why, clause,
    )  # fmt: skip
