"""What may be done with a case now, by whom, and for everything else why not."""

from datetime import UTC, datetime
from typing import Any

import pytest

from casework.actors import Actor
from casework.history import CaseView, show
from casework.possible import blockers
from records.transaction import reading
from states.roles import Role

Programme = Any  # of conftest
NO = "B3-SJAQ-0001"


def at(*when: int) -> datetime:
    """A Shanghai morning as UTC."""
    year, month, day = when
    return datetime(year, month, day, 2, tzinfo=UTC)


def seen(programme: Programme, as_of: datetime, actor: Actor | None = None) -> CaseView:
    """The first case."""
    return show(programme.desk, NO, as_of=as_of, actor=actor)


def test_every_move_of_the_process_either_may_be_made_or_says_why_not(programme: Programme) -> None:
    programme.bring(programme.begin(), "initial_review")
    case = seen(programme, at(2024, 6, 20))
    names = {each.move.name for each in case.moves}
    assert names | case.why_not.keys() == set(case.process.labels)
    assert names & case.why_not.keys() == set()
    assert all(case.why_not.values())


def test_a_move_names_who_may_make_it_the_holder_first(programme: Programme) -> None:
    programme.begin()
    moves = {each.move.name: each for each in seen(programme, at(2024, 6, 10)).moves}
    assert [role.value for role in moves["return_for_correction"].by] == ["recommender", "office"]
    assert (moves["recommend"].to.key, [ask.key for ask in moves["recommend"].asks]) == (
        "recommended", ["letter_no", "letter_date"],
    )  # fmt: skip


@pytest.mark.clause("D-9")
def test_an_unmet_condition_is_the_reason(programme: Programme) -> None:
    programme.begin()
    programme.bring([1], "recommended")
    programme.spoil("UPDATE cases SET paper_at = NULL")
    programme.make("begin_review", 1, at(2024, 6, 18))
    assert seen(programme, at(2024, 6, 20)).why_not["pass_initial"] == (
        "纸质推荐函和推荐表尚未收到（纸质待补），收到并登记后方可进入专家评议。（D-9）"
    )


def test_an_account_is_told_what_its_role_may_do(programme: Programme) -> None:
    programme.bring(programme.begin(), "initial_review")
    case = seen(programme, at(2024, 6, 20), Actor("示例", Role.GROUP))
    assert [each.move.name for each in case.moves] == ["disqualify"]
    assert case.why_not["fail_initial"] == (
        "“初核不通过”只能由工程指导协调小组办公室办理，当前身份为工程指导协调小组。（B3-4.4）"
    )


def test_a_move_of_another_stage_says_what_can_be_done_here(programme: Programme) -> None:
    programme.begin()
    assert (
        seen(programme, at(2024, 6, 10))
        .why_not["publicise"]
        .startswith("“待推荐”环节不能“列入拟公示名单”，可办理的有：推荐（recommend）、")
    )


@pytest.mark.clause("B3-4.6")
def test_a_clock_move_is_nobodys_to_make(programme: Programme) -> None:
    programme.bring(programme.begin(), "publicity")
    assert seen(programme, at(2024, 9, 27)).why_not["list"] == (
        "“列入目录”由系统在2024-10-09期满时自动办理，不能人工办理。（B3-4.6）"
    )


@pytest.mark.clause("M24-7.3e")
def test_what_must_be_stated_besides_what_is_always_asked_is_said(programme: Programme) -> None:
    programme.bring(programme.begin(), "expert_review")
    programme.make("record_result", 1, at(2024, 7, 22), votes_for=2, votes_cast=7)
    programme.make("conclude_review", 1, at(2024, 7, 23))
    publicise = next(each for each in seen(programme, at(2024, 7, 24)).moves if each.move.name == "publicise")
    assert publicise.unless_stated == (
        "专家组表决未达推荐比例；复核结论与专家意见不一致的，须书面说明理由（departure）。（M24-7.3e）"
    )


@pytest.mark.clause("B3-1.3")
def test_a_full_quota_is_the_reason(programme: Programme) -> None:
    first, *others = programme.bring(programme.begin(3), "recheck")
    for id_ in others:
        programme.make("publicise", id_, at(2024, 9, 26))
    assert programme.case(first).no == NO
    assert (
        seen(programme, at(2024, 9, 27)).why_not["publicise"]
        == "该职业的遴选名额已满，不能再列入。（B3-1.3）"
    )


@pytest.mark.clause("D-7")
def test_what_the_clock_owes_comes_first(programme: Programme) -> None:
    programme.begin()
    case = seen(programme, at(2024, 6, 25))
    assert case.moves == ()
    assert case.why_not["recommend"] == (
        "期限已于2024-06-21届满，“申报截止未获推荐”尚待到期办理，请先运行 linxuan sweep 再办理。（D-7）"
    )


def test_nothing_may_be_done_before_the_last_thing_that_was(programme: Programme) -> None:
    programme.bring(programme.begin(), "recommended")
    case = seen(programme, at(2024, 6, 4))
    assert case.moves == ()
    assert case.why_not["begin_review"] == "该申报在2024-06-12还有变动，不能以更早的时间办理。"


def test_what_keeps_the_holder_from_moving_it_on(programme: Programme) -> None:
    programme.bring(programme.begin(), "expert_review")
    with reading(programme.desk.engine) as tx:
        found = blockers(tx, programme.desk, [NO], as_of=at(2024, 9, 1))
    assert found == {NO: ["“评议结束”：专家组尚无表决结果，请先登记表决票数。（M24-7.3d）"]}
