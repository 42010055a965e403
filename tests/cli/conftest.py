"""What tests of the command line share: a way to run it, and folders to run it on."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from casework.actors import Actor
from casework.beginning import NewCase, begin_case
from casework.gate import advance
from casework.installation import open_installation
from casework.settings import Settings
from cli.as_of import read_as_of
from cli.main import run
from records.transaction import transaction
from states.refusals import Refused
from states.roles import Role

LINXUAN = Path(sys.executable).with_name("linxuan")


@dataclass(frozen=True)
class Ran:
    """What a command line did: its exit code, and what it wrote where."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    def refused(self) -> str:
        """The one sentence of a refusal; an assertion that it was one."""
        lines = [line for line in self.err.splitlines() if not line.startswith("提示：")]
        assert (self.code, len(lines)) == (2, 1), self
        return lines[0]

    def done(self) -> str:
        """Standard output of a command that succeeded; an assertion that it did."""
        assert self.code == 0, self
        return self.out


Linxuan = Callable[..., Ran]


def clean(environment: dict[str, str]) -> dict[str, str]:
    """An environment without anybody's settings and without a terminal's wishes."""
    unwanted = ("LINXUAN_", "FORCE_COLOR", "COLUMNS", "TTY_")
    return {key: value for key, value in environment.items() if not key.startswith(unwanted)}


@pytest.fixture(autouse=True)
def _nobodys_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in os.environ.keys() - clean(dict(os.environ)).keys():
        monkeypatch.delenv(key)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Where a test's data folder goes; nothing is there yet."""
    return tmp_path / "data"


@pytest.fixture
def linxuan(data: Path) -> Linxuan:
    """Runs a command line in this process, as ``linxuan`` would, on the test's data folder."""

    def call(*words: object, as_of: str | None = None, on: Path | None = data) -> Ran:
        arguments = [*map(str, words)]
        if on is not None:
            arguments += ["--data", str(on)]
        if as_of is not None:
            arguments += ["--as-of", as_of]
        out, err = (TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        with redirect_stdout(out), redirect_stderr(err):
            code = run(arguments)
        said = [stream.buffer.getvalue().decode() for stream in (out, err)]
        return Ran(code, *said)

    return call


@pytest.fixture
def program(data: Path, tmp_path: Path) -> Linxuan:
    """Runs the real program as a process of its own, in the test's folder."""

    def call(*words: object, input: str = "", env: dict[str, str] | None = None) -> Ran:  # noqa: A002
        done = subprocess.run(
            [str(LINXUAN), *map(str, words)], cwd=tmp_path, env={**clean(dict(os.environ)), **(env or {})},
            input=input.encode(), capture_output=True, timeout=120,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


@pytest.fixture(scope="session")
def opened_call(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which B3 was opened, to be copied."""
    folder = tmp_path_factory.mktemp("opened") / "data"
    with redirect_stdout(TextIOWrapper(BytesIO())), redirect_stderr(TextIOWrapper(BytesIO())):
        code = run(["call", "open", "B3", "--as-of", "2024-05-16", "--data", str(folder)])
    if code != 0:
        raise Refused("B3 did not open")
    return folder


@pytest.fixture
def b3(opened_call: Path, data: Path) -> Path:
    """The test's data folder, with B3 open."""
    shutil.copytree(opened_call, data)
    return data


@pytest.fixture(scope="session")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four sample institutions' forms and papers: three sound ones, and one with a wrong credit code."""
    from casework.intake.samples import sample_applications, write_samples
    from states.rulebook import call_rules

    folder = tmp_path_factory.mktemp("forms")
    write_samples(folder, sample_applications(4, call_rules=call_rules("B3"), seed=1))
    return folder


@pytest.fixture
def publicised(b3: Path) -> Path:
    """The data folder with one case under publicity since the afternoon of 26 September 2024."""
    now = read_as_of("2024-06-03T10:00")
    installation = open_installation(Settings(data=b3), as_of=now)
    desk, by = installation.desk(), Actor("示例", Role.OFFICE)
    with transaction(installation.engine) as tx:
        tx.run(
            "INSERT INTO institution (uscc, name, province, address, unit_type) VALUES ('U1','示例机构','50','','')"
        )
        new = NewCase("B3", "evaluation", "SJAQ", 1, "50", "P50", "初级", "contact@example.cn")
        begin_case(tx, desk, new, by=by, as_of=now, stage="submitted")
    recommender, group = Actor("示例", Role.RECOMMENDER, "P50"), Actor("示例", Role.GROUP)
    steps: list[tuple[str, Actor, str, dict[str, Any]]] = [
        ("recommend", recommender, "2024-06-12", {"letter_no": "1号", "letter_date": "2024-06-11"}),
        ("receive_paper", by, "2024-06-14", {}),
        ("begin_review", by, "2024-06-17", {}),
        ("pass_initial", by, "2024-07-01", {}),
        ("record_result", by, "2024-07-22", {"votes_for": 5, "votes_cast": 7}),
        ("conclude_review", by, "2024-07-23", {}),
        ("publicise", group, "2024-09-26T17:00", {}),
    ]
    for move, who, when, inputs in steps:
        advance(desk, move, [1], by=who, as_of=read_as_of(when), inputs=inputs)
    installation.close()
    return b3
