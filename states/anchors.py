"""The instants a case's timers hang on: a limit counted from entry, or a day the law or the call names.

An anchor works out its day from the facts, the call's rules and the calendar, and can explain it. It gives
None where the day is not known yet for this case; then there is no timer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from states.calendar import Calendar, WorkedOut, end_of
from states.facts import Facts, day, instant
from states.spans import Span
from states.terms import last_day_to_apply

if TYPE_CHECKING:
    from states.rulebook import TrackRules


@dataclass(frozen=True, slots=True)
class Anchor:
    """A named instant in a case's life."""

    key: str
    label: str
    clause: str
    work_out: Callable[[Facts, "TrackRules", Calendar], WorkedOut | None]


def on_day(the_day: date, calendar: Calendar) -> WorkedOut:
    """A day counted by the civil calendar: holidays cannot move it, so it is never provisional."""
    return WorkedOut(the_day, end_of(the_day), (), False, calendar.edition, "截至")


def within(span: Span, clause: str) -> Anchor:
    """``span`` after the case entered its stage; the day of entry is not counted."""

    def work_out(facts: Facts, _: "TrackRules", calendar: Calendar) -> WorkedOut | None:
        entered = instant(facts.entered_at)
        return None if entered is None else span.after(entered, calendar)

    return Anchor("limit", f"办理期限{span.text()}", clause, work_out)


def filing_closes(clause: str) -> Anchor:
    """The last day of online filing of the call (CQ23-5.3, B3-5.4)."""

    def work_out(_: Facts, rules: "TrackRules", calendar: Calendar) -> WorkedOut | None:
        return on_day(rules.filing_closes.value, calendar)

    return Anchor("filing_closes", "申报截止", clause, work_out)


def publicity_ends(clause: str) -> Anchor:
    """The last working day of publicity, counted from the posting by D-1."""

    def work_out(facts: Facts, rules: "TrackRules", calendar: Calendar) -> WorkedOut | None:
        posted = instant(facts.posted_at)
        return None if posted is None else publicity_period(posted, rules, calendar)

    return Anchor("publicity_ends", "公示期满", clause, work_out)


def publicity_period(posted: datetime, rules: "TrackRules", calendar: Calendar) -> WorkedOut:
    """The working days of publicity posted at an aware instant, by the call's span and office hours (D-1)."""
    return calendar.publicity(posted, rules.publicity.value.count, rules.office_opens.value)


def _term_ends(facts: Facts, _: "TrackRules", calendar: Calendar) -> WorkedOut | None:
    last = day(facts.term_last_day)
    return None if last is None else on_day(last, calendar)


def _renewal_closes(facts: Facts, rules: "TrackRules", calendar: Calendar) -> WorkedOut | None:
    last = day(facts.term_last_day)
    return (
        None if last is None else on_day(last_day_to_apply(last, rules.renewal_apply_months.value), calendar)
    )


def _renewal_correction_due(facts: Facts, _: "TrackRules", calendar: Calendar) -> WorkedOut | None:
    due = day(facts.renewal_correction_due)
    return None if due is None else on_day(due, calendar)


def _rectification_due(facts: Facts, _: "TrackRules", calendar: Calendar) -> WorkedOut | None:
    due = day(facts.rectification_due)
    return None if due is None else on_day(due, calendar)


def _leaving_ends(facts: Facts, _: "TrackRules", calendar: Calendar) -> WorkedOut | None:
    last = day(facts.leaving_on)
    return None if last is None else on_day(last, calendar)


TERM_ENDS = Anchor("term_ends", "有效期届满", "D-3", _term_ends)
RENEWAL_CLOSES = Anchor("renewal_closes", "续期申请截止", "M24-9.1", _renewal_closes)
RENEWAL_CORRECTION_DUE = Anchor("renewal_correction_due", "续期申请补正", "D-4", _renewal_correction_due)
RECTIFICATION_DUE = Anchor("rectification_due", "整改期限", "M24-20a", _rectification_due)
LEAVING_ENDS = Anchor("leaving_ends", "预告退出的最后服务日", "M24-20c", _leaving_ends)
