"""The calls and regimes say what their texts say."""

from datetime import date, time
from fractions import Fraction
from typing import Any

import pytest

from states.call_rules import CallRules
from states.clauses import CLAUSES
from states.places import find
from states.refusals import Refused
from states.rulebook import call_rules, regime, regime_on, regime_rules
from states.ruled import Ruled
from states.spans import months, working_days

B3 = call_rules("B3")
CQ23 = call_rules("CQ23")
EVALUATION = B3.track("evaluation")


def said(ruled: Ruled[Any]) -> tuple[Any, str]:
    return ruled.value, ruled.clause


@pytest.mark.clause(
    "B3-1.1", "B3-1.3", "B3-1.4", "B3-1.5", "B3-2.1", "B3-2.3", "B3-3", "B3-4.5", "B3-5.4", "B3-A"
)
def test_the_third_batch_says_what_its_notice_says() -> None:
    assert [occupation.name for occupation in B3.occupations.value] == [
        "虚拟现实", "机器人", "增材制造", "数据安全", "密码",
    ]  # fmt: skip
    assert {
        "closes": said(EVALUATION.filing_closes),
        "paper": said(EVALUATION.paper_due),
        "quota": (*said(EVALUATION.quota), EVALUATION.quota.scope),
        "publisher": said(EVALUATION.publisher),
        "term": said(EVALUATION.term_years),
        "publicity": said(EVALUATION.publicity),
        "yearly": (*said(EVALUATION.min_yearly), EVALUATION.min_yearly.generally),
        "materials": said(EVALUATION.materials),
        "form": said(EVALUATION.form),
    } == {
        "closes": (date(2024, 6, 21), "B3-5.4"),
        "paper": (date(2024, 6, 21), "B3-5.4"),
        "quota": (2, "B3-1.3", "nation"),
        "publisher": ("group", "B3-1.4"),
        "term": (3, "B3-1.5"),
        "publicity": (working_days(5), "B3-4.5"),
        "yearly": (2000, "B3-2.3", True),
        "materials": (("recommendation_form", "registration_certificate", "credit_record"), "B3-3"),
        "form": ("evaluation", "B3-A"),
    }
    assert EVALUATION.registered_on_or_before is not None
    assert EVALUATION.business_scope is not None
    assert said(EVALUATION.registered_on_or_before) == (date(2019, 12, 31), "B3-2.3")
    assert said(EVALUATION.business_scope) == (("培训", "继续教育", "考试", "评审", "鉴定"), "B3-2.1")


@pytest.mark.clause("B3-2.3", "M24-6.3", "I21-4.2.3")
def test_a_cut_off_date_of_registration_stands_in_for_years_of_experience() -> None:
    assert EVALUATION.experience_years is None
    later = regime_rules("M24")
    assert later.experience_years is not None
    assert (*said(later.experience_years), later.registered_on_or_before) == (5, "M24-6.3", None)


@pytest.mark.clause("B3-4.4", "I21-4.4", "CQ23-4.3", "M24-7.4")
def test_a_recheck_is_held_where_the_text_asks_for_one() -> None:
    rules = (
        EVALUATION,
        regime_rules("I21").track("评价"),
        CQ23.track("evaluation"),
        regime_rules("M24").track("评价"),
    )
    assert [said(each.has_recheck) for each in rules] == [
        (True, "B3-4.4"),
        (False, "I21-4.4"),
        (False, "CQ23-4.3"),
        (True, "M24-7.4"),
    ]


@pytest.mark.clause("I21-4.5", "CQ23-4.4", "B3-4.5", "M24-7.4")
def test_a_call_overrides_the_publicity_of_its_regime() -> None:
    rules = (regime_rules("I21"), CQ23, B3, regime_rules("M24"))
    assert [said(each.publicity) for each in rules] == [
        (working_days(15), "I21-4.5"),
        (working_days(5), "CQ23-4.4"),
        (working_days(5), "B3-4.5"),
        (working_days(5), "M24-7.4"),
    ]


@pytest.mark.clause("M24-23", "M24-9.1", "M24-9.2", "M24-9.3", "M24-9.5", "I21-4.6.5", "I21-4.6.3", "D-5")
def test_a_listing_of_the_third_batch_lives_under_the_measures_of_2024() -> None:
    assert (B3.regime, said(regime("I21").lives_under)) == ("I21", ("M24", "M24-23"))
    assert [
        said(EVALUATION.renewal_apply_months),
        said(EVALUATION.min_first_term),
        said(EVALUATION.min_renewal_yearly),
        said(EVALUATION.cooling_off_years),
        said(EVALUATION.retention_electronic_years),
        said(EVALUATION.examination_report),
        EVALUATION.renewal_late_notice.clause,
    ] == [
        (3, "M24-9.1"),
        (1, "M24-9.2"),
        (200, "M24-9.3"),
        (3, "M24-9.5"),
        (5, "I21-4.6.5"),
        (months(1), "I21-4.6.3"),
        "D-5",
    ]
    assert EVALUATION.renewal_window_reminders.value == (months(6), months(5), months(4))
    assert EVALUATION.renewal_closing_reminders.value == tuple(map(working_days, (10, 5, 3, 1)))


