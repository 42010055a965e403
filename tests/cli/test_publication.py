"""Extracts, publication, conflicts and purging, typed."""

import json
import shutil
import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from casework.installation import open_installation
from casework.settings import Settings
from cli.as_of import read_as_of
from records.transaction import transaction

Linxuan = Any  # of conftest
NAME, CODE = "示例（天津）测评中心", "91350100M000100Y43"


CASE = (
    "INSERT INTO cases (no, version, call, track, process, occupation, institution_id, province, channel, stage,"
    " entered_at, updated_at, materials_missing, warnings_open, priority, departs, objections_open, term_no,"
    " activity, duties_done, levels, contact_mail, due_provisional) VALUES (?, 1, 'B3', ?, ?, 'SJAQ', ?, '12', 'P12',"
    " ?, ?, ?, 0, 0, 0, 0, 0, 1, 0, '', '初级', 'li@example.cn', 0)"
)
TERM = (
    "INSERT INTO term (case_id, institution_id, track, occupation, levels, number, starts_at, last_day)"
    " SELECT id, institution_id, track, occupation, levels, 1, entered_at, '2027-10-10' FROM cases WHERE no = ?"
)


def case(
    no: str, track: str, stage: str, entered: str, *, institution: int = 1
) -> list[tuple[str, list[Any]]]:
    """The statements that put a case on record, and in the directory when it is listed."""
    at = read_as_of(entered)
    made: tuple[str, list[Any]] = CASE, [no, track, f"B3/{track}@1", institution, stage, at, at]
    return [made, (TERM, [no])] if stage == "listed" else [made]


@pytest.fixture
def folder(b3: Path) -> Path:
    """A data folder with one institution listed for evaluation and training, and a case long withdrawn."""
    installation = open_installation(Settings(data=b3), as_of=read_as_of("2024-10-10"))
    with transaction(installation.engine) as tx:
        for name, code in ((NAME, CODE), ("示例（重庆）分院", "91110000600037341L")):
            tx.run(
                "INSERT INTO institution (uscc, name, province, address, unit_type) VALUES (?,?,'12','','')",
                (code, name),
            )
        for sql, values in (
            *case("B3-SJAQ-0001", "evaluation", "listed", "2024-10-10"),
            *case("B3-P-0001", "training", "listed", "2024-10-10"),
            *case("B3-SJAQ-0002", "evaluation", "withdrawn", "2024-06-20T10:00", institution=2),
        ):
            tx.run(sql, values)
    installation.close()
    return b3


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """A service platform that takes everything; what it was sent."""
    kept: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            kept.append(self.rfile.read(int(self.headers["Content-Length"])))
            receipt = json.dumps({"sha256": sha256(kept[-1]).hexdigest()}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(receipt)))
            self.end_headers()
            self.wfile.write(receipt)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    monkeypatch.setenv("LINXUAN_RECEIVERS_PLATFORM", f"http://127.0.0.1:{server.server_port}/in")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.clause("I21-6.1")
def test_an_extract_is_made_here_and_checked_anywhere(linxuan: Linxuan, folder: Path, tmp_path: Path) -> None:
    file, key = tmp_path / "摘录.json", tmp_path / "公钥.txt"
    done = linxuan("extract", NAME, "--on", "2025-01-01", "-o", file, as_of="2025-06-01").done()
    assert done.startswith(f"已写入{file}，由密钥")
    key.write_text(linxuan("extract", "key").done(), encoding="utf-8")
    shutil.rmtree(folder)
    said = linxuan("extract", "verify", file, "--key", key, on=None).done().splitlines()
    assert said[0].endswith("签发，自签发以来一个字节也没有改动。")
    assert said[1].endswith(f"证明：2025-01-01，{NAME}（{CODE}）在目录中，共2项。")
    typed = linxuan(
        "extract", "verify", file, "--key", key.read_text(encoding="utf-8").strip(), "--json", on=None
    )
    assert typed.json["content"]["in_directory"]
    file.write_text(
        file.read_text(encoding="utf-8").replace("示例（天津）", "示例（上海）"), encoding="utf-8"
    )
    assert linxuan("extract", "verify", file, "--key", key, on=None).refused() == (
        "摘录不能采信：签名与内容不符，内容或签名被改动过。（I21-6.1）"
    )


