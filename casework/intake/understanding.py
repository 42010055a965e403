"""From the raw texts of a form to typed values, judged: what people wrote, and what is wrong with it."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from casework.intake.cells import Cells
from casework.intake.characters import NOTHING, compact, tidy, tidy_lines
from casework.intake.codes import code_of
from casework.intake.dates import date_of, names_only_a_month
from casework.intake.numbers import money_of, whole_of, year_of
from casework.intake.occupations import occupation_named
from casework.intake.prompts import without_prompt
from casework.intake.ticks import ticked, yes_or_no
from casework.intake.unclear import Unclear
from states.forms import Column, Field, Form, Level, Outcome, Problem, Section, Takes, check
from states.forms.notes import CertificateClass, UnitType, certificate_classes_of, unit_type_of


def understand(
    form: Form,
    cells: Cells,
    *,
    as_of: datetime,
    occupations: Sequence[str] = (),
    already: Sequence[Problem] = (),
) -> Outcome:
    """The application that `cells` hold, or what keeps them from being one.

    `occupations` are the full names a call knows; a short name (数据安全) that fits one is taken for it.
    `already` are problems met while the cells were taken out of their file.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = list(already)
    reported = {problem.key for problem in already}
    for field in form.fields:
        if field.key in reported:
            continue
        if field.takes is Takes.ROWS:
            rows, found = _rows(form, field, cells.rows.get(field.key, ()))
            problems += found
            if not found:
                values[field.key] = rows
            continue
        text = cells.texts.get(field.key, "")
        try:
            value = occupation_named(text, occupations) if field.key == "occupation" else _value(field, text)
        except Unclear as unclear:
            problems.append(_unclear(form, field, field.name, text, unclear))
            continue
        if value is not None:
            values[field.key] = value
        if field.takes is Takes.DATE and value is not None and names_only_a_month(text):
            sentence = f"「{field.name}」只写到月份，按当月1日计，请核对"
            problems.append(Problem(field.key, field.name, sentence, form.clause, blocks=False))
    return check(form, values, as_of=as_of, already=problems)


def _rows(
    form: Form, field: Field, rows: Sequence[Mapping[str, str]]
) -> tuple[list[dict[str, Any]], list[Problem]]:
    values: list[dict[str, Any]] = []
    problems: list[Problem] = []
    filled = [row for row in rows if any(compact(text) not in NOTHING for text in row.values())]
    for place, row in enumerate(filled, start=1):
        typed: dict[str, Any] = {}
        for column in field.columns:
            text, name = row.get(column.key, ""), f"{field.name}」第{place}行的「{column.label}"
            try:
                value = _value(column, text)
            except Unclear as unclear:
                problems.append(_unclear(form, field, name, text, unclear))
                continue
            if value is None and column.required:
                sentence = f"「{name}」没有填写，请补填"
                problems.append(Problem(field.key, field.name, sentence, form.clause))
            typed[column.key] = value
        values.append(typed)
    return values, problems


def _unclear(form: Form, field: Field, name: str, text: str, unclear: Unclear) -> Problem:
    shown = tidy(text)
    shown = shown if len(shown) <= 30 else f"{shown[:30]}…"
    quoted = "的内容" if field.takes is Takes.IDENTITY_NUMBER else f"“{shown}”"
    # The recommender's block is not the applicant's to correct.
    blocks = field.section is not Section.RECOMMENDATION
    return Problem(field.key, field.name, f"「{name}」填写的{quoted}{unclear}", form.clause, blocks)


def _value(asked: Field | Column, text: str) -> object | None:
    if asked.takes is Takes.LONG_TEXT:
        prompt = asked.prompt if isinstance(asked, Field) else ""
        return tidy_lines(without_prompt(text, prompt)) or None
    if asked.takes is Takes.MONEY:
        return money_of(text, ten_thousands="万元" in asked.label)
    return _READERS[asked.takes](text)


def _text(text: str) -> str | None:
    return tidy(text) or None


def _joined(text: str) -> str | None:
    joined = compact(text)
    return joined if joined not in NOTHING else None


def _levels(text: str) -> tuple[Level, ...] | None:
    return tuple(Level(name) for name in ticked(text, [level.value for level in Level])) or None


def _unit_type(text: str) -> UnitType | None:
    written = compact(text)
    if not written:
        return None
    chosen = ticked(text, [kind.value for kind in UnitType]) if re.search("[□☑√✓☐]", text) else ()
    found = UnitType(chosen[0]) if len(chosen) == 1 else unit_type_of(text)
    if found is None:
        raise Unclear(f"不能对应到一个单位类型，请从注1所列类型中选填一个：{'、'.join(UnitType)}")
    return found


def _certificate_classes(text: str) -> tuple[CertificateClass, ...] | None:
    if compact(text) in NOTHING or compact(text) in ("无", "没有", "不适用"):
        return None
    names = [kind.value for kind in CertificateClass]
    if re.search("[□☑√✓☐]", text) and any(name in text for name in names):
        return tuple(CertificateClass(name) for name in ticked(text, names)) or None
    if found := certificate_classes_of(text):
        return found
    raise Unclear(f"不能对应到注3所列的证书类别，请选填：{'、'.join(CertificateClass)}")


_READERS: Mapping[Takes, Callable[[str], object | None]] = {
    Takes.TEXT: _text,
    Takes.WHOLE: whole_of,
    Takes.YEAR: year_of,
    Takes.DATE: date_of,
    Takes.YES_NO: yes_or_no,
    Takes.LEVELS: _levels,
    Takes.UNIT_TYPE: _unit_type,
    Takes.CERTIFICATE_CLASSES: _certificate_classes,
    Takes.USCC: code_of,
    Takes.IDENTITY_NUMBER: code_of,
    Takes.PHONE: _joined,
    Takes.MAILBOX: _joined,
}
