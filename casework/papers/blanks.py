"""The built-in templates, written by code: ``python -m casework.papers.blanks`` writes them anew.

Set as official papers are (GB/T 9704): A4, title in 宋体, headings in 黑体, text in 仿宋. An office that wants other
words copies a template into its data folder and edits it in Word.
"""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from casework.intake.repacking import repacked
from casework.papers.wording import PAPERS, Fields, Heading, Lines, Paper, Room, Rows, Signatures, Text

TITLE, HEADING, BODY = "宋体", "黑体", "仿宋"
LATIN = "Times New Roman"
FOLDER = Path(__file__).parent / "templates"


def blank(paper: Paper) -> bytes:
    """The template of a paper. The same words give the same bytes."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin, page.bottom_margin = Cm(3.0), Cm(2.8)
    page.left_margin, page.right_margin = Cm(2.6), Cm(2.4)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(12)
    normal.element.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), BODY)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.35
    if paper.mark:
        _line(document, paper.mark, HEADING, 12)
    _line(document, paper.title, TITLE, 20, bold=True, align="center", before=6, after=4)
    _line(document, "{{ number }}", BODY, 12, align="center", after=10)
    for part in paper.parts:
        _add(document, part)
    _footer(document, paper.title)
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "linxuan", paper.title, ""
    saved = io.BytesIO()
    document.save(saved)
    return repacked(saved.getvalue())


def write_blanks(folder: Path = FOLDER) -> list[Path]:
    """Write every template into a folder; the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, paper in PAPERS.items():
        path = folder / f"{kind}.docx"
        path.write_bytes(blank(paper))
        written.append(path)
    return written


def _add(document: Any, part: Any) -> None:
    match part:
        case Heading(text):
            _line(document, text, HEADING, 13, before=8, after=2).paragraph_format.keep_with_next = True
        case Text(text):
            _line(document, text, BODY, 12, indent=True)
        case Lines(each, where):
            _line(document, f"{{%p for {each} in {where} %}}", BODY, 12)
            _line(document, f"{{{{ {each} }}}}", BODY, 12, indent=True)
            _line(document, "{%p endfor %}", BODY, 12)
        case Fields(rows):
            _fields(document, rows)
        case Rows(where, columns, widths):
            _rows(document, where, columns, widths)
            _line(document, "", BODY, 4)
        case Room(lines):
            for _ in range(lines):
                _line(document, "", BODY, 12)
        case Signatures(people):
            _signatures(document, people)


def _line(
    container: Any, text: str, font: str, size: float, *, bold: bool = False, align: str = "left",
    indent: bool = False, before: float = 0, after: float = 0,
) -> Any:  # fmt: skip
    paragraph = container.add_paragraph()
    run = paragraph.add_run(text)
    _set(run, font, size, bold)
    paragraph.alignment = {
        "left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT,
    }[align]  # fmt: skip
    form = paragraph.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    if indent:
        form.first_line_indent = Pt(2 * size)
    return paragraph


def _set(run: Any, font: str, size: float, bold: bool = False) -> None:
    run.font.name, run.font.size, run.font.bold = LATIN, Pt(size), bold
    run._element.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), font)


def _table(document: Any, rows: int, widths: Sequence[float]) -> Any:
    table = document.add_table(rows, len(widths), style="Table Grid")
    _widen(table, widths)
    for row in table.rows:
        for cell in row.cells:
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return table


def _widen(table: Any, widths: Sequence[float]) -> None:
    """Widths both in the grid and in the cells: one program looks here, another there."""
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def _cell(cell: Any, text: str, font: str = BODY, align: str = "left") -> None:
    paragraph = cell.paragraphs[0]
    form = paragraph.paragraph_format
    form.line_spacing, form.space_before, form.space_after = 1.1, Pt(2), Pt(2)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if align == "center" else WD_ALIGN_PARAGRAPH.LEFT
    _set(paragraph.add_run(text), font, 10.5)


def _fields(document: Any, rows: Sequence[tuple[str, str]]) -> None:
    table = _table(document, len(rows), (4.0, 12.0))
    for row, (label, value) in zip(table.rows, rows, strict=True):
        _cell(row.cells[0], label, HEADING)
        _cell(row.cells[1], value)


def _rows(document: Any, where: str, columns: Sequence[tuple[str, str]], widths: Sequence[float]) -> None:
    table = _table(document, 4, widths)
    head, begin, body, end = table.rows
    _repeat(head)
    for cell, (label, value), at in zip(head.cells, columns, range(len(columns)), strict=True):
        _cell(cell, label, HEADING, "center")
        _cell(
            body.cells[at],
            f"{{{{ row.{value} }}}}",
            align="left" if value in ("institution", "words") else "center",
        )
    _cell(begin.cells[0], f"{{%tr for row in {where} %}}")
    _cell(end.cells[0], "{%tr endfor %}")


def _repeat(row: Any) -> None:
    """The heading stands again on every page the table runs on."""
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader"):
        properties.append(OxmlElement(name))


def _signatures(document: Any, people: Sequence[str]) -> None:
    _line(document, "", BODY, 12)
    table = document.add_table(len(people), 2)
    _widen(table, (9.5, 6.5))
    for row, who in zip(table.rows, people, strict=True):
        row.height = Cm(1.1)
        _cell(row.cells[0], f"{who}（签名）：")
        _cell(row.cells[1], "　　　　年　　月　　日")


def _footer(document: Any, title: str) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _set(paragraph.add_run(f"{title}　{{{{ number }}}}　第"), BODY, 9)
    _field(paragraph, "PAGE")
    _set(paragraph.add_run("页，共"), BODY, 9)
    _field(paragraph, "NUMPAGES")
    _set(paragraph.add_run("页"), BODY, 9)


def _field(paragraph: Any, code: str) -> None:
    for kind in ("begin", "", "end"):
        run = paragraph.add_run()
        _set(run, BODY, 9)
        piece = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            piece.set(qn("w:fldCharType"), kind)
        else:
            piece.text = code
        run._element.append(piece)


if __name__ == "__main__":
    write_blanks()