def test_an_extract_is_shown_on_the_screen_and_borne_out_by_the_log(
    linxuan: Linxuan, folder: Path, tmp_path: Path
) -> None:
    shown = linxuan("extract", "B3-SJAQ-0001", as_of="2025-01-01").out
    assert json.loads(shown)["content"]["asked_no"] == "B3-SJAQ-0001"
    file, log, pem = tmp_path / "x.json", tmp_path / "log.jsonl", tmp_path / "key.pem"
    file.write_text(shown, encoding="utf-8")
    linxuan("audit", "export", "-o", log).done()
    pem.write_text(linxuan("extract", "key", "--pem").done(), encoding="utf-8")
    said = linxuan("extract", "verify", file, "--key", pem, "--log", log, on=None).done()
    assert "首尾连贯。" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["extract", "无此机构"], "没有名称、统一社会信用代码或申报编号为“无此机构”的机构"),
        (["extract", NAME, "--on", "2099-01-01"], "2099-01-01尚未到来，不能出具该日的目录摘录。（I21-6.1）"),
        (
            ["extract", NAME, "-o", "no/where.json"],
            "文件no/where.json无法写入（路径不存在），请检查路径和权限。",
        ),
        (
            ["publish", "run"],
            "还没有设置接收方，请先填写设置 receivers（如 receivers.platform）。（I21-4.5）",
        ),
        (
            ["publish", "list", "--state", "lost"],
            "没有状态“lost”，可用的有：queued、sending、sent、failed、superseded。",
        ),
        (["publish", "show", "9"], "没有编号为9的推送，可用 linxuan publish list 查看。"),
        (["publish", "retry", "9"], "编号为9的推送不存在，不能重新推送。"),
    ],
)
def test_what_cannot_be_done_is_refused(
    linxuan: Linxuan, folder: Path, words: list[str], sentence: str
) -> None:
    assert linxuan(*words).refused().startswith(sentence)


@pytest.mark.parametrize(
    ("key", "sentence"),
    [("short", "公钥无法识别，应为 linxuan extract key 输出的44个字符"), ("", "公钥无法识别")],
)
def test_what_is_no_key_is_refused(linxuan: Linxuan, tmp_path: Path, key: str, sentence: str) -> None:
    file = tmp_path / "x.json"
    assert linxuan("extract", "verify", file, "--key", key, on=None).refused().startswith(sentence)
    key = "bSaQQ5+7UBg6RR4dRymzMLh0ikxz4ytj6yHyYf8C/I8="
    assert (
        linxuan("extract", "verify", file, "--key", key, on=None).refused().startswith(f"文件{file}无法读取")
    )


@pytest.mark.clause("M24-7.5", "M24-13")
def test_the_directory_is_pushed_and_how_it_went_is_shown(
    linxuan: Linxuan, folder: Path, site: list[bytes], tmp_path: Path
) -> None:
    assert linxuan("publish", "run", as_of="2025-01-01T09:00").done() == "新版2个、送达2次。\n"
    assert linxuan("publish", "run", as_of="2025-01-01T09:00").done() == "没有要推送的内容。\n"
    assert sorted(json.loads(body)["object"] for body in site) == [
        "directory/evaluation@platform", "directory/training@platform",
    ]  # fmt: skip
    [standing] = linxuan("publish", "status", "--json", as_of="2025-01-01T09:00").json
    assert (standing["receiver"], standing["circuit"], standing["waiting"], standing["arrived_at"]) == (
        "platform", "closed", 0, "2025-01-01T09:00:00+08:00",
    )  # fmt: skip
    assert "国家专业技术人才知识更新工程公共服务平台" in linxuan("publish", "status").done()
    found = linxuan("publish", "list", "--json").json
    assert [(each["id"], each["state"]) for each in found] == [(2, "sent"), (1, "sent")]
    assert "已送达" in linxuan("publish", "list").done()
    file = tmp_path / "body.json"
    shown = linxuan("publish", "show", 1, "-o", file).done()
    assert file.read_bytes() in site
    assert found[1]["sha256"] in shown
    assert linxuan("publish", "retry", 1).refused() == "编号为1的推送已送达，没有失败，不能重新推送。"