@pytest.mark.clause("CQ23-1.1", "CQ23-1.3a", "CQ23-1.3b", "CQ23-1.4", "CQ23-5.3", "CQ23-A1", "CQ23-A2")
def test_the_second_batch_differs_by_track() -> None:
    evaluation, training = CQ23.track("evaluation"), CQ23.track("training")
    assert (len(CQ23.occupations.value), said(CQ23.filing_closes)) == (10, (date(2023, 6, 16), "CQ23-5.3"))
    assert [(*said(each.quota), each.quota.scope, *said(each.publisher), *said(each.form)) for each in (
        evaluation, training
    )] == [
        (2, "CQ23-1.3a", "nation", "group", "CQ23-1.4", "evaluation", "CQ23-A2"),
        (5, "CQ23-1.3b", "province", "province", "CQ23-1.4", "training", "CQ23-A1"),
    ]  # fmt: skip


@pytest.mark.clause("CQ23-1.3a")
def test_an_occupation_already_selected_is_closed_to_evaluation_only() -> None:
    with pytest.raises(Refused) as refused:
        CQ23.track("evaluation").offered("大数据")
    assert str(refused.value) == (
        "大数据工程技术人员已遴选评价机构，第二批（重庆）不再受理该职业申报（CQ23-1.3a）"
    )
    assert CQ23.track("training").offered("大数据").code == "DSJG"


@pytest.mark.clause("B3-1.1")
def test_an_occupation_of_another_call_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        EVALUATION.offered("云计算")
    assert str(refused.value) == "没有职业“云计算”，请按通知所列职业名称填写（B3-1.1）"
    assert EVALUATION.offered("数据安全工程技术人员").code == "SJAQ"


@pytest.mark.clause("B3-5.2")
def test_the_third_batch_takes_no_training_institutions() -> None:
    training = B3.track("training")
    assert (training.decided_by.value, said(training.reports_list)) == ("province", (True, "B3-5.2"))
    with pytest.raises(Refused) as refused:
        training.offered("数据安全")
    assert str(refused.value) == "第三批不受理培训机构申报，请向所在地省级人力资源社会保障部门咨询（B3-5.2）"


@pytest.mark.clause("B3-4.1", "CQ23-4.1")
def test_applications_come_through_the_offices_the_call_names() -> None:
    offices = [find(name) for name in ("重庆", "四川", "工信部")]
    assert [EVALUATION.takes_from(office) for office in offices] == [True, True, True]
    assert [CQ23.track("training").takes_from(office) for office in offices] == [True, False, False]


@pytest.mark.clause("M24-3.1", "M24-3.2", "M24-8")
def test_evaluation_is_decided_by_the_group_and_training_by_the_province() -> None:
    rules = regime_rules("M24")
    assert [said(rules.track(track).decided_by) for track in ("evaluation", "training")] == [
        ("group", "M24-3.1"),
        ("province", "M24-3.2"),
    ]


@pytest.mark.clause("M24-23")
def test_the_regime_follows_the_day() -> None:
    days = (date(2021, 10, 8), date(2024, 8, 21), date(2024, 8, 22), date(2030, 1, 1))
    assert [regime_on(day).code for day in days] == ["I21", "I21", "M24", "M24"]
    with pytest.raises(Refused, match="2021-10-07尚无施行中的制度"):
        regime_on(date(2021, 10, 7))


def every_value(table: Any, key: str = "") -> list[tuple[str, Ruled[Any]]]:
    if isinstance(table, Ruled):
        return [(key, table)]
    if isinstance(table, dict):
        inner = list(table.items())
    elif hasattr(table, "__pydantic_fields__"):
        inner = [(name, getattr(table, name)) for name in type(table).model_fields]
    else:
        return []
    return [found for name, value in inner for found in every_value(value, f"{key}.{name}")]


@pytest.mark.parametrize(
    "rules", [B3, CQ23, regime_rules("I21"), regime_rules("M24")], ids=lambda rules: rules.code
)
def test_every_value_cites_a_clause_or_says_that_the_office_set_it(rules: CallRules) -> None:
    values = every_value(rules)
    assert len(values) > 60
    assert [
        key for key, ruled in values if ruled.clause not in CLAUSES and not (ruled.setting and ruled.note)
    ] == []


def test_what_the_law_leaves_open_is_marked_as_a_setting() -> None:
    limit = EVALUATION.limits["initial_review"]
    assert (limit.value, limit.clause, limit.setting) == (working_days(20), "设置", True)
    assert (EVALUATION.recommend_ratio.value, EVALUATION.office_opens.value) == (Fraction(2, 3), time(9))
