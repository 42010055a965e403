"""Duties after listing, as typed: announced, reported, filed, listed, refused in one sentence."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from casework.installation import open_installation
from casework.settings import Settings
from cli.as_of import read_as_of
from records.transaction import transaction

Linxuan = Any  # of conftest
NO = "B3-SJAQ-0001"


@pytest.fixture
def listed(b3: Path) -> Path:
    """The data folder with one institution of Tianjin in the directory since 10 October 2024."""
    installation = open_installation(Settings(data=b3), as_of=read_as_of("2024-10-10"))
    at = read_as_of("2024-10-10")
    with transaction(installation.engine) as tx:
        tx.run(
            "INSERT INTO institution (uscc, name, province, address, unit_type)"
            " VALUES ('91350100M000100Y43', '示例（天津）测评中心', '12', '', '')"
        )
        tx.run(
            "INSERT INTO cases (no, version, call, track, process, occupation, institution_id, province, channel, stage,"
            " entered_at, updated_at, materials_missing, warnings_open, priority, departs, objections_open, term_no,"
            " term_starts_at, term_last_day, activity, duties_done, levels, contact_mail, due_provisional) VALUES"
            " (?, 1, 'B3', 'evaluation', 'B3/evaluation@1', 'SJAQ', 1, '12', 'P12', 'listed', ?, ?, 0, 0, 0, 0, 0, 1,"
            " ?, '2027-10-10', 0, '', '初级', 'li@example.cn', 0)",
            (NO, at, at, at),
        )
        tx.run(
            "INSERT INTO term (case_id, institution_id, track, occupation, levels, number, starts_at, last_day)"
            " VALUES (1, 1, 'evaluation', 'SJAQ', '初级', 1, ?, '2027-10-10')",
            (at,),
        )
    installation.close()
    return b3


@pytest.fixture
def announced(listed: Path, linxuan: Linxuan) -> str:
    """An examination on 3 March 2025, announced at a place nobody reported and in a year without a plan."""
    said = linxuan(
        "exam", "announce", NO, "--level", "初级", "--from", "2025-03-03", "--to", "2025-03-03", "--place", "示例考点",
        "--expected", 80, as_of="2025-01-10",
    ).done()  # fmt: skip
    assert said == (
        "已登记KS-2025-0001。统计和证书数据的报送期限：2025-03-03之后1个月：2025-04-03，含当日（I21-4.6.3、D-3）。\n"
        "注意：2025年度计划尚未报送，应在开展活动之前报送（M24-14）。\n"
        "注意：“示例考点”尚未报备，请在使用前用 linxuan site add 报备（M24-11.1）。\n"
    )
    return "KS-2025-0001"


@pytest.mark.clause("I21-4.6.3", "M24-11.1", "M24-13", "M24-14")
def test_an_examination_from_the_announcement_to_the_certificates(
    linxuan: Linxuan, announced: str, tmp_path: Path
) -> None:
    owed = linxuan("duty", "list", "--no", NO, "--json", as_of="2025-03-05").json
    assert [(each["kind"], each["overdue"]) for each in owed] == [("site", True), ("examination", False)]
    linxuan(
        "site", "add", NO, "--name", "示例考点", "--address", "示例路1号", "--province", "天津", "--capacity", 60,
        "--supervisor", "李示例", as_of="2025-03-05",
    ).done()  # fmt: skip
    assert [each["name"] for each in linxuan("site", "list", "--province", "12", "--json").json] == [
        "示例考点"
    ]
    report = ("exam", "report", announced, "--people", 3, "--passed", 1)
    assert linxuan(*report, as_of="2025-03-05").done() == "KS-2025-0001已报告：3人次，合格1；活动人次+3。\n"
    assert linxuan(*report, as_of="2025-03-05").refused() == (
        "KS-2025-0001已经报告，更正须写明理由（--reason）。（I21-4.6.3）"
    )
    sheet = tmp_path / "证书.xlsx"
    linxuan("exam", "blank", announced, "-o", sheet, on=None).done()
    book = load_workbook(sheet)
    book.worksheets[0].append(("SZ2025-0001", "初级", "2025-03-04", "110101********0070"))
    book.save(sheet)
    assert linxuan("exam", "certificates", announced, sheet, as_of="2025-04-08").done() == (
        "KS-2025-0001的证书数据已报送1个，逾期5日。\n"
    )
    asked = ("exam", "genuine", "SZ2025-0001", "--ends")
    assert linxuan(*asked, "0070", as_of="2025-04-08").done().startswith("属实：证书SZ2025-0001由")
    assert linxuan(*asked, "0071", as_of="2025-04-08").refused().startswith("没有查到编号为“SZ2025-0001”")
    [line] = linxuan("duty", "summary", "--year", 2025, "--json", as_of="2025-04-08").json
    assert (line["sessions"], line["figures"]) == (1, {"person_times": 3, "passed": 1, "certificates": 1})
    # Left is the yearly report that was due in January.
    assert [
        each["kind"] for each in linxuan("duty", "list", "--overdue", "--json", as_of="2025-04-08").json
    ] == ["yearly"]


@pytest.mark.clause("M24-14")
def test_what_is_overdue_stands_with_its_case_and_among_what_is_stuck(
    linxuan: Linxuan, announced: str
) -> None:
    for words in (("stuck",), ("case", "show", NO), ("duty", "list", "--overdue", "--province", "天津")):
        assert "报备考试点：示例考点（KS-2025-0001）" in linxuan(*words, as_of="2025-03-05").done()
    linxuan("exam", "cancel", announced, "--stating", "报名不足", as_of="2025-03-05").done()
    assert linxuan("duty", "list", as_of="2025-03-05").done() == "没有待履行的义务。\n"


@pytest.mark.clause("M24-14", "I21-4.6.1")
def test_a_yearly_report_goes_out_as_a_blank_and_comes_back(
    linxuan: Linxuan, listed: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "年度总结.xlsx"
    linxuan("duty", "blank", NO, "--year", 2024, "-o", sheet, as_of="2025-01-10").done()
    assert (
        linxuan("duty", "yearly", NO, sheet, as_of="2025-01-10")
        .refused()
        .startswith("“年度总结.xlsx”缺少年度工作总结")
    )
    book = load_workbook(sheet)
    filled = {"初级": 5, "年度工作总结": "示例", "下一年度计划场次": 4, "下一年度计划人次": 400,
              "下一年度计划地点": "天津", "下一年度计划": "每季度一场"}  # fmt: skip
    for row in book.worksheets[0].iter_rows():
        if row[0].value in filled:
            row[1].value = filled[str(row[0].value)]  # type: ignore[assignment]
    book.save(sheet)
    assert linxuan("duty", "yearly", NO, sheet, as_of="2025-02-03").done() == (
        "B3-SJAQ-0001的2024年度总结和2025年度计划已报送（期限2025-01-31，逾期3日）：5人次，合格0，发证0；活动人次+5。\n"
    )
    assert linxuan("duty", "yearly", NO, sheet, as_of="2025-02-03").refused() == (
        "B3-SJAQ-0001的2024年度总结已报送1次，更正须写明理由。（M24-14）"
    )


@pytest.mark.clause("M24-12", "I21-4.6.4")
def test_fees_are_set_shown_and_stand_in_the_directory(linxuan: Linxuan, listed: Path) -> None:
    words = ("--from", "2025-01-01", "--refund", "考前3日可退", "--basis", "成本核算")
    assert linxuan("fee", "set", NO, "--item", "考试费300", *words, as_of="2025-01-01").refused() == (
        "收费项目“考试费300”应写成 初级考试费=300元/人次。（M24-12）"
    )
    linxuan("fee", "set", NO, "--item", "考试费=300元/人次", *words, as_of="2025-01-01").done()
    [entry] = linxuan("directory", "--format", "json", as_of="2025-01-02").json["entries"]
    assert entry["fees"]["items"] == [{"name": "考试费", "unit": "人次", "yuan": "300.00"}]
    lines = linxuan("directory", "--format", "csv", as_of="2025-01-02").done().splitlines()
    assert [line.rpartition(",")[2] for line in lines] == ["收费标准", "考试费 300.00元/人次"]
    assert [each["number"] for each in linxuan("fee", "show", NO, "--json").json] == [1]


@pytest.mark.clause("M24-11.6b")
def test_an_emergency_is_reported_followed_and_closed(linxuan: Linxuan, listed: Path) -> None:
    words = ("--kind", "data", "--at", "2025-03-03T09:30", "--scope", "报名信息", "--measures", "已断网")
    assert linxuan("emergency", "report", NO, *words, as_of="2025-03-03T10:00").done() == (
        "突发事件已报告，编号TF-2025-001。\n"
    )
    assert linxuan(
        "emergency", "follow", "TF-2025-001", "--stating", "已恢复", as_of="2025-03-05"
    ).done() == ("TF-2025-001已续报，下次续报期限2025-03-10。\n")
    linxuan("emergency", "close", "TF-2025-001", "--stating", "已整改", as_of="2025-03-06").done()
    assert linxuan("emergency", "list", "--waiting", as_of="2025-03-06").done() == "没有突发事件。\n"
    assert (
        linxuan("emergency", "close", "TF-2025-009", "--stating", "已整改")
        .refused()
        .startswith("没有编号为“TF-2025-009”的突发事件")
    )


@pytest.mark.clause("M24-8")
def test_the_list_of_a_province_is_made_from_the_directory(
    linxuan: Linxuan, listed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "名单.csv"
    assert linxuan("duty", "list-report", "天津", as_of="2025-01-02").refused().startswith("请用 -o 指定文件")
    said = linxuan(
        "duty", "list-report", "天津", "--document", "示例函1号", "-o", out, as_of="2025-01-02"
    ).done()
    assert said.startswith("已报送0家次（2025-01-02，示例函1号），校验值 ")
    assert len(out.read_text(encoding="utf-8-sig").splitlines()) == 1


@pytest.mark.clause("M24-11.1")
def test_a_place_that_is_no_province_is_refused_as_one(linxuan: Linxuan, listed: Path) -> None:
    assert linxuan("site", "list", "--province", "火星", as_of="2025-03-04").refused() == (
        "没有省份“火星”，请填写省份名称或两位代码，如 重庆 或 50。"
    )
