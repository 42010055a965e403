"""Provincial calls checked, sample calls kept apart, the training register and a department's institutions."""

from pathlib import Path
from typing import Any

import pytest

Linxuan = Any  # of conftest

CALL = """
code = "CQ25"
name = "重庆2025年批次"
title = "示例通知"
regime = "M24"
province = "50"
notice = 2025-05-06
opens = { value = 2025-05-06, setting = true, note = "示例" }
filing_closes = { value = 2025-06-06, setting = true, note = "示例" }
paper_due = { value = 2025-06-06, setting = true, note = "示例" }
occupations = { value = ["SJAQ"], setting = true, note = "示例" }
"""


@pytest.mark.clause("M24-8")
def test_a_provincial_call_is_checked_and_opened_by_its_province(linxuan: Linxuan, tmp_path: Path) -> None:
    calls = tmp_path / "data" / "calls"
    calls.mkdir(parents=True)
    file = calls / "CQ25.toml"
    file.write_text(CALL, encoding="utf-8")
    checked = linxuan("call", "check", str(file)).done()
    assert "省级批次  重庆市人力资源和社会保障局" in checked.splitlines()
    assert checked.splitlines()[-1] == "规则文件 CQ25.toml 可以使用，申报截止2025-06-06。"
    data = ("--data", str(tmp_path / "data"), "--as-of", "2025-05-07")
    assert linxuan("call", "check", "cq25", *data[:2]).done() == checked
    linxuan("call", "open", "CQ25", *data).done()
    (opened,) = [each for each in linxuan("call", "list", *data, "--json").json if each["call"] == "CQ25"]
    assert (opened["state"], opened["province"], opened["tracks"]) == ("open", "50", ["training"])


@pytest.mark.clause("M24-23")
def test_a_call_file_at_fault_is_refused_with_its_name(linxuan: Linxuan, tmp_path: Path) -> None:
    file = tmp_path / "CQ25.toml"
    file.write_text(CALL.replace('"M24"', '"I21"'), encoding="utf-8")
    assert linxuan("call", "check", str(file)).refused() == (
        "规则文件 CQ25.toml 有误：regime 应为 M24，现为 I21；通知日期2025-05-06施行的是"
        "数字技术工程师培育项目培训机构和评价机构管理办法（试行）。（M24-23）"
    )
    missing = linxuan("call", "check", str(tmp_path / "ZZ.toml")).refused()
    assert missing == "规则文件 ZZ.toml 无法读取，请检查路径和权限。"


def test_sample_calls_are_shown_when_asked_for_and_never_opened(linxuan: Linxuan, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    assert [each["call"] for each in linxuan("call", "list", *data, "--json").json] == ["CQ23", "B3"]
    asked = linxuan("call", "list", "--samples", *data, "--json").json
    assert [(each["call"], each["sample"]) for each in asked] == [
        ("I21", True), ("CQ23", False), ("B3", False), ("M24", True),
    ]  # fmt: skip
    assert linxuan("call", "open", "M24", *data, "--as-of", "2025-03-04").refused() == (
        "2025年演练批次（M24）是演练用样例，不能正式开放；请用 linxuan rehearse M24 演练。（M24-7.1）"
    )


@pytest.mark.clause("M24-16a", "M24-15")
def test_the_register_and_a_departments_institutions_are_written_and_shown(
    linxuan: Linxuan, tmp_path: Path
) -> None:
    data = ("--data", str(tmp_path / "data"), "--as-of", "2024-05-16")
    linxuan("call", "open", "B3", *data).done()
    for name in ("目录.xlsx", "目录.json"):
        said = linxuan(
            "directory", "register", "--province", "重庆", "-o", str(tmp_path / name), *data
        ).done()
        assert said == (
            f"2024-05-16在册培训机构0家次，此前未报送过名单，全部列为新增，已写入{tmp_path / name}。\n"
        )
    wrong = linxuan("directory", "register", "--province", "重庆", "-o", str(tmp_path / "目录.txt"), *data)
    assert wrong.refused() == f"文件{tmp_path / '目录.txt'}应以 .xlsx 或 .json 结尾，请改文件名。（M24-16a）"
    said = linxuan("directory", "recommended", "工信部", "--year", "2025", *data).done()
    assert said == "工业和信息化部人事教育司推荐的机构，2025年在册0家次，共0人次。\n"
