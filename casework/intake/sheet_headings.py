"""The headings of a sheet of many institutions: the printed labels, made unambiguous by their group."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import TypeVar

from casework.intake.labels import spelled, spellings
from states.forms import Field, Form, Takes

T = TypeVar("T")

# Columns people add for themselves.
_ASIDE = frozenset({"序号", "编号", "备注", "说明", "no"})


def heading_of(field: Field) -> str:
    """The heading of the column of `field`: 申报联系人电话, 近三年纳税情况."""
    return field.name.replace("·", "")


def required(field: Field) -> bool:
    """Whether a sheet must have the column: for every field someone has to fill in, and every table."""
    return field.required or field.takes is Takes.ROWS or field.key.startswith(("planned_", "fee_"))


@cache
def headings_of(form: Form) -> dict[str, Field]:
    """Every spelling of every heading, to its field."""
    known: dict[str, Field] = {}
    for field in form.fields:
        group = (field.group or "") if field.takes is not Takes.ROWS else ""
        every = {spelled(heading_of(field))}
        for own in spellings(field.label, field.aliases):
            every |= {spelled(outer) + own for outer in spellings(group)} if group else {own}
        known |= dict.fromkeys(every - known.keys(), field)
    return known


def columns_of(form: Form, headings: Sequence[str]) -> tuple[dict[int, Field], list[str], list[str]]:
    """Which column holds which field; the required headings that are missing; the headings not understood."""
    columns, strange = recognised(headings_of(form), headings)
    there = {field.key for field in columns.values()}
    missing = [heading_of(field) for field in form.fields if required(field) and field.key not in there]
    return columns, missing, strange


def recognised(known: Mapping[str, T], headings: Sequence[str]) -> tuple[dict[int, T], list[str]]:
    """Which column holds which of the `known` things, by their spellings; and the headings not understood."""
    columns: dict[int, T] = {}
    strange: list[str] = []
    for place, heading in enumerate(headings):
        label = spelled(heading)
        found = known.get(label)
        if found is not None and found not in columns.values():
            columns[place] = found
        elif label and label not in _ASIDE:
            strange.append(heading.strip())
    return columns, strange


def fault_of(form: Form, missing: Sequence[str], strange: Sequence[str]) -> str | None:
    """What is wrong with the headings of a form, in one clause of a sentence; or None."""
    return heading_fault(missing, strange, [heading_of(field) for field in form.fields])


def heading_fault(missing: Sequence[str], strange: Sequence[str], expected: Sequence[str]) -> str | None:
    """What is wrong with headings, in one clause of a sentence, each with its nearest expected; or None."""
    if not missing and not strange:
        return None
    expected = [*missing, *expected]
    said = []
    for heading in strange:
        near = get_close_matches(spelled(heading), [spelled(name) for name in expected], n=1, cutoff=0.5)
        meant = next((name for name in expected if near and spelled(name) == near[0]), None)
        said.append(f"列“{heading}”无法识别" + (f"，是否应为“{meant}”" if meant else ""))
    if missing:
        said.append(f"缺少列“{'”“'.join(missing[:8])}”" + (f"等{len(missing)}列" if len(missing) > 8 else ""))
    return "；".join(said)
