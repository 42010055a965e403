"""A count is the same whoever counts and in whatever order, and what cannot be counted is refused."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.panels import PanelPlan, planned
from states.refusals import Refused
from states.rulebook import call_rules
from states.tally import Ballot, CaseTally, Vote, short_of_quorum, tally

B3 = call_rules("B3").track("evaluation")
PLAN = planned(B3)
CASE = "B3-SJAQ-0001"
FULL = dict(PLAN.criteria)


def ballot(voter: str, vote: Vote, marks: Mapping[str, int] = FULL, case: str = CASE) -> Ballot:
    return Ballot(voter, case, vote, {} if vote is Vote.ABSTAIN else marks)


def ballots(recommend: int, against: int = 0, abstain: int = 0) -> list[Ballot]:
    votes = [Vote.RECOMMEND] * recommend + [Vote.NOT] * against + [Vote.ABSTAIN] * abstain
    return [ballot(f"V{number}", vote) for number, vote in enumerate(votes)]


def count(cast: Sequence[Ballot], plan: PanelPlan = PLAN) -> CaseTally:
    (found,) = tally(cast, [CASE], plan)
    return found


@pytest.mark.clause("M24-7.3d", "B3-4.4")
def test_a_count_says_who_voted_how_and_what_came_of_it() -> None:
    marks = [{**FULL, "strength": strength} for strength in (35, 20, 10, 5, 0)]
    cast = [ballot(f"V{number}", Vote.RECOMMEND, each) for number, each in enumerate(marks)]
    cast += [ballot("V5", Vote.NOT, dict.fromkeys(FULL, 0)), ballot("V6", Vote.ABSTAIN)]
    assert count(cast) == CaseTally(CASE, 5, 1, 1, 7, 0, True, Fraction(395, 6), True)
    assert (count(cast).present, count(cast).share) == (7, Fraction(5, 7))


@pytest.mark.clause("M24-7.3d")
@pytest.mark.parametrize(
    ("recommend", "against", "abstain", "recommended"),
    [(4, 2, 0, True), (4, 3, 0, False), (5, 2, 0, True), (4, 1, 1, True), (4, 0, 3, False), (0, 0, 5, False)],
)
def test_exactly_two_thirds_are_two_thirds_and_an_abstention_does_not_lower_them(
    recommend: int, against: int, abstain: int, recommended: bool
) -> None:
    found = count(ballots(recommend, against, abstain))
    assert (found.votes_cast, found.recommended) == (recommend + against + abstain, recommended)


@pytest.mark.clause("M24-7.3d")
def test_where_abstentions_do_not_count_they_are_left_out_of_the_share_and_kept_in_the_quorum() -> None:
    panel = B3.panel.model_copy(
        update={"abstentions_count": B3.panel.abstentions_count.model_copy(update={"value": False})}
    )
    plan = planned(B3.model_copy(update={"panel": panel}))
    found = count(ballots(4, 1, 2), plan)
    assert (found.votes_cast, found.present, found.quorate, found.recommended) == (5, 7, True, True)
    nobody = count(ballots(0, 0, 7), plan)
    assert (nobody.votes_cast, nobody.share, nobody.score) == (0, Fraction(0), None)
    assert not nobody.recommended


@pytest.mark.clause("M24-7.3d")
def test_without_a_quorum_nothing_is_recommended() -> None:
    assert [(found.quorate, found.recommended) for found in (count(ballots(4)), count(ballots(5)))] == [
        (False, False),
        (True, True),
    ]


@pytest.mark.clause("M24-7.3d")
def test_what_lacks_a_quorum_is_said_before_ballots_are_opened() -> None:
    present = {"B3-SJAQ-0001": 5, "B3-SJAQ-0002": 4}
    assert short_of_quorum(present, ["B3-SJAQ-0003", "B3-SJAQ-0002", "B3-SJAQ-0001"], PLAN) == tuple(
        f"申报{case}到会投票{voted}人，不足法定人数5人，不能开票，请补抽专家或延长投票（M24-7.3d）。"
        for case, voted in (("B3-SJAQ-0002", 4), ("B3-SJAQ-0003", 0))
    )


@pytest.mark.clause("M24-7.3b", "D-10")
def test_who_is_recused_from_a_case_neither_votes_on_it_nor_lowers_its_quorum() -> None:
    recused = {CASE: {"V5", "V6"}}
    (found,) = tally(ballots(5), [CASE], PLAN, recused)
    assert (found.recused, found.present, found.quorate) == (2, 5, True)
    with pytest.raises(Refused, match="^选票V5对申报B3-SJAQ-0001的表决不能计入：该专家应回避此申报。"):
        tally(ballots(6), [CASE], PLAN, recused)


@pytest.mark.clause("M24-7.3d")
@pytest.mark.parametrize(
    ("cast", "why"),
    [
        ([ballot("V1", Vote.NOT, case="B3-MMGC-0001")], "该申报不在本专家组评议范围内"),
        ([ballot("V1", Vote.NOT), ballot("V1", Vote.RECOMMEND)], "重复投票，只能计一次"),
        ([ballot("V1", Vote.NOT), ballot("V1", Vote.NOT)], "重复投票，只能计一次"),
        ([Ballot("V1", CASE, Vote.ABSTAIN, FULL)], "弃权的不打分"),
        ([ballot("V1", Vote.NOT, {"standing": 15, "strength": 35, "priority": 0})],
         "缺少评分：培训或考核评价的经验和规模、自愿接受监督"),
        ([ballot("V1", Vote.NOT, {**FULL, "looks": 3})], "没有评分项目“looks”"),
        ([ballot("V1", Vote.NOT, {**FULL, "priority": 11})], "“优先遴选情形”应在0至10分之间，现为11分"),
        ([ballot("V1", Vote.NOT, {**FULL, "priority": -1})], "“优先遴选情形”应在0至10分之间，现为-1分"),
    ],
)  # fmt: skip
def test_a_ballot_that_cannot_be_counted_is_refused(cast: list[Ballot], why: str) -> None:
    with pytest.raises(Refused) as refused:
        tally(cast, [CASE], PLAN)
    assert refused.value.sentence.endswith(f"的表决不能计入：{why}。")
    assert refused.value.clause == "M24-7.3d"


@pytest.mark.clause("M24-7.3d")
def test_no_more_vote_than_have_seats() -> None:
    with pytest.raises(Refused, match="^投票人数8人，多于专家组人数7人，不能计票。"):
        count(ballots(8))


CASES = ("B3-SJAQ-0001", "B3-SJAQ-0002", "B3-SJAQ-0003")
MARKS = st.fixed_dictionaries({key: st.integers(0, full) for key, full in FULL.items()})


@st.composite
def opened_sets(draw: st.DrawFn) -> list[Ballot]:
    """Ballots of up to seven experts on three cases, some of them not cast."""
    pairs = [(f"V{voter}", case) for voter in range(7) for case in CASES]
    cast = draw(st.lists(st.sampled_from(pairs), unique=True))
    return [ballot(voter, draw(st.sampled_from(Vote)), draw(MARKS), case) for voter, case in cast]


@pytest.mark.clause("M24-7.3d")
@given(opened_sets(), st.randoms(use_true_random=False))
def test_the_order_of_the_ballots_does_not_matter(cast: list[Ballot], random: Random) -> None:
    shuffled = list(cast)
    random.shuffle(shuffled)
    assert tally(shuffled, CASES[::-1], PLAN) == tally(cast, CASES, PLAN)


@pytest.mark.clause("M24-7.3d")
@given(opened_sets())
def test_every_ballot_is_counted_once(cast: list[Ballot]) -> None:
    found = tally(cast, CASES, PLAN)
    assert [each.case for each in found] == list(CASES)
    assert sum(each.present for each in found) == len(cast)


@pytest.mark.clause("M24-7.3d")
@given(opened_sets())
def test_one_more_recommendation_never_loses_one(cast: list[Ballot]) -> None:
    turned = [Ballot(each.voter, each.case, Vote.RECOMMEND, each.marks or FULL) for each in cast]
    before, after = tally(cast, CASES, PLAN), tally(turned, CASES, PLAN)
    assert [b.recommended and not a.recommended for b, a in zip(before, after, strict=True)] == [False] * 3
