"""Lines under headings as files for Excel: nothing in them is ever taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_TITLE = 31


class Sheet(NamedTuple):
    """One sheet: its title, its headings, its rows, and the widths of its columns in characters, if set."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[int] = ()


def workbook(*sheets: Sheet) -> bytes:
    """A workbook of these sheets; whole numbers stay numbers, everything else is text."""
    book = Workbook(write_only=True)
    for each in sheets:
        sheet = book.create_sheet(each.title[:_LONGEST_TITLE])
        sheet.freeze_panes = "A2"
        for across, width in enumerate(each.widths, start=1):
            sheet.column_dimensions[get_column_letter(across)].width = width
        heads = [WriteOnlyCell(sheet, value=heading) for heading in each.headings]
        for head in heads:
            head.font = Font(bold=True)
        sheet.append(heads)
        for row in each.rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file that Excel opens as UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([inert(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def inert(value: Any) -> Any:
    """A value that a spreadsheet will not take for a formula when it reads a CSV file."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value


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
