"""Who recommends is responsible: every failing becomes a duty of the recommender to answer within a limit (M24-3.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from casework.actors import CLOCK, Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.selection import visible
from records.transaction import Transaction, reading, transaction
from states.calendar import day_of
from states.facts import instant
from states.refusals import Refused
from states.roles import Role
from states.spans import working_days

if TYPE_CHECKING:
    from casework.writing import Decided

CLAUSE = "M24-3.3"
ANSWER_WITHIN = working_days(10)
"""The measures name no limit; set by the office (设置)."""
FAILINGS: Mapping[str, str] = MappingProxyType(
    {
        "disqualify": "认定弄虚作假，终止申报",
        "uphold_objection": "公示异议成立",
        "order_rectification": "责令限期整改",
        "refuse_rectification": "整改不合格，退出目录",
        "fail_rectification": "整改期满未提交报告，退出目录",
        "remove": "移出目录",
    }
)
"""The moves that tell of a failing, in words."""
NOTICE = "failing_unanswered"
LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class FailingView:
    """One failing. ``due_at`` is the first instant after the last day to answer; ``overdue`` at the asked instant."""

    id: int
    no: str
    institution: str
    channel: str
    failing: str
    finding: str
    told_at: datetime
    due_at: datetime
    overdue: bool
    answer: str
    answered_by: str
    answered_at: datetime | None


def note_failings(tx: Transaction, desk: Desk, group: "Decided", by: Actor) -> None:
    """Enter the duty to answer in the transaction of the move; what the recommender finds itself needs no answer."""
    if group.move.name not in FAILINGS or by.role is Role.RECOMMENDER:
        return
    due = ANSWER_WITHIN.after(group.effective, desk.calendar).due
    encode, finding = tx.encode, str(group.inputs.get("finding") or "")
    tx.many(
        "INSERT INTO failing (case_id, version, move, channel, finding, told_at, due_at, answer)"
        " VALUES (?,?,?,?,?,?,?,'')",
        [
            (each.facts.id, each.facts.version + 1, group.move.name, each.facts.channel, finding,
             encode(group.effective), encode(due))
            for each in group.cases
        ],
    )  # fmt: skip


def failings(
    desk: Desk, *, as_of: datetime, actor: Actor | None = None, waiting: bool = False
) -> list[FailingView]:
    """The failings the actor may see (None: all), what is due first; ``waiting``: only those without an answer."""
    seen, values = ("1 = 1", []) if actor is None else visible(actor)
    if actor is not None and actor.role is Role.APPLICANT:
        raise Refused("推荐单位的督促情况不向申报单位提供。", clause=CLAUSE)
    only = "AND f.answered_at IS NULL" if waiting else ""
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT f.id, c.no, i.name, f.channel, f.move, f.finding, f.told_at, f.due_at, f.answer,"
            " coalesce(f.answered_by, ''), f.answered_at FROM failing f JOIN cases c ON c.id = f.case_id"
            f" JOIN institution i ON i.id = c.institution_id WHERE {seen} {only} ORDER BY f.due_at, f.id",
            values,
        )
    found = []
    for id_, no, institution, channel, move, finding, told, due, answer, by, answered in rows:
        told_at, due_at = instant(told), instant(due)
        assert told_at is not None
        assert due_at is not None
        found.append(
            FailingView(
                id_, no, institution, channel, FAILINGS[move], finding, told_at, due_at,
                answered is None and due_at <= as_of, answer, by, instant(answered),
            )
        )  # fmt: skip
    return found


def answer_failing(desk: Desk, id_: int, answer: str, *, by: Actor, as_of: datetime) -> None:
    """The recommender says what it did about a failing. Refused for another's, one answered already, or no words."""
    said = answer.strip()
    if not said or len(said) > LONGEST:
        raise Refused(f"处理情况须填写，且不超过{LONGEST}字。", clause=CLAUSE)
    with transaction(desk.engine) as tx:
        row = tx.one("SELECT case_id, channel, answered_at FROM failing WHERE id = ?", (id_,))
        if row is None:
            raise Refused(f"没有序号为{id_}的督促事项，可用 linxuan inspect failings 查看。", clause=CLAUSE)
        case_id, channel, answered = row
        if by.role is not Role.RECOMMENDER or by.scope != channel:
            raise Refused("督促事项只能由推荐该机构的单位答复。", clause=CLAUSE)
        if answered is not None:
            raise Refused(f"督促事项{id_}已经答复，不能重复答复。", clause=CLAUSE)
        tx.run(
            "UPDATE failing SET answer = ?, answered_by = ?, answered_at = ? WHERE id = ?",
            (said, by.signature, as_of, id_),
        )
        detail = {"failing": id_, "answer": said}
        append(
            tx,
            [
                Entry(
                    as_of,
                    as_of,
                    by.signature,
                    "supervision",
                    "answered",
                    case_id,
                    clause=CLAUSE,
                    detail=detail,
                )
            ],
        )


def tell_unanswered(desk: Desk, *, as_of: datetime) -> int:
    """Owe the recommender and the office a line for every failing whose limit passed by ``as_of``; how many."""
    due = (
        "SELECT id, case_id, due_at FROM failing WHERE answered_at IS NULL AND due_at <= ? AND overdue_told_at IS NULL"
        " ORDER BY id"
    )
    with reading(desk.engine) as tx:
        if tx.one(f"{due} LIMIT 1", (as_of,)) is None:
            return 0
    with transaction(desk.engine) as tx:
        rows = tx.rows(due, (as_of,))
        for id_, case_id, due_text in rows:
            limit = instant(due_text)
            assert limit is not None
            about, now = tx.encode(day_of(limit - timedelta(microseconds=1))), tx.encode(as_of)
            tx.many(
                "INSERT INTO notice (case_id, letter, role, occasion, clause, about, at) VALUES (?,?,?,?,?,?,?)"
                " ON CONFLICT DO NOTHING",
                [
                    (case_id, NOTICE, str(role), f"failing{id_}", CLAUSE, about, now)
                    for role in (Role.RECOMMENDER, Role.OFFICE)
                ],
            )
            tx.run("UPDATE failing SET overdue_told_at = ? WHERE id = ?", (as_of, id_))
            entry = Entry(
                limit,
                as_of,
                CLOCK.signature,
                "supervision",
                "unanswered",
                case_id,
                clause=CLAUSE,
                detail={"failing": id_},
            )
            append(tx, [entry])
    return len(rows)
