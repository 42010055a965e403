"""What each line says it did, on real records."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.actors import Actor
from casework.beginning import NewCase, begin_case
from casework.calls import open_call
from casework.post import BATCH
from flows import errands
from flows.errands import Done
from flows.workplace import Interrupted
from records.transaction import transaction
from states.roles import Role

OFFICE = Actor("示例经办人", Role.OFFICE)
AFTER_CLOSING = datetime(2024, 6, 21, 16, 0, tzinfo=UTC)


@pytest.fixture
def filed(place, now):
    """Files so many applications of the third batch."""
    open_call(place.desk, "B3", by=OFFICE, as_of=now())

    def file(count: int) -> None:
        with transaction(place.desk.engine) as tx:
            for number in range(count):
                id_ = tx.run(
                    "INSERT INTO institution (uscc, name, province, address, unit_type) VALUES (?,?,'50','','')",
                    (f"U{number}", f"示例{number}中心"),
                ).lastrowid
                new = NewCase("B3", "evaluation", "SJAQ", id_, "50", "P50", "初级", f"c{number}@example.cn")
                begin_case(tx, place.desk, new, by=OFFICE, as_of=now())

    return file


def outbox(place) -> int:
    return len(list(place.installation.outbox.glob("*.eml")))


def test_a_sweep_tells_what_moved_and_whom_it_told(place, filed) -> None:
    filed(2)
    assert errands.something_is_due(place, AFTER_CLOSING - timedelta(days=20)) == "没有到期事项"
    assert errands.something_is_due(place, AFTER_CLOSING) == ""
    done = errands.sweep(place, AFTER_CLOSING)
    assert (done.says, done.counts["moves"]) == ("到期办理2件", {"close_unrecommended": 2})


def test_calls_open_and_close_by_themselves(place, now) -> None:
    assert errands.calls(place, now()) == Done("开放B3", {"opened": ["B3"], "closed": []})
    assert errands.calls(place, now()) == Done("没有要启闭的批次", {"opened": [], "closed": []})
    assert errands.calls(place, AFTER_CLOSING) == Done("截止B3", {"opened": [], "closed": ["B3"]})


def test_the_post_sends_everything_batch_after_batch(place, filed, now) -> None:
    assert errands.letters_are_waiting(place, now()) == "没有待发通知"
    filed(BATCH + 1)
    assert errands.letters_are_waiting(place, now()) == ""
    assert errands.post(place, now()).says == f"发出{BATCH + 1}封"
    assert (outbox(place), errands.post(place, now()).says) == (BATCH + 1, "没有待发通知")


def test_a_post_that_is_told_to_stop_stops_between_batches(place, filed, now) -> None:
    filed(BATCH + 1)
    place.stopping.set()
    with pytest.raises(Interrupted):
        errands.post(place, now())
    assert outbox(place) == BATCH


def test_an_outbox_that_cannot_be_written_is_said(place, filed, now) -> None:
    filed(1)
    place.installation.outbox.write_text("a file stands where the folder should be", encoding="utf-8")
    assert errands.post(place, now()).says.startswith("没有待发通知；发件中断：无法写入发件箱")


def test_what_lies_ahead_is_told_even_when_it_is_nothing(place, now) -> None:
    said = [each(place, now()).says for each in (errands.publicity, errands.renewals, errands.duties)]
    assert said == ["没有即将期满的公示", "没有临近的续期事项", "没有临近的义务"]


def test_the_checks_say_how_much_they_went_through(place, filed, now) -> None:
    filed(3)
    assert errands.invariants(place, now()).says == "核对申报3件、审计记录4条，无误"
    assert errands.calendar(place, now()).says == "工作日历齐备"
    assert errands.calendar(place, datetime(2026, 12, 1, tzinfo=UTC)).says == "2027年放假安排尚未导入"


def test_digests_and_panels_have_nothing_to_do_on_an_empty_installation(place, now) -> None:
    assert errands.a_panel_is_due(place, now()) == "没有到期事项"
    assert errands.panels(place, now()).says == "没有到期事项"
    assert errands.digests(place, now()).says == "没有需要汇总的事项"
