"""催办: a letter to whoever must move a case next, on record, and not more often than the office wants it."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.access.policy import cases_within, refuse_unless_may
from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.history import case_number
from casework.loading import Loaded, as_loaded, select_cases
from casework.owed import Mailbag
from casework.selection import NoSuchCase
from casework.wording import Wording
from records.transaction import Transaction, transaction
from states.calendar import day_of
from states.checked import Process
from states.facts import instant
from states.refusals import Refused
from states.roles import Role
from states.timers import schedule

ACTION = "stuck.nudge"
BY_LETTER = frozenset({Role.APPLICANT, Role.RECOMMENDER, Role.PROVINCE})
"""Who is urged by a letter; the national offices read it in their daily digest, for a panel the office does."""


@dataclass(frozen=True, slots=True)
class Nudged:
    """Whom the letter reaches; ``by_mail`` is False when it waits as a line of their next daily digest."""

    no: str
    holder: Role
    by_mail: bool


def nudge(desk: Desk, no: str, *, by: Actor, as_of: datetime) -> Nudged:
    """Urge the holder of a case. Raises NoSuchCase, or Refused when nobody is waited for or it was done lately."""
    refuse_unless_may(by, ACTION)
    within, values = cases_within(by, ACTION)
    with transaction(desk.engine) as tx:
        row = tx.one(f"{select_cases('c.held_by')} WHERE c.no = ? AND {within}", (case_number(no), *values))
        if row is None:
            raise NoSuchCase
        each, held_by = as_loaded(row), row[-1]
        process = desk.processes.process(each.facts.process)
        stage = process.stages[each.facts.stage]
        clause = stage.holder.limit.clause if stage.holder and stage.holder.limit else stage.clause
        _refuse_in_vain(desk, tx, each, held_by, by, as_of, clause)
        by_mail = _write(tx, desk, process, each, Role(held_by), clause, as_of)
        told = {"holder": held_by, "mail": by_mail}
        append(tx, [Entry(as_of, as_of, by.signature, "nudge", "sent", each.facts.id, stage.key, stage.key,
                          each.facts.version, clause, told)])  # fmt: skip
    return Nudged(each.facts.no, Role(held_by), by_mail)


def last_nudged(tx: Transaction, ids: list[int]) -> dict[int, datetime]:
    """When the holders of these cases were last urged."""
    rows = tx.rows(
        f"SELECT case_id, max(at) FROM audit WHERE {tx.among('case_id')} AND kind = 'nudge' GROUP BY case_id",
        (tx.listed(ids),),
    )
    return {id_: at for id_, text in rows if (at := instant(text)) is not None}


def _refuse_in_vain(
    desk: Desk, tx: Transaction, each: Loaded, held_by: str | None, by: Actor, as_of: datetime, clause: str
) -> None:
    if held_by in (None, Role.CLOCK):
        raise Refused("这件申报现在不等任何人办理，无须催办。", clause=clause)
    if held_by == by.role:
        raise Refused("这件申报正等您本单位办理，请直接办理，无须催办。", clause=clause)
    before = last_nudged(tx, [each.facts.id]).get(each.facts.id)
    if before is None:
        return
    first, today = day_of(before), day_of(as_of)
    passed = desk.calendar.count(first, today) - (1 if desk.calendar.is_working_day(first) else 0)
    if passed < desk.nudge_days:
        again = desk.calendar.working_days_after(first, desk.nudge_days).day
        raise Refused(
            f"这件申报已于{_spoken(first)}催办，{desk.nudge_days}个工作日内不再重复催办，"
            f"{_spoken(again)}起可以再次催办。",
            clause=clause,
        )


def _write(
    tx: Transaction, desk: Desk, process: Process, each: Loaded, role: Role, clause: str, as_of: datetime
) -> bool:
    planned = schedule(process, each.facts, desk.calendar)
    stage = process.stages[each.facts.stage]
    words = dict(
        Wording(desk, as_of).shared("nudge", process, each.facts, {}, as_of, planned, clause, stage.label)
    )
    words["stage"] = stage.label
    if planned.limit is None:
        raise Refused(f"“{stage.label}”没有办理期限，无须催办。", clause=clause)
    if planned.limit.due <= as_of:
        over = desk.calendar.count(day_of(planned.limit.due), day_of(as_of))
        words["overdue_by"] = f"{max(1, over)}个工作日"
    bag = Mailbag(tx, desk, as_of)
    occasion = f"nudge@{day_of(as_of)}"
    if role in BY_LETTER:
        bag.remind("nudge", role, each, words, occasion, clause)
    else:
        reader = Role.OFFICE if role is Role.PANEL else role
        bag.notice("nudged", reader, each.facts.id, occasion, clause, day_of(as_of), as_of)
    return bag.write() > 0


def _spoken(day: date) -> str:
    return f"{day.month}月{day.day}日"
