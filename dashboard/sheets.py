"""Workbooks to download: lines under headings, and nothing in them is ever taken for a formula."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]
) -> bytes:
    """A workbook of one sheet; whole numbers stay numbers, everything else is text. ``widths`` in characters."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for across, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(across)].width = width
    heads = [WriteOnlyCell(sheet, value=heading) for heading in headings]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def download(content: bytes, name: str, kind: str = XLSX) -> Response:
    """A file to save; ``name`` is plain ASCII."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, int):
        return WriteOnlyCell(sheet, value=value)
    text = "" if value is None else str(value)
    try:
        cell = WriteOnlyCell(sheet, value=text)
    except IllegalCharacterError:
        cell = WriteOnlyCell(sheet, value="".join(each for each in text if each.isprintable()))
    cell.data_type = "s"  # a name that begins with = is a name
    return cell
