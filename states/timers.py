"""Which timers a case has in its stage: derived from the declaration, the facts, the rules and the calendar.

Timers are rows in the database, but this is where they come from, and the nightly check derives them again and
compares. A timer is due at the first instant after its last day (midnight in Shanghai); reminders are due at
nine in the morning of their day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile

from states.anchors import Anchor, on_day
from states.calendar import Calendar, WorkedOut, at_time, day_of, start_of
from states.checked import Process
from states.conditions import Circumstances
from states.declaration import Duty, Escalation, Reminder, duty_periods
from states.facts import Facts, day, instant
from states.roles import STAFF, Role

REMIND_AT = 9
"""Reminders and escalations are due at this hour in Shanghai."""


_NEVER = datetime(1, 1, 1, tzinfo=UTC)


class Kind(StrEnum):
    """What a timer does when it is due."""

    MOVE = "move"
    REMIND = "remind"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class Timer:
    """One timer of one case; ``key`` is unique within the case.

    ``turns`` are the instants of a timer that fires more than once (reminders 10, 3 and 1 working days before);
    ``due`` is the first. ``about`` is the last day of what the timer is about, not the reminder's own day.
    """

    key: str
    kind: Kind
    due: datetime
    about: date
    clause: str
    role: str = ""
    letter: str = ""
    move: str = ""
    provisional: bool = False
    edition: str = ""
    turns: tuple[datetime, ...] = ()

    def last_turn(self, as_of: datetime) -> datetime:
        """The latest turn due by ``as_of``: of several that were missed only this one is told (D-7)."""
        return max((turn for turn in self.turns if turn <= as_of), default=self.due)

    def next_turn(self, as_of: datetime) -> datetime | None:
        """The first turn after ``as_of``; None when that was the last."""
        return min((turn for turn in self.turns if turn > as_of), default=None)


@dataclass(frozen=True, slots=True)
class Schedule:
    """All timers of a case in its stage, and the stage's own limit if it has one."""

    timers: tuple[Timer, ...]
    limit: WorkedOut | None

    def timer(self, key: str) -> Timer | None:
        """The timer of that key, or None."""
        return next((timer for timer in self.timers if timer.key == key), None)


def schedule(process: Process, facts: Facts, calendar: Calendar) -> Schedule:
    """Derive the timers of a case from its stage, its days, the rules and the calendar: nothing else counts.

    Cases that entered a stage on the same day share one schedule, worked out once; only whether the reminders of that
    day had gone out by then (nine in the morning) makes two.
    """
    return _schedule(
        process,
        calendar,
        Facts(
            0, "", 0, "", "", "", "", 0, "", "",
            facts.stage,
            _from_nine(facts.entered_at),
            _NEVER,
            returned_from=facts.returned_from,
            posted_at=instant(facts.posted_at),
            term_starts_at=_start(facts.term_starts_at) if facts.term_starts_at else None,
            term_last_day=day(facts.term_last_day),
            rectification_due=day(facts.rectification_due),
            leaving_on=day(facts.leaving_on),
            renewal_correction_due=day(facts.renewal_correction_due),
        ),
    )  # fmt: skip


def _start(stored: datetime | str) -> datetime:
    at = instant(stored)
    assert at is not None
    return start_of(day_of(at))


def _from_nine(stored: datetime | str) -> datetime:
    at = instant(stored)
    assert at is not None
    nine = at_time(day_of(at), REMIND_AT)
    return nine if at >= nine else start_of(day_of(at))


@lru_cache(maxsize=4096)
def _schedule(process: Process, calendar: Calendar, facts: Facts) -> Schedule:
    stage = process.stages[facts.stage]
    anchors: dict[str, WorkedOut | None] = {}

    def worked(anchor: Anchor | None) -> WorkedOut | None:
        anchor = anchor or (stage.holder.limit if stage.holder else None)
        if anchor is None:
            return None
        if anchor.key not in anchors:
            anchors[anchor.key] = anchor.work_out(facts, process.rules, calendar)
        return anchors[anchor.key]

    entered = instant(facts.entered_at)
    assert entered is not None
    timers: list[Timer] = []
    limit = worked(None)
    for clock in stage.clock:
        found = worked(clock.when_due)
        if found is not None and (
            clock.applies is None or clock.applies(facts, Circumstances(entered, process.rules, calendar))
        ):
            timers.append(
                _timer(clock.move.name, Kind.MOVE, found.due, found, clock.move.clause, move=clock.move.name)
            )
    for reminder in stage.reminders:
        found = worked(reminder.of)
        if found is not None:
            timers.extend(_reminders(reminder_key(reminder), reminder, found, calendar, day_of(entered)))
    for escalation in stage.escalations:
        found = worked(escalation.of)
        if found is not None:
            timers.append(_escalations(escalation, found, calendar))
    for each in stage.duties:
        timers.extend(_duties(each, facts, calendar, entered))
    return Schedule(tuple(timers), limit)


