"""Reading objections: what was said, what is due, what came of it. Who said it is shown to those who decide alone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.objections.keeping import CLAUSE, OUTCOMES
from casework.selection import visible
from records.crypt import decrypt, decrypt_bytes
from records.transaction import reading
from states.facts import instant
from states.refusals import Refused
from states.roles import Role

HANDLES = (Role.OFFICE, Role.GROUP, Role.HEAD, Role.AUDITOR, Role.PROVINCE)
"""Who may read objections at all; recommenders and applicants read the letters they were sent."""
KNOWS = (Role.OFFICE, Role.GROUP, Role.PROVINCE)
"""Who may learn who objected."""


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One file handed in: its number within the objection, a harmless name, what its content is, size in bytes."""

    number: int
    name: str
    kind: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """One objection. ``due_at`` is the first instant after its last day; ``overdue`` at the asked instant.

    ``name``, ``contact`` and ``mail`` are empty for an anonymous one and for whoever may not know them.
    """

    no: str
    case_no: str
    institution: str
    publicity: str
    named: bool
    text: str
    received_at: datetime
    acknowledged_at: datetime | None
    due_at: datetime
    due_explained: str
    overdue: bool
    outcome: str
    outcome_label: str
    finding: str
    changed_facts: str
    reply: str
    notes: str
    decided_by: str
    decided_at: datetime | None
    evidence: tuple[EvidenceView, ...] = ()
    name: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)
    mail: str = field(default="", repr=False)


_SELECT = (
    "SELECT o.id, o.no, c.no, i.name, coalesce(p.no, ''), o.named, o.name, o.contact, o.mail, o.text, o.received_at,"
    " o.acknowledged_at, o.due_at, o.due_explained, o.outcome, o.finding, o.changed_facts, o.reply, o.notes,"
    " coalesce(o.decided_by, ''), o.decided_at FROM objection o JOIN cases c ON c.id = o.case_id"
    " JOIN institution i ON i.id = c.institution_id LEFT JOIN publicity p ON p.id = o.publicity_id"
)


def objections(
    desk: Desk, *, as_of: datetime, actor: Actor | None = None, case_no: str = "", still_open: bool = False
) -> list[ObjectionView]:
    """Objections by what is due first; of one case, or only the open ones. Refused for who may not read them."""
    seen, values = _seen(actor)
    parts = [seen]
    if case_no:
        parts.append("c.no = ?")
        values.append(case_no.strip().upper())
    if still_open:
        parts.append("o.outcome = ''")
    knows = actor is None or actor.role in KNOWS
    with reading(desk.engine) as tx:
        rows = tx.rows(f"{_SELECT} WHERE {' AND '.join(parts)} ORDER BY o.due_at, o.id", values)
        files = tx.rows(
            "SELECT objection_id, name, kind, size, sha256 FROM objection_evidence"
            f" WHERE {tx.among('objection_id')} ORDER BY objection_id, id",
            (tx.listed([row[0] for row in rows]),),
        )
    kept: dict[int, list[EvidenceView]] = {}
    for id_, name, kind, size, hash_ in files:
        mine = kept.setdefault(id_, [])
        mine.append(EvidenceView(len(mine) + 1, decrypt(name), kind, size, hash_))
    found = []
    for row in rows:
        received, due = instant(row[10]), instant(row[12])
        assert received is not None
        assert due is not None
        name, contact, mail = (decrypt(sealed) if knows else "" for sealed in row[6:9])
        found.append(
            ObjectionView(
                no=row[1], case_no=row[2], institution=row[3], publicity=row[4], named=bool(row[5]), text=row[9],
                received_at=received, acknowledged_at=instant(row[11]), due_at=due, due_explained=row[13],
                overdue=not row[14] and due <= as_of, outcome=row[14], outcome_label=OUTCOMES[row[14]], finding=row[15],
                changed_facts=row[16], reply=row[17], notes=row[18], decided_by=row[19], decided_at=instant(row[20]),
                evidence=tuple(kept.get(row[0], ())), name=name, contact=contact, mail=mail,
            )
        )  # fmt: skip
    return found


def read_evidence(
    desk: Desk, no: str, number: int, *, read: Callable[[str], bytes], actor: Actor | None = None
) -> tuple[str, bytes]:
    """Name and content of one file of an objection, through ``read`` (digest → bytes). May be Refused."""
    seen, values = _seen(actor)
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT e.name, e.digest FROM objection_evidence e JOIN objection o ON o.id = e.objection_id"
            f" JOIN cases c ON c.id = o.case_id WHERE {seen} AND o.no = ? ORDER BY e.id",
            (*values, no.strip().upper()),
        )
    if not 1 <= number <= len(rows):
        raise Refused(f"异议{no}没有第{number}个证据文件。", clause=CLAUSE)
    name, digest = rows[number - 1]
    return decrypt(name), decrypt_bytes(read(digest))


def _seen(actor: Actor | None) -> tuple[str, list[object]]:
    if actor is None:
        return "1 = 1", []
    if actor.role not in HANDLES:
        may = "、".join(role.label for role in HANDLES)
        raise Refused(f"异议登记只供{may}查看，当前身份为{actor.role.label}。", clause=CLAUSE)
    seen, values = visible(actor)
    return seen, list(values)
