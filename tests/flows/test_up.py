"""``linxuan up`` as a real process: it answers at once, keeps its folder to itself, and leaves nothing behind."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

LINXUAN = Path(sys.executable).with_name("linxuan")

pytestmark = pytest.mark.alone


def run_up(data: Path, *more: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [LINXUAN, "up", "--data", data, *more], capture_output=True, text=True, timeout=180, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_killed_outright_it_leaves_no_prefect_and_the_next_start_works(
    start_up, wait_for, lives, tmp_path: Path
) -> None:
    first = start_up(tmp_path)
    prefect = first.prefect()
    first.stop(signal.SIGKILL)
    wait_for(lambda: not lives(prefect), "prefect leaves with its parent")
    second = start_up(tmp_path)
    wait_for(lambda: second.health()["clock"] == "well", "the clock ticks")
    assert second.stop() == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_told_to_stop_it_stops_everything_and_says_so(start_up, lives, tmp_path: Path, how) -> None:
    up = start_up(tmp_path)
    prefect = up.prefect()
    assert up.stop(how) == 0
    assert not lives(prefect)
    assert up.errors.read_text(encoding="utf-8").splitlines()[-2:] == ["正在停止……", "已停止。"]


def test_the_folder_and_the_port_are_taken_once(start_up, tmp_path: Path) -> None:
    up = start_up(tmp_path / "data")
    folder = run_up(tmp_path / "data", "--port", "0")
    port = run_up(tmp_path / "other", "--port", up.url.rsplit(":", 1)[1].strip("/"))
    assert (folder[0], folder[1], port[0], port[1]) == (2, "", 2, "")
    assert folder[2].startswith(
        f"数据文件夹{tmp_path / 'data'}已有一个 linxuan 在运行（进程{up.process.pid}，"
    )
    assert folder[2].endswith("），请先停止它。\n")
    assert port[2].splitlines()[-1].endswith("已被占用或不可用，请用 --port 换一个端口。")
    assert up.health()["runner"]
    up.stop()


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    code, _, said = run_up(tmp_path, "--host", "nowhere.invalid")
    assert code == 2
    assert said.splitlines()[-1] == "监听地址“nowhere.invalid”无法识别，请用本机的地址，如 127.0.0.1。"


def test_only_this_machine_can_look_unless_told_otherwise(start_up, tmp_path: Path) -> None:
    up = start_up(tmp_path)
    assert up.first_line == f"遴选已启动：{up.url}（按 Ctrl-C 停止）\n"
    assert up.url.startswith("http://127.0.0.1:")
    up.stop()


def test_neither_pages_nor_clock_wait_for_prefect_to_be_imported() -> None:
    program = "import cli.up, dashboard.app, flows.runner, sys; print('prefect' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
