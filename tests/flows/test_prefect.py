"""With a real Prefect, the one that ``linxuan up`` starts beside itself: what is seen, and what goes on without it."""

import asyncio
import gc
import os
import signal
import socket
import warnings
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from casework.beats import Outcome, last_runs
from flows.offering import offer
from flows.prefect_environment import prefect_environment
from flows.runner import Runner
from flows.timetable import TIMETABLE, timetable
from flows.triggers import trigger
from flows.turn import Turn

# Prefect's own imports warn of things that are Prefect's to mend.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.alone]


class KnownApi:
    """A Prefect API at a known address, and whether it was doubted."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.doubted = False

    def doubt(self) -> None:
        self.doubted = True


@pytest.fixture(scope="module")
def at_home(tmp_path_factory):
    """Prefect in this process keeps its files in a folder of the test."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in prefect_environment(tmp_path_factory.mktemp("home"), os.environ).items():
            patch.setenv(name, value)
        yield


@pytest.fixture(autouse=True)
def cleared_away():
    """Prefect leaves sockets to be collected; they are, before another test is blamed for them."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


@pytest.fixture(scope="module")
def up(start_up, lives, tmp_path_factory):
    """A running installation; ``early`` is what its first page and health said."""
    started = start_up(tmp_path_factory.mktemp("data"))
    started.early = (started.page(), started.health()["prefect"])
    yield started
    prefect = started.prefect()
    assert started.stop() == 0
    assert not lives(prefect)


@pytest.fixture
def api(up, wait_for, at_home) -> KnownApi:
    wait_for(lambda: up.health()["prefect"] == "ready", "prefect is ready")
    return KnownApi(up.api())


SITE = "<h1>数字技术工程师培育项目遴选</h1>"
"""What the first page begins with, whatever Prefect does."""


def asked(api: KnownApi, what: str, **filters) -> list[dict]:
    return httpx.post(f"{api.url}/{what}/filter", json=filters, timeout=60, trust_env=False).json()


def planned_runs(api: KnownApi, deployment: str) -> list[datetime]:
    runs = asked(
        api, "flow_runs", sort="EXPECTED_START_TIME_ASC", limit=20, deployments={"id": {"any_": [deployment]}},
        flow_runs={"state": {"type": {"any_": ["SCHEDULED"]}}},
    )  # fmt: skip
    return [datetime.fromisoformat(run["expected_start_time"]).astimezone(UTC) for run in runs]


def test_the_first_page_does_not_wait_for_prefect(up) -> None:
    page, prefect = up.early
    assert prefect == "starting"
    assert SITE in page


def test_a_run_is_seen_in_prefect_with_what_it_did(api, place, now) -> None:
    Runner(place, now=now, api=api).run("calls")
    last = last_runs(place.desk.engine)["calls"]
    seen = [(run["name"], run["state"]["type"], run["state"]["message"]) for run in asked(api, "flow_runs")]
    assert (last.by, last.says) == ("prefect", "开放B3")
    assert ("批次启闭 2024-06-03 10:00:00", "COMPLETED", "开放B3") in seen


def test_a_failure_is_seen_in_prefect_and_stored_here(api, place, now, bad_rules: Path) -> None:
    now.pass_by(days=1)
    Runner(place, now=now, api=api).run("calls")
    last = last_runs(place.desk.engine)["calls"]
    seen = {run["name"]: run["state"]["type"] for run in asked(api, "flow_runs")}
    assert (last.outcome, last.says[:13]) == (Outcome.FAILED, "运行失败：BadRules")
    assert seen["批次启闭 2024-06-04 10:00:00"] == "FAILED"


def test_every_line_has_its_flow(at_home) -> None:
    import flows.visible

    found = {line.name: getattr(flows.visible, line.name).name for line in TIMETABLE}
    assert found == {line.name: line.name for line in TIMETABLE}


def test_a_scheduled_deployment_really_creates_runs_at_the_times_of_the_timetable(api, wait_for) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.deployments import deploy

    with temporary_settings({PREFECT_API_URL: api.url}):
        asyncio.run(deploy())
        asyncio.run(deploy())
    deployed = {each["id"]: each for each in asked(api, "deployments")}
    assert {each["entrypoint"] for each in deployed.values()} == {
        f"flows.visible.{line.name}" for line in TIMETABLE
    }
    assert {each["schedules"][0]["slug"]: len(each["schedules"]) for each in deployed.values()} == {
        line.name: 1 for line in TIMETABLE
    }

    def planned() -> dict[str, list[datetime]]:
        times = {each["schedules"][0]["slug"]: planned_runs(api, id_) for id_, each in deployed.items()}
        return times if all(times.values()) else {}

    lines = timetable()
    for name, times in wait_for(planned, "prefect has planned runs of every line").items():
        ticks = trigger(lines[name].when)
        for before, after in pairwise(times):
            assert ticks.get_next_fire_time(before, before) == after, name
        assert ticks.get_next_fire_time(None, times[0]) == times[0], name


def test_a_worker_elsewhere_opens_the_installation_its_environment_names(
    api, tmp_path, monkeypatch, now
) -> None:
    from prefect.exceptions import ParameterTypeError
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.visible import calls

    monkeypatch.setenv("LINXUAN_DATA", str(tmp_path))
    with temporary_settings({PREFECT_API_URL: api.url}):
        assert asyncio.run(calls(as_of=now())) == {"opened": ["B3"], "closed": []}
        assert asyncio.run(calls(as_of=now())) == {"opened": [], "closed": []}
        with pytest.raises(ParameterTypeError):
            asyncio.run(calls(as_of=now().replace(tzinfo=None)))
    assert (tmp_path / "linxuan.sqlite3").is_file()


def test_a_prefect_that_hangs_is_not_waited_for(place, now, at_home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        api = KnownApi(f"http://127.0.0.1:{deaf.getsockname()[1]}/api")
        turn = Turn(timetable()["calls"], place, now())
        by = offer(turn, api, patience=0.2)
    assert (by, api.doubted, turn.result().says) == ("plain", True, "开放B3")


def test_a_prefect_that_is_gone_is_done_without(place, now, at_home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        api = KnownApi(f"http://127.0.0.1:{server.getsockname()[1]}/api")
    Runner(place, now=now, api=api).run("calls")
    last = last_runs(place.desk.engine)["calls"]
    assert (last.by, last.says, api.doubted) == ("plain", "开放B3", True)


def test_a_flow_that_comes_too_late_finds_its_errand_done(api, place, now) -> None:
    now.pass_by(days=2)
    turn = Turn(timetable()["calendar"], place, now())
    turn.take()
    turn.do()
    offer(turn, api)
    said = {run["name"]: run["state"]["message"] for run in asked(api, "flow_runs")}
    assert said["工作日历检查 2024-06-05 10:00:00"] == "已由本机时钟直接办理"


def test_a_prefect_that_dies_is_started_again_and_the_clock_goes_on(up, api, wait_for) -> None:
    os.kill(up.prefect(), signal.SIGKILL)
    told = wait_for(lambda: (health := up.health())["prefect"] != "ready" and health, "its death is noticed")
    page = up.page()
    assert told["clock"] == "well"
    assert SITE in page
    wait_for(lambda: up.health()["prefect"] == "ready", "prefect is ready again")
    assert up.api() == api.url
