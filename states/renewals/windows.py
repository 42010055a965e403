"""Where a listing stands towards the renewal of its term: too early, open, closing, missed, applied for (M24-9.1, D-3)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from states.calendar import Calendar, day_of, start_of
from states.conditions import last_day_to_apply_has_passed
from states.facts import Facts, day, instant
from states.spans import Span, working_days
from states.terms import last_day_to_apply, window_opens

if TYPE_CHECKING:
    from states.conditions import Circumstances
    from states.rulebook import TrackRules


class Phase(StrEnum):
    """Where a listing stands towards its renewal."""

    EARLY = "early"
    OPEN = "open"
    CLOSING = "closing"
    MISSED = "missed"
    APPLIED = "applied"
    RETURNED = "returned"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """As people read it."""
        return _LABELS[self]


_LABELS = {
    Phase.EARLY: "未到申请期",
    Phase.OPEN: "可以申请",
    Phase.CLOSING: "即将截止",
    Phase.MISSED: "逾期未申请",
    Phase.APPLIED: "已申请，审核中",
    Phase.RETURNED: "已退回补正",
    Phase.REFUSED: "未获同意",
}


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a term's renewal, Shanghai days, all included. ``days_left`` are working days, today not counted."""

    opens: date
    closes: date
    last_day: date
    phase: Phase
    days_left: int


def window(facts: Facts, around: "Circumstances") -> Window | None:
    """The renewal window of a listing's current term as of ``around.as_of``; None for a case without a term."""
    last = day(facts.term_last_day)
    if last is None:
        return None
    rules = around.rules
    opens, closes = (
        window_opens(last, rules.renewal_window_months.value),
        last_day_to_apply(last, rules.renewal_apply_months.value),
    )
    today = day_of(around.as_of)
    left = (
        max(0, around.calendar.count(today, closes) - around.calendar.is_working_day(today))
        if closes >= today
        else 0
    )
    return Window(opens, closes, last, _phase(facts, around, opens, closes), left)


def _phase(facts: Facts, around: "Circumstances", opens: date, closes: date) -> Phase:
    if facts.renewal_refused == "not_applied":
        return Phase.MISSED
    if facts.renewal_refused is not None:
        return Phase.REFUSED
    if instant(facts.renewal_applied_at) is not None:
        return Phase.RETURNED if facts.renewal_correction_due is not None else Phase.APPLIED
    if last_day_to_apply_has_passed(facts, around):
        return Phase.MISSED
    if around.as_of < start_of(opens):
        return Phase.EARLY
    return (
        Phase.CLOSING
        if day_of(around.as_of) >= closing_from(closes, around.rules, around.calendar)
        else Phase.OPEN
    )


def closing_from(closes: date, rules: "TrackRules", calendar: Calendar) -> date:
    """From which day on a window is said to be closing: that of the first closing reminder."""
    return min(span.before(closes, calendar).day for span in rules.renewal_closing_reminders.value or _FIRST)


_FIRST: tuple[Span, ...] = (working_days(10),)
