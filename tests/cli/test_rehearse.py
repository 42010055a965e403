"""``linxuan rehearse``: tells the verdict, writes one page, keeps a folder that other commands find sound."""

from pathlib import Path
from typing import Any

import pytest

FEW = ("--institutions", 6, "--until", "2024-07-01")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what one rehearsal leaves behind."""
    return tmp_path_factory.mktemp("rehearsed")


def test_a_kept_rehearsal_is_sound_for_every_command(linxuan: Any, kept: Path) -> None:
    page, folder = kept / "report.html", kept / "data"
    told = linxuan("rehearse", "B3", *FEW, "--report", page, "--keep", folder).done()
    assert told.splitlines()[-2:] == [
        f"完整报告：{page}", f"演练数据：{folder}（例如 linxuan check --data {folder}）",
    ]  # fmt: skip
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert linxuan("check", on=folder).code == 0
    assert linxuan("audit", "verify", on=folder).code == 0
    assert len(linxuan("case", "list", "--json", on=folder).json) > 0
    assert len(list((folder / "outbox").glob("*.eml"))) > 0
    assert "不是空的" in linxuan("rehearse", "B3", *FEW, "--keep", folder).refused()


def test_programs_read_the_report_as_json(linxuan: Any) -> None:
    told = linxuan("rehearse", "B3", *FEW, "--json").json
    assert (told["ok"], told["call"], told["institutions"], told["faults"]) == (True, "B3", 6, [])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("B9",), "没有批次“B9”，现有批次：CQ23、B3。"),
        (("B3", "--until", "明天"), "日期“明天”无法识别，应写成 2024-06-21。"),
        (("B3", "--institutions", 0), "申报单位数应为1至2000的整数，收到的是0。"),
        (
            ("B3", "--until", "2020-01-01"),
            "演练截止日2020-01-01早于第三批的受理起始日2024-05-15，请改填以后的日期。",
        ),
    ],
)
def test_what_cannot_be_rehearsed_is_said_in_one_sentence(
    linxuan: Any, words: tuple[object, ...], sentence: str
) -> None:
    assert linxuan("rehearse", *words).refused() == sentence


def test_a_report_that_cannot_be_written_is_refused_before_anything_is_done(
    linxuan: Any, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    said = linxuan("rehearse", "B3", "--report", tmp_path / "file" / "report.html").refused()
    assert "无法写入" in said


def test_a_refused_rehearsal_leaves_no_empty_report(linxuan: Any, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "mine.txt").write_text("mine")
    linxuan("rehearse", "B3", "--report", tmp_path / "r.html", "--keep", tmp_path / "kept").refused()
    assert not (tmp_path / "r.html").exists()


def test_a_call_of_the_offices_own_can_be_rehearsed(linxuan: Any, data: Path) -> None:
    (data / "calls").mkdir(parents=True)
    rule = '{ value = %s, setting = true, note = "示例" }'
    (data / "calls" / "N1.toml").write_text(
        'code = "N1"\nname = "示例批次"\ntitle = "示例批次通知"\nregime = "M24"\nnotice = 2025-03-03\n'
        f"opens = {rule % '2025-03-03'}\nfiling_closes = {rule % '2025-04-03'}\n"
        f"paper_due = {rule % '2025-04-03'}\noccupations = {rule % ['SJAQ', 'MMGC']}\n",
        encoding="utf-8",
    )
    told = linxuan("rehearse", "N1", "--institutions", 4, "--until", "2025-04-07", "--json").json
    assert (told["ok"], told["name"], told["until"]) == (True, "示例批次", "2025-04-07")
