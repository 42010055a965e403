"""What is impossible in a renewal report is refused, one sentence each (M24-9.1)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from states.renewals.checking import Asked, consent_problems, problems, report_of
from states.renewals.report import TEXTS, Consent, Filled, Term, figures_of

ASKED = Asked("evaluation", "初级、中级", Term(1, date(2024, 10, 10), date(2027, 10, 10)), date(2027, 5, 10))
ROW: Mapping[str, Any] = {
    "junior": 100, "middle": 50, "sessions": 4, "passed": 120, "certificates": 119, "staff": 12, "experts": 20,
    "complaints": 0, "fees": Decimal("90000.50"),
}  # fmt: skip
GOOD = Filled(
    {year: dict(ROW) for year in (2024, 2025, 2026, 2027)},
    {each.key: "示例" for each in TEXTS},
    "示例负责人",
    date(2027, 5, 9),
)
CONSENT = Consent("示例行业主管部门", "示例函〔2027〕1号", date(2027, 5, 8))


def with_year(year: int, **changed: Any) -> Filled:
    row = {key: value for key, value in {**GOOD.figures[year], **changed}.items() if value is not None}
    return replace(GOOD, figures={**GOOD.figures, year: row})


@pytest.mark.clause("M24-9.1")
def test_a_sound_report_has_no_problems_and_becomes_a_report() -> None:
    assert problems(GOOD, ASKED) == ()
    report = report_of(GOOD, ASKED)
    assert (report.total, report.person_times(2025), report.figures[2026]["fees"]) == (
        600,
        150,
        Decimal("90000.50"),
    )


@pytest.mark.clause("M24-9.1")
def test_a_level_that_is_not_listed_is_not_asked_for() -> None:
    assert [each.key for each in figures_of("高级")][:2] == ["senior", "sessions"]


@pytest.mark.clause("M24-9.1")
@pytest.mark.parametrize(
    ("year", "changed", "sentence"),
    [
        (2025, {"passed": -1}, "2025年的“考核合格人次”不能为负数（-1），请核对。"),
        (2025, {"passed": "-1"}, "2025年的“考核合格人次”不能为负数（-1），请核对。"),
        (2025, {"junior": "1.5"}, "2025年的“初级评价人次”应为不小于0的整数，收到的是“1.5”，请改填数字。"),
        (2025, {"junior": Decimal("1.5")}, "2025年的“初级评价人次”应为不小于0的整数，收到的是“1.5”，请核对。"),
        (2025, {"staff": "若干"}, "2025年的“年末专职工作人员数”应为不小于0的整数，收到的是“若干”，请改填数字。"),
        (2025, {"staff": None}, "2025年的“年末专职工作人员数”没有填写，没有的请填0。"),
        (2025, {"fees": Decimal("0.001")},
         "2025年的“收费总额”应为不小于0的金额（元，至多两位小数），收到的是“0.001”，请核对。"),
        (2025, {"fees": Decimal("NaN")},
         "2025年的“收费总额”应为不小于0的金额（元，至多两位小数），收到的是“NaN”，请改填数字。"),
        (2025, {"junior": 1_000_001}, "2025年的“初级评价人次”为1000001，超出可信范围（至多1000000人次），请核对。"),
        (2025, {"passed": 151}, "2025年的“考核合格人次”151多于总人次150，请核对。"),
        (2025, {"certificates": 121}, "2025年的“发放评价证书数”121多于“考核合格人次”120，请核对。"),
        (2025, {"sessions": 0}, "2025年有150人次而“组织考核场次”为0，请核对。"),
        (2025, {"sessions": 151}, "2025年的“组织考核场次”151多于总人次150，请核对。"),
    ],
)  # fmt: skip
def test_an_impossible_figure_is_refused_in_one_sentence(
    year: int, changed: dict[str, Any], sentence: str
) -> None:
    assert problems(with_year(year, **changed), ASKED) == (sentence,)


@pytest.mark.clause("M24-9.1")
def test_every_year_begun_is_told_of_and_no_other() -> None:
    missing = replace(GOOD, figures={year: row for year, row in GOOD.figures.items() if year != 2026})
    before = replace(GOOD, figures={**GOOD.figures, 2023: dict(ROW)})
    years = "2024年、2025年、2026年、2027年"
    assert problems(missing, ASKED) == (f"缺少2026年的数据，请填写{years}各年数据，没有的填0。",)
    assert problems(before, ASKED) == (f"2023年不在本有效期（2024-10-10至2027-10-10）之内，请改填{years}。",)
    early = replace(ASKED, today=date(2026, 12, 31))
    assert problems(replace(GOOD, signed_on=date(2026, 12, 30)), early) == (
        "2027年尚未到来，不应填写数据，请删去该列。",
    )


@pytest.mark.clause("M24-9.1")
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"texts": {**GOOD.texts, "plan": "  "}}, "“下一有效期工作计划”没有填写（规模、质量、保障措施等）。"),
        ({"texts": {**GOOD.texts, "plan": "字" * 1501}}, "“下一有效期工作计划”共1501字，限1500字，请删减。"),
        ({"signatory": ""}, "承诺没有法定代表人（或委托代理人）签名，请签名后提交。"),
        ({"signed_on": None}, "承诺没有写明签署日期，请填写后提交。"),
        ({"signed_on": "上周"}, "承诺的签署日期“上周”不是日期，请按“2027年5月10日”的样式填写。"),
        ({"signed_on": date(2027, 5, 11)}, "承诺的签署日期2027-05-11晚于提交之日2027-05-10，请核对。"),
        (
            {"signed_on": date(2024, 10, 9)},
            "承诺的签署日期2024-10-09早于本有效期开始之日2024-10-10，请核对。",
        ),
    ],
)
def test_texts_and_commitment_are_asked_for(changed: dict[str, Any], sentence: str) -> None:
    assert problems(replace(GOOD, **changed), ASKED) == (sentence,)


@pytest.mark.clause("M24-11.6a")
def test_an_identity_number_has_no_place_in_a_report() -> None:
    told = replace(GOOD, texts={**GOOD.texts, "work": "负责人11010519491231002X"})
    assert problems(told, ASKED) == (
        "“有效期内工作开展情况”中含有居民身份证号，报告不需要个人信息，请删去。",
    )


@pytest.mark.clause("M24-9.1")
def test_the_consent_names_who_gave_it_under_which_number_on_which_day() -> None:
    lead = "行业主管（业务指导）部门同意意见的"
    assert consent_problems(CONSENT, ASKED) == ()
    assert consent_problems(Consent(), ASKED) == tuple(
        f"{lead}{part}没有填写。" for part in ("部门名称", "文号", "日期")
    )
    late, early = replace(CONSENT, on=date(2027, 5, 11)), replace(CONSENT, on=date(2024, 10, 9))
    assert consent_problems(late, ASKED) == (f"{lead}日期2027-05-11晚于提交之日2027-05-10，请核对。",)
    assert consent_problems(early, ASKED) == (
        f"{lead}日期2024-10-09早于本有效期开始之日2024-10-10，请核对。",
    )
    assert consent_problems(replace(CONSENT, on=None), ASKED, "月底") == (
        f"{lead}日期“月底”不是日期，请按“2027年5月10日”的样式填写。",
    )
    assert consent_problems(replace(CONSENT, number="字" * 61), ASKED) == (
        f"{lead}文号共61字，限60字，请核对。",
    )
