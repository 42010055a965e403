"""What the rules may know of one case. A plain tuple, so that ten thousand of them cost little.

The field names are the columns of the table ``cases`` (see records/cases.py): a row read in this order
*is* the facts. Instants are aware UTC datetimes, days are dates in Asia/Shanghai. SQLite hands both back as
text; the two functions at the end accept either form.
"""

from datetime import UTC, date, datetime
from typing import NamedTuple


class Facts(NamedTuple):
    """One case as the rules see it."""

    id: int
    no: str
    version: int
    call: str
    track: str
    process: str
    occupation: str
    institution_id: int
    province: str
    channel: str
    stage: str
    entered_at: datetime | str
    updated_at: datetime | str
    filed_at: datetime | str | None = None
    paper_at: datetime | str | None = None
    materials_missing: int = 0
    warnings_open: int = 0
    priority: int = 0
    returned_from: str | None = None
    recommendation_no: str | None = None
    recommended_on: date | str | None = None
    votes_for: int | None = None
    votes_cast: int | None = None
    score: int | None = None
    panel_recommends: bool | int | None = None
    departs: bool | int = False
    posted_at: datetime | str | None = None
    objections_open: int = 0
    term_no: int = 0
    term_starts_at: datetime | str | None = None
    term_last_day: date | str | None = None
    renewal_applied_at: datetime | str | None = None
    renewal_refused: str | None = None
    renewal_correction_due: date | str | None = None
    activity: int = 0
    rectification_due: date | str | None = None
    rectification_reported_at: datetime | str | None = None
    duties_done: str = ""
    exit_ground: str | None = None
    cooling_until: date | str | None = None
    leaving_on: date | str | None = None


def instant(value: datetime | str | None) -> datetime | None:
    """An aware UTC datetime from a stored instant; None stays None."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def day(value: date | str | None) -> date | None:
    """A date from a stored day; None stays None."""
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(value)
