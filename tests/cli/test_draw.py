"""``linxuan draw`` and ``linxuan panel``: a panel planned, committed, drawn and verified by typing."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

Linxuan = Any  # of conftest
DOCUMENT = Path(__file__).parents[2] / "docs" / "draw.md"
MORNING, NOON, LATER = "2024-07-08T09:00", "2024-07-08T12:00", "2024-07-08T15:00"
DIGITS, SOURCE = "0713223142705", "示例彩票第2024089期"


@pytest.fixture
def under_review(b3: Path, linxuan: Linxuan, forms: Path) -> str:
    """One case under expert review, a pool of invented experts, and a supervisor; the occupation."""
    filed = "2024-06-19T09:00"
    linxuan("import", *forms.glob("P12_*"), "--call", "B3", "--from", "P12", as_of=filed).done()
    no = linxuan("case", "list", "--json", as_of=filed).json["cases"][0]["no"]
    letter = ("--set", "letter_no=示例函1号", "--set", "letter_date=2024-06-19")
    linxuan("case", "move", no, "recommend", *letter, as_of="2024-06-19T10:00").done()
    linxuan("case", "move", no, "receive_paper", as_of="2024-06-20T10:00").done()
    linxuan("case", "move", no, "begin_review", as_of="2024-06-20T10:00").done()
    linxuan("case", "move", no, "pass_initial", as_of="2024-07-03T10:00").done()
    linxuan(
        "user", "add", "jiandu", "--name", "李示例", "--mail", "li@office.example.cn", "--role", "auditor",
        as_of="2024-07-03",
    ).done()  # fmt: skip
    occupation: str = no.split("-")[1]
    fill_pool(b3, occupation)
    return occupation


def fill_pool(data: Path, occupation: str) -> None:
    """Thirty experts straight into the database; importing sheets is tried elsewhere."""
    from datetime import UTC, datetime

    from sqlmodel import Session

    from casework.installation import open_installation
    from casework.pool.profile import Profile
    from casework.settings import load_settings
    from records.tables import Expert

    at = datetime(2024, 7, 1, tzinfo=UTC)
    known = Profile(employment=(), ties=(), legal_representative="", shareholders=(), service=())
    installation = open_installation(load_settings(data, {}), as_of=at)
    with Session(installation.engine) as session:
        for n in range(30):
            session.add(
                Expert(
                    code=f"ZJ{n:06d}", name=f"专家示例{n}", identity_mark=f"mark{n}", employer=f"示例研究院{n}",
                    uscc=f"91110000MA5X{n:05d}X", province=f"{11 + n % 3}", fields=occupation,
                    mail=f"e{n}@pool.example.cn", nonce=f"{n:064x}", profile=known.to_json(), added_at=at, updated_at=at,
                )
            )  # fmt: skip
        session.commit()
    installation.close()


@pytest.fixture
def drawn(under_review: str, linxuan: Linxuan) -> str:
    """A panel that was planned, committed to and drawn; its number."""
    no = f"B3-{under_review}-P01"
    linxuan("panel", "plan", "B3", "--size", "5", as_of=MORNING).done()
    linxuan("draw", "commit", no, as_of=MORNING).done()
    linxuan(
        "draw", "run", no, "--digits", DIGITS, "--source", SOURCE, "--supervisor", "jiandu", as_of=NOON
    ).done()
    return no


@pytest.fixture
def file(drawn: str, linxuan: Linxuan, tmp_path: Path) -> Path:
    """The public certificate, as the command writes it."""
    path = tmp_path / "certificate.json"
    linxuan("draw", "certificate", drawn, "--round", "1", "-o", path, as_of=NOON).done()
    return path


@pytest.mark.clause("M24-7.3c", "B3-4.4")
def test_a_panel_is_planned_committed_and_drawn_by_typing(under_review: str, linxuan: Linxuan) -> None:
    no = f"B3-{under_review}-P01"
    planned = linxuan("panel", "plan", "B3", "--size", "5", as_of=MORNING).done()
    assert planned.splitlines()[0] == f"专家组{no}（{under_review}）"
    promised = linxuan("draw", "commit", no, "--json", as_of=MORNING).json
    assert (promised["seats"], promised["pool"], promised["excluded"]) == (5, 30, 0)
    drew = linxuan(
        "draw",
        "run",
        no,
        "--digits",
        DIGITS,
        "--source",
        SOURCE,
        "--supervisor",
        "jiandu",
        "--json",
        as_of=NOON,
    ).json
    assert len(drew["seats"]) == 5
    shown = linxuan("panel", "show", no, "--json", as_of=NOON).json
    assert [(m["place"], m["state"]) for m in shown["members"]] == [(n, "invited") for n in range(1, 6)]
    assert shown["rounds"][0]["commitment"] == promised["commitment"]
    assert [line["no"] for line in linxuan("panel", "list", "--json", as_of=NOON).json] == [no]


def test_a_second_run_and_a_draw_without_commitment_are_refused_in_a_sentence(
    drawn: str, linxuan: Linxuan
) -> None:
    again = linxuan(
        "draw", "run", drawn, "--digits", "999999", "--source", SOURCE, "--supervisor", "jiandu", as_of=LATER
    )
    assert again.refused() == (
        f"专家组{drawn}第1轮已于2024-07-08 12:00抽取，一个承诺只能用一次；补抽空缺席位请用 linxuan draw replace。（M24-7.3c）"
    )
    assert linxuan("draw", "replace", drawn, as_of=LATER).refused() == (
        f"专家组{drawn}的5个席位没有空缺，无须补抽。（M24-7.3c）"
    )


@pytest.mark.clause("M24-7.3c")
def test_verify_needs_nothing_but_the_file(file: Path, tmp_path: Path) -> None:
    """No data folder, no settings, another directory, and nothing that could reach a database or a network."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    code = (
        "import sys, cli.main; code = cli.main.run(['draw', 'verify', sys.argv[1]]);"
        " print(sorted(set(sys.modules) & {'sqlalchemy', 'sqlite3', 'httpx', 'casework.installation'}), code)"
    )
    environment = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        capture_output=True,
        text=True,
        cwd=elsewhere,
        env=environment,
    )
    lines = done.stdout.splitlines()
    assert lines[-1] == "[] 0"
    assert lines[-2] == "结论：证书属实。"
    assert lines[0] == "属实：证书自生成以来没有改动过一个字节。"
    assert list(elsewhere.iterdir()) == []


