"""A vote that closed short of its quorum goes on, with words and for the missing alone; no other vote does."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from casework.actors import Actor
from casework.panels.extending import extend_vote
from casework.panels.panel import PanelView
from casework.panels.sweep import sweep_panels
from states.calendar import SHANGHAI
from states.refusals import Refused
from states.roles import Role

Ground = Any  # of conftest
MEETS, CLOSES = datetime(2024, 7, 15, 9, tzinfo=SHANGHAI), datetime(2024, 7, 17, 17, tzinfo=SHANGHAI)
NEXT_DAY, LATER = CLOSES + timedelta(hours=17), CLOSES + timedelta(days=2)
QUORUM = 4
"""Of five seats."""


@pytest.fixture
def closed(ground: Ground) -> Any:
    """Makes a panel whose vote has closed with so many ballots."""

    def close(ballots: int) -> str:
        no: str = ground.confirmed(meets_at=MEETS, closes_at=CLOSES, quorum=QUORUM)
        ground.programme.spoil("UPDATE panel SET public_key = 'example' WHERE no = ?", no)
        sweep_panels(ground.desk, as_of=MEETS)
        for seat in ground.seats(no)[:ballots]:
            ground.programme.spoil(
                "INSERT INTO ballot (panel_id, seat_id, sealed, receipt, cast_at) VALUES (?,?,'',?,?)",
                ground.panel(no).id, seat.id, str(seat.place), MEETS,
            )  # fmt: skip
        sweep_panels(ground.desk, as_of=CLOSES)
        return no

    return close


def extend(ground: Ground, no: str, **given: Any) -> PanelView:
    asked = {
        "closes_at": LATER,
        "because": "投票未达法定人数。",
        "by": ground.office,
        "as_of": NEXT_DAY,
        **given,
    }
    return extend_vote(ground.desk, no, **asked)


@pytest.mark.clause("M24-7.3d")
def test_the_missing_get_a_fresh_link_and_the_vote_closes_again_at_the_new_time(
    ground: Ground, closed: Any
) -> None:
    no = closed(QUORUM - 1)
    ground.staff("zhou", Role.OFFICE)
    assert (extend(ground, no).state, ground.panel(no).closes_at) == ("voting", LATER)
    reminded = [
        [each.letter for each in ground.letters(seat)].count("expert_ballot_due") for seat in ground.seats(no)
    ]
    # The reminders before the first close were due with it, and too late then.
    assert reminded == [0, 0, 0, 1, 1]
    assert ground.noted("vote_extended")[0]["missing"] == 2
    assert sweep_panels(ground.desk, as_of=LATER).fired["closes"] == 1
    assert ground.panel(no).state == "closed"
    assert len(ground.told("panel_ballots_closed")) == 1


@pytest.mark.clause("M24-7.3d")
def test_nobody_waits_for_one_more_vote_once_the_quorum_is_there(ground: Ground, closed: Any) -> None:
    no = closed(QUORUM)
    with pytest.raises(Refused, match="均达到法定人数，不能延长投票"):
        extend(ground, no)


@pytest.mark.clause("M24-7.3d")
@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"because": " "}, "延长投票须写明理由"),
        ({"closes_at": NEXT_DAY}, "应晚于现在"),
        ({"by": Actor("示例监督员", Role.AUDITOR)}, "只能由"),
    ],
)
def test_a_vote_goes_on_only_with_words_ahead_and_by_those_who_decide(
    ground: Ground, closed: Any, given: dict[str, Any], sentence: str
) -> None:
    no = closed(1)
    with pytest.raises(Refused, match=sentence):
        extend(ground, no, **given)
    assert ground.panel(no).state == "closed"


@pytest.mark.clause("M24-7.3d")
def test_only_a_closed_vote_goes_on(ground: Ground) -> None:
    with pytest.raises(Refused, match="已确认，不能延长投票"):
        extend(ground, ground.confirmed())
