"""The area of listed institutions."""

from collections.abc import Mapping
from datetime import date, datetime

from casework.history import CaseView, show
from dashboard.area import Area
from dashboard.refusing import NotThere
from dashboard.visit import Visit
from states.calendar import SHANGHAI
from states.refusals import Refused

area = Area("/after")


def listed(visit: Visit, no: str) -> CaseView:
    """A case of the institution that stands or stood in the directory, or NotThere."""
    try:
        found = show(visit.desk, no, as_of=visit.as_of, actor=visit.actor)
    except Refused:
        raise NotThere from None
    if found.facts.term_last_day is None:
        raise NotThere
    return found


def whole(visit: Visit, name: str, label: str) -> int:
    """A whole number of the form. Raises Refused when it is none."""
    text = visit.field(name).replace(",", "").replace("，", "")
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise Refused(f"“{label}”应填写整数，没有的填0。")
    return int(text)


def day(visit: Visit, name: str, label: str) -> date:
    """A day of the form. Raises Refused when it is none."""
    try:
        return date.fromisoformat(visit.field(name))
    except ValueError:
        raise Refused(f"“{label}”没有填写或写法有误，请按“2024-06-12”的样子填写。") from None


def moment(visit: Visit, name: str, label: str) -> datetime:
    """A Shanghai time of the form. Raises Refused when it is none."""
    try:
        return datetime.fromisoformat(visit.field(name)).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Refused(f"“{label}”没有填写或写法有误，请填写日期和时间。") from None


def typed(visit: Visit) -> Mapping[str, str]:
    """Everything that was typed, to be shown again."""
    return {name: value for name, value in visit.form.items() if isinstance(value, str)}
