"""The cells of an .xlsx as texts: dates, numbers and formulas as people see them."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from casework.intake.packages import Package, open_package
from states.refusals import Refused

MOST_COLUMNS = 300
MOST_SCANNED = 60_000

UNCOUNTED = "#公式无结果"
"""The text of a formula that no program has worked out yet."""

# What openpyxl lets through from below when a workbook's parts are not what they should be.
_BREAKS = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
    EOFError,
    OSError,
)
_DECLARED = re.compile(rb"<!(DOCTYPE|ENTITY)|<\0!\0D\0O\0C\0|\0<\0!\0D\0O\0C")


def workbook_rows(path: Path, *, most: int) -> Iterator[tuple[str, list[list[str]]]]:
    """Every worksheet's name and its rows as texts, trailing empty ones left out; at most `most` rows each.

    Raises Refused for whatever is no sound workbook.
    """
    package = open_package(path)
    _judge_parts(package)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and validations it does not keep; none of them is read here.
            warnings.simplefilter("ignore")
            shown = load_workbook(io.BytesIO(package.data), read_only=True, data_only=True)
            formulas = load_workbook(io.BytesIO(package.data), read_only=True, data_only=False)
            for sheet, behind in zip(shown.worksheets, formulas.worksheets, strict=True):
                if sheet.sheet_state == "visible":
                    yield sheet.title, _rows(sheet, behind, package.name, most, shown.epoch)
    except Refused:
        raise
    except _BREAKS:
        raise Refused(f"“{package.name}”已损坏，无法打开，请重新取得原件后再导入") from None


def _rows(sheet: Any, behind: Any, name: str, most: int, epoch: datetime) -> list[list[str]]:
    # Declared dimensions may be a million empty rows, or wrong.
    sheet.reset_dimensions()
    behind.reset_dimensions()
    rows: list[list[str]] = []
    empty = 0
    both = zip(sheet.iter_rows(), behind.iter_rows(values_only=True), strict=False)
    for scanned, (cells, sources) in enumerate(both):
        if scanned > MOST_SCANNED or len(cells) > MOST_COLUMNS:
            raise Refused(f"“{name}”的表格过大（超过 {MOST_SCANNED} 行或 {MOST_COLUMNS} 列），请分开导入")
        texts = [
            _text(cell, sources[place] if place < len(sources) else None) for place, cell in enumerate(cells)
        ]
        if not any(texts):
            empty += 1
            continue
        rows += [[] for _ in range(empty)] + [texts]
        empty = 0
        if len(rows) > most:
            raise Refused(f"“{name}”超过 {most} 行的上限，请分成几个文件导入")
    return rows


def _text(cell: Any, source: object) -> str:
    value = cell.value
    if value is None:
        return UNCOUNTED if isinstance(source, str) and source.startswith("=") else ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, int | float):
        # Excel keeps 15 digits of a number: a longer code typed as a number has already lost its end.
        if abs(value) >= 1e15:
            return f"{value:.2E}"
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)


def _judge_parts(package: Package) -> None:
    for entry in package.archive.infolist():
        if entry.filename.endswith((".xml", ".rels")) and _DECLARED.search(package.part(entry.filename)):
            raise Refused(f"“{package.name}”内含文档中不应有的实体定义，可能是恶意文件，没有导入")
