"""The instant a command works at: now, or the one typed."""

import re
import unicodedata
from datetime import UTC, date, datetime

from states.calendar import FIRST_DAY, LAST_DAY, SHANGHAI, day_of, start_of
from states.refusals import Refused

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_as_of(text: str | None) -> datetime:
    """An aware UTC instant. Without a zone the text is Shanghai time, a bare date the start of that day.

    None is now: the one place of the command line that reads the clock. Raises Refused for anything else.
    """
    if text is None:
        return datetime.now(UTC)
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        if DAY.fullmatch(plain):
            return _within(start_of(date.fromisoformat(plain)), text)
        found = datetime.fromisoformat(plain)
        local = found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
        return _within(local.astimezone(UTC), text)
    except (ValueError, OverflowError):
        raise Refused(f"时间“{text}”无法识别，应写成 2024-06-21 或 2024-06-21T09:30（北京时间）。") from None


def read_day(text: str) -> date:
    """A day as typed. Raises Refused."""
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        if DAY.fullmatch(plain):
            return day_of(_within(start_of(date.fromisoformat(plain)), text))
    except (ValueError, OverflowError):
        pass
    raise Refused(f"日期“{text}”无法识别，应写成 2024-06-21。")


def _within(instant: datetime, text: str) -> datetime:
    if not FIRST_DAY <= day_of(instant) < LAST_DAY:
        raise Refused(f"时间“{text}”超出可办理的范围（{FIRST_DAY}至{LAST_DAY}），请核对。")
    return instant
