"""A written form is laid out as printed, and the same form is the same bytes."""

import io

import pytest
from docx import Document

from casework.intake.layout import PRINTED_ROWS, printed_rows
from casework.intake.styles import Style
from casework.intake.wording import cells_of
from casework.intake.writing import document_of
from states.forms import FormKind, Section, Takes, form_of

KINDS = list(FormKind)


def blank(kind):
    return Document(io.BytesIO(document_of(form_of(kind), None)))


def labels(document):
    rows = document.tables[0].rows
    return [list(dict.fromkeys(cell.text.replace("\n", "") for cell in row.cells)) for row in rows]


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_fills_the_grid(kind):
    assert {sum(slot.span for slot in row) for row in printed_rows(form_of(kind), PRINTED_ROWS)} == {12}


@pytest.mark.clause("B3-A", "CQ23-A1")
@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_its_place_on_the_page(kind):
    form = form_of(kind)
    placed = {slot.key for row in printed_rows(form, PRINTED_ROWS) for slot in row if slot.key}
    asked = {
        field.key
        for field in form.fields
        if field.section not in (Section.COMMITMENT, Section.RECOMMENDATION)
    }
    assert placed == asked


@pytest.mark.clause("B3-A", "CQ23-A2")
def test_the_evaluation_form_is_printed_as_the_notice_prints_it():
    assert labels(blank(FormKind.EVALUATION))[:12] == [
        ["拟申报开展评价的职业（仅填一项）", ""],
        ["拟申报开展评价的专业技术等级", "初级□  中级□  高级□    （请打√）"],
        ["申报单位基本情况"],
        ["单位名称（盖章）", ""],
        ["统一社会信用代码", ""],
        ["法定代表人", "姓名", "身份证号"],
        ["法定代表人", ""],
        ["单位地址", ""],
        ["单位类型", "", "所属行业"],
        ["注册资金（万元）", "", "正式员工数"],
        ["单位成立时间", ""],
        ["近三年纳税情况", "年份", "税额（万元）", "是否有失信行为（从信用中国平台查询后填）"],
    ]


@pytest.mark.clause("CQ23-A1")
def test_the_training_form_prints_the_teachers_columns():
    assert [
        "培训教师姓名",
        "工作单位",
        "专业技术职务/职称",
        "专业",
        "人员性质",
        "联系电话",
    ] in labels(blank(FormKind.TRAINING))


@pytest.mark.parametrize("kind", KINDS)
def test_a_blank_form_prints_title_prompts_and_notes(kind):
    form, document = form_of(kind), blank(kind)
    paragraphs = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    table = "".join(text for row in labels(document) for text in row)
    assert paragraphs[0] == form.title
    assert paragraphs[1:] == [
        f"{'注：' if number == 1 else ''}{number}.{note}" for number, note in enumerate(form.notes, start=1)
    ]
    assert [field.key for field in form.fields if field.prompt and field.prompt not in table] == []


def test_the_same_form_is_the_same_bytes(evaluation):
    style = Style(tick_made="control", tracked=True, extra_rows=2)
    form = form_of(FormKind.EVALUATION)
    first, second = (document_of(form, cells_of(evaluation, style), style) for _ in range(2))
    assert first == second


def test_text_that_markup_cannot_hold_is_left_out(evaluation, written_as, read):
    form = read(written_as(profile="一<b>&二\x00\x0b三\ufffe"))
    assert form.application.profile == "一<b>&二三"


def test_no_long_answer_is_a_table_in_disguise():
    for kind in KINDS:
        form = form_of(kind)
        assert all(not field.columns for field in form.fields if field.takes is Takes.LONG_TEXT)
