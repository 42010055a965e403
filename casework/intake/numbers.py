"""Reading numbers the way people write them: 1,000 / 2000万 / 1.2万人次 / １２８名 / 一千."""

import re
from decimal import Decimal

from casework.intake.characters import NOTHING, compact
from casework.intake.unclear import Unclear

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "○": 0, "两": 2}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}

_NUMBER = re.compile(
    r"(?:人民币|RMB|¥|￥)?"
    r"(?P<digits>\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,6})?|\d{1,15}(?:\.\d{1,6})?)"
    r"(?P<scale>亿|千万|百万|万|千)?"
    r"(?P<unit>元|人次|人|名|位|个|份|张|本|次|家)?整?"
    r"(?:/(?:次|人次|人|学时|课时|时))?"
)
_LONGEST_NUMERAL = 30
_ASK = "无法识别为数字，请填写阿拉伯数字"


def money_of(text: str, *, ten_thousands: bool) -> Decimal | None:
    """An amount in 万元 (`ten_thousands`) or 元; a bare number is in that unit. None when nothing is written."""
    found = _scaled(text)
    if found is None:
        return None
    amount, scale, unit = found
    if not ten_thousands:
        return _plain(amount * scale)
    # 2000 and 2000万 mean 2,000 万元; 2000元 says its own unit.
    return _plain(amount * scale / 10_000) if scale != 1 or unit == "元" else _plain(amount)


def whole_of(text: str) -> int | None:
    """A whole number of persons, person-times or certificates; None when nothing is written."""
    found = _scaled(text)
    if found is None:
        return None
    value = found[0] * found[1]
    if value != value.to_integral_value():
        raise Unclear("不是整数，请填写整数")
    return int(value)


def year_of(text: str) -> int | None:
    """A year: 2021, 2021年, 2021年度, 二〇二一年, 2024年1-5月. None when nothing is written."""
    folded = compact(text)
    if folded in NOTHING:
        return None
    if found := re.match(r"([12]\d{3})(?:\.0)?(?:年度?|$)", folded):
        return int(found[1])
    if found := re.match(r"([零〇○一二三四五六七八九]{4})年?度?$", folded):
        return int("".join(str(_DIGITS[character]) for character in found[1]))
    raise Unclear("无法识别为年份，请填写四位年份，如2023")


def chinese_number(text: str) -> int | None:
    """The value of a Chinese numeral below 10^12 (一千二百, 三十一, 二〇一九); None when it is not one."""
    text = text.translate(_FORMAL)
    if (
        not text
        or len(text) > _LONGEST_NUMERAL
        or any(character not in _DIGITS and character not in _SCALES for character in text)
    ):
        return None
    if all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    for scale in ("亿", "万"):
        above, found, below = text.rpartition(scale)
        if found:
            return (chinese_number(above) or 0) * _SCALES[scale] + (chinese_number(below) or 0)
    total = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total, digit = total + (digit or 1) * _SCALES[character], 0
    return total + digit


def _scaled(text: str) -> tuple[Decimal, int, str | None] | None:
    folded = compact(text)
    if folded in NOTHING:
        return None
    if folded in ("无", "没有"):
        return Decimal(0), 1, None
    if found := _NUMBER.fullmatch(folded):
        scale = found["scale"] or ""
        factor = 1
        for character in scale:
            factor *= _SCALES[character]
        return Decimal(found["digits"].replace(",", "")), factor, found["unit"]
    bare = re.sub(r"(?:元|人次|人|名|位|个|份|张|本|次|家)?整?$", "", folded.removeprefix("人民币"))
    value = chinese_number(bare)
    if value is None:
        raise Unclear(_ASK)
    # 两千万 spelled out is an amount in 元, whether or not 元 is said.
    spelled_out = folded.endswith(("元", "元整")) or "万" in bare or "亿" in bare
    return Decimal(value), 1, "元" if spelled_out else None


def _plain(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()
