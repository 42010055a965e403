"""The program as a whole: its help, its exit codes, and one sentence for whatever goes wrong."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from cli.chinese import first_line
from cli.main import NOUNS, Nouns, app, run

Linxuan = Any  # of conftest
DOCUMENTATION = Path(__file__).parents[2] / "docs" / "commands.md"
HEAVY = (
    "prefect",
    "apscheduler",
    "fastapi",
    "sqlalchemy",
    "sqlmodel",
    "jinja2",
    "pydantic",
    "rich",
    "transitions",
)


def test_help_names_every_noun_in_chinese(program: Linxuan) -> None:
    ran = program("--help")
    assert ran.done().startswith("用法：linxuan 命令 … [选项]\n")
    lines = ran.out.partition("命令：\n")[2].splitlines()
    assert [line.split(maxsplit=1) for line in lines] == [[name, says] for name, says in NOUNS.items()]


def test_every_command_stands_in_the_documentation() -> None:
    table = DOCUMENTATION.read_text(encoding="utf-8").partition("## 全部命令\n")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    assert rows == [f"| `linxuan {path}` | {first_line(command.help)} |" for path, command in commands()]


def test_the_version_is_said(linxuan: Linxuan) -> None:
    assert linxuan("--version", on=None).done().startswith("linxuan 0.")


def test_nothing_typed_shows_help(program: Linxuan) -> None:
    assert program().done() == program("--help").done()


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, cli.main; cli.main.run(['--help']);"
        f" print(sorted(set(sys.modules) & set({HEAVY!r})), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def commands() -> list[tuple[str, Any]]:
    """Every command with its path, as typed."""
    root: Any = typer.main.get_command(app)
    assert isinstance(root, Nouns)
    found = []
    for noun in NOUNS:
        command = root.get_command(None, noun)
        verbs = getattr(command, "commands", None)
        found += [(f"{noun} {verb}", each) for verb, each in verbs.items()] if verbs else [(noun, command)]
    return found


@pytest.mark.parametrize("path", [path for path, _ in commands()])
def test_every_command_explains_itself(linxuan: Linxuan, path: str) -> None:
    ran = linxuan(*path.split(), "--help", on=None)
    assert ran.done().startswith(f"用法：linxuan {path} ")
    assert "\n选项：\n" in ran.out


def test_every_option_of_every_command_says_what_it_is_for() -> None:
    assert [
        f"{path} {param.name}"
        for path, command in commands()
        for param in command.params
        if not (param.help or "").strip()
    ] == []


def test_the_line_of_a_noun_is_the_line_of_its_own_help(linxuan: Linxuan) -> None:
    for noun, says in NOUNS.items():
        page = linxuan(noun, "--help", on=None).done().splitlines()
        assert page[2].rstrip("。") == says, noun


def test_a_help_page_fits_its_width(linxuan: Linxuan) -> None:
    from cli.chinese import cells

    page = linxuan("batch", "preview", "--help", on=None).done().partition("例：")[0]
    assert max(map(cells, page.splitlines())) <= 102


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["cas"], "没有命令“linxuan cas”，是否应为 case？可用的有："),
        (["case", "frobnicate"], "没有命令“linxuan case frobnicate”。可用的有：list、show、history、move。"),
        (["case", "show"], "缺少参数 编号（申报编号，如 B3-SJAQ-0007），用法见 linxuan case show --help。"),
        (["case", "list", "--stag"], "没有选项 --stag，是否应为 --stage，用法见 linxuan case list --help。"),
        (["case", "list", "--stage"], "选项 --stage 后面要写一个值，用法见 linxuan case --help。"),
        (["case", "list", "--limit", "many"], "选项 --limit 的值“many”无效，应为整数（1至100000）"),
        (["case", "list", "--limit", "0"], "选项 --limit 的值“0”无效，应为整数（1至100000）"),
        (["check", "this"], "多写了this，用法见 linxuan check --help。"),
        (["import", "x.docx"], "缺少选项 --call（批次代码，如 B3），用法见 linxuan import --help。"),
    ],
)
def test_what_was_mistyped_is_said_in_one_sentence(linxuan: Linxuan, words: list[str], sentence: str) -> None:
    assert linxuan(*words, on=None).refused().startswith(sentence)


def test_a_noun_alone_shows_its_help_and_is_no_success(linxuan: Linxuan) -> None:
    ran = linxuan("case", on=None)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("用法：linxuan case 命令 …")


def test_a_folder_without_data_is_refused_and_not_made(linxuan: Linxuan, data: Path) -> None:
    assert linxuan("case", "list").refused() == (
        f"数据文件夹{data}中还没有数据，请用 --data 指明数据文件夹，或先用 linxuan call open 开放一个批次。"
    )
    assert not data.exists()


def test_the_real_program_refuses_in_one_sentence(program: Linxuan, data: Path) -> None:
    ran = program("case", "show", "B3-SJAQ-0001", "--data", data)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"数据文件夹{data}中还没有数据，请用 --data 指明数据文件夹，或先用 linxuan call open 开放一个批次。\n"
    )


def test_the_data_folder_may_stand_in_the_environment(program: Linxuan, b3: Path) -> None:
    ran = program("case", "list", "--json", env={"LINXUAN_DATA": str(b3)})
    assert (ran.code, ran.json) == (0, {"total": 0, "cases": []})


def test_a_wrong_setting_is_one_sentence(program: Linxuan, b3: Path) -> None:
    ran = program("case", "list", "--data", b3, env={"LINXUAN_LOG_LEVEL": "loud"})
    assert ran.refused() == ("环境变量 LINXUAN_LOG_LEVEL 的值“loud”无效，应为debug、info、warning 或 error。")


def test_what_nobody_foresaw_is_logged_and_told_in_one_sentence(
    linxuan: Linxuan, b3: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("示例")

    monkeypatch.setattr("casework.listing.listing", fail)
    ran = linxuan("case", "list")
    log = b3 / "logs" / "errors.log"
    assert (ran.code, ran.out) == (1, "")
    assert (
        ran.err
        == f"程序出错（ZeroDivisionError），未完成的办理没有保存；详情已记入{log}，请交技术人员查看。\n"
    )
    assert "ZeroDivisionError: 示例" in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0


def test_a_failing_disk_is_a_sentence_too(linxuan: Linxuan, b3: Path) -> None:
    (b3 / "linxuan.sqlite3").write_bytes(b"this is no database" * 100)
    assert linxuan("case", "list").refused() == (
        f"数据库操作未能完成：文件不是数据库，可能已损坏，请从备份恢复（{b3 / 'linxuan.sqlite3'}）。"
    )


def test_a_reader_that_goes_away_ends_it_without_a_word(b3: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-c", "from cli.main import main; main()", "call", "show", "B3", "--data", str(b3)],
        stdout=write, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def test_ctrl_c_is_answered_with_a_sentence(
    linxuan: Linxuan, b3: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("casework.listing.listing", interrupted)
    ran = linxuan("case", "list")
    assert (ran.code, ran.err) == (130, "已中断；已经提交的办理不受影响，没有提交的没有保存。\n")


def test_nothing_coloured_goes_into_a_pipe(program: Linxuan, b3: Path) -> None:
    ran = program("call", "list", "--data", b3, env={"TERM": "xterm-256color"})
    assert "\x1b" not in ran.done()
    assert [line for line in ran.out.splitlines() if line != line.rstrip()] == []


def test_run_gives_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    assert capsys.readouterr().err == ""
