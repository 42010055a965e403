"""The batch pages: chosen, previewed, run, accounted for; refused when anything changed."""

import io
import re
import time
from datetime import timedelta
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from casework.actors import Actor
from casework.batches.gauge import Gauge, read_gauge
from casework.batches.kept import batch_of
from casework.batches.working import start
from casework.gate import advance
from records.transaction import reading, transaction
from states.roles import Role

RECOMMENDER = Actor("P50经办人", Role.RECOMMENDER, "P50")
OFFICE = Actor("示例经办人", Role.OFFICE)
LETTER = {"letter_no": "示例函〔2024〕1号", "letter_date": "2024-06-12"}


@pytest.fixture
def ready(desk, filed, now) -> list[int]:
    """Three applications: two recommended, one not yet."""
    ids = filed(3)
    advance(desk, "recommend", ids[:2], by=RECOMMENDER, as_of=now(), inputs=LETTER)
    return ids


def stages(desk) -> list[str]:
    with reading(desk.engine) as tx:
        return [row[0] for row in tx.rows("SELECT stage FROM cases ORDER BY id")]


def previewed(browser: Any, send: Any, **fields: str) -> str:
    """Preview the batch of accepting; where its page is."""
    asked = {"move": "begin_review", "call": "B3", "mode": "partial", **fields}
    page = f"/batch/new?move={asked['move']}&call={asked['call']}"
    answer = send(browser, "/batch/new", page=page, **asked)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_preview_shows_what_happens_and_why_not_and_changes_nothing(as_role, send, ready, desk) -> None:
    office = as_role(Role.OFFICE)
    before = stages(desk)
    shown = office.get(previewed(office, send)).text
    assert stages(desk) == before
    assert "执行，办理2件" in shown
    assert "→ 初核" in shown
    assert "“待推荐”环节不能“受理”" in shown
    assert 'href="/clauses#B3-4.2"' in shown


def test_what_was_previewed_is_what_runs(as_role, send, ready, desk) -> None:
    office = as_role(Role.OFFICE)
    at = previewed(office, send)
    assert send(office, f"{at}/run", page=at).headers["location"] == at
    assert stages(desk) == ["initial_review", "initial_review", "submitted"]
    assert "已办理2件，应发通知2封；未办理1件。" in office.get(at).text


def test_all_or_none_is_blocked_by_one_that_cannot(as_role, send, ready, desk) -> None:
    office = as_role(Role.OFFICE)
    at = previewed(office, send, mode="all")
    shown = office.get(at).text
    assert "其中1件不能办理，整批不能执行" in shown
    assert "/run" not in shown
    refused = send(office, f"{at}/run", page=at)
    assert (refused.status_code, "整批不能执行" in refused.text) == (422, True)
    assert stages(desk) == ["recommended", "recommended", "submitted"]


def test_it_is_refused_when_anything_changed_and_says_what_and_by_whom(
    as_role, send, ready, desk, now
) -> None:
    office = as_role(Role.OFFICE)
    at = previewed(office, send)
    advance(desk, "begin_review", [ready[0]], by=OFFICE, as_of=now())
    answer = send(office, f"{at}/run", page=at)
    assert answer.status_code == 409
    assert "预览之后有变动，整批未办理：B3-SJAQ-0001由“已推荐”变为“初核”" in answer.text
    assert "示例经办人" in answer.text
    assert stages(desk) == ["initial_review", "recommended", "submitted"]


def test_a_case_that_could_not_go_counts_when_it_changed(as_role, send, ready, desk, now) -> None:
    office = as_role(Role.OFFICE)
    at = previewed(office, send)
    advance(desk, "recommend", [ready[2]], by=RECOMMENDER, as_of=now(), inputs=LETTER)
    assert send(office, f"{at}/run", page=at).status_code == 409


def test_a_preview_is_good_for_a_day(as_role, send, ready, desk, now, app, account) -> None:
    office = as_role(Role.OFFICE)
    at = previewed(office, send)
    now.at += timedelta(hours=24)
    again = as_role(Role.OFFICE)
    assert "预览已超过24小时" in again.get(at).text
    assert send(again, f"{at}/run", page=at).status_code == 422
    assert stages(desk) == ["recommended", "recommended", "submitted"]


def test_it_runs_once(as_role, send, ready) -> None:
    office = as_role(Role.OFFICE)
    at = previewed(office, send)
    send(office, f"{at}/run", page=at)
    assert "已经执行" in send(office, f"{at}/run", page=at).text


def test_one_that_was_cancelled_does_not_run(as_role, send, ready, desk) -> None:
    office = as_role(Role.OFFICE)
    at = previewed(office, send)
    assert send(office, f"{at}/cancel", page=at).headers["location"] == "/batch"
    assert send(office, f"{at}/run", page=at).status_code == 422
    assert stages(desk) == ["recommended", "recommended", "submitted"]


