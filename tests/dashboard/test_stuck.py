"""The stuck board: what is late stands on it, longest first, and one click urges whoever holds it."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from openpyxl import load_workbook

from casework.incidents import open_incident
from records.transaction import reading, transaction
from states.roles import Role

LATE = datetime(2024, 7, 8, 2, 0, tzinfo=UTC)
"""After the third batch closed on 21 June and what was filed went on by the clock, or should have."""


@pytest.fixture
def late(filed, now):
    """Two applications of one province whose limit has passed; ``now`` is after it."""
    filed(2)
    now.at = LATE


@pytest.fixture
def set_due(desk):
    """Gives a case a limit."""

    def give(no: str, due: datetime) -> None:
        with transaction(desk.engine) as tx:
            tx.run("UPDATE cases SET due_at = ? WHERE no = ?", (due, no))

    return give


def numbers(text: str) -> list[str]:
    return [line.partition('"')[0] for line in text.split('href="/cases/')[1:] if line[:3] == "B3-"]


def test_the_longest_over_its_limit_stands_first(late, set_due, as_role) -> None:
    set_due("B3-SJAQ-0001", LATE - timedelta(days=2))
    set_due("B3-SJAQ-0002", LATE - timedelta(days=9))
    shown = as_role(Role.OFFICE).get("/stuck").text
    assert numbers(shown) == ["B3-SJAQ-0002", "B3-SJAQ-0001"]
    assert "为什么是这一天" in shown
    assert "怎样解开" in shown


def test_what_is_due_within_three_working_days_is_told_apart_from_what_is_late(
    late, set_due, as_role
) -> None:
    set_due("B3-SJAQ-0001", LATE - timedelta(days=2))
    set_due("B3-SJAQ-0002", LATE + timedelta(days=2))
    browser = as_role(Role.OFFICE)
    assert numbers(browser.get("/stuck?kind=over").text) == ["B3-SJAQ-0001"]
    assert numbers(browser.get("/stuck?kind=soon").text) == ["B3-SJAQ-0002"]
    assert numbers(browser.get("/stuck?kind=nonsense").text) == ["B3-SJAQ-0001", "B3-SJAQ-0002"]


def test_filters_narrow_and_say_so_when_nothing_is_left(late, set_due, as_role) -> None:
    set_due("B3-SJAQ-0001", LATE - timedelta(days=2))
    set_due("B3-SJAQ-0002", LATE - timedelta(days=2))
    browser = as_role(Role.OFFICE)
    assert len(numbers(browser.get("/stuck?province=50&call=B3").text)) == 2
    assert "没有超期或即将到期的申报。" in browser.get("/stuck?province=46").text


def test_a_province_sees_its_own(late, set_due, as_role) -> None:
    set_due("B3-SJAQ-0002", LATE + timedelta(days=60))
    set_due("B3-SJAQ-0001", LATE - timedelta(days=2))
    assert numbers(as_role(Role.PROVINCE, "50").get("/stuck").text) == ["B3-SJAQ-0001"]
    assert numbers(as_role(Role.PROVINCE, "46").get("/stuck").text) == []


@pytest.mark.clause("B3-5.4")
def test_a_nudge_is_one_letter_to_the_holder_and_an_entry_with_the_clause(
    late, set_due, as_role, send, desk
) -> None:
    set_due("B3-SJAQ-0001", LATE - timedelta(days=2))
    with transaction(desk.engine) as tx:
        tx.run("INSERT INTO office_mailbox (channel, name, mail) VALUES ('P50', '示例厅', 'p50@example.cn')")
    answer = send(as_role(Role.HEAD), "/stuck/nudge", page="/stuck", no="B3-SJAQ-0001", filters="kind=over")
    assert (answer.status_code, answer.headers["location"]) == (303, "/stuck?kind=over")
    with reading(desk.engine) as tx:
        letters = tx.rows("SELECT letter, role, occasion FROM letter WHERE letter = 'nudge'")
        entries = tx.rows("SELECT name, version, clause FROM audit WHERE kind = 'nudge'")
    assert letters == [("nudge", "recommender", "nudge@2024-07-08")]
    assert entries == [("sent", 1, "B3-5.4")]


def test_a_second_nudge_within_three_working_days_is_refused_with_the_day_it_may_be_sent(
    late, set_due, as_role, send, now
) -> None:
    set_due("B3-SJAQ-0001", LATE - timedelta(days=2))
    head = as_role(Role.HEAD)
    send(head, "/stuck/nudge", page="/stuck", no="B3-SJAQ-0001", filters="")
    again = send(head, "/stuck/nudge", page="/stuck", no="B3-SJAQ-0001", filters="")
    assert again.status_code == 422
    assert "已于7月8日催办，3个工作日内不再重复催办，7月11日起可以再次催办。" in again.text
    now.at = LATE + timedelta(days=3)
    later = send(
        as_role(Role.HEAD, "", "head.two"), "/stuck/nudge", page="/stuck", no="B3-SJAQ-0001", filters=""
    )
    assert later.status_code == 303


def test_a_province_cannot_nudge_about_another_provinces_case(late, set_due, as_role, send) -> None:
    set_due("B3-SJAQ-0001", LATE - timedelta(days=2))
    browser = as_role(Role.PROVINCE, "46")
    answer = send(browser, "/stuck/nudge", page="/stuck", no="B3-SJAQ-0001", filters="")
    assert answer.status_code == 404
    assert "没有这件申报，或者不在您的办理范围内。" in answer.text


def test_a_filter_is_kept_and_shared_with_the_same_role_only(late, set_due, as_role, send) -> None:
    set_due("B3-SJAQ-0001", LATE - timedelta(days=2))
    mine = as_role(Role.OFFICE)
    send(mine, "/stuck/views", page="/stuck?province=50", name="重庆", filters="province=50", shared="yes")
    assert "重庆</a>" in mine.get("/stuck").text
    assert "重庆</a>" in as_role(Role.OFFICE, "", "office.two").get("/stuck").text
    assert "重庆</a>" not in as_role(Role.HEAD).get("/stuck").text


def test_a_kept_filter_is_removed_by_its_owner_alone(late, as_role, send, desk) -> None:
    mine = as_role(Role.OFFICE)
    send(mine, "/stuck/views", page="/stuck", name="重庆", filters="province=50", shared="yes")
    with reading(desk.engine) as tx:
        ((view,),) = tx.rows("SELECT id FROM saved_view")
    other = send(as_role(Role.OFFICE, "", "office.two"), f"/stuck/views/{view}/drop", page="/stuck")
    assert other.status_code == 422
    assert send(mine, f"/stuck/views/{view}/drop", page="/stuck").status_code == 303
    with reading(desk.engine) as tx:
        assert tx.rows("SELECT id FROM saved_view") == []


def test_an_incident_stands_on_the_board_and_is_retried_there(late, as_role, send, desk) -> None:
    with transaction(desk.engine) as tx:
        open_incident(tx, "timer_failed", 1, "move:close_draft", "示例故障", LATE)
    browser = as_role(Role.OFFICE)
    assert "示例故障" in browser.get("/stuck").text
    answer = send(browser, "/stuck/incidents/1/retry", page="/stuck", filters="")
    assert answer.status_code == 303
    assert "没有未办结的异常。" in browser.get("/stuck").text
    assert "示例故障" not in as_role(Role.CENTRE).get("/stuck").text


def test_the_workbook_has_what_the_board_shows_and_no_formula(late, set_due, as_role, desk) -> None:
    set_due("B3-SJAQ-0002", LATE + timedelta(days=60))
    set_due("B3-SJAQ-0001", LATE - timedelta(days=2))
    with transaction(desk.engine) as tx:
        tx.run("UPDATE institution SET name = '=HYPERLINK(\"x\")' WHERE id = 1")
    answer = as_role(Role.OFFICE).get("/stuck.xlsx?kind=over")
    assert answer.headers["content-disposition"] == 'attachment; filename="linxuan-stuck-20240708.xlsx"'
    sheet = load_workbook(io.BytesIO(answer.content)).active
    first = [cell.value for cell in sheet[2]][:2]
    assert (first, sheet["B2"].data_type) == (["B3-SJAQ-0001", '=HYPERLINK("x")'], "s")


def test_a_name_with_script_is_only_a_name(late, set_due, as_role, desk) -> None:
    set_due("B3-SJAQ-0001", LATE - timedelta(days=2))
    with transaction(desk.engine) as tx:
        tx.run("UPDATE institution SET name = '<script>alert(1)</script>' WHERE id = 1")
    assert "<script>alert" not in as_role(Role.OFFICE).get("/stuck").text
