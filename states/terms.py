"""The term of a listing: when it ends, when renewal may be asked for, and how long giving up bars return.

Every day here is a Shanghai day and counts to its end. Months and years are counted by D-3: the same day
of the month, or the month's last day where there is no such day (29 February becomes 28 February).
"""

from datetime import date, datetime, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from states.calendar import day_of

TERM_YEARS = 3
APPLY_MONTHS_BEFORE = 3
WINDOW_MONTHS_BEFORE = 6
COOLING_OFF_YEARS = 3


def term_end(start: datetime, years: int = TERM_YEARS) -> date:
    """The last day of a term that starts at the aware instant `start` (B3-1.5, M24-5, D-3)."""
    return _years_on(day_of(start), years)


def next_term(old_last_day: date, years: int = TERM_YEARS) -> tuple[date, date]:
    """First and last day of the term that follows one ending on `old_last_day` (D-8).

    It starts the day after the old one ends, however early the renewal was decided, and ends on the same
    day `years` years on from the old end.
    """
    return old_last_day + timedelta(days=1), _years_on(old_last_day, years)


@lru_cache(maxsize=4096)
def last_day_to_apply(last_day: date, months: int = APPLY_MONTHS_BEFORE) -> date:
    """The last day, itself included, to ask for renewal of a term ending on `last_day` (M24-9.1, D-3)."""
    return last_day - relativedelta(months=months)


@lru_cache(maxsize=4096)
def window_opens(last_day: date, months: int = WINDOW_MONTHS_BEFORE) -> date:
    """The first day on which renewal of a term ending on `last_day` may be asked for."""
    return last_day - relativedelta(months=months)


def cooling_off_until(last_day: date, years: int = COOLING_OFF_YEARS) -> date:
    """The last day without a new application for the occupation, after a term that ended on `last_day`.

    Counted from the term's last day, also when the institution leaves earlier (M24-9.5, D-14). A new
    application is possible from the next day.
    """
    return _years_on(last_day, years)


def explain_term(start: datetime, years: int = TERM_YEARS) -> str:
    """In Chinese: how the last day of a term starting at `start` was found."""
    day, last = day_of(start), term_end(start, years)
    return f"有效期{years}年，自{day}起至{last}止（{_same_day(day, last)}，含当日，D-3）"


def explain_next_term(old_last_day: date, years: int = TERM_YEARS) -> str:
    """In Chinese: how the term after one ending on `old_last_day` was found."""
    first, last = next_term(old_last_day, years)
    return f"上一有效期至{old_last_day}止，新有效期自次日{first}起至{last}止（D-8）"


def explain_last_day_to_apply(last_day: date, months: int = APPLY_MONTHS_BEFORE) -> str:
    """In Chinese: how the last day to ask for renewal was found."""
    found = last_day_to_apply(last_day, months)
    return f"有效期至{last_day}止，往前{months}个月，最迟于{found}提出续期申请（含当日，M24-9.1、D-3）"


def explain_cooling_off(last_day: date, years: int = COOLING_OFF_YEARS) -> str:
    """In Chinese: how the end of the cooling-off was found, and from when the institution may apply again."""
    found = cooling_off_until(last_day, years)
    again = found + timedelta(days=1)
    barred = f"有效期至{last_day}止，到期后{years}年内（至{found}）不得再次申报"
    return f"{barred}，{again}起可重新申报（M24-9.5、D-14）"


@lru_cache(maxsize=4096)
def _years_on(day: date, years: int) -> date:
    return day + relativedelta(years=years)


def _same_day(day: date, last: date) -> str:
    return "对应日" if (day.month, day.day) == (last.month, last.day) else "当月无对应日，取月末"