def test_the_receipt_has_a_row_for_every_case_and_texts_stay_texts(as_role, send, ready, desk) -> None:
    with transaction(desk.engine) as tx:
        tx.run("UPDATE institution SET name = '=1+1' WHERE id = 1")
    office = as_role(Role.OFFICE)
    at = previewed(office, send)
    send(office, f"{at}/run", page=at)
    sheet = load_workbook(io.BytesIO(office.get(f"{at}/receipt.xlsx").content)).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[1], row[4]) for row in rows] == [
        ("B3-SJAQ-0001", "=1+1", "已办理"),
        ("B3-SJAQ-0002", "示例不可外泄单位1", "已办理"),
        ("B3-SJAQ-0003", "示例不可外泄单位2", "不能办理"),
    ]
    assert sheet["B2"].data_type == "s"


def test_the_minutes_are_numbered_once(as_role, send, ready, desk) -> None:
    office = as_role(Role.OFFICE)
    at = previewed(office, send)
    assert office.get(f"{at}/minutes.docx").status_code == 422
    send(office, f"{at}/run", page=at)
    first, second = office.get(f"{at}/minutes.docx"), office.get(f"{at}/minutes.docx")
    assert first.content == second.content
    told = "\n".join(each.text for each in Document(io.BytesIO(first.content)).paragraphs)
    assert "数遴批〔2024〕1号" in told


def test_the_samples_are_rendered_and_nothing_is_kept(as_role, send, ready, desk) -> None:
    office = as_role(Role.OFFICE)
    at = previewed(office, send)
    with reading(desk.engine) as tx:
        before = tx.one("SELECT count(*) FROM letter")
    assert "示例不可外泄单位0" in office.get(f"{at}/letters").text
    with reading(desk.engine) as tx:
        assert tx.one("SELECT count(*) FROM letter") == before


def test_a_recommender_chooses_among_its_own_and_states_the_letter(as_role, send, filed, desk) -> None:
    filed(2)
    own, foreign = as_role(Role.RECOMMENDER, "P50"), as_role(Role.RECOMMENDER, "P46")
    page = "/batch/new?move=recommend&call=B3"
    stated = {f"ask_{key}": value for key, value in LETTER.items()}
    fields = {"move": "recommend", "call": "B3", "mode": "all", **stated}
    at = send(own, "/batch/new", page=page, **fields).headers["location"]
    assert foreign.get(at).status_code == 404
    assert "没有找到您可以办理的申报" in foreign.get(page).text
    send(own, f"{at}/run", page=at)
    assert stages(desk) == ["recommended", "recommended"]


def test_what_was_typed_is_kept_when_something_is_missing(as_role, send, filed) -> None:
    filed(1)
    own = as_role(Role.RECOMMENDER, "P50")
    answer = send(
        own, "/batch/new", page="/batch/new?move=recommend&call=B3", move="recommend", call="B3", mode="all",
        ask_letter_no="示例函〔2024〕9号",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "示例函〔2024〕9号" in answer.text
    assert re.search(r'value="all" required checked', answer.text)


def test_nothing_chosen_is_nothing_done(as_role, send, ready) -> None:
    office = as_role(Role.OFFICE)
    page = "/batch/new?move=begin_review&call=B3"
    answer = send(office, "/batch/new", page=page, move="begin_review", mode="all")
    assert (answer.status_code, "没有选中任何申报" in answer.text) == (422, True)


def test_a_broken_run_changed_nothing_and_can_be_run_again(
    as_role, send, ready, desk, now, installation
) -> None:
    office = as_role(Role.OFFICE)
    at = previewed(office, send)
    id_ = int(at.rpartition("/")[2])
    batch = batch_of(desk, id_, OFFICE)
    assert batch is not None
    start(desk, id_, by=OFFICE, as_of=now())
    with Gauge(installation.data, id_) as gauge:
        gauge(1, 2)
        assert "正在执行" in office.get(f"{at}/progress").text
        now.at += timedelta(minutes=2)
        assert "执行中断" not in office.get(at).text
    shown = office.get(at).text
    assert "执行中断" in shown
    assert stages(desk) == ["recommended", "recommended", "submitted"]
    send(office, f"{at}/resume", page=at)
    assert read_gauge(installation.data, id_).begun is False
    send(office, f"{at}/run", page=at)
    assert stages(desk) == ["initial_review", "initial_review", "submitted"]


def test_many_are_done_by_a_process_of_its_own(as_role, send, filed, desk, now) -> None:
    ids = filed(120)
    advance(desk, "recommend", ids, by=RECOMMENDER, as_of=now(), inputs=LETTER)
    office = as_role(Role.OFFICE)
    at = previewed(office, send)
    wait_until_idle(office, at)
    send(office, f"{at}/run", page=at)
    wait_until_idle(office, at)
    assert stages(desk) == ["initial_review"] * 120
    assert "已办理120件" in office.get(at).text


def wait_until_idle(browser: Any, at: str) -> None:
    """Ask as the page does until it is told to load anew."""
    for _ in range(600):
        if "HX-Refresh" in browser.get(f"{at}/progress").headers:
            return
        time.sleep(0.05)
    raise AssertionError("the batch does not end")
