"""What a move means for the objections of its cases, whoever makes it: the rows always count what the case counts."""

from datetime import datetime
from typing import TYPE_CHECKING

from casework.actors import Actor
from casework.audit import Chain
from casework.desk import Desk
from casework.objections.keeping import close, enter, open_of
from records.transaction import Transaction

if TYPE_CHECKING:
    from casework.writing import Decided

STAGE = "publicity"
COUNT = "objections_open"
_CLOSES = {"dismiss_objection": "dismissed", "uphold_objection": "upheld", "republish": "corrected"}
_MOOT = "申报已终止（{}），不再单独核查"


def follow(tx: Transaction, desk: Desk, chain: Chain, group: "Decided", by: Actor, as_of: datetime) -> None:
    """Enter or close objections so that as many stay open as the cases now count.

    An objection entered or closed in this transaction before the move is counted as it stands. The oldest are closed
    first; where the case leaves publicity all are, what is left over as moot.
    """
    leaving = group.stage == STAGE != group.to
    counted = [each for each in group.cases if each.facts.objections_open] if leaving else group.cases
    if not counted or (COUNT not in group.changes and not leaving):
        return
    standing = open_of(tx, [each.facts.id for each in counted])
    for each in counted:
        facts, open_ = each.facts, standing[each.facts.id]
        want = 0 if leaving else int(group.changes[COUNT])
        for _ in range(len(open_), want):
            enter(
                tx, desk, group.process, facts.id, facts.no, str(group.inputs["objection"]), by=by,
                at=group.effective, as_of=as_of, note=chain.append,
            )  # fmt: skip
        own = _CLOSES.get(group.move.name, "moot")
        decided_already = len(open_) < facts.objections_open
        for place, id_ in enumerate(open_[: max(0, len(open_) - want)]):
            outcome = "moot" if own == "upheld" and (place or decided_already) else own
            finding = str(group.inputs.get("correction") or group.inputs.get("finding") or "")
            close(
                tx, desk, id_, outcome, _MOOT.format(group.move.label) if outcome == "moot" else finding, by=by,
                at=group.effective, as_of=as_of, note=chain.append,
            )  # fmt: skip
