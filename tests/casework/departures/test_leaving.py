"""Leaving by one's own will: all or nothing, at once or after the last day, absorbed when said twice (M24-20c)."""

from datetime import date
from typing import Any

import pytest

from casework.actors import Actor
from casework.departures.leaving import Left, NewDeparture, leave, stay
from casework.departures.preview import preview
from casework.departures.reading import departures
from casework.directory import entries
from casework.invariants import check
from casework.sweep import sweep
from states.calendar import at_time
from states.refusals import Refused
from states.roles import Role

pytestmark = pytest.mark.clause("M24-20c")

NOW = at_time(date(2025, 3, 3), 10)
OWN = Actor("示例单位", Role.APPLICANT, "1")
LAST = date(2025, 6, 30)
ENDED = at_time(date(2025, 7, 1), 0)
AT_ONCE = NewDeparture("业务调整", "示例市示例路1号，示例档案室")
LATER = NewDeparture("业务调整", "示例档案室", LAST, "请学员联系示例机构2", 12, "转由示例机构2继续培训")


@pytest.fixture
def listed(programme: Any) -> Any:
    """One institution that stands in the directory for two occupations since 10 October 2024."""
    programme.bring([*programme.begin(), *programme.begin(occupation="MMGC", institution_id=1)], "listed")
    return programme


def go(listed: Any, new: NewDeparture, **more: Any) -> Left:
    given: dict[str, Any] = {"by": OWN, "as_of": NOW}
    return leave(listed.desk, "B3-SJAQ-0001", new, **(given | more))


def refusal(listed: Any, new: NewDeparture, **more: Any) -> str:
    before = listed.contents()
    with pytest.raises(Refused) as refused:
        go(listed, new, **more)
    assert listed.contents() == before
    return str(refused.value)


def standing(listed: Any, on: date) -> list[str]:
    return [each.no for each in entries(listed.desk.engine, on=on)]


def test_all_occupations_leave_in_one_act(listed: Any) -> None:
    assert go(listed, AT_ONCE) == Left("TC-2025-0001", ("B3-SJAQ-0001", "B3-MMGC-0001"), None)
    assert [(listed.case(id_).stage, listed.case(id_).exit_ground) for id_ in (1, 2)] == [
        ("exited", "voluntary")
    ] * 2
    assert standing(listed, date(2025, 3, 4)) == []
    assert listed.letters(1)[-2:] == ["exited/applicant", "exited/recommender"]
    assert check(listed.desk, NOW).faults == []


def test_one_occupation_may_leave_alone(listed: Any) -> None:
    assert go(listed, AT_ONCE, only=["MMGC"]).cases == ("B3-MMGC-0001",)
    assert standing(listed, date(2025, 3, 4)) == ["B3-SJAQ-0001"]


@pytest.mark.clause("D-7")
def test_an_announced_day_is_kept_by_the_clock_and_dates_the_exit(listed: Any) -> None:
    go(listed, LATER)
    assert [listed.case(id_).leaving_on for id_ in (1, 2)] == ["2025-06-30"] * 2
    assert check(listed.desk, NOW).faults == []
    sweep(listed.desk, as_of=at_time(LAST, 23, 59))
    assert listed.case(1).stage == "listed"
    # Whether or not the clock came by, it has left on its day.
    assert [len(standing(listed, day)) for day in (LAST, date(2025, 7, 1))] == [2, 0]
    sweep(listed.desk, as_of=at_time(date(2025, 7, 9), 8))
    assert listed.story(1)[-1] == ("leave_as_announced", "exited", ENDED)
    assert [len(standing(listed, day)) for day in (LAST, date(2025, 7, 1))] == [2, 0]
    assert [each.state for each in departures(listed.desk)] == ["已退出"]
    assert check(listed.desk, at_time(date(2025, 7, 9), 8)).faults == []


def test_it_may_be_taken_back_as_a_whole_until_the_day_is_over(listed: Any) -> None:
    no = go(listed, LATER).no
    assert [each.state for each in departures(listed.desk)] == ["待退出"]
    later = at_time(LAST, 23)
    made = stay(listed.desk, no, reason="继续开展业务", by=OWN, as_of=later)
    assert made.cases == ("B3-SJAQ-0001", "B3-MMGC-0001")
    assert listed.letters(1)[-2:] == ["leaving_taken_back/applicant", "leaving_taken_back/recommender"]
    sweep(listed.desk, as_of=ENDED)
    assert [listed.case(id_).stage for id_ in (1, 2)] == ["listed"] * 2
    with pytest.raises(Refused, match="已经撤销"):
        stay(listed.desk, no, reason="再次撤销", by=OWN, as_of=ENDED)
    assert check(listed.desk, ENDED).faults == []
    assert go(listed, AT_ONCE, as_of=ENDED).no == "TC-2025-0002"


