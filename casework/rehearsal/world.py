"""The rehearsed world as one track sees it: a scratch installation, what people will do in it, and how they do it.

A call is lived through in one course of time by all its open tracks, and by each province that selects for itself.

People act through the gate like everyone: one case by ``act``, many by ``batch`` (previewed, then run as
previewed). What is refused is written down and the show goes on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
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
from casework.rehearsal.cast import Staff, called, provincial, staff_of
from casework.rehearsal.journal import Journal
from casework.rehearsal.pigeonhole import Pigeonhole
from casework.selection import Selection
from records.transaction import reading
from states.calendar import at_time, day_of
from states.call_rules import CallRules, TrackRules
from states.checked import Process
from states.facts import Facts
from states.labels import TRACKS
from states.places import OFFICES
from states.ranking import Ranking
from states.refusals import Refused

T = TypeVar("T")


@dataclass(slots=True)
class Course:
    """What all tracks of a rehearsal live through together. ``now`` is the simulated instant (aware UTC)."""

    now: datetime
    agenda: Agenda = field(default_factory=Agenda)
    journal: Journal = field(default_factory=Journal)
    parts: dict[str, str] = field(default_factory=dict)
    """Which part a case plays (case number → part)."""
    panels: dict[str, str] = field(default_factory=dict)
    """Which part a panel plays (panel number → part)."""
    extended: set[str] = field(default_factory=set)
    """Panels whose vote goes on beyond its first close."""
    fields: set[str] = field(default_factory=set)
    """Occupations for which experts are in the pool."""
    experts: int = 0
    """How many experts were invented."""
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)
    """From when to when the system stands still."""
    lists_reported: int = 0
    """How many provinces report their list."""
    recommended: int = 0
    listed: int = 0
    """How many institutions have entered the directory."""
    later_opens: date | None = None


@dataclass(slots=True)
class World:
    """Everything one track of a rehearsal goes on; ``province`` is empty where the nation selects."""

    installation: Installation
    desk: Desk
    call: CallRules
    calls: Path | None
    institutions: int
    seed: int
    papers: Path
    course: Course
    until: datetime
    pigeonhole: Pigeonhole
    track: str = "evaluation"
    province: str = ""
    leads: bool = True
    """Whether this track plays every part a panel can play; the others go the usual way."""
    panels: list[str] = field(default_factory=list)
    """The numbers of this track's panels."""
    objected: str = ""
    """The code of the expert whom an applicant asks to recuse."""
    supervised: bool = False
    """Whether inspections of this track are on the agenda."""
    rankings: list[Ranking] = field(default_factory=list)
    """As they stood when the group decided."""
    thrifty: bool = True
    """Whether passphrases may be kept under a cheap lock: in what is thrown away, never in what is kept."""

    def of(self, track: str, province: str, institutions: int, *, leads: bool = False) -> "World":
        """The same world as another track sees it, or another province."""
        return replace(
            self, track=track, province=province, institutions=institutions, leads=leads, panels=[], objected="",
            rankings=[], supervised=False,
        )  # fmt: skip

    @property
    def now(self) -> datetime:
        """The simulated instant."""
        return self.course.now

    @property
    def agenda(self) -> Agenda:
        """What people are going to do."""
        return self.course.agenda

    @property
    def journal(self) -> Journal:
        """What was turned down, and what was read in."""
        return self.course.journal

    @property
    def parts(self) -> dict[str, str]:
        """Which part a case plays (case number → part)."""
        return self.course.parts

    @property
    def rules(self) -> TrackRules:
        """The rules of the track."""
        return self.call.track(self.track)

    @property
    def label(self) -> str:
        """What this selection is called: 评价机构, or 培训机构（重庆）."""
        where = f"（{OFFICES[f'P{self.province}'].short}）" if self.province else ""
        return f"{TRACKS[self.track]}机构{where}"

    @property
    def staff(self) -> Staff:
        """Who runs the selection."""
        return staff_of(self.rules, self.province)

    def keepers(self, case: Facts) -> tuple[Actor, Actor]:
        """Who handles and who decides about a listing: trainers are the provinces' wherever they were selected (M24-3.2)."""
        if self.rules.kept_by_province and not self.province:
            return provincial(case.province)[:2]
        return self.staff.office, self.staff.group

    @property
    def about(self) -> str:
        """What chance is about in this track; empty for the evaluation track."""
        return "" if self.track == "evaluation" else f"{self.track}{self.province}/"

    def dice(self, about: str) -> Random:
        """Chance, the same for the same seed and the same thing it is about."""
        return Random(f"{self.seed}/{self.about}{about}")

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

    def mine(self, **chosen: Any) -> list[Loaded]:
        """The cases of this track of the rehearsed call, by number."""
        return self.cases(call=self.call.code, track=self.track, province=self.province or None, **chosen)

    def case(self, no: str) -> Facts:
        """One case as it stands now."""
        return self.cases(nos=(no,))[0].facts

    def act(self, move: str, no: str, by: Actor, **inputs: Any) -> bool:
        """Somebody makes a move on one case now; False when it was refused, in words kept by the journal."""
        outcome = advance(
            self.desk, move, [self.case(no).id], by=by, as_of=self.now, inputs=inputs, partial=True
        )
        for turned in outcome.turned:
            self.journal.add(self.now, called(by), self.move_label(move), no, turned.sentence, turned.clause)
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
            self.journal.add(
                self.now, called(by), self.move_label(move), line.no, line.why or "", line.clause
            )
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
        return self.staff.organiser

    @property
    def process(self) -> Process:
        """The process of the track."""
        return self.desk.processes.process(self.desk.processes.key_for(self.call.code, self.track))

    @property
    def in_directory(self) -> tuple[str, ...]:
        """The stages in which an institution stands in the directory."""
        return tuple(stage.key for stage in self.process.stages.values() if stage.in_directory)

    def move_label(self, move: str) -> str:
        """A move's printed name."""
        return "受理申报" if move == "file" else self.process.labels.get(move, move)
