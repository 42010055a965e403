"""What failed is kept in words, waits for somebody, and is tried again at the press of a button."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework.actors import Actor
from casework.audit import verify
from casework.incidents import close_incident, incidents, open_incident, retry
from casework.sweep import sweep
from records.transaction import transaction
from states.calendar import at_time
from states.refusals import Refused
from states.roles import Role

NOW = at_time(date(2024, 6, 12), 10)
OFFICE = Actor("示例经办人", Role.OFFICE)


def fail(programme: Any, subject: str = "17", kind: str = "letter_refused", case: int | None = None) -> None:
    with transaction(programme.desk.engine) as tx:
        open_incident(tx, kind, case, subject, "邮箱不存在", NOW)


def test_a_failure_is_kept_and_entered_in_the_log(programme: Any) -> None:
    fail(programme)
    (kept,) = incidents(programme.desk)
    assert (kept.id, kept.kind, kept.no, kept.reason, kept.at, kept.attempts, kept.closed_at) == (
        1, "letter_refused", "", "邮箱不存在", NOW, 1, None,
    )  # fmt: skip
    assert programme.rows("SELECT kind, name, actor, detail FROM audit ORDER BY seq DESC LIMIT 1") == [
        ("incident", "letter_refused", "system:linxuan", '{"subject":"17"}')
    ]


def test_the_same_failure_again_only_counts_up(programme: Any) -> None:
    fail(programme)
    fail(programme)
    fail(programme, subject="18")
    assert [(kept.subject, kept.attempts) for kept in incidents(programme.desk)] == [("18", 1), ("17", 2)]


def test_once_closed_the_same_failure_is_a_new_one(programme: Any) -> None:
    fail(programme)
    with transaction(programme.desk.engine) as tx:
        close_incident(tx, 1, OFFICE, "已更正邮箱", NOW)
    fail(programme)
    assert [kept.id for kept in incidents(programme.desk)] == [2]
    assert [(kept.id, kept.closed_by, kept.outcome) for kept in incidents(programme.desk, closed=True)] == [
        (2, None, None), (1, "office:示例经办人", "已更正邮箱"),
    ]  # fmt: skip
    assert verify(programme.desk.engine).ok


@pytest.mark.parametrize("known", [True, False])
def test_what_is_not_open_cannot_be_closed_or_tried_again(programme: Any, known: bool) -> None:
    if known:
        fail(programme)
        retry(programme.desk, 1, by=OFFICE, as_of=NOW)
    with pytest.raises(Refused) as refused:
        retry(programme.desk, 1, by=OFFICE, as_of=NOW)
    assert str(refused.value) == "没有编号为1的未办结异常。"
    with pytest.raises(Refused, match="没有编号为1的未办结异常"), transaction(programme.desk.engine) as tx:
        close_incident(tx, 1, OFFICE, "了结", NOW)


def test_a_letter_tried_again_is_queued_from_now(programme: Any) -> None:
    programme.begin()
    programme.spoil("UPDATE letter SET state = 'failed', attempts = 7, error = '550'")
    fail(programme, subject="1", case=1)
    assert retry(programme.desk, 1, by=OFFICE, as_of=NOW) == "已重新排入发送队列"
    assert programme.rows("SELECT state, attempts, error, not_before FROM letter") == [
        ("queued", 0, None, "2024-06-12 02:00:00.000000")
    ]
    assert incidents(programme.desk) == []


def test_a_timer_tried_again_fails_again_into_one_new_incident(programme: Any) -> None:
    programme.begin()
    programme.spoil("UPDATE cases SET channel = 'P99'")
    close = at_time(date(2024, 6, 22), 0)
    sweep(programme.desk, as_of=close)
    retry(programme.desk, 1, by=OFFICE, as_of=close)
    sweep(programme.desk, as_of=close + timedelta(hours=1))
    assert [(kept.id, kept.kind, kept.no) for kept in incidents(programme.desk)] == [
        (2, "timer_failed", "B3-SJAQ-0001")
    ]


def test_what_must_be_put_right_first_cannot_just_be_tried_again(programme: Any) -> None:
    fail(programme, kind="no_address", subject="listed")
    before = programme.contents()
    with pytest.raises(Refused) as refused:
        retry(programme.desk, 1, by=OFFICE, as_of=NOW)
    assert str(refused.value) == "这类异常须先更正资料，再用相应命令办理，不能直接重试。"
    assert programme.contents() == before


def test_a_recommender_sees_the_incidents_of_its_own_cases(programme: Any) -> None:
    programme.begin()
    fail(programme, case=1)
    own, stranger = (Actor("示例", Role.RECOMMENDER, channel) for channel in ("P50", "P51"))
    assert [kept.no for kept in incidents(programme.desk, actor=own)] == ["B3-SJAQ-0001"]
    assert incidents(programme.desk, actor=stranger) == []
