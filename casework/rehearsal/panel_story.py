"""What a report tells of the panels: hashes, digits, seats by pseudonym, counts. Nobody is named (M24-7.3b)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Excluded:
    """How many were excluded from a round by a rule; ``label`` says what the rule is about."""

    rule: str
    label: str
    clause: str
    count: int


@dataclass(frozen=True, slots=True)
class RoundStory:
    """One round of a draw: what was published before, the public digits, and what came of it."""

    round: int
    state: str
    seats: int
    pool: int
    pool_sha256: str
    frame_sha256: str
    commitment: str
    committed_at: datetime
    drawn_at: datetime | None
    digits: str
    source: str
    eligible: int
    excluded: tuple[Excluded, ...]
    void_why: str
    certificate_sha256: str


@dataclass(frozen=True, slots=True)
class SeatStory:
    """One seat: its number, its round, the pseudonym that was drawn, and how it ended."""

    place: int
    round: int
    pseudonym: str
    state: str


@dataclass(frozen=True, slots=True)
class CaseVotes:
    """What the panel found of one case. ``score`` is the mean, to two places; empty when nobody marked."""

    case: str
    institution: str
    votes_for: int
    votes_against: int
    abstentions: int
    recused: int
    score: str
    recommended: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """Where a case stood, whether it was tied, and what the group made of it, in words where words were owed."""

    place: int
    case: str
    tied: bool
    decision: str
    words: str


@dataclass(frozen=True, slots=True)
class PanelStory:
    """One panel from its planning to the group's decision."""

    no: str
    line: str
    occupation: str
    state: str
    cases: int
    published: tuple[tuple[str, str, str], ...]
    rounds: tuple[RoundStory, ...]
    seats: tuple[SeatStory, ...]
    events: tuple[tuple[datetime, str, str], ...]
    """When, what, by which clause."""
    ballots: int
    votes: tuple[CaseVotes, ...]
    ranking: tuple[Ranked, ...]
    tie: str
    """What the tie at the quota asked of the group; empty where there was none."""


@dataclass(frozen=True, slots=True)
class Happened:
    """How often something happened on all panels together, and the clause that provides for it."""

    what: str
    clause: str
    count: int
