"""The best are chosen by votes, score, priority, then earlier recommendation; no tie is broken in silence."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.facts import Facts
from states.ranking import Place, Ranking, Standing, rank, rank_under, settle, standing_of
from states.refusals import Refused
from states.rulebook import call_rules

NOON = datetime(2024, 6, 20, 4, tzinfo=UTC)
B3, CQ23 = call_rules("B3"), call_rules("CQ23")


def standing(case: str, votes_for: int = 6, **pieces: Any) -> Standing:
    usual: dict[str, Any] = {
        "votes_cast": 7,
        "score": 80,
        "recommended_on": date(2024, 6, 18),
        "filed_at": NOON,
    }
    return Standing(case, votes_for, **{**usual, **pieces})


def ranked(*standings: Standing, quota: int = 2, taken: int = 0) -> Ranking:
    return rank(standings, quota, clause="B3-1.3", taken=taken)


@pytest.mark.clause("B3-5.1", "I21-4.3", "M24-7.0")
@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (standing("B", 7), standing("A", 6, score=100, priority=3)),
        (standing("B", 5, votes_cast=6), standing("A", 5, votes_cast=7, score=100)),
        (standing("B", score=Fraction(161, 2)), standing("A", score=80, priority=3)),
        (standing("B", score=1), standing("A", score=None, priority=3)),
        (standing("B", priority=3), standing("A", priority=2, recommended_on=date(2024, 6, 1))),
        (standing("B", recommended_on=date(2024, 6, 17)), standing("A", filed_at=None)),
        (standing("B"), standing("A", recommended_on=None)),
        (standing("B", filed_at=NOON), standing("A", filed_at=NOON.replace(hour=5))),
        (standing("B", 5), standing("A", 7, recommended=False)),
    ],
    ids=["votes", "share", "score", "no score", "priority", "recommended", "no day", "filed", "panel"],
)
def test_each_measure_speaks_only_where_those_before_it_are_equal(better: Standing, worse: Standing) -> None:
    assert ranked(worse, better).places == (Place(1, "B", False), Place(2, "A", False))


@pytest.mark.clause("B3-1.3", "B3-5.1")
def test_the_quota_takes_the_best_and_the_rest_stand_in_reserve() -> None:
    found = ranked(*(standing(f"B3-SJAQ-000{n}", 7, score=90 - n) for n in (3, 1, 2, 4)))
    assert (found.chosen, found.reserve) == (
        ("B3-SJAQ-0001", "B3-SJAQ-0002"),
        ("B3-SJAQ-0003", "B3-SJAQ-0004"),
    )
    assert (found.undecided, found.sentence, found.ties) == ((), "", ())


@pytest.mark.clause("M24-7.3e", "B3-5.1")
def test_a_quota_is_not_filled_with_whom_the_panel_did_not_recommend() -> None:
    found = ranked(standing("A", 7), standing("B", 3, recommended=False))
    assert (found.chosen, found.reserve, found.not_recommended) == (("A",), (), ("B",))


@pytest.mark.clause("B3-1.3")
def test_seats_already_taken_are_not_given_again() -> None:
    two = (standing("A", 7), standing("B", 6))
    assert [ranked(*two, taken=taken).chosen for taken in (0, 1, 2, 3)] == [("A", "B"), ("A",), (), ()]


@pytest.mark.clause("B3-5.1", "B3-1.3")
def test_a_tie_within_the_quota_is_shown_and_needs_no_decision() -> None:
    found = ranked(standing("B"), standing("A"), standing("C", 5))
    assert found.places == (Place(1, "A", True), Place(1, "B", True), Place(3, "C", False))
    assert (found.chosen, found.ties, found.sentence) == (("A", "B"), (("A", "B"),), "")


TIED = (standing("A", 7), standing("B"), standing("C"), standing("D"), standing("E", 5))


@pytest.mark.clause("B3-5.1", "B3-1.3")
def test_a_tie_over_the_last_seat_asks_for_a_decision_in_words() -> None:
    found = ranked(*TIED)
    assert (found.chosen, found.undecided, found.seats_open, found.reserve) == (
        ("A",),
        ("B", "C", "D"),
        1,
        ("E",),
    )
    assert found.sentence == (
        "第2名并列3家（B、C、D），名额只剩1个，得票、得分、优先情形和推荐时间均相同，"
        "请书面决定取舍并说明理由（B3-1.3）。"
    )


@pytest.mark.clause("B3-5.1", "B3-1.3")
def test_a_tie_is_settled_by_a_reasoned_decision() -> None:
    found = settle(ranked(*TIED), ["C"], reason="考察情况更好", by="协调小组")
    assert (found.chosen, found.reserve, found.undecided, found.sentence) == (
        ("A", "C"),
        ("B", "D", "E"),
        (),
        "",
    )
    assert found.decision == "协调小组决定取C：考察情况更好"
    assert found.ties == (("B", "C", "D"),)


@pytest.mark.clause("B3-5.1", "B3-1.3")
@pytest.mark.parametrize(
    ("choose", "reason", "by", "sentence"),
    [
        (["B", "C"], "更好", "协调小组", "应从并列的B、C、D中选定1家。"),
        (["E"], "更好", "协调小组", "应从并列的B、C、D中选定1家。"),
        ([], "更好", "协调小组", "应从并列的B、C、D中选定1家。"),
        (["B"], " ", "协调小组", "并列取舍须写明理由和决定人。"),
        (["B"], "更好", "", "并列取舍须写明理由和决定人。"),
    ],
)
def test_a_decision_on_a_tie_must_fit_it(choose: list[str], reason: str, by: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        settle(ranked(*TIED), choose, reason=reason, by=by)
    assert refused.value.sentence == sentence


@pytest.mark.clause("B3-5.1")
def test_without_a_tie_there_is_nothing_to_settle() -> None:
    with pytest.raises(Refused, match="^没有需要决定的并列名次。"):
        settle(ranked(standing("A")), ["A"], reason="更好", by="协调小组")


@pytest.mark.clause("CQ23-1.3a", "B3-1.3")
def test_evaluation_institutions_compete_in_the_nation() -> None:
    cases = [
        standing("A", 7, province="50"),
        standing("B", 6, province="11"),
        standing("C", 5, province="50"),
    ]
    for call, clause in ((B3, "B3-1.3"), (CQ23, "CQ23-1.3a")):
        (found,) = rank_under(cases, call.track("evaluation").quota)
        assert (found.area, found.quota, found.clause, found.chosen) == ("", 2, clause, ("A", "B"))


@pytest.mark.clause("CQ23-1.3b")
def test_training_institutions_compete_within_their_province() -> None:
    pairs = [(province, n) for province in ("50", "11") for n in range(6)]
    cases = [standing(f"{province}-{n}", 7, score=n, province=province) for province, n in pairs]
    found = rank_under(cases, CQ23.track("training").quota)
    assert [(each.area, each.clause, len(each.chosen), each.reserve) for each in found] == [
        ("11", "CQ23-1.3b", 5, ("11-0",)),
        ("50", "CQ23-1.3b", 5, ("50-0",)),
    ]


def test_a_case_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(Refused, match="^同一申报在排序名单中出现两次"):
        ranked(standing("A"), standing("A", 5))


@pytest.mark.clause("B3-5.1")
def test_a_case_is_ranked_by_what_is_kept_of_it() -> None:
    facts = Facts(
        1, "B3-SJAQ-0001", 3, "B3", "evaluation", "B3/evaluation@1", "SJAQ", 1, "50", "P50", "recheck",
        NOON, NOON, filed_at="2024-06-20 04:00:00.000000", priority=3, recommended_on="2024-06-18",
        votes_for=6, votes_cast=7, score=80, panel_recommends=1,
    )  # fmt: skip
    expected = standing("B3-SJAQ-0001", priority=3, province="50")
    assert standing_of(facts) == expected
    assert standing_of(facts._replace(panel_recommends=None)) == replace(expected, recommended=False)


STANDINGS = st.lists(
    st.builds(
        standing,
        st.sampled_from([f"B3-SJAQ-{n:04d}" for n in range(12)]),
        st.integers(4, 7),
        score=st.sampled_from([None, 70, 80]),
        priority=st.integers(0, 1),
        recommended=st.booleans(),
    ),
    unique_by=lambda each: each.case,
)


@pytest.mark.clause("B3-5.1")
@given(STANDINGS, st.integers(0, 4), st.randoms(use_true_random=False))
def test_the_order_of_the_cases_does_not_matter(standings: list[Standing], quota: int, random: Any) -> None:
    shuffled = list(standings)
    random.shuffle(shuffled)
    assert ranked(*shuffled, quota=quota) == ranked(*standings, quota=quota)


@pytest.mark.clause("B3-5.1", "B3-1.3")
@given(STANDINGS, st.integers(0, 4))
def test_every_case_is_in_one_list_and_no_tied_case_is_preferred(
    standings: list[Standing], quota: int
) -> None:
    found = ranked(*standings, quota=quota)
    lists = (found.chosen, found.undecided, found.reserve, found.not_recommended)
    assert sorted(case for each in lists for case in each) == sorted(each.case for each in standings)
    assert len(found.chosen) + found.seats_open <= quota
    merits = {each.case: each.merit for each in standings}
    assert {merits[case] for case in found.chosen} & {merits[case] for case in found.reserve} == set()
