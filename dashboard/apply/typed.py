"""What was typed into the form online: texts by field, rows by table, as a draft keeps them."""

import re
from collections.abc import Iterable

from starlette.datastructures import FormData

from states.forms import Form, Takes

JOINED = frozenset({Takes.LEVELS, Takes.CERTIFICATE_CLASSES})
_ROW = re.compile(r"r\.(\w{1,30})\.(\d{1,3})\.(\w{1,30})")

Texts = dict[str, str]
Rows = dict[str, tuple[dict[str, str], ...]]


def read_typed(form: Form, sent: FormData) -> tuple[Texts, Rows]:
    """Texts and rows of a form that was sent; fields that were not on the page are absent.

    A group of boxes tells by ``shown`` that it was on the page, so that none ticked means none.
    """
    shown = {str(key) for key in sent.getlist("shown")}
    texts: Texts = {}
    for field in form.fields:
        if field.takes is Takes.ROWS:
            continue
        values = [value for value in sent.getlist(f"f.{field.key}") if isinstance(value, str)]
        if field.takes in JOINED:
            if values or field.key in shown:
                texts[field.key] = "、".join(values)
        elif values:
            texts[field.key] = values[-1].replace("\r\n", "\n")
        elif field.key in shown:
            texts[field.key] = ""
    return texts, _rows(form, sent, shown)


def with_row(rows: Rows, table: str, kept: Iterable[dict[str, str]]) -> Rows:
    """The same with one more empty row."""
    return {**rows, table: (*rows.get(table, tuple(kept)), {})}


def without_row(rows: Rows, which: str) -> Rows:
    """The same without a row; ``which`` is ``taxes.2``."""
    table, _, number = which.partition(".")
    if table not in rows or not number.isdecimal():
        return rows
    return {**rows, table: tuple(row for at, row in enumerate(rows[table]) if at != int(number))}


def _rows(form: Form, sent: FormData, shown: set[str]) -> Rows:
    found: dict[str, dict[int, dict[str, str]]] = {}
    for name, value in sent.multi_items():
        part = _ROW.fullmatch(name)
        if part and isinstance(value, str):
            found.setdefault(part[1], {}).setdefault(int(part[2]), {})[part[3]] = value.strip()
    tables = [field.key for field in form.fields if field.takes is Takes.ROWS]
    return {
        key: tuple(found.get(key, {})[at] for at in sorted(found.get(key, {})))
        for key in tables
        if key in found or key in shown
    }
