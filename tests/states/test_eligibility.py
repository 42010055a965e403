"""Who may apply: what blocks with its reason, and what falls short of “一般应” and must be answered in words."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from casework.intake.samples import sample_applications
from states.calendar import end_of, start_of
from states.eligibility import NOTE, Finding, examine, scope_unread, unsigned
from states.forms import Application, EvaluationYear, TaxYear
from states.forms.fields import Level
from states.places import find
from states.rulebook import TrackRules, call_rules, regime_rules

B3 = call_rules("B3").track("evaluation")
CQ23 = call_rules("CQ23").track("evaluation")
TRAINING = call_rules("CQ23").track("training")
M24 = TrackRules.model_construct(
    **{
        **regime_rules("M24").track("evaluation").__dict__,
        "occupations": B3.occupations,
        "opens": B3.opens,
        "filing_closes": B3.filing_closes,
    }
)
CHONGQING = find("P50")
NOON = datetime(2024, 6, 10, 4, tzinfo=UTC)
PAPERS = ("registration_certificate", "credit_record")

_SAMPLES = {
    rules: sample_applications(1, call_rules=call_rules(rules.code), seed=1, track=rules.track)[0].application
    for rules in (B3, CQ23, TRAINING)
}


def sound(rules: TrackRules = B3, **changes: Any) -> Application:
    return _SAMPLES.get(rules, _SAMPLES[B3]).model_copy(update=changes)


def found(rules: TrackRules = B3, *, as_of: datetime = NOON, papers: tuple[str, ...] = PAPERS,
          channel: str = "P50", cooling_until: date | None = None, listed_until: date | None = None,
          business_scope: str | None = None, **changes: Any) -> list[Finding]:  # fmt: skip
    return examine(
        sound(rules, **changes), rules, as_of=as_of, channel=find(channel), materials=papers,
        cooling_until=cooling_until, listed_until=listed_until, business_scope=business_scope,
    )  # fmt: skip


def blocking(sentence: str, rules: TrackRules = B3, **around: Any) -> None:
    assert [(str(each), each.blocks) for each in found(rules, **around)] == [(sentence, True)]


def warning(sentence: str, rules: TrackRules = B3, **around: Any) -> None:
    assert [(str(each), each.blocks) for each in found(rules, **around)] == [(sentence, False)]


def issued(*counts: int, first: int = 2019) -> dict[str, Any]:
    rows = tuple(
        EvaluationYear(year=year, certificate="示例证书", nature="自有证书", issued=count)
        for year, count in enumerate(counts, start=first)
    )
    return {"scale": rows}


def test_a_sound_application_is_found_to_be_sound() -> None:
    assert found() == []


@pytest.mark.clause("B3-5.4")
def test_the_last_day_of_filing_lasts_until_midnight_in_shanghai() -> None:
    closes = end_of(date(2024, 6, 21))
    assert found(as_of=closes - timedelta(microseconds=1)) == []
    blocking("第三批申报已于2024年6月21日24时截止，逾期不再受理（B3-5.4）", as_of=closes)


@pytest.mark.clause("CQ23-5.3")
def test_chongqing_closes_on_its_own_day() -> None:
    blocking(
        "第二批（重庆）申报已于2023年6月16日24时截止，逾期不再受理（CQ23-5.3）",
        CQ23,
        as_of=end_of(date(2023, 6, 16)),
    )


@pytest.mark.clause("B3-5.4")
def test_nothing_is_filed_before_the_call_opens() -> None:
    opens = start_of(date(2024, 5, 15))
    assert found(as_of=opens) == []
    blocking("第三批自2024年5月15日起受理，现在还不能申报（设置）", as_of=opens - timedelta(seconds=1))


@pytest.mark.clause("B3-4.1")
def test_the_third_batch_takes_from_provinces_and_departments() -> None:
    assert found(channel="P66") == []
    assert found(channel="D01") == []


@pytest.mark.clause("CQ23-4.1")
def test_chongqing_takes_from_its_own_bureau_alone() -> None:
    blocking(
        "第二批（重庆）不受理北京市人力资源和社会保障局报送的申报，请向重庆市人力资源和社会保障局申报（CQ23-4.1）",
        CQ23,
        as_of=datetime(2023, 6, 10, 4, tzinfo=UTC),
        channel="P11",
    )


@pytest.mark.clause("B3-1.1")
def test_an_occupation_the_call_does_not_offer_is_refused() -> None:
    assert [(each.clause, each.blocks) for each in found(occupation="区块链工程技术人员")] == [
        ("B3-1.1", True)
    ]


@pytest.mark.clause("CQ23-1.3a")
@pytest.mark.parametrize("name", ["智能制造", "大数据", "区块链"])
def test_three_occupations_are_closed_to_evaluation_in_chongqing(name: str) -> None:
    blocking(
        f"{name}工程技术人员已遴选评价机构，第二批（重庆）不再受理该职业申报（CQ23-1.3a）",
        CQ23,
        as_of=datetime(2023, 6, 10, 4, tzinfo=UTC),
        occupation=f"{name}工程技术人员",
    )


@pytest.mark.clause("CQ23-1.3a")
def test_the_same_occupations_stay_open_to_training() -> None:
    as_of = datetime(2023, 6, 10, 4, tzinfo=UTC)
    assert found(TRAINING, as_of=as_of, occupation="大数据工程技术人员") == []


@pytest.mark.clause("B3-5.2")
def test_the_third_batch_takes_no_training_institution() -> None:
    rules = call_rules("B3").track("training")
    assert [each.clause for each in found(rules) if each.rule == "occupation"] == ["B3-5.2"]


@pytest.mark.clause("CQ23-1.2")
def test_a_level_the_call_does_not_offer_is_refused() -> None:
    one_level = B3.levels.model_copy(update={"value": ("初级",)})
    rules = TrackRules.model_construct(**{**B3.__dict__, "levels": one_level})
    blocking("第三批不设高级，可申报的等级有初级（I21-3.1）", rules, levels=(Level.JUNIOR, Level.SENIOR))


@pytest.mark.clause("B3-2.1", "CQ23-2.1", "I21-4.2.1")
@pytest.mark.parametrize(("rules", "as_of", "clause"), [
    (B3, NOON, "B3-2.1"), (CQ23, datetime(2023, 6, 10, 4, tzinfo=UTC), "CQ23-2.1"),
])  # fmt: skip
def test_a_bad_credit_record_blocks_and_names_the_years(
    rules: TrackRules, as_of: datetime, clause: str
) -> None:
    taxes = tuple(
        TaxYear(year=year, amount=Decimal(1), dishonest=year != 2022) for year in (2021, 2022, 2023)
    )
    blocking(
        "「近三年纳税情况」填报2021、2023年有失信行为，申报单位应社会信用良好、无失信等不良记录，"
        f"不予受理（{clause}）",
        rules,
        as_of=as_of,
        taxes=taxes,
    )


@pytest.mark.clause("B3-2.2", "M24-6.2")
def test_an_institution_without_examiners_or_supervisors_has_no_footing() -> None:
    blocking(
        "「考评员队伍人数」、「督导员队伍人数」填写为0，申报单位应配有专职工作人员和稳定的队伍，请核实后再报（B3-2.2）",
        examiners=0,
        supervisors=0,
    )


@pytest.mark.clause("CQ23-2.2", "I21-4.2.2")
def test_a_training_institution_without_teachers_has_no_footing() -> None:
    blocking(
        "「师资团队总人数」填写为0，申报单位应配有专职工作人员和稳定的队伍，请核实后再报（CQ23-2.2）",
        TRAINING,
        as_of=datetime(2023, 6, 10, 4, tzinfo=UTC),
        team=0,
    )


@pytest.mark.clause("B3-2.4", "CQ23-2.4", "I21-4.2.4", "M24-6.4")
def test_an_unsigned_commitment_is_refused_on_the_ground_of_each_text() -> None:
    assert str(unsigned(B3)) == (
        "「承诺·签署日期」没有填写，承诺未签署的不予受理，请由法定代表人或委托代理人签署后再报（B3-2.4）"
    )
    assert [(unsigned(rules).clause, unsigned(rules).blocks) for rules in (CQ23, M24)] == [
        ("CQ23-2.4", True),
        ("M24-6.4", True),
    ]


@pytest.mark.clause("B3-3")
def test_missing_papers_are_named() -> None:
    blocking(
        "必备材料不齐，缺少法人登记证书或营业执照复印件（加盖单位印章）、信用报告或诚信承诺书，请补齐后再报（B3-3）",
        papers=(),
    )


@pytest.mark.clause("CQ23-3")
def test_chongqing_asks_for_the_same_papers_on_its_own_ground() -> None:
    blocking(
        "必备材料不齐，缺少信用报告或诚信承诺书，请补齐后再报（CQ23-3）",
        CQ23,
        as_of=datetime(2023, 6, 10, 4, tzinfo=UTC),
        papers=("registration_certificate",),
    )


@pytest.mark.clause("M24-9.5", "D-14")
def test_the_cooling_off_names_the_day_it_ends_and_the_day_after() -> None:
    blocking(
        "申报单位该职业曾视为主动放弃，到期后3年内（至2024年6月10日）不得再次申报，"
        "2024年6月11日起可重新申报（M24-9.5）",
        cooling_until=date(2024, 6, 10),
    )


@pytest.mark.clause("M24-9.5")
def test_the_cooling_off_is_over_with_its_last_day() -> None:
    assert found(as_of=end_of(date(2024, 6, 10)), cooling_until=date(2024, 6, 10)) == []


@pytest.mark.clause("M24-9.1")
def test_who_stands_in_the_directory_renews_instead_of_applying() -> None:
    blocking(
        "申报单位该职业已在目录内，有效期至2026年1月2日，期内不再重复申报，继续开展的请申请续期（M24-9.1）",
        listed_until=date(2026, 1, 2),
    )


@pytest.mark.clause("B3-2.3")
def test_registered_after_the_cut_off_only_warns() -> None:
    warning("单位成立于2020年1月1日，一般应在2019年12月31日以前注册登记（B3-2.3）", founded=date(2020, 1, 1))
    assert found(founded=date(2019, 12, 31)) == []


@pytest.mark.clause("CQ23-2.3")
def test_chongqing_has_a_cut_off_of_its_own() -> None:
    warning(
        "单位成立于2019年1月1日，一般应在2018年12月31日以前注册登记（CQ23-2.3）",
        CQ23,
        as_of=datetime(2023, 6, 10, 4, tzinfo=UTC),
        founded=date(2019, 1, 1),
    )


@pytest.mark.clause("B3-2.3")
def test_too_few_person_times_a_year_only_warn_with_the_numbers() -> None:
    warning(
        "近5年（2019—2023年）年均1,640人次，一般应达到2000人次以上（B3-2.3）",
        **issued(1000, 2000, 2000, 2000, 1200),
    )


@pytest.mark.clause("B3-2.3")
def test_two_thousand_a_year_is_enough_and_one_person_less_is_not() -> None:
    assert found(**issued(2000, 2000, 2000, 2000, 2000)) == []
    warning(
        "近5年（2019—2023年）年均1,999人次，一般应达到2000人次以上（B3-2.3）",
        **issued(2000, 2000, 2000, 2000, 1999),
    )


@pytest.mark.clause("B3-2.3")
def test_five_years_that_end_with_the_current_one_count_too_when_that_is_better() -> None:
    assert found(**issued(2500, 2500, 2500, 2500, 400, first=2020)) == []


@pytest.mark.clause("B3-2.3")
def test_years_left_empty_count_as_nothing() -> None:
    warning(
        "近5年（2019—2023年）年均1,200人次，一般应达到2000人次以上（B3-2.3）",
        **issued(3000, 3000, first=2022),
    )


@pytest.mark.clause("B3-2.3")
def test_years_before_the_founding_are_not_held_against_an_institution() -> None:
    warning(
        "单位成立于2022年3月1日，一般应在2019年12月31日以前注册登记（B3-2.3）",
        founded=date(2022, 3, 1),
        **issued(2000, 2000, first=2022),
    )


@pytest.mark.clause("M24-6.3")
def test_under_the_measures_experience_counts_in_years_instead_of_a_cut_off() -> None:
    assert [str(each) for each in found(M24, founded=date(2020, 1, 1), **issued(3000, 3000, 3000, 3000, first=2020))] == [
        "单位成立满4年，近5年中4年填有人次，一般应具有5年以上经验（M24-6.3）"
    ]  # fmt: skip
    assert found(M24, founded=date(2019, 6, 10), **issued(3000, 3000, 3000, 3000, 3000)) == []


@pytest.mark.clause("B3-2.1", "M24-6.1")
def test_a_business_scope_without_the_words_only_warns() -> None:
    warning(
        "业务范围（经营范围）为“示例设备的销售”，一般应含培训、继续教育、考试、评审、鉴定等内容（B3-2.1）",
        business_scope="示例设备的销售",
    )
    assert found(business_scope="职业技能培训") == []
    assert [each.clause for each in found(M24, business_scope="示例设备的销售")] == ["M24-6.1"]


@pytest.mark.clause("B3-2.1")
def test_a_certificate_only_a_person_can_read_is_pointed_out_and_waits_for_no_answer() -> None:
    note = scope_unread(B3)
    assert note is not None
    assert (note.rule.startswith(NOTE), note.blocks) == (True, False)
    assert scope_unread(CQ23) is None


def test_everything_in_the_way_is_said_at_once_and_what_blocks_comes_first() -> None:
    everything = found(papers=(), channel="P50", founded=date(2021, 1, 1), examiners=0, business_scope="销售")
    assert [(each.rule, each.blocks) for each in everything] == [
        ("materials", True),
        ("foundation", True),
        ("registered", False),
        ("business_scope", False),
    ]
