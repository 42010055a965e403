"""Reading requests for changes: each within its reader's scope; personal values for those who handle them alone (law 10)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from casework.actors import Actor
from casework.desk import Desk
from casework.particulars.keeping import REQUESTED, RETURNED, STATES, values_of
from casework.particulars.values import current_values
from casework.selection import visible
from records.crypt import decrypt, decrypt_bytes
from records.transaction import Transaction, reading
from states.facts import instant
from states.particulars import CLAUSE, PARTICULARS, REPRESENTATIVE_ID, alike
from states.refusals import Refused
from states.roles import Role

KNOWS = (Role.OFFICE, Role.GROUP, Role.PROVINCE, Role.RECOMMENDER, Role.APPLICANT)
"""Who handles requests and reads the personal values in them; the head and auditors read the public ones."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One field of a request: what it is now (before the change) and what is asked for; masked if not to be shown."""

    key: str
    label: str
    public: bool
    old: str = field(repr=False)
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One request. ``due_at`` is the first instant after its last day; ``overdue`` at the asked instant."""

    no: str
    institution: str
    uscc: str
    case_no: str
    state: str
    state_label: str
    labels: tuple[str, ...]
    reason: str
    requested_by: str
    requested_at: datetime
    due_at: datetime
    due_explained: str
    overdue: bool
    opinion: str
    opinion_by: str
    words: str
    decided_by: str
    decided_at: datetime | None
    documents: int
    wanted: tuple[Wanted, ...] = ()
    notes: tuple[str, ...] = ()


_SELECT = (
    "SELECT r.no, i.name, i.uscc, a.no, r.state, r.fields, r.reason, r.requested_by, r.requested_at, r.due_at,"
    " r.due_explained, r.opinion, coalesce(r.opinion_by, ''), r.words, coalesce(r.decided_by, ''), r.decided_at,"
    " (SELECT count(*) FROM change_document d WHERE d.change_id = r.id), r.id, r.institution_id"
    " FROM change_request r JOIN institution i ON i.id = r.institution_id JOIN cases a ON a.id = r.case_id"
    " WHERE EXISTS (SELECT 1 FROM cases c WHERE c.institution_id = r.institution_id AND {seen})"
)


def changes(
    desk: Desk,
    *,
    as_of: datetime,
    actor: Actor | None = None,
    institution: str = "",
    still_open: bool = False,
    overdue: bool = False,
) -> list[ChangeView]:
    """The requests the actor may see (None: all), what is due first; of one institution (code), open, or overdue."""
    seen, values = ("1 = 1", []) if actor is None else visible(actor)
    sql, more = _SELECT.format(seen=seen), list[Any]()
    if institution:
        sql += " AND i.uscc = ?"
        more.append(institution)
    if still_open or overdue:
        sql += " AND r.state IN ('requested', 'returned')"
    if overdue:
        sql += " AND r.due_at <= ?"
        more.append(as_of)
    with reading(desk.engine) as tx:
        return [_view(row, as_of) for row in tx.rows(f"{sql} ORDER BY r.due_at, r.id", (*values, *more))]


def change(desk: Desk, no: str, *, as_of: datetime, actor: Actor | None = None) -> ChangeView:
    """One request with its values. Raises Refused when there is none of that number, or none the actor may see.

    ``notes`` are what the decider should look at.
    """
    with reading(desk.engine) as tx:
        row = _row(tx, no, actor)
        id_, institution_id = row[-2:]
        ids = [
            each[0] for each in tx.rows("SELECT id FROM cases WHERE institution_id = ?", (institution_id,))
        ]
        current = current_values(tx, institution_id, ids)
        asked = values_of(tx, id_)
        before = _before(tx, row[0]) if row[4] == "approved" else current
        knows = actor is None or actor.role in KNOWS
        wanted = tuple(
            Wanted(
                key, PARTICULARS[key].label, PARTICULARS[key].public, _shown(key, before.get(key, ""), knows),
                _shown(key, asked.get(key, ""), knows),
            )
            for key in row[5].split(",")
        )  # fmt: skip
        return _view(row, as_of, wanted, _notes(tx, institution_id, asked, current))


def read_document(
    desk: Desk, no: str, number: int, *, read: Callable[[str], bytes], actor: Actor | None = None
) -> tuple[str, bytes]:
    """Name and content of one document of a request, through ``read`` (digest → bytes). May be Refused."""
    with reading(desk.engine) as tx:
        row = _row(tx, no, actor)
        if actor is not None and actor.role not in KNOWS:
            raise Refused(f"证明材料只供办理变更的单位查看，当前身份为{actor.role.label}。", clause=CLAUSE)
        files = tx.rows(
            "SELECT name, digest FROM change_document WHERE change_id = ? ORDER BY id", (row[-2],)
        )
    if not 1 <= number <= len(files):
        raise Refused(f"变更申请{row[0]}没有第{number}个证明材料（共{len(files)}个）。", clause=CLAUSE)
    name, digest = files[number - 1]
    return decrypt(name), decrypt_bytes(read(digest))


def _row(tx: Transaction, no: str, actor: Actor | None) -> tuple[Any, ...]:
    seen, values = ("1 = 1", []) if actor is None else visible(actor)
    row = tx.one(f"{_SELECT.format(seen=seen)} AND r.no = ?", (*values, no.strip().upper()))
    if row is None:
        raise Refused(
            f"没有编号为“{no}”的变更申请，或不在查看范围内，可用 linxuan change list 查看。", clause=CLAUSE
        )
    return row


def _before(tx: Transaction, no: str) -> dict[str, str]:
    return dict(tx.rows("SELECT field, old FROM particular WHERE change_no = ?", (no,)))


def _shown(key: str, value: str, knows: bool) -> str:
    if PARTICULARS[key].public:
        return value
    if not knows or not value:
        return "（不公开）"
    return f"{value[:3]}{'*' * 11}{value[-4:]}" if key == REPRESENTATIVE_ID else value


def _notes(
    tx: Transaction, institution_id: int, asked: dict[str, str], current: dict[str, str]
) -> tuple[str, ...]:
    found = []
    if "name" in asked:
        namesakes = tx.rows(
            "SELECT uscc FROM institution WHERE name = ? AND id <> ? ORDER BY uscc",
            (asked["name"], institution_id),
        )
        found += [f"统一社会信用代码为{code}的机构也叫“{asked['name']}”，请核对" for (code,) in namesakes]
    if "address" in asked and current["address"] and not alike(asked["address"][:2], current["address"][:2]):
        found.append("新地址与原地址不在同一省份，申报和监督仍归原省份，请核对是否仍符合推荐条件")
    return tuple(found)


def _view(
    row: tuple[Any, ...], as_of: datetime, wanted: tuple[Wanted, ...] = (), notes: tuple[str, ...] = ()
) -> ChangeView:
    requested, due = instant(row[8]), instant(row[9])
    assert requested is not None
    assert due is not None
    return ChangeView(
        no=row[0], institution=row[1], uscc=row[2], case_no=row[3], state=row[4], state_label=STATES[row[4]],
        labels=tuple(PARTICULARS[key].label for key in row[5].split(",")), reason=row[6], requested_by=row[7],
        requested_at=requested, due_at=due, due_explained=row[10],
        overdue=row[4] in (REQUESTED, RETURNED) and due <= as_of, opinion=row[11], opinion_by=row[12], words=row[13],
        decided_by=row[14], decided_at=instant(row[15]), documents=row[16], wanted=wanted, notes=notes,
    )  # fmt: skip
