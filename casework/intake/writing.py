"""Writing a recommendation form, blank or filled, laid out as printed."""

import io
from pathlib import Path

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from casework.intake.cells import Cells
from casework.intake.layout import COLUMNS, PRINTED_ROWS, Slot, printed_rows
from casework.intake.markup import NAMESPACES, answer, cell, paragraph, row, table
from casework.intake.repacking import repacked
from casework.intake.styles import NEAT, Style
from casework.intake.wording import blank_cells, cells_of
from states.forms import Application, Form, FormKind, Section, Takes, form_of
from states.forms.closing_section import COMMITMENT_TEXT

_ROW_HEIGHT, _LONG_HEIGHT = 420, 1_700


def write_form(
    kind: FormKind, application: Application | None, path: Path, style: Style = NEAT, *, call: str = "B3"
) -> None:
    """Write the form at `path` (.docx): filled with `application` in `style`, or blank with its prompts."""
    form = form_of(kind, call)
    path.write_bytes(document_of(form, cells_of(application, style) if application else None, style))


def document_of(form: Form, cells: Cells | None, style: Style = NEAT) -> bytes:
    """A .docx holding `cells`, or a blank form for None. The same input gives the same bytes."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin = page.bottom_margin = Cm(2.2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(10.5)
    normal.element.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), "宋体")
    normal.paragraph_format.space_after = Pt(0)
    body = document.element.body
    place = body.index(body.sectPr) if body.sectPr is not None else len(body)
    for piece in _pieces(form, cells, style):
        body.insert(place, parse_xml(piece))
        place += 1
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "linxuan", form.title, ""
    saved = io.BytesIO()
    document.save(saved)
    return repacked(saved.getvalue())


def _pieces(form: Form, cells: Cells | None, style: Style) -> list[str]:
    title = _spread(paragraph(form.title, align="center", bold=True, size=36))
    filled = cells or blank_cells(form)
    counts = {
        key: max(printed, len(filled.rows.get(key, ()))) + (style.extra_rows if cells else 0)
        for key, printed in PRINTED_ROWS.items()
    }
    printed = list(printed_rows(form, counts))
    rows = [
        row(
            "".join(_slot(form, slot, filled, style, blank=cells is None) for slot in slots),
            _LONG_HEIGHT if any(_is_long(form, slot) for slot in slots) else _ROW_HEIGHT,
        )
        for slots in printed
    ]
    rows += _closing_rows(filled, style)
    tables = [rows]
    if style.broken_table:
        middle = next(place for place, slots in enumerate(printed) if slots[0].label == Section.FOUNDATION)
        tables = [rows[:middle], rows[middle:]]
    pieces = [title]
    for part in tables:
        pieces += [table("".join(part), COLUMNS), _spread(paragraph(""))]
    notes = [
        f"{'注：' if number == 1 else ''}{number}.{note}" for number, note in enumerate(form.notes, start=1)
    ]
    return pieces + [_spread(paragraph(note, size=18)) for note in notes]


def _slot(form: Form, slot: Slot, cells: Cells, style: Style, *, blank: bool) -> str:
    if slot.label:
        shown = "  ".join(slot.label) if style.spaced_labels and len(slot.label) <= 5 else slot.label
        return cell(paragraph(shown, align="center", bold=slot.heading), slot.span, slot.merged)
    if not slot.key:
        return cell("<w:p/>", slot.span, slot.merged)
    field = form.field(slot.key)
    if slot.column:
        rows = cells.rows.get(slot.key, ())
        text = rows[slot.row].get(slot.column, "") if slot.row < len(rows) else ""
        if blank and slot.key == "people" and slot.row == PRINTED_ROWS["people"] - 1:
            text = "……" if slot.column == "name" else ""
        return cell(answer(text, style), slot.span, slot.merged)
    text = cells.texts.get(slot.key, "")
    long = field.takes is Takes.LONG_TEXT
    if field.takes is Takes.LEVELS and (blank or style.keep_prompts):
        text = f"{text}    （请打√）"
    content = answer(text, style, long=long)
    if field.prompt and (blank or style.keep_prompts):
        content = paragraph(field.prompt) + content
    return cell(content, slot.span, slot.merged, tall=long)


def _closing_rows(cells: Cells, style: Style) -> list[str]:
    def said(key: str, unwritten: str = "") -> str:
        return cells.texts.get(key, unwritten)

    commitment = [
        paragraph("承  诺", align="center", bold=True),
        paragraph(COMMITMENT_TEXT),
        paragraph(f"申报单位（盖章）：{said('sealed_by')}"),
        paragraph(f"法定代表人（或委托代理人）：{said('signatory')}"),
        paragraph(said("signed_on", "年    月    日"), align="right"),
    ]
    reason = (
        "推荐理由（包括申报材料审核意见，申报单位在本地区、本行业专业技术人员继续教育体系中的地位作用等）："
    )
    recommendation = [
        paragraph(reason),
        answer(said("recommendation_reason"), style),
        paragraph(f"推荐单位（盖章）：{said('recommender')}"),
        paragraph(f"推荐单位负责人签字：{said('recommender_head')}"),
        paragraph(said("recommended_on", "年    月    日"), align="right"),
    ]
    reach = f"推荐单位联系人：{said('recommender_contact'):<16}    联系电话：{said('recommender_phone')}"
    return [
        row(cell("".join(commitment), COLUMNS, tall=True), _LONG_HEIGHT),
        row(cell("".join(recommendation), COLUMNS, tall=True), _LONG_HEIGHT),
        row(cell(paragraph(reach), COLUMNS)),
    ]


def _is_long(form: Form, slot: Slot) -> bool:
    return bool(slot.key) and form.field(slot.key).takes is Takes.LONG_TEXT


def _spread(piece: str) -> str:
    return piece.replace("<w:p>", f"<w:p {NAMESPACES}>", 1)
