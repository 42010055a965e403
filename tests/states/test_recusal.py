"""Whoever has to do with an applicant does not judge it; what is doubtful is held, and neither passes nor excludes."""

from collections.abc import Callable
from datetime import date

import pytest

from states.recusal import (
    RULES,
    Applicant,
    Conflict,
    Employment,
    Expert,
    ExpertIndex,
    Group,
    Named,
    Organisation,
    OwnRecusal,
    Service,
    Tie,
    TieKind,
    Verdict,
    findings,
)
from states.refusals import Refused

MakeExpert = Callable[..., Expert]
MakeApplicant = Callable[..., Applicant]

DAY = date(2024, 7, 15)
QIMING = Organisation("示例（重庆）启明数据安全评测中心", "CODE-QIMING")
CHANGFENG = Organisation("示例长风研究院")


def said(expert: Expert, applicant: Applicant, on: date = DAY) -> list[tuple[str, str, str]]:
    found = findings([expert], [applicant], on=on)
    assert {each.clause for each in found} <= {"M24-7.3b"}
    return [(each.rule, each.verdict.value, each.evidence) for each in found]


@pytest.mark.clause("M24-7.3b")
def test_every_rule_has_an_id_a_chinese_name_and_a_clause() -> None:
    assert {rule.id: (rule.label, rule.clause) for rule in RULES.values()} == {
        "R-1": ("工作单位即申报单位", "M24-7.3b"),
        "R-2": ("工作单位与申报单位属同一集团", "M24-7.3b"),
        "R-3": ("申报表所列人员", "M24-7.3b"),
        "R-4": ("与申报单位有亲属、顾问等关系", "M24-7.3b"),
        "R-5": ("近年曾在申报单位任职", "M24-7.3b"),
        "R-6": ("参与编制申报单位的标准或材料", "M24-7.3b"),
        "R-7": ("上一轮评议过申报单位", "M24-7.3b"),
        "R-8": ("申报单位对专家的异议成立", "M24-7.3b"),
        "R-9": ("专家主动回避", "M24-7.3b"),
    }


@pytest.mark.clause("M24-7.3b")
def test_an_expert_who_has_nothing_to_do_with_the_applicant_may_judge_it(
    expert: MakeExpert, applicant: MakeApplicant
) -> None:
    assert said(expert(), applicant()) == []


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize(
    "employer",
    [
        Organisation("名称已变更的单位", "CODE-QIMING"),
        Organisation("示例(重庆) 启明数据安全评测中心", ""),
        Organisation("示例（重庆）启明数据安全评测中心", "CODE-QIMING"),
    ],
    ids=["by its code", "by its name", "by both"],
)
def test_who_works_for_the_applicant_is_excluded(
    expert: MakeExpert, applicant: MakeApplicant, employer: Organisation
) -> None:
    evidence = f"工作单位“{employer.name}”即申报单位"
    assert said(expert(employer=employer), applicant()) == [("R-1", "excluded", evidence)]


@pytest.mark.clause("M24-7.3b")
def test_of_two_institutions_with_one_name_the_code_tells_which_is_meant(
    expert: MakeExpert, applicant: MakeApplicant
) -> None:
    assert said(expert(employer=Organisation(QIMING.name, "CODE-OTHER")), applicant()) == []


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize(
    ("pieces", "evidence"),
    [
        ({"group": Group(shareholders=frozenset({"CODE-OWNER"}))}, "工作单位与申报单位有共同出资人（CODE-OWNER）"),
        ({"group": Group(shareholders=frozenset({"CODE-QIMING"}))}, "申报单位是工作单位的出资人"),
        ({"employer": Organisation("示例控股集团", "CODE-OWNER")}, "工作单位是申报单位的出资人"),
    ],
)  # fmt: skip
def test_who_works_in_the_applicants_group_is_excluded(
    expert: MakeExpert, applicant: MakeApplicant, pieces: dict[str, object], evidence: str
) -> None:
    assert said(expert(**pieces), applicant()) == [("R-2", "excluded", evidence)]


