"""A panel is planned before its draw, from defaults that say where they come from."""

from fractions import Fraction

import pytest

from states.draw.frame import Constraints
from states.panels import announced, planned
from states.recusal import Scope
from states.refusals import Refused
from states.rulebook import BadRules, call_rules, call_text, parse_call, regime_rules
from states.spans import working_days

B3 = call_rules("B3").track("evaluation")


@pytest.mark.clause("M24-7.3c", "B3-4.4")
def test_a_panel_of_the_third_batch_is_planned_by_the_rules() -> None:
    plan = planned(B3)
    assert (plan.size, plan.quorum, plan.per_employer, plan.per_province, plan.of_field) == (7, 5, 1, 2, 7)
    assert (plan.ratio, plan.abstentions_count) == (Fraction(2, 3), True)
    assert (plan.invitation, plan.employment_years, plan.recusal) == (working_days(3), 3, Scope.PANEL)
    assert plan.constraints() == Constraints(7, 1, 2, 7)


@pytest.mark.clause("B3-2.1", "B3-2.2", "B3-2.3", "B3-2.4", "I21-4.3", "D-10")
def test_what_is_set_is_published_before_the_draw_with_its_clauses() -> None:
    assert announced(planned(B3), B3) == (
        ("专家组人数", "7人", "设置"),
        ("法定人数", "5人", "设置"),
        ("同一单位", "至多1人", "设置"),
        ("同一省份", "至多2人", "设置"),
        ("相关领域", "至少7人", "B3-4.4"),
        ("推荐比例", "表决人数的2/3（弃权计入表决人数）", "设置"),
        ("回避方式", "整组回避", "D-10"),
        ("评分：依法登记、制度规范、社会信用", "满分15分", "B3-2.1"),
        ("评分：行业影响力、人员队伍、场地设备", "满分35分", "B3-2.2"),
        ("评分：培训或考核评价的经验和规模", "满分30分", "B3-2.3"),
        ("评分：自愿接受监督", "满分10分", "B3-2.4"),
        ("评分：优先遴选情形", "满分10分", "I21-4.3"),
    )


@pytest.mark.clause("M24-6.1", "M24-6.2", "M24-6.3", "M24-6.4", "M24-7.0", "M24-7.3c", "M24-8")
def test_under_the_measures_of_2024_the_score_sheet_asks_for_their_conditions() -> None:
    rules = regime_rules("M24")
    assert [
        [each.clause for each in rules.track(track).panel.criteria.values()]
        for track in ("evaluation", "training")
    ] == [
        ["M24-6.1", "M24-6.2", "M24-6.3", "M24-6.4", "M24-7.0"],
        ["M24-6.1", "M24-6.2", "M24-6.3", "M24-6.4", "M24-8"],
    ]
    assert [rules.track(track).panel.of_field.clause for track in ("evaluation", "training")] == [
        "M24-7.3c",
        "M24-8",
    ]


@pytest.mark.clause("M24-8")
def test_a_provinces_own_panel_may_all_come_from_the_province() -> None:
    rules = regime_rules("M24").track("training")
    assert planned(rules).per_province == 0
    assert ("同一省份", "不限", "设置") in announced(planned(rules), rules)


@pytest.mark.clause("M24-7.3c")
def test_quorum_and_field_follow_the_size_unless_they_are_set() -> None:
    larger = planned(B3, size=9)
    assert (larger.quorum, larger.of_field) == (6, 9)
    mixed = planned(B3, size=5, quorum=3, per_employer=2, per_province=0, of_field=4)
    assert (mixed.quorum, mixed.constraints()) == (3, Constraints(5, 2, 0, 4))


@pytest.mark.clause("M24-7.3c")
@pytest.mark.parametrize(
    ("pieces", "sentence"),
    [
        ({"size": 6}, "专家组人数应为单数，现为6人。"),
        ({"quorum": 3}, "法定人数应超过专家组人数的一半且不多于7人，现为3人。"),
        ({"quorum": 8}, "法定人数应超过专家组人数的一半且不多于7人，现为8人。"),
        ({"of_field": 8}, "本领域专家人数应在0至7之间，现为8。"),
        ({"per_employer": 0}, "同一单位、同一省份的人数上限不能小于1（省份填0表示不限）。"),
    ],
)
def test_a_panel_that_cannot_be_is_refused(pieces: dict[str, int], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        planned(B3, **pieces)
    assert (refused.value.sentence, refused.value.clause) == (sentence, "M24-7.3c")


def call_with(lines: str) -> str:
    """The rule file of the third batch with lines put before its panel's criteria."""
    mark = "[tracks.evaluation.panel.criteria]"
    return call_text("B3").replace(mark, f"{lines}\n\n{mark}")


@pytest.mark.clause("M24-7.3c")
def test_a_call_sets_what_differs_and_keeps_the_rest_of_its_regime() -> None:
    text = call_with('size = { value = 9, clause = "B3-4.4" }\nrecusal = { value = "case", clause = "D-10" }')
    plan = planned(parse_call(text, "B3.toml").track("evaluation"))
    assert (plan.size, plan.quorum, plan.recusal, plan.invitation) == (9, 6, Scope.CASE, working_days(3))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (call_with('size = { value = 8, clause = "B3-4.4" }'), "tracks.evaluation.panel 专家组人数（size）应为单数，现为8"),
        (call_with('recusal = { value = "none", clause = "D-10" }'),
         "tracks.evaluation.panel.recusal.value 不能写“none”，只能写：panel、case"),
        (call_with('lunch = { value = 1, clause = "D-10" }'), "tracks.evaluation.panel.lunch 不是可用的项目"),
        (call_text("B3").replace("value = 35", "value = 30"),
         "tracks.evaluation.panel 评分项目（criteria）满分合计应为100，现为95"),
        (call_text("B3").split("[tracks.evaluation.panel]")[0] + "panel = 3\n",
         "tracks.evaluation.panel 应为表，现为“3”"),
    ],
)  # fmt: skip
def test_wrong_parameters_in_a_rule_file_are_named(text: str, wrong: str) -> None:
    with pytest.raises(BadRules) as refused:
        parse_call(text, "B3.toml")
    assert str(refused.value).startswith(f"规则文件 B3.toml 有误：{wrong}")
