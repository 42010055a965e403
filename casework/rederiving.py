"""When the calendar arrives: every date that hung on it is worked out again, and whoever was told is told (D-6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from casework.calendars import MovedDate, Rederive
from casework.desk import Desk
from casework.loading import Loaded, as_loaded, select_cases
from casework.owed import Mailbag
from casework.timing import rearm_timers
from casework.wording import Wording, spoken
from records.transaction import Transaction
from states.calendar import Calendar, day_of
from states.checked import Process
from states.facts import instant
from states.roles import Role
from states.timers import Kind, Schedule, schedule

PORTION = 1000


def rederive(desk: Desk) -> Rederive:
    """The work ``casework.calendars.import_year`` asks for, on this desk's processes and wording.

    Stages and versions stay as they are; limits and timers move. An applicant whose own limit, or the end of
    whose publicity, became another day gets the letter ``date_moved``.
    """

    def work(tx: Transaction, calendar: Calendar, ids: Sequence[int], as_of: datetime) -> Sequence[MovedDate]:
        renewed = replace(desk, calendar=calendar)
        found: list[MovedDate] = []
        for start in range(0, len(ids), PORTION):
            found += move_dates(tx, renewed, ids[start : start + PORTION], as_of)
        return found

    return work


@dataclass(frozen=True, slots=True)
class Telling:
    """The letter an applicant gets whose dates moved for another reason than the calendar's: its words, under a clause.

    ``letter`` is owed once under ``occasion``; ``words`` go before those of the case.
    """

    letter: str
    occasion: str
    clause: str
    words: Mapping[str, str]


def move_dates(
    tx: Transaction, desk: Desk, ids: Sequence[int], as_of: datetime, telling: Telling | None = None
) -> list[MovedDate]:
    """Work out the limits and timers of these cases again and tell whom it concerns; the limits that moved.

    With a ``telling`` every applicant whose case's limit moved is told by that letter, whoever holds the case.
    """
    mailbag, wording = Mailbag(tx, desk, as_of), Wording(desk, as_of)
    found: list[MovedDate] = []
    sql = f"{select_cases('c.due_at')} WHERE {tx.among('c.id')} ORDER BY c.id"
    for row in tx.rows(sql, (tx.listed(ids),)):
        each, old = as_loaded(row), instant(row[-1])
        process = desk.processes.process(each.facts.process)
        planned = schedule(process, each.facts, desk.calendar)
        _keep_turns(tx, each.facts.id, planned, as_of)
        new = planned.limit.due if planned.limit else None
        provisional = bool(planned.limit and planned.limit.provisional)
        tx.run(
            "UPDATE cases SET due_at = ?, due_provisional = ? WHERE id = ?", (new, provisional, each.facts.id)
        )
        if old is None or new is None or new == old:
            continue
        what = _what(process, each)
        found.append(MovedDate(each.facts.id, each.facts.no, what, old, new))
        if planned.limit is not None and telling is not None:
            words = wording.shared(
                telling.letter,
                process,
                each.facts,
                {},
                as_of,
                planned,
                telling.clause,
                what,
                planned.limit.day,
            )
            told = {**words, **telling.words}
            mailbag.remind(telling.letter, Role.APPLICANT, each, told, telling.occasion, telling.clause)
        elif planned.limit is not None and _concerns_applicant(process, each):
            words = wording.shared(
                "date_moved", process, each.facts, {}, as_of, planned, "D-6", what, planned.limit.day
            )
            told = {**words, "old_due": spoken(_last_day(old)), "new_due": spoken(planned.limit.day)}
            mailbag.remind("date_moved", Role.APPLICANT, each, told, f"moved@{desk.calendar.edition}", "D-6")
    mailbag.write()
    return found


def _keep_turns(tx: Transaction, case_id: int, planned: Schedule, as_of: datetime) -> None:
    """Move the timers; what has fired stays fired, and what still has turns waits for its next one."""
    before = {
        row[0]: (row[1], row[2])
        for row in tx.rows("SELECT key, due, fires_at FROM timer WHERE case_id = ?", (case_id,))
    }
    rearm_timers(tx, [case_id], planned.timers)
    for timer in planned.timers:
        stored_due, stored_next = before.get(timer.key, (None, None))
        done = stored_due is not None and stored_next is None
        if timer.kind is Kind.REMIND and timer.turns:
            following = None if done else timer.next_turn(as_of)
            tx.run(
                "UPDATE timer SET fires_at = ? WHERE case_id = ? AND key = ?", (following, case_id, timer.key)
            )
        elif done and stored_due != tx.encode(timer.due) and timer.due <= as_of:
            tx.run("UPDATE timer SET fires_at = NULL WHERE case_id = ? AND key = ?", (case_id, timer.key))
        tx.run(
            "UPDATE timer SET provisional = ?, edition = ? WHERE case_id = ? AND key = ?",
            (timer.provisional, timer.edition, case_id, timer.key),
        )


def _what(process: Process, each: Loaded) -> str:
    stage = process.stages[each.facts.stage]
    return f"{stage.label}期限" if each.facts.stage != "publicity" else "公示期满"


def _concerns_applicant(process: Process, each: Loaded) -> bool:
    stage = process.stages[each.facts.stage]
    return each.facts.stage == "publicity" or (
        stage.holder is not None and stage.holder.role is Role.APPLICANT
    )


def _last_day(due: datetime) -> date:
    """The last day of a limit whose due instant is the midnight after it."""
    return day_of(due - timedelta(seconds=1))
