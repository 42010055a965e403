"""What the gate asks about renewal applications before a move that rests on one."""

from collections.abc import Mapping
from typing import Any

from records.transaction import Transaction
from states.declaration import Move
from states.effects import apply_renewal, correct_renewal, renew_term
from states.facts import Facts
from states.renewals.standing import NONE, Standing

_HANDS_IN = (apply_renewal, correct_renewal)


class Applications:
    """Looks applications up within one transaction, for the moves that rest on them alone."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def standing(self, move: Move, facts: Facts, stated: Mapping[str, Any]) -> Standing:
        """How the case's application stands towards the move, with what is stated for it."""
        if move.effect in _HANDS_IN:
            return Standing(complete=self._complete(facts, str(stated.get("application") or "")))
        if move.effect is renew_term:
            return Standing(unanswered=self._unanswered(facts))
        return NONE

    def _complete(self, facts: Facts, no: str) -> bool:
        """Whether the application of that number is a draft of this case and term with report and consent."""
        return bool(no) and (
            self._tx.one(
                "SELECT 1 FROM renewal_application a WHERE a.no = ? AND a.case_id = ? AND a.term_no = ?"
                " AND a.state = 'draft' AND a.consent_on IS NOT NULL"
                " AND EXISTS (SELECT 1 FROM renewal_figure f WHERE f.application_id = a.id)"
                " AND EXISTS (SELECT 1 FROM renewal_document d WHERE d.application_id = a.id AND d.part = 'consent')",
                (no.strip().upper(), facts.id, facts.term_no),
            )
            is not None
        )

    def _unanswered(self, facts: Facts) -> int:
        row = self._tx.one(
            "SELECT count(*) FROM renewal_warning w JOIN renewal_application a ON a.id = w.application_id"
            " WHERE a.case_id = ? AND a.state IN ('filed', 'returned') AND w.answer = ''",
            (facts.id,),
        )
        return int(row[0]) if row else 0
