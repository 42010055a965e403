"""Working days on the State Council's calendar, counted in Shanghai days."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from states.refusals import Refused
from states.worked_out import WorkedOut, years_that_decide
from states.year_plans import SATURDAY, YearPlan, announced_plans

__all__ = [
    "SHANGHAI",
    "Calendar",
    "WorkedOut",
    "YearPlan",
    "at_time",
    "day_of",
    "end_of",
    "start_of",
]

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2099, 12, 31)


def day_of(instant: datetime) -> date:
    """The Shanghai day of an aware instant; a naive one is a ValueError."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone")
    return instant.astimezone(SHANGHAI).date()


def at_time(day: date, hour: int, minute: int = 0) -> datetime:
    """The UTC instant of a Shanghai wall-clock time on `day`."""
    return datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)


@lru_cache(maxsize=4096)
def start_of(day: date) -> datetime:
    """The UTC instant of 00:00 in Shanghai on `day`."""
    return at_time(day, 0)


def end_of(day: date) -> datetime:
    """The UTC instant of 24:00 in Shanghai on `day`: the first instant after it."""
    return start_of(day + timedelta(days=1))


class Calendar:
    """Which days are worked. Immutable; two calendars of one edition are equal.

    `years` maps an announced year to its plan. A year without one has its weekends off and nothing else,
    and every date counted through it is provisional (D-6). Reaches from 2000 to 2099.
    """

    def __init__(self, edition: str, years: Mapping[int, YearPlan]) -> None:
        for year, plan in years.items():
            plan.check(year)
        self.edition = edition
        self.years: Mapping[int, YearPlan] = MappingProxyType(dict(sorted(years.items())))
        self._days_off = {day: name for plan in self.years.values() for day, name in plan.holidays.items()}
        self._makeup = {day: name for plan in self.years.values() for day, name in plan.makeup_days.items()}

    @classmethod
    @lru_cache(maxsize=1)
    def builtin(cls) -> "Calendar":
        """The calendar of every year announced so far, from the chinesecalendar package."""
        years = announced_plans()
        return cls(f"国办{min(years)}-{max(years)}", years)

    def with_year(self, year: int, plan: YearPlan) -> "Calendar":
        """A new edition in which `year` has this plan; the edition's name follows the plan's content."""
        content = repr(
            (
                plan.notice,
                sorted(plan.holidays.items()),
                sorted(plan.makeup_days.items()),
            )
        )
        mark = sha256(content.encode()).hexdigest()[:8]
        return Calendar(f"{self.edition}+{year}-{mark}", {**self.years, year: plan})

    def is_working_day(self, day: date) -> bool:
        """Whether the offices work on `day`."""
        return day in self._makeup or (day.weekday() < SATURDAY and day not in self._days_off)

    def is_announced(self, year: int) -> bool:
        """Whether the State Council has published the days off of `year`, as far as this edition knows."""
        return year in self.years

    def festival(self, day: date) -> str | None:
        """The festival `day` is off for, or None."""
        return self._days_off.get(day)

    def kind(self, day: date) -> str:
        """工作日, 周末, 补班, or 节假日（the festival's name）."""
        if day in self._makeup:
            return "补班"
        if day in self._days_off:
            return f"节假日（{self._days_off[day]}）"
        return "工作日" if day.weekday() < SATURDAY else "周末"

    def working_days_after(self, day: date, n: int) -> WorkedOut:
        """The n-th working day after `day`, which is not counted itself. `n` is 1 or more."""
        at = bisect_right(self._working_days, self._within(day))
        return self._worked_out(at, n, f"{day}之后{n}个工作日")

    def working_days_before(self, day: date, n: int) -> WorkedOut:
        """The n-th working day before `day`, which is not counted itself. `n` is 1 or more."""
        counted = self._take(bisect_left(self._working_days, self._within(day)) - _positive(n), n)
        return self._tell(counted[0], counted, f"{day}之前{n}个工作日")

    def publicity(self, posted: datetime, n: int, office_opens: time = time(9, 0)) -> WorkedOut:
        """The last day of `n` working days of publicity posted at an aware instant (D-1).

        The first day counts when it is a working day and the notice stood before the office opened
        (`office_opens`, Shanghai time); otherwise counting starts on the next working day.
        """
        day, local = day_of(posted), posted.astimezone(SHANGHAI)
        counts = self.is_working_day(day) and local.time() < office_opens
        search = bisect_left if counts else bisect_right
        at = search(self._working_days, self._within(day))
        how = f"{local:%H:%M}发布，当日{'计入' if counts else '不计'}，D-1"
        return self._worked_out(at, n, f"自{day}起{n}个工作日（{how}）")

    def count(self, first: date, last: date) -> int:
        """How many working days lie from `first` to `last`, both included; 0 when `last` comes first."""
        days = self._working_days
        found = bisect_right(days, self._within(last)) - bisect_left(days, self._within(first))
        return max(found, 0)

    @cached_property
    def _working_days(self) -> tuple[date, ...]:
        span = range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1)
        return tuple(day for day in map(date.fromordinal, span) if self.is_working_day(day))

    def _within(self, day: date) -> date:
        if isinstance(day, datetime):
            raise TypeError(f"{day!r} is an instant, not a day: say which zone's day with day_of()")
        if not FIRST_DAY <= day <= LAST_DAY:
            raise Refused(f"日期{day}超出工作日历的范围（{FIRST_DAY}至{LAST_DAY}），请核对日期。")
        return day

    def _take(self, start: int, n: int) -> tuple[date, ...]:
        if start < 0 or start + n > len(self._working_days):
            raise Refused(f"推算{n}个工作日超出工作日历的范围（{FIRST_DAY}至{LAST_DAY}），请核对日期。")
        return self._working_days[start : start + n]

    def _worked_out(self, at: int, n: int, lead: str) -> WorkedOut:
        counted = self._take(at, _positive(n))
        return self._tell(counted[-1], counted, lead)

    def _tell(self, day: date, counted: tuple[date, ...], lead: str) -> WorkedOut:
        provisional = not all(year in self.years for year in years_that_decide(counted))
        return WorkedOut(day, end_of(day), counted, provisional, self.edition, lead, self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and self.edition == other.edition

    def __hash__(self) -> int:
        return hash(self.edition)

    def __repr__(self) -> str:
        return f"Calendar({self.edition!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Calendar, (self.edition, dict(self.years))


def _positive(n: int) -> int:
    if n < 1:
        raise ValueError(f"{n} working days cannot be counted: 1 is the least")
    return n
