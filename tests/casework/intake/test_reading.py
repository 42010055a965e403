"""A filled form is read by its labels, whatever people did to its tables."""

import re
from decimal import Decimal

import pytest

from casework.intake.styles import Style
from casework.intake.wording import cells_of
from casework.intake.writing import document_of, write_form
from states.forms import FormKind, form_of
from states.refusals import Refused

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def text_cell(text, span=1):
    return (
        f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>'
    )


def row_with(document, label):
    """The markup of the first row in which `label` stands as a run of its own."""
    place = document.index(f">{label}</w:t>")
    start, end = document.rindex("<w:tr>", 0, place), document.index("</w:tr>", place) + len("</w:tr>")
    return document[start:end]


def replaced(label, new):
    def rewrite(document):
        return document.replace(row_with(document, label), new, 1)

    return rewrite


@pytest.mark.clause("B3-A", "CQ23-A2")
def test_a_neat_form_is_the_application_it_was_written_from(evaluation, neat, read):
    form = read(neat)
    assert (form.kind, form.problems, form.application) == (FormKind.EVALUATION, (), evaluation)
    assert (form.source, len(form.digest)) == ("推荐表.docx", 64)


@pytest.mark.clause("CQ23-A1")
def test_a_training_form_is_read_as_one(training, read):
    form = read(document_of(form_of(FormKind.TRAINING), cells_of(training)), call="CQ23")
    assert (form.kind, form.problems, form.application) == (FormKind.TRAINING, (), training)


def test_a_read_form_shows_no_identity_number(evaluation, neat, read):
    assert evaluation.legal_representative_id not in repr(read(neat))


def test_merged_label_cells_may_have_been_taken_apart(evaluation, neat, read, spoilt):
    apart = spoilt(neat, lambda document: re.sub(r'<w:vMerge w:val="\w+"/>', "", document))
    assert read(apart).application == evaluation


def test_a_file_in_the_strict_variant_reads_the_same(evaluation, neat, read, spoilt):
    strict = spoilt(
        neat,
        lambda document: document.replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        ),
    )
    assert read(strict).application == evaluation


def test_the_legal_representative_may_stand_in_one_row(evaluation, neat, read, spoilt):
    name, number = evaluation.legal_representative, evaluation.legal_representative_id
    cells = [("法定代表人", 3), ("姓名", 2), (name, 2), ("身份证号", 2), (number, 3)]
    flat = spoilt(neat, replaced("法定代表人", f"<w:tr>{''.join(text_cell(*cell) for cell in cells)}</w:tr>"))
    assert read(flat).application == evaluation


def test_a_label_and_its_answer_may_share_a_cell(evaluation, neat, read, spoilt):
    one = f"<w:tr>{text_cell(f'单位地址：{evaluation.address}', 12)}</w:tr>"
    assert read(spoilt(neat, replaced("单位地址", one))).application == evaluation


def test_an_answer_may_stand_in_the_row_below_its_label(evaluation, neat, read, spoilt):
    two = f"<w:tr>{text_cell('单位地址', 12)}</w:tr><w:tr>{text_cell(evaluation.address, 12)}</w:tr>"
    assert read(spoilt(neat, replaced("单位地址", two))).application == evaluation


def test_an_answer_may_be_split_over_several_cells(evaluation, neat, read, spoilt):
    boxes = "".join(text_cell(character) for character in evaluation.uscc)
    row = f"<w:tr>{text_cell('统一社会信用代码', 3)}{boxes}</w:tr>"
    assert read(spoilt(neat, replaced("统一社会信用代码", row))).application == evaluation


def test_a_row_without_its_answer_cell_is_an_unfilled_field(neat, read, spoilt):
    form = read(spoilt(neat, replaced("单位地址", f"<w:tr>{text_cell('单位地址', 3)}</w:tr>")))
    assert [str(problem) for problem in form.problems] == ["「单位地址」没有填写，请补填（B3-A）"]


@pytest.mark.clause("B3-A")
def test_a_missing_row_is_an_unfilled_field(neat, read, spoilt):
    form = read(spoilt(neat, replaced("单位成立时间", "")))
    assert [str(problem) for problem in form.problems] == ["「单位成立时间」没有填写，请补填（B3-A）"]
    assert form.application is None


