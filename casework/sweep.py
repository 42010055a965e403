"""Firing what is due: clock moves, reminders, escalations. Safe to run any time, anywhere, twice (laws 3 and 5).

Everything happens in the order of its legal time and takes effect at its legal time, however late the sweep
comes (D-7). What cannot happen is held and says why; what fails becomes an incident and does not stop the rest.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from casework.actors import CLOCK
from casework.audit import Chain, Entry
from casework.desk import Desk
from casework.gate import Wanted, advance_in
from casework.incidents import open_incident
from casework.loading import Loaded, load
from casework.objections.overdue import tell_overdue
from casework.owed import Mailbag
from casework.particulars.overdue import tell_changes
from casework.supervision.failings import tell_unanswered
from casework.timing import Planned
from casework.wording import Wording
from records.timers import HELD
from records.transaction import Transaction, reading, transaction
from states.calendar import day_of, end_of
from states.conditions import Circumstances
from states.declaration import Escalation
from states.facts import Facts, day, instant
from states.refusals import cited
from states.roles import STAFF, Role
from states.timers import Kind, escalation_key, last_escalation, next_escalation, reminder_key

PORTION = 1000
_DUE = (
    "SELECT t.fires_at, c.process, c.stage, t.kind, t.key, t.due, t.about, t.clause, t.role, t.letter,"
    " t.move, t.case_id FROM timer t JOIN cases c ON c.id = t.case_id WHERE t.fires_at <= ?"
    " ORDER BY t.fires_at, t.case_id, t.key LIMIT ?"
)
"""In the order of the index: of a hundred thousand that are due at one instant none need be sorted."""

_ALIKE = attrgetter("process", "stage", "kind", "key")


class Due(NamedTuple):
    """One due timer as read from the database."""

    fires_at: Any
    process: str
    stage: str
    kind: str
    key: str
    due: Any
    about: Any
    clause: str
    role: str
    letter: str
    move: str
    case_id: int


@dataclass(slots=True)
class SweepReport:
    """What one sweep did."""

    moved: int = 0
    reminded: int = 0
    noticed: int = 0
    held: int = 0
    skipped: int = 0
    incidents: int = 0
    moves: dict[str, int] = field(default_factory=dict)

    @property
    def fired(self) -> int:
        """All timers that were dealt with."""
        return self.moved + self.reminded + self.noticed + self.held + self.skipped + self.incidents


def sweep(
    desk: Desk, *, as_of: datetime, progress: Callable[[SweepReport], None] | None = None
) -> SweepReport:
    """Fire every timer due by ``as_of`` (aware UTC), portion by portion, each in one transaction."""
    report = SweepReport()
    while True:
        try:
            with transaction(desk.engine) as tx:
                more = _portion(tx, desk, as_of, report, PORTION)
        except Exception:  # noqa: BLE001 - whatever failed is found again timer by timer, and stored
            more = _one_by_one(desk, as_of, report)
        if progress:
            progress(report)
        if not more:
            report.noticed += tell_overdue(desk, as_of=as_of) + tell_unanswered(desk, as_of=as_of)
            report.noticed += tell_changes(desk, as_of=as_of)
            return report


def _portion(tx: Transaction, desk: Desk, as_of: datetime, report: SweepReport, size: int) -> bool:
    """Fire up to ``size`` timers in the open transaction; True when there may be more."""
    rows = [Due._make(row) for row in tx.rows(_DUE, (as_of, size))]
    if not rows:
        return False
    tally = SweepReport()
    if len(rows) == size and rows[0].case_id != rows[-1].case_id:
        # The last case may have more that is due at this instant than this portion holds.
        last = (rows[-1].fires_at, rows[-1].case_id)
        rows = [row for row in rows if (row.fires_at, row.case_id) != last]
    instants = [list(group) for _, group in groupby(rows, key=attrgetter("fires_at"))]
    gone: set[int] = set()
    for at, group in enumerate(instants):
        for _, alike in groupby(sorted(group, key=_ALIKE), key=_ALIKE):
            members = [row for row in alike if row.case_id not in gone]
            if members:
                gone |= _fire(tx, desk, members, as_of, tally)
        if gone and at + 1 < len(instants):
            first = tx.one("SELECT min(fires_at) FROM timer WHERE fires_at <= ?", (as_of,))
            if first and first[0] is not None and first[0] < instants[at + 1][0].fires_at:
                break
    _add(report, tally)
    return True


def _fire(tx: Transaction, desk: Desk, alike: list[Due], as_of: datetime, report: SweepReport) -> set[int]:
    """Fire timers of one kind, key and instant; the ids of the cases that left their stage."""
    kind = alike[0].kind
    if kind == Kind.MOVE:
        return _make_moves(tx, desk, alike, as_of, report)
    if kind == Kind.REMIND:
        _remind(tx, desk, alike, as_of, report)
    else:
        escalation, due = _escalation(desk, alike[0]), instant(alike[0].due)
        assert due is not None
        members = load(tx, [row.case_id for row in alike])
        _tell(
            tx, desk, alike[0], members, last_escalation(escalation, due, as_of, desk.calendar), as_of, report
        )
        _wait_until(tx, alike[0].key, members, next_escalation(escalation, due, as_of, desk.calendar))
    return set()


def _make_moves(
    tx: Transaction, desk: Desk, alike: list[Due], as_of: datetime, report: SweepReport
) -> set[int]:
    legal = instant(alike[0].due)
    wanted = [Wanted(row.case_id, effective=legal) for row in alike]
    name = alike[0].move
    outcome = advance_in(tx, desk, name, wanted, by=CLOCK, as_of=as_of, partial=True)
    report.moved += outcome.moved
    report.moves[name] = report.moves.get(name, 0) + outcome.moved
    report.held += len(outcome.turned)
    tx.many(
        "UPDATE timer SET fires_at = ?, held_why = ? WHERE case_id = ? AND key = ?",
        (
            (tx.encode(HELD), cited(turned.sentence, turned.clause), turned.id, alike[0].key)
            for turned in outcome.turned
        ),
    )
    return {row.case_id for row in alike} - {turned.id for turned in outcome.turned}


def _remind(tx: Transaction, desk: Desk, alike: list[Due], as_of: datetime, report: SweepReport) -> None:
    """Tell the latest turn of a reminder, unless its day has passed (D-7), and wait for the next."""
    process = desk.processes.process(alike[0].process)
    by_turn: dict[tuple[datetime | None, datetime | None], list[Loaded]] = {}
    planned = Planned(process, desk.calendar)
    for each in load(tx, [row.case_id for row in alike]):
        timer = planned(each.facts).timer(alike[0].key)
        turn = timer.last_turn(as_of) if timer else None
        by_turn.setdefault((turn, timer.next_turn(as_of) if timer else None), []).append(each)
    last = day(alike[0].about)
    overdue = alike[0].letter == "duty_overdue"
    for (turn, following), members in by_turn.items():
        if turn is None or (last is not None and end_of(last) <= as_of and not overdue):
            report.skipped += len(members)
        else:
            _tell(tx, desk, alike[0], members, turn, as_of, report)
        _wait_until(tx, alike[0].key, members, following)


def _tell(
    tx: Transaction,
    desk: Desk,
    first: Due,
    members: Sequence[Loaded],
    legal: datetime | None,
    as_of: datetime,
    report: SweepReport,
) -> None:
    mailbag, chain, wording = Mailbag(tx, desk, as_of), Chain(tx), Wording(desk, as_of)
    role, about = Role(first.role), day(first.about)
    settled = _settled(desk, first, as_of)
    assert legal is not None
    occasion = f"{first.key}@{day_of(legal)}"
    process = desk.processes.process(first.process)
    duty = _duty_words(process, first.stage, first.key) if first.letter.startswith("duty_") else {}
    told: list[tuple[int, int]] = []
    planned = Planned(process, desk.calendar)
    for each in members:
        facts = each.facts
        if settled(facts):
            report.skipped += 1
            continue
        told.append((facts.id, facts.version))
        if role in STAFF:
            mailbag.notice(first.letter, first.role, facts.id, occasion, first.clause, about, legal)
            report.noticed += 1
            continue
        words = wording.shared(
            first.letter, process, facts, {}, legal, planned(facts), first.clause, "", about
        )
        if duty:
            words = {**words, **duty}
        mailbag.remind(first.letter, role, each, words, occasion, first.clause)
        report.reminded += 1
    entry = Entry(
        legal, as_of, CLOCK.signature, "reminder", first.letter, from_stage=first.stage, to_stage=first.stage,
        clause=first.clause, detail={"role": first.role, "about": about},
    )  # fmt: skip
    chain.extend(entry, told)
    chain.write()
    mailbag.write()


def _settled(desk: Desk, first: Due, as_of: datetime) -> Callable[[Facts], bool]:
    """Whether what is to be told needs no telling any more: the duty is done, the renewal applied for."""
    process = desk.processes.process(first.process)
    if first.letter.startswith("duty_"):
        return lambda facts: _duty_done(first.key, facts.duties_done)
    around = Circumstances(as_of, process.rules, desk.calendar)
    provided = tuple(
        condition
        for each in process.stages[first.stage].reminders
        if reminder_key(each) == first.key
        for condition in each.provided
    )
    return lambda facts: not all(condition(facts, around) for condition in provided)


def _duty_done(key: str, done: str) -> bool:
    _, duty, year = key.split(":")[:3]
    return f"{duty}:{year}" in done.split(",")


def _duty_words(process: Any, stage: str, key: str) -> dict[str, str]:
    _, duty, year = key.split(":")[:3]
    label = next(each.label for each in process.stages[stage].duties if each.key == duty)
    return {"duty": label, "year": year}


def _escalation(desk: Desk, first: Due) -> Escalation:
    stage = desk.processes.process(first.process).stages[first.stage]
    return next(each for each in stage.escalations if escalation_key(each) == first.key)


def _wait_until(tx: Transaction, key: str, members: Sequence[Loaded], at: datetime | None) -> None:
    """These timers fire again at that instant; None: never again."""
    when = tx.encode(at)
    tx.many(
        "UPDATE timer SET fires_at = ? WHERE case_id = ? AND key = ?",
        ((when, each.facts.id, key) for each in members),
    )


def _one_by_one(desk: Desk, as_of: datetime, report: SweepReport) -> bool:
    """After a failure: the same portion, a timer at a time; the one that fails becomes an incident."""
    with reading(desk.engine) as tx:
        rows = [Due._make(row) for row in tx.rows(_DUE, (as_of, PORTION))]
    for row in rows:
        tally = SweepReport()
        try:
            with transaction(desk.engine) as tx:
                still = tx.one(
                    "SELECT 1 FROM timer WHERE case_id = ? AND key = ? AND fires_at <= ?",
                    (row.case_id, row.key, as_of),
                )
                if still:
                    _fire(tx, desk, [row], as_of, tally)
        except Exception as error:  # noqa: BLE001 - law 11: one case must not stop the others
            _store_failure(desk, row, error, as_of)
            tally = SweepReport(incidents=1)
        _add(report, tally)
    return bool(rows)


def _store_failure(desk: Desk, row: Due, error: Exception, as_of: datetime) -> None:
    reason = f"到期办理“{row.move or row.letter}”失败：{type(error).__name__}：{error}"
    with transaction(desk.engine) as tx:
        tx.run(
            "UPDATE timer SET fires_at = ?, held_why = ? WHERE case_id = ? AND key = ?",
            (HELD, reason, row.case_id, row.key),
        )
        open_incident(tx, "timer_failed", row.case_id, row.key, reason, as_of)


def _add(report: SweepReport, tally: SweepReport) -> None:
    for name in ("moved", "reminded", "noticed", "held", "skipped", "incidents"):
        setattr(report, name, getattr(report, name) + getattr(tally, name))
    for move, count in tally.moves.items():
        report.moves[move] = report.moves.get(move, 0) + count
