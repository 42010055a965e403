"""Health: Prefect asked without waiting for it, disk and calendars told, what failed tried again."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from casework.incidents import open_incident
from dashboard.health.prefect_runs import PATIENCE, PrefectRuns, fetch_runs
from records.transaction import reading, transaction
from states.roles import Role

SAID = [
    {
        "name": "sweep-1",
        "state_type": "COMPLETED",
        "start_time": "2024-06-12T02:00:00+00:00",
        "total_run_time": 1.234,
    },
    {"name": "post-2", "state_type": "CRASHED", "start_time": None, "total_run_time": None},
]


@pytest.fixture
def prefect() -> Iterator[str]:
    """Something that answers as Prefect's API does."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            content = json.dumps(SAID if self.path == "/api/flow_runs/filter" else None).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api"
    server.shutdown()
    server.server_close()


def test_the_runs_prefect_knows_of_are_told_in_words(prefect: str) -> None:
    runs = fetch_runs(prefect).runs
    assert [(each.name, each.state, each.tone, each.seconds) for each in runs] == [
        ("sweep-1", "已完成", "good", 1.2), ("post-2", "中断", "bad", 0.0),
    ]  # fmt: skip


def test_a_prefect_that_does_not_answer_is_not_waited_for() -> None:
    began = time.monotonic()
    assert PrefectRuns().look(lambda: "http://192.0.2.1:9/api").reached is False
    assert time.monotonic() - began < PATIENCE + 0.5


def test_the_page_says_so_when_prefect_is_away(as_role: Any) -> None:
    text = as_role(Role.OFFICE).get("/health").text
    assert all(
        words in text
        for words in ("现在联系不上 Prefect", "数据所在磁盘还有", "放假安排", "没有设置接收网站")
    )


def test_an_incident_is_shown_and_tried_again(
    as_role: Any, desk: Any, now: Any, filed: Any, send: Any
) -> None:
    (case,) = filed(1)
    with transaction(desk.engine) as tx:
        open_incident(tx, "timer_failed", case, "limit", "示例原因", now())
    office = as_role(Role.OFFICE)
    assert "示例原因" in office.get("/health").text
    answer = send(office, "/health/incidents/1/retry", page="/health")
    assert (answer.status_code, answer.headers["location"]) == (303, "/health")
    with reading(desk.engine) as tx:
        assert tx.one("SELECT count(*) FROM incident WHERE closed_at IS NULL") == (0,)
    assert "示例原因" not in as_role(Role.CENTRE).get("/health").text
