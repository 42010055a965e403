"""The yearly report and plan: one filing moves the duty and the activity, late is marked, a correction gives its reason."""

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from casework.actors import Actor
from casework.duties.examinations import report
from casework.duties.figures import figures
from casework.duties.listing import duties
from casework.duties.yearly import NewPlan, file_plan, file_report
from casework.duties.yearly_sheet import blank_yearly, read_yearly
from casework.gate import advance
from casework.invariants import check
from records.transaction import reading
from states.calendar import at_time, end_of
from states.duties.figures import Figures
from states.refusals import Refused
from states.roles import Role

Listing = Any  # of conftest
IN_TIME, LATE = at_time(date(2026, 1, 20), 10), at_time(date(2026, 2, 5), 10)
AFTER = at_time(date(2025, 3, 4), 10)


def filed(
    listing: Listing, year: int, by_level: dict[str, Figures], as_of: Any = IN_TIME, reason: str = ""
) -> Any:
    new = listing.report(year, by_level, reason)
    return file_report(listing.desk, listing.no, new, by=listing.office, as_of=as_of)


def yearly_owed(listing: Listing, as_of: Any) -> list[tuple[str, bool]]:
    return [(each.label, each.overdue) for each in duties(listing.desk, as_of=as_of) if each.kind == "yearly"]


@pytest.mark.clause("M24-14", "I21-4.6.1")
def test_filing_fulfils_the_duty_and_counts_what_was_not_counted(listing: Listing) -> None:
    exam = listing.announced(2025, 3, 3)
    report(listing.desk, exam, person_times=78, passed=60, by=listing.office, as_of=AFTER)
    assert yearly_owed(listing, IN_TIME)[:2] == [
        ("2024年度总结和2025年度计划", True),
        ("2025年度总结和2026年度计划", False),
    ]
    done = filed(listing, 2025, {"初级": Figures(100, 70, 65), "中级": Figures(20, 10, 10)})
    assert (done.number, done.days_late, done.activity_change, done.total) == (1, 0, 42, Figures(120, 80, 75))
    assert (listing.activity, listing.programme.case(1).duties_done) == (120, "yearly_report:2026")
    assert yearly_owed(listing, IN_TIME)[0] == ("2024年度总结和2025年度计划", True)
    with reading(listing.desk.engine) as tx:
        assert figures(tx, 1)[2025].activity == 120
    assert [name for name, _, _ in listing.programme.story(1)][-2:] == ["fulfil_duty", "record_activity"]
    assert check(listing.desk, IN_TIME).faults == []


@pytest.mark.clause("M24-14")
def test_a_late_report_is_accepted_and_says_by_how_many_days(listing: Listing) -> None:
    done = filed(listing, 2025, {"初级": Figures(1, 0, 0)}, LATE)
    assert (done.due, done.days_late) == (date(2026, 1, 31), 5)
    assert listing.programme.rows("SELECT days_late FROM yearly_report") == [(5,)]


@pytest.mark.clause("M24-14")
def test_a_correction_replaces_the_report_and_moves_the_difference(listing: Listing) -> None:
    filed(listing, 2025, {"初级": Figures(100, 70, 65)})
    with pytest.raises(Refused, match="已报送1次，更正须写明理由"):
        filed(listing, 2025, {"初级": Figures(90, 70, 65)})
    again = filed(listing, 2025, {"初级": Figures(90, 70, 65)}, LATE, "多计10人次")
    assert (again.number, again.activity_change, again.days_late, listing.activity) == (2, -10, 0, 90)
    with reading(listing.desk.engine) as tx:
        assert figures(tx, 1)[2025].total == Figures(90, 70, 65)
    assert listing.programme.rows("SELECT number, reason FROM yearly_report ORDER BY number") == [
        (1, ""), (2, "多计10人次"),
    ]  # fmt: skip


@pytest.mark.clause("M24-14")
def test_an_examination_reported_after_the_year_is_not_counted_again(listing: Listing) -> None:
    exam = listing.announced(2025, 3, 3)
    filed(listing, 2025, {"初级": Figures(100, 70, 65)})
    said = {"by": listing.office, "as_of": LATE}
    assert report(listing.desk, exam, person_times=80, passed=0, **said) == 0
    assert report(listing.desk, exam, person_times=130, passed=0, reason="漏计", **said) == 30
    assert listing.activity == 130


@pytest.mark.clause("M24-14", "D-3")
def test_what_cannot_be_reported_is_refused_and_nothing_changes(listing: Listing, recommender: Any) -> None:
    exam = listing.announced(2025, 3, 3)
    report(listing.desk, exam, person_times=78, passed=60, by=listing.office, as_of=AFTER)
    before = listing.programme.contents()
    wrong = [
        (2025, {"初级": Figures(77, 60, 0)}, IN_TIME, "少于已逐场报告的合计78"),
        (2025, {"初级": Figures(100, 101, 0)}, IN_TIME, "合格人数101多于人次100"),
        (2023, {"初级": Figures()}, IN_TIME, "2023年度不在应报送的范围内"),
        (2028, {"初级": Figures()}, IN_TIME, "2028年度不在应报送的范围内"),
        (2026, {"初级": Figures()}, IN_TIME, "2026年度尚未结束"),
        (2025, {"特级": Figures()}, IN_TIME, "没有等级“特级”"),
    ]  # fmt: skip
    for year, by_level, as_of, sentence in wrong:
        with pytest.raises(Refused, match=sentence):
            filed(listing, year, by_level, as_of)
    new = listing.report(2025, {"初级": Figures(100, 60, 0)})
    with pytest.raises(Refused, match="不在P11经办人的办理范围内"):
        file_report(listing.desk, listing.no, new, by=recommender("P11"), as_of=IN_TIME)
    assert listing.programme.contents() == before


