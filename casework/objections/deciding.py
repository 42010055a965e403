"""Investigating and deciding objections: one at a time, each once; a case is held until all are decided (D-2)."""

from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor, refuse_unless_allowed
from casework.audit import Entry, append
from casework.desk import Desk
from casework.gate import BatchRefused, Wanted, advance_in
from casework.inputs import checked
from casework.loading import load
from casework.objections.following import STAGE
from casework.objections.keeping import CLAUSE, OUTCOMES, close, open_of
from records.transaction import Transaction, transaction
from states.calendar import SHANGHAI, day_of
from states.facts import Facts, instant
from states.refusals import Refused

UPHOLD, DISMISS = "uphold", "dismiss"
_MOVES = {UPHOLD: "uphold_objection", DISMISS: "dismiss_objection"}
_OUTCOMES = {UPHOLD: "upheld", DISMISS: "dismissed"}


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of a decision: ``move`` is the move the case made, ``to`` its stage, ``left`` the objections still open."""

    no: str
    case_no: str
    outcome: str
    move: str
    to: str
    left: int


def investigate(desk: Desk, no: str, notes: str, *, by: Actor, as_of: datetime) -> None:
    """Add to the notes of an open objection, dated and signed. Raises Refused for none, a closed one, or no right."""
    with transaction(desk.engine) as tx:
        id_, facts, kept = _open(tx, no)
        move = desk.processes.process(facts.process).move(STAGE, "dismiss_objection")
        refuse_unless_allowed(by, move, facts)
        said = checked(move, {"finding": notes})["finding"]
        line = f"[{as_of.astimezone(SHANGHAI):%Y-%m-%d %H:%M} {by.name}] {said}"
        tx.run("UPDATE objection SET notes = ? WHERE id = ?", (f"{kept}\n{line}".strip(), id_))
        detail = {"objection": no}
        append(
            tx,
            [Entry(as_of, as_of, by.signature, "objection", "noted", facts.id, clause=CLAUSE, detail=detail)],
        )


def decide(
    desk: Desk,
    no: str,
    verdict: str,
    *,
    finding: str,
    by: Actor,
    as_of: datetime,
    reply: str = "",
    changed_facts: str = "",
) -> Settled:
    """Decide one objection: ``uphold`` or ``dismiss``, with the finding; ``reply`` is what a named person is told.

    ``changed_facts`` says what of the publicised content the investigation corrected: when the last open objection is
    dismissed, the case is publicised again in full (D-2). Raises Refused, changing nothing, for an objection that is
    decided already, who may not decide, and what is missing.
    """
    if verdict not in _MOVES:
        raise Refused(
            f"异议结论应为 uphold（成立）或 dismiss（不成立），收到的是“{verdict}”。", clause=CLAUSE
        )
    if verdict == UPHOLD and changed_facts.strip():
        raise Refused("异议成立的不予列入，无须填写更正内容。", clause=CLAUSE)
    with transaction(desk.engine) as tx:
        id_, facts, _ = _open(tx, no)
        process = desk.processes.process(facts.process)
        move = process.move(facts.stage, _MOVES[verdict])
        refuse_unless_allowed(by, move, facts)
        texts = [checked(move, {"finding": text})["finding"] for text in (finding, reply or finding)]
        changed = changed_facts.strip() and checked(move, {"finding": changed_facts})["finding"]
        close(
            tx, desk, id_, _OUTCOMES[verdict], texts[0], reply=texts[1], changed_facts=changed, by=by, at=as_of,
            as_of=as_of, note=lambda entry: append(tx, [entry]),
        )  # fmt: skip
        left = len(open_of(tx, [facts.id])[facts.id])
        corrections = _corrections(tx, facts.id) if verdict == DISMISS and not left else []
        name = "republish" if corrections else move.name
        inputs = {"correction": "；".join(corrections)} if corrections else {"finding": texts[0]}
        try:
            made = advance_in(tx, desk, name, [Wanted(facts.id)], by=by, as_of=as_of, inputs=inputs)
        except BatchRefused as refused:
            raise Refused(refused.turned[0].sentence, clause=refused.turned[0].clause) from None
        to = next(iter(made.to))
        return Settled(no, facts.no, _OUTCOMES[verdict], name, to, 0 if to != STAGE else left)


def _open(tx: Transaction, no: str) -> tuple[int, Facts, str]:
    """An open objection with its case, locked. Refused when there is none, or when it was decided."""
    row = tx.one(
        "SELECT id, case_id, outcome, decided_at, notes FROM objection WHERE no = ?"
        + ("" if tx.sqlite else " FOR UPDATE"),
        (no.strip().upper(),),
    )
    if row is None:
        raise Refused(f"没有编号为“{no}”的异议，可用 linxuan publicity objections 查看。", clause=CLAUSE)
    id_, case, outcome, decided_at, notes = row
    if outcome:
        decided = instant(decided_at)
        decided_on = day_of(decided) if decided else ""
        raise Refused(f"异议{no}已于{decided_on}办结（{OUTCOMES[outcome]}），不能再次办理。", clause=CLAUSE)
    return id_, load(tx, [case])[0].facts, notes


def _corrections(tx: Transaction, case: int) -> list[str]:
    """What investigations of the current publicity found to be otherwise than publicised."""
    rows = tx.rows(
        "SELECT changed_facts FROM objection WHERE case_id = ? AND outcome = 'dismissed' AND changed_facts <> ''"
        " AND publicity_id = (SELECT max(publicity_id) FROM publicity_case WHERE case_id = ?) ORDER BY number",
        (case, case),
    )
    return [row[0] for row in rows]
