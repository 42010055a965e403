"""A sheet of experts: headings, rows, and one sentence for everything wrong, wherever it stands."""

from pathlib import Path

import pytest

from casework.pool.reading import read_pool_file
from states.refusals import Refused


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        read_pool_file(path)
    return str(refused.value)


def problems(path: Path) -> list[list[str]]:
    return [row.problems for row in read_pool_file(path).rows]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("专家.csv", "utf-8-sig"), ("专家.csv", "gb18030"), ("专家.csv", "utf-16"), ("专家.xlsx", "")],
)
def test_every_way_of_saving_the_sheet_says_the_same(sheet, experts, name, encoding):
    rows = read_pool_file(sheet(*experts, name=name, encoding=encoding)).rows
    expected = read_pool_file(sheet(*experts, name="另存.csv")).rows
    assert [row.values for row in rows] == [row.values for row in expected]
    assert [row.problems for row in rows] == [[]] * 6
    assert [row.where for row in rows] == [f"第{number}行" for number in range(2, 8)]


def test_headings_have_other_names_too(sheet, row):
    renamed = {"mail": "邮 箱：", "uscc": "信用代码", "employer": "所在单位", "ties": "回避关系"}
    (found,) = read_pool_file(sheet(row, headings=renamed)).rows
    assert found.problems == []


def test_a_wrong_heading_is_named_with_the_one_that_was_meant(sheet, row):
    assert refusal(sheet(row, headings={"employment": "工作经厉"})) == (
        "“专家.csv”第1行的表头有误：列“工作经厉”无法识别，是否应为“工作经历”，请改正后再导入（M24-7.3c）"
    )


def test_a_column_that_must_be_there_is_missed(sheet, row):
    assert refusal(sheet(row, without=("uscc", "mail"))) == (
        "“专家.csv”第1行的表头有误：缺少列“统一社会信用代码”“电子邮箱”，请改正后再导入（M24-7.3c）"
    )


def test_a_file_without_anybody_is_refused(sheet):
    assert refusal(sheet()) == (
        "“专家.csv”里没有找到专家：第一行应是各栏目的名称，其下每人一行；样表可用 linxuan expert template 生成（M24-7.3c）"
    )


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("专家.docx", b"PK", "“专家.docx”不是 .xlsx 或 .csv 文件，请另存后再导入"),
        ("专家.csv", b"", "“专家.csv”是空文件（0 字节），请重新取得原件后再导入"),
        ("专家.xlsx", b"PK\x03\x04", "“专家.xlsx”已损坏，无法打开，请重新取得原件后再导入"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    assert refusal(tmp_path / name) == told


@pytest.mark.clause("M24-7.3b")
def test_an_empty_cell_is_unknown_and_a_missing_column_too(sheet, row):
    (empty,) = read_pool_file(sheet({**row, "ties": " ", "service": "/"})).rows
    (missing,) = read_pool_file(sheet(row, without=("ties", "service"))).rows
    assert empty.values == missing.values
    assert not {"ties", "service"} & empty.values.keys()


@pytest.mark.clause("M24-7.3c")
def test_every_fault_of_a_row_has_its_own_sentence_with_heading_and_row(sheet, experts):
    spoilt = {
        **experts[1],
        "name": "",
        "province": "火星",
        "uscc": "91",
        "employment": "=A1",
        "ties": "#REF!",
    }
    assert problems(sheet(experts[0], spoilt)) == [
        [],
        [
            "第3行「姓名」没有填写，请补填（M24-7.3c）",
            "第3行「统一社会信用代码」共2位，应为18位，请核对营业执照或法人证书后改正（M24-7.3c）",
            "第3行「省份」填写的“火星”不是省份，请填省份名称或两位代码，如 重庆 或 50（M24-7.3c）",
            "第3行「利害关系」是没有结果的公式或出错的公式，请改填文字（M24-7.3c）",
        ],
    ]


@pytest.mark.clause("M24-11.6a")
def test_no_sentence_shows_what_identifies_a_person(sheet, row):
    secrets = {"identity": "110102195801010001", "phone": "123456", "mail": "nobody.example.cn"}
    (said,) = problems(sheet({**row, **secrets}))
    assert len(said) == 3
    assert [text for text in secrets.values() if text in "".join(said)] == []


@pytest.mark.clause("M24-7.3c")
def test_a_person_twice_in_one_file_is_refused_on_every_row(sheet, experts):
    said = "第2行、第4行身份证号相同，是同一人，请只保留一行（M24-7.3c）"
    assert problems(sheet(experts[0], experts[1], experts[0])) == [[said], [], [said]]


@pytest.mark.clause("M24-7.3c")
def test_an_expert_with_two_employers_is_refused(sheet, experts):
    moved = {**experts[0], "employer": experts[1]["employer"], "uscc": experts[1]["uscc"]}
    said = (
        "第2行、第3行身份证号相同，是同一人，却填了不同的工作单位；"
        "每人只有一个现工作单位，请合并为一行，其余单位填入“工作经历”（M24-7.3c）"
    )
    assert problems(sheet(experts[0], moved)) == [[said], [said]]


@pytest.mark.clause("M24-7.3b")
def test_two_experts_cannot_share_a_mailbox(sheet, experts):
    other = {**experts[1], "mail": experts[0]["mail"].upper()}
    said = "第2行、第3行「电子邮箱」相同；评审入口只发给本人，请为每人填写自己的邮箱（M24-7.3b）"
    assert problems(sheet(experts[0], other)) == [[said], [said]]


def test_many_of_one_kind_are_not_all_listed(sheet, row):
    assert problems(sheet(*[row] * 9))[8] == [
        "第2行、第3行、第4行、第5行等9行身份证号相同，是同一人，请只保留一行（M24-7.3c）"
    ]


def test_a_workbook_too_large_to_read_quickly_is_asked_for_as_csv(tmp_path):
    (tmp_path / "专家.xlsx").write_bytes(b"PK" + bytes(4 * 1024 * 1024))
    assert refusal(tmp_path / "专家.xlsx") == (
        "“专家.xlsx”超过 4 MB，人数较多的名册请用 Excel 另存为 CSV（UTF-8）后再导入（M24-7.3c）"
    )
