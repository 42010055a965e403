"""What several tests of the flows need: a throw-away installation, its workplace, and a clock set by hand."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from casework.installation import Installation, scratch_installation
from flows.workplace import Workplace

MORNING = datetime(2024, 6, 3, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai, while the third batch takes applications."""


@dataclass
class HandSet:
    """A clock that shows what it was set to."""

    at: datetime = MORNING

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> datetime:
        """Let time go by; the new instant."""
        self.at += timedelta(**span)
        return self.at


@pytest.fixture
def now() -> HandSet:
    """The clock of the test."""
    return HandSet()


@pytest.fixture
def installation(tmp_path: Path, now: HandSet) -> Iterator[Installation]:
    """A new installation."""
    made = scratch_installation(tmp_path, as_of=now())
    yield made
    made.close()


@pytest.fixture
def place(installation: Installation) -> Iterator[Workplace]:
    """Its workplace."""
    opened = Workplace.of(installation)
    yield opened
    opened.close()


@pytest.fixture
def bad_rules(installation: Installation) -> Path:
    """A rule file nobody can read: as long as it stands there, the line ``calls`` fails."""
    file = installation.data / "calls" / "X9.toml"
    file.parent.mkdir()
    file.write_text("code = ", encoding="utf-8")
    return file


LINXUAN = Path(sys.executable).with_name("linxuan")


def _wait_for(answer: Callable[[], Any], what: str, seconds: float = 180) -> Any:
    """What `answer` gives as soon as it gives something; far more time is allowed than is ever needed."""
    deadline = time.monotonic() + seconds
    while not (found := answer()):
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.05)
    return found


class Up:
    """A real ``linxuan up`` on a data folder, as a process of its own."""

    def __init__(self, data: Path, logs: Path) -> None:
        self.errors = logs / f"up-{time.monotonic_ns()}.err"
        env = {
            name: value for name, value in os.environ.items() if not name.startswith(("LINXUAN_", "PREFECT_"))
        }
        with self.errors.open("wb") as err:
            self.process = subprocess.Popen(
                [LINXUAN, "up", "--data", data, "--port", "0"],
                stdout=subprocess.PIPE, stderr=err, text=True, env=env, start_new_session=True,
            )  # fmt: skip
        assert self.process.stdout
        self.first_line = self.process.stdout.readline()
        found = re.search(r"http://\S+?:\d+/", self.first_line)
        assert found, self.errors.read_text(encoding="utf-8")
        self.url = found[0]

    def page(self) -> str:
        """The home page."""
        return httpx.get(self.url, timeout=60, trust_env=False).text

    def health(self) -> dict[str, Any]:
        """How it says it is."""
        told: dict[str, Any] = httpx.get(f"{self.url}healthz", timeout=60, trust_env=False).json()
        return told

    def prefect(self) -> int:
        """The process id of its Prefect, as soon as there is one."""
        return int(_wait_for(lambda: _children(self.process.pid), "prefect is started")[0])

    def api(self) -> str:
        """The address of its Prefect's API."""
        command = Path(f"/proc/{self.prefect()}/cmdline").read_bytes().split(b"\0")
        return f"http://127.0.0.1:{command[-2].decode()}/api"

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it; its exit code."""
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        code = self.process.wait(180)
        assert self.process.stdout
        self.process.stdout.close()
        return code


def _children(pid: int) -> list[int]:
    """The processes a process has started and that live."""
    try:
        listed = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return [int(each) for each in " ".join(listed).split() if _lives(int(each))]


def _lives(pid: int) -> bool:
    """Whether there is such a process, not only its name waiting to be cleared away."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture(scope="session")
def wait_for() -> Callable[..., Any]:
    """Waits for an answer."""
    return _wait_for


@pytest.fixture(scope="session")
def lives() -> Callable[[int], bool]:
    """Tells whether a process lives."""
    return _lives


@pytest.fixture(scope="module")
def start_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Up]]:
    """Starts ``linxuan up`` on a data folder; whatever still runs at the end is killed."""
    logs, started = tmp_path_factory.mktemp("logs"), []

    def start(data: Path) -> Up:
        started.append(Up(data, logs))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.stop(signal.SIGKILL)
