"""``linxuan publicity`` and ``linxuan inspect``: what is typed from the posted list to the referral."""

import json
from pathlib import Path
from typing import Any

import pytest

Linxuan = Any  # of conftest


@pytest.mark.clause("M24-7.4", "D-2")
def test_a_publicity_from_the_list_to_the_decision_on_an_objection(
    linxuan: Linxuan, publicised: Path, tmp_path: Path
) -> None:
    assert publicised.exists()
    (listed,) = linxuan("publicity", "list", "--running", "--json", as_of="2024-09-29").json
    assert (listed["no"], listed["last_day"], listed["days_left"]) == ("B3-GS-01", "2024-10-09", 3)
    assert "还有3个工作日（今日不计）" in linxuan("publicity", "show", "B3-GS-01", as_of="2024-09-29").done()
    file = tmp_path / "公示.docx"
    said = linxuan("publicity", "notice", "B3-GS-01", "-o", file, as_of="2024-09-29").done()
    assert (said, file.read_bytes()[:2]) == (f"数遴公〔2024〕1号已写入{file}。\n", b"PK")
    evidence = tmp_path / "证据.pdf"
    evidence.write_bytes(b"%PDF-1.7 sample")
    objecting = (
        "publicity", "object", "B3-SJAQ-0001", "--stating", "业绩存疑", "--name", "示例人", "--mail", "a@example.cn",
        "--file", evidence,
    )  # fmt: skip
    when = "2024-09-29T10:00"
    assert linxuan(*objecting, as_of=when).done() == "已登记异议B3-SJAQ-0001-Y1，应发回执1封。\n"
    assert linxuan(*objecting, as_of=when).done() == "该异议此前已登记，编号B3-SJAQ-0001-Y1，不重复登记。\n"
    more = tmp_path / "补充.txt"
    more.write_text("示例补充", encoding="utf-8")
    assert linxuan(*objecting, "--file", more, as_of=when).done() == (
        "该异议此前已登记，编号B3-SJAQ-0001-Y1，不重复登记；新交的证据1个已附入。\n"
    )
    (kept,) = linxuan("publicity", "objections", "--open", "--json", as_of=when).json
    assert [each["name"] for each in kept["evidence"]] == ["证据.pdf", "补充.txt"]
    linxuan("publicity", "investigate", "B3-SJAQ-0001-Y1", "--stating", "已调档", as_of=when).done()
    deciding = ("publicity", "decide", "B3-SJAQ-0001-Y1", "dismiss", "--stating", "查无实据")
    assert linxuan(*deciding, as_of="2024-10-08").done() == "异议B3-SJAQ-0001-Y1已办结：异议不成立。\n"
    assert "不能再次办理" in linxuan(*deciding, as_of="2024-10-08").refused()
    assert linxuan(*objecting, as_of="2024-10-10").refused() == (
        "申报B3-SJAQ-0001的公示期已于2024-10-09届满，不再受理异议。（B3-4.5）"
    )


@pytest.mark.clause("I21-6.2", "M24-3.3", "M24-21")
def test_an_inspection_that_ends_in_a_removal_and_a_referral(
    linxuan: Linxuan, publicised: Path, tmp_path: Path
) -> None:
    assert publicised.exists()
    linxuan("sweep", as_of="2024-10-10").done()
    linxuan(
        "user",
        "add",
        "li",
        "--role",
        "office",
        "--name",
        "示例",
        "--mail",
        "li@example.cn",
        as_of="2024-10-10",
    )
    people, file = tmp_path / "人员.csv", tmp_path / "证书.json"
    people.write_text("示例甲,示例单位甲\n示例乙,示例单位乙\n", encoding="utf-8")
    now = "2025-03-03T10:00"
    linxuan("inspect", "plan", "--title", "抽查", "--count", 1, "--inspectors", people, as_of=now).done()
    drawing = (
        "inspect",
        "draw",
        "CC-2025-01",
        "--digits",
        "123456",
        "--source",
        "示例彩票",
        "--supervisor",
        "li",
    )
    assert "示例甲" in linxuan(*drawing, as_of=now).done()
    linxuan("inspect", "certificate", "CC-2025-01", "-o", file, as_of=now).done()
    verified = linxuan("inspect", "verify", file, on=None)
    assert verified.done() == "证书完好：名单、承诺和抽取结果均与重新计算的一致。\n"
    file.write_text(json.dumps([1]), encoding="utf-8")
    assert linxuan("inspect", "verify", file, on=None).code == 1
    assert "M24-18" in {each["clause"] for each in linxuan("inspect", "grounds", "--json", on=None).json}
    record = (
        "inspect",
        "record",
        "CC-2025-01",
        "B3-SJAQ-0001",
        "remove",
        "--stating",
        "伪造记录",
        "--ground",
        "fraud",
    )
    assert linxuan(*record, as_of=now).done() == "B3-SJAQ-0001的检查结果已登记：移出目录。\n"
    assert (
        linxuan("inspect", "publish", "CC-2025-01", as_of=now).json["objects"][0]["ground"]
        == "弄虚作假（M24-21）"
    )
    (failing,) = linxuan("inspect", "failings", "--json", as_of=now).json
    assert (failing["no"], failing["failing"]) == ("B3-SJAQ-0001", "移出目录")
    assert "尚未移送" in linxuan("inspect", "referrals", as_of=now).done()
    handed = (
        "inspect",
        "refer",
        "B3-SJAQ-0001",
        "--to",
        "示例部门",
        "--on",
        "2025-03-03",
        "--document",
        "1号",
    )
    assert linxuan(*handed, as_of=now).done() == "B3-SJAQ-0001的移送已登记：示例部门，1号。\n"
