"""Panels are planned from the rules, with their clauses, and change only while nothing is committed."""

from datetime import datetime
from typing import Any

import pytest

from casework.actors import Actor
from casework.filed_forms import filed_form
from casework.panels.planning import change_panel, plan_panels, published
from records.transaction import reading
from states.calendar import SHANGHAI
from states.refusals import Refused
from states.roles import Role

Ground = Any  # of conftest
NEXT_DAY = datetime(2024, 7, 5, 10, tzinfo=SHANGHAI)


@pytest.mark.clause("M24-7.3c", "B3-4.4")
def test_one_panel_is_planned_for_each_occupation_under_review(ground: Ground) -> None:
    ground.under_review(1, occupation="MMGC")
    made = plan_panels(ground.desk, "B3", by=ground.office, as_of=datetime(2024, 7, 2, 9, tzinfo=SHANGHAI))
    assert [(each.no, each.state, each.size, each.quorum, each.of_field) for each in made] == [
        ("B3-MMGC-P01", "planned", 7, 5, 7),
        ("B3-SJAQ-P01", "planned", 7, 5, 7),
    ]
    assert ground.programme.rows(
        "SELECT p.no, count(*) FROM panel_case c JOIN panel p ON p.id = c.panel_id GROUP BY p.no ORDER BY p.no"
    ) == [("B3-MMGC-P01", 1), ("B3-SJAQ-P01", 2)]


@pytest.mark.clause("M24-7.3c")
def test_what_is_published_says_how_much_and_by_which_clause(ground: Ground) -> None:
    no = ground.plan()
    assert published(ground.desk, no)[:6] == (
        ("专家组人数", "5人", "设置"),
        ("法定人数", "4人", "设置"),
        ("同一单位", "至多1人", "设置"),
        ("同一省份", "至多2人", "设置"),
        ("相关领域", "至少5人", "B3-4.4"),
        ("推荐比例", "表决人数的2/3（弃权计入表决人数）", "设置"),
    )


def test_cases_that_a_panel_reads_are_not_planned_again(ground: Ground) -> None:
    ground.plan()
    with pytest.raises(Refused) as refused:
        ground.plan()
    assert str(refused.value) == "第三批现在没有待专家评议、尚未编入专家组的评价机构申报。（M24-7.3c）"


def late(ground: Ground) -> int:
    """One more case under review, after the panel was planned."""
    (id_,) = ground.under_review(1)
    return int(id_)


def plan_again(ground: Ground, at: datetime) -> list[str]:
    return [each.no for each in plan_panels(ground.desk, "B3", by=ground.office, as_of=at)]


@pytest.mark.clause("M24-7.3c")
def test_a_case_that_comes_late_joins_the_panel_that_has_not_begun_to_vote(ground: Ground) -> None:
    no = ground.confirmed()
    late(ground)
    assert plan_again(ground, NEXT_DAY) == [no]
    assert ground.programme.rows("SELECT count(*) FROM panel_case") == [(3,)]
    assert (ground.panel(no).state, ground.states(no)) == ("confirmed", ["confirmed"] * 5)
    assert ground.noted("joined") == [{"panel": no, "cases": 1}]


@pytest.mark.clause("M24-7.3b")
def test_recusal_is_asked_again_of_those_seated_when_a_case_joins(ground: Ground) -> None:
    no = ground.confirmed()
    id_ = late(ground)
    with reading(ground.desk.engine) as tx:
        form = filed_form(tx, id_)
    assert form is not None
    ground.programme.spoil(
        "UPDATE expert SET employer = ?, uscc = ? WHERE id = ?",
        form.institution, form.uscc, ground.seats(no)[2].expert_id,
    )  # fmt: skip
    assert plan_again(ground, NEXT_DAY) == [no]
    assert ground.states(no) == ["confirmed", "confirmed", "conflicted", "confirmed", "confirmed"]
    assert ground.panel(no).state == "drawn"


@pytest.mark.clause("M24-7.3c")
def test_a_case_that_comes_during_a_commitment_waits_for_its_draw_in_words(ground: Ground) -> None:
    no = ground.plan()
    ground.commit(no)
    late(ground)
    with pytest.raises(Refused) as refused:
        plan_again(ground, NEXT_DAY)
    assert str(refused.value) == (
        f"专家组{no}已公布承诺，数据安全工程技术人员后到的申报待本轮抽取完成后编入该组。（M24-7.3c）"
    )


@pytest.mark.clause("M24-7.3d")
def test_a_case_that_comes_after_the_vote_began_gets_a_panel_of_its_own(ground: Ground) -> None:
    no = ground.confirmed()
    ground.programme.spoil("UPDATE panel SET state = 'voting' WHERE no = ?", no)
    late(ground)
    assert plan_again(ground, NEXT_DAY) == ["B3-SJAQ-P02"]


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"size": 6}, "专家组人数应为单数"),
        ({"quorum": 2}, "法定人数应超过专家组人数的一半"),
        ({"colour": 3}, "专家组没有“colour”这样的设定"),
    ],
)
def test_a_panel_that_cannot_be_is_refused_and_nothing_is_planned(
    ground: Ground, overrides: dict[str, Any], sentence: str
) -> None:
    before = ground.programme.contents()
    with pytest.raises(Refused, match=sentence):
        ground.plan(**overrides)
    assert ground.programme.contents() == before


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.RECOMMENDER, Role.PROVINCE, Role.AUDITOR])
def test_only_the_organisers_plan(ground: Ground, role: Role) -> None:
    ground.office = Actor("示例他人", role)
    with pytest.raises(Refused, match="“设定专家组”只能由"):
        ground.plan()


@pytest.mark.clause("M24-7.3c")
def test_parameters_do_not_change_while_a_commitment_is_open(ground: Ground) -> None:
    no = ground.plan()
    change_panel(ground.desk, no, by=ground.office, as_of=ground.panel(no).created_at, per_province=1)
    assert ground.panel(no).per_province == 1
    ground.commit(no)
    with pytest.raises(Refused, match="已公布承诺，在抽取完成前不能改设定"):
        change_panel(ground.desk, no, by=ground.office, as_of=ground.panel(no).updated_at, per_province=2)


@pytest.mark.clause("D-10")
def test_recusal_per_case_is_a_decision_with_a_reason(ground: Ground) -> None:
    no = ground.plan()
    at = ground.panel(no).created_at
    with pytest.raises(Refused, match="改为按件回避须写明理由和决定人"):
        change_panel(ground.desk, no, by=ground.office, as_of=at, recusal="case")
    change_panel(ground.desk, no, by=ground.office, as_of=at, recusal="case", because="示例：该领域专家不足")
    kept = ground.panel(no)
    assert (kept.recusal, kept.recusal_reason, kept.recusal_by) == (
        "case", "示例：该领域专家不足", "office:示例经办人",
    )  # fmt: skip
    assert ground.noted("changed") == [
        {
            "panel": no, "because": "示例：该领域专家不足", "recusal": "case", "recusal_by": "office:示例经办人",
        }
    ]  # fmt: skip


def test_a_vote_that_would_close_before_it_begins_is_refused(ground: Ground) -> None:
    day = datetime(2024, 7, 15, 9, tzinfo=SHANGHAI)
    with pytest.raises(Refused, match="表决截止时间应晚于开会时间"):
        ground.plan(meets_at=day, closes_at=day)
