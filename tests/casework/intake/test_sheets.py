"""Sheets of many institutions, as Excel and other people's programs leave them."""

import csv
import io
import re
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from casework.intake.sheet_headings import heading_of
from casework.intake.sheet_writing import sheet_row, write_sheet, write_sheet_template
from casework.intake.sheets import read_sheet
from states.forms import FormKind, form_of
from states.refusals import Refused

FORM = form_of(FormKind.EVALUATION)
HEADINGS = [heading_of(field) for field in FORM.fields]


@pytest.fixture
def row(evaluation):
    return dict(zip(HEADINGS, sheet_row(FORM, evaluation), strict=True))


@pytest.fixture
def xlsx(tmp_path, filed):
    """Read an .xlsx of these rows of cells."""

    def reading(*rows, before=(), name="名单.xlsx", **how):
        book = Workbook()
        sheet = book.worksheets[0]
        for cells in (*before, *rows):
            sheet.append(list(cells))
        book.save(tmp_path / name)
        return read_sheet(tmp_path / name, as_of=filed, **how)

    return reading


def as_csv(rows, encoding, separator=","):
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def told(forms):
    return [[str(problem) for problem in form.problems] for form in forms]


def test_headings_may_follow_a_title_and_stand_in_any_order(xlsx, row, evaluation):
    turned = list(reversed(row.items()))
    (form,) = xlsx([k for k, _ in turned], [v for _, v in turned], before=(["评价机构申报汇总表"], []))
    assert (form.application, form.source) == (evaluation, "名单.xlsx 第4行")


def test_columns_of_one_s_own_are_left_alone(xlsx, row, evaluation):
    (form,) = xlsx(["序号", *row, "备注"], [1, *row.values(), "无"])
    assert form.application == evaluation


def test_headings_without_their_hints_are_known(xlsx, row, evaluation):
    (form,) = xlsx([re.sub(r"（.*?）", "", heading) for heading in row], row.values())
    assert form.application == evaluation


def test_a_wrong_heading_is_named_with_the_one_that_was_meant(xlsx, row):
    headings = ["统一信用代码" if heading == "统一社会信用代码" else heading for heading in row]
    with pytest.raises(Refused) as refused:
        xlsx(headings, row.values())
    assert str(refused.value) == (
        "“名单.xlsx”第1行的表头有误：列“统一信用代码”无法识别，是否应为“统一社会信用代码”；"
        "缺少列“统一社会信用代码”，请改正后再导入"
    )


def test_a_missing_column_is_named(xlsx, row):
    del row["申报联系人邮箱"]
    with pytest.raises(Refused, match="缺少列“申报联系人邮箱”，请改正后再导入"):
        xlsx(row, row.values())


def test_a_sheet_about_something_else_is_refused(xlsx):
    with pytest.raises(Refused, match="没有找到申报单位"):
        xlsx(["姓名", "成绩"], ["赵示安", 90])


def test_each_row_has_its_own_problems_and_empty_rows_are_passed_over(xlsx, row):
    bad = row | {"注册资金（万元）": "若干", "单位名称（盖章）": None}
    forms = xlsx(row, row.values(), [], bad.values())
    assert [form.source for form in forms] == ["名单.xlsx 第2行", "名单.xlsx 第4行"]
    assert told(forms) == [
        [],
        [
            "「单位名称（盖章）」没有填写，请补填（B3-A）",
            "「注册资金（万元）」填写的“若干”无法识别为数字，请填写阿拉伯数字（B3-A）",
        ],
    ]


def test_a_credit_code_that_excel_made_a_number_is_refused_with_advice(xlsx, row):
    spoilt = row | {"统一社会信用代码": 915000000600037341}
    typed = row | {"统一社会信用代码": "9.15E+17"}
    (first,), (second,) = told(xlsx(row, spoilt.values(), typed.values()))
    assert first == second
    assert first == (
        "「统一社会信用代码」填写的“9.15E+17”已被 Excel 改成科学计数，末尾数字已丢失，"
        "请把该列设为“文本”格式后重新填写（B3-A）"
    )


def test_dates_may_be_dates_texts_or_counts_of_days(xlsx, row):
    written = [date(2019, 12, 31), "2019年12月31日", 43830]
    forms = xlsx(row, *((row | {"单位成立时间": day}).values() for day in written))
    assert [form.application.founded for form in forms] == [date(2019, 12, 31)] * 3


def test_numbers_may_be_stored_as_texts(xlsx, row, evaluation):
    texts = [str(value) if value is not None else None for value in row.values()]
    (form,) = xlsx(row, texts)
    assert form.application == evaluation


def test_a_formula_counts_once_it_was_worked_out_and_is_named_otherwise(xlsx, row):
    (form,) = xlsx(row, (row | {"正式员工数": "=20+20"}).values())
    assert told([form]) == [["「正式员工数」是没有结果的公式或出错的公式，请改填数值或文字（B3-A）"]]


def test_small_tables_stand_in_one_cell(xlsx, row):
    taxes = {"近三年纳税情况": "2021|1.5|否;2022|2|否\n2023｜3｜是"}
    (form,) = xlsx(row, (row | taxes).values())
    assert [(t.year, str(t.amount), t.dishonest) for t in form.application.taxes] == [
        (2021, "1.5", False),
        (2022, "2", False),
        (2023, "3", True),
    ]


