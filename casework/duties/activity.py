"""From reported figures to the activity count of a listing: the difference alone, through the gate (M24-9.2, M24-9.3)."""

from datetime import datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.duties.subject import Subject
from casework.gate import Wanted, advance_in
from records.transaction import Transaction
from states.duties.figures import YearFigures
from states.refusals import Refused

CLAUSE = "M24-14"


def count_in(
    tx: Transaction,
    desk: Desk,
    found: Subject,
    before: YearFigures,
    after: YearFigures,
    *,
    by: Actor,
    as_of: datetime,
    reason: str = "",
) -> int:
    """Bring the case's activity in step with what the year now counts; the change. May be Refused by the gate.

    What was reported before is never counted again; what a correction takes back needs its reason. A case that has
    left the directory counts no more.
    """
    change = after.activity - before.activity
    if change == 0 or not found.stage.in_directory:
        return 0
    if change < 0 and not reason.strip():
        raise Refused(f"更正后{after.year}年度少计{-change}人次，须写明更正理由（--reason）。", clause=CLAUSE)
    stated = {"person_times": max(0, change), "less": max(0, -change), "reason": reason}
    inputs = {key: value for key, value in stated.items() if value or key == "person_times"}
    advance_in(tx, desk, "record_activity", [Wanted(found.facts.id)], by=by, as_of=as_of, inputs=inputs)
    return change
