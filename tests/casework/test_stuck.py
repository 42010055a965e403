"""What is stuck and why."""

from datetime import UTC, datetime
from typing import Any

import pytest

from casework.actors import Actor
from casework.selection import Selection
from casework.stuck import HELD_MOVES, OVERDUE, stuck
from casework.sweep import sweep
from records.timers import HELD
from states.roles import Role

Programme = Any  # of conftest

EVERYTHING = Selection()
IN_AUGUST = datetime(2024, 8, 1, 2, tzinfo=UTC)


def test_nothing_is_stuck_before_its_last_day_is_over(programme: Programme) -> None:
    programme.bring(programme.begin(), "initial_review")
    # 20 working days after Monday 17 June: the last is Monday 15 July.
    assert stuck(programme.desk, EVERYTHING, as_of=datetime(2024, 7, 15, 15, 59, tzinfo=UTC)) == []
    (found,) = stuck(programme.desk, EVERYTHING, as_of=datetime(2024, 7, 15, 16, tzinfo=UTC))
    assert (found.no, found.stage, found.held_by, found.days_over, found.days_in_stage, found.held) == (
        "B3-SJAQ-0001", "initial_review", "office", 1, 21, False,
    )  # fmt: skip
    assert found.due_at == datetime(2024, 7, 15, 16, tzinfo=UTC)
    assert found.clause == "设置"


def test_whose_move_it_is_stands_in_the_reason(programme: Programme) -> None:
    programme.bring(programme.begin(), "initial_review")
    (found,) = stuck(programme.desk, EVERYTHING, as_of=IN_AUGUST)
    assert found.why == (
        "等待工程指导协调小组办公室办理：初核通过、初核不通过、退回补正、认定弄虚作假，终止申报"
    )


def test_the_longest_overdue_come_first_and_the_limit_holds(programme: Programme) -> None:
    early, late = programme.begin(2)
    programme.bring([early], "initial_review")
    programme.bring([late], "recommended")
    programme.make("begin_review", late, datetime(2024, 6, 20, 2, tzinfo=UTC))
    found = stuck(programme.desk, EVERYTHING, as_of=IN_AUGUST)
    assert [each.no for each in found] == ["B3-SJAQ-0001", "B3-SJAQ-0002"]
    assert [each.no for each in stuck(programme.desk, EVERYTHING, as_of=IN_AUGUST, limit=1)] == [
        "B3-SJAQ-0001"
    ]


@pytest.mark.clause("D-2", "B3-4.6")
def test_a_held_clock_move_is_stuck_with_its_reason(programme: Programme) -> None:
    (id_,) = programme.bring(programme.begin(), "publicity")
    programme.make("object", id_, datetime(2024, 9, 29, 2, tzinfo=UTC), objection="示例异议")
    sweep(programme.desk, as_of=datetime(2024, 10, 9, 16, tzinfo=UTC))
    (found,) = stuck(programme.desk, EVERYTHING, as_of=datetime(2024, 10, 9, 16, tzinfo=UTC))
    assert (found.no, found.stage, found.held) == ("B3-SJAQ-0001", "publicity", True)
    assert found.why == "尚有未办结的异议，公示期满后仍须先处理异议，结论作出前不得列入目录。（B3-4.6）"


def test_a_recommender_sees_what_is_stuck_in_its_own_scope_alone(programme: Programme) -> None:
    programme.bring(programme.begin(), "initial_review")
    for scope, seen in (("P50", 1), ("P51", 0)):
        actor = Actor("示例经办人", Role.RECOMMENDER, scope)
        assert len(stuck(programme.desk, EVERYTHING, as_of=IN_AUGUST, actor=actor)) == seen


def test_the_choice_narrows_what_is_stuck(programme: Programme) -> None:
    programme.bring(programme.begin(), "initial_review")
    for chosen, seen in (
        (Selection(stage="initial_review", province="50"), 1),
        (Selection(stage="recheck"), 0),
        (Selection(province="51"), 0),
    ):
        assert len(stuck(programme.desk, chosen, as_of=IN_AUGUST)) == seen


@pytest.mark.parametrize("analysed", [False, True])
@pytest.mark.parametrize(
    ("query", "chosen", "index"),
    [
        (OVERDUE, Selection(), "SEARCH c USING INDEX cases_by_due (due_at<?)"),
        (
            OVERDUE,
            Selection(stage="initial_review", province="50"),
            "SEARCH c USING INDEX cases_by_stage_and_due (stage=? AND province=? AND due_at<?)",
        ),
        (
            OVERDUE,
            Selection(channel="P50", stage="initial_review"),
            "SEARCH c USING INDEX cases_by_channel (channel=? AND stage=? AND due_at<?)",
        ),
        (HELD_MOVES, Selection(), "SEARCH t USING INDEX timers_by_instant (fires_at>?)"),
    ],
    ids=["overdue", "overdue of a stage and province", "overdue of a channel and stage", "held"],
)
def test_what_is_stuck_is_found_by_its_index_with_or_without_statistics(
    programme: Programme, analysed: bool, query: str, chosen: Selection, index: str
) -> None:
    programme.begin(20)
    if analysed:
        programme.spoil("ANALYZE")
    where, values = chosen.where()
    plan = [
        row[3] for row in programme.rows(f"EXPLAIN QUERY PLAN {query.format(where=where)}", *values, HELD, 50)
    ]
    assert plan[0] == index
    assert [step for step in plan if "SCAN" in step or "TEMP B-TREE" in step] == []
