"""The form as it was filed, version by version, with what each correction changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from records.transaction import Transaction
from states.facts import instant
from states.forms.fields import Field, Form, FormKind, Takes
from states.forms.forms import form_of

PLACES = {
    "responsible_name": ("responsible", "name"), "responsible_phone": ("responsible", "phone"),
    "responsible_post": ("responsible", "post"), "responsible_mailbox": ("responsible", "mailbox"),
    "contact_name": ("contact", "name"), "contact_phone": ("contact", "phone"),
    "contact_post": ("contact", "post"), "contact_mailbox": ("contact", "mailbox"),
}  # fmt: skip
"""Fields of the printed form that are kept inside a part."""
HIDDEN = "••••••••"


@dataclass(frozen=True, slots=True)
class Answer:
    """One field as filed; a table has ``heads`` and ``rows``. ``before`` is what it said in the version before."""

    section: str
    label: str
    value: str
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    before: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Filed:
    """One version: its number, when it came, from what, and every field of it."""

    number: int
    at: datetime
    source: str
    answers: tuple[Answer, ...]

    @property
    def changes(self) -> tuple[Answer, ...]:
        """What differs from the version before."""
        return tuple(each for each in self.answers if each.changed)


def filed_versions(tx: Transaction, case_id: int, call: str) -> list[Filed]:
    """Every version, newest first. The identity number is never among what is read."""
    rows = tx.rows(
        "SELECT number, at, source, form FROM filing WHERE case_id = ? ORDER BY number", (case_id,)
    )
    found: list[Filed] = []
    before: Mapping[str, Any] | None = None
    for number, at_text, source, text in rows:
        values, at = json.loads(text), instant(at_text)
        assert at is not None
        form = form_of(FormKind(values["kind"]), call)
        answers = tuple(
            each for field in form.fields if (each := _answer(form, field, values, before)) is not None
        )
        found.append(Filed(number, at, source, answers))
        before = values
    return found[::-1]


def _answer(
    form: Form, field: Field, values: Mapping[str, Any], before: Mapping[str, Any] | None
) -> Answer | None:
    if field.takes is Takes.IDENTITY_NUMBER:
        return Answer(str(field.section), field.name, HIDDEN)
    value = _of(field, values)
    if value is None:
        return None
    old = _of(field, before) if before is not None else value
    changed = value != old
    if isinstance(value, list) and field.columns:
        heads = tuple(column.label for column in field.columns)
        rows = tuple(tuple(_words(row.get(column.key)) for column in field.columns) for row in value)
        was = (
            "；".join("、".join(_words(row.get(c.key)) for c in field.columns) for row in old or [])
            if changed
            else ""
        )
        return Answer(str(field.section), field.name, "", heads, rows, was, changed)
    return Answer(
        str(field.section), field.name, _words(value), before=_words(old) if changed else "", changed=changed
    )


def _of(field: Field, values: Mapping[str, Any]) -> Any:
    path = PLACES.get(field.key)
    if path:
        return values.get(path[0], {}).get(path[1])
    if field.key in values:
        return values[field.key]
    for part in ("commitment", "recommendation"):
        inside = values.get(part) or {}
        if field.key in inside:
            return inside[field.key]
    return None


def _words(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value)) or "—"
    if isinstance(value, dict):
        return "、".join(f"{key} {each}" for key, each in value.items()) or "—"
    return str(value)
