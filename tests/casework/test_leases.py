"""Only one runs what only one may run, and a runner that was killed is followed by the next."""

import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from casework.leases import acquire, hold_folder, holder_name, holds, release, renew
from records.engine import open_engine, sqlite_url
from records.transaction import transaction
from records.upgrade import create
from states.refusals import Refused

NOON = datetime(2024, 5, 15, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_engine(sqlite_url(tmp_path / "linxuan.sqlite3"))
    create(engine)
    return engine


def holding(engine: Engine, holder: str, as_of: datetime) -> bool:
    with transaction(engine) as tx:
        return holds(tx, "clock", holder, as_of=as_of)


def test_the_first_takes_it_the_second_does_not(engine: Engine) -> None:
    assert acquire(engine, "clock", "a", as_of=NOON, ttl=MINUTE)
    assert not acquire(engine, "clock", "b", as_of=NOON, ttl=MINUTE)
    assert acquire(engine, "post", "b", as_of=NOON, ttl=MINUTE)
    assert (holding(engine, "a", NOON), holding(engine, "b", NOON)) == (True, False)


def test_its_holder_may_take_it_again(engine: Engine) -> None:
    assert acquire(engine, "clock", "a", as_of=NOON, ttl=MINUTE)
    assert acquire(engine, "clock", "a", as_of=NOON + MINUTE / 2, ttl=MINUTE)
    assert not acquire(engine, "clock", "b", as_of=NOON + MINUTE, ttl=MINUTE)


def test_it_runs_out_at_its_instant_and_not_before(engine: Engine) -> None:
    acquire(engine, "clock", "a", as_of=NOON, ttl=MINUTE)
    assert not acquire(engine, "clock", "b", as_of=NOON + MINUTE - timedelta(microseconds=1), ttl=MINUTE)
    assert acquire(engine, "clock", "b", as_of=NOON + MINUTE, ttl=MINUTE)


def test_a_holder_that_lost_it_can_neither_renew_nor_release_nor_write_under_it(engine: Engine) -> None:
    acquire(engine, "clock", "a", as_of=NOON, ttl=MINUTE)
    late = NOON + 2 * MINUTE
    assert acquire(engine, "clock", "b", as_of=late, ttl=MINUTE)
    assert not renew(engine, "clock", "a", as_of=late, ttl=MINUTE)
    assert not release(engine, "clock", "a")
    assert (holding(engine, "a", late), holding(engine, "b", late)) == (False, True)


def test_renewing_after_it_ran_out_fails_even_when_nobody_took_it(engine: Engine) -> None:
    acquire(engine, "clock", "a", as_of=NOON, ttl=MINUTE)
    assert renew(engine, "clock", "a", as_of=NOON + MINUTE / 2, ttl=MINUTE)
    assert not renew(engine, "clock", "a", as_of=NOON + 2 * MINUTE, ttl=MINUTE)


def test_a_released_lease_is_free_at_once(engine: Engine) -> None:
    acquire(engine, "clock", "a", as_of=NOON, ttl=MINUTE)
    assert release(engine, "clock", "a")
    assert acquire(engine, "clock", "b", as_of=NOON, ttl=MINUTE)


def test_of_processes_that_ask_together_one_gets_it(tmp_path: Path, engine: Engine) -> None:
    program = (
        "import sys; from datetime import datetime, timedelta, UTC;"
        "from casework.leases import acquire, holder_name; from records.engine import open_engine;"
        "engine, noon = open_engine(sys.argv[1]), datetime(2024, 5, 15, 4, tzinfo=UTC);"
        "sys.stdin.readline();"
        "print(acquire(engine, 'clock', holder_name(), as_of=noon, ttl=timedelta(minutes=1)))"
    )
    asking = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(engine.url)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    answers = [process.communicate("now\n")[0].strip() for process in asking]
    assert sorted(answers) == ["False", "False", "True"]


def test_a_holder_is_another_one_after_a_restart() -> None:
    assert holder_name() != holder_name()


RUNNER = (
    "import sys, time; from datetime import datetime, UTC; from pathlib import Path;"
    "from casework.leases import hold_folder\n"
    "with hold_folder(Path(sys.argv[1]), as_of=datetime(2024, 5, 15, 4, tzinfo=UTC)):\n"
    "    print('running', flush=True)\n"
    "    sys.stdin.readline()\n"
)


def start_runner(data: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    return process


def test_a_second_runner_on_a_folder_is_told_who_runs_since_when(tmp_path: Path) -> None:
    first = start_runner(tmp_path)
    with pytest.raises(Refused) as refused, hold_folder(tmp_path, as_of=NOON):
        pass
    said = re.sub("主机[^，]+", "主机H", str(refused.value))
    assert said == (
        f"数据文件夹{tmp_path}已有一个 linxuan 在运行（进程{first.pid}，主机H，自2024-05-15 12:00起），请先停止它。"
    )
    first.communicate("stop\n")
    with hold_folder(tmp_path, as_of=NOON):
        pass


def test_a_killed_runner_gives_the_folder_back(tmp_path: Path) -> None:
    first = start_runner(tmp_path)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    with hold_folder(tmp_path, as_of=NOON):
        pass
