"""The last runs the local Prefect knows of, asked over its API in the background: no page waits for it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

FRESH = 10.0
"""Seconds an answer is shown before Prefect is asked again."""
PATIENCE = 0.25
"""Seconds the first page waits for the first answer."""
TIMEOUT = 2.0
ASKED = {
    "limit": 12,
    "sort": "EXPECTED_START_TIME_DESC",
    "flow_runs": {"state": {"type": {"not_any_": ["SCHEDULED"]}}},
}
STATES = {
    "COMPLETED": ("已完成", "good"), "RUNNING": ("正在运行", ""), "FAILED": ("失败", "bad"), "CRASHED": ("中断", "bad"),
    "PENDING": ("等待", ""), "CANCELLED": ("已取消", "watch"), "CANCELLING": ("正在取消", "watch"), "PAUSED": ("暂停", "watch"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FlowRun:
    """One run: its name, how it stands in words with a tone, when it began, and how long it took in seconds."""

    name: str
    state: str
    tone: str
    started_at: datetime | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Runs:
    """What Prefect said: ``reached`` or not, and its runs, newest first."""

    reached: bool
    runs: tuple[FlowRun, ...] = ()


@dataclass(slots=True)
class PrefectRuns:
    """Asks, remembers, and asks again when what is remembered is old."""

    known: Runs | None = None
    _asked_at: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, url: Callable[[], str | None]) -> Runs:
        """What is known now; None known yet is waited for, for ``PATIENCE`` seconds."""
        with self._lock:
            old = time.monotonic() - self._asked_at > FRESH
            if old:
                self._asked_at = time.monotonic()
        if old:
            asking = threading.Thread(target=self._ask, args=(url(),), name="prefect-runs", daemon=True)
            asking.start()
            if self.known is None:
                asking.join(PATIENCE)
        return self.known or Runs(False)

    def _ask(self, url: str | None) -> None:
        self.known = fetch_runs(url) if url else Runs(False)


def fetch_runs(url: str) -> Runs:
    """Ask Prefect now; whatever goes wrong means that it was not reached."""
    try:
        answer = httpx.post(f"{url}/flow_runs/filter", json=ASKED, timeout=TIMEOUT, trust_env=False)
        answer.raise_for_status()
        return Runs(True, tuple(_run(each) for each in answer.json()))
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return Runs(False)


def _run(said: dict[str, Any]) -> FlowRun:
    label, tone = STATES.get(said.get("state_type") or "", (str(said.get("state_name") or ""), ""))
    began = said.get("start_time")
    started = datetime.fromisoformat(began) if began else None
    return FlowRun(str(said["name"]), label, tone, started, round(float(said.get("total_run_time") or 0), 1))
