"""The State Council's yearly arrangements of days off and make-up working days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from chinese_calendar.constants import Holiday
from chinese_calendar.constants import holidays as library_days_off
from chinese_calendar.constants import workdays as library_makeup_days

from states.refusals import Refused

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class YearPlan:
    """One announced year: the notice's name, its days off and its make-up days, each with its festival.

    `holidays` holds every day off the notice names, weekends included; `makeup_days` the weekend days
    worked in exchange. Days of the December before belong here when they serve the New Year of this plan.
    """

    notice: str
    holidays: Mapping[date, str]
    makeup_days: Mapping[date, str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "holidays", MappingProxyType(dict(sorted(self.holidays.items()))))
        object.__setattr__(
            self,
            "makeup_days",
            MappingProxyType(dict(sorted(self.makeup_days.items()))),
        )

    def __reduce__(
        self,
    ) -> tuple[type["YearPlan"], tuple[str, dict[date, str], dict[date, str]]]:
        return YearPlan, (self.notice, dict(self.holidays), dict(self.makeup_days))

    def check(self, year: int) -> None:
        """Refuse, in words, a plan that cannot be the plan of `year`."""
        for day in (*self.holidays, *self.makeup_days):
            if day.year != year and (day.year, day.month) != (year - 1, 12):
                raise Refused(f"{year}年放假安排中的{day}不在该年度内，请核对日期。", clause="D-6")
        for day in self.makeup_days:
            if day.weekday() < SATURDAY:
                raise Refused(
                    f"{year}年放假安排把{day}列为补班日，但当日不是周末，请核对日期。",
                    clause="D-6",
                )
            if day in self.holidays:
                raise Refused(
                    f"{year}年放假安排把{day}同时列为放假和补班，请只保留一项。",
                    clause="D-6",
                )


def notice_name(year: int) -> str:
    """The name the State Council's office gives its notice for `year`."""
    return f"国务院办公厅关于{year}年部分节假日安排的通知"


@cache
def announced_plans() -> Mapping[int, YearPlan]:
    """Every year the chinesecalendar package knows, keyed by year."""
    chinese = {festival.value: festival.chinese for festival in Holiday}
    days_off: dict[int, dict[date, str]] = {}
    makeup_days: dict[int, dict[date, str]] = {}
    for library, plans in (
        (library_days_off, days_off),
        (library_makeup_days, makeup_days),
    ):
        for day, festival in library.items():
            # 29 and 31 December serve the New Year that follows: they stand in that year's notice.
            serves_next_year = festival == Holiday.new_years_day.value and day.month == 12
            year = day.year + 1 if serves_next_year else day.year
            plans.setdefault(year, {})[day] = chinese[festival]
    return MappingProxyType(
        {
            year: YearPlan(notice_name(year), days_off[year], makeup_days.get(year, {}))
            for year in sorted(days_off)
        }
    )
