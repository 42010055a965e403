"""Until when each duty is to be done, and why that day. A duty is due by the end of its last day, in Shanghai."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from states.calendar import Calendar, day_of, end_of
from states.call_rules import TrackRules
from states.clauses import SILENT
from states.duties.kinds import EMERGENCY, EXAMINATION, FEES, KINDS, LIST, SITE
from states.ruled import Ruled
from states.spans import Span

MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a duty, the first instant after it, and how it was found, in Chinese."""

    last_day: date
    due_at: datetime
    explained: str


def deadline(kind: str, start: date, rules: TrackRules, calendar: Calendar) -> Deadline:
    """The deadline of a duty that runs from the Shanghai day ``start``.

    ``start`` is the last day of an examination (I21-4.6.3), the day of listing (fees, lists), of the report or the last
    follow-up (emergencies); for a site, the first day on which it is to be used: it is reported the day before (M24-11.1).
    """
    if kind == SITE:
        last = start - timedelta(days=1)
        return Deadline(
            last, end_of(last), f"须在使用前报备，{start}起使用，至{last}止（含当日，{KINDS[SITE].clause}）"
        )
    ruled = _ruled(kind, rules)
    found = ruled.value.after(start, calendar)
    ground = f"期限由设置规定，{KINDS[kind].clause}" if ruled.clause in (None, SILENT) else str(ruled.clause)
    same_day = "" if ruled.value.unit == "working days" else "、D-3"
    return Deadline(found.day, found.due, f"{found.explanation()}，含当日（{ground}{same_day}）")


def _ruled(kind: str, rules: TrackRules) -> Ruled[Span]:
    match kind:
        case _ if kind == EXAMINATION:
            return rules.examination_report
        case _ if kind == FEES:
            return rules.fees_published
        case _ if kind == LIST:
            return rules.list_reported
        case _ if kind == EMERGENCY:
            return rules.emergency_followed
    raise KeyError(kind)


def days_late(due_at: datetime, done_at: datetime) -> int:
    """Calendar days after the last allowed day, in Shanghai; 0 when it was in time."""
    last = day_of(due_at - timedelta(microseconds=1))
    return max(0, (day_of(done_at) - last).days)


def reported_year(due: date) -> int:
    """The calendar year a yearly report due on ``due`` tells of: one due by the end of June tells of the year before."""
    return due.year - 1 if due.month * 2 <= MONTHS_OF_A_YEAR else due.year


def due_day_of(year: int, month_day: str) -> date:
    """The last day to report the calendar year ``year``, from the rule's ``MM-DD`` (M24-14)."""
    month, day = map(int, month_day.split("-"))
    return date(year + 1 if month * 2 <= MONTHS_OF_A_YEAR else year, month, day)
