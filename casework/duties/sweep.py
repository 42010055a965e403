"""Telling of duties by their rows: one index finds what is due, each turn is told once (laws 3 and 5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from casework.actors import CLOCK
from casework.audit import Chain, Entry
from casework.desk import Desk
from casework.duties.letters import owe_staff
from casework.loading import Loaded, load
from casework.owed import Mailbag
from casework.wording import Wording, spoken
from records.transaction import Transaction, reading, transaction
from states.calendar import Calendar, day_of
from states.call_rules import TrackRules
from states.duties.kinds import EMERGENCY, KINDS
from states.duties.turns import Turn, due_turn, following, turns
from states.facts import instant
from states.roles import Role
from states.timers import Schedule

PORTION = 1000
_DUE = (
    "SELECT id, kind, owner, about, case_id, label, clause, owed_at, due_at, explained, overdue_told_at FROM duty_owed"
    " WHERE next_at <= ? ORDER BY next_at, id LIMIT ?"
)


class _Row(NamedTuple):
    id: int
    kind: str
    owner: str
    about: str
    case_id: int | None
    label: str
    clause: str
    owed_at: Any
    due_at: Any
    explained: str
    overdue_told_at: Any


@dataclass(slots=True)
class DutySweepReport:
    """What one sweep of the duties did: reminders owed, duties marked overdue."""

    reminded: int = 0
    overdue: int = 0

    @property
    def fired(self) -> int:
        """All rows that were dealt with."""
        return self.reminded + self.overdue


def sweep_duties(desk: Desk, *, as_of: datetime) -> DutySweepReport:
    """Tell of every duty whose turn has come by ``as_of`` (aware UTC), portion by portion, each in one transaction."""
    report = DutySweepReport()
    while True:
        with reading(desk.engine) as tx:
            if tx.one("SELECT 1 FROM duty_owed WHERE next_at <= ? LIMIT 1", (as_of,)) is None:
                return report
        with transaction(desk.engine) as tx:
            _portion(tx, desk, as_of, report)


def next_duty(tx: Transaction) -> datetime | None:
    """When the next duty has its turn."""
    row = tx.one("SELECT min(next_at) FROM duty_owed")
    return instant(row[0]) if row else None


def _portion(tx: Transaction, desk: Desk, as_of: datetime, report: DutySweepReport) -> None:
    rows = [_Row._make(row) for row in tx.rows(_DUE, (as_of, PORTION))]
    cases = {each.facts.id: each for each in load(tx, sorted({row.case_id for row in rows if row.case_id}))}
    chain, mailbag, wording = Chain(tx), Mailbag(tx, desk, as_of), Wording(desk, as_of)
    after: list[tuple[Any, ...]] = []
    for row in rows:
        case = cases.get(row.case_id) if row.case_id else None
        all_turns = _turns(desk, row, case)
        turn = due_turn(all_turns, as_of)
        if turn is not None and not (turn.overdue and row.overdue_told_at):
            _tell(tx, desk, row, case, turn, mailbag, wording, as_of)
            if turn.overdue:
                report.overdue += 1
                chain.append(_entry(row, "overdue", as_of))
            else:
                report.reminded += 1
                chain.append(_entry(row, "reminded", as_of))
        told = as_of if turn is not None and turn.overdue else instant(row.overdue_told_at)
        after.append((tx.encode(following(all_turns, as_of)), tx.encode(told), row.id))
    tx.many("UPDATE duty_owed SET next_at = ?, overdue_told_at = ? WHERE id = ?", after)
    chain.write()
    mailbag.write()


def _turns(desk: Desk, row: _Row, case: Loaded | None) -> tuple[Turn, ...]:
    owed, due = instant(row.owed_at), instant(row.due_at)
    assert owed is not None
    assert due is not None
    last = day_of(due - timedelta(microseconds=1))
    return turns(last, day_of(owed), _rules(desk, row, case).reminders.value, desk.calendar)


def _rules(desk: Desk, row: _Row, case: Loaded | None) -> TrackRules:
    key = case.facts.process if case else desk.processes.key_for(row.about.partition("/")[0], "training")
    return desk.processes.process(key).rules


def _tell(
    tx: Transaction,
    desk: Desk,
    row: _Row,
    case: Loaded | None,
    turn: Turn,
    mailbag: Mailbag,
    wording: Wording,
    as_of: datetime,
) -> None:
    """The institution that owes it gets a letter of its own; of an emergency left alone the three hear, too."""
    due = instant(row.due_at)
    assert due is not None
    last = day_of(due - timedelta(microseconds=1))
    letter = "obligation_overdue" if turn.overdue else "obligation_due"
    # A duty that is owed anew, and falls overdue anew, is told anew.
    occasion = f"owed:{row.kind}:{row.about}@{day_of(turn.at)}"
    words = {
        "duty": f"{KINDS[row.kind].asks}：{row.label}", "due": spoken(last), "explanation": row.explained,
        "days_left": str(_left(desk.calendar, as_of, due)), "clause": row.clause,
    }  # fmt: skip
    if case is None:
        owe_staff(tx, desk, f"province_{letter}", [row.owner], words, occasion, row.clause, as_of)
        return
    process = desk.processes.process(case.facts.process)
    nothing = Schedule((), None)
    shared = wording.shared(letter, process, case.facts, {}, as_of, nothing, row.clause, "", last)
    mailbag.remind(letter, Role.APPLICANT, case, {**shared, **words}, occasion, row.clause)
    if turn.overdue and row.kind == EMERGENCY:
        department = [case.facts.channel] if case.facts.channel.startswith("D") else []
        readers = [f"P{case.facts.province}", *department, Role.OFFICE.value, Role.GROUP.value]
        told = {**words, "institution": case.institution, "no": case.facts.no}
        owe_staff(
            tx, desk, "emergency_silent", readers, told, occasion, row.clause, as_of, case_id=case.facts.id
        )


def _left(calendar: Calendar, as_of: datetime, due: datetime) -> int:
    """Working days until the last day, today not counted."""
    last, today = day_of(due - timedelta(microseconds=1)), day_of(as_of)
    return calendar.count(today + timedelta(days=1), last)


def _entry(row: _Row, name: str, as_of: datetime) -> Entry:
    at = instant(row.due_at) if name == "overdue" else as_of
    assert at is not None
    detail = {"duty": row.kind, "about": row.about, "owner": row.owner}
    return Entry(
        min(at, as_of), as_of, CLOCK.signature, "duty", name, row.case_id, clause=row.clause, detail=detail
    )