def test_added_paragraphs_and_rows_of_one_s_own_do_no_harm(evaluation, neat, read, spoilt):
    extra = f"<w:tr>{text_cell('备案情况', 6)}{text_cell('无', 6)}</w:tr>"
    more = spoilt(neat, lambda document: document.replace("</w:tbl>", f"{extra}</w:tbl>", 1))
    more = spoilt(
        more, lambda document: document.replace("<w:tbl", "<w:p><w:r><w:t>附件</w:t></w:r></w:p><w:tbl", 1)
    )
    assert read(more).application == evaluation


def test_a_deleted_row_is_gone_and_an_inserted_answer_counts(evaluation, neat, read, spoilt):
    deleted = '<w:tr><w:trPr><w:del w:id="9" w:author="x"/></w:trPr>' + text_cell("单位地址", 3)
    deleted += text_cell("旧地址", 9) + "</w:tr>"
    revised = spoilt(
        neat,
        lambda document: document.replace(
            row_with(document, "单位地址"), deleted + row_with(document, "单位地址"), 1
        ),
    )
    assert read(revised).application == evaluation


def test_a_content_control_s_placeholder_is_no_answer(neat, read, spoilt):
    control = (
        '<w:tc><w:tcPr><w:gridSpan w:val="9"/></w:tcPr><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>'
        "<w:p><w:r><w:t>单击此处输入文字</w:t></w:r></w:p></w:sdtContent></w:sdt></w:tc>"
    )
    form = read(spoilt(neat, replaced("单位地址", f"<w:tr>{text_cell('单位地址', 3)}{control}</w:tr>")))
    assert [problem.key for problem in form.problems] == ["address"]


def test_rows_may_stand_in_a_repeating_content_control(evaluation, neat, read, spoilt):
    def wrapped(document):
        row = row_with(document, evaluation.people[0].name)
        return document.replace(row, f"<w:sdt><w:sdtPr/><w:sdtContent>{row}</w:sdtContent></w:sdt>", 1)

    assert read(spoilt(neat, wrapped)).application == evaluation


def test_hidden_text_is_not_read(evaluation, neat, read, spoilt):
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>（内部）</w:t></w:r>"
    shown = f'<w:r><w:t xml:space="preserve">{evaluation.address}</w:t></w:r>'
    assert (
        read(spoilt(neat, lambda document: document.replace(shown, hidden + shown, 1))).application
        == evaluation
    )


@pytest.mark.parametrize(
    ("key", "text", "field", "value"),
    [
        ("founded", "二〇一九年十二月三十一日", "founded", "2019-12-31"),
        ("founded", "２０１９．１２．３１", "founded", "2019-12-31"),
        ("registered_capital", "人民币2,000万元整", "registered_capital", Decimal(2000)),
        ("staff", "１２８ 人", "staff", 128),
        ("unit_type", "公益二类事业单位", "unit_type", "事业单位"),
        ("national_base", "是√ 否", "national_base", True),
        ("standard_developer", "□是 ☑否", "standard_developer", False),
        ("occupation", "1．数据安全", "occupation", "数据安全工程技术人员"),
        ("certificate_classes", "☑行业证书 □企业证书 □其他类型证书", "certificate_classes", ("行业证书",)),
    ],
)
def test_answers_are_understood_as_people_write_them(written_as, read, key, text, field, value):
    form = read(written_as(**{key: text}), occupations=("数据安全工程技术人员", "密码工程技术人员"))
    found = getattr(form.application, field)
    assert (form.problems, str(found) if field == "founded" else found) == ((), value)


def test_codes_may_be_spaced_and_in_small_letters(evaluation, written_as, read):
    spaced = " ".join(evaluation.uscc.lower())
    number = f"{evaluation.legal_representative_id[:6]} {evaluation.legal_representative_id[6:].lower()}"
    application = read(written_as(uscc=spaced, legal_representative_id=number)).application
    assert application == evaluation