def test_what_took_effect_is_not_taken_back(listed: Any) -> None:
    no = go(listed, LATER).no
    sweep(listed.desk, as_of=ENDED)
    with pytest.raises(Refused, match="已经生效，不能撤销"):
        stay(listed.desk, no, reason="撤销", by=OWN, as_of=ENDED)


@pytest.mark.parametrize("new", [AT_ONCE, LATER], ids=["at once", "later"])
def test_said_twice_it_is_one_act(listed: Any, new: NewDeparture) -> None:
    first = go(listed, new)
    before = listed.contents()
    assert go(listed, new) == Left(first.no, first.cases, first.last_day, absorbed=True)
    assert listed.contents() == before


def test_another_day_needs_the_first_to_be_taken_back(listed: Any) -> None:
    go(listed, LATER)
    assert "已登记预定退出的最后服务日，如需更改请先撤销原预告" in refusal(
        listed, NewDeparture("业务调整", "示例档案室", date(2025, 5, 31))
    )


def test_one_that_cannot_leave_keeps_all(listed: Any) -> None:
    go(listed, LATER, only=["MMGC"])
    assert refusal(listed, NewDeparture("业务调整", "示例档案室", date(2025, 5, 31))).startswith(
        "整批未办理：B3-MMGC-0001："
    )
    assert listed.case(1).leaving_on is None


@pytest.mark.clause("I21-4.6.5")
def test_the_preview_says_what_is_owed_and_what_was_shown_is_what_happens(listed: Any) -> None:
    listed.begin(occupation="JQRG", institution_id=1)
    shown = preview(listed.desk, "U1", by=OWN, as_of=NOW, last_day=LAST)
    assert [(each.no, each.why_not) for each in shown.listings] == [
        ("B3-SJAQ-0001", ""),
        ("B3-MMGC-0001", ""),
    ]
    assert shown.listings[0].obligations[0] == "过程档案自退出之日起至少保存5年，至2030-07-01（I21-4.6.5）"
    assert shown.applying == ("B3-JQRG-0001",)
    listed.make("record_activity", 1, NOW, person_times=5)
    assert (
        refusal(listed, LATER, mark=shown.mark)
        == "预览之后情况已有变动，请重新预览（--dry-run）后再办理。（M24-20c）"
    )
    again = preview(listed.desk, "U1", by=OWN, as_of=NOW, last_day=LAST)
    assert go(listed, LATER, mark=again.mark).cases == ("B3-SJAQ-0001", "B3-MMGC-0001")


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (NewDeparture("", "示例档案室"), "须填写退出理由。"),
        (NewDeparture("业务调整", " "), "须填写档案保存地点和保管单位。"),
        (NewDeparture("业务调整", "示例档案室", learners=3), "尚有3名在训（在评）人员，须写明如何安排"),
        (NewDeparture("业务调整", "示例档案室", learners=-1), "在训（在评）人数应为0至"),
        (NewDeparture("业务调整", "示例档案室", note="请致电13800138000"), "公告说明中含有手机号码"),
        (NewDeparture("业务调整", "示例档案室", date(2025, 3, 2)), "整批未办理：B3-SJAQ-0001：最后服务日（last_day）"),
        (NewDeparture("业务调整", "示例档案室", date(2027, 10, 11)), "整批未办理：B3-SJAQ-0001：最后服务日（last_day）"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_in_words(listed: Any, new: NewDeparture, sentence: str) -> None:
    assert refusal(listed, new).startswith(sentence)


def test_nobody_else_makes_an_institution_leave(listed: Any, office: Actor) -> None:
    for by in (office, Actor("示例", Role.APPLICANT, "2"), Actor("示例", Role.RECOMMENDER, "P50")):
        assert refusal(listed, AT_ONCE, by=by).startswith("主动退出只能由示例机构1自己提出")


@pytest.mark.clause("D-13")
def test_who_leaves_before_missing_its_day_may_come_back_at_once(listed: Any) -> None:
    go(listed, LATER)
    sweep(listed.desk, as_of=ENDED)
    assert listed.case(1).cooling_until is None
