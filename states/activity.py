"""What a filed form shows of the years behind it: person-times a year, and years of experience.

“近5年” are the five calendar years before the filing, or the five that end with the year of filing where the form
fills that one in; the more favourable counts. Years before the founding are not held against an institution,
years left empty are.
"""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from states.forms import Application

YEARS = 5


@dataclass(frozen=True, slots=True)
class YearlyAverage:
    """Person-times over the years ``first`` to ``last``, both included."""

    first: int
    last: int
    total: int

    @property
    def years(self) -> int:
        """How many years are counted."""
        return self.last - self.first + 1

    @property
    def average(self) -> int:
        """Person-times a year, rounded down: what falls short never looks as if it did not."""
        return self.total // self.years


def yearly_average(application: Application, today: date) -> YearlyAverage:
    """The better of the two ways to count the last five years, on the Shanghai day ``today``."""
    scale = application.yearly_scale
    ends = [today.year - 1]
    if today.year in scale or application.founded.year >= today.year:
        ends.append(today.year)
    found = [_over(scale, application.founded, last) for last in ends if last >= application.founded.year]
    nothing = YearlyAverage(today.year, today.year, 0)
    return max(found, key=lambda each: each.total / each.years, default=nothing)


def experience_years(application: Application, today: date) -> tuple[int, int]:
    """Full years since the founding, and in how many of the last five (with the current one) there was activity."""
    since = relativedelta(today, application.founded).years
    active = sum(
        count > 0
        for year, count in application.yearly_scale.items()
        if today.year - YEARS <= year <= today.year
    )
    return since, min(active, YEARS)


def _over(scale: dict[int, int], founded: date, last: int) -> YearlyAverage:
    first = max(last - YEARS + 1, founded.year)
    return YearlyAverage(first, last, sum(scale.get(year, 0) for year in range(first, last + 1)))