@pytest.mark.clause("M24-14")
def test_the_plan_of_the_next_year_is_filed_with_the_report(listing: Listing) -> None:
    filed(listing, 2025, {"初级": Figures(1, 0, 0)})
    assert listing.programme.rows("SELECT year, sessions, person_times, places FROM yearly_plan") == [
        (2026, 4, 400, "重庆"),
    ]  # fmt: skip
    with pytest.raises(Refused, match="只能报送今年或者明年的计划"):
        file_plan(
            listing.desk, listing.no, 2030, NewPlan(1, 1, "重庆", "示例"), by=listing.office, as_of=IN_TIME
        )


@pytest.mark.clause("M24-14")
def test_who_has_left_the_directory_reports_no_more(listing: Listing) -> None:
    inputs = {"ground": "fraud", "finding": "示例"}
    advance(
        listing.desk,
        "remove",
        [1],
        by=Actor("示例", Role.GROUP),
        as_of=at_time(date(2025, 5, 6), 10),
        inputs=inputs,
    )
    with pytest.raises(Refused, match="现处于已退出，不在目录中"):
        filed(listing, 2025, {"初级": Figures(1, 0, 0)})
    assert duties(listing.desk, as_of=IN_TIME) == []


@pytest.mark.clause("M24-14")
def test_a_blank_goes_out_with_what_is_known_and_comes_back_as_a_report(
    listing: Listing, tmp_path: Path
) -> None:
    exam = listing.announced(2025, 3, 3)
    report(listing.desk, exam, person_times=78, passed=60, by=listing.office, as_of=AFTER)
    path = tmp_path / "年度总结.xlsx"
    path.write_bytes(blank_yearly(listing.desk, listing.no, 2025, by=listing.office, as_of=IN_TIME))
    with pytest.raises(Refused, match="缺少年度工作总结、下一年度计划场次"):
        read_yearly(path)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    filled = {
        "中级": (None, 20, 10, 10), "年度工作总结": (None, "全年开展考试1场"), "下一年度计划场次": (None, 4),
        "下一年度计划人次": (None, 400), "下一年度计划地点": (None, "重庆"), "下一年度计划": (None, "每季度一场"),
    }  # fmt: skip
    for row in sheet.iter_rows():
        for cell, value in zip(row, filled.get(str(row[0].value), ()), strict=False):
            if value is not None:
                cell.value = value
    book.save(path)
    new = read_yearly(path)
    assert (new.year, new.summary, new.plan) == (
        2025,
        "全年开展考试1场",
        NewPlan(4, 400, "重庆", "每季度一场"),
    )
    assert new.by_level == {"初级": Figures(78, 60, 0), "中级": Figures(20, 10, 10)}
    file_report(listing.desk, listing.no, new, by=listing.office, as_of=IN_TIME)
    assert listing.activity == 98


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ((("年度", "2025"), ("等级", "人次"), ("初级", "1.5")), "初级的人次应为0至10000000的整数"),
        ((("年度", "2025"), ("等级", "人次"), ("初级", "-3")), "收到的是“-3”"),
        ((("年度", "2025"), ("等级", "人次"), ("初级", "1"), ("初级", "2")), "等级“初级”出现两次"),
        ((("年度", "2025"), ("年度", "2026")), "“年度”出现两次"),
        ((("随便", "写的"),), "缺少年度"),
    ],
)
def test_a_sheet_that_is_no_report_is_refused(tmp_path: Path, cells: Any, sentence: str) -> None:
    book = Workbook()
    for row in cells:
        book.worksheets[0].append(row)
    path = tmp_path / "表.xlsx"
    book.save(path)
    with pytest.raises(Refused, match=sentence):
        read_yearly(path)


@pytest.mark.clause("M24-9.3", "M24-14")
@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_reported_and_corrected_the_activity_is_what_the_year_counts(
    listing: Listing, seed: int
) -> None:
    dice = Random(seed)
    exams = [listing.announced(2025, 3, n, level=dice.choice(("初级", "中级"))) for n in (1, 2, 3)]
    for turn in range(12):
        with reading(listing.desk.engine) as tx:
            examined = figures(tx, 1).get(2025)
        if dice.random() < 0.7:
            exam = dice.choice(exams)
            report(
                listing.desk, exam, person_times=dice.randrange(200), passed=0, by=listing.office, as_of=LATE,
                reason="更正",
            )  # fmt: skip
        else:
            floor = examined.examined if examined else {}
            by_level = {
                level: Figures(floor.get(level, Figures()).person_times + dice.randrange(100), 0, 0)
                for level in ("初级", "中级")
            }
            number = len(listing.programme.rows("SELECT 1 FROM yearly_report"))
            filed(listing, 2025, by_level, LATE, f"第{turn}次更正" if number else "")
        with reading(listing.desk.engine) as tx:
            assert listing.activity == figures(tx, 1).get(2025, examined).activity  # type: ignore[union-attr]
    for each in duties(listing.desk, as_of=LATE, done=True):
        assert not (each.overdue and each.done_at)
    assert end_of(date(2026, 1, 31)) <= LATE
