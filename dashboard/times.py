"""Instants as people read them: Beijing time, a deadline as the end of its last day."""

from datetime import datetime, time, timedelta

from states.calendar import SHANGHAI

_WEEKDAYS = "一二三四五六日"


def spoken(at: datetime, as_of: datetime) -> str:
    """An instant, as short as the reader at ``as_of`` can still place it."""
    local, now = at.astimezone(SHANGHAI), as_of.astimezone(SHANGHAI)
    if local.date() == now.date():
        return f"今天 {local:%H:%M:%S}"
    if local.year == now.year:
        return f"{local.month}月{local.day}日 {local:%H:%M}"
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def spoken_due(at: datetime) -> str:
    """A due instant: midnight is the end of the day before, so that nobody comes a day late."""
    local = at.astimezone(SHANGHAI)
    ends = local.time() == time(0)
    day = (local - timedelta(days=1) if ends else local).date()
    clock = "24时" if ends else f"{local:%H:%M}"
    return f"{day.year}年{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）{clock}"


def ago(at: datetime, as_of: datetime) -> str:
    """How long before ``as_of`` an instant was, roughly."""
    seconds = max(0, int((as_of - at).total_seconds()))
    if seconds < 60:
        return f"{seconds}秒前"
    for unit, size in (("天", 86_400), ("小时", 3_600), ("分钟", 60)):
        if seconds >= size:
            return f"{seconds // size}{unit}前"
    raise AssertionError(seconds)
