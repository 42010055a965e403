"""Timers as rows: laid when a case enters a stage, kept in step when something in it changes."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from records.transaction import Transaction
from states.calendar import Calendar
from states.checked import Process
from states.facts import Facts
from states.timers import Schedule, Timer, schedule

ANCHORS = (
    "entered_at",
    "posted_at",
    "term_starts_at",
    "term_last_day",
    "rectification_due",
    "leaving_on",
    "renewal_correction_due",
    "returned_from",
)
"""The fields of a case its timers depend on, beside its process and stage."""

_ANCHORS_IN = itemgetter(*(Facts._fields.index(name) for name in ("stage", *ANCHORS)))

_COLUMNS = "case_id, key, kind, due, fires_at, about, clause, role, letter, move, provisional, edition"
_INSERT = f"INSERT INTO timer ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"


def anchors_of(facts: Facts) -> tuple[Any, ...]:
    """What the timers of a case of one process depend on: those alike in it share a schedule."""
    found: tuple[Any, ...] = _ANCHORS_IN(facts)
    return found


class Planned:
    """The schedules of many cases of one process, each worked out once for all that are alike."""

    def __init__(self, process: Process, calendar: Calendar) -> None:
        self._process, self._calendar = process, calendar
        self._kept: dict[tuple[Any, ...], Schedule] = {}

    def __call__(self, facts: Facts) -> Schedule:
        """The schedule of a case, as ``states.timers.schedule`` derives it."""
        alike = anchors_of(facts)
        found = self._kept.get(alike)
        if found is None:
            found = self._kept[alike] = schedule(self._process, facts, self._calendar)
        return found


def lay_timers(tx: Transaction, ids: Sequence[int], timers: Sequence[Timer], *, fresh: bool = False) -> None:
    """Replace all timers of these cases by the given ones; ``fresh`` says there are none to drop."""
    if not fresh:
        drop_timers(tx, ids)
    if len(ids) == 1:
        tx.many(_INSERT, [(ids[0], *_tail(tx, timer)) for timer in timers])
        return
    listed = tx.listed(ids)
    for timer in timers:
        tx.run(tx.for_each(_COLUMNS, "timer"), (*_tail(tx, timer), listed))


def drop_timers(tx: Transaction, ids: Sequence[int]) -> None:
    """Remove all timers of these cases."""
    if len(ids) == 1:
        tx.run("DELETE FROM timer WHERE case_id = ?", (ids[0],))
    else:
        tx.run(f"DELETE FROM timer WHERE {tx.among('case_id')}", (tx.listed(ids),))


def rearm_timers(tx: Transaction, ids: Sequence[int], timers: Sequence[Timer]) -> None:
    """Bring the timers in step without leaving the stage: what has fired stays fired, what was held may go."""
    wanted = {timer.key: timer for timer in timers}
    for id_ in ids:
        stored = {row[0]: row[1] for row in tx.rows("SELECT key, due FROM timer WHERE case_id = ?", (id_,))}
        gone = [key for key in stored if key not in wanted]
        tx.many("DELETE FROM timer WHERE case_id = ? AND key = ?", ((id_, key) for key in gone))
        moved = [t for key, t in wanted.items() if key in stored and stored[key] != tx.encode(t.due)]
        tx.many("DELETE FROM timer WHERE case_id = ? AND key = ?", ((id_, timer.key) for timer in moved))
        new = [timer for key, timer in wanted.items() if key not in stored] + moved
        tx.many(_INSERT, ((id_, *_tail(tx, timer)) for timer in new))
    tx.many(
        "UPDATE timer SET fires_at = due, held_why = NULL WHERE case_id = ? AND held_why IS NOT NULL",
        ((id_,) for id_ in ids),
    )


def _tail(tx: Transaction, timer: Timer) -> tuple[object, ...]:
    due = tx.encode(timer.due)
    return (
        timer.key, str(timer.kind), due, due, tx.encode(timer.about), timer.clause, timer.role,
        timer.letter, timer.move, tx.encode(timer.provisional), timer.edition,
    )  # fmt: skip
