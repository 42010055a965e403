"""The row of an objection: entered when it is received, closed once, each with a word in the audit log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from casework.actors import Actor
from casework.audit import Entry
from casework.desk import Desk
from casework.objections.letters import owe_reply
from records.crypt import encrypt
from records.transaction import Transaction
from states.checked import Process
from states.draw.canonical import digest

CLAUSE = "D-2"
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "": "核查中",
        "dismissed": "异议不成立",
        "upheld": "异议成立",
        "corrected": "已据以更正并重新公示",
        "moot": "申报已终止，随之办结",
    }
)

Note = Callable[[Entry], None]
"""Enters one word in the audit log of the open transaction."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who objects. All empty: an anonymous objection. Never shown, logged or written to the applicant."""

    name: str = ""
    contact: str = ""
    mail: str = ""


def enter(
    tx: Transaction,
    desk: Desk,
    process: Process,
    case_id: int,
    case_no: str,
    text: str,
    *,
    by: Actor,
    at: datetime,
    as_of: datetime,
    note: Note,
    person: Person | None = None,
) -> int:
    """Enter an objection against a case; its id. The limit of the investigation runs from ``at``."""
    who = person or Person()
    limit = process.rules.limits["objection"]
    due = limit.value.after(at, desk.calendar)
    last = tx.one("SELECT max(number) FROM objection WHERE case_id = ?", (case_id,))
    number = 1 + (last[0] or 0 if last else 0)
    listed = tx.one("SELECT max(publicity_id) FROM publicity_case WHERE case_id = ?", (case_id,))
    no = f"{case_no}-Y{number}"
    row = tx.run(
        "INSERT INTO objection (no, case_id, publicity_id, number, named, name, contact, mail, text, text_sha256,"
        " received_at, received_by, due_at, due_explained, notes, outcome, finding, changed_facts, reply)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,'','','','','') RETURNING id",
        (
            no,
            case_id,
            listed[0] if listed else None,
            number,
            bool(who.name),
            encrypt(who.name),
            encrypt(who.contact),
            encrypt(who.mail),
            text,
            digest(text),
            at,
            by.signature,
            due.due,
            f"{due.explanation()}（{limit.clause}）",
        ),
    ).fetchone()
    detail = {"objection": no, "named": bool(who.name), "due": str(due.day)}
    note(Entry(at, as_of, by.signature, "objection", "received", case_id, clause=CLAUSE, detail=detail))
    return int(row[0])


def close(
    tx: Transaction,
    desk: Desk,
    id_: int,
    outcome: str,
    finding: str,
    *,
    by: Actor,
    at: datetime,
    as_of: datetime,
    note: Note,
    reply: str = "",
    changed_facts: str = "",
) -> None:
    """Close an open objection with what was found, and owe its reply where somebody can be replied to."""
    said = reply or finding
    row = tx.run(
        "UPDATE objection SET outcome = ?, finding = ?, reply = ?, changed_facts = ?, decided_by = ?, decided_at = ?"
        " WHERE id = ? AND outcome = '' RETURNING no, case_id",
        (outcome, finding, said, changed_facts, by.signature, at, id_),
    ).fetchone()
    if row is None:
        raise RuntimeError(f"objection {id_} was closed under the lock")
    detail: dict[str, Any] = {"objection": row[0], "outcome": outcome}
    note(Entry(at, as_of, by.signature, "objection", "closed", row[1], clause=CLAUSE, detail=detail))
    owe_reply(tx, desk, id_, OUTCOMES[outcome], said, as_of)


def open_of(tx: Transaction, case_ids: list[int]) -> dict[int, list[int]]:
    """The open objections of cases, oldest first: case id → objection ids."""
    found: dict[int, list[int]] = {id_: [] for id_ in case_ids}
    for case_id, id_ in tx.rows(
        f"SELECT case_id, id FROM objection WHERE {tx.among('case_id')} AND outcome = '' ORDER BY case_id, number",
        (tx.listed(case_ids),),
    ):
        found[case_id].append(id_)
    return found
