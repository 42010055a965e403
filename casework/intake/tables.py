"""The tables of a file people keep lists in (.xlsx, .csv), as rows of texts."""

import re
from pathlib import Path

from casework.intake.csv_text import csv_rows
from casework.intake.packages import LARGEST_FILE, contents_of
from casework.intake.workbooks import UNCOUNTED, workbook_rows
from states.refusals import Refused

Table = tuple[str, list[list[str]]]
"""What to call the table inside its file (empty when it is the only one), and its rows."""

_ERRORS = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)")


def tables_in(path: Path, *, most: int, largest: int = LARGEST_FILE) -> list[Table]:
    """Every table of the file at `path`, at most `most` rows each; a csv of at most `largest` bytes.

    Raises Refused, in one sentence, for a file that is neither, is damaged or too large.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        data = contents_of(path, largest=largest)
        if data.startswith(b"PK\x03\x04"):
            raise Refused(f"“{path.name}”实际是 Excel 文档，请把扩展名改为 .xlsx 后再导入")
        return [("", csv_rows(data, path.name, most=most))]
    if suffix == ".xlsx":
        sheets = list(workbook_rows(path, most=most))
        return [(f"工作表“{title}”" if len(sheets) > 1 else "", rows) for title, rows in sheets]
    raise Refused(f"“{path.name}”不是 .xlsx 或 .csv 文件，请另存后再导入")


def uncounted(text: str) -> bool:
    """Whether a cell holds a formula without a result, or one that failed."""
    return text == UNCOUNTED or (text.startswith("#") and _ERRORS.fullmatch(text) is not None)


def rows_in_cell(text: str, columns: int) -> list[list[str]]:
    """The rows of a small table written in one cell, each of exactly `columns` texts.

    Rows stand apart by `；` or a new line, columns by `｜` or `|`; what is too much stays in the last column.
    """
    rows = []
    for line in re.split(r"[；;\n]", text):
        parts = [part.strip() for part in re.split(r"[｜|]", line)]
        if any(parts):
            last = columns - 1
            parts = [*parts[:last], "｜".join(parts[last:])]
            rows.append(parts + [""] * (columns - len(parts)))
    return rows
