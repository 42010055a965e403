"""What a rehearsal has to tell: plain values, in a fixed order, the same for the same seed to the byte."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from casework.rehearsal.clause_story import ClauseAtWork
from casework.rehearsal.journal import Reading, Refusal
from casework.rehearsal.panel_story import Happened, PanelStory
from states.calendar import SHANGHAI


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that happened on a day (2024-09-20) or in a month (2024-06), to how many cases, by which clause."""

    when: str
    what: str
    count: int
    clause: str
    by_clock: bool


@dataclass(frozen=True, slots=True)
class Stay:
    """A case's time in one stage; ``until`` is None where it still stands."""

    stage: str
    label: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Term:
    """One term in the directory."""

    number: int
    first_day: date
    last_day: date
    last_day_to_apply: date


@dataclass(frozen=True, slots=True)
class Listing:
    """The life of one institution that entered the directory. ``notes`` are its events in words, in order."""

    no: str
    line: str
    institution: str
    occupation: str
    recommender: str
    votes: str
    stays: tuple[Stay, ...]
    terms: tuple[Term, ...]
    notes: tuple[tuple[date, str, str], ...]
    exit_day: date | None
    exit_ground: str
    exit_clause: str
    cooling_until: date | None


@dataclass(frozen=True, slots=True)
class SentLetter:
    """One letter: when it left, from whom, to whom, what it says; ``no`` is empty for digests."""

    at: datetime
    letter: str
    title: str
    sender: str
    role: str
    recipient: str
    no: str
    clause: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class DirectoryDay:
    """Who stood in the directories on a day: track, occupation, institution, last day of the term, status."""

    day: date
    why: str
    entries: tuple[tuple[str, str, str, date, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One selection of the call: by occupation how many cases came how far, where they stand, and its phases."""

    label: str
    track: str
    province: str
    stages: tuple[tuple[str, int], ...]
    funnel: tuple[tuple[str, tuple[int, ...]], ...]
    phases: tuple[Stay, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a rehearsal has to tell. ``faults`` is empty when every invariant held and the log is whole."""

    call: str
    name: str
    title: str
    institutions: int
    seed: int
    begins: date
    until: date
    jumps: int
    calendar_known_until: int
    lines: tuple[Line, ...]
    funnel_headings: tuple[str, ...]
    milestones: tuple[Milestone, ...]
    readings: tuple[Reading, ...]
    refusals: tuple[Refusal, ...]
    clauses: tuple[ClauseAtWork, ...]
    listings: tuple[Listing, ...]
    directory: tuple[DirectoryDay, ...]
    letters: tuple[SentLetter, ...]
    digests: tuple[SentLetter, ...]
    unsent: int
    incidents: tuple[str, ...]
    cases: int
    entries: int
    log_whole: bool
    faults: tuple[str, ...]
    panels: tuple[PanelStory, ...] = ()
    happened: tuple[Happened, ...] = ()
    """What happened on all panels together, by clause."""
    to_experts: tuple[tuple[str, int], ...] = ()
    """How many letters of each kind went to experts. What they say, and to whom, is nobody's business (M24-7.3b)."""

    @property
    def ok(self) -> bool:
        """True when nothing is wrong."""
        return not self.faults

    @property
    def exits(self) -> tuple[Listing, ...]:
        """Those that left, in the order in which they did."""
        gone = [each for each in self.listings if each.exit_day]
        return tuple(sorted(gone, key=lambda each: (each.exit_day or date.max, each.no)))

    @property
    def silent(self) -> tuple[str, ...]:
        """The clauses that apply and under which nothing happened."""
        return tuple(each.clause for each in self.clauses if not each.evidence)

    def letter_counts(self, digests: bool = False) -> tuple[tuple[str, str, int], ...]:
        """How many of each letter (or of each digest) went to each role: title, role, count; the most first."""
        counted: dict[tuple[str, str], int] = {}
        for each in self.digests if digests else self.letters:
            counted[each.title, each.role] = counted.get((each.title, each.role), 0) + 1
        return tuple(
            (title, role, count)
            for (title, role), count in sorted(counted.items(), key=lambda x: (-x[1], x[0]))
        )

    @property
    def refusals_by_clause(self) -> tuple[tuple[str, tuple[Refusal, ...]], ...]:
        """Refusals under the clause they rest on, in the order of the first of each."""
        found: dict[str, list[Refusal]] = {}
        for each in self.refusals:
            found.setdefault(each.clause, []).append(each)
        return tuple((clause, tuple(all_)) for clause, all_ in found.items())

    def to_json(self) -> str:
        """The report for programs: instants in UTC, days as ISO dates, keys in a fixed order."""
        return json.dumps(
            {"ok": self.ok, **asdict(self), "silent": self.silent},
            ensure_ascii=False,
            indent=1,
            default=_plain,
        )


def spoken(at: datetime) -> str:
    """An instant as the report prints it: 2024-09-20 00:00, in Shanghai."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"not for a report: {value!r}")
