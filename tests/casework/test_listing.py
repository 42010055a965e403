"""Lists of cases, narrowed to what their reader may see."""

from datetime import UTC, datetime
from typing import Any

import pytest

from casework.actors import Actor
from casework.listing import listing
from casework.selection import Selection
from states.roles import Role

Programme = Any  # of conftest
JUNE = datetime(2024, 6, 20, 2, tzinfo=UTC)


def test_a_list_gives_the_first_by_number_and_counts_all(programme: Programme) -> None:
    programme.begin(3)
    found = listing(programme.desk, Selection(call="B3"), as_of=JUNE, limit=2)
    assert ([each.no for each in found.lines], found.total) == (["B3-SJAQ-0001", "B3-SJAQ-0002"], 3)


def test_a_line_says_where_a_case_stands_and_whether_it_is_late(programme: Programme) -> None:
    programme.begin()
    (line,) = listing(programme.desk, Selection(), as_of=JUNE).lines
    assert (line.stage, line.stage_label, line.held_by, line.channel, line.overdue) == (
        "submitted", "待推荐", "recommender", "P50", False,
    )  # fmt: skip
    (late,) = listing(programme.desk, Selection(), as_of=datetime(2024, 6, 21, 16, tzinfo=UTC)).lines
    assert late.overdue


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (None, 2),
        (Actor("示例", Role.OFFICE), 2),
        (Actor("示例", Role.AUDITOR), 2),
        (Actor("示例", Role.RECOMMENDER, "P50"), 2),
        (Actor("示例", Role.RECOMMENDER, "P51"), 0),
        (Actor("示例", Role.PROVINCE, "50"), 2),
        (Actor("示例", Role.APPLICANT, "1"), 1),
        (Actor("示例", Role.APPLICANT, ""), 0),
        (Actor("示例", Role.PANEL), 0),
    ],
)
@pytest.mark.clause("B3-4.3", "M24-11.6a")
def test_lists_and_counts_follow_the_same_policy(
    programme: Programme, actor: Actor | None, seen: int
) -> None:
    programme.begin(2)
    found = listing(programme.desk, Selection(), as_of=JUNE, actor=actor)
    assert (len(found.lines), found.total) == (seen, seen)
