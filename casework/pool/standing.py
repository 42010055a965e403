"""Where an expert stands with the pool: active, suspended for a while, or retired (M24-7.3c)."""

from datetime import datetime
from enum import StrEnum

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.pool.access import refuse_unless_keeper
from records.transaction import Transaction, transaction
from states.refusals import Refused

CLAUSE = "M24-7.3c"


class Standing(StrEnum):
    """Only active experts are drawn. Seats already held are not touched: that is for the panel."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"active": "在库", "suspended": "暂停", "retired": "离库"}[self]


_STEPS = {
    "suspend": (Standing.SUSPENDED, (Standing.ACTIVE,)),
    "retire": (Standing.RETIRED, (Standing.ACTIVE, Standing.SUSPENDED)),
    "reinstate": (Standing.ACTIVE, (Standing.SUSPENDED, Standing.RETIRED)),
}


def suspend(desk: Desk, code: str, *, reason: str, by: Actor, as_of: datetime) -> Standing:
    """Leave an active expert out of draws until reinstated. Raises Refused."""
    return _step(desk, "suspend", code, reason, by, as_of)


def retire(desk: Desk, code: str, *, reason: str, by: Actor, as_of: datetime) -> Standing:
    """Take an expert out of the pool; what is on record stays. Raises Refused."""
    return _step(desk, "retire", code, reason, by, as_of)


def reinstate(desk: Desk, code: str, *, reason: str, by: Actor, as_of: datetime) -> Standing:
    """Let a suspended or retired expert be drawn again. Raises Refused."""
    return _step(desk, "reinstate", code, reason, by, as_of)


def standing_named(text: str) -> Standing:
    """The standing meant by its key or Chinese name. Raises Refused."""
    for standing in Standing:
        if text.strip() in (str(standing), standing.label):
            return standing
    known = "、".join(f"{each}（{each.label}）" for each in Standing)
    raise Refused(f"没有“{text}”这一状态，可用的有：{known}。")


def expert_code(text: str) -> str:
    """An expert's code as stored, from one as typed."""
    return text.strip().upper()


def unknown_expert(code: str) -> Refused:
    """The refusal for a code nobody has."""
    return Refused(f"专家库中没有编号为“{code}”的专家，可用 linxuan expert list 查看。", clause=CLAUSE)


def _step(desk: Desk, name: str, text: str, reason: str, by: Actor, as_of: datetime) -> Standing:
    refuse_unless_keeper(by)
    code, why = expert_code(text), " ".join(reason.split())
    if not why:
        raise Refused("请写明理由。", clause=CLAUSE)
    to, before = _STEPS[name]
    with transaction(desk.engine) as tx:
        at = _standing_of(tx, code)
        if at not in before:
            raise Refused(f"专家{code}现为“{at.label}”，不能改为“{to.label}”。", clause=CLAUSE)
        tx.run("UPDATE expert SET state = ?, updated_at = ? WHERE code = ?", (str(to), as_of, code))
        detail = {"expert": code, "from": str(at), "to": str(to), "reason": why}
        append(tx, [Entry(as_of, as_of, by.signature, "pool", name, clause=CLAUSE, detail=detail)])
    return to


def _standing_of(tx: Transaction, code: str) -> Standing:
    row = tx.one("SELECT state FROM expert WHERE code = ?", (code,))
    if row is None:
        raise unknown_expert(code)
    return Standing(row[0])
