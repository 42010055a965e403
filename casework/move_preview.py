"""One move foreseen: made in a transaction that is taken back, so that what is shown is what would happen (law 7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.access.policy import cases_within, refuse_unless_may
from casework.actors import Actor
from casework.desk import Desk
from casework.gate import BatchRefused, Wanted, advance, advance_in
from casework.history import case_number, who
from casework.selection import NoSuchCase
from records.transaction import Transaction, reading, transaction
from states.calendar import SHANGHAI
from states.checked import Process
from states.facts import instant
from states.refusals import Refused
from states.roles import Role

ACTION = "case.move"


class MovedMeanwhile(Refused):
    """Somebody was first: who, what and when stands in the sentence; ``version`` is that of now."""

    def __init__(self, sentence: str, version: int) -> None:
        super().__init__(sentence)
        self.version = version


@dataclass(frozen=True, slots=True)
class Owes:
    """One letter the move would send."""

    role: str
    recipient: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a move would do: where to, by whom then, until when, and which letters go."""

    to: str
    to_label: str
    held_by: str
    due_at: datetime | None
    provisional: bool
    letters: tuple[Owes, ...]


class _TakenBack(Exception):
    """Ends the preview: the transaction must not be committed."""


def foresee(
    desk: Desk, no: str, move: str, *, seen: int, by: Actor, as_of: datetime, inputs: Mapping[str, Any]
) -> Foreseen:
    """What the move would do now. Raises NoSuchCase, MovedMeanwhile, or Refused with why it cannot be made."""
    id_, process = _at_version(desk, no, seen, by)
    found: list[Foreseen] = []
    try:
        with transaction(desk.engine) as tx:
            last = tx.one("SELECT coalesce(max(id), 0) FROM letter")
            advance_in(tx, desk, move, [Wanted(id_, seen)], by=by, as_of=as_of, inputs=inputs)
            found.append(_outcome(tx, process, id_, last[0] if last else 0, by))
            raise _TakenBack
    except _TakenBack:
        pass
    except BatchRefused as refused:
        raise _plainly(refused) from None
    return found[0]


def make_move(
    desk: Desk, no: str, move: str, *, seen: int, by: Actor, as_of: datetime, inputs: Mapping[str, Any]
) -> int:
    """Make it, on the version that was seen; how many letters go. Raises as ``foresee``."""
    id_, _ = _at_version(desk, no, seen, by)
    try:
        outcome = advance(desk, move, [Wanted(id_, seen)], by=by, as_of=as_of, inputs=inputs)
    except BatchRefused as refused:
        _at_version(desk, no, seen, by)
        raise _plainly(refused) from None
    return outcome.letters


def next_for(desk: Desk, actor: Actor, *, but: str = "") -> str | None:
    """The number of the case that is due first among those the actor's role holds, or None."""
    within, values = cases_within(actor, "case.see")
    with reading(desk.engine) as tx:
        row = tx.one(
            f"SELECT c.no FROM cases c WHERE c.held_by = ? AND {within} AND c.due_at IS NOT NULL AND c.no <> ?"
            " ORDER BY c.due_at, c.id LIMIT 1",
            (str(actor.role), *values, case_number(but)),
        )
    return row[0] if row else None


def _at_version(desk: Desk, no: str, seen: int, by: Actor) -> tuple[int, Process]:
    refuse_unless_may(by, ACTION)
    within, values = cases_within(by, ACTION)
    with reading(desk.engine) as tx:
        row = tx.one(
            f"SELECT c.id, c.version, c.process FROM cases c WHERE c.no = ? AND {within}",
            (case_number(no), *values),
        )
        if row is None:
            raise NoSuchCase
        process = desk.processes.process(row[2])
        if row[1] != seen:
            raise _first(tx, process, row[0], seen, row[1], by)
    return row[0], process


def _first(tx: Transaction, process: Process, id_: int, seen: int, now: int, by: Actor) -> MovedMeanwhile:
    entry = tx.one(
        "SELECT at, actor, name, from_stage, to_stage FROM audit WHERE case_id = ? AND kind = 'move' AND version > ?"
        " ORDER BY seq LIMIT 1",
        (id_, seen),
    )
    did = "这件申报已有变动"
    if entry and (at := instant(entry[0])):
        labels = {key: stage.label for key, stage in process.stages.items()}
        hand = who(entry[1], outside=by.role is Role.APPLICANT)
        went = f"，环节由“{labels.get(entry[3])}”变为“{labels.get(entry[4])}”" if entry[3] != entry[4] else ""
        local = at.astimezone(SHANGHAI)
        did = f"{hand}已先于{local.month}月{local.day}日{local:%H:%M}办理“{process.labels.get(entry[2], entry[2])}”{went}"
    return MovedMeanwhile(f"{did}。您填写的内容已保留，请核对后重新办理。", now)


def _plainly(refused: BatchRefused) -> Refused:
    only = refused.turned[0]
    return Refused(only.sentence, clause=only.clause)


def _outcome(tx: Transaction, process: Process, id_: int, last: int, by: Actor) -> Foreseen:
    case = tx.one("SELECT stage, held_by, due_at, due_provisional FROM cases WHERE id = ?", (id_,))
    assert case
    letters = tx.rows(
        "SELECT role, recipient, subject, body FROM letter WHERE id > ? AND case_id = ? ORDER BY id",
        (last, id_),
    )
    if by.role is Role.APPLICANT:
        letters = [row for row in letters if row[0] == Role.APPLICANT]
    label = process.stages[case[0]].label
    return Foreseen(
        case[0], label, case[1] or "", instant(case[2]), bool(case[3]), tuple(Owes(*row) for row in letters)
    )
