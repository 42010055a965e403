"""Recusal on the record: the pool against a panel's cases, and what humans decided (M24-7.3b, D-10).

The rules are those of ``states.recusal``; here they are asked about what the database holds.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from casework.actors import Actor
from casework.applicants import applicants_of
from casework.audit import Entry, append
from casework.desk import Desk
from casework.panels.access import Act, refuse_unless_does
from casework.pool.members import Members, members, members_by_code
from records.transaction import Transaction
from states.draw.frame import Exclusion
from states.recusal import (
    EVERY_CASE,
    RULES,
    Applicant,
    Barred,
    Conflict,
    Decision,
    Expert,
    Scope,
    ScopeDecision,
    Verdict,
    barred,
    findings,
    undecided,
)
from states.recusal import exclusions as published
from states.recusal.conflict import CLAUSE, decided
from states.refusals import Refused
from states.roles import Role

DECIDES = (Role.OFFICE, Role.GROUP, Role.HEAD)
_OBJECTION, _SERVICE = "R-8", "R-7"
_OVER = ("opened", "tallied", "released", "cancelled")

__all__ = [
    "Recusals",
    "applicants_of",
    "decide",
    "decide_objection",
    "decisions_on",
    "exclusions",
    "experts_of",
    "recusals",
]


@dataclass(frozen=True, slots=True)
class Recusals:
    """What recusal comes to for one panel: every conflict, who is barred from what, and what waits for a human."""

    conflicts: tuple[Conflict, ...]
    barred: Barred
    held: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class _Panel:
    id: int
    no: str
    state: str
    province: str
    scope: ScopeDecision | None


def experts_of(tx: Transaction, occupation: str | None = None) -> list[Expert]:
    """The active experts as the rules of recusal know them: all, or those of one occupation (a code)."""
    return list(members(tx, occupation).experts)


def exclusions(
    tx: Transaction, desk: Desk, panel_id: int, on: date, *, pool: Members | None = None
) -> tuple[list[Exclusion], list[Conflict]]:
    """Who may not be drawn for the panel, by pseudonym and rule, and the conflicts that wait for a human.

    ``on`` is the Shanghai day of the draw. What is held is among the exclusions too (``R-3:held``): it does not
    pass until a human releases it. ``pool`` is all active experts unless given; several panels share one.
    """
    known = members(tx) if pool is None else pool
    found = recusals(tx, panel_id, on, pool=known)
    return list(published(found.barred, known.pseudonyms)), list(found.held)


def recusals(tx: Transaction, panel_id: int, on: date, *, pool: Members | None = None) -> Recusals:
    """Every conflict of the pool with the panel's cases, with the decisions on record applied.

    For those who already sit, ``pool`` is ``members_by_code`` of them. Raises Refused when a case has no form.
    """
    panel = _panel(tx, panel_id)
    known = members(tx) if pool is None else pool
    applicants = applicants_of(tx, panel_id, known=known.rounds)
    conflicts = decided(_found(known, applicants, on), decisions_on(tx, panel_id))
    found = barred(conflicts, [each.case for each in applicants], panel.scope)
    return Recusals(tuple(conflicts), found, tuple(undecided(conflicts)))


def decisions_on(tx: Transaction, panel_id: int, experts: Collection[str] | None = None) -> list[Decision]:
    """What humans decided on conflicts of this panel; of some experts (codes) only, when they are given."""
    rows = tx.rows(
        "SELECT e.code, c.no, d.rule, d.evidence, d.verdict, d.reason, d.by FROM recusal_decision d"
        " JOIN expert e ON e.id = d.expert_id LEFT JOIN cases c ON c.id = d.case_id"
        " WHERE d.panel_id = ? AND d.rule <> ? ORDER BY d.id",
        (panel_id, _OBJECTION),
    )
    return [
        Decision(expert, case or EVERY_CASE, rule, evidence, Verdict(verdict), reason, by)
        for expert, case, rule, evidence, verdict, reason, by in rows
        if experts is None or expert in experts
    ]


def decide(
    tx: Transaction,
    panel_id: int,
    *,
    expert: str,
    case: str,
    rule: str,
    verdict: Verdict,
    reason: str,
    by: Actor,
    as_of: datetime,
    on: date,
    conflict: Conflict | None = None,
) -> Conflict:
    """Record what a human makes of a held conflict, and say so in the audit log; the conflict as it stands now.

    ``case`` is a case number, or EVERY_CASE where something about the expert is unknown. ``on`` is the day the
    conflict was found for. ``conflict`` is one that an expert's own declaration brought up, not found in the records
    alone. A later decision takes the place of an earlier one. Raises Refused: no reason, no right, no such conflict,
    one that is no matter of opinion, or a panel whose ballots are open.
    """
    panel = _open_panel(tx, panel_id, by)
    sitting = members_by_code(tx, [expert])
    if not sitting.experts:
        raise Refused(f"专家库中没有编号为“{expert}”的专家。", clause=CLAUSE)
    found = conflict or _one(_found(sitting, applicants_of(tx, panel_id), on), expert, case, rule)
    decision = Decision(expert, case, rule, found.evidence, verdict, reason, by.signature)
    settled = decided([found], [decision])[0]
    if found.verdict is Verdict.EXCLUDED:
        raise Refused(f"专家{expert}属于应当回避的情形（{found.evidence}），无须核定。", clause=CLAUSE)
    _write(tx, panel, sitting.ids[expert], decision, as_of)
    _note(tx, panel, "decide", sitting.pseudonyms[expert], decision, by, as_of)
    return settled


def decide_objection(
    tx: Transaction,
    panel_id: int,
    *,
    expert: str,
    case: str,
    accepted: bool,
    reason: str,
    by: Actor,
    as_of: datetime,
) -> None:
    """Record what the office makes of an applicant's objection to an expert named to it (R-8).

    Accepted, it stands for this institution from now on. Raises Refused as ``decide`` does.
    """
    panel = _open_panel(tx, panel_id, by)
    sitting = members_by_code(tx, [expert])
    if not sitting.experts:
        raise Refused(f"专家库中没有编号为“{expert}”的专家。", clause=CLAUSE)
    if case not in {each.case for each in applicants_of(tx, panel_id)}:
        raise Refused(f"申报“{case}”不由专家组{panel.no}评议。", clause=CLAUSE)
    verdict = Verdict.EXCLUDED if accepted else Verdict.RELEASED
    evidence = f"申报单位申请其回避，办公室{'同意' if accepted else '未同意'}"
    decision = Decision(expert, case, _OBJECTION, evidence, verdict, reason, by.signature)
    _write(tx, panel, sitting.ids[expert], decision, as_of)
    _note(tx, panel, "decide_objection", sitting.pseudonyms[expert], decision, by, as_of)


def _found(pool: Members, applicants: Sequence[Applicant], on: date) -> list[Conflict]:
    """The conflicts before any decision. A profile silent on past votes stays a gap, whatever is on record here."""
    conflicts = findings(pool.index, applicants, on=on)
    if not pool.service_untold or not any(each.last_call for each in applicants):
        return conflicts
    clause = RULES[_SERVICE].clause
    gaps = [
        Conflict(code, EVERY_CASE, _SERVICE, Verdict.HELD, "未登记在别处的以往评议记录", clause)
        for code in pool.service_untold
    ]
    return sorted([*conflicts, *gaps])


def _one(conflicts: Iterable[Conflict], expert: str, case: str, rule: str) -> Conflict:
    for each in conflicts:
        if (each.expert, each.case, each.rule) == (expert, case, rule):
            return each
    about = f"申报{case}" if case else "专家本人情况"
    label = RULES[rule].label if rule in RULES else rule
    raise Refused(f"专家{expert}与{about}之间没有“{label}”的待核定情形，请刷新后再核定。", clause=CLAUSE)


def _panel(tx: Transaction, panel_id: int) -> _Panel:
    row = tx.one(
        "SELECT id, no, state, province, recusal, recusal_reason, recusal_by FROM panel WHERE id = ?",
        (panel_id,),
    )
    if row is None:
        raise Refused("没有这个专家组，请核对后再办理。", clause="M24-7.3c")
    key, no, state, province, scope, reason, by = row
    return _Panel(key, no, state, province, ScopeDecision(Scope(scope), reason or "", by or ""))


def _open_panel(tx: Transaction, panel_id: int, by: Actor) -> _Panel:
    if by.role not in (*DECIDES, Role.PROVINCE):
        may = "、".join(role.label for role in DECIDES)
        raise Refused(f"回避情形只能由{may}核定，当前身份为{by.role.label}。", clause=CLAUSE)
    panel = _panel(tx, panel_id)
    refuse_unless_does(by, Act.DECIDE, panel.province)
    if panel.state in _OVER:
        raise Refused(f"专家组{panel.no}的表决已开启或已结束，不能再核定回避。", clause=CLAUSE)
    return panel


def _write(tx: Transaction, panel: _Panel, expert_id: int, decision: Decision, as_of: datetime) -> None:
    """One row per conflict; what it said before stays in the audit log."""
    row = tx.one("SELECT id FROM cases WHERE no = ?", (decision.case,)) if decision.case else None
    case_id = None if row is None else row[0]
    says = (str(decision.verdict), decision.evidence, decision.reason.strip(), decision.by, as_of)
    earlier = tx.run(
        "UPDATE recusal_decision SET verdict = ?, evidence = ?, reason = ?, by = ?, at = ?"
        " WHERE panel_id = ? AND expert_id = ? AND rule = ? AND coalesce(case_id, 0) = ?",
        (*says, panel.id, expert_id, decision.rule, case_id or 0),
    )
    if earlier.rowcount == 0:
        tx.run(
            "INSERT INTO recusal_decision (verdict, evidence, reason, by, at, panel_id, expert_id, rule, case_id)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            (*says, panel.id, expert_id, decision.rule, case_id),
        )


def _note(
    tx: Transaction, panel: _Panel, name: str, pseudonym: str, decision: Decision, by: Actor, as_of: datetime
) -> None:
    """The log is read by more people than may know whom a panel was to judge by: it names the pseudonym alone."""
    detail = {
        "panel": panel.no, "expert": pseudonym, "case": decision.case, "rule": decision.rule,
        "verdict": str(decision.verdict), "reason": decision.reason.strip(),
    }  # fmt: skip
    append(tx, [Entry(as_of, as_of, by.signature, "recusal", name, clause=CLAUSE, detail=detail)])
