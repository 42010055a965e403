"""The third batch from its notice to the last exit, read from one rehearsal; every date worked out by hand.

Publicity: posted Thursday 12 September 2024 at 08:30, counted 12, 13, 14 (Saturday, worked), 18, 19 September,
since Mid-Autumn takes 15 to 17. The seat freed by an upheld objection: posted 27 September, counted 27,
29 (Sunday, worked), 30 September, 8 and 9 October, since National Day takes 1 to 7.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest

from casework.rehearsal.report import Listing, Report, spoken

MAIN, ANEW, HELD, REPLACED = (
    date(2024, 9, 20), date(2024, 9, 21), date(2024, 9, 25), date(2024, 10, 10),
)  # fmt: skip
"""The days on which institutions entered the directory: most, one publicised again, one held, one in reserve."""


def _told(report: Report, what: str) -> dict[str, int]:
    """On which days a move was made, and on how many cases."""
    return {each.when: each.count for each in report.milestones if each.what == what}


def _refused(report: Report, clause: str) -> list[str]:
    return [each.sentence for each in report.refusals if each.clause == clause]


def _lives(report: Report, first_day: date) -> list[Listing]:
    return [each for each in report.listings if each.terms[0].first_day == first_day]


def _letters(report: Report, title: str, role: str = "申报单位") -> Iterator[tuple[str, str]]:
    return ((each.no, spoken(each.at)) for each in report.letters if (each.title, each.role) == (title, role))


def test_nothing_is_wrong_at_the_end(b3: Report) -> None:
    assert (b3.faults, b3.incidents, b3.unsent, b3.log_whole) == ((), (), 0, True)


@pytest.mark.clause("B3-1.1", "B3-2.1", "B3-2.2", "B3-2.4", "B3-3", "B3-A", "B3-5.2", "M24-7.2b", "M24-20c")
def test_what_may_not_be_filed_is_refused_in_words(b3: Report) -> None:
    assert _refused(b3, "B3-1.1") == [
        "没有职业“人工智能工程技术人员”，是否为“机器人工程技术人员”，请按通知所列职业名称填写"
    ]
    assert _refused(b3, "B3-2.1") == [
        "「近三年纳税情况」填报2023年有失信行为，申报单位应社会信用良好、无失信等不良记录，不予受理"
    ]
    assert _refused(b3, "B3-2.2") == [
        "「考评员队伍人数」填写为0，申报单位应配有专职工作人员和稳定的队伍，请核实后再报"
    ]
    assert _refused(b3, "B3-2.4") == [
        "「承诺·签署日期」没有填写，承诺未签署的不予受理，请由法定代表人或委托代理人签署后再报"
    ]
    assert _refused(b3, "B3-3") == [
        "必备材料不齐，缺少法人登记证书或营业执照复印件（加盖单位印章），请补齐后再报"
    ]
    assert _refused(b3, "B3-5.2") == ["第三批不受理培训机构申报，请向所在地省级人力资源社会保障部门咨询"]
    assert len(_refused(b3, "M24-7.2b")) == 1
    assert next(each.what for each in b3.refusals if each.clause == "M24-20c") == "申报"
    assert "「单位基本情况」共 858 字，限 800 字（空格和换行不计），请压缩后再报" in _refused(b3, "B3-A")


def test_a_file_that_is_no_form_says_what_it_is(b3: Report) -> None:
    files = [each.about for each in b3.refusals if each.clause == "文件" and each.about[0] == "0"][1:]
    assert files == [
        "01_下载不完整.docx", "02_空文件.docx", "03_加了密码.docx", "04_旧版改名.docx", "05_扫描件改名.docx",
        "07_表头不符.csv",
    ]  # fmt: skip


def test_the_same_form_handed_in_again_adds_nothing(b3: Report) -> None:
    assert sum(each.again for each in b3.readings) == 1


@pytest.mark.clause("B3-2.3", "B3-4.2")
def test_what_falls_short_of_a_general_rule_is_answered_before_it_is_recommended(b3: Report) -> None:
    assert _refused(b3, "B3-2.3") == ["有“一般应”条件不满足且尚未书面说明，请先用“说明情形”逐项作答。"] * 3
    assert _told(b3, "说明情形") == {"2024-06": 3}


@pytest.mark.clause("B3-5.4", "D-12")
def test_filing_closes_at_the_end_of_21_june(b3: Report) -> None:
    assert _refused(b3, "B3-5.4") == ["第三批申报已于2024年6月21日24时截止，逾期不再受理"]
    assert _told(b3, "批次申报截止") == _told(b3, "申报截止未获推荐") == {"2024-06-22": 1}


@pytest.mark.clause("D-4")
def test_a_correction_comes_back_or_lapses_after_ten_working_days(b3: Report) -> None:
    # Returned on 12 June: 13, 14, 17–21, 24–26 June.
    assert _told(b3, "退回补正") == {"2024-06-11": 1, "2024-06-12": 1, "2024-07-03": 1}
    assert _told(b3, "提交补正") == {"2024-06-13": 1, "2024-07-09": 1}
    assert _told(b3, "逾期未补正") == {"2024-06-27": 1}


@pytest.mark.clause("D-9", "B3-5.4")
def test_what_lacks_its_papers_waits_outside_expert_review(b3: Report) -> None:
    assert _refused(b3, "D-9") == ["纸质推荐函和推荐表尚未收到（纸质待补），收到并登记后方可进入专家评议。"]
    assert _told(b3, "登记收到纸质材料") == {"2024-06": 47, "2024-07": 1}
    assert _told(b3, "初核通过") == {"2024-07-18": 45, "2024-07-26": 1}


@pytest.mark.clause("B3-4.4", "B3-5.3")
def test_a_site_is_visited_and_a_false_statement_ends_a_case(b3: Report) -> None:
    assert _told(b3, "组织考察") == {"2024-07-30": 1}
    assert _told(b3, "提交考察报告") == {"2024-08-12": 1}
    assert _told(b3, "认定弄虚作假，终止申报") == {"2024-08-07": 1}


@pytest.mark.clause("B3-1.3", "B3-5.1", "M24-7.3e")
def test_two_of_each_occupation_go_to_publicity_one_of_them_against_the_experts_in_words(b3: Report) -> None:
    assert _told(b3, "列入拟公示名单") == {"2024-09-12": 10, "2024-09-27": 1}
    assert Counter(each.occupation for each in b3.listings) == dict.fromkeys(
        (title for title, _ in b3.lines[0].funnel[:-1]), 2
    )
    assert _refused(b3, "B3-1.3")[-1] == "整批未办理：B3-ZCZZ-0009：该职业的遴选名额已满，不能再列入。"
    (wordless,) = _refused(b3, "M24-7.3e")
    assert wordless == (
        "申报B3-JQRG-0007：专家组表决未达推荐比例，列入公示的，须书面说明与专家意见不一致的理由。"
    )
    stated = [each for each in b3.listings for _, what, _ in each.notes if "与专家意见不一致" in what]
    assert len(stated) == 1


@pytest.mark.clause("M24-7.4", "M24-7.3e")
def test_what_was_decided_is_released_together_by_somebody_who_did_not_count(b3: Report) -> None:
    assert _refused(b3, "M24-7.4") == ["office.lin是本次评议的计票人，不得再办理复核和发布，请由他人办理。"]
    # Everybody hears on the same morning; the four in reserve when the seat that fell free was taken.
    assert _told(b3, "不予列入") == {"2024-09-12": 30, "2024-09-27": 4}
    assert {spoken(each.at)[:10] for each in b3.letters if each.title == "未入选"} == {
        "2024-09-12",
        "2024-09-27",
    }


@pytest.mark.clause("B3-4.5", "B3-4.6", "D-1")
def test_listing_follows_five_working_days_of_publicity(b3: Report) -> None:
    assert _told(b3, "列入目录") == {"2024-09-20": 7, "2024-09-21": 1, "2024-09-25": 1, "2024-10-10": 1}
    assert {
        spoken(stay.since) for each in _lives(b3, MAIN) for stay in each.stays if stay.stage == "listed"
    } >= {"2024-09-20 00:00"}


@pytest.mark.clause("D-2")
def test_an_objection_holds_only_its_own_case(b3: Report) -> None:
    assert _told(b3, "异议不成立") == {"2024-09-18": 1, "2024-09-25": 1}
    assert _told(b3, "异议成立") == {"2024-09-19": 1}
    (held,) = _lives(b3, HELD)
    assert next(spoken(stay.since) for stay in held.stays if stay.stage == "listed") == "2024-09-25 10:00"
    assert _told(b3, "更正后重新公示") == {"2024-09-13": 1}
    assert len(_lives(b3, ANEW)) == len(_lives(b3, REPLACED)) == 1


@pytest.mark.clause("B3-1.4", "B3-4.6", "I21-4.1")
def test_the_directory_of_every_day_says_who_stood_in_it(b3: Report) -> None:
    assert {each.day: len(each.entries) for each in b3.directory} == {
        date(2024, 9, 19): 0, MAIN: 7, ANEW: 8, HELD: 9, REPLACED: 10,
        date(2025, 7, 11): 9, date(2026, 5, 21): 8, date(2026, 9, 16): 7,
        date(2027, 9, 21): 5, date(2027, 9, 22): 4, date(2027, 12, 31): 4,
    }  # fmt: skip


@pytest.mark.clause("B3-1.5", "D-3", "M24-5", "M24-9.1")
def test_a_term_runs_three_years_from_the_listing_and_renewal_is_asked_for_three_months_before(
    b3: Report,
) -> None:
    first = {each.terms[0].first_day: each.terms[0] for each in b3.listings}
    assert {day: (term.last_day, term.last_day_to_apply) for day, term in first.items()} == {
        MAIN: (date(2027, 9, 20), date(2027, 6, 20)),
        ANEW: (date(2027, 9, 21), date(2027, 6, 21)),
        HELD: (date(2027, 9, 25), date(2027, 6, 25)),
        REPLACED: (date(2027, 10, 10), date(2027, 7, 10)),
    }


@pytest.mark.clause("M24-9.2", "M24-9.4", "M24-9.5", "M24-20b", "M24-20c", "M24-21", "D-13")
def test_everyone_who_leaves_does_so_on_the_day_and_ground_of_the_law(b3: Report) -> None:
    assert [(each.exit_day, each.exit_clause, each.cooling_until) for each in b3.exits[:3]] == [
        (date(2025, 7, 11), "M24-20b", None),
        (date(2026, 5, 20), "M24-21", None),
        (date(2026, 9, 15), "M24-20c", None),
    ]
    assert sorted((each.exit_day, each.exit_clause, each.cooling_until) for each in b3.exits[3:]) == [
        (date(2027, 9, 21), "M24-9.2", date(2030, 9, 20)),
        (date(2027, 9, 21), "M24-9.4", date(2030, 9, 20)),
        (date(2027, 9, 22), "M24-9.4", date(2030, 9, 21)),
    ]


@pytest.mark.clause("M24-9.4")
def test_giving_up_is_told_the_day_after_the_last_day_to_apply(b3: Report) -> None:
    assert _told(b3, "逾期未申请续期") == {"2027-06-21": 1, "2027-06-22": 1}
    assert sorted(when for _, when in _letters(b3, "逾期未申请续期")) == [
        "2027-06-21 08:30",
        "2027-06-22 08:30",
    ]


@pytest.mark.clause("M24-9.1", "D-8")
def test_a_renewed_term_starts_where_the_old_one_ends(b3: Report) -> None:
    second = sorted(
        {(each.terms[1].first_day, each.terms[1].last_day) for each in b3.listings if each.terms[1:]}
    )
    assert second == [
        (date(2027, 9, 21), date(2030, 9, 20)),
        (date(2027, 9, 26), date(2030, 9, 25)),
    ]
    assert _told(b3, "同意续期") == {"2027-07-09": 2, "2027-07-16": 1, "2027-10-21": 1}


@pytest.mark.clause("D-5")
def test_a_renewal_still_under_review_stays_in_the_directory_and_the_head_hears_every_week(
    b3: Report,
) -> None:
    (late,) = [each for each in b3.listings if any(clause == "D-5" for _, _, clause in each.notes)]
    assert [stay.stage for stay in late.stays][-3:] == ["listed", "renewal", "listed"]
    assert [day for day, _, clause in late.notes if clause == "D-5"] == [date(2027, 9, 21)]
    standing = {each.day: each.entries for each in b3.directory}[date(2027, 9, 21)]
    assert [last for _, _, _, last, status in standing if status == "续期审核中"] == [date(2027, 9, 20)]
    told = [each.at.date() for each in b3.digests if each.title == "督办" and each.at.year == 2027]
    assert len(told) == 5
    assert {later - sooner for sooner, later in pairwise(told)} == {timedelta(days=7)}


@pytest.mark.clause("M24-20a", "M24-20b", "D-11")
def test_rectification_fails_by_the_clock_or_waits_for_its_judgement(b3: Report) -> None:
    # In June and March by who recommended, in November after an inspection.
    assert _told(b3, "责令限期整改") == {"2025-06-10": 1, "2025-11-18": 1, "2026-03-02": 1}
    assert _told(b3, "整改期满未提交报告") == {"2025-07-11": 1}
    # Reported on 10 April within the limit of 15 April, accepted after it on 28 April: the clock waited.
    assert _told(b3, "整改验收合格") == {"2025-12-03": 1, "2026-04-28": 1}


@pytest.mark.clause("M24-9.5", "D-14")
def test_who_gave_up_is_refused_in_a_later_call_and_who_left_by_will_is_not(b3: Report) -> None:
    again = (
        "申报单位该职业曾视为主动放弃，到期后3年内（至2030年9月{}日）不得再次申报，2030年9月{}日起可重新申报"
    )
    assert sorted(_refused(b3, "M24-9.5")) == [again.format(20, 21), again.format(21, 22)]
    assert _told(b3, "受理申报（演练后续批次）") == {"2027-11": 1}


@pytest.mark.clause("M24-14")
def test_yearly_duties_are_asked_for_and_a_late_one_is_told(b3: Report) -> None:
    late = list(_letters(b3, "年度材料逾期"))
    assert [when for _, when in late] == ["2026-02-02 08:30"]
    years = {when[:4] for _, when in _letters(b3, "年度材料即将到期")}
    assert years == {"2025", "2026", "2027"}


@pytest.mark.clause("M24-9.1")
def test_the_renewal_window_is_told_six_five_and_four_months_before(b3: Report) -> None:
    told: dict[str, list[str]] = {}
    for no, when in _letters(b3, "可以申请续期"):
        told.setdefault(no, []).append(when[:10])
    (lapsed,) = [each for each in _lives(b3, MAIN) if each.exit_clause == "M24-9.4"]
    # 20 March and 20 June are no working days in 2027, as far as weekends tell (D-6): told on the next one.
    assert told[lapsed.no] == ["2027-03-22", "2027-04-20", "2027-05-20"]


def test_letters_leave_in_office_hours_unless_their_limit_would_pass_before(b3: Report) -> None:
    late = {
        spoken(each.at)[:10]
        for each in (*b3.letters, *b3.digests)
        if not "08:30" <= spoken(each.at)[11:] < "18:00"
    }
    assert late == {"2024-06-21"}