@pytest.mark.clause("B3-A")
@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        (
            "registered_capital",
            "约两千万",
            "「注册资金（万元）」填写的“约两千万”无法识别为数字，请填写阿拉伯数字（B3-A）",
        ),
        ("founded", "2019年2月30日", "「单位成立时间」填写的“2019年2月30日”不是存在的日期，请更正（B3-A）"),
        (
            "national_base",
            "是☑ 否☑",
            "「国家级专业技术人员继续教育基地」填写的“是☑ 否☑”“是”“否”都打了勾，请只选一项（B3-A）",
        ),
        (
            "uscc",
            "9.15E+17",
            (
                "「统一社会信用代码」填写的“9.15E+17”已被 Excel 改成科学计数，末尾数字已丢失，"
                "请把该列设为“文本”格式后重新填写（B3-A）"
            ),
        ),
    ],
)
def test_what_cannot_be_understood_is_told_in_one_sentence(written_as, read, key, text, sentence):
    assert [str(problem) for problem in read(written_as(**{key: text})).problems] == [sentence]


def test_a_month_of_foundation_is_taken_and_pointed_out(written_as, read):
    form = read(written_as(founded="2015年3月"))
    assert ([str(problem) for problem in form.problems], str(form.application.founded)) == (
        ["「单位成立时间」只写到月份，按当月1日计，请核对（B3-A）"],
        "2015-03-01",
    )


@pytest.mark.clause("B3-A", "CQ23-A1")
def test_a_printed_hint_does_not_count_towards_the_limit(written_as, read):
    style = Style(keep_prompts=True)
    assert read(written_as(style, profile="字" * 800)).problems == ()
    (problem,) = read(written_as(style, profile="字" * 801)).problems
    assert problem.sentence.startswith("「单位基本情况」共 801 字，限 800 字")


def test_a_form_with_the_hint_alone_is_unfilled(written_as, read):
    (problem,) = read(written_as(Style(keep_prompts=True), platform="")).problems
    assert str(problem) == "「信息化平台建设情况」没有填写，请补填（B3-A）"


@pytest.mark.clause("B3-2.4")
def test_an_unsigned_commitment_is_told(neat, read, evaluation, spoilt):
    day = evaluation.commitment.signed_on
    unsigned = spoilt(
        neat, lambda document: document.replace(f"{day.year}年{day.month}月{day.day}日", "年    月    日", 1)
    )
    assert [str(problem) for problem in read(unsigned).problems] == [
        "「承诺·签署日期」没有填写，请补填（B3-A）"
    ]


@pytest.mark.parametrize("kind", list(FormKind))
def test_a_blank_form_is_refused_in_one_sentence(tmp_path, read, kind):
    write_form(kind, None, tmp_path / "空白.docx")
    with pytest.raises(Refused) as refused:
        read((tmp_path / "空白.docx").read_bytes())
    assert refused.value.sentence == "“推荐表.docx”是没有填写的空白推荐表，请填写后再导入"


@pytest.mark.clause("B3-A", "CQ23-5.2")
def test_two_forms_in_one_file_are_refused(neat, read, spoilt):
    def doubled(document):
        table = document[document.index("<w:tbl") : document.index("</w:tbl>") + len("</w:tbl>")]
        return document.replace("</w:tbl>", f"</w:tbl><w:p/>{table}", 1)

    with pytest.raises(Refused, match="里有两张推荐表，请每个文件只放一张"):
        read(spoilt(neat, doubled))


def test_a_document_that_is_no_form_is_refused(neat, read, spoilt):
    def letter(document):
        return re.sub(r"<w:body>.*</w:body>", "<w:body><w:p/></w:body>", document, flags=re.DOTALL)

    with pytest.raises(Refused, match="不是推荐表"):
        read(spoilt(neat, letter))


def test_a_form_that_lost_its_tables_is_refused(neat, read, spoilt):
    def torn(document):
        return re.sub(r"<w:tbl>.*?</w:tbl>", "<w:p/>", document, flags=re.DOTALL)

    with pytest.raises(Refused, match="缺少推荐表的大部分栏目"):
        read(spoilt(neat, torn))