@pytest.mark.clause("M24-7.3b")
def test_one_legal_representative_excludes_and_two_of_one_name_are_held(
    expert: MakeExpert, applicant: MakeApplicant
) -> None:
    ours = applicant(group=Group("钱示清", "mark of one"))
    assert [
        said(expert(group=Group("钱 示清", "mark of one")), ours),
        said(expert(group=Group("钱示清", "mark of another")), ours),
        said(expert(group=Group("钱示清")), ours),
    ] == [
        [("R-2", "excluded", "工作单位与申报单位的法定代表人同为“钱示清”")],
        [],
        [("R-2", "held", "工作单位与申报单位的法定代表人同名“钱示清”，是否同一人待核")],
    ]


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("孙示远", "孙 示 远"),
        ("孙示远", "孙\u3000示远\u200b"),
        ("阿依古丽·示例", "阿依古丽•示例"),
        ("阿依古丽·示例", "阿依古丽．示例"),
        ("Ann Example", "ａｎｎ example"),
    ],
)
def test_a_name_is_the_same_however_it_is_typed(
    expert: MakeExpert, applicant: MakeApplicant, name: str, written: str
) -> None:
    form = applicant(named=(Named(written, "命题专家", CHANGFENG),))
    one = expert(name=name, employer=Organisation("示例长风研究院", "CODE-CHANGFENG"))
    evidence = f"申报表所列命题专家“{written}”与专家同名同单位（示例长风研究院）"
    assert said(one, form) == [("R-3", "excluded", evidence)]


@pytest.mark.clause("M24-7.3b")
def test_traditional_characters_are_another_name(expert: MakeExpert, applicant: MakeApplicant) -> None:
    form = applicant(named=(Named("乾示遠", "命题专家", CHANGFENG),))
    one = expert(name="干示远", employer=Organisation("示例长风研究院", "CODE-CHANGFENG"))
    assert said(one, form) == []


@pytest.mark.clause("M24-7.3b")
def test_who_is_named_with_a_former_employer_is_excluded(
    expert: MakeExpert, applicant: MakeApplicant
) -> None:
    moved = expert(
        name="孙示远",
        employment=(Employment(Organisation("示例长风研究院", "CODE-CHANGFENG"), None, date(2010, 1, 1)),),
    )
    assert [(rule, verdict) for rule, verdict, _ in said(moved, applicant())] == [("R-3", "excluded")]


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize(
    ("employer", "evidence"),
    [
        (CHANGFENG, "申报表所列命题专家“孙示远”（示例长风研究院）与专家同名，单位不同，是否同一人待核"),
        (None, "申报表所列命题专家“孙示远”与专家同名，表中未写单位，是否同一人待核"),
    ],
)
def test_a_namesake_is_held_for_a_human(
    expert: MakeExpert, applicant: MakeApplicant, employer: Organisation | None, evidence: str
) -> None:
    form = applicant(named=(Named("孙示远", "命题专家", employer),))
    assert said(expert(name="孙示远"), form) == [("R-3", "held", evidence)]


@pytest.mark.clause("M24-7.3b")
def test_identities_settle_who_is_meant_where_both_are_known(
    expert: MakeExpert, applicant: MakeApplicant
) -> None:
    form = applicant(named=(Named("钱示清", "法定代表人", QIMING, "mark of one"),))
    assert [
        said(expert(name="钱示清", identity="mark of one"), form),
        said(expert(name="钱示清", identity="mark of another"), form),
    ] == [[("R-3", "excluded", "申报表所列法定代表人“钱示清”即本人")], []]


@pytest.mark.clause("M24-7.3b")
def test_what_excludes_stands_before_what_is_only_held(expert: MakeExpert, applicant: MakeApplicant) -> None:
    form = applicant(
        named=(
            Named("孙示远", "申报联系人", QIMING),
            Named("孙示远", "命题专家", Organisation("示例北辰大学")),
        )
    )
    assert said(expert(name="孙示远"), form) == [
        ("R-3", "excluded", "申报表所列命题专家“孙示远”与专家同名同单位（示例北辰大学）")
    ]


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize(
    ("tie", "expected"),
    [
        (Tie(TieKind.KINSHIP, QIMING, "周示宁", "配偶"), ("R-4", "excluded", "申报与申报单位有亲属关系（周示宁，配偶）")),
        (Tie(TieKind.ADVISORY, Organisation(QIMING.name)), ("R-4", "excluded", "申报与申报单位有顾问关系")),
        (Tie(TieKind.OTHER, QIMING, "", "校友会"), ("R-4", "held", "申报与申报单位有其他关系（校友会）")),
        (Tie(TieKind.DRAFTING, QIMING, "", "职业标准"), ("R-6", "excluded", "参与编制申报单位的标准或申报材料（职业标准）")),
        (
            Tie(TieKind.KINSHIP, CHANGFENG, "孙示远"),
            ("R-4", "excluded",
             "申报与“孙示远”有亲属关系，申报表所列命题专家“孙示远”与其同名同单位（示例长风研究院）"),
        ),
        (
            Tie(TieKind.KINSHIP, Organisation("示例别处", "CODE-ELSEWHERE"), "孙示远"),
            ("R-4", "held", "申报与“孙示远”有亲属关系，申报表所列命题专家“孙示远”与其同名，是否同一人待核"),
        ),
    ],
)  # fmt: skip
def test_a_declared_tie_excludes_or_is_held(
    expert: MakeExpert, applicant: MakeApplicant, tie: Tie, expected: tuple[str, str, str]
) -> None:
    assert said(expert(ties=(tie,)), applicant()) == [expected]


