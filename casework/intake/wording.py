"""An application in the words it is written in: from typed values to the texts of a form."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from casework.intake.cells import Cells
from casework.intake.styles import NEAT, Style
from casework.intake.ticks import TICKED, UNTICKED
from states.forms import Application, Column, Field, Form, Level, Takes, form_of
from states.forms.closing_section import LEVEL_KEYS

_WIDE_DIGITS = {code: code + 0xFEE0 for code in range(ord("0"), ord("9") + 1)}
_NUMERALS = "〇一二三四五六七八九"


def cells_of(application: Application, style: Style = NEAT) -> Cells:
    """The texts of the form that would hold `application`, written in `style`."""
    form = form_of(application.kind)
    values = flat(application)
    texts: dict[str, str] = {}
    rows: dict[str, tuple[dict[str, str], ...]] = {}
    for field in form.fields:
        value = values.get(field.key)
        if field.takes is Takes.ROWS:
            rows[field.key] = tuple(
                {column.key: written(column, row[column.key], style) for column in field.columns}
                for row in value or ()
            )
        elif value is not None:
            texts[field.key] = written(field, value, style)
    return Cells(texts, rows)


def blank_cells(form: Form) -> Cells:
    """The texts of an unfilled form: its empty boxes."""
    boxes = {
        field.key: choice(
            (), [level.value for level in Level] if field.takes is Takes.LEVELS else ["是", "否"]
        )
        for field in form.fields
        if field.takes is Takes.LEVELS or _has_printed_boxes(field)
    }
    return Cells(boxes)


def flat(application: Application) -> dict[str, Any]:
    """The values of `application` by field key, the inverse of what `states.forms.check` builds."""
    values = {name: getattr(application, name) for name in type(application).model_fields}
    for person in ("responsible", "contact"):
        values |= {f"{person}_{name}": value for name, value in values.pop(person).model_dump().items()}
    for level, key in LEVEL_KEYS.items():
        values[f"planned_{key}"] = application.planned.get(level)
        values[f"fee_{key}"] = application.fees.get(level)
    values |= {
        key: value for key, value in application.commitment.model_dump().items() if value not in ("", None)
    }
    for name, value in application.recommendation.model_dump().items():
        key = name if name.startswith("recommend") else _RECOMMENDATION.get(name, f"recommender_{name}")
        values[key] = value or None
    for table in ("taxes", "scale", "premises", "people"):
        values[table] = [row.model_dump() for row in values[table]]
    return values


_RECOMMENDATION = {"reason": "recommendation_reason"}


def written(asked: Field | Column, value: object, style: Style = NEAT) -> str:
    """One value as people write it under the label of `asked`."""
    if isinstance(value, bool):
        if style.tick_place == "word" or not _has_printed_boxes(asked):
            return "是" if value else "否"
        return choice(("是" if value else "否",), ("是", "否"), style)
    if asked.takes is Takes.LEVELS and isinstance(value, tuple):
        if style.tick_place == "word":
            return "、".join(value)
        return choice(tuple(value), [level.value for level in Level], style)
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, date):
        return _digits(day_written(value, style), style)
    if isinstance(value, int | Decimal) and not isinstance(value, StrEnum):
        return _digits(_number(asked, value, style), style)
    text = str(value)
    if asked.takes in (Takes.USCC, Takes.IDENTITY_NUMBER):
        return _code(text, style)
    return _digits(text, style) if asked.takes is Takes.PHONE else text


def choice(chosen: tuple[str, ...], options: list[str] | tuple[str, ...], style: Style = NEAT) -> str:
    """Options with their boxes, the chosen ones ticked; the file's own making of a tick comes later."""
    marks = [(option, TICKED if option in chosen else UNTICKED) for option in options]
    if style.tick_place == "before":
        return "  ".join(f"{mark}{option}" for option, mark in marks)
    return "  ".join(f"{option}{mark}" for option, mark in marks)


def day_written(day: date, style: Style) -> str:
    """A day in the style's way of writing dates."""
    if style.dates == "numerals":
        year = "".join(_NUMERALS[int(digit)] for digit in str(day.year))
        return f"{year}年{_in_words(day.month)}月{_in_words(day.day)}日"
    patterns = {
        "chinese": "{0.year}年{0.month}月{0.day}日",
        "dotted": "{0.year}.{0.month}.{0.day}",
        "dashed": "{0:%Y-%m-%d}",
        "slashed": "{0.year}/{0.month}/{0.day}",
        "packed": "{0:%Y%m%d}",
        "spaced": "{0.year} 年 {0.month} 月 {0.day} 日",
    }
    return patterns[style.dates].format(day)


def _in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens]}十") + (
        _NUMERALS[ones] if ones else ""
    )


def _number(asked: Field | Column, value: int | Decimal, style: Style) -> str:
    if asked.takes is Takes.YEAR:
        return f"{value}年" if style.units else str(value)
    text = f"{value:,}" if style.grouped_numbers else str(value)
    if not style.units:
        return text
    if asked.takes is Takes.MONEY:
        return f"{text}万元" if "万元" in asked.label else f"{text}元"
    return f"{text}人"


def _code(text: str, style: Style) -> str:
    if style.lower_codes:
        text = text.lower()
    if style.spaced_codes:
        text = " ".join(text[place : place + 4] for place in range(0, len(text), 4))
    return _digits(text, style)


def _digits(text: str, style: Style) -> str:
    return text.translate(_WIDE_DIGITS) if style.wide_digits else text


def _has_printed_boxes(asked: Field | Column) -> bool:
    return isinstance(asked, Field) and asked.takes is Takes.YES_NO and not asked.label.startswith("是否")
