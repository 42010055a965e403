"""How values are written on pages."""

from datetime import date, datetime
from typing import Any

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


FILTERS: dict[str, Any] = {
    "day": day,
    "moment": moment,
    "iso": iso,
    "spoken": spoken,
    "spoken_due": spoken_due,
    "ago": ago,
    "known_clause": known_clause,
}
