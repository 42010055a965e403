"""What the eligibility check found of a case, kept with it until every warning is answered in words (B3-2.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor
from records.transaction import Transaction
from states.eligibility import NOTE, Finding


@dataclass(frozen=True, slots=True)
class KeptFinding:
    """A finding as kept, with the answer given, if any."""

    finding: Finding
    answer: str | None
    answered_by: str | None

    @property
    def waits(self) -> bool:
        """Whether it still asks for an answer."""
        return self.answer is None and not self.finding.rule.startswith(NOTE)


def keep_findings(tx: Transaction, case_id: int, findings: Iterable[Finding]) -> None:
    """Write findings down in the transaction that begins the case."""
    tx.many(
        "INSERT INTO finding (case_id, rule, clause, blocks, sentence) VALUES (?,?,?,?,?)",
        [(case_id, each.rule, each.clause, tx.encode(each.blocks), each.sentence) for each in findings],
    )


def findings_of(tx: Transaction, case_id: int) -> list[KeptFinding]:
    """The findings of a case, in the order they were found."""
    rows = tx.rows(
        "SELECT rule, clause, sentence, blocks, answer, answered_by FROM finding WHERE case_id = ? ORDER BY id",
        (case_id,),
    )
    return [KeptFinding(Finding(row[0], row[1], row[2], bool(row[3])), row[4], row[5]) for row in rows]


def answer_findings(
    tx: Transaction, case_ids: Iterable[int], answer: str, *, by: Actor, at: datetime
) -> None:
    """Give every finding of these cases that waits its answer, in the transaction of ``answer_warnings``."""
    tx.many(
        "UPDATE finding SET answer = ?, answered_by = ?, answered_at = ?"
        f" WHERE case_id = ? AND answer IS NULL AND rule NOT LIKE '{NOTE}%'",
        [(answer, by.signature, tx.encode(at), case_id) for case_id in case_ids],
    )


def replace_findings(tx: Transaction, case_id: int, *, by: Actor, at: datetime) -> None:
    """A mended form is examined anew: what the earlier one left open is answered by it (D-4)."""
    tx.run(
        "UPDATE finding SET answer = '已由补正材料取代', answered_by = ?, answered_at = ?"
        " WHERE case_id = ? AND answer IS NULL",
        (by.signature, at, case_id),
    )
