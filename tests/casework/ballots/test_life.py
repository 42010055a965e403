"""A vote from the keys to the result in the cases."""

from typing import Any

import pytest


@pytest.mark.clause("M24-7.3d")
def test_a_panel_votes_and_its_result_stands_in_the_cases(voted: Any, programme: Any) -> None:
    opened = voted.open()
    assert (opened.counted, opened.turned) == (7, ())
    counted = voted.count()
    assert [(each.votes_for, each.votes_cast, each.recommended) for each in counted.tallies] == [
        (5, 7, True),
        (4, 7, False),
        (5, 7, True),
    ]
    assert counted.concluded == 3
    cases = [programme.case(id_) for id_ in voted.case_ids]
    assert [(case.stage, case.votes_for, case.votes_cast, bool(case.panel_recommends)) for case in cases] == [
        ("recheck", 5, 7, True),
        ("recheck", 4, 7, False),
        ("recheck", 5, 7, True),
    ]
    assert voted.panel.state == "tallied"
