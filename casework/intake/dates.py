"""Reading dates the way people write them: 2019.12.31, 2019年12月31日, 20191231, 二〇一九年十二月三十一日."""

import re
from datetime import date

from casework.intake.characters import NOTHING, compact
from casework.intake.numbers import chinese_number
from casework.intake.unclear import Unclear

_NUMERAL = "〇○零一二三四五六七八九十"
_PATTERNS = (
    re.compile(r"(?<!\d)(\d{4})年(\d{1,2})月(?:(\d{1,2})[日号]?)?"),
    re.compile(r"(?<!\d)(\d{4})[-./](\d{1,2})(?:[-./](\d{1,2}))?(?:T?\d{1,2}:\d{2}(?::\d{2})?)?(?!\d)"),
    re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)"),
    re.compile(rf"([{_NUMERAL}]{{4}})年([{_NUMERAL}]{{1,3}})月(?:([{_NUMERAL}]{{1,3}})[日号]?)?"),
)
_ASK = "无法识别为日期，请按“2019年12月31日”的样式填写"


def date_of(text: str) -> date | None:
    """The one day `text` names; a month without a day means its first day. None when nothing is written.

    A printed and unfilled 年 月 日 counts as nothing. Two different days, or a day that does not exist, is
    Unclear.
    """
    folded = compact(text)
    if folded in NOTHING or folded == "年月日":
        return None
    # 2019-12-31 00:00:00 keeps its time of day when white space goes.
    folded = re.sub(r"(\d{4}-\d{2}-\d{2})\d{2}:\d{2}(:\d{2})?(\.0+)?$", r"\1", folded)
    for pattern in _PATTERNS:
        if found := pattern.findall(folded):
            days = {_day(year, month, day) for year, month, day in found}
            if len(days) > 1:
                raise Unclear("写有多个日期，请只填写一个")
            return days.pop()
    raise Unclear(_ASK)


def names_only_a_month(text: str) -> bool:
    """Whether `text` stops at the month (2019年12月, 2019/12)."""
    return re.fullmatch(r"\D*\d{4}[年\-./]\d{1,2}月?", compact(text)) is not None


def _day(year: str, month: str, day: str) -> date:
    try:
        return date(_number(year), _number(month), _number(day) if day else 1)
    except ValueError:
        raise Unclear("不是存在的日期，请更正") from None


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    value = chinese_number(text)
    if value is None:
        raise ValueError(text)
    return value
