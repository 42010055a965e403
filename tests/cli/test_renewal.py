"""``linxuan renewal``: from the blank form to the decision, as typed."""

import io
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from casework.actors import Actor
from casework.gate import advance
from casework.installation import open_installation
from casework.renewals.about import about
from casework.renewals.form_writing import form_bytes
from casework.renewals.samples import sample_application
from casework.settings import Settings
from casework.sweep import sweep
from cli.as_of import read_as_of
from states.roles import Role

Linxuan = Any  # of conftest
NO = "B3-SJAQ-0001"
WHEN = "2027-05-10T10:00"


@pytest.fixture
def listed(publicised: Path) -> Path:
    """The data folder with one listing of 10 October 2024, 300 person-times registered."""
    reported = read_as_of("2025-03-03")
    installation = open_installation(Settings(data=publicised), as_of=reported)
    desk, by = installation.desk(), Actor("示例", Role.OFFICE)
    sweep(desk, as_of=reported)
    advance(desk, "record_activity", [1], by=by, as_of=reported, inputs={"person_times": 300})
    sweep(desk, as_of=read_as_of("2027-05-10T09:00"))
    installation.close()
    return publicised


def filled(data: Path, path: Path) -> Path:
    """The form filled in as a sound institution would, without the consent."""
    installation = open_installation(Settings(data=data), as_of=read_as_of(WHEN))
    desk, when = installation.desk(), read_as_of(WHEN)
    sample = sample_application(desk, NO, as_of=when, consented=False).filled
    path.write_bytes(form_bytes(about(desk, NO, as_of=when), sample))
    installation.close()
    return path


@pytest.mark.clause("M24-9.1", "D-3")
def test_the_list_says_who_may_apply_until_when(linxuan: Linxuan, listed: Path) -> None:
    assert listed.exists()
    said = linxuan("renewal", "list", "--window", "open", as_of=WHEN).done().splitlines()[-1].split()
    assert said == [
        NO,
        "示例机构",
        "1",
        "2027-10-10",
        "2027-04-10",
        "2027-07-10",
        "可以申请",
        "还有44个工作日",
    ]
    found = {
        phase: [
            each["no"] for each in linxuan("renewal", "list", "--window", phase, "--json", as_of=when).json
        ]
        for phase, when in (
            ("early", "2027-04-09"),
            ("closing", "2027-07-10"),
            ("missed", "2027-07-11"),
            ("open", "2027-07-11"),
        )
    }
    assert found == {"early": [NO], "closing": [NO], "missed": [NO], "open": []}
    assert (
        linxuan("renewal", "list", "--window", "x")
        .refused()
        .startswith("没有阶段“x”，可用的有：early（未到申请期）")
    )


@pytest.mark.clause("M24-9.1", "D-4", "M24-9.2")
def test_a_renewal_from_the_blank_to_the_approval(linxuan: Linxuan, listed: Path, tmp_path: Path) -> None:
    blank = tmp_path / "空白.docx"
    assert linxuan("renewal", "blank", NO, "-o", blank, as_of=WHEN).done() == (
        f"{NO}的续期报告表已写入{blank}，最迟于2027-07-10（含当日）提交。\n"
    )
    assert "示例机构" in "".join(
        cell.text for row in Document(io.BytesIO(blank.read_bytes())).tables[0].rows for cell in row.cells
    )
    assert linxuan("renewal", "file", NO, blank, as_of=WHEN).refused().startswith("续期申请有")
    report, consent = filled(listed, tmp_path / "报告.docx"), tmp_path / "同意函.pdf"
    consent.write_bytes(b"%PDF-1.7 sample")
    assert "还有4处" in linxuan("renewal", "draft", NO, report, as_of=WHEN).done()
    given = ("--consent", consent, "--consent-office", "示例行业主管部门", "--consent-no", "示例函1号")
    assert linxuan("renewal", "file", NO, *given, "--consent-date", "五月", as_of=WHEN).refused() == (
        "--consent-date 应为日期（如2027-05-10），收到的是“五月”。（M24-9.1）"
    )
    filing = ("renewal", "file", NO, *given, "--consent-date", "2027-05-08")
    assert linxuan(*filing, as_of=WHEN).done() == f"续期申请{NO}-X2已提交。\n"
    assert linxuan(*filing, as_of=WHEN).refused().startswith("续期申请已经提交，正在审核")
    page = linxuan("renewal", "show", NO, as_of=WHEN).done()
    assert [word for word in (
        "职业      数据安全工程技术人员", "申请期    2027-04-10至2027-07-10（含首尾两日，M24-9.1、D-3）",
        "符合：第1个有效期内登记300人次（至少1人次），已开展活动（M24-9.2）",
        f"{NO}-X2，审核中", "示例行业主管部门，示例函1号，2027-05-08", "【工作成效】",
    ) if word not in page] == []  # fmt: skip
    shown = linxuan("renewal", "show", NO, "--json", as_of=WHEN).json
    assert (shown["application"]["state"], shown["activity"]["holds"], shown["window"]["phase"]) == (
        "filed",
        True,
        "applied",
    )
    out = tmp_path / "取出.pdf"
    assert (
        linxuan("renewal", "document", NO, "consent", "-o", out, as_of=WHEN).done()
        == f"同意函.pdf已写入{out}。\n"
    )
    assert out.read_bytes() == consent.read_bytes()
    assert linxuan(
        "renewal", "return", NO, "--stating", "请补充收费情况", as_of="2027-05-17T10:00"
    ).done() == (f"续期申请{NO}-X2已退回补正，最迟于2027-05-31（含当日）补正。\n")
    assert linxuan("renewal", "file", NO, report, as_of="2027-05-20").done() == f"续期申请{NO}-X3已补正。\n"
    assert linxuan("renewal", "answer", NO, "1", "--stating", "已核实", as_of="2027-05-21").refused() == (
        f"续期申请{NO}-X3没有第1处出入，可用 linxuan renewal show {NO} 查看。（M24-9.1）"
    )
    linxuan("case", "move", NO, "approve_renewal", as_of="2027-06-01").done()
    assert "此前" in linxuan("renewal", "show", NO, as_of="2027-06-01").done()


@pytest.mark.clause("M24-9.1")
def test_a_batch_approves_what_may_be_approved(linxuan: Linxuan, listed: Path, tmp_path: Path) -> None:
    report, consent = filled(listed, tmp_path / "报告.docx"), tmp_path / "同意函.pdf"
    consent.write_bytes(b"%PDF-1.7 sample")
    given = (
        "--consent",
        consent,
        "--consent-office",
        "示例部门",
        "--consent-no",
        "1号",
        "--consent-date",
        "2027-05-08",
    )
    linxuan("renewal", "file", NO, report, *given, as_of=WHEN).done()
    plan = tmp_path / "办理.json"
    linxuan("batch", "preview", "approve_renewal", "--call", "B3", "-o", plan, as_of="2027-06-01").done()
    linxuan("batch", "run", plan, as_of="2027-06-01").done()
    assert linxuan("case", "show", NO, "--json", as_of="2027-06-02").json["stage"] == "listed"


@pytest.mark.clause("M24-9.1")
def test_the_raw_move_says_how_to_file(linxuan: Linxuan, listed: Path) -> None:
    assert listed.exists()
    raw = linxuan("case", "move", NO, "apply_renewal", "--set", "application=X", as_of=WHEN).refused()
    assert raw.endswith("请用 linxuan renewal file 提交。（M24-9.1）")
