"""The printed forms row by row, on a grid of twelve columns: which label stands where, and which field beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from states.forms import Field, Form, FormKind, Section, Takes
from states.forms.closing_section import LEVEL_KEYS

COLUMNS = 12
PRINTED_ROWS = {"taxes": 3, "scale": 5, "premises": 1, "people": 2}

Merged = Literal["", "restart", "continue"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One printed cell: a label, or the place of a field's answer, or of one column of one row of a table."""

    span: int
    label: str = ""
    key: str = ""
    row: int = 0
    column: str = ""
    merged: Merged = ""
    heading: bool = False


PrintedRow = tuple[Slot, ...]


def printed_rows(form: Form, rows: dict[str, int]) -> Iterator[PrintedRow]:
    """The rows of `form` above the commitment; `rows` says how many rows each table has."""
    yield from _pair(form, "occupation", 5)
    yield from _pair(form, "levels", 5)
    yield _heading(Section.INSTITUTION)
    for key in ("institution", "uscc"):
        yield from _pair(form, key)
    yield _label("法定代表人", 3, "restart"), _label("姓名", 4), _label("身份证号", 5)
    yield (
        _below(3),
        Slot(4, key="legal_representative"),
        Slot(5, key="legal_representative_id"),
    )
    yield from _pair(form, "address")
    yield _two(form, "unit_type", "industry")
    yield _two(form, "registered_capital", "staff")
    yield from _pair(form, "founded")
    yield from _table(form.field("taxes"), 3, (2, 3, 4), rows["taxes"])
    yield _two(form, "national_base", "industry_base")
    yield _two(form, "provincial_base", "standard_developer")
    for prefix, group in (("responsible", "申报负责人"), ("contact", "申报联系人")):
        yield _label(group, 3, "restart"), *_named(form, prefix, "name", "phone")
        yield _below(3), *_named(form, prefix, "post", "mailbox")
    yield from _long(form, "profile")
    yield _heading(Section.FOUNDATION)
    yield from _foundation(form, rows)
    yield _heading(Section.PLAN)
    yield from _levels(form)
    yield from _long(form, "plan")


def _foundation(form: Form, rows: dict[str, int]) -> Iterator[PrintedRow]:
    training = form.kind is FormKind.TRAINING
    if not training:
        yield _two(form, "conducts_evaluation", "issues_certificates")
    widths = (1, 3, 3, 3) if training else (1, 4, 3, 2)
    yield from _table(form.field("scale"), 2, widths, rows["scale"])
    for key in ("total_scale", "own_scale"):
        yield _below(2), _label(form.field(key).label, 4), Slot(6, key=key)
    if not training:
        yield from _pair(form, "certificate_classes")
    yield from _table(form.field("premises"), 2, (3, 2, 1, 2, 2), rows["premises"])
    yield from _long(form, "platform")
    team = ("team", "full_time", "part_time") if training else ("team", "examiners", "supervisors")
    whole, first, second = (form.field(key) for key in team)
    yield (
        _label(whole.label, 2, "restart"),
        Slot(3, key=whole.key, merged="restart"),
        _label(first.label, 4),
        Slot(3, key=first.key),
    )
    yield _below(2), _below(3), _label(second.label, 4), Slot(3, key=second.key)
    people = (2, 3, 2, 2, 1, 2) if training else (2, 4, 3, 3)
    yield from _table(form.field("people"), 0, people, rows["people"])
    for key in ("summary", "team_building"):
        yield from _long(form, key)


def _table(field: Field, group: int, widths: tuple[int, ...], count: int) -> Iterator[PrintedRow]:
    heads = tuple(_label(column.label, width) for column, width in zip(field.columns, widths, strict=True))
    yield (*([_label(field.label, group, "restart")] if group else []), *heads)
    for row in range(count):
        answers = tuple(
            Slot(width, key=field.key, row=row, column=column.key)
            for column, width in zip(field.columns, widths, strict=True)
        )
        yield (*([_below(group)] if group else []), *answers)


def _levels(form: Form) -> Iterator[PrintedRow]:
    for place, (level, key) in enumerate(LEVEL_KEYS.items()):
        row: list[Slot] = []
        for prefix in ("planned", "fee"):
            group = form.field(f"{prefix}_{key}").group or ""
            row.append(_label(group, 3, "restart") if place == 0 else _below(3))
            row += [_label(level.value, 1), Slot(2, key=f"{prefix}_{key}")]
        yield tuple(row)


def _named(form: Form, prefix: str, first: str, second: str) -> Iterator[Slot]:
    for name, width in ((first, 3), (second, 4)):
        field = form.field(f"{prefix}_{name}")
        yield _label(field.label, 1)
        yield Slot(width, key=field.key)


def _pair(form: Form, key: str, width: int = 3) -> Iterator[PrintedRow]:
    yield _label(form.field(key).label, width), Slot(COLUMNS - width, key=key)


def _two(form: Form, first: str, second: str) -> PrintedRow:
    return (
        _label(form.field(first).label, 3),
        Slot(3, key=first),
        _label(form.field(second).label, 3),
        Slot(3, key=second),
    )


def _long(form: Form, key: str) -> Iterator[PrintedRow]:
    field = form.field(key)
    assert field.takes is Takes.LONG_TEXT
    yield _label(field.label, 2), Slot(COLUMNS - 2, key=key)


def _heading(section: Section) -> PrintedRow:
    return (Slot(COLUMNS, label=section.value, heading=True),)


def _label(text: str, span: int, merged: Merged = "") -> Slot:
    return Slot(span, label=text, merged=merged)


def _below(span: int) -> Slot:
    return Slot(span, merged="continue")
