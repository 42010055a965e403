"""``linxuan change`` and ``linxuan directory history``: what is typed from the request to the last day."""

import csv
import json
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from casework.installation import open_installation
from casework.settings import Settings
from casework.sweep import sweep
from cli.as_of import read_as_of

Linxuan = Any  # of conftest

pytestmark = pytest.mark.clause("M24-20c")


@pytest.fixture
def listed(publicised: Path) -> Path:
    """The data folder with one case in the directory since 10 October 2024."""
    now = read_as_of("2024-10-10")
    installation = open_installation(Settings(data=publicised), as_of=now)
    sweep(installation.desk(), as_of=now)
    installation.close()
    return publicised


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    found = tmp_path / "通知书.txt"
    found.write_text("准予变更登记", encoding="utf-8")
    return found


def test_a_change_from_the_request_to_the_history(
    linxuan: Linxuan, listed: Path, paper: Path, tmp_path: Path
) -> None:
    asked = linxuan(
        "change", "request", "U1", "--set", "name==示例新名称", "--reason", "核准", "--file", str(paper),
        "--as-of", "2025-03-03T10:00",
    )  # fmt: skip
    assert (asked.code, asked.err.strip()) == (2, "“单位名称”不能以“=”开头，请改正后再提交。（M24-20c）")
    asked = linxuan(
        "change", "request", "U1", "--set", "name=示例新名称中心", "--set", "联系人手机=13800138000", "--reason", "核准",
        "--file", str(paper), "--as-of", "2025-03-03T10:00",
    )  # fmt: skip
    assert asked.done().splitlines()[0] == "已登记变更申请BG-2025-0001，应于2025-03-17前审定，应发通知1封。"
    assert "待审定" in linxuan("change", "list", "--open", "--as-of", "2025-03-04").done()
    shown = linxuan("change", "show", "BG-2025-0001", "--as-of", "2025-03-04").done()
    assert "示例新名称中心" in shown
    out = tmp_path / "取出.txt"
    linxuan("change", "document", "BG-2025-0001", "1", "-o", str(out), "--as-of", "2025-03-04").done()
    assert out.read_text(encoding="utf-8") == "准予变更登记"
    linxuan("change", "opinion", "BG-2025-0001", "--stating", "情况属实", "--as-of", "2025-03-04").done()
    linxuan("change", "return", "BG-2025-0001", "--stating", "请附执照", "--as-of", "2025-03-04T10:00").done()
    linxuan(
        "change", "resubmit", "BG-2025-0001", "--set", "name=示例更正名称", "--as-of", "2025-03-05T10:00"
    ).done()
    done = linxuan("change", "approve", "BG-2025-0001", "--as-of", "2025-03-06T10:00").done()
    assert done == "变更申请BG-2025-0001已批准并生效：单位名称、联系人手机。\n"
    twice = linxuan("change", "refuse", "BG-2025-0001", "--stating", "不符", "--as-of", "2025-03-06T11:00")
    assert (twice.code, twice.err.strip()) == (
        2, "变更申请BG-2025-0001已于2025-03-06 10:00办结（已批准），不能再次办理。（M24-20c）",
    )  # fmt: skip
    old, new = (
        json.loads(linxuan("directory", "--json", "--as-of", day).done())["entries"][0]["institution"]
        for day in ("2025-03-05", "2025-03-06")
    )
    assert (old, new) == ("示例机构", "示例更正名称")


def test_the_history_says_the_same_in_every_form(linxuan: Linxuan, listed: Path, tmp_path: Path) -> None:
    book, sheet = tmp_path / "变动.xlsx", tmp_path / "变动.csv"
    for form, file in (("xlsx", book), ("csv", sheet)):
        linxuan(
            "directory", "history", "U1", "--format", form, "-o", str(file), "--as-of", "2025-03-04"
        ).done()
    rows = [
        [cell.value for cell in row] for row in load_workbook(BytesIO(book.read_bytes())).worksheets[0].rows
    ]
    assert rows == list(csv.reader(StringIO(sheet.read_text(encoding="utf-8-sig"))))
    says = json.loads(
        linxuan("directory", "history", "B3-SJAQ-0001", "--json", "--as-of", "2025-03-04").done()
    )
    (change,) = says["changes"]
    assert [change["label"], change["says"], change["no"], change["clause"], str(change["seq"]), change["hash"]] == [
        rows[1][at] for at in (1, 2, 5, 6, 8, 9)
    ]  # fmt: skip
    shown = linxuan("directory", "history", "示例机构", "--as-of", "2025-03-04").done()
    assert shown.endswith("示例机构（U1）在目录中的变动1项。\n")
    assert linxuan("directory", "history", "U1", "--format", "pdf", "--as-of", "2025-03-04").code == 2


def test_leaving_is_shown_announced_taken_back_and_done(linxuan: Linxuan, listed: Path) -> None:
    words = [
        "change",
        "leave",
        "U1",
        "--reason",
        "业务调整",
        "--records",
        "示例档案室",
        "--last-day",
        "2025-06-30",
    ]
    shown = linxuan(*words, "--dry-run", "--as-of", "2025-03-03T10:00").done()
    mark = shown.rpartition("--mark ")[2].split()[0]
    assert "过程档案自退出之日起至少保存5年，至2030-07-01（I21-4.6.5）" in shown
    assert linxuan("change", "leavings", "--as-of", "2025-03-03").done() == "没有主动退出的登记。\n"
    made = linxuan(*words, "--mark", mark, "--as-of", "2025-03-03T10:00").done()
    assert made.startswith("已登记退出TC-2025-0001：B3-SJAQ-0001，2025-06-30过后自动退出")
    assert (
        linxuan(*words, "--as-of", "2025-03-03T11:00").done()
        == "该退出此前已登记（TC-2025-0001），不重复办理。\n"
    )
    stayed = linxuan("change", "stay", "TC-2025-0001", "--reason", "继续开展", "--as-of", "2025-03-04").done()
    assert stayed == "退出登记TC-2025-0001已撤销，继续在册：B3-SJAQ-0001。\n"
    gone = linxuan(*words[:7], "--as-of", "2025-03-05").done()
    assert gone == "已退出（TC-2025-0002）：B3-SJAQ-0001。\n"
    assert linxuan("directory", "--as-of", "2025-03-06").done() == "2025-03-06在册0家次。\n"


def test_a_merger_is_told_what_to_do_instead(linxuan: Linxuan, listed: Path, paper: Path) -> None:
    refused = linxuan(
        "change", "request", "U1", "--set", "uscc=911299995835665660", "--reason", "合并", "--file", str(paper),
        "--as-of", "2025-03-03",
    )  # fmt: skip
    assert refused.refused() == (
        "统一社会信用代码不能变更：合并、分立、新设的机构是另一家机构，有效期不随之转移，请以新的代码重新申报；"
        "原机构不再开展业务的，请办理主动退出（linxuan change leave）。（M24-20c）"
    )
