"""Counting: once, from the set that was opened, into the cases; and again by anybody."""

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.actors import Actor
from casework.ballots.counting import exact_scores, kept_tallies
from casework.ballots.opened_set import recount
from casework.ballots.panel import plan_of
from records.crypt import encrypt
from records.transaction import reading
from states.draw import canonical
from states.refusals import Refused
from states.roles import Role
from states.tally import Vote


@pytest.mark.clause("M24-7.3d")
def test_the_result_is_kept_exactly_and_in_the_case_as_a_whole_number(voted: Any, programme: Any) -> None:
    voted.open()
    counted = voted.count()
    with reading(voted.desk.engine) as tx:
        assert kept_tallies(tx, voted.panel) == counted.tallies
        scores = exact_scores(tx, voted.panel_id)
    assert scores == {each.case: each.score for each in counted.tallies}
    assert [programme.case(id_).score for id_ in voted.case_ids] == [
        int(score + Fraction(1, 2)) for score in scores.values()
    ]


@pytest.mark.clause("M24-7.3d")
def test_nothing_is_counted_before_the_opening_or_twice(voted: Any) -> None:
    with pytest.raises(Refused, match="选票尚未开启"):
        voted.count()
    voted.open()
    voted.count()
    with pytest.raises(Refused, match="已经计票，不能重复登记"):
        voted.count()


@pytest.mark.clause("M24-7.3d")
def test_who_may_not_record_a_result_does_not(voted: Any) -> None:
    voted.open()
    with pytest.raises(Refused, match="登记专家组表决"):
        voted.count(by=Actor("group.zhou", Role.GROUP))
    assert (voted.panel.state, voted.noted("tally")) == ("opened", [])


@pytest.mark.clause("M24-7.3d", "M24-20c")
def test_a_case_withdrawn_after_the_vote_is_left_alone(voted: Any, programme: Any) -> None:
    first = voted.case_ids[0]
    voted.open()
    programme.make("withdraw", first, voted.panel.closes_at.replace(day=11, hour=3))
    counted = voted.count()
    assert counted.concluded == 2
    assert programme.case(first).stage == "withdrawn"


@pytest.mark.clause("B3-4.4", "M24-7.3d")
def test_a_visit_not_reported_yet_stops_the_count(voted: Any, programme: Any) -> None:
    voted.open()
    programme.spoil("UPDATE cases SET stage = 'site_visit' WHERE id = ?", voted.case_ids[0])
    with pytest.raises(Refused, match="整批未办理"):
        voted.count()
    assert {programme.case(id_).votes_cast for id_ in voted.case_ids} == {None}


@pytest.mark.clause("M24-7.3d")
def test_a_set_that_was_touched_after_the_opening_is_not_counted(voted: Any) -> None:
    opened = json.loads(voted.open().opened_set)
    for vote in opened["ballots"][0]["votes"]:
        vote["vote"] = "recommend" if vote["vote"] == "not" else "not"
    voted.spoil("UPDATE opened_set SET ballots = ?", encrypt(canonical.text(opened)))
    with pytest.raises(Refused, match="与开启时记入审计日志的指纹不符，可能被改动过，请停止计票并核查"):
        voted.count()


@pytest.mark.clause("M24-7.3d")
@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda ballots: ballots.append(ballots[0]), "duplicate"),
        (lambda ballots: ballots.append({**ballots[0], "panel": "B3-MIMA-Z09"}), "foreign"),
        (lambda ballots: ballots.append({"format": "something else"}), "foreign"),
        (lambda ballots: ballots.append({**ballots[0], "tracker": "0" * 32, "votes": [{"case": "?"}]}), "unreadable"),
        (
            lambda ballots: ballots.append(
                {**ballots[0], "tracker": "0" * 32, "votes": [{**ballots[0]["votes"][0], "marks": {"standing": 99}}]}
            ),
            "unreadable",
        ),
    ],
)  # fmt: skip
def test_a_recount_names_what_it_leaves_out(
    voted: Any, spoil: Callable[[list[dict[str, Any]]], None], why: str
) -> None:
    plan, text = plan_of(voted.desk, voted.panel), voted.open().opened_set
    honest, opened = recount(text, plan), json.loads(text)
    spoil(opened["ballots"])
    again = recount(canonical.text(opened), plan)
    assert again.tallies == honest.tallies
    assert [each.why for each in again.turned] == [why]
    assert again.turned[0].sentence.endswith("，不予计入。")


@pytest.mark.clause("M24-7.3d")
def test_what_is_no_opened_set_is_refused(voted: Any) -> None:
    plan = plan_of(voted.desk, voted.panel)
    for text in ("", "[]", "{}", '{"format":"linxuan opened 1"}', '{"format":"another","ballots":[]}'):
        with pytest.raises(Refused, match="这不是开票结果文件"):
            recount(text, plan)


@pytest.mark.clause("M24-7.3d")
def test_the_count_does_not_depend_on_the_order_of_the_set(voted: Any) -> None:
    plan, text = plan_of(voted.desk, voted.panel), voted.open().opened_set
    honest, opened = recount(text, plan), json.loads(text)

    @given(st.permutations(opened["ballots"]))
    def counted_in_another_order(ballots: list[dict[str, Any]]) -> None:
        assert recount(canonical.text({**opened, "ballots": ballots}), plan) == honest

    counted_in_another_order()


@pytest.mark.clause("M24-7.3d")
def test_a_case_on_which_all_abstain_is_not_recommended(voting: Any) -> None:
    for seat in voting.seats:
        voting.vote(seat, Vote.ABSTAIN)
    voting.open()
    assert [(each.votes_for, each.votes_cast, each.recommended) for each in voting.count().tallies] == [
        (0, 7, False)
    ] * 3
