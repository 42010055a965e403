"""Writing the report form (.docx): blank with what is known printed in, or filled."""

import io
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from casework.intake.markup import NAMESPACES, answer, cell, paragraph, row, table
from casework.intake.repacking import repacked
from casework.intake.styles import NEAT
from casework.renewals.about import About, spoken_day
from states.labels import TRACKS
from states.renewals.report import COMMITMENT, TEXTS, Figure, Filled, figures_of

COLUMNS = 12
TITLE = "数字技术工程师培育项目{}机构续期申请及工作成效报告"
SIGNATORY, SIGNED_ON = "法定代表人（或委托代理人）签名", "签署日期"
OFFICE, CONSENT_NO, CONSENT_ON = "同意部门", "同意意见文号", "同意意见日期"
NUMBER, INDICATOR = "申报编号", "指标"
NO_DAY = "    年    月    日"
NOTES = (
    "各年数据为该日历年度内、本有效期之内的数据；没有的填0，不得留空。已印出的为此前报送的数据，有误的请更正并在正文中说明。",
    "行业主管（业务指导）部门的同意意见请另附扫描件或电子件。",
)
_LONG = 2_400


def form_bytes(about: About, filled: Filled | None = None) -> bytes:
    """The form as a .docx: filled with ``filled``, or blank but for what is known. The same input gives the same bytes."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin = page.bottom_margin = Cm(2.2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(10.5)
    normal.element.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), "宋体")
    normal.paragraph_format.space_after = Pt(0)
    title = TITLE.format(TRACKS[about.asked.track])
    body = document.element.body
    place = body.index(body.sectPr) if body.sectPr is not None else len(body)
    for piece in _pieces(about, filled or about.prefilled(), title):
        body.insert(place, parse_xml(piece))
        place += 1
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "linxuan", title, ""
    saved = io.BytesIO()
    document.save(saved)
    return repacked(saved.getvalue())


def _pieces(about: About, filled: Filled, title: str) -> Iterator[str]:
    term, window = about.asked.term, about.window
    yield _spread(paragraph(title, align="center", bold=True, size=32))
    yield _spread(
        paragraph(
            f"最迟于{spoken_day(window.closes)}（含当日）提交（M24-9.1），逾期视为主动放弃（M24-9.4）",
            align="center",
        )
    )
    rows = [
        _pair(
            NUMBER,
            about.case_no,
            "有效期",
            f"第{term.number}个，{spoken_day(term.first)}至{spoken_day(term.last)}",
        ),
        _pair("单位名称", about.institution, "统一社会信用代码", about.uscc),
        _pair("职业", about.occupation, "等级", about.levels),
        *_figures(about, filled.figures),
        *(
            _text(each.label, f"限{each.most}字。{each.hint}", filled.texts.get(each.key, ""))
            for each in TEXTS
        ),
        row(cell(paragraph("承  诺", align="center", bold=True) + paragraph(COMMITMENT), COLUMNS, tall=True)),
        _pair(SIGNATORY, filled.signatory, SIGNED_ON, _day(filled.signed_on)),
        row(cell(paragraph("行业主管（业务指导）部门同意意见", align="center", bold=True), COLUMNS)),
        row(_label(OFFICE, 3) + cell(answer(filled.consent.office, NEAT), 9)),
        _pair(CONSENT_NO, filled.consent.number, CONSENT_ON, filled.consent_day or _day(filled.consent.on)),
    ]
    yield table("".join(rows), COLUMNS)
    for number, note in enumerate(NOTES, start=1):
        yield _spread(paragraph(f"{'注：' if number == 1 else ''}{number}.{note}", size=18))


def _figures(about: About, figures: Mapping[int, Mapping[str, int | Decimal | str]]) -> Iterator[str]:
    years = sorted({*about.years, *figures})
    span = 2 if len(years) <= 4 else 1
    first = COLUMNS - span * len(years)
    yield row(_label(INDICATOR, first) + "".join(_label(f"{year}年", span) for year in years))
    for each in figures_of(about.asked.levels):
        values = "".join(
            cell(paragraph(_number(each, figures.get(year, {})), align="center"), span) for year in years
        )
        yield row(_label(each.heading(about.asked.track), first) + values)


def _number(figure: Figure, of_year: Mapping[str, int | Decimal | str]) -> str:
    value = of_year.get(figure.key)
    return "" if value is None else str(value)


def _text(label: str, hint: str, text: str) -> str:
    left = cell(paragraph(label, align="center", bold=True) + paragraph(f"（{hint}）", size=18), 3)
    return row(left + cell(answer(text, NEAT), 9, tall=True), _LONG)


def _pair(left: str, first: str, right: str, second: str) -> str:
    return row(
        _label(left, 3) + cell(answer(first, NEAT), 3) + _label(right, 2) + cell(answer(second, NEAT), 4)
    )


def _label(text: str, span: int) -> str:
    return cell(paragraph(text, align="center"), span)


def _day(value: date | str | None) -> str:
    if isinstance(value, date):
        return spoken_day(value)
    return value or NO_DAY


def _spread(piece: str) -> str:
    return piece.replace("<w:p>", f"<w:p {NAMESPACES}>", 1)
