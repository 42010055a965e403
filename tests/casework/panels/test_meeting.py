from datetime import datetime

import pytest

from casework.panels.meeting import meetings, record_meeting
from states.calendar import SHANGHAI
from states.refusals import Refused
from states.roles import Role


def shanghai(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


HELD = {"place": "示例会议室", "present": [1, 2, 3, 4], "minutes": "逐件讨论后投票。"}


@pytest.fixture
def record(ground):
    def recorded(no: str, **given: object) -> int:
        asked = {
            "held_at": shanghai(2024, 7, 10, 9),
            "by": ground.office,
            "as_of": shanghai(2024, 7, 10, 18),
            **HELD,
        }
        return record_meeting(ground.desk, no, **{**asked, **given})

    return recorded


@pytest.mark.clause("M24-7.3d")
def test_a_meeting_is_recorded_with_the_seats_that_were_there(ground, record) -> None:
    no = ground.confirmed()
    assert [record(no), record(no, minutes="更正：一人中途离席。")] == [1, 2]
    first, second = meetings(ground.desk, no, actor=ground.office)
    assert (first.present, first.place, first.minutes) == ((1, 2, 3, 4), "示例会议室", "逐件讨论后投票。")
    assert (first.held_at, second.minutes) == (shanghai(2024, 7, 10, 9), "更正：一人中途离席。")
    assert [entry["present"] for entry in ground.noted("meeting")] == [4, 4]


@pytest.mark.clause("M24-7.3b")
def test_minutes_are_for_those_who_may_know_the_panel(ground, record) -> None:
    no = ground.confirmed()
    record(no)
    with pytest.raises(Refused, match="专家组成员及评议情况保密"):
        meetings(ground.desk, no, actor=ground.staff("cq", Role.RECOMMENDER, "P50"))
    assert "逐件讨论" not in str(ground.programme.rows("SELECT * FROM panel_meeting"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"present": [1, 2]}, "不足法定人数"),
        ({"present": [1, 2, 3, 9]}, "第9席没有已确认的专家"),
        ({"place": " "}, "须写明地点和内容"),
        ({"minutes": ""}, "须写明地点和内容"),
        ({"minutes": "字" * 50_001}, "限50000字"),
    ],
)
def test_what_is_no_record_is_refused_in_words(ground, record, given, said) -> None:
    no = ground.confirmed()
    with pytest.raises(Refused, match=said):
        record(no, **given)


def test_a_meeting_is_recorded_after_it_was_held(ground, record) -> None:
    with pytest.raises(Refused, match="请在会后登记"):
        record(ground.confirmed(), held_at=shanghai(2024, 7, 11, 9))


def test_a_panel_that_is_not_confirmed_does_not_meet(ground, record) -> None:
    with pytest.raises(Refused, match="尚未确认"):
        record(ground.seated())
