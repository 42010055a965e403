"""The local Prefect, supervised: started beside us, asked how it is, started again when it dies, never waited for."""

import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import IO

import httpx

from flows.prefect_environment import LOGGING, LOOPBACK, prefect_environment

WAITS = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
"""Seconds before it is started again, the last for ever after."""
STARTING = 180.0
"""Seconds it may take to answer for the first time."""
FAILURES = 3
"""So many unanswered probes in a row, and a Prefect that was ready is taken to hang."""
PROBE = 10.0
"""Seconds an answer may take: a busy machine is no reason to start over."""
STOPPING = 10.0
LOG_LIMIT = 5_000_000

log = logging.getLogger(__name__)


class PrefectState(StrEnum):
    """What is known of the local Prefect."""

    STARTING = "starting"
    READY = "ready"
    DOWN = "down"
    STOPPED = "stopped"


class PrefectServer:
    """One local Prefect of one data folder. ``probing`` and ``watching`` are the seconds between probes while it
    starts and when it is ready.
    """

    def __init__(self, data: Path, *, probing: float = 1.0, watching: float = 10.0) -> None:
        self._data, self._probing, self._watching = data, probing, watching
        self._on_change: Callable[[PrefectState], None] = lambda state: None
        self._state = PrefectState.STOPPED
        self._child: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._halt = threading.Event()
        self._doubted = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="prefect-keeper", daemon=True)

    @property
    def state(self) -> PrefectState:
        """How it is, as last probed."""
        return self._state

    @property
    def url(self) -> str | None:
        """The address of its API while it answers, else None."""
        if self._state is not PrefectState.READY or self._doubted.is_set():
            return None
        return f"http://{LOOPBACK}:{self._port}/api"

    @property
    def pid(self) -> int | None:
        """The process id of the child, while there is one."""
        child = self._child
        return child.pid if child is not None else None

    def start(self, on_change: Callable[[PrefectState], None] | None = None) -> None:
        """Start it and come back at once; it becomes ready by itself, or it does not.

        ``on_change`` is called with each new state, on a thread of ours.
        """
        self._on_change = on_change or self._on_change
        os.environ.update(prefect_environment(self._data, os.environ))
        self._keeper.start()

    def stop(self) -> None:
        """Stop it for good, and wait until it is gone."""
        self._halt.set()
        self._doubted.set()
        if self._keeper.is_alive():
            self._keeper.join(STOPPING + 5)
        self._end_child()

    def doubt(self) -> None:
        """Do not offer it any more before it has answered a new probe."""
        self._doubted.set()

    def _keep(self) -> None:
        attempt = 0
        while not self._halt.is_set():
            self._enter(PrefectState.STARTING)
            try:
                self._launch()
                if self._became_ready():
                    attempt = 0
                    self._watch()
                else:
                    self._port = 0
            except Exception:
                log.exception("the local prefect could not be started")
            self._end_child()
            if self._halt.is_set():
                break
            self._enter(PrefectState.DOWN)
            self._halt.wait(WAITS[min(attempt, len(WAITS) - 1)])
            attempt += 1
        self._enter(PrefectState.STOPPED)

    def _launch(self) -> None:
        # A port that served is kept: clients of the Prefect before find the next.
        self._port = self._port or free_port()
        env = {**os.environ, "PREFECT_API_URL": f"http://{LOOPBACK}:{self._port}/api"}
        env.pop(LOGGING)  # there it may say what it likes: standard error is a file
        with self._open_log() as out:
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", "flows.prefect_child", str(self._port)],
                stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT, env=env,
                start_new_session=True,  # a Ctrl-C at the terminal is ours to pass on, in our order
            )  # fmt: skip

    def _open_log(self) -> IO[bytes]:
        folder = self._data / "logs"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / "prefect.log"
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(folder / "prefect.log.1")
        return path.open("ab")

    def _became_ready(self) -> bool:
        waited = 0.0
        while waited < STARTING and not self._halt.wait(self._probing):
            waited += self._probing
            if not self._child_lives():
                return False
            if self._answers():
                self._doubted.clear()
                self._enter(PrefectState.READY)
                return True
        return False

    def _watch(self) -> None:
        failures = 0
        while failures < FAILURES and self._child_lives():
            # A doubt is looked into sooner than the next regular probe.
            for _ in range(max(1, round(self._watching / self._probing))):
                if self._halt.wait(self._probing) or self._doubted.is_set() or not self._child_lives():
                    break
            if self._halt.is_set():
                return
            if self._answers():
                failures = 0
                self._doubted.clear()
            else:
                failures += 1

    def _answers(self) -> bool:
        with suppress(httpx.HTTPError):
            answer = httpx.get(f"http://{LOOPBACK}:{self._port}/api/health", timeout=PROBE, trust_env=False)
            return answer.status_code == httpx.codes.OK
        return False

    def _child_lives(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def _end_child(self) -> None:
        child = self._child
        if child is None:
            return
        self._child = None
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(STOPPING)
            except subprocess.TimeoutExpired:
                child.kill()
        child.wait()
        if child.stdin is not None:
            with suppress(OSError):
                child.stdin.close()

    def _enter(self, state: PrefectState) -> None:
        if state is self._state:
            return
        self._state = state
        try:
            self._on_change(state)
        except Exception:
            log.exception("the state of the local prefect could not be noted")


def free_port() -> int:
    """A port of the loopback that is free now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
