import re
from datetime import timedelta

import pytest

from casework.beats import Outcome, end_beat, note_state, start_beat
from casework.installation import sqlite_file
from casework.leases import acquire
from casework.overview import RUNNER_LEASE
from dashboard.app import HERE


def test_the_home_page_answers_in_chinese(client) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "还没有开放任何批次" in answer.text


def test_nothing_on_the_page_names_an_application_or_a_person(client, filed) -> None:
    filed(3)
    page = client.get("/").text
    assert re.search(r"<td>3</td>", page)
    assert [word for word in ("示例不可外泄", "secret", "B3-SJAQ", "示例代码", "经办") if word in page] == []


def test_pages_ask_nothing_of_anybody_else(client) -> None:
    page = client.get("/")
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    sources = [
        path.read_text(encoding="utf-8") for path in HERE.rglob("*.*") if path.suffix in (".j2", ".css")
    ]
    assert [text for text in (*sources, page.text) if re.search(r"//|<script|@import|url\(", text)] == []


def test_the_style_sheet_is_served(client) -> None:
    assert client.get("/assets/linxuan.css").headers["content-type"].startswith("text/css")


def test_an_unknown_page_is_said_to_be_unknown(client) -> None:
    answer = client.get("/nowhere")
    assert (answer.status_code, "没有这个页面。" in answer.text) == (404, True)


def test_health_is_bad_until_the_clock_runs(client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["clock"]) == (503, "stopped")


def test_health_is_told_to_programs(client, desk, now, filed) -> None:
    filed(2)
    acquire(desk.engine, RUNNER_LEASE, "host:1:x", as_of=now(), ttl=timedelta(minutes=1))
    start_beat(desk.engine, "sweep", as_of=now())
    end_beat(desk.engine, "sweep", at=now())
    note_state(desk.engine, "prefect", Outcome.READY, at=now())
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "clock": "well",
            "as_of": "2024-06-12T02:00:00+00:00",
            "last_sweep": "2024-06-12T02:00:00+00:00",
            "oldest_due": None,
            "runner": True,
            "prefect": "ready",
            "letters_queued": 2,
            "letters_failed": 0,
            "incidents": 0,
            "faults": None,
        },
    )


@pytest.mark.parametrize("path", ["/", "/healthz"])
def test_a_database_that_is_damaged_is_admitted_in_one_sentence(client, installation, path) -> None:
    file = sqlite_file(installation.settings)
    assert file
    installation.close()
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()
    file.write_bytes(b"not a database at all" * 500)
    answer = client.get(path)
    assert answer.status_code == 503
    assert "数据库操作未能完成：文件不是数据库，可能已损坏，请从备份恢复" in answer.text
