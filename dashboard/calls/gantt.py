"""The calendar of a call as a drawing: numbers for an SVG, in units of its view box."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from casework.call_calendar import Bar, Off

LABELS, WIDTH, ROW, HEAD = 118, 980, 30, 26


@dataclass(frozen=True, slots=True)
class Drawn:
    """A rectangle of the drawing, with the text that belongs to it."""

    x: float
    width: float
    y: float
    text: str = ""
    says: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Gantt:
    """The whole drawing. ``today`` is where the day's line stands, or None outside of it."""

    width: int
    height: int
    left: int
    head: int
    row: int
    months: tuple[Drawn, ...]
    off: tuple[Drawn, ...]
    bars: tuple[Drawn, ...]
    today: float | None


def span_of(rows: Sequence[Bar]) -> tuple[date, date]:
    """The days a drawing of these rows shows."""
    return min(each.first for each in rows) - timedelta(days=3), max(each.last for each in rows) + timedelta(
        days=7
    )


def draw(rows: Sequence[Bar], off: Sequence[Off], today: date) -> Gantt:
    """Lay the rows and the days off out over the days from the first to the last."""
    first, last = span_of(rows)
    unit = (WIDTH - LABELS) / max(1, (last - first).days + 1)

    def at(day: date) -> float:
        return round(LABELS + (day - first).days * unit, 1)

    def long(start: date, end: date) -> float:
        return round(max(unit, ((end - start).days + 1) * unit), 1)

    drawn = tuple(
        Drawn(at(each.first), long(each.first, each.last), HEAD + place * ROW, each.label,
              f"{each.label}：{each.first}至{each.last}", "provisional" if each.provisional else "")
        for place, each in enumerate(rows)
    )  # fmt: skip
    shaded = tuple(
        Drawn(at(each.first), long(each.first, each.last), HEAD, "", each.festival,
              "unknown" if not each.known else ("festival" if each.festival else "weekend"))
        for each in off
    )  # fmt: skip
    here = at(today) if first <= today <= last else None
    return Gantt(
        WIDTH,
        HEAD + ROW * len(rows) + 6,
        LABELS,
        HEAD,
        ROW,
        tuple(_months(first, last, at)),
        shaded,
        drawn,
        here,
    )


def _months(first: date, last: date, at: Callable[[date], float]) -> list[Drawn]:
    found: list[Drawn] = []
    day = date(first.year, first.month, 1)
    while day <= last:
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        start = max(day, first)
        text = f"{day.year}年{day.month}月" if day.month == 1 or not found else f"{day.month}月"
        shown = (min(following, last) - start).days >= 8
        found.append(Drawn(at(start), 0, 0, text if shown else ""))
        day = following
    return found