def _timer(
    key: str,
    kind: Kind,
    due: datetime,
    of: WorkedOut,
    clause: str,
    *,
    role: str = "",
    letter: str = "",
    move: str = "",
    provisional: bool = False,
    turns: tuple[datetime, ...] = (),
) -> Timer:
    moving = of.provisional or provisional
    return Timer(key, kind, due, of.day, clause, role, letter, move, moving, of.edition, turns)


def _reminders(
    key: str, reminder: Reminder, of: WorkedOut, calendar: Calendar, entered: date
) -> Iterator[Timer]:
    """One timer with a turn for each span; turns on or before the day of entry would tell nothing new."""
    told = [span.before(of.day, calendar) for span in reminder.before]
    turns = tuple(sorted({at_time(each.day, REMIND_AT) for each in told if each.day > entered}))
    if turns:
        yield _timer(
            key, Kind.REMIND, turns[0], of, reminder.clause, role=reminder.role, letter=reminder.letter,
            provisional=any(each.provisional for each in told), turns=turns,
        )  # fmt: skip


def _escalations(escalation: Escalation, of: WorkedOut, calendar: Calendar) -> Timer:
    told = escalation.after.after(of.day, calendar)
    return _timer(
        escalation_key(escalation), Kind.ESCALATE, at_time(told.day, REMIND_AT), of,
        escalation.clause, role=escalation.role, letter=escalation.letter, provisional=told.provisional,
    )  # fmt: skip


def next_escalation(
    escalation: Escalation, due: datetime, as_of: datetime, calendar: Calendar
) -> datetime | None:
    """When a repeated escalation fires again: its first turn after ``as_of`` (D-7: missed turns are one)."""
    return next((turn for turn in _turns(escalation, due, calendar) if turn > as_of), None)


def last_escalation(escalation: Escalation, due: datetime, as_of: datetime, calendar: Calendar) -> datetime:
    """The latest turn of an escalation by ``as_of``: of several that were missed only this one is told (D-7)."""
    past = takewhile(lambda turn: turn <= as_of, _turns(escalation, due, calendar))
    return max(past, default=due)


def _turns(escalation: Escalation, due: datetime, calendar: Calendar) -> Iterator[datetime]:
    yield due
    told = day_of(due)
    while escalation.every is not None and escalation.every.count:
        told = escalation.every.after(told, calendar).day
        yield at_time(told, REMIND_AT)


def reminder_key(reminder: Reminder) -> str:
    """The key of a reminder's timer within its case."""
    return f"remind:{reminder.letter}:{reminder.role}"


def escalation_key(escalation: Escalation) -> str:
    """The key of an escalation's timer within its case."""
    return f"escalate:{escalation.letter}:{escalation.role}"


def _duties(duty: Duty, facts: Facts, calendar: Calendar, entered: datetime) -> Iterator[Timer]:
    """The duties of a term that are still to be told; one due just before the stage was entered is told from here.

    A term granted early (D-8) begins in the future, but the case stands in the directory, and owes, all the while.
    """
    starts, last = instant(facts.term_starts_at), day(facts.term_last_day)
    if starts is None or last is None:
        return
    for due in duty_periods(duty, min(day_of(starts), day_of(entered)), last):
        overdue = at_time(_next(due), REMIND_AT)
        if overdue <= entered:
            continue
        of = on_day(due, calendar)
        before = Reminder(Role.APPLICANT, "duty_due", duty.before, None, duty.clause)
        yield from _reminders(f"duty_due:{duty.key}:{due.year}", before, of, calendar, day_of(entered))
        yield _timer(
            f"duty_overdue:{duty.key}:{due.year}", Kind.REMIND, overdue, of, duty.clause,
            role=Role.APPLICANT, letter="duty_overdue",
        )  # fmt: skip


def _next(the_day: date) -> date:
    return date.fromordinal(the_day.toordinal() + 1)


def goes_to_digest(timer: Timer) -> bool:
    """Staff are told once a day for all their cases; applicants get a letter of their own."""
    return timer.role in STAFF
