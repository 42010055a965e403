"""A province writes its own call; the regime is that of the day of the notice; sample calls are marked as such."""

from collections.abc import Callable
from pathlib import Path

import pytest

from states.process import build
from states.refusals import Refused
from states.roles import Role
from states.rulebook import BadRules, call_rules, list_calls, load_call
from states.spans import working_days

Write = Callable[..., Path]

OWN_CALL = """
code = "CQ25"
name = "重庆2025年批次"
title = "示例通知"
regime = "M24"
province = "50"
notice = 2025-05-06
opens = { value = 2025-05-06, setting = true, note = "示例" }
filing_closes = { value = 2025-06-06, setting = true, note = "示例" }
paper_due = { value = 2025-06-06, setting = true, note = "示例" }
occupations = { value = ["RGZN", "SJAQ"], setting = true, note = "示例" }

[limits]
initial_review = { value = "15 working days", setting = true, note = "示例" }

[tracks.training]
quota = { value = 4, scope = "province", by_occupation = { SJAQ = 2 }, setting = true, note = "示例" }
has_site_visit = { value = true, setting = true, note = "示例" }
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the province's call with pieces replaced: ``write(("old", "new"), …)``."""

    def written(*changes: tuple[str, str]) -> Path:
        text = OWN_CALL
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "CQ25.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.mark.clause("M24-8", "M24-3.2")
def test_a_province_sets_its_own_quota_limits_and_optional_steps(write: Write) -> None:
    rules = load_call(write()).track("training")
    assert (rules.province, rules.quota.of("RGZN"), rules.quota.of("SJAQ")) == ("50", 4, 2)
    assert rules.limits["initial_review"].value == working_days(15)
    assert (rules.publicity.value, rules.channels.value) == (working_days(5), ("province",))
    assert "site_visit" in build(rules).stages


@pytest.mark.clause("M24-3.1", "M24-8")
def test_a_province_selects_no_evaluation_institutions(write: Write) -> None:
    with pytest.raises(Refused) as refused:
        load_call(write()).track("evaluation").offered("数据安全")
    assert str(refused.value) == (
        "重庆2025年批次不受理评价机构申报，评价机构由工程指导协调小组遴选，请按其遴选通知申报（M24-3.1）"
    )


@pytest.mark.clause("M24-8", "M24-7.4", "M24-3.1")
@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ('province = "50"', 'province = "81"',
         "province “81”不是省级行政区划代码的前两位，如重庆写 50，新疆生产建设兵团写 66"),
        ("[limits]", 'publicity = { value = "4 working days", clause = "M24-8" }\n[limits]',
         "公示期（publicity）应以工作日计且不少于5个，现为4个工作日（M24-7.4）"),
        ("[limits]", '[tracks.evaluation]\nopen = { value = true, clause = "M24-8" }\n[limits]',
         "tracks.evaluation.open 不能为 true：评价机构由工程指导协调小组遴选，省级批次只能遴选培训机构（M24-3.1）"),
        ("{ SJAQ = 2 }", "{ DSJG = 2 }",
         "tracks.training.quota.by_occupation 中的“DSJG”不在本批次 occupations 之内"),
        ('scope = "province"', 'scope = "nation"',
         "tracks.training.quota 的 scope 应为 province，现为“nation”"),
    ],
)  # fmt: skip
def test_what_a_province_may_not_set_is_named_with_its_file_and_key(
    write: Write, old: str, new: str, wrong: str
) -> None:
    with pytest.raises(BadRules) as refused:
        load_call(write((old, new)))
    assert refused.value.sentence == f"规则文件 CQ25.toml 有误：{wrong}。"


@pytest.mark.clause("M24-23")
@pytest.mark.parametrize(
    ("notice", "regime", "in_force"),
    [("2024-08-21", "M24", "I21"), ("2024-08-22", "I21", "M24"), ("2025-05-06", "I21", "M24")],
)
def test_a_call_of_another_days_regime_is_refused(
    write: Write, notice: str, regime: str, in_force: str
) -> None:
    path = write(("notice = 2025-05-06", f"notice = {notice}"), ('regime = "M24"', f'regime = "{regime}"'))
    with pytest.raises(BadRules) as refused:
        load_call(path)
    assert refused.value.clause == "M24-23"
    assert refused.value.sentence.startswith(
        f"规则文件 CQ25.toml 有误：regime 应为 {in_force}，现为 {regime}；通知日期{notice}施行的是"
    )


@pytest.mark.clause("M24-23")
@pytest.mark.parametrize(("notice", "regime"), [("2024-08-21", "I21"), ("2024-08-22", "M24")])
def test_the_regime_changes_on_22_august_2024(write: Write, notice: str, regime: str) -> None:
    closed = '[tracks.evaluation]\nopen = { value = false, clause = "M24-3.1" }\n'
    own = 'decided_by = { value = "province", clause = "M24-8" }\nhas_site_visit'
    path = write(
        ("notice = 2025-05-06", f"notice = {notice}"), ('regime = "M24"', f'regime = "{regime}"'),
        ("[limits]", closed + "[limits]"), ("has_site_visit", own),
    )  # fmt: skip
    assert load_call(path).regime == regime


@pytest.mark.clause("M24-23", "M24-3.2", "M24-9.1")
def test_training_institutions_the_nation_selected_are_kept_by_their_provinces() -> None:
    process = build(call_rules("I21").track("training"))
    assert process.move("decision", "publicise").by == {Role.GROUP}
    assert process.move("renewal", "approve_renewal").by == {Role.PROVINCE}
    assert process.move("listed", "remove").by == {Role.PROVINCE}


@pytest.mark.clause("CQ23-4.3", "CQ23-1.4", "CQ23-4.4")
def test_national_experts_audit_what_chongqing_selected_and_chongqing_decides() -> None:
    process = build(call_rules("CQ23").track("training"))
    by = {
        (stage, move): process.move(stage, move).by
        for stage, move in (
            ("initial_review", "pass_initial"), ("expert_review", "conclude_review"),
            ("audit", "approve_result"), ("decision", "publicise"),
        )
    }  # fmt: skip
    assert by == {
        ("initial_review", "pass_initial"): {Role.PROVINCE},
        ("expert_review", "conclude_review"): {Role.PANEL, Role.OFFICE},
        ("audit", "approve_result"): {Role.OFFICE},
        ("decision", "publicise"): {Role.PROVINCE},
    }
    fed_back = process.move("audit", "approve_result")
    assert (fed_back.letter, fed_back.tells, fed_back.clause) == (
        "audit_passed", (Role.RECOMMENDER,), "CQ23-4.3",
    )  # fmt: skip


def test_sample_calls_are_marked_and_listed_only_when_asked_for() -> None:
    assert [(call.code, call.sample) for call in list_calls(samples=True)] == [
        ("I21", True), ("CQ23", False), ("B3", False), ("M24", True),
    ]  # fmt: skip
    assert [call.code for call in list_calls()] == ["CQ23", "B3"]
    assert all("演练用样例" in call_rules(code).title for code in ("I21", "M24"))