@pytest.mark.clause("M24-7.3c")
def test_verify_refuses_a_tampered_certificate_and_says_what_is_wrong(file: Path, linxuan: Linxuan) -> None:
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(SOURCE, "示例彩票第2024090期"), encoding="utf-8")
    ran = linxuan("draw", "verify", file, on=None)
    assert ran.code == 2
    assert ran.err.splitlines() == [
        "不符：证书内容与其指纹（sha256）不符，证书被改动过。", "结论：证书不能采信。（M24-7.3c）",
    ]  # fmt: skip
    assert linxuan("draw", "verify", file, "--json", on=None).json["ok"] is False


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"a": 1, "a": 2}', "[" * 100_000, "不是证书"])
def test_verify_says_one_thing_or_another_of_any_file_and_never_fails(
    linxuan: Linxuan, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "any.json"
    path.write_text(content, encoding="utf-8")
    ran = linxuan("draw", "verify", path, on=None)
    assert ran.code == 2
    assert "程序出错" not in ran.err


def test_the_sealed_certificate_is_verified_too_and_is_not_for_everybody(
    drawn: str, linxuan: Linxuan, tmp_path: Path
) -> None:
    linxuan(
        "user", "add", "tianjin", "--name", "王示例", "--mail", "wang@tj.example.cn", "--role", "recommender",
        "--scope", "天津", as_of=NOON,
    ).done()  # fmt: skip
    path = tmp_path / "sealed.json"
    refused = linxuan("draw", "certificate", drawn, "--sealed", "-o", path, "--as", "tianjin", as_of=NOON)
    assert refused.refused() == "专家组成员及评议情况保密，推荐单位无权查看。（M24-7.3b）"
    assert not path.exists()
    linxuan("draw", "certificate", drawn, "--sealed", "-o", path, "--as", "jiandu", as_of=NOON).done()
    assert "属实：密封部分的每个姓名都能打开对应的代号。" in linxuan("draw", "verify", path, on=None).done()


@pytest.mark.clause("M24-7.3c")
def test_the_program_in_the_documentation_proves_a_certificate_by_itself(file: Path) -> None:
    found = re.search(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    alone = [sys.executable, "-I", "-W", "ignore", "-c", found[1], str(file)]
    assert subprocess.run(alone, capture_output=True, text=True).stdout == "属实 5\n"
    spoilt = json.loads(file.read_text(encoding="utf-8"))
    spoilt["seats"] = spoilt["seats"][::-1]
    file.write_text(json.dumps(spoilt), encoding="utf-8")
    assert "入选名单不符" in subprocess.run(alone, capture_output=True, text=True).stderr


@pytest.mark.clause("D-10")
def test_times_and_recusal_are_set_by_typing(under_review: str, linxuan: Linxuan) -> None:
    no = f"B3-{under_review}-P01"
    linxuan("panel", "plan", "B3", "--size", "5", as_of=MORNING).done()
    assert linxuan("panel", "set", no, as_of=MORNING).refused() == (
        "没有写明要更改什么，用法见 linxuan panel set --help。"
    )
    assert linxuan("panel", "set", no, "--recusal", "case", as_of=MORNING).refused() == (
        "改为按件回避须写明理由和决定人。（D-10）"
    )
    done = linxuan(
        "panel", "set", no, "--recusal", "case", "--meets-at", "2024-07-15T09:00", "--closes-at", "2024-07-16T17:00",
        "--stating", "示例：专家不足", as_of=MORNING,
    ).done()  # fmt: skip
    assert "按件回避" in done
    shown = linxuan("panel", "show", no, as_of=MORNING).done()
    assert "开会时间  2024-07-15 09:00" in shown


def test_the_clock_leads_panels_when_somebody_sweeps(drawn: str, linxuan: Linxuan) -> None:
    said = linxuan("sweep", as_of="2024-07-12").done()
    assert "专家组到期事项：专家答复邀请5项" in said
    states = [
        m["state"] for m in linxuan("panel", "show", drawn, "--json", as_of="2024-07-12").json["members"]
    ]
    assert states == ["silent"] * 5
