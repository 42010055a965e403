"""One call lived through by typing alone, from the first account to the directory."""

from pathlib import Path
from typing import Any

import pytest

Linxuan = Any  # of conftest
FILED = "2024-06-19T09:00"


@pytest.mark.clause("B3-4.2", "B3-4.3", "B3-4.5", "B3-4.6", "B3-5.4", "D-9")
def test_a_call_is_lived_through_by_typing(linxuan: Linxuan, data: Path, forms: Path, tmp_path: Path) -> None:
    assert (
        linxuan("call", "open", "B3", as_of="2024-05-16").done()
        == "第三批（B3）受理中，申报截止2024-06-21。\n"
    )
    linxuan(
        "user", "add", "tianjin", "--name", "王示例", "--mail", "wang@tj.example.cn",
        "--role", "recommender", "--scope", "天津", as_of="2024-05-20",
    ).done()  # fmt: skip

    # Four institutions file through four offices; one form carries a credit code that is none.
    filed = linxuan("import", *forms.glob("P12_*"), "--call", "B3", "--as", "tianjin", "--json", as_of=FILED)
    assert [line["no"] for line in filed.json["lines"]] == ["B3-XNXS-0001"]
    for office in ("P13", "P15"):
        linxuan("import", *forms.glob(f"{office}_*"), "--call", "B3", "--from", office, as_of=FILED).done()
    spoilt = linxuan("import", *forms.glob("P14_*"), "--call", "B3", "--from", "山西", as_of=FILED)
    assert spoilt.refused() == "有1件没有受理，原因见上；改正后可以再次导入，已受理的不会重复。"
    assert "「统一社会信用代码」" in spoilt.out
    again = linxuan("import", *forms.glob("P12_*"), "--call", "B3", "--from", "P12", as_of=FILED)
    assert again.done().startswith("此前已受理  B3-XNXS-0001 ")

    listed = linxuan("case", "list", "--call", "b3", "--json", as_of=FILED).json
    assert [(case["no"], case["stage"]) for case in listed["cases"]] == [
        ("B3-JQRG-0001", "submitted"), ("B3-SJAQ-0001", "submitted"), ("B3-XNXS-0001", "submitted"),
    ]  # fmt: skip

    # One recommends by its account, the operator at the machine for the others, one by one and as a batch.
    letter = ("--set", "letter_no=示例函1号", "--set", "letter_date=2024-06-19")
    moved = linxuan(
        "case", "move", "B3-XNXS-0001", "recommend", *letter, "--as", "tianjin", as_of="2024-06-19T10:00"
    )
    assert moved.done() == "B3-XNXS-0001 已办理“推荐”：待推荐 → 已推荐，应发通知1封。\n"
    linxuan("case", "move", "B3-JQRG-0001", "recommend", *letter, as_of="2024-06-19T10:00").done()
    plan = tmp_path / "plan.jsonl"
    linxuan(
        "batch", "preview", "recommend", "--channel", "内蒙古", *letter, "-o", plan, as_of="2024-06-19T10:00"
    ).done()
    assert linxuan("batch", "run", plan, as_of="2024-06-19T10:05").done() == (
        "已办理1件（已推荐1件），应发通知1封。\n"
    )

    # The office takes all three through review and into publicity, the morning before it opens.
    steps: list[tuple[str, str, tuple[str, ...]]] = [
        ("begin_review", "2024-06-20T10:00", ()),
        ("receive_paper", "2024-06-21T10:00", ()),
        ("pass_initial", "2024-07-03T10:00", ()),
        ("record_result", "2024-07-08T10:00", ("--set", "votes_for=5", "--set", "votes_cast=7")),
        ("conclude_review", "2024-07-09T10:00", ()),
        ("publicise", "2024-07-12T08:00", ()),
    ]
    for move, when, stated in steps:
        linxuan("batch", "preview", move, "--call", "B3", *stated, "-o", plan, as_of=when).done()
        ran = linxuan("batch", "run", plan, "--json", as_of=when).json
        assert (ran["move"], ran["moved"], ran["left_out"]) == (move, 3, 0)

    # Publicity of five working days ends on Thursday 18 July; the clock lists them with the next day.
    early = linxuan("sweep", "--json", as_of="2024-07-18T23:59").json
    assert early["moved"] == 0
    swept = linxuan("sweep", "--json", as_of="2024-07-20T09:00").json
    assert (swept["moves"], swept["incidents"]) == ({"list": 3}, 0)
    assert linxuan("sweep", as_of="2024-07-20T09:00").done() == "没有到期事项。\n"

    entries = linxuan("directory", "--json", as_of="2024-07-19").json["entries"]
    assert [(each["no"], each["first_day"], each["last_day"], each["status"]) for each in entries] == [
        (no, "2024-07-19", "2027-07-19", "有效") for no in ("B3-JQRG-0001", "B3-SJAQ-0001", "B3-XNXS-0001")
    ]
    assert linxuan("directory", as_of="2024-07-18").done() == "2024-07-18在册0家次。\n"

    assert linxuan("post", "--once", as_of="2024-07-20T10:00").done().startswith("已发出")
    assert linxuan("check", as_of="2024-07-20T10:00").done().startswith("一致：已核对申报3件")
    assert linxuan("audit", "verify").done().startswith("审计日志完好：")
