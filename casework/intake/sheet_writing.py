"""Writing a sheet of many institutions: the blank template, and filled ones."""

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from casework.intake.repacking import repacked
from casework.intake.sheet_headings import heading_of, required
from casework.intake.styles import Style
from casework.intake.wording import cells_of, flat
from states.forms import Application, Field, Form, FormKind, Takes, form_of

_AS_TEXT = "@"
_WORDS = Style(tick_place="word")
_HOW = {
    Takes.WHOLE: "整数",
    Takes.MONEY: "数字",
    Takes.DATE: "日期，如2019-12-31",
    Takes.YES_NO: "是或否",
    Takes.LEVELS: "初级、中级、高级，用顿号隔开",
    Takes.USCC: "18位，单元格设为文本格式",
    Takes.IDENTITY_NUMBER: "18位，单元格设为文本格式",
    Takes.MAILBOX: "电子邮箱",
}


def write_sheet_template(path: Path, kind: FormKind, *, call: str = "B3") -> None:
    """Write a blank .xlsx with every heading, and a second sheet that says how each column is filled in."""
    path.write_bytes(sheet_of(form_of(kind, call), ()))


def write_sheet(path: Path, applications: Sequence[Application], *, call: str = "B3") -> None:
    """Write `applications`, all of one kind, as an .xlsx that `read_sheet` reads."""
    path.write_bytes(sheet_of(form_of(applications[0].kind, call), applications))


def sheet_of(form: Form, applications: Sequence[Application]) -> bytes:
    """The workbook as bytes; the same input gives the same bytes."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "申报单位"
    for place, field in enumerate(form.fields, start=1):
        head = sheet.cell(1, place, heading_of(field))
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="center")
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = 28 if field.takes is Takes.LONG_TEXT else 18
        if field.takes in (Takes.USCC, Takes.IDENTITY_NUMBER, Takes.PHONE):
            sheet.column_dimensions[letter].number_format = _AS_TEXT
    sheet.freeze_panes = "B2"
    for row, application in enumerate(applications, start=2):
        for place, value in enumerate(sheet_row(form, application), start=1):
            cell = sheet.cell(row, place, value)
            if isinstance(value, str):
                # A text that begins with = is a text, not a formula.
                cell.data_type, cell.number_format = "s", _AS_TEXT
    _explain(book, form)
    saved = io.BytesIO()
    book.save(saved)
    return repacked(saved.getvalue())


def sheet_row(form: Form, application: Application) -> list[str | int | Decimal | date | None]:
    """One institution's row: numbers and dates as such, everything else in words."""
    cells, values = cells_of(application, _WORDS), flat(application)
    row: list[str | int | Decimal | date | None] = []
    for field in form.fields:
        value = values.get(field.key)
        if field.takes is Takes.ROWS:
            keys = [column.key for column in field.columns]
            lines = ("｜".join(line[key] for key in keys) for line in cells.rows[field.key])
            row.append("；".join(lines))
        elif isinstance(value, int | Decimal | date) and not isinstance(value, bool):
            row.append(value)
        else:
            row.append(cells.texts.get(field.key))
    return row


def _explain(book: Workbook, form: Form) -> None:
    sheet = book.create_sheet("填写说明")
    sheet.append(["栏目", "是否必填", "填写方法"])
    for field in form.fields:
        sheet.append([heading_of(field), "是" if required(field) else "否", _how(field)])
    for number, note in enumerate(form.notes, start=1):
        sheet.append([f"注{number}", "", note])
    for letter, width in (("A", 36), ("B", 10), ("C", 90)):
        sheet.column_dimensions[letter].width = width


def _how(field: Field) -> str:
    if field.takes is Takes.ROWS:
        columns = "｜".join(column.label for column in field.columns)
        return f"每行按“{columns}”的顺序填写，列间用｜隔开，行间用；隔开"
    limit = f"，限{field.limit}字" if field.limit else ""
    return f"{_HOW.get(field.takes, '文字')}{limit}{field.prompt}"
