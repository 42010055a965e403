"""What nobody knows is held, a human decides on it in words, and a conflict reaches as far as was decided."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from states.draw.frame import Exclusion
from states.recusal import (
    EVERY_CASE,
    Applicant,
    Barred,
    Conflict,
    Decision,
    Employment,
    Expert,
    Named,
    Organisation,
    Scope,
    ScopeDecision,
    Service,
    Tie,
    TieKind,
    Verdict,
    barred,
    exclusions,
    findings,
    undecided,
)
from states.refusals import Refused

MakeExpert = Callable[..., Expert]
MakeApplicant = Callable[..., Applicant]

DAY = date(2024, 7, 15)
QIMING = Organisation("示例（重庆）启明数据安全评测中心", "CODE-QIMING")
CASES = ("B3-SJAQ-0001", "B3-SJAQ-0002")


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize(
    ("pieces", "rule", "missing"),
    [
        ({"employer": None}, "R-1", "未登记工作单位"),
        ({"employer": Organisation("示例北辰大学")}, "R-1", "未登记工作单位“示例北辰大学”的统一社会信用代码"),
        ({"group": None}, "R-2", "未查明工作单位的法定代表人和出资关系"),
        ({"ties": None}, "R-4", "未申报亲属、顾问和参与编制等关系"),
        ({"ties": (Tie(TieKind.KINSHIP, None, "吴示和"), Tie(TieKind.OTHER))}, "R-4", "申报了亲属关系、其他关系而未写明单位"),
        ({"employment": None}, "R-5", "未登记任职经历"),
        ({"employment": (Employment(Organisation("示例旧厂")), Employment(Organisation("示例旧校")))}, "R-5",
         "任职经历中“示例旧厂”“示例旧校”缺统一社会信用代码"),
    ],
)  # fmt: skip
def test_what_is_unknown_is_held_against_every_case(
    expert: MakeExpert, applicant: MakeApplicant, pieces: dict[str, Any], rule: str, missing: str
) -> None:
    found = findings([expert(**pieces)], [applicant(case=case) for case in CASES], on=DAY)
    assert found == [Conflict("E1", EVERY_CASE, rule, Verdict.HELD, missing, "M24-7.3b")]


@pytest.mark.clause("M24-7.3b")
def test_unknown_service_matters_only_where_an_applicant_was_judged_before(
    expert: MakeExpert, applicant: MakeApplicant
) -> None:
    one = expert(service=None)
    first, again = applicant(), applicant(case="B3-SJAQ-0002", last_call="CQ23")
    assert [
        [(each.rule, each.evidence) for each in findings([one], cases, on=DAY)]
        for cases in ([first], [first, again])
    ] == [[], [("R-7", "未登记以往评议记录")]]


@pytest.mark.clause("M24-7.3b", "D-3")
def test_an_old_employer_without_a_code_matters_no_more_after_three_years(
    expert: MakeExpert, applicant: MakeApplicant
) -> None:
    def held(left: date) -> bool:
        row = Employment(Organisation("示例旧厂"), date(2010, 1, 1), left)
        return bool(findings([expert(employment=(row,))], [applicant()], on=DAY))

    assert [held(date(2021, 7, 15)), held(date(2021, 7, 14))] == [True, False]


def namesake(expert: MakeExpert, applicant: MakeApplicant) -> tuple[Expert, Applicant]:
    form = applicant(named=(Named("赵示安", "命题专家", Organisation("示例长风研究院")),))
    return expert(), form


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize("verdict", [Verdict.RELEASED, Verdict.EXCLUDED])
def test_a_human_decides_on_what_is_held(
    expert: MakeExpert, applicant: MakeApplicant, verdict: Verdict
) -> None:
    one, form = namesake(expert, applicant)
    (held,) = findings([one], [form], on=DAY)
    decision = Decision(*held[:3], held.evidence, verdict, "电话核实，并非同一人", "办公室甲")
    (found,) = findings([one], [form], on=DAY, decisions=[decision])
    assert found == held._replace(verdict=verdict, decision=decision)
    assert [found.bars, undecided([held, found])] == [verdict is Verdict.EXCLUDED, [held]]


@pytest.mark.clause("M24-7.3b")
def test_a_decision_stands_for_the_evidence_it_was_taken_on(
    expert: MakeExpert, applicant: MakeApplicant
) -> None:
    one, form = namesake(expert, applicant)
    (held,) = findings([one], [form], on=DAY)
    decision = Decision(*held[:3], held.evidence, Verdict.RELEASED, "并非同一人", "办公室甲")
    changed = applicant(named=(Named("赵示安", "申报联系人", QIMING),))
    (found,) = findings([one], [changed], on=DAY, decisions=[decision])
    assert found.verdict is Verdict.HELD


@pytest.mark.clause("M24-7.3b")
def test_of_two_decisions_the_later_stands(expert: MakeExpert, applicant: MakeApplicant) -> None:
    one, form = namesake(expert, applicant)
    (held,) = findings([one], [form], on=DAY)
    released, excluded = (
        Decision(*held[:3], held.evidence, verdict, "核实", "办公室甲")
        for verdict in (Verdict.RELEASED, Verdict.EXCLUDED)
    )
    assert findings([one], [form], on=DAY, decisions=[released, excluded])[0].verdict is Verdict.EXCLUDED
    assert findings([one], [form], on=DAY, decisions=[excluded, released])[0].verdict is Verdict.RELEASED


@pytest.mark.clause("M24-7.3b", "D-10")
def test_what_a_rule_excludes_no_human_releases(expert: MakeExpert, applicant: MakeApplicant) -> None:
    one = expert(employer=QIMING)
    (found,) = findings([one], [applicant()], on=DAY)
    release = Decision(*found[:3], found.evidence, Verdict.RELEASED, "人手不足", "办公室甲")
    with pytest.raises(Refused) as refused:
        findings([one], [applicant()], on=DAY, decisions=[release])
    assert str(refused.value) == (
        "专家E1与申报B3-SJAQ-0001属于应当回避的情形（工作单位“示例（重庆）启明数据安全评测中心”即申报单位），"
        "不能核定为无须回避；专家不足的，可决定按件回避并记录理由（D-10）。（M24-7.3b）"
    )


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize(
    ("verdict", "reason", "by", "sentence"),
    [
        (Verdict.HELD, "核实", "办公室甲", "人工核定应写明“回避”或“无须回避”。"),
        (Verdict.RELEASED, " ", "办公室甲", "人工核定须写明理由和核定人。"),
        (Verdict.RELEASED, "核实", "", "人工核定须写明理由和核定人。"),
    ],
)
def test_a_decision_says_what_why_and_who(verdict: Verdict, reason: str, by: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        Decision("E1", "B3-SJAQ-0001", "R-3", "同名", verdict, reason, by)
    assert refused.value.sentence == sentence


def conflict(expert: str, case: str, rule: str = "R-1", verdict: Verdict = Verdict.EXCLUDED) -> Conflict:
    return Conflict(expert, case, rule, verdict, "证据")


PER_CASE = ScopeDecision(Scope.CASE, "回避后专家不足", "办公室负责人")


@pytest.mark.clause("M24-7.3b", "D-10")
def test_a_conflict_with_one_case_excludes_from_the_panel_unless_decided_otherwise() -> None:
    one, two = conflict("E1", CASES[0]), conflict("E2", CASES[1], "R-3", Verdict.HELD)
    assert barred([one, two], CASES) == Barred({"E1": (one,), "E2": (two,)}, {})
    assert barred([one, two], CASES, PER_CASE) == Barred(
        {}, {CASES[0]: frozenset({"E1"}), CASES[1]: frozenset({"E2"})}
    )


@pytest.mark.clause("D-10")
def test_per_case_too_who_may_judge_no_case_does_not_sit() -> None:
    both = [conflict("E1", case) for case in CASES]
    unknown = conflict("E2", EVERY_CASE, "R-5", Verdict.HELD)
    assert barred([*both, unknown], CASES, PER_CASE) == Barred({"E1": tuple(both), "E2": (unknown,)}, {})


@pytest.mark.clause("M24-7.3b")
def test_who_was_released_sits() -> None:
    released = conflict("E1", CASES[0], "R-3", Verdict.RELEASED)
    assert barred([released], CASES) == barred([released], CASES, PER_CASE) == Barred({}, {})


@pytest.mark.clause("D-10")
@pytest.mark.parametrize(("reason", "by"), [("", "办公室负责人"), ("专家不足", " ")])
def test_recusal_per_case_is_decided_with_a_reason_and_a_name(reason: str, by: str) -> None:
    with pytest.raises(Refused, match="^改为按件回避须写明理由和决定人。（D-10）$"):
        ScopeDecision(Scope.CASE, reason, by)


@pytest.mark.clause("M24-7.3b")
def test_exclusions_are_published_by_pseudonym_and_rule_alone() -> None:
    found = [
        conflict("E1", CASES[0]),
        conflict("E1", CASES[1]),
        conflict("E1", CASES[1], "R-3", Verdict.HELD),
        conflict("E2", CASES[0], "R-8"),
    ]
    assert exclusions(barred(found, CASES), {"E1": "b" * 32, "E2": "a" * 32}) == (
        Exclusion("a" * 32, "R-8", "M24-7.3b"),
        Exclusion("b" * 32, "R-1", "M24-7.3b"),
        Exclusion("b" * 32, "R-3:held", "M24-7.3b"),
    )


def test_an_identity_never_shows() -> None:
    shown = repr(Expert("E1", "赵示安", None, identity="110101199001010009", service=(Service("C", "B3"),)))
    assert "110101199001010009" not in shown
