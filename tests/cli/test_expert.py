"""``linxuan expert``: the pool from the keyboard."""

import json
from pathlib import Path

import pytest

from casework.pool.samples import sample_experts
from casework.pool.writing import write_pool_sheet

AS_OF = "2024-06-22T12:00"


@pytest.fixture
def office(linxuan, data):
    """A data folder in which the call is open."""
    linxuan("call", "open", "B3", as_of="2024-05-16").done()
    return data


@pytest.fixture
def sheet(tmp_path):
    """A sheet of five experts, some cells changed."""

    def written(name: str = "专家.csv", **changes: str) -> Path:
        first, *others = sample_experts(5, seed=1)
        path = tmp_path / name
        path.unlink(missing_ok=True)
        write_pool_sheet(path, [{**first, **changes}, *others])
        return path

    return written


@pytest.mark.clause("M24-7.3c")
def test_a_sheet_comes_in_and_is_listed(linxuan, office, sheet):
    assert linxuan("expert", "import", sheet("专家.xlsx"), as_of=AS_OF).done() == "专家.xlsx：新增5人。\n"
    assert linxuan("expert", "import", sheet(), as_of=AS_OF).done() == "专家.csv：无变化5人。\n"
    listed = linxuan("expert", "list", "--limit", "2").done().splitlines()
    assert listed[0].split() == ["编号", "姓名", "工作单位", "省份", "职称", "评议职业", "状态"]
    assert [line.split()[0] for line in listed[2:4]] == ["ZJ000001", "ZJ000002"]
    assert listed[-1] == "共5人，以上列出2人，其余用 --limit 或筛选条件查看。"


@pytest.mark.clause("M24-7.3c")
def test_a_bad_row_keeps_the_sheet_out_and_says_what_to_do(linxuan, office, sheet):
    ran = linxuan("expert", "import", sheet(province="火星"), as_of=AS_OF)
    assert ran.refused() == "有1行有误，整份文件没有导入；请按上列原因改正后再次导入。（M24-7.3c）"
    assert ran.out.splitlines() == [
        "有误  第2行「省份」填写的“火星”不是省份，请填省份名称或两位代码，如 重庆 或 50（M24-7.3c）",
        "专家.csv：有误1人、未导入4人。",
    ]
    assert linxuan("expert", "list").done() == "共0人。\n"
    partly = linxuan("expert", "import", sheet(province="火星"), "--partial", as_of=AS_OF)
    assert partly.refused() == "有1行有误，其余已导入；请按上列原因改正后再次导入。（M24-7.3c）"
    assert linxuan("expert", "list", "--json").json["total"] == 4


def test_an_update_names_what_changed(linxuan, office, sheet):
    linxuan("expert", "import", sheet(), as_of=AS_OF).done()
    said = linxuan("expert", "import", sheet(title="示例院士"), as_of=AS_OF).done().splitlines()
    name = sample_experts(1, seed=1)[0]["name"]
    assert said == [f"更新  第2行 ZJ000001 {name}：职称", "专家.csv：更新1人、无变化4人。"]


@pytest.mark.clause("M24-11.6a")
def test_programs_get_json_without_what_identifies_anybody(linxuan, office, sheet):
    ran = linxuan("expert", "import", sheet(), "--json", as_of=AS_OF)
    assert ran.json["counts"] == {"added": 5, "updated": 0, "same": 0, "refused": 0, "left": 0}
    listed = linxuan("expert", "list", "--json").json
    shown = linxuan("expert", "show", "zj000001", "--json").json
    assert list(listed["experts"][0]) == [
        "code", "name", "employer", "uscc", "province", "title", "fields", "state",
    ]  # fmt: skip
    assert (shown["code"], shown["mail"], shown["unknown"]) == ("ZJ000001", "e***@pool.example.cn", [])
    seen = ran.out + json.dumps([listed, shown], ensure_ascii=False)
    secrets = [texts[key] for texts in sample_experts(5, seed=1) for key in ("identity", "phone", "mail")]
    assert [secret for secret in secrets if secret in seen] == []


def test_one_expert_is_shown_in_words(linxuan, office, sheet):
    linxuan("expert", "import", sheet(ties="", service="无"), as_of=AS_OF).done()
    said = dict(line.split(maxsplit=1) for line in linxuan("expert", "show", "ZJ000001").done().splitlines())
    assert {key: said[key] for key in ("编号", "状态", "以往评议", "可参加日期", "情况不明", "入库")} == {
        "编号": "ZJ000001", "状态": "在库", "以往评议": "无", "可参加日期": "不限", "情况不明": "利害关系",
        "入库": "2024-06-22 12:00",
    }  # fmt: skip


@pytest.mark.clause("M24-7.3c")
def test_experts_are_suspended_retired_and_reinstated(linxuan, office, sheet):
    linxuan("expert", "import", sheet(), as_of=AS_OF).done()
    said = [
        linxuan("expert", step, "ZJ000001", "--reason", "示例理由", as_of=AS_OF).done()
        for step in ("suspend", "reinstate", "retire")
    ]
    assert said == [f"专家ZJ000001的状态已改为“{word}”。\n" for word in ("暂停", "在库", "离库")]
    listed = linxuan("expert", "list", "--state", "离库", "--json").json
    assert [each["code"] for each in listed["experts"]] == ["ZJ000001"]
    again = linxuan("expert", "retire", "ZJ000001", "--reason", "示例理由", as_of=AS_OF)
    assert again.refused() == "专家ZJ000001现为“离库”，不能改为“离库”。（M24-7.3c）"


@pytest.mark.clause("M24-7.3b")
def test_an_account_without_the_right_sees_nothing(linxuan, office, sheet):
    linxuan("expert", "import", sheet(), as_of=AS_OF).done()
    linxuan(
        "user", "add", "chongqing", "--name", "张示例", "--mail", "z@cq.example.cn", "--role", "recommender",
        "--scope", "重庆", as_of=AS_OF,
    ).done()  # fmt: skip
    for words in (["list"], ["show", "ZJ000001"]):
        ran = linxuan("expert", *words, "--as", "chongqing")
        assert ran.refused().endswith("查看，当前身份为推荐单位。（M24-7.3b）")
        assert ran.out == ""
    assert linxuan("expert", "retire", "ZJ000001", "--reason", "x", "--as", "chongqing").refused().endswith(
        "维护，当前身份为推荐单位。（M24-7.3b）"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["import", "没有.csv"], "找不到文件“没有.csv”，请核对路径"),
        (["show", "ZJ000009"], "专家库中没有编号为“ZJ000009”的专家，可用 linxuan expert list 查看。（M24-7.3c）"),
        (["list", "--state", "睡着"], "没有“睡着”这一状态，可用的有：active（在库）、suspended（暂停）、retired（离库）。"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_in_one_sentence(linxuan, office, words, told):
    assert linxuan("expert", *words).refused() == told


def test_a_template_needs_no_data_folder(linxuan, tmp_path):
    path = tmp_path / "样表.xlsx"
    assert linxuan("expert", "template", path, on=None).done() == (
        f"已生成{path}；填写方法见第二页“填写说明”。\n"
    )
    assert path.exists()
