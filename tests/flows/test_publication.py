"""Publication and the nightly comparison of the directories, as the timetable runs them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from casework.actors import Actor
from casework.beginning import NewCase, begin_case
from casework.calls import open_call
from casework.settings import Receivers
from flows import errands
from flows.errands import Done
from records.transaction import transaction
from states.roles import Role

OFFICE = Actor("示例经办人", Role.OFFICE)
OPENED = datetime(2024, 5, 15, 1, tzinfo=UTC)
NOW = datetime(2025, 1, 1, 2, tzinfo=UTC)


@pytest.fixture
def listed(place):
    """One institution in the directory, and a platform nobody answers at."""
    open_call(place.desk, "B3", by=OFFICE, as_of=OPENED)
    with transaction(place.desk.engine) as tx:
        tx.run(
            "INSERT INTO institution (uscc, name, province, address, unit_type) VALUES ('U1','示例中心','50','','')"
        )
        new = NewCase("B3", "evaluation", "SJAQ", 1, "50", "P50", "初级", "c@example.cn")
        begin_case(tx, place.desk, new, by=OFFICE, as_of=OPENED)
        tx.run("DELETE FROM timer")
        tx.run("UPDATE cases SET stage = 'listed'")
        tx.run(
            "INSERT INTO term (case_id, institution_id, track, occupation, levels, number, starts_at, last_day)"
            " VALUES (1, 1, 'evaluation', 'SJAQ', '初级', 1, ?, '2027-10-10')",
            (datetime(2024, 10, 9, 16, tzinfo=UTC),),
        )
    settings = place.installation.settings.model_copy(
        update={"receivers": Receivers(platform="http://127.0.0.1:1/in", failures=1)}
    )
    place.installation = replace(place.installation, settings=settings)
    return place


def test_without_receivers_there_is_nothing_to_publish(place) -> None:
    assert errands.something_is_unpublished(place, NOW) == "没有待公布内容"
    assert errands.publication(place, NOW).says == "没有待公布内容"


@pytest.mark.clause("M24-7.5", "I21-4.5")
def test_what_is_new_is_written_down_and_pushed_and_a_receiver_that_is_down_is_left_alone(listed) -> None:
    assert errands.something_is_unpublished(listed, NOW) == ""
    done = errands.publication(listed, NOW)
    assert done == Done(
        "新版1个，稍后再试1次", {"editions": 1, "sent": 0, "later": 1, "refused": 0, "given_up": 0}
    )
    assert errands.something_is_unpublished(listed, NOW) == "没有待公布内容"
    later = datetime(2025, 1, 1, 2, 2, tzinfo=UTC)
    assert errands.something_is_unpublished(listed, later) == ""
    assert errands.publication(listed, later).says == "platform：连续1次推送失败，暂停推送"


@pytest.mark.clause("M24-18")
def test_the_directories_are_compared(listed) -> None:
    assert errands.conflicts(listed, NOW) == Done("两个目录没有冲突", {"conflicts": 0})
