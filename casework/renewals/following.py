"""What a move means for the renewal applications of its cases, whoever makes it: the row always says what the case says."""

from typing import TYPE_CHECKING

from casework.actors import Actor
from casework.renewals.keeping import lay_warnings
from records.transaction import Transaction
from states.effects import (
    apply_renewal,
    correct_renewal,
    drop_renewal,
    leave_at_term_end,
    refuse_renewal,
    renew_term,
    return_renewal,
)

if TYPE_CHECKING:
    from casework.writing import Decided

UNDER_REVIEW = ("filed", "returned")
_PENDING = "case_id = ? AND state IN ('filed', 'returned')"
_DECIDES = {renew_term: "approved", refuse_renewal: "refused", drop_renewal: "dropped"}


def follow_renewals(tx: Transaction, group: "Decided", by: Actor) -> None:
    """Hand in, return, decide or close the applications of a group of cases with the move it makes."""
    effect, at = group.move.effect, group.effective
    ids = [each.facts.id for each in group.cases]
    if effect in (apply_renewal, correct_renewal):
        _hand_in(tx, group, ids)
    elif effect is return_renewal:
        due, items = group.changes["renewal_correction_due"], str(group.inputs["items"])
        _each(tx, "state = 'returned', returned_at = ?, correction_due = ?, items = ?", (at, due, items), ids)
    elif effect in _DECIDES:
        reason = str(group.inputs.get("reason") or "")
        state = _DECIDES[effect]
        set_ = "state = ?, decided_at = ?, decided_by = ?, reason = ?"
        _each(tx, set_, (state, at, by.signature, reason), ids)
    elif effect is leave_at_term_end:
        return  # nothing is pending where the clock ends a term (D-5)
    elif group.process.stages[group.to].end and group.process.stages[group.stage].in_directory:
        _each(tx, "state = 'moot', decided_at = ?, decided_by = ?", (at, by.signature), ids)


def _hand_in(tx: Transaction, group: "Decided", ids: list[int]) -> None:
    """The draft named with the move is under review from now on, in the place of what was returned."""
    _each(tx, "state = 'corrected'", (), ids)
    no = str(group.inputs["application"]).strip().upper()
    row = tx.run(
        "UPDATE renewal_application SET state = 'filed', filed_at = ? WHERE no = ? AND state = 'draft' RETURNING id",
        (group.effective, no),
    ).fetchone()
    if row is None:
        raise RuntimeError(f"renewal application {no} changed under the lock")
    lay_warnings(tx, row[0], group.cases[0].facts)


def _each(tx: Transaction, set_: str, values: tuple[object, ...], ids: list[int]) -> None:
    encoded = tuple(map(tx.encode, values))
    tx.many(f"UPDATE renewal_application SET {set_} WHERE {_PENDING}", ((*encoded, id_) for id_ in ids))
