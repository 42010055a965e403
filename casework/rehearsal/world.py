"""The rehearsed world: a scratch installation, what people will do in it, and how they do it.

People act through the gate like everyone: one case by ``act``, many by ``batch`` (previewed, then run as
previewed). What is refused is written down and the show goes on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from casework import plans
from casework.actors import Actor
from casework.desk import Desk
from casework.gate import advance
from casework.installation import Installation
from casework.loading import Loaded, load
from casework.rehearsal.agenda import Agenda
from casework.rehearsal.cast import called, organiser
from casework.rehearsal.journal import Journal
from casework.rehearsal.pigeonhole import Pigeonhole
from casework.selection import Selection
from records.transaction import reading
from states.calendar import at_time, day_of
from states.call_rules import CallRules, TrackRules
from states.checked import Process
from states.facts import Facts
from states.ranking import Ranking
from states.refusals import Refused

TRACK = "evaluation"

T = TypeVar("T")


@dataclass(slots=True)
class World:
    """Everything a rehearsal goes on. ``now`` is the simulated instant (aware UTC)."""

    installation: Installation
    desk: Desk
    call: CallRules
    calls: Path | None
    institutions: int
    seed: int
    papers: Path
    now: datetime
    until: datetime
    pigeonhole: Pigeonhole
    agenda: Agenda = field(default_factory=Agenda)
    journal: Journal = field(default_factory=Journal)
    parts: dict[str, str] = field(default_factory=dict)
    """Which part a case plays (case number → part)."""
    panels: dict[str, str] = field(default_factory=dict)
    """Which part a panel plays (panel number → part)."""
    extended: set[str] = field(default_factory=set)
    """Panels whose vote goes on beyond its first close."""
    objected: str = ""
    """The code of the expert whom an applicant asks to recuse."""
    rankings: list[Ranking] = field(default_factory=list)
    """As they stood when the group decided."""
    thrifty: bool = True
    """Whether passphrases may be kept under a cheap lock: in what is thrown away, never in what is kept."""
    recommended: int = 0
    listed: int = 0
    later_opens: date | None = None

    @property
    def rules(self) -> TrackRules:
        """The rules of the rehearsed track."""
        return self.call.track(TRACK)

    def dice(self, about: str) -> Random:
        """Chance, the same for the same seed and the same thing it is about."""
        return Random(f"{self.seed}/{about}")

    def working_day(self, after: date | datetime, n: int, hour: int = 10, minute: int = 0) -> datetime:
        """The ``n``-th working day after a day, at an hour in Shanghai; before it for a negative ``n``, itself for 0."""
        day = day_of(after) if isinstance(after, datetime) else after
        calendar = self.desk.calendar
        if n > 0:
            day = calendar.working_days_after(day, n).day
        elif n < 0:
            day = calendar.working_days_before(day, -n).day
        return at_time(day, hour, minute)

    def cases(self, **chosen: Any) -> list[Loaded]:
        """The cases of a selection, by number."""
        where, values = Selection(**chosen).where()
        with reading(self.desk.engine) as tx:
            ids = [row[0] for row in tx.rows(f"SELECT c.id FROM cases c WHERE {where} ORDER BY c.no", values)]
            return sorted(load(tx, ids), key=lambda each: each.facts.no) if ids else []

    def case(self, no: str) -> Facts:
        """One case as it stands now."""
        return self.cases(nos=(no,))[0].facts

    def act(self, move: str, no: str, by: Actor, **inputs: Any) -> bool:
        """Somebody makes a move on one case now; False when it was refused, in words kept by the journal."""
        outcome = advance(
            self.desk, move, [self.case(no).id], by=by, as_of=self.now, inputs=inputs, partial=True
        )
        for turned in outcome.turned:
            self.journal.add(self.now, called(by), self.label(move), no, turned.sentence, turned.clause)
        return outcome.moved == 1

    def later(self, when: datetime, move: str, no: str, by: Actor, **inputs: Any) -> None:
        """Somebody will make a move on one case."""
        self.agenda.at(when, partial(self.act, move, no, by, **inputs))

    def batch(self, move: str, nos: Iterable[str], by: Actor, **inputs: Any) -> list[str]:
        """Preview a batch, run exactly that, and write down who stays behind and why; the numbers that moved."""
        chosen = tuple(nos)
        if not chosen:
            return []
        plan = plans.preview(self.desk, move, Selection(nos=chosen), by=by, as_of=self.now, inputs=inputs)
        for line in plan.staying:
            self.journal.add(self.now, called(by), self.label(move), line.no, line.why or "", line.clause)
        if plan.going:
            plans.run(self.desk, plan, by=by, as_of=self.now)
        return [line.no for line in plan.going]

    def refused(self, by: Actor, what: str, about: str, why: Refused) -> None:
        """Write down what somebody was refused now."""
        self.journal.refuse(self.now, called(by), what, about, why)

    def tries(self, by: Actor, what: str, about: str, act: Callable[[], T]) -> T | None:
        """Somebody tries something outside the gate; None when it was refused, in words kept by the journal."""
        try:
            return act()
        except Refused as refusal:
            self.refused(by, what, about, refusal)
            return None

    def hidden(self, about: str) -> str:
        """64 hexadecimal characters that a real installation would take from the system's randomness."""
        return sha256(f"{self.seed}/{self.call.code}/{about}".encode()).hexdigest()

    @property
    def organiser(self) -> Actor:
        """Who organises expert review."""
        return organiser(self.rules.review_organiser.value)

    @property
    def process(self) -> Process:
        """The process of the rehearsed track."""
        return self.desk.processes.process(self.desk.processes.key_for(self.call.code, TRACK))

    @property
    def in_directory(self) -> tuple[str, ...]:
        """The stages in which an institution stands in the directory."""
        return tuple(stage.key for stage in self.process.stages.values() if stage.in_directory)

    def label(self, move: str) -> str:
        """A move's printed name."""
        return "受理申报" if move == "file" else self.process.labels.get(move, move)