def test_a_push_that_did_not_arrive_shows_in_the_exit_code(
    linxuan: Linxuan, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINXUAN_RECEIVERS_PLATFORM", "http://127.0.0.1:1/in")
    monkeypatch.setenv("LINXUAN_RECEIVERS_FAILURES", "1")
    ran = linxuan("publish", "run", as_of="2025-01-01T09:00")
    assert (ran.code, ran.out) == (1, "新版2个、稍后再试1次。\n")
    again = linxuan("publish", "run", as_of="2025-01-01T09:02")
    assert (again.code, again.out) == (1, "没有要推送的内容。platform：连续1次推送失败，暂停推送。\n")


@pytest.mark.clause("M24-18")
def test_conflicts_between_the_directories_are_listed(linxuan: Linxuan, folder: Path) -> None:
    found = linxuan("directory", "conflicts", "--json", as_of="2025-01-01").json
    assert [
        (each["occupation"], each["evaluation"]["no"], each["training"]["no"], each["tie"])
        for each in found["conflicts"]
    ] == [("SJAQ", "B3-SJAQ-0001", "B3-P-0001", "itself")]
    said = linxuan("directory", "conflicts", as_of="2025-01-01").done()
    assert said.endswith("2025-01-01两个目录冲突1处，请逐一核实（M24-18）。\n")
    assert linxuan("directory", "conflicts", as_of="2024-06-01").done() == "2024-06-01两个目录没有冲突。\n"


@pytest.mark.clause("M24-18")
def test_a_branch_is_declared(linxuan: Linxuan, folder: Path) -> None:
    words = ("directory", "tie", CODE, "91110000600037341L", "--source", "营业执照", "--kind")
    assert linxuan(*words, "branch").done() == f"已登记：91110000600037341L是{CODE}的分支机构。\n"
    assert linxuan(*words, "friend").refused().startswith("没有“friend”这种关系")


def test_the_directory_needs_no_verb(linxuan: Linxuan, folder: Path) -> None:
    plain = linxuan("directory", as_of="2025-01-01").done()
    assert linxuan("directory", "show", as_of="2025-01-01").done() == plain
    assert plain.endswith("2025-01-01在册2家次。\n")


@pytest.mark.clause("I21-4.6.5")
def test_a_purge_refuses_until_the_day_and_then_removes(linxuan: Linxuan, folder: Path) -> None:
    words = ("purge", "--before", "2025-01-01")
    ran = linxuan(*words, as_of="2029-06-20T23:59")
    assert ran.refused() == "没有可清除的申报：B3-SJAQ-0002须保存至2029-06-20。（I21-4.6.5）"
    assert "已清除0件；须继续保存1件。" in ran.out
    looked = linxuan(*words, "--dry-run", "--json", as_of="2029-06-21").json
    assert (looked["dry_run"], [each["no"] for each in looked["purged"]]) == (True, ["B3-SJAQ-0002"])
    assert linxuan(*words, as_of="2029-06-21").done().endswith("已清除1件；须继续保存0件。\n")
    assert linxuan(*words, as_of="2029-06-21").done() == "已清除0件；须继续保存0件。\n"
    assert linxuan("audit", "verify").done().startswith("审计日志完好")


def test_a_purge_needs_a_day_that_can_be_read(linxuan: Linxuan, folder: Path) -> None:
    assert linxuan("purge", "--before", "去年").refused() == "日期“去年”无法识别，应写成 2024-06-21。"
    assert linxuan("purge").refused().startswith("缺少选项 --before")