@pytest.mark.clause("M24-7.3b", "D-3")
@pytest.mark.parametrize(
    ("left", "on", "excluded"),
    [
        (date(2021, 7, 15), date(2024, 7, 15), True),
        (date(2021, 7, 14), date(2024, 7, 15), False),
        (date(2021, 2, 28), date(2024, 2, 29), True),
        (date(2021, 2, 27), date(2024, 2, 29), False),
        (date(2025, 1, 1), date(2024, 7, 15), True),
        (None, date(2024, 7, 15), True),
    ],
)
def test_who_left_the_applicant_within_three_years_is_excluded(
    expert: MakeExpert, applicant: MakeApplicant, left: date | None, on: date, excluded: bool
) -> None:
    one = expert(employment=(Employment(QIMING, date(2015, 3, 1), left),))
    assert [rule for rule, _, _ in said(one, applicant(), on)] == ["R-5"] * excluded


@pytest.mark.clause("M24-7.3b", "D-3")
def test_the_evidence_says_how_the_three_years_were_counted(
    expert: MakeExpert, applicant: MakeApplicant
) -> None:
    one = expert(employment=(Employment(QIMING, date(2015, 3, 1), date(2022, 1, 31)),))
    evidence = "在申报单位任职至2022-01-31，距2024-07-15未超过3年（自2021-07-15起计，D-3）"
    assert said(one, applicant()) == [("R-5", "excluded", evidence)]


@pytest.mark.clause("M24-7.3b")
def test_who_voted_on_the_institution_in_its_last_round_is_excluded(
    expert: MakeExpert, applicant: MakeApplicant
) -> None:
    voter = expert(service=(Service("CODE-QIMING", "CQ23"), Service("CODE-OTHER", "B2")))
    assert [said(voter, applicant(last_call=call)) for call in ("CQ23", "B2", "")] == [
        [("R-7", "excluded", "在CQ23中评议过申报单位")],
        [],
        [],
    ]


@pytest.mark.clause("M24-7.3b")
def test_an_accepted_objection_and_a_step_back_exclude(expert: MakeExpert, applicant: MakeApplicant) -> None:
    one = expert(
        objections=("CODE-QIMING", "CODE-OTHER"),
        recuses=(OwnRecusal("B3-SJAQ-0001", "曾有诉讼"), OwnRecusal("B3-SJAQ-0002")),
    )
    assert said(one, applicant()) == [
        ("R-8", "excluded", "申报单位申请其回避，经办公室同意"),
        ("R-9", "excluded", "专家主动回避（曾有诉讼）"),
    ]


@pytest.mark.clause("M24-7.3b")
def test_conflicts_come_in_one_order_whatever_the_order_of_pool_and_cases(
    expert: MakeExpert, applicant: MakeApplicant
) -> None:
    pool = [expert(id=id_, employer=QIMING, objections=("CODE-QIMING",)) for id_ in ("E1", "E2")]
    cases = [applicant(case=case) for case in ("B3-SJAQ-0001", "B3-SJAQ-0002")]
    found = findings(pool, cases, on=DAY)
    assert [each[:3] for each in found] == [
        (id_, case, rule)
        for id_ in ("E1", "E2")
        for case in ("B3-SJAQ-0001", "B3-SJAQ-0002")
        for rule in ("R-1", "R-8")
    ]
    assert findings(ExpertIndex(reversed(pool)), reversed(cases), on=DAY) == found
    assert found[0] == Conflict(
        "E1", "B3-SJAQ-0001", "R-1", Verdict.EXCLUDED, f"工作单位“{QIMING.name}”即申报单位", "M24-7.3b", None
    )


@pytest.mark.clause("M24-7.3b")
def test_an_expert_or_a_case_that_stands_there_twice_is_refused(
    expert: MakeExpert, applicant: MakeApplicant
) -> None:
    with pytest.raises(Refused, match="^专家E1在专家库中出现两次，请先合并。（M24-7.3b）$"):
        findings([expert(), expert()], [], on=DAY)
    with pytest.raises(Refused, match="^同一申报在评议名单中出现两次"):
        findings([], [applicant(), applicant()], on=DAY)


@pytest.mark.clause("M24-7.3b")
def test_an_applicant_without_a_code_is_refused(applicant: MakeApplicant) -> None:
    with pytest.raises(Refused, match="^申报B3-SJAQ-0001缺申报单位的统一社会信用代码，不能核对回避。"):
        applicant(institution=Organisation("示例无码单位"))
