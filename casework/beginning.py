"""How a case begins: numbered, put in its first stage, entered in the log, given its timers and its receipt."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.loading import load
from casework.owed import Mailbag
from casework.timing import lay_timers
from casework.writing import Decided
from records.transaction import Transaction
from states.facts import Facts
from states.timers import schedule


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case about to begin. ``province`` is the two-digit code, ``levels`` are joined by 、"""

    call: str
    track: str
    occupation: str
    institution_id: int
    province: str
    channel: str
    levels: str
    contact_mail: str
    priority: int = 0
    materials_missing: int = 0
    warnings_open: int = 0


def begin_case(
    tx: Transaction, desk: Desk, new: NewCase, *, by: Actor, as_of: datetime, stage: str = "submitted"
) -> Facts:
    """Begin one case in the caller's transaction: in ``submitted`` (filed) or ``draft``.

    The number looks like ``B3-SJAQ-0007`` and is never given twice. Uniqueness over channels (M24-7.2b) is
    checked by filing, in words, and guarded by the database.
    """
    key = desk.processes.key_for(new.call, new.track)
    process = desk.processes.process(key)
    holder = process.stages[stage].holder
    no = f"{new.call}-{new.occupation}-{_next_number(tx, f'{new.call}-{new.occupation}'):04d}"
    columns: dict[str, Any] = {
        **asdict(new),
        "no": no,
        "version": 1,
        "process": key,
        "stage": stage,
        "entered_at": as_of,
        "updated_at": as_of,
        "filed_at": as_of if stage == "submitted" else None,
        "held_by": str(holder.role) if holder else None,
    }
    planned = schedule(process, _facts(columns), desk.calendar)
    columns |= {
        "due_at": planned.limit.due if planned.limit else None,
        "due_provisional": bool(planned.limit and planned.limit.provisional),
        "departs": False, "objections_open": 0, "term_no": 0, "activity": 0, "duties_done": "",
    }  # fmt: skip
    names = ", ".join(columns)
    marks = ",".join("?" * len(columns))
    row = tx.run(
        f"INSERT INTO cases ({names}) VALUES ({marks}) RETURNING id", list(columns.values())
    ).fetchone()
    lay_timers(tx, [row[0]], planned.timers, fresh=True)
    each = load(tx, [row[0]])[0]
    clause = process.rules.filing_closes.clause
    append(
        tx,
        [Entry(as_of, as_of, by.signature, "move", "file", row[0], "", stage, 1, clause, {"no": no})],
    )
    if stage == "submitted":
        submit = process.move("draft", "submit")
        mailbag = Mailbag(tx, desk, as_of)
        group = Decided(process, "draft", submit, stage, as_of, {}, {}, [each])
        mailbag.add(group, [(each, each.facts)], planned)
        mailbag.write()
    return each.facts


def _facts(columns: Mapping[str, Any]) -> Facts:
    known = {name: columns[name] for name in Facts._fields if name in columns}
    return Facts(id=0, **known)


def _next_number(tx: Transaction, prefix: str) -> int:
    row = tx.run(
        "INSERT INTO counter (prefix, last) VALUES (?, 1)"
        " ON CONFLICT (prefix) DO UPDATE SET last = counter.last + 1 RETURNING last",
        (prefix,),
    ).fetchone()
    return int(row[0])
