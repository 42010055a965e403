"""Provinces report their lists; the year is summed up by province and occupation; digests name what is overdue."""

from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from casework.digests import queue_digests
from casework.duties.examinations import report
from casework.duties.listing import duties
from casework.duties.provincial_list import make_list, report_list, reported_lists
from casework.duties.summary import HEADINGS, summary, summary_workbook
from casework.duties.sweep import next_duty, sweep_duties
from casework.sweep import sweep
from records.transaction import reading
from states.calendar import at_time, end_of
from states.duties.figures import Figures
from states.refusals import Refused

Listing = Any  # of conftest
LISTED = at_time(date(2024, 10, 10), 0)


@pytest.fixture
def training(programme: Any) -> Any:
    """A training institution Chongqing listed on 10 October 2024."""
    programme.bring(programme.begin(), "publicity")
    programme.spoil("UPDATE cases SET track = 'training', process = 'B3/training@1', no = 'B3-P-1'")
    sweep(programme.desk, as_of=LISTED)
    assert programme.case(1).stage == "listed"
    return programme


@pytest.mark.clause("M24-8", "B3-5.2", "CQ23-4.2")
def test_a_province_that_listed_trainers_owes_its_list(training: Any, province: Any) -> None:
    now = at_time(date(2024, 10, 15), 10)
    [duty] = [each for each in duties(training.desk, as_of=now) if each.kind == "list"]
    assert (duty.who, duty.due_at, duty.no) == ("重庆市人力资源和社会保障局", end_of(date(2024, 10, 23)), "")
    seen = {code: len(duties(training.desk, as_of=now, actor=province(code))) for code in ("50", "11")}
    assert seen["11"] == 0
    sweep_duties(training.desk, as_of=at_time(date(2024, 10, 24), 9))
    assert training.rows("SELECT recipient FROM letter WHERE letter = 'province_obligation_overdue'") == [
        ("p50@example.cn",),
    ]  # fmt: skip
    done = report_list(training.desk, "P50", document_no="示例函〔2024〕9号", by=province("50"), as_of=now)
    assert (done.count, done.on) == (1, date(2024, 10, 15))
    assert [each for each in duties(training.desk, as_of=now) if each.kind == "list"] == []
    assert [each.sha256 for each in reported_lists(training.desk)] == [done.sha256]


@pytest.mark.clause("M24-8", "M24-3.2")
def test_a_list_is_reported_by_its_own_province_under_its_own_document(training: Any, province: Any) -> None:
    now = at_time(date(2024, 10, 15), 10)
    with pytest.raises(Refused, match="由本省人力资源社会保障部门报送"):
        report_list(training.desk, "P50", document_no="示例函1号", by=province("11"), as_of=now)
    report_list(training.desk, "P50", document_no="示例函1号", by=province("50"), as_of=now)
    with pytest.raises(Refused, match="已以示例函1号报送过目录"):
        report_list(training.desk, "P50", document_no="示例函1号", by=province("50"), as_of=now)
    lines = make_list(training.desk, "P50", on=date(2024, 10, 15)).decode("utf-8-sig").splitlines()
    assert (len(lines), "示例机构1" in lines[1]) == (2, True)
    assert len(make_list(training.desk, "P11", on=date(2024, 10, 15)).decode("utf-8-sig").splitlines()) == 1


@pytest.mark.clause("M24-14")
def test_the_year_is_summed_up_by_province_and_occupation(
    listing: Listing, province: Any, tmp_path: Any
) -> None:
    exam, now = listing.announced(2025, 3, 3), at_time(date(2025, 12, 31), 10)
    report(listing.desk, exam, person_times=78, passed=60, by=listing.office, as_of=now)
    [line] = summary(listing.desk, 2025, as_of=now)
    # Overdue: the certificates, the site, the fees, and the report that was due in January.
    assert (line.institutions, line.sessions, line.figures, line.overdue) == (1, 1, Figures(78, 60, 0), 4)
    assert summary(listing.desk, 2023, as_of=now) == []
    assert summary(listing.desk, 2025, as_of=now, actor=province("11")) == []
    path = tmp_path / "汇总.xlsx"
    path.write_bytes(summary_workbook([line], 2025))
    rows = list(load_workbook(path).worksheets[0].iter_rows(values_only=True))
    assert rows == [
        HEADINGS, ("评价", "重庆", "数据安全工程技术人员", 1, 1, 78, 60, 0, 4), ("合计", None, None, 1, 1, 78, 60, 0, 4),
    ]  # fmt: skip


@pytest.mark.clause("M24-14", "M24-12")
def test_the_digest_names_what_is_overdue_to_those_who_may_know(listing: Listing) -> None:
    listing.programme.spoil(
        "INSERT INTO person (login, name, mail, role, scope, digest, created_at) VALUES"
        " ('li', '李示例', 'li@example.cn', 'office', '', 1, ?),"
        " ('wang', '王示例', 'wang@example.cn', 'recommender', 'P11', 1, ?)",
        LISTED, LISTED,
    )  # fmt: skip
    desk = listing.desk
    queue_digests(
        desk.engine, as_of=at_time(date(2024, 11, 12), 9, 10), calendar=desk.calendar, renderer=desk.renderer
    )
    ((to, subject, body),) = listing.programme.rows(
        "SELECT recipient, subject, body FROM letter WHERE letter = 'digest'"
    )
    assert (to, subject) == ("li@example.cn", "每日汇总（2024年11月12日）：义务逾期1项")
    assert (
        "1. B3-SJAQ-0001 示例机构1（公布收费标准：收费标准、退费办法和收费依据）应于2024年11月10日前办理，已逾期2日（M24-12）"
    ) in body


def test_a_sweep_with_nothing_due_writes_nothing_and_the_next_turn_is_known(listing: Listing) -> None:
    with reading(listing.desk.engine) as tx:
        assert next_duty(tx) == at_time(date(2024, 10, 28), 9)
    before = listing.programme.contents()
    assert sweep_duties(listing.desk, as_of=at_time(date(2024, 10, 28), 8)).fired == 0
    assert listing.programme.contents() == before
