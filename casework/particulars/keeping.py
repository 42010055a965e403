"""The row of a request for a change: found under lock, told in the audit log, given its limit."""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.particulars.letters import Pen
from casework.particulars.standing import Standing, standing_of
from records.crypt import decrypt
from records.transaction import Transaction
from states.calendar import SHANGHAI, at_time
from states.facts import instant
from states.particulars import CLAUSE, holds_identity
from states.refusals import Refused
from states.spans import working_days
from states.worked_out import WorkedOut

REQUESTED, RETURNED = "requested", "returned"
STATES = MappingProxyType(
    {
        REQUESTED: "待审定",
        RETURNED: "退回补正",
        "approved": "已批准",
        "refused": "不予批准",
        "withdrawn": "已撤回",
        "lapsed": "逾期未补正，视为撤回",
        "moot": "机构已退出，随之办结",
    }
)
"""What a request may be, in words."""
LONGEST = 2_000
_REMIND_AT = 9


@dataclass(frozen=True, slots=True)
class Kept:
    """A request as it is kept, with the values asked for (personal ones included) and where the institution stands."""

    id: int
    no: str
    case_id: int
    state: str
    version: int
    reason: str
    due_at: datetime
    values: dict[str, str]
    standing: Standing

    def pen(self, tx: Transaction, desk: Desk, as_of: datetime, *, version: int | None = None) -> Pen:
        """What its letters are written with; ``version`` makes each occasion one of its own."""
        return Pen(
            tx, desk, self.standing, case_id=self.case_id, no=self.no, version=version or self.version, as_of=as_of
        )  # fmt: skip


def open_request(tx: Transaction, desk: Desk, no: str) -> Kept:
    """A request that is still open, locked. Raises Refused for none of that number, and for one that is settled."""
    kept = find_request(tx, desk, no)
    if kept.state not in (REQUESTED, RETURNED):
        row = tx.one("SELECT decided_at, decided_by FROM change_request WHERE id = ?", (kept.id,))
        assert row is not None
        at = instant(row[0])
        when = f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""
        raise Refused(
            f"变更申请{kept.no}已于{when}办结（{STATES[kept.state]}），不能再次办理。", clause=CLAUSE
        )
    return kept


def find_request(tx: Transaction, desk: Desk, no: str) -> Kept:
    """Any request, locked with its institution. Raises Refused for none of that number."""
    wanted = no.strip().upper()
    found = tx.one("SELECT institution_id FROM change_request WHERE no = ?", (wanted,))
    if found is None:
        raise Refused(f"没有编号为“{no}”的变更申请，可用 linxuan change list 查看。", clause=CLAUSE)
    standing = standing_of(tx, desk, found[0])
    row = tx.one(
        "SELECT id, no, case_id, state, version, reason, due_at FROM change_request WHERE no = ?", (wanted,)
    )
    assert row is not None
    id_, number, case_id, state, version, reason, due = row
    due_at = instant(due)
    assert due_at is not None
    return Kept(id_, number, case_id, state, version, reason, due_at, values_of(tx, id_), standing)


def values_of(tx: Transaction, id_: int) -> dict[str, str]:
    """The values a request asks for, by key."""
    return {
        field: decrypt(value)
        for field, value in tx.rows("SELECT field, value FROM change_value WHERE change_id = ?", (id_,))
    }


def limit(desk: Desk, as_of: datetime) -> WorkedOut:
    """By when whoever's move it is must have moved: the law names no limit, the office sets it (D-4 for returns)."""
    return working_days(desk.change_days).after(as_of, desk.calendar)


def remind_at(desk: Desk, due: WorkedOut, as_of: datetime) -> datetime:
    """When the decider is reminded; the due instant itself where that would be over already."""
    told = at_time(working_days(desk.change_reminder_days).before(due.day, desk.calendar).day, _REMIND_AT)
    return told if told > as_of else due.due


def settle(
    tx: Transaction, kept: Kept, state: str, words: str, *, by: Actor, at: datetime, as_of: datetime
) -> None:
    """Close an open request."""
    tx.run(
        "UPDATE change_request SET state = ?, words = ?, decided_by = ?, decided_at = ?, next_at = NULL,"
        " version = version + 1 WHERE id = ?",
        (state, words, by.signature, at, kept.id),
    )
    note(tx, kept, state, by, at, as_of)


def note(
    tx: Transaction, kept: Kept, name: str, by: Actor, at: datetime, as_of: datetime, **detail: Any
) -> None:
    """A word in the audit log. It names fields and numbers; a personal value never stands there (M24-11.6a)."""
    says = {"change": kept.no, "uscc": kept.standing.uscc, "fields": sorted(kept.values), **detail}
    entry = Entry(at, as_of, by.signature, "particulars", name, kept.case_id, clause=CLAUSE, detail=says)
    append(tx, [entry])


def said(text: str, what: str) -> str:
    """A text that must be there, not too long, without an identity number. Raises Refused."""
    plain = text.strip()
    if not plain:
        raise Refused(f"须填写{what}。", clause=CLAUSE)
    if len(plain) > LONGEST:
        raise Refused(f"{what}过长（{len(plain)}字），限{LONGEST}字。", clause=CLAUSE)
    if any(not (char.isprintable() or char in "\n\t") for char in plain):
        raise Refused(f"{what}含有不可见字符，请改正后再提交。", clause=CLAUSE)
    if holds_identity(plain):
        raise Refused(f"{what}中含有居民身份证号，请删去后再提交。", clause="M24-11.6a")
    return plain
