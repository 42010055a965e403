"""Fraud is handed to the authorities: to whom, when, under which document; what is not yet handed over is shown (M24-21)."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.history import case_number
from casework.loading import case_id, load
from records.transaction import reading, transaction
from states.calendar import day_of
from states.facts import day
from states.grounds import GROUNDS
from states.refusals import Refused
from states.roles import Role

CLAUSE = "M24-21"
REFERS = (Role.OFFICE, Role.GROUP, Role.PROVINCE)
LONGEST = 200
_FRAUD = tuple(each.key for each in GROUNDS.values() if each.referred)


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A case that ended in fraud; the last three are empty while it waits to be handed over."""

    no: str
    institution: str
    stage: str
    referred_to: str
    referred_on: date | None
    document_no: str


def refer(desk: Desk, no: str, *, to: str, on: date, document_no: str, by: Actor, as_of: datetime) -> None:
    """Record that a fraud was handed over; ``on`` is a Shanghai day.

    Raises Refused for a case that did not end in fraud, what is missing, a day to come, and a document recorded before.
    """
    said, document = to.strip(), document_no.strip()
    if not said or not document or max(len(said), len(document)) > LONGEST:
        raise Refused(f"移送须写明接收部门和移送函文号，各不超过{LONGEST}字。", clause=CLAUSE)
    if by.role not in REFERS:
        may = "、".join(role.label for role in REFERS)
        raise Refused(f"移送只能由{may}登记，当前身份为{by.role.label}。", clause=CLAUSE)
    if on > day_of(as_of):
        raise Refused(f"移送日期{on}晚于今日，请核对。", clause=CLAUSE)
    with transaction(desk.engine) as tx:
        found = case_id(tx, case_number(no))
        if found is None:
            raise Refused(f"没有编号为“{no}”的申报，请核对编号。")
        facts = load(tx, [found])[0].facts
        if by.role is Role.PROVINCE and by.scope != facts.province:
            raise Refused(f"申报{facts.no}不在{by.name}的办理范围内。", clause=CLAUSE)
        if facts.stage != "disqualified" and facts.exit_ground not in _FRAUD:
            raise Refused(f"申报{facts.no}没有认定弄虚作假，无须移送。", clause=CLAUSE)
        fresh = tx.run(
            "INSERT INTO referral (case_id, referred_to, referred_on, document_no, by, at) VALUES (?,?,?,?,?,?)"
            " ON CONFLICT DO NOTHING",
            (found, said, on, document, by.signature, as_of),
        ).rowcount
        if not fresh:
            raise Refused(f"申报{facts.no}的移送函{document}已登记，不重复登记。", clause=CLAUSE)
        detail = {"to": said, "on": str(on), "document": document}
        append(
            tx,
            [
                Entry(
                    as_of, as_of, by.signature, "supervision", "referred", found, clause=CLAUSE, detail=detail
                )
            ],
        )


def referrals(desk: Desk) -> list[ReferralView]:
    """Every case that ended in fraud with its referrals; those that wait come first."""
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT c.no, i.name, c.stage, coalesce(r.referred_to, ''), r.referred_on, coalesce(r.document_no, '')"
            " FROM cases c JOIN institution i ON i.id = c.institution_id LEFT JOIN referral r ON r.case_id = c.id"
            f" WHERE c.stage = 'disqualified' OR {tx.among('c.exit_ground')}"
            " ORDER BY CASE WHEN r.id IS NULL THEN 0 ELSE 1 END, c.no, r.id",
            (tx.listed(_FRAUD),),
        )
    return [
        ReferralView(no, name, stage, to, day(on), document) for no, name, stage, to, on, document in rows
    ]
