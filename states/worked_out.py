"""A date that was worked out, and can explain itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
LISTED_IN_FULL = 10
_NEW_YEAR_REACHES_BACK = timedelta(days=3)


class DayBook(Protocol):
    """What an explanation needs to ask about days."""

    def kind(self, day: date) -> str: ...
    def festival(self, day: date) -> str | None: ...
    def is_announced(self, year: int) -> bool: ...


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """A date that can explain itself.

    `day` is the last day allowed (or the day found); `due` the first instant after it (UTC); `counted` the
    working days that were counted, in order of the calendar, empty where plain calendar days or months
    were counted; `provisional` says that a counted day lies in a year not announced yet (D-6); `edition`
    names the calendar that was used; `lead` says in Chinese what was counted from where.
    """

    day: date
    due: datetime
    counted: tuple[date, ...]
    provisional: bool
    edition: str
    lead: str = ""
    day_book: DayBook | None = field(default=None, repr=False, compare=False)

    def explanation(self) -> str:
        """How the date came about, in Chinese: which days were counted, and whether it may still move."""
        if not self.counted:
            return f"{self.lead}：{self.day}"
        in_full = len(self.counted) <= LISTED_IN_FULL
        listing = self._list(self.counted) if in_full else self._sum_up()
        return f"{self.lead}：{listing}{self._warning()}"

    def _list(self, days: Sequence[date]) -> str:
        shown: date | None = None
        words = []
        for day in days:
            words.append(_short(day, shown) + self._mark(day))
            shown = day
        return "、".join(words)

    def _mark(self, day: date) -> str:
        if self.day_book is not None and self.day_book.kind(day) == "补班":
            return f"（{WEEKDAYS[day.weekday()]}补班）"
        return ""

    def _sum_up(self) -> str:
        first, last = self.counted[0], self.counted[-1]
        years = first.year != last.year
        text = f"首日{_short(first, None)}，末日{_short(last, first if years else None)}"
        made_up = [day for day in self.counted if self._mark(day)]
        if made_up:
            text += f"，含{self._list(made_up)}"
        skipped = self._skipped()
        if skipped:
            text += f"，不含{'、'.join(skipped)}假期"
        return text

    def _skipped(self) -> list[str]:
        if self.day_book is None:
            return []
        between = range(self.counted[0].toordinal(), self.counted[-1].toordinal())
        names = (self.day_book.festival(date.fromordinal(ordinal)) for ordinal in between)
        return list(dict.fromkeys(name for name in names if name is not None))

    def _warning(self) -> str:
        if not self.provisional or self.day_book is None:
            return ""
        years = [year for year in years_that_decide(self.counted) if not self.day_book.is_announced(year)]
        return f"（暂定：{'、'.join(f'{year}年' for year in years)}放假安排尚未公布，D-6）"


def years_that_decide(counted: Sequence[date]) -> range:
    """The years whose notices say which of these working days are worked (D-6).

    New Year's days off and the days worked for them have begun as early as 29 December: the notice of the
    next year decides on those days too.
    """
    return range(counted[0].year, (counted[-1] + _NEW_YEAR_REACHES_BACK).year + 1)


def _short(day: date, before: date | None) -> str:
    """The day without the year and month the reader has just been told."""
    if before is None:
        return f"{day.month}月{day.day}日"
    if day.year != before.year:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day}日" if day.month == before.month else f"{day.month}月{day.day}日"
