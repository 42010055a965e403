"""The words in which a process is declared: stage, held_by, move, at_deadline, at, remind, escalate, duty.

``states/process.py`` uses them so that the declaration reads like the regulation. Everything here is an
immutable value; nothing acts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from states.anchors import Anchor
from states.conditions import Condition
from states.facts import Facts
from states.roles import Role
from states.spans import Span

if TYPE_CHECKING:
    from states.conditions import Circumstances

Effect = Callable[[Facts, "Circumstances"], Mapping[str, Any]]
"""What a move changes in the case beyond its stage: column name → new value."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Something that must be stated with a move: its key, its printed name and its kind.

    ``choices`` is the closed list it must be taken from, if there is one: (key, what it says in words).
    """

    key: str
    label: str
    kind: type = str
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """One way a move may lead: to a stage, provided these conditions hold. An empty stage stays put."""

    to: str
    provided: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A step somebody (or the clock) may take in a stage."""

    name: str
    label: str
    clause: str
    branches: tuple[Branch, ...]
    by: frozenset[Role]
    asks: tuple[Ask, ...] = ()
    letter: str | None = None
    tells: tuple[Role, ...] = ()
    effect: Effect | None = None
    takes_seat: bool = False

    @property
    def stays(self) -> bool:
        """True when the case remains in its stage and the stage's clock goes on."""
        return self.branches[0].to == ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who must act in a stage, and until when; ``limit`` is None for a stage without a limit."""

    role: Role
    limit: Anchor | None = None


@dataclass(frozen=True, slots=True)
class ClockMove:
    """A move the clock makes when ``when_due`` passes; ``applies`` says for which cases the timer exists."""

    move: Move
    when_due: Anchor | None
    applies: Condition | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A letter (to an applicant) or a line in the digest (to staff) before something falls due.

    ``provided`` is asked when it is about to be told: what is settled by then needs no reminder.
    """

    role: Role
    letter: str
    before: tuple[Span, ...]
    of: Anchor | None
    clause: str
    provided: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Escalation:
    """Told when a limit has passed without an answer, once ``after`` it and then ``every`` so often."""

    role: Role
    letter: str
    after: Span
    every: Span | None
    of: Anchor | None
    clause: str


@dataclass(frozen=True, slots=True)
class Duty:
    """A yearly duty of a listed institution, due on the same month and day of every year of its term."""

    key: str
    label: str
    month: int
    day: int
    before: tuple[Span, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A station of a case's life."""

    key: str
    label: str
    clause: str
    holder: Holder | None
    moves: tuple[Move, ...]
    clock: tuple[ClockMove, ...]
    reminders: tuple[Reminder, ...]
    escalations: tuple[Escalation, ...]
    duties: tuple[Duty, ...]
    end: bool = False
    in_directory: bool = False
    takes_seat: bool = False


Part = Holder | Move | ClockMove | Reminder | Escalation | Duty
P = TypeVar("P", bound=Part)


def stage(
    key: str,
    label: str,
    *parts: Part,
    clause: str,
    in_directory: bool = False,
    takes_seat: bool = False,
) -> Stage:
    """A stage with its holder, moves, timers and duties, in the order they are read."""

    def of(kind: type[P]) -> tuple[P, ...]:
        return tuple(part for part in parts if isinstance(part, kind))

    holders = of(Holder)
    return Stage(
        key,
        label,
        clause,
        holders[0] if holders else None,
        of(Move),
        of(ClockMove),
        of(Reminder),
        of(Escalation),
        of(Duty),
        in_directory=in_directory,
        takes_seat=takes_seat,
    )


def end(key: str, label: str, *, clause: str) -> Stage:
    """A stage in which a case rests for good."""
    return Stage(key, label, clause, None, (), (), (), (), (), end=True)


def held_by(role: Role, *, until: Anchor | None = None) -> Holder:
    """Who holds a stage, and until when."""
    return Holder(role, until)


def move(
    name: str,
    label: str,
    *,
    to: "str | tuple[Branch, ...]",
    by: "Role | tuple[Role, ...]",
    clause: str,
    provided: tuple[Condition, ...] = (),
    asks: tuple[Ask, ...] = (),
    letter: str | None = None,
    tells: tuple[Role, ...] = (),
    effect: Effect | None = None,
    takes_seat: bool = False,
) -> Move:
    """A step by hand; ``to`` names one stage, or branches tried in order, or "" to stay in the stage."""
    if isinstance(to, str):
        branches: tuple[Branch, ...] = (Branch(to, provided),)
    else:
        branches = tuple(Branch(branch.to, (*provided, *branch.provided)) for branch in to)
    roles = frozenset((by,) if isinstance(by, Role) else by)
    return Move(name, label, clause, branches, roles, asks, letter, tells, effect, takes_seat)


def at_deadline(
    name: str,
    label: str,
    *,
    to: str,
    clause: str,
    provided: tuple[Condition, ...] = (),
    letter: str | None = None,
    tells: tuple[Role, ...] = (),
    effect: Effect | None = None,
    takes_seat: bool = False,
    when: Anchor | None = None,
    applies: Condition | None = None,
) -> ClockMove:
    """What the clock does when the stage's limit (or another anchor, ``when``) has passed."""
    made = move(
        name,
        label,
        to=to,
        by=Role.CLOCK,
        clause=clause,
        provided=provided,
        letter=letter,
        tells=tells,
        effect=effect,
        takes_seat=takes_seat,
    )
    return ClockMove(made, when, applies)


def remind(
    role: Role,
    letter: str,
    *,
    before: tuple[Span, ...],
    clause: str,
    of: Anchor | None = None,
    provided: tuple[Condition, ...] = (),
) -> Reminder:
    """Remind ``role`` so long before the stage's limit (or another anchor), if there is still something to do."""
    return Reminder(role, letter, before, of, clause, provided)


def escalate(
    role: Role,
    letter: str,
    *,
    after: Span,
    clause: str,
    every: Span | None = None,
    of: Anchor | None = None,
) -> Escalation:
    """Tell ``role`` that the stage's limit (or another anchor) passed so long ago and nothing happened."""
    return Escalation(role, letter, after, every, of, clause)


def duty(key: str, label: str, *, due: tuple[int, int], before: tuple[Span, ...], clause: str) -> Duty:
    """A yearly duty, due at the end of (month, day)."""
    return Duty(key, label, due[0], due[1], before, clause)


def duty_periods(each: Duty, first: date, last: date) -> tuple[date, ...]:
    """The days between ``first`` (excluded) and ``last`` (included) on which the duty falls due."""
    days = (date(year, each.month, each.day) for year in range(first.year, last.year + 1))
    return tuple(day for day in days if first < day <= last)
