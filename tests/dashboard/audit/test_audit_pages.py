"""The log in the browser: searched, walked in the background, exported by whom the policy lets."""

import csv
import io
import time
from typing import Any

import pytest

from casework.audit import verify_export
from dashboard.audit.verifying import Verifier
from records.transaction import reading, transaction
from states.roles import Role


def test_entries_are_found_by_case_actor_kind_and_day(as_role: Any, filed: Any) -> None:
    filed(2)
    auditor = as_role(Role.AUDITOR)

    def rows(query: str) -> int:
        return auditor.get(f"/audit?{query}").text.count('<td class="num">')

    assert rows("no=B3-SJAQ-0002") == 1
    assert rows("no=B3-SJAQ-0099") == 0
    assert rows("actor=office:&kind=move") == 2
    assert rows("actor=clock:") == 0
    assert rows("kind=move&since=2024-06-12&until=2024-06-12") == 2
    assert rows("kind=move&since=2024-06-13") == 0
    assert rows("kind=move&after=2") < 2
    assert auditor.get("/audit?since=gestern").status_code == 422


@pytest.mark.clause("M24-11.6a")
def test_the_export_proves_itself_and_the_log_says_who_took_it(
    as_role: Any, desk: Any, filed: Any, send: Any
) -> None:
    filed(1)
    auditor = as_role(Role.AUDITOR)
    taken = send(auditor, "/audit/export", page="/audit", format="jsonl")
    assert verify_export(taken.text.splitlines()).ok
    with reading(desk.engine) as tx:
        assert tx.one("SELECT actor, kind, name FROM audit ORDER BY seq DESC LIMIT 1") == (
            "auditor:auditor.x", "audit", "exported",
        )  # fmt: skip
    table = list(
        csv.reader(
            io.StringIO(send(auditor, "/audit/export", page="/audit", format="csv").text.lstrip("\ufeff"))
        )
    )
    assert table[0][:3] == ["seq", "at", "written_at"]
    assert [row for row in table for cell in row if cell.startswith(("=", "+", "@"))] == []


def test_the_office_searches_and_does_not_export(as_role: Any, send: Any) -> None:
    office = as_role(Role.OFFICE)
    assert "导出" not in office.get("/audit").text
    assert send(office, "/audit/export", page="/audit/chain").status_code == 403


def test_the_chain_is_walked_in_the_background(as_role: Any, filed: Any, send: Any) -> None:
    filed(1)
    auditor = as_role(Role.AUDITOR)
    send(auditor, "/audit/chain", page="/audit/chain")
    for _ in range(200):
        text = auditor.get("/audit/chain").text
        if "审计日志完好" in text:
            break
        time.sleep(0.02)
    assert "审计日志完好" in text


def test_a_changed_entry_is_named(desk: Any, filed: Any, now: Any) -> None:
    filed(1)
    with transaction(desk.engine) as tx:
        tx.run("UPDATE audit SET actor = 'office:other' WHERE seq = 1")
    verifier = Verifier()
    assert verifier.start(desk.engine, by="auditor:x", now=now)
    for _ in range(200):
        if not verifier.last.running:
            break
        time.sleep(0.02)
    assert (verifier.last.report.ok, verifier.last.report.broken_at) == (False, 1)
