"""How values are written on pages."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from casework.intake.ticks import ticked
from dashboard.times import ago, spoken, spoken_due
from states.calendar import SHANGHAI
from states.clauses import CLAUSES


def day(value: date | datetime | None) -> str:
    """A day: 2024年6月21日; instants on the Shanghai clock; nothing for None."""
    if value is None:
        return ""
    found = value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value
    return f"{found.year}年{found.month}月{found.day}日"


def moment(value: datetime | None) -> str:
    """An instant to the minute, on the Shanghai clock; nothing for None."""
    return "" if value is None else f"{day(value)} {value.astimezone(SHANGHAI):%H:%M}"


def iso(value: date | datetime | None) -> str:
    """For the ``datetime`` attribute of <time>."""
    return "" if value is None else value.isoformat()


def known_clause(id_: str | None) -> bool:
    """Whether a clause stands on /clauses."""
    return id_ in CLAUSES


def size(count: int) -> str:
    """How large a file is, in MB or KB."""
    return f"{count / 1024 / 1024:.1f}MB" if count >= 1024 * 1024 else f"{max(1, round(count / 1024))}KB"


def chosen(text: str, options: Sequence[str]) -> tuple[str, ...]:
    """Which options a text names or ticks."""
    return ticked(text, options)


FILTERS: dict[str, Any] = {
    "day": day,
    "moment": moment,
    "iso": iso,
    "spoken": spoken,
    "spoken_due": spoken_due,
    "ago": ago,
    "known_clause": known_clause,
    "size": size,
    "chosen": chosen,
}
