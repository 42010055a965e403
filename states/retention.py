"""How long the records of a case are kept (I21-4.6.5): electronic ones for years after its end, whole days."""

from datetime import date, datetime

from dateutil.relativedelta import relativedelta

from states.calendar import day_of, end_of

CLAUSE = "I21-4.6.5"


def kept_until(ended: datetime, years: int) -> date:
    """The last Shanghai day on which nothing of a case that ended at this aware instant may be removed (D-3)."""
    return day_of(ended) + relativedelta(years=years)


def may_be_removed(ended: datetime, years: int, as_of: datetime) -> bool:
    """Whether the last day of keeping is over at ``as_of``."""
    return end_of(kept_until(ended, years)) <= as_of


def explain_kept_until(ended: datetime, years: int) -> str:
    """In Chinese: how the last day was found."""
    last = kept_until(ended, years)
    return f"{day_of(ended)}办结，电子档案保存{years}年，至{last}（含当日，{CLAUSE}、D-3）"