def test_a_small_table_s_missing_part_is_named(xlsx, row):
    (form,) = xlsx(row, (row | {"近三年纳税情况": "2021｜1.5；2022｜2｜否；2023｜3｜否"}).values())
    assert told([form]) == [
        ["「近三年纳税情况」第1行的「是否有失信行为（从信用中国平台查询后填）」没有填写，请补填（B3-A）"]
    ]


def test_the_same_row_has_the_same_digest_in_another_file(xlsx, row):
    first = xlsx(row, row.values(), name="一.xlsx")
    second = xlsx(row, (row | {"单位地址": "别处"}).values(), row.values(), name="二.xlsx")
    assert [form.digest == first[0].digest for form in second] == [False, True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_csv_is_read_in_every_usual_encoding(tmp_path, filed, row, evaluation, encoding, separator):
    path = tmp_path / "名单.csv"
    path.write_bytes(as_csv([row, row.values()], encoding, separator))
    (form,) = read_sheet(path, as_of=filed)
    assert form.application == evaluation


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("名单.csv", b"\xff\xfe\x00\xd8\x01", "“名单.csv”的文字编码无法识别"),
        ("名单.csv", bytes(range(128, 256)), "“名单.csv”的文字编码无法识别"),
        ("名单.csv", b"PK\x03\x04...", "“名单.csv”实际是 Excel 文档"),
        ("名单.csv", b"", "“名单.csv”是空文件"),
        ("名单.csv", b"a,b\n", "“名单.csv”里没有找到申报单位"),
        ("名单.csv", b'"' + b"x" * 200_000, "“名单.csv”不是有效的 CSV 文件"),
        ("名单.xlsx", b"PK\x03\x04...", "“名单.xlsx”已损坏"),
        (
            "名单.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
            "“名单.xlsx”是旧版 Excel 文档（.xls）",
        ),
        ("名单.ods", b"PK\x03\x04...", "“名单.ods”不是 .xlsx 或 .csv 文件"),
    ],
)
def test_a_bad_sheet_is_refused_in_one_sentence(tmp_path, filed, name, data, says):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Refused) as refused:
        read_sheet(tmp_path / name, as_of=filed)
    assert str(refused.value).startswith(says)


def test_too_many_rows_are_refused(tmp_path, filed, row):
    path = tmp_path / "多.csv"
    path.write_bytes(as_csv([["a"]] * 5_001, "utf-8"))
    with pytest.raises(Refused, match="超过 5000 行的上限"):
        read_sheet(path, as_of=filed)


def test_a_sheet_that_claims_a_million_rows_is_read_by_what_it_holds(xlsx, row, evaluation, tmp_path, filed):
    xlsx(row, row.values())
    source, target = tmp_path / "名单.xlsx", tmp_path / "大.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.startswith("xl/worksheets/"):
                content = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', content)
            new.writestr(entry, content)
    (form,) = read_sheet(target, as_of=filed)
    assert form.application == evaluation


def test_a_workbook_with_entities_or_broken_parts_is_refused(xlsx, row, tmp_path, filed):
    xlsx(row, row.values())
    spoils = {
        "实体.xlsx": lambda content: b'<!DOCTYPE a [<!ENTITY b "c">]>' + content,
        "断.xlsx": lambda content: content[: len(content) // 2],
    }
    said = {}
    for name, spoil in spoils.items():
        with zipfile.ZipFile(tmp_path / "名单.xlsx") as old, zipfile.ZipFile(tmp_path / name, "w") as new:
            for entry in old.infolist():
                content = old.read(entry)
                new.writestr(entry, spoil(content) if "sheet1" in entry.filename else content)
        with pytest.raises(Refused) as refused:
            read_sheet(tmp_path / name, as_of=filed)
        said[name] = str(refused.value)
    assert said == {
        "实体.xlsx": "“实体.xlsx”内含文档中不应有的实体定义，可能是恶意文件，没有导入",
        "断.xlsx": "“断.xlsx”已损坏，无法打开，请重新取得原件后再导入",
    }


def test_a_workbook_with_bytes_turned_over_is_read_or_refused(xlsx, row, tmp_path, filed):
    xlsx(row, row.values())
    source, path = (tmp_path / "名单.xlsx").read_bytes(), tmp_path / "翻.xlsx"
    outcomes: list[object] = []
    for place in range(0, len(source), max(1, len(source) // 60)):
        data = bytearray(source)
        data[place] ^= 0xFF
        path.write_bytes(bytes(data))
        try:
            outcomes.append(len(read_sheet(path, as_of=filed)))
        except Refused as refused:
            outcomes.append(refused.sentence)
    assert len(outcomes) >= 60


@pytest.mark.parametrize("kind", list(FormKind))
def test_the_template_has_every_heading_and_says_how_to_fill_it_in(tmp_path, filed, kind):
    write_sheet_template(tmp_path / "模板.xlsx", kind)
    book = load_workbook(tmp_path / "模板.xlsx")
    headings = [heading_of(field) for field in form_of(kind).fields]
    assert [cell.value for cell in book["申报单位"][1]] == headings
    explained = [line[0].value for line in book["填写说明"].iter_rows(min_row=2, max_row=len(headings) + 1)]
    assert explained == headings
    with pytest.raises(Refused, match="没有找到申报单位"):
        read_sheet(tmp_path / "模板.xlsx", as_of=filed)


def test_a_written_sheet_is_the_same_bytes_each_time(tmp_path, evaluation):
    for name in ("一.xlsx", "二.xlsx"):
        write_sheet(tmp_path / name, [evaluation])
    assert (tmp_path / "一.xlsx").read_bytes() == (tmp_path / "二.xlsx").read_bytes()
