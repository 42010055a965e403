"""Lines under headings as files for Excel: nothing in them is ever taken for a formula."""

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from states.refusals import Refused


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file that Excel opens as UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([_inert(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_bytes(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]
) -> bytes:
    """A workbook of one sheet; ``widths`` are those of its columns, in characters."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for across, heading in enumerate(headings, start=1):
        sheet.cell(1, across, heading).font = Font(bold=True)
    for down, row in enumerate(rows, start=2):
        for across, value in enumerate(row, start=1):
            cell = sheet.cell(down, across, value)
            cell.data_type = "s"  # a name that begins with = is a name
    sheet.freeze_panes = "A2"
    for across, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(across)].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_bytes(content: bytes, output: Path | None) -> None:
    """Write a file, or to standard output. Raises Refused when it cannot be written."""
    from casework.faults import os_fault

    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise Refused(f"文件{output}无法写入（{os_fault(error)}），请检查路径和权限。") from None


def _inert(value: str) -> str:
    """A text that a spreadsheet will not take for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
