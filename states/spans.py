"""Lengths of legal time: working days, days, weeks, months and years."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from dateutil.relativedelta import relativedelta

from states.calendar import Calendar, WorkedOut, day_of, end_of
from states.refusals import Refused

Unit = Literal["working days", "days", "weeks", "months", "years"]

_SPOKEN: dict[Unit, str] = {
    "working days": "个工作日",
    "days": "日",
    "weeks": "周",
    "months": "个月",
    "years": "年",
}
_WRITTEN = re.compile(r"(?P<count>[0-9]+) (?P<unit>working day|day|week|month|year)s?")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time the law counts in whole units; made by `working_days(n)`, `months(n)` and the like.

    The day it is counted from is never counted itself. Months and years end on the same day of the month,
    or on its last day where there is no such day (D-3).
    """

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError(f"a span cannot be negative: {self.count}")

    def after(self, start: datetime | date, calendar: Calendar) -> WorkedOut:
        """The last day of this span counted from `start` (an aware instant means its Shanghai day)."""
        return _after(self, _day(start), calendar)

    def before(self, last_day: date, calendar: Calendar) -> WorkedOut:
        """The day this span before `last_day`; `last_day` may be an aware instant."""
        return _before(self, _day(last_day), calendar)

    def text(self) -> str:
        """The span as it is said in Chinese: 5个工作日, 3个月, 30日, 2周, 3年."""
        return f"{self.count}{_SPOKEN[self.unit]}"

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Read a span as rule files write it (`5 working days`, `1 month`); Refused when it is not one."""
        written = _WRITTEN.fullmatch(text.strip())
        if written is None:
            raise Refused(
                f"时限“{text}”无法识别，应写成“5 working days”“30 days”“2 weeks”“3 months”或“3 years”"
            )
        for unit in _SPOKEN:
            if unit == f"{written['unit']}s":
                return cls(int(written["count"]), unit)
        raise AssertionError(written)

    def __str__(self) -> str:
        """The span as rule files write it."""
        return f"{self.count} {self.unit[:-1] if self.count == 1 else self.unit}"


def working_days(count: int) -> Span:
    """`count` working days of the calendar in use."""
    return Span(count, "working days")


def days(count: int) -> Span:
    """`count` calendar days."""
    return Span(count, "days")


def weeks(count: int) -> Span:
    """`count` weeks of seven days."""
    return Span(count, "weeks")


def months(count: int) -> Span:
    """`count` months, to the same day of the month (D-3)."""
    return Span(count, "months")


def years(count: int) -> Span:
    """`count` years, to the same day of the year (D-3)."""
    return Span(count, "years")


def _day(start: datetime | date) -> date:
    return day_of(start) if isinstance(start, datetime) else start


# Thousands of cases ask from the same few days: each answer is worked out once per calendar edition.
@lru_cache(maxsize=8192)
def _after(span: Span, day: date, calendar: Calendar) -> WorkedOut:
    if span.unit == "working days" and span.count:
        return calendar.working_days_after(day, span.count)
    return _plain(span, day, day + _delta(span), f"{day}之后{span.text()}", calendar)


@lru_cache(maxsize=8192)
def _before(span: Span, day: date, calendar: Calendar) -> WorkedOut:
    if span.unit == "working days" and span.count:
        return calendar.working_days_before(day, span.count)
    return _plain(span, day, day - _delta(span), f"{day}之前{span.text()}", calendar)


def _plain(span: Span, start: date, found: date, lead: str, calendar: Calendar) -> WorkedOut:
    clamped = span.unit in ("months", "years") and found.day != start.day
    said = f"{lead}（当月无{start.day}日，取月末，D-3）" if clamped else lead
    return WorkedOut(found, end_of(found), (), False, calendar.edition, said, calendar)


def _delta(span: Span) -> relativedelta:
    match span.unit:
        case "months":
            return relativedelta(months=span.count)
        case "years":
            return relativedelta(years=span.count)
        case "weeks":
            return relativedelta(weeks=span.count)
        case _:
            return relativedelta(days=span.count)
