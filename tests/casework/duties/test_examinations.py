"""Examinations: announced, reported, their certificates filed; overdue by the day, counted once."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework.actors import Actor
from casework.duties.certificates import CertificateRow, file_certificates
from casework.duties.examinations import NewExamination, announce, cancel, examinations, report
from casework.duties.figures import figures, year_of
from casework.duties.listing import duties
from casework.duties.sweep import sweep_duties
from casework.duties.yearly import NewPlan, file_plan
from casework.invariants import check
from records.transaction import reading
from states.calendar import at_time, end_of
from states.duties.figures import Figures
from states.refusals import Refused
from states.roles import Role

Listing = Any  # of conftest
HELD = date(2025, 3, 3)
AFTER = at_time(date(2025, 3, 4), 10)


def rows(count: int, level: str = "初级", first: int = 1) -> list[CertificateRow]:
    return [
        CertificateRow(f"SZ2025-{n:04d}", level, date(2025, 3, 4), f"110101********{n:04d}")
        for n in range(first, first + count)
    ]


def counted(listing: Listing, exam: str, people: int, passed: int, **more: Any) -> int:
    return report(
        listing.desk,
        exam,
        person_times=people,
        passed=passed,
        by=listing.office,
        as_of=more.pop("as_of", AFTER),
        **more,
    )


def owed(listing: Listing, kind: str, **more: Any) -> list[tuple[str, bool]]:
    found = duties(listing.desk, as_of=more.pop("as_of", AFTER), **more)
    return [(each.label, each.overdue) for each in found if each.kind == kind]


@pytest.mark.clause("I21-4.6.3", "D-3")
def test_data_are_owed_within_a_month_of_the_last_day_and_done_when_both_are_there(listing: Listing) -> None:
    exam = listing.announced(2025, 3, 3)
    assert exam == "KS-2025-0001"
    [duty] = [each for each in duties(listing.desk, as_of=AFTER) if each.kind == "examination"]
    assert (duty.due_at, duty.clause, duty.label) == (
        end_of(date(2025, 4, 3)), "I21-4.6.3", "2025-03-03结束的考试（KS-2025-0001）",
    )  # fmt: skip
    counted(listing, exam, 78, 60)
    assert owed(listing, "examination") == [("2025-03-03结束的考试（KS-2025-0001）", False)]
    done = file_certificates(listing.desk, exam, rows(60), by=listing.office, as_of=AFTER)
    assert (done.count, done.days_late) == (60, 0)
    assert owed(listing, "examination") == []
    assert check(listing.desk, AFTER).faults == []


@pytest.mark.clause("I21-4.6.3", "M24-14")
def test_late_is_accepted_and_marked_with_its_days(listing: Listing) -> None:
    exam = listing.announced(2025, 3, 3)
    late = at_time(date(2025, 4, 8), 10)
    assert owed(listing, "examination", as_of=late) == [("2025-03-03结束的考试（KS-2025-0001）", True)]
    counted(listing, exam, 78, 60, as_of=late)
    done = file_certificates(listing.desk, exam, rows(60), by=listing.office, as_of=late)
    assert done.days_late == 5


@pytest.mark.clause("I21-4.6.3")
def test_reminders_before_and_one_letter_when_it_is_overdue(listing: Listing) -> None:
    listing.announced(2025, 3, 3)
    sweep_duties(listing.desk, as_of=at_time(date(2025, 3, 4), 9))
    before = len(listing.programme.letters(1))
    told = [
        sweep_duties(listing.desk, as_of=at_time(date(2025, *day), 9))
        for day in ((3, 20), (4, 2), (4, 4), (5, 9))
    ]
    assert [(each.reminded, each.overdue) for each in told] == [(1, 0), (1, 0), (0, 1), (0, 0)]
    assert listing.programme.letters(1)[before:] == [
        "obligation_due/applicant", "obligation_due/applicant", "obligation_overdue/applicant",
    ]  # fmt: skip
    ((body,),) = listing.programme.rows(
        "SELECT body FROM letter WHERE letter = 'obligation_overdue' AND occasion LIKE 'owed:examination:%'"
    )
    assert "应于2025年4月3日前（含当日）办理（I21-4.6.3），至今未办理" in body
    assert "2025-03-03之后1个月：2025-04-03，含当日（I21-4.6.3、D-3）" in body


@pytest.mark.clause("M24-9.2", "I21-4.6.3")
def test_what_is_reported_counts_as_activity_and_a_correction_counts_the_difference(listing: Listing) -> None:
    exam = listing.announced(2025, 3, 3)
    assert counted(listing, exam, 78, 60) == 78
    with pytest.raises(Refused, match="更正须写明理由"):
        counted(listing, exam, 70, 60)
    assert counted(listing, exam, 70, 60, reason="重复登记8人次") == -8
    assert listing.activity == 70
    with reading(listing.desk.engine) as tx:
        assert figures(tx, 1)[2025].total == Figures(70, 60, 0)


@pytest.mark.clause("M24-14")
def test_without_a_plan_of_the_year_an_examination_is_marked(listing: Listing) -> None:
    first = listing.announced(2025, 3, 3)
    file_plan(
        listing.desk, listing.no, 2025, NewPlan(4, 400, "重庆", "每季度一场"), by=listing.office, as_of=AFTER
    )
    second = listing.announced(2025, 6, 3, as_of=AFTER)
    marked = {each.no: each.unplanned for each in examinations(listing.desk)}
    assert marked == {first: True, second: False}


@pytest.mark.clause("M24-5", "I21-3.1")
def test_what_cannot_be_announced_is_refused(listing: Listing, recommender: Any) -> None:
    def said(level: str, first: date, last: date, by: Actor = listing.office) -> str:
        with pytest.raises(Refused) as caught:
            announce(
                listing.desk, listing.no, NewExamination(level, first, last, "示例", 1), by=by, as_of=AFTER
            )
        return str(caught.value)

    before = listing.programme.contents()
    assert said("高级", HELD, HELD) == "没有等级“高级”，B3-SJAQ-0001的等级为初级、中级。（I21-4.6.3）"
    assert said("初级", HELD, HELD - timedelta(days=1)).startswith("起止日期2025-03-03至2025-03-02不正确")
    assert "的有效期为2024-10-10至2027-10-10" in said("初级", date(2027, 10, 11), date(2027, 10, 11))
    assert "不在P11经办人的办理范围内" in said("初级", HELD, HELD, recommender("P11"))
    assert "当前身份为审计人员" in said("初级", HELD, HELD, Actor("示例", Role.AUDITOR))
    assert listing.programme.contents() == before


@pytest.mark.clause("I21-4.6.3")
def test_counts_that_cannot_be_are_refused(listing: Listing) -> None:
    exam = listing.announced(2025, 3, 3)
    with pytest.raises(Refused, match="结束后方可报告"):
        counted(listing, exam, 78, 60, as_of=at_time(date(2025, 3, 2), 10))
    with pytest.raises(Refused, match="合格人数61多于人次60"):
        counted(listing, exam, 60, 61)
    with pytest.raises(Refused, match="人次应为0至10000000的整数"):
        counted(listing, exam, -1, 0)
    with pytest.raises(Refused, match="没有编号为“KS-2025-9999”"):
        counted(listing, "KS-2025-9999", 1, 0)
    assert listing.activity == 0


@pytest.mark.clause("I21-4.6.3", "M24-11.6a")
def test_certificates_must_agree_with_who_passed_and_name_nobody(listing: Listing) -> None:
    exam = listing.announced(2025, 3, 3)
    with pytest.raises(Refused, match="尚未报告"):
        file_certificates(listing.desk, exam, rows(2), by=listing.office, as_of=AFTER)
    counted(listing, exam, 3, 2)
    whole = CertificateRow("SZ2025-0009", "初级", date(2025, 3, 4), "110101199003070070")
    wrong = {
        "证书共1个，与KS-2025-0001报告的合格人数2不符": rows(1),
        "证书编号SZ2025-0001重复": [*rows(1), *rows(1)],
        "等级为中级": [*rows(1), *rows(1, "中级", 2)],
        "持证人与前面的相同": [whole, CertificateRow("SZ2025-0010", "初级", date(2025, 3, 4), whole.holder)],
        "发证日期2025-03-02应在2025-03-03至今日之间": [
            *rows(1), CertificateRow("SZ2025-0002", "初级", date(2025, 3, 2), whole.holder),
        ],
    }  # fmt: skip
    for sentence, given_rows in wrong.items():
        with pytest.raises(Refused, match=sentence):
            file_certificates(listing.desk, exam, given_rows, by=listing.office, as_of=AFTER)
    file_certificates(listing.desk, exam, [whole, *rows(1)], by=listing.office, as_of=AFTER)
    assert whole.holder not in listing.programme.contents()
    assert [row[0] for row in listing.programme.rows("SELECT holder_ends FROM certificate ORDER BY number")] == [
        "0001", "0070",
    ]  # fmt: skip


@pytest.mark.clause("I21-4.6.3")
def test_a_correction_of_who_passed_takes_the_certificates_back(listing: Listing) -> None:
    exam = listing.announced(2025, 3, 3)
    counted(listing, exam, 3, 2)
    file_certificates(listing.desk, exam, rows(2), by=listing.office, as_of=AFTER)
    counted(listing, exam, 3, 3, reason="漏报1人")
    assert owed(listing, "examination") == [("2025-03-03结束的考试（KS-2025-0001）", False)]
    file_certificates(listing.desk, exam, rows(3), by=listing.office, as_of=AFTER)
    assert owed(listing, "examination") == []


@pytest.mark.clause("I21-4.6.3")
def test_where_nobody_passed_there_is_nothing_more_to_file(listing: Listing) -> None:
    counted(listing, listing.announced(2025, 3, 3), 5, 0)
    assert owed(listing, "examination") == []


@pytest.mark.clause("I21-4.6.3")
def test_a_cancelled_examination_owes_nothing_and_is_not_reported(listing: Listing) -> None:
    exam = listing.announced(2025, 3, 3)
    cancel(listing.desk, exam, "报名不足", by=listing.office, as_of=AFTER)
    assert (owed(listing, "examination"), owed(listing, "site")) == ([], [])
    with pytest.raises(Refused, match="已取消，不能报告"):
        counted(listing, exam, 1, 0)


@pytest.mark.clause("M24-9.3", "M24-14")
def test_no_examination_ever_counts_twice(listing: Listing) -> None:
    exams = [listing.announced(2025, 3, n) for n in (1, 2, 3)]
    for place, exam in enumerate(exams, 1):
        counted(listing, exam, 10 * place, 0)
        counted(listing, exam, 10 * place + 1, 0, reason="更正")
        counted(listing, exam, 10 * place + 1, 0, reason="再次提交")
    assert listing.activity == 11 + 21 + 31
    with reading(listing.desk.engine) as tx:
        assert (year_of(tx, 1, 2025).activity, year_of(tx, 1, 2025).sessions) == (63, 3)
