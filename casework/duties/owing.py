"""The row of a duty: owed once, done once, dropped when nobody owes it any more; each with a word in the audit log."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from casework.actors import Actor
from casework.audit import Entry
from casework.desk import Desk
from records.transaction import Transaction
from states.calendar import day_of
from states.call_rules import TrackRules
from states.duties.deadlines import Deadline, days_late, deadline
from states.duties.kinds import KINDS
from states.duties.turns import following, turns
from states.facts import instant

Note = Callable[[Entry], None]
"""Enters one word in the audit log of the open transaction."""

SUBJECT = "first"
"""What a duty is about that a listing owes but once."""

_INSERT = (
    "INSERT INTO duty_owed (kind, owner, about, case_id, province, label, clause, owed_at, due_at, explained, next_at,"
    " dropped) VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING"
)


def of_case(case_id: int) -> str:
    """Who owes what a listing owes."""
    return f"case:{case_id}"


def owe(
    tx: Transaction,
    desk: Desk,
    kind: str,
    owner: str,
    about: str,
    label: str,
    start: date,
    rules: TrackRules,
    *,
    province: str,
    case_id: int | None,
    at: datetime,
) -> Deadline:
    """A duty that runs from the Shanghai day ``start`` and came up at the instant ``at``; owed before: nothing new."""
    found = deadline(kind, start, rules, desk.calendar)
    told = turns(found.last_day, day_of(at), rules.reminders.value, desk.calendar)
    tx.run(
        _INSERT,
        (kind, owner, about, case_id, province, label, KINDS[kind].clause, at, found.due_at, found.explained,
         following(told, at), False),
    )  # fmt: skip
    return found


def owe_alike(
    tx: Transaction,
    desk: Desk,
    kind: str,
    about: str,
    label: str,
    rules: TrackRules,
    owners: Iterable[tuple[str, int | None, str]],
    *,
    at: datetime,
) -> None:
    """The same duty for many owners (owner, case id, province), running from the day of ``at``."""
    found = deadline(kind, day_of(at), rules, desk.calendar)
    told = following(turns(found.last_day, day_of(at), rules.reminders.value, desk.calendar), at)
    tail = (label, KINDS[kind].clause, tx.encode(at), tx.encode(found.due_at), found.explained, tx.encode(told),
            tx.encode(False))  # fmt: skip
    tx.many(_INSERT, ((kind, owner, about, case_id, province, *tail) for owner, case_id, province in owners))


def fulfil(
    tx: Transaction,
    kind: str,
    owner: str,
    about: str,
    *,
    by: Actor,
    at: datetime,
    note: Note,
) -> int | None:
    """The duty is done; how many days late it was, or None when it was not owed or done before."""
    row = tx.run(
        "UPDATE duty_owed SET done_at = ?, done_by = ?, next_at = NULL WHERE kind = ? AND owner = ? AND about = ?"
        " AND done_at IS NULL RETURNING due_at, case_id, label, clause",
        (at, by.signature, kind, owner, about),
    ).fetchone()
    if row is None:
        return None
    due = instant(row[0])
    assert due is not None
    late = days_late(due, at)
    detail = {"duty": kind, "about": about, "label": row[2], "days_late": late}
    note(Entry(at, at, by.signature, "duty", "done", row[1], clause=row[3], detail=detail))
    return late


def drop(tx: Transaction, kinds: Iterable[str], case_ids: list[int], at: datetime) -> None:
    """Nobody owes these any more: the listing is over, or what they were about does not take place."""
    these, listed = tx.is_one_of("case_id", case_ids)
    tx.run(
        "UPDATE duty_owed SET done_at = ?, dropped = ?, next_at = NULL"
        f" WHERE done_at IS NULL AND {these} AND {tx.among('kind')}",
        (at, True, listed, tx.listed(sorted(kinds))),
    )


def drop_one(tx: Transaction, kind: str, owner: str, about: str, at: datetime) -> None:
    """One duty falls away."""
    tx.run(
        "UPDATE duty_owed SET done_at = ?, dropped = ?, next_at = NULL WHERE done_at IS NULL AND kind = ?"
        " AND owner = ? AND about = ?",
        (at, True, kind, owner, about),
    )
