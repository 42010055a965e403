"""Writing a sheet of experts: the blank template with its instructions, and filled ones."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from casework.faults import os_fault
from casework.intake.repacking import repacked
from casework.pool.columns import COLUMNS, PoolColumn
from states.refusals import Refused

_AS_TEXT = "@"
_GENERAL = (
    "每人一行，只填一个现工作单位；同一人再次导入时按身份证号更新，空白的单元格保留原有内容。",
    "标有“影响回避”的栏目空白表示情况不明，抽取前须由人工核定；确实没有的请填“无”。",
    "一个单元格内有多行的，行间用；隔开，列间用｜隔开，按“填写方法”中的顺序填写。",
    "默认整份文件全部无误才导入；只导入无误的行请用 --partial。",
)

Texts = Mapping[str, str]
"""One expert's cells as texts, by column key."""


def write_pool_template(path: Path) -> None:
    """Write a blank .xlsx with every heading and a sheet that says how each column is filled in.

    Raises Refused when the file exists, is not called .xlsx, or cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise Refused(f"样表是 Excel 文件，请把“{path.name}”的扩展名写成 .xlsx。")
    _write(path, pool_workbook(()))


def write_pool_sheet(path: Path, experts: Iterable[Texts]) -> None:
    """Write experts as a file the import reads: .csv (UTF-8 with mark) or .xlsx. Raises Refused as the template."""
    if path.suffix.lower() == ".csv":
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow([column.heading for column in COLUMNS])
        writer.writerows([texts.get(column.key, "") for column in COLUMNS] for texts in experts)
        _write(path, text.getvalue().encode("utf-8-sig"))
    else:
        _write(path, pool_workbook(experts))


def pool_workbook(experts: Iterable[Texts]) -> bytes:
    """The workbook as bytes; the same input gives the same bytes."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("专家")
    sheet.freeze_panes = "B2"
    for place, column in enumerate(COLUMNS, start=1):
        dimension = sheet.column_dimensions[get_column_letter(place)]
        dimension.width = 40 if column.parts else 20
        dimension.number_format = _AS_TEXT
    sheet.append([_head(sheet, column.heading) for column in COLUMNS])
    for texts in experts:
        sheet.append([_text(sheet, texts.get(column.key, "")) for column in COLUMNS])
    _explain(book)
    saved = io.BytesIO()
    book.save(saved)
    return repacked(saved.getvalue())


def how(column: PoolColumn) -> str:
    """How a column is filled in, in one sentence."""
    return f"每行按“{'｜'.join(column.parts)}”填写；{column.how}" if column.parts else column.how


def _explain(book: Workbook) -> None:
    sheet: Any = book.create_sheet("填写说明")
    for letter, width in (("A", 24), ("B", 10), ("C", 10), ("D", 110)):
        sheet.column_dimensions[letter].width = width
    sheet.append([_head(sheet, text) for text in ("栏目", "必填", "影响回避", "填写方法")])
    for column in COLUMNS:
        sheet.append(
            [column.heading, "是" if column.required else "否", "是" if column.tells else "否", how(column)]
        )
    for number, sentence in enumerate(_GENERAL, start=1):
        sheet.append([f"说明{number}", "", "", sentence])


def _head(sheet: Any, text: str) -> Any:
    cell = _text(sheet, text)
    cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="center")
    return cell


def _text(sheet: Any, text: str) -> Any:
    cell: Any = WriteOnlyCell(sheet, text or None)
    # A text that begins with = is a text, not a formula.
    cell.number_format = _AS_TEXT
    if text:
        cell.data_type = "s"
    return cell


def _write(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as out:
            out.write(content)
    except FileExistsError:
        raise Refused(f"文件{path}已存在，请换一个文件名。") from None
    except OSError as error:
        raise Refused(f"文件{path}无法写入（{os_fault(error)}），请检查路径和权限。") from None
