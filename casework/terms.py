"""Terms in the directory, opened and ended in the transaction of the move that does it."""

from typing import TYPE_CHECKING

from records.transaction import Transaction
from states.calendar import day_of

if TYPE_CHECKING:
    from casework.writing import Decided


def open_terms(tx: Transaction, group: "Decided") -> None:
    """A new term for every case of the group (B3-1.5, M24-9.1)."""
    changes, encode = group.changes, tx.encode
    tx.many(
        "INSERT INTO term (case_id, institution_id, track, occupation, levels, number, starts_at, granted_at, last_day)"
        " VALUES (?,?,?,?,?,?,?,?,?)",
        (
            (each.facts.id, each.facts.institution_id, each.facts.track, each.facts.occupation, each.levels,
             changes["term_no"], encode(changes["term_starts_at"]), encode(group.effective), encode(changes["term_last_day"]))
            for each in group.cases
        ),
    )  # fmt: skip


def end_terms(tx: Transaction, group: "Decided") -> None:
    """The running terms of the group end now, on their ground, with the cooling-off it brings (M24-9.5).

    Two of a case may run: the one it is in, and the next one already granted (D-8).
    """
    encode, changes = tx.encode, group.changes
    tx.many(
        "UPDATE term SET ended_at = ?, end_ground = ?, cooling_until = ? WHERE case_id = ?"
        " AND ended_at IS NULL AND (number = ? OR last_day >= ?)",
        (
            (
                encode(group.effective),
                changes.get("exit_ground"),
                encode(changes.get("cooling_until")),
                each.facts.id,
                each.facts.term_no,
                encode(day_of(group.effective)),
            )
            for each in group.cases
        ),
    )
