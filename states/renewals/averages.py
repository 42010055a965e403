"""Person-times a year in a running term (M24-9.3), and the words that show how they were counted.

The text says “年均” and leaves open over what. Decided here: over the months of the term begun by the day it is asked,
that day's month counted in full, at most the whole term. An application is made and judged before its term is over, so
dividing by the whole term would hold against an institution the months it has not had yet; at the end of the term both
ways agree. What falls short never looks as if it did not: the figure shown is rounded down.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from dateutil.relativedelta import relativedelta

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Average:
    """``total`` person-times over ``months`` months of a term of ``term_months``, begun on ``first``."""

    total: int
    first: date
    asked: date
    months: int

    @property
    def per_year(self) -> Fraction:
        """Person-times a year, exact."""
        return Fraction(self.total * MONTHS, self.months)

    @property
    def shown(self) -> str:
        """Person-times a year to one decimal, rounded down."""
        tenths = self.total * MONTHS * 10 // self.months
        return f"{tenths // 10}.{tenths % 10}"

    def explained(self, least: int) -> str:
        """In Chinese: the arithmetic, compared with ``least`` person-times a year."""
        verdict = "少于" if self.per_year < least else "不少于"
        return (
            f"有效期自{self.first}起，至{self.asked}计{self.months}个月（不满1个月按1个月计），"
            f"登记{self.total}人次，年均{self.total}×12÷{self.months}＝{self.shown}人次，{verdict}{least}人次"
        )


def months_begun(first: date, last: date, asked: date) -> int:
    """How many months of a term from ``first`` to ``last`` have begun by the day ``asked``: at least one, at most all.

    A first term ends on the same day three years on (D-3): that one day more begins no month of its own.
    """
    asked = min(max(asked, first), last)
    gone = relativedelta(asked, first)
    whole = relativedelta(last, first)
    most = max(1, whole.years * MONTHS + whole.months + (1 if whole.days else 0))
    return min(gone.years * MONTHS + gone.months + 1, most)


def average(total: int, first: date, last: date, asked: date) -> Average:
    """The yearly average of ``total`` person-times in a term, as of the Shanghai day ``asked``."""
    return Average(total, first, min(max(asked, first), last), months_begun(first, last, asked))
