"""Bars of a small chart, reckoned for inline SVG: no script, no style, readable as a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, TOP, BELOW = 420, 120, 16, 18


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it stands, what is written under and above it."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: str
    title: str


def bars(pairs: Sequence[tuple[str, int, str]], most: int = 10_000) -> list[Bar]:
    """Bars of (label, value, title); values above ``most`` are shown as ``most+``."""
    highest = max((value for _, value, _ in pairs), default=0) or 1
    step, room = WIDTH / max(1, len(pairs)), HEIGHT - TOP - BELOW
    found = []
    for at, (label, value, title) in enumerate(pairs):
        height = round(room * value / highest, 1)
        shown = f"{most:,}+" if value > most else str(value) if value else ""
        found.append(Bar(round(at * step + step * 0.14, 1), TOP + room - height, round(step * 0.72, 1), height, label,
                         shown, title))  # fmt: skip
    return found
