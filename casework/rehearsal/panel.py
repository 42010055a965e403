"""A stand-in for the panel: a plain seeded choice, behind the questions the verifiable draw will answer.

The real draw (M24-7.3c) takes the same pool and returns the same panel; the real ballots replace ``votes``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Panel:
    """The experts who sit, in the order drawn."""

    seats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a panel thinks of one case: how many of how many recommend it, and the score out of 100."""

    votes_for: int
    votes_cast: int
    score: int


def draw(pool: Sequence[str], size: int, seed: str) -> Panel:
    """A panel of ``size`` (odd) from the pool; the same seed draws the same panel.

    Raises ValueError for an even size or a pool that is too small.
    """
    if size % 2 == 0 or size > len(pool):
        raise ValueError(f"a panel of {size} cannot be drawn from {len(pool)}")
    return Panel(tuple(Random(f"{seed}/draw").sample(sorted(pool), size)))


def votes(panel: Panel, case: str) -> Ballot:
    """How this panel votes on a case number."""
    dice = Random(f"{'|'.join(panel.seats)}/{case}")
    worth = dice.uniform(0.45, 1.0)
    marks = [round(100 * min(1.0, max(0.2, worth + dice.gauss(0, 0.08)))) for _ in panel.seats]
    return Ballot(sum(mark >= 65 for mark in marks), len(marks), round(sum(marks) / len(marks)))
