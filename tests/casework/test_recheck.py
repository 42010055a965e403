"""The recheck: staged, superseded, released together, by somebody else; nobody is told before."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from casework.actors import Actor
from casework.ranked import candidates, rankings
from casework.recheck import Released, Staged, release, stage, staged
from records.transaction import reading, transaction
from states.calendar import at_time
from states.refusals import Refused
from states.roles import Role

GROUP = Actor("group.zhou", Role.GROUP)
CLERK = Actor("office.ding", Role.OFFICE)
MET, RELEASED = at_time(date(2024, 9, 24), 15), at_time(date(2024, 9, 26), 17)
QUOTA = 2

Decide = Callable[..., Staged]


class Candidates:
    """Cases waiting to be chosen, and what is decided on them."""

    def __init__(self, programme: Any) -> None:
        self.programme, self.desk = programme, programme.desk

    def bring(self, *results: tuple[int, int]) -> list[str]:
        """Cases with these votes out of seven and these scores; their numbers."""
        ids = self.programme.bring(self.programme.begin(len(results)), "recheck")
        for id_, (votes, score) in zip(ids, results, strict=True):
            self.programme.spoil(
                "UPDATE cases SET votes_for = ?, votes_cast = 7, score = ?, panel_recommends = ? WHERE id = ?",
                votes, score, int(votes >= 5), id_,
            )  # fmt: skip
        return [self.programme.case(id_).no for id_ in ids]

    def stage(
        self, no: str, choice: str, words: str = "", by: Actor = GROUP, as_of: datetime = MET
    ) -> Staged:
        with transaction(self.desk.engine) as tx:
            return stage(tx, self.desk, no, choice, words=words, by=by, as_of=as_of)

    def release(self, by: Actor = GROUP) -> Released:
        return release(self.desk, "B3", by=by, as_of=RELEASED)

    def stages(self) -> list[str]:
        return [row[0] for row in self.programme.rows("SELECT stage FROM cases ORDER BY no")]


@pytest.fixture
def chosen_from(programme: Any) -> Candidates:
    return Candidates(programme)


@pytest.mark.clause("M24-7.4", "M24-7.3e")
def test_decisions_are_released_together_and_letters_are_owed_only_then(chosen_from: Candidates) -> None:
    first, second, third = chosen_from.bring((7, 90), (6, 85), (3, 50))
    letters = chosen_from.programme.rows("SELECT count(*) FROM letter")
    chosen_from.stage(first, "publicise")
    chosen_from.stage(second, "publicise")
    chosen_from.stage(third, "not_select", "未达推荐比例。")
    assert chosen_from.programme.rows("SELECT count(*) FROM letter") == letters
    assert chosen_from.stages() == ["recheck"] * 3
    assert chosen_from.release() == Released((first, second), (third,), 6)
    assert chosen_from.stages() == ["publicity", "publicity", "not_selected"]
    assert chosen_from.programme.rows("SELECT count(*) FROM decision WHERE released_by = 'group.zhou'") == [
        (3,)
    ]


@pytest.mark.clause("M24-7.4")
def test_all_are_decided_before_any_is_released(chosen_from: Candidates) -> None:
    first, second = chosen_from.bring((7, 90), (6, 85))
    chosen_from.stage(first, "publicise")
    with pytest.raises(Refused, match=rf"^申报{second}尚无复核决定，须全部决定后一并发布。（M24-7.4）$"):
        chosen_from.release()
    assert chosen_from.stages() == ["recheck"] * 2


@pytest.mark.clause("M24-7.4")
def test_a_later_decision_takes_the_place_of_an_earlier_one(chosen_from: Candidates) -> None:
    (only,) = chosen_from.bring((7, 90))
    chosen_from.stage(only, "publicise")
    chosen_from.stage(only, "not_select", "复核发现场地证明不实。")
    with reading(chosen_from.desk.engine) as tx:
        standing = staged(tx, candidates(tx, "B3", "evaluation"))
    assert [(each.number, each.choice) for each in standing.values()] == [(2, "not_select")]
    assert chosen_from.release() == Released((), (only,), 2)


@pytest.mark.clause("M24-7.3e")
@pytest.mark.parametrize(
    ("votes", "choice", "sentence"),
    [
        (
            3,
            "publicise",
            "专家组表决未达推荐比例，列入公示的，须书面说明与专家意见不一致的理由。（M24-7.3e）",
        ),
        (
            7,
            "not_select",
            "专家组推荐且排名在名额之内，不予列入的，须书面说明与专家意见不一致的理由。（M24-7.3e）",
        ),
        (3, "not_select", "不予列入的，须写明告知申报单位的理由。（M24-7.4）"),
    ],
)
def test_to_depart_from_the_panel_takes_words(
    chosen_from: Candidates, votes: int, choice: str, sentence: str
) -> None:
    (only,) = chosen_from.bring((votes, 80))
    with pytest.raises(Refused) as refused:
        chosen_from.stage(only, choice)
    assert str(refused.value) == f"申报{only}：{sentence}"
    chosen_from.stage(only, choice, "经复核并集体研究。")
    released = chosen_from.release()
    assert released.publicised + released.not_selected == (only,)
    departs = chosen_from.programme.rows("SELECT departs FROM cases")
    assert departs == [(int(choice == "publicise"),)]


@pytest.mark.clause("B3-5.1", "M24-7.3e")
def test_to_pass_over_the_ranking_takes_words(chosen_from: Candidates) -> None:
    _, _, third = chosen_from.bring((7, 90), (6, 85), (5, 80))
    with pytest.raises(Refused, match="越过排名在前者列入的，须书面说明理由"):
        chosen_from.stage(third, "publicise")


@pytest.mark.clause("B3-1.3", "B3-5.1")
def test_a_tie_at_the_quota_is_settled_in_words(chosen_from: Candidates) -> None:
    first, second, third = chosen_from.bring((7, 90), (6, 85), (6, 85))
    chosen_from.programme.spoil("UPDATE cases SET filed_at = (SELECT min(filed_at) FROM cases)")
    chosen_from.stage(first, "publicise")
    with pytest.raises(Refused) as refused:
        chosen_from.stage(second, "publicise")
    assert str(refused.value) == (
        f"申报{second}：第2名并列2家（{second}、{third}），名额只剩1个，"
        "得票、得分、优先情形和推荐时间均相同，请书面决定取舍并说明理由（B3-1.3）。"
    )
    chosen_from.stage(second, "publicise", "并列取用户评价高者。")
    chosen_from.stage(third, "not_select", "并列取舍，名额已满。")
    assert chosen_from.release() == Released((first, second), (third,), 6)
    assert chosen_from.programme.rows("SELECT sum(departs) FROM cases") == [(0,)]


@pytest.mark.clause("B3-1.3")
def test_more_than_the_quota_is_refused_and_nothing_is_released(chosen_from: Candidates) -> None:
    numbers = chosen_from.bring((7, 90), (6, 85), (5, 80))
    for no in numbers:
        chosen_from.stage(no, "publicise", "集体研究。")
    with pytest.raises(Refused, match="遴选名额已满"):
        chosen_from.release()
    assert chosen_from.stages() == ["recheck"] * 3
    assert chosen_from.programme.rows("SELECT count(*) FROM decision WHERE released_at IS NOT NULL") == [(0,)]


@pytest.mark.clause("M24-7.3e")
def test_words_that_came_to_be_owed_are_asked_for_at_the_release(chosen_from: Candidates) -> None:
    first, second = chosen_from.bring((7, 90), (6, 85))
    chosen_from.stage(first, "publicise")
    chosen_from.stage(second, "publicise")
    chosen_from.programme.spoil("UPDATE cases SET panel_recommends = 0, votes_for = 1 WHERE no = ?", second)
    with pytest.raises(Refused, match=f"^申报{second}：专家组表决未达推荐比例"):
        chosen_from.release()


@pytest.mark.clause("M24-7.3e")
def test_whoever_counted_neither_decides_nor_releases(chosen_from: Candidates) -> None:
    (only,) = chosen_from.bring((7, 90))
    spoil, at = chosen_from.programme.spoil, MET
    spoil(
        "INSERT INTO panel (id, no, version, call, track, occupation, state, size, quorum, per_employer, per_province,"
        " of_field, recusal, officers, officers_needed, created_at, updated_at) VALUES"
        " (1, 'Z1', 1, 'B3', 'evaluation', 'SJAQ', 'tallied', 7, 5, 1, 0, 0, 'panel', 2, 2, ?, ?)",
        at, at,
    )  # fmt: skip
    spoil("INSERT INTO panel_case SELECT 1, id FROM cases")
    spoil(
        "INSERT INTO opened_set (panel_id, opened_at, opened_by, ballots, tally, tallied_by)"
        " VALUES (1, ?, '', '', ?, 'group.zhou')",
        at, '{"cases":[]}',
    )  # fmt: skip
    sentence = "group.zhou是本次评议的计票人，不得再办理复核和发布，请由他人办理。（M24-7.4）"
    with pytest.raises(Refused) as refused:
        chosen_from.stage(only, "publicise")
    assert str(refused.value) == sentence
    chosen_from.stage(only, "publicise", by=Actor("group.wu", Role.GROUP))
    with pytest.raises(Refused) as refused:
        chosen_from.release()
    assert str(refused.value) == sentence
    assert chosen_from.release(by=Actor("group.wu", Role.GROUP)) == Released((only,), (), 2)
    assert chosen_from.programme.rows("SELECT state FROM panel") == [("released",)]


@pytest.mark.clause("M24-7.4", "B3-4.6")
def test_one_in_reserve_waits_untold_and_takes_a_seat_that_falls_free(chosen_from: Candidates) -> None:
    first, second, third = chosen_from.bring((7, 90), (6, 85), (5, 80))
    chosen_from.stage(first, "publicise")
    chosen_from.stage(second, "publicise")
    chosen_from.stage(third, "reserve")
    assert chosen_from.release() == Released((first, second), (), 4, (third,))
    assert chosen_from.stages() == ["publicity", "publicity", "recheck"]
    chosen_from.programme.spoil("UPDATE cases SET stage = 'not_selected' WHERE no = ?", first)
    assert chosen_from.stage(third, "publicise").number == 2
    assert chosen_from.release() == Released((third,), (), 2)


@pytest.mark.clause("M24-7.3e")
def test_keeping_in_reserve_whom_the_panel_placed_within_the_quota_takes_words(
    chosen_from: Candidates,
) -> None:
    (only,) = chosen_from.bring((7, 90))
    with pytest.raises(Refused, match="须书面说明与专家意见不一致的理由"):
        chosen_from.stage(only, "reserve")
    assert chosen_from.stage(only, "reserve", "经集体研究。").choice == "reserve"


@pytest.mark.clause("M24-7.4", "M24-3.1")
def test_only_the_group_decides_and_only_what_waits_for_it(chosen_from: Candidates) -> None:
    (only,) = chosen_from.bring((7, 90))
    with pytest.raises(Refused, match="只能由工程指导协调小组办理"):
        chosen_from.stage(only, "publicise", by=CLERK)
    with pytest.raises(Refused, match=r"^没有编号为“B3-NONE-1”的申报"):
        chosen_from.stage("B3-NONE-1", "publicise")
    with pytest.raises(
        Refused,
        match=r"^复核决定应为下列之一：publicise（列入拟公示名单）、not_select（不予列入）、reserve（留作候补）",
    ):
        chosen_from.stage(only, "perhaps")
    chosen_from.stage(only, "publicise")
    chosen_from.release()
    with pytest.raises(Refused, match="不在复核（审定）环节"):
        chosen_from.stage(only, "not_select", "反悔。")
    with pytest.raises(Refused, match=r"^批次B3没有待复核决定的申报。（M24-7.4）$"):
        chosen_from.release()


@pytest.mark.clause("M24-7.4")
def test_a_staged_decision_stands_in_no_history_of_the_case(chosen_from: Candidates) -> None:
    (only,) = chosen_from.bring((7, 90))
    before = chosen_from.programme.rows("SELECT count(*) FROM audit WHERE case_id IS NOT NULL")
    chosen_from.stage(only, "not_select", "复核发现场地证明不实。")
    assert chosen_from.programme.rows("SELECT count(*) FROM audit WHERE case_id IS NOT NULL") == before
    assert chosen_from.programme.rows("SELECT actor FROM audit WHERE name = 'stage'") == [
        ("group:group.zhou",)
    ]


@pytest.mark.clause("B3-1.3", "B3-5.1")
def test_the_ranking_counts_the_seats_already_taken(chosen_from: Candidates) -> None:
    first, second, third = chosen_from.bring((7, 90), (6, 85), (5, 80))
    chosen_from.programme.spoil("UPDATE cases SET stage = 'publicity' WHERE no = ?", first)
    with reading(chosen_from.desk.engine) as tx:
        (ranking,) = rankings(tx, chosen_from.desk, candidates(tx, "B3", "evaluation"))
    assert (ranking.quota, ranking.chosen, ranking.reserve) == (QUOTA, (second,), (third,))
