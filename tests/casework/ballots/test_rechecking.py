"""Recusal asked again, of a panel that reads real forms."""

from typing import Any

import pytest

from casework.ballots.opening import open_ballots
from casework.ballots.rechecking import Rechecked, recheck_conflicts
from casework.pool.profile import Profile
from records.transaction import reading
from states.refusals import Refused


def asked(board: Any) -> Rechecked:
    with reading(board.desk.engine) as tx:
        return recheck_conflicts(tx, board.panel, board.panel.closes_at)


def employ(board: Any, place: int) -> None:
    """The expert of a seat goes to work for the first applicant."""
    board.spoil(
        "UPDATE expert SET (employer, uscc) = (SELECT i.name, i.uscc FROM institution i JOIN cases c"
        " ON c.institution_id = i.id WHERE c.id = ?) WHERE id = (SELECT expert_id FROM seat WHERE id = ?)",
        board.case_ids[0], board.seats[place],
    )  # fmt: skip


@pytest.mark.clause("M24-7.3b")
def test_a_panel_without_conflicts_votes_and_opens(filed: Any) -> None:
    assert asked(filed) == Rechecked()
    for seat in filed.seats:
        filed.vote(seat)
    assert filed.open(recheck=recheck_conflicts).counted == 7


@pytest.mark.clause("M24-7.3b", "D-10")
def test_who_is_recused_from_a_case_votes_on_the_others_alone(filed: Any) -> None:
    first, second = filed.case_ids
    employ(filed, 0)
    assert asked(filed).recused == {filed.seats[0]: frozenset([first])}
    with pytest.raises(
        Refused, match=rf"^您对申报{filed.panel.cases[first]}应予回避，不能投票。（M24-7.3b）$"
    ):
        filed.vote(filed.seats[0])
    filed.cast(filed.seats[0], {second: filed.sheet()})
    for seat in filed.seats[1:]:
        filed.vote(seat)
    filed.open(recheck=recheck_conflicts)
    assert [(each.votes_cast, each.recused) for each in filed.count().tallies] == [(6, 1), (7, 0)]


@pytest.mark.clause("M24-7.3b", "D-10")
def test_a_tie_that_came_up_after_the_vote_takes_that_vote_out(filed: Any) -> None:
    for seat in filed.seats:
        filed.vote(seat)
    employ(filed, 3)
    filed.open(recheck=recheck_conflicts)
    assert [(each.votes_cast, each.recused) for each in filed.count().tallies] == [(6, 1), (7, 0)]


@pytest.mark.clause("M24-7.3b")
def test_where_a_conflict_excludes_from_the_panel_the_whole_ballot_is_out(filed: Any) -> None:
    for seat in filed.seats:
        filed.vote(seat)
    employ(filed, 3)
    filed.spoil("UPDATE panel SET recusal = 'panel'")
    assert asked(filed).barred == frozenset([filed.seats[3]])
    opened = filed.open(recheck=recheck_conflicts)
    assert [each.why for each in opened.turned] == ["barred"]
    assert [each.votes_cast for each in filed.count().tallies] == [6, 6]


@pytest.mark.clause("M24-7.3b")
def test_something_unknown_stops_the_opening_until_a_human_decides(filed: Any) -> None:
    for seat in filed.seats:
        filed.vote(seat)
    unknown = Profile(None, (), "示例院长", (), ()).to_json()
    filed.spoil("UPDATE expert SET profile = ? WHERE id = 2", unknown)
    with pytest.raises(Refused) as refused:
        filed.open(recheck=recheck_conflicts)
    assert str(refused.value) == "开启前复查回避，尚有待核定的情形：第2席“近年曾在申报单位任职”（M24-7.3b）"
    assert filed.panel.state == "voting"
    filed.spoil("UPDATE expert SET profile = ? WHERE id = 2", Profile((), (), "示例院长", (), ()).to_json())
    now = filed.panel.closes_at.replace(day=11, hour=2)
    assert open_ballots(filed.desk, filed.panel_id, filed.hand, as_of=now).counted == 7
