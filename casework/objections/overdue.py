"""Investigations that passed their limit: the office and its head are told once, by the daily digest (law 4)."""

from datetime import datetime, timedelta

from casework.actors import CLOCK
from casework.audit import Entry, append
from casework.desk import Desk
from casework.objections.keeping import CLAUSE
from records.transaction import reading, transaction
from states.calendar import day_of
from states.facts import instant
from states.roles import Role

NOTICE = "objection_overdue"
_DUE = (
    "SELECT o.id, o.no, o.case_id, o.due_at, c.process FROM objection o JOIN cases c ON c.id = o.case_id"
    " WHERE o.outcome = '' AND o.due_at <= ? AND o.overdue_told_at IS NULL ORDER BY o.due_at, o.id"
)


def tell_overdue(desk: Desk, *, as_of: datetime) -> int:
    """Mark every investigation overdue by ``as_of`` (aware UTC) and owe the lines that say so; how many there were."""
    with reading(desk.engine) as tx:
        if tx.one(f"{_DUE} LIMIT 1", (as_of,)) is None:
            return 0
    with transaction(desk.engine) as tx:
        rows = tx.rows(_DUE, (as_of,))
        for id_, no, case_id, due_text, process in rows:
            due = instant(due_text)
            assert due is not None
            rules = desk.processes.process(process).rules
            office = Role.PROVINCE if rules.decided_by.value == "province" else Role.OFFICE
            tx.many(
                "INSERT INTO notice (case_id, letter, role, occasion, clause, about, at) VALUES (?,?,?,?,?,?,?)"
                " ON CONFLICT DO NOTHING",
                [
                    (
                        case_id,
                        NOTICE,
                        str(role),
                        no,
                        CLAUSE,
                        tx.encode(day_of(due - timedelta(microseconds=1))),
                        tx.encode(as_of),
                    )
                    for role in (office, Role.HEAD)
                ],
            )
            tx.run("UPDATE objection SET overdue_told_at = ? WHERE id = ?", (as_of, id_))
            entry = Entry(
                due,
                as_of,
                CLOCK.signature,
                "objection",
                "overdue",
                case_id,
                clause=CLAUSE,
                detail={"objection": no},
            )
            append(tx, [entry])
    return len(rows)
