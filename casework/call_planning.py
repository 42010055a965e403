"""Calls planned on the pages: proposed by the office or a province, approved by the head, never by the same hand.

An approved plan is what the call opens with (M24-7.1); until then nothing of it is at work.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.access.policy import Reach, reach, refuse_same_hand, refuse_unless_may
from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from records.transaction import Transaction, reading, transaction
from states.call_rules import CallRules
from states.facts import instant
from states.refusals import Refused
from states.rulebook import CALLS, SAMPLES, parse_call

CLAUSE = "M24-7.1"
PROPOSED, APPROVED, RETURNED = "proposed", "approved", "returned"
LONGEST = 60_000


@dataclass(frozen=True, slots=True)
class Proposal:
    """A planned call. ``version`` grows with every change, so that nobody approves what they have not seen."""

    id: int
    code: str
    name: str
    text: str
    state: str
    planned_by: str
    planned_at: datetime
    decided_by: str
    decided_at: datetime | None
    words: str
    version: int

    @property
    def rules(self) -> CallRules:
        """The rules it proposes."""
        return parse_call(self.text, f"{self.code}.toml")


_COLUMNS = "id, code, name, rules, state, planned_by, planned_at, decided_by, decided_at, words, version"


def propose(desk: Desk, text: str, *, by: Actor, as_of: datetime) -> Proposal:
    """Propose a call by its rule file; a plan that was returned, or not decided on yet, is replaced.

    Raises BadRules for a file that is wrong, Refused for a code that is taken and a province's plan for others (M24-8).
    """
    refuse_unless_may(by, "call.plan")
    if len(text) > LONGEST:
        raise Refused("规则内容过长，请删去多余部分。")
    text = text.replace("\r\n", "\n").strip() + "\n"
    rules = parse_call(text, "规则内容")
    if reach(by.role, "call.plan") is Reach.OWN and rules.province != by.scope:
        raise Refused("省级部门只能拟定本省的批次，请在规则中写明 province 为本省代码。", clause="M24-8")
    if rules.sample:
        raise Refused("演练用样例不能作为正式批次，请删去 sample 一项。", clause=CLAUSE)
    with transaction(desk.engine) as tx:
        standing = proposal_in(tx, rules.code)
        taken = tx.one("SELECT 1 FROM call WHERE code = ?", (rules.code,)) or rules.code in (*CALLS, *SAMPLES)
        if taken or (standing is not None and standing.state == APPROVED):
            raise Refused(f"批次代码“{rules.code}”已经使用，请换一个代码。", clause=CLAUSE)
        if standing is None:
            tx.run(
                "INSERT INTO call_proposal (code, name, rules, state, planned_by, planned_at, decided_by, words, version)"
                " VALUES (?,?,?,?,?,?,'','',1)",
                (rules.code, rules.name, text, PROPOSED, by.signature, as_of),
            )
        else:
            tx.run(
                "UPDATE call_proposal SET name = ?, rules = ?, state = ?, planned_by = ?, planned_at = ?,"
                " decided_by = '', decided_at = NULL, words = '', version = version + 1 WHERE id = ?",
                (rules.name, text, PROPOSED, by.signature, as_of, standing.id),
            )
        detail = {"call": rules.code, "rules": rules.digest}
        append(tx, [Entry(as_of, as_of, by.signature, "call", "plan", clause=CLAUSE, detail=detail)])
        made = proposal_in(tx, rules.code)
        assert made
        return made


def decide(
    desk: Desk, code: str, *, approve: bool, words: str = "", seen: int, by: Actor, as_of: datetime
) -> Proposal:
    """Approve a plan, or return it with words. Raises Refused for whoever planned it, and for one that changed."""
    refuse_unless_may(by, "call.approve")
    with transaction(desk.engine) as tx:
        plan = proposal_in(tx, code)
        if plan is None:
            raise Refused(f"没有待批准的批次“{code}”。", clause=CLAUSE)
        if plan.version != seen or plan.state != PROPOSED:
            raise Refused("该批次方案已有变动，请核对新的内容后再办理。", clause=CLAUSE)
        refuse_same_hand(by, "call.approve", [("call.plan", plan.planned_by)])
        if not approve and not words.strip():
            raise Refused("退回时请写明意见。", clause=CLAUSE)
        state = APPROVED if approve else RETURNED
        tx.run(
            "UPDATE call_proposal SET state = ?, decided_by = ?, decided_at = ?, words = ?, version = version + 1"
            " WHERE id = ?",
            (state, by.signature, as_of, words.strip()[:1000], plan.id),
        )
        detail = {"call": code, "rules": plan.rules.digest, "words": words.strip()[:1000]}
        name = "approve" if approve else "return"
        append(tx, [Entry(as_of, as_of, by.signature, "call", name, clause=CLAUSE, detail=detail)])
        decided = proposal_in(tx, code)
        assert decided
        return decided


def proposals(desk: Desk, actor: Actor) -> list[Proposal]:
    """Every plan the actor may see, newest first; a province sees its own."""
    with reading(desk.engine) as tx:
        rows = [_proposal(row) for row in tx.rows(f"SELECT {_COLUMNS} FROM call_proposal ORDER BY id DESC")]
    return [each for each in rows if sees(actor, each.rules)]


def proposal_in(tx: Transaction, code: str) -> Proposal | None:
    """The plan of a code, or None."""
    row = tx.one(f"SELECT {_COLUMNS} FROM call_proposal WHERE code = ?", (code.strip().upper(),))
    return _proposal(row) if row else None


def sees(actor: Actor, rules: CallRules) -> bool:
    """Whether a call lies in the actor's sight: a province sees national calls and its own."""
    match reach(actor.role, "call.see"):
        case Reach.ALL:
            return True
        case Reach.OWN:
            return rules.province in (None, actor.scope)
    return False


def _proposal(row: tuple[Any, ...]) -> Proposal:
    id_, code, name, text, state, planned_by, planned, decided_by, decided, words, version = row
    at = instant(planned)
    assert at is not None
    return Proposal(
        id_, code, name, text, state, planned_by, at, decided_by, instant(decided), words, version
    )
