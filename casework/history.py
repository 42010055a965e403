"""Reading a case: as it stands, and everything that happened to it or is still to come."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework.actors import Actor
from casework.conflicts import conflict_findings
from casework.desk import Desk
from casework.findings import KeptFinding, findings_of
from casework.loading import Loaded, as_loaded, select_cases
from casework.possible import Possible, possible_moves
from casework.selection import NATIONAL, Selection
from records.transaction import Transaction, reading
from states.calendar import day_of
from states.checked import Process
from states.facts import Facts, day, instant
from states.refusals import Refused
from states.roles import Role
from states.timers import Kind, schedule

LETTER_STATES = {
    "queued": "待发", "sending": "发送中", "sent": "已发", "failed": "未能送达", "superseded": "已被取代", "held": "暂缓",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case as it stands at an instant, and what may be done with it."""

    no: str
    call: str
    track: str
    occupation: str
    institution: str
    uscc: str
    province: str
    channel: str
    stage: str
    stage_label: str
    entered_at: datetime
    due_at: datetime | None
    held_by: str | None
    days_in_stage: int
    stuck: bool
    version: int
    moves: tuple[Possible, ...]
    why_not: Mapping[str, str]
    facts: Facts
    process: Process
    limit_explained: str
    findings: tuple[KeptFinding, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of the audit log about a case, in words."""

    at: datetime
    written_at: datetime
    who: str
    kind: str
    name: str
    label: str
    from_stage: str
    to_stage: str
    clause: str
    stated: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One letter owed or sent about a case."""

    at: datetime
    letter: str
    role: str
    recipient: str
    subject: str
    state: str
    sent_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class ToCome:
    """One timer still to fire, or a clock move that is held: what, when, how the day came about, on which clause."""

    at: datetime
    kind: str
    label: str
    about: date
    clause: str
    provisional: bool
    explanation: str
    held_why: str | None


@dataclass(frozen=True, slots=True)
class History:
    """A case's past, its letters and its future."""

    case: CaseView
    happened: tuple[Happened, ...]
    letters: tuple[Told, ...]
    to_come: tuple[ToCome, ...]


def show(desk: Desk, no: str, *, as_of: datetime, actor: Actor | None = None) -> CaseView:
    """One case at ``as_of``. Raises Refused when there is none of that number, or none the actor may see."""
    with reading(desk.engine) as tx:
        return _view(tx, desk, no, as_of, actor)


def history(desk: Desk, no: str, *, as_of: datetime, actor: Actor | None = None) -> History:
    """Everything that happened to a case, every letter about it, and its timers to come. May be Refused.

    An applicant reads who acted by role alone, and not what was stated inside the offices.
    """
    with reading(desk.engine) as tx:
        case = _view(tx, desk, no, as_of, actor)
        outside = actor is not None and actor.role is Role.APPLICANT
        return History(
            case, _happened(tx, case, outside), _letters(tx, case, outside), _to_come(tx, desk, case)
        )


def case_number(text: str) -> str:
    """A case number as stored, however it was typed."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def find_case(
    tx: Transaction, no: str, actor: Actor | None = None
) -> tuple[Loaded, str, str | None, str | None]:
    """A case as loaded, with its credit code, its holder and its due instant as stored.

    Raises Refused, in the same words, when it does not exist and when the actor may not see it (law 10).
    """
    where, values = Selection(nos=(case_number(no),)).where(actor)
    row = tx.one(f"{select_cases('i.uscc, c.held_by, c.due_at')} WHERE {where}", values)
    if row is None:
        raise Refused(f"没有编号为“{no}”的申报，或不在查看范围内，可用 linxuan case list 查看。")
    return as_loaded(row), row[-3], row[-2], row[-1]


def _view(tx: Transaction, desk: Desk, no: str, as_of: datetime, actor: Actor | None) -> CaseView:
    each, uscc, held_by, due_text = find_case(tx, no, actor)
    facts, process = each.facts, desk.processes.process(each.facts.process)
    stage, due, entered = process.stages[facts.stage], instant(due_text), instant(facts.entered_at)
    assert entered is not None
    moves, why_not = possible_moves(tx, desk, each, as_of=as_of, actor=actor)
    held = tx.one("SELECT 1 FROM timer WHERE case_id = ? AND held_why IS NOT NULL", (facts.id,))
    limit = schedule(process, facts, desk.calendar).limit
    findings = findings_of(tx, facts.id)
    if (actor is None or actor.role in NATIONAL) and not stage.end:
        findings += conflict_findings(tx, facts)
    return CaseView(
        facts.no, facts.call, facts.track, facts.occupation, each.institution, uscc, facts.province,
        facts.channel, stage.key, stage.label, entered, due, held_by,
        max(0, desk.calendar.count(day_of(entered), day_of(as_of)) - 1),
        held is not None or (due is not None and due <= as_of), facts.version, tuple(moves), why_not, facts,
        process, limit.explanation() if limit and limit.counted else "", tuple(findings),
    )  # fmt: skip


def _happened(tx: Transaction, case: CaseView, outside: bool) -> tuple[Happened, ...]:
    stages = {key: stage.label for key, stage in case.process.stages.items()}
    rows = tx.rows(
        "SELECT at, written_at, actor, kind, name, from_stage, to_stage, clause, detail FROM audit"
        " WHERE case_id = ? ORDER BY seq",
        (case.facts.id,),
    )
    found = []
    for at_text, written_text, signature, kind, name, came, went, clause, detail in rows:
        if outside and kind not in ("move", "letter", "reminder"):
            continue
        at, written = instant(at_text), instant(written_text)
        assert at is not None
        assert written is not None
        label = entry_label(case.process, kind, name)
        found.append(
            Happened(
                at, written, who(signature, outside=outside), kind, name,
                label, stages.get(came, came), stages.get(went, went), clause,
                {} if outside else json.loads(detail),
            )
        )  # fmt: skip
    return tuple(found)


def entry_label(process: Process, kind: str, name: str) -> str:
    """What an entry of the audit log about a case is called."""
    if name == "file":
        return "提交申报"
    if kind == "letter":
        return _LETTER_EVENTS.get(name, "通知")
    if kind == "reminder":
        return f"提醒：{TIMER_LETTERS.get(name, name)}"
    return (process.labels.get(name) if kind == "move" else _KINDS.get(kind)) or name


def who(signature: str, *, outside: bool = False) -> str:
    """Whom an entry of the audit log names, in words; ``outside`` the offices by role alone."""
    role, _, person = signature.partition(":")
    return _who(role, "" if outside else person)


_LETTER_EVENTS = {
    "sent": "通知发出",
    "refused": "通知被拒收",
    "given_up": "通知未能送达",
    "retry": "通知重发",
}
_KINDS = {
    "reminder": "提醒",
    "letter": "通知",
    "incident": "异常",
    "filing": "登记推荐表",
    "objection": "异议登记",
    "calendar": "日期重算",
    "retention": "按保存期限清除内容",
    "nudge": "催办",
    "note": "内部备注",
    "material": "查阅材料",
}


def _who(role: str, person: str) -> str:
    if role not in set(Role) or (role == Role.CLOCK and person not in ("", "clock")):
        return "系统"
    label = Role(role).label
    return label if role == Role.CLOCK or not person else f"{label}（{person}）"


def _letters(tx: Transaction, case: CaseView, outside: bool) -> tuple[Told, ...]:
    rows = tx.rows(
        "SELECT created_at, letter, role, recipient, subject, state, sent_at, error FROM letter"
        " WHERE case_id = ? ORDER BY id",
        (case.facts.id,),
    )
    found = []
    for at_text, letter, role, recipient, subject, state, sent_text, error in rows:
        at = instant(at_text)
        assert at is not None
        if not outside or role == Role.APPLICANT:
            found.append(Told(at, letter, role, recipient, subject, state, instant(sent_text), error))
    return tuple(found)


def _to_come(tx: Transaction, desk: Desk, case: CaseView) -> tuple[ToCome, ...]:
    planned = schedule(case.process, case.facts, desk.calendar)
    rows = tx.rows(
        "SELECT coalesce(fires_at, due), kind, letter, about, clause, role, move, provisional, held_why FROM timer"
        " WHERE case_id = ? AND (fires_at IS NOT NULL OR held_why IS NOT NULL) ORDER BY 1, key",
        (case.facts.id,),
    )
    found = []
    for at_text, kind, letter, about_text, clause, role, move, provisional, held_why in rows:
        at, about = instant(at_text), day(about_text)
        assert at is not None
        assert about is not None
        explained = (
            planned.limit.explanation() if planned.limit and planned.limit.day == about else f"截至{about}"
        )
        label = f"{_TIMERS[kind]}{Role(role).label}：{TIMER_LETTERS.get(letter, letter)}" if role else ""
        if kind == Kind.MOVE:
            label = case.process.labels[move]
        found.append(ToCome(at, kind, label, about, clause, bool(provisional), explained, held_why))
    return tuple(found)


TIMER_LETTERS = {
    "filing_closes_soon": "申报将截止", "recommendation_due": "推荐将截止", "correction_due": "补正将到期",
    "stage_due": "办理期限将到", "stage_overdue": "超过办理期限", "paper_outstanding": "纸质材料未到",
    "publicity_ends_soon": "公示将期满", "publicity_unresolved": "公示期满未办结", "renewal_window": "可申请续期",
    "renewal_closing": "续期申请将截止", "renewal_review_due": "续期审核将到期", "renewal_overdue": "续期审核超期",
    "renewal_correction_due": "续期补正将到期", "rectification_due": "整改将到期",
    "duty_due": "年度义务将到期", "duty_overdue": "年度义务超期",
}  # fmt: skip
"""What a timer of the process reminds of or reports; a test holds it against every process."""
_TIMERS = {str(Kind.REMIND): "提醒", str(Kind.ESCALATE): "督办，报告"}
