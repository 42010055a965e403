"""What time does to requests: the decider is reminded, then the head told; one not mended in time lapses (M24-20c, D-4)."""

from datetime import datetime, timedelta

from casework.actors import CLOCK
from casework.desk import Desk
from casework.particulars.keeping import REQUESTED, Kept, find_request, note, settle
from casework.particulars.letters import lines_of
from casework.particulars.values import current_values
from records.transaction import Transaction, reading, transaction
from states.calendar import day_of
from states.particulars import CLAUSE
from states.roles import Role

REMINDER, OVERDUE = "change_due", "change_overdue"
_DUE = "SELECT no FROM change_request WHERE next_at <= ? ORDER BY next_at, id"


def tell_changes(desk: Desk, *, as_of: datetime) -> int:
    """Do what is due with requests by ``as_of`` (aware UTC); how many there were. Safe to run any time."""
    with reading(desk.engine) as tx:
        numbers = [row[0] for row in tx.rows(_DUE, (as_of,))]
    for no in numbers:
        with transaction(desk.engine) as tx:
            if tx.one("SELECT 1 FROM change_request WHERE no = ? AND next_at <= ?", (no, as_of)):
                _tell(tx, desk, find_request(tx, desk, no), as_of)
    return len(numbers)


def _tell(tx: Transaction, desk: Desk, kept: Kept, as_of: datetime) -> None:
    if not kept.standing.listings:
        settle(tx, kept, "moot", "", by=CLOCK, at=as_of, as_of=as_of)
        return
    if kept.state != REQUESTED:
        settle(tx, kept, "lapsed", "", by=CLOCK, at=kept.due_at, as_of=as_of)
        current = current_values(
            tx, kept.standing.institution_id, [each.id for each in kept.standing.listings]
        )
        kept.pen(tx, desk, as_of, version=kept.version + 1).tell(
            "change_lapsed",
            (Role.APPLICANT,),
            changes=lines_of(kept.values, current),
            reason="",
            due=kept.due_at,
        )
        return
    late = kept.due_at <= as_of
    decider = Role.OFFICE if kept.standing.national else Role.PROVINCE
    about = day_of(kept.due_at - timedelta(microseconds=1))
    roles = (decider, Role.HEAD) if late else (decider,)
    tx.many(
        "INSERT INTO notice (case_id, letter, role, occasion, clause, about, at) VALUES (?,?,?,?,?,?,?)"
        " ON CONFLICT DO NOTHING",
        [
            (
                kept.case_id, OVERDUE if late else REMINDER, str(role), f"{kept.no}.{kept.version}", CLAUSE,
                tx.encode(about), tx.encode(as_of),
            )
            for role in roles
        ],
    )  # fmt: skip
    tx.run(
        "UPDATE change_request SET next_at = ?, overdue_told_at = ? WHERE id = ?",
        (None if late else kept.due_at, as_of if late else None, kept.id),
    )
    if late:
        note(tx, kept, "overdue", CLOCK, kept.due_at, as_of)
