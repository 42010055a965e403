"""The public history of the directory: every change with its instant, clause and decision, and nothing personal."""

from datetime import date, datetime
from typing import Any

import pytest

from casework.actors import Actor
from casework.departures.leaving import NewDeparture, leave
from casework.directory_history import directory_history
from casework.objections.evidence import Evidence
from casework.particulars.deciding import approve_change
from casework.particulars.requesting import request_change
from casework.sweep import sweep
from states.calendar import at_time
from states.refusals import Refused
from states.roles import Role

OWN = Actor("示例单位", Role.APPLICANT, "1")
GROUP = Actor("示例小组", Role.GROUP)
END = at_time(date(2025, 12, 31), 12)


def at(month: int, day: int) -> datetime:
    return at_time(date(2025, month, day), 10)


@pytest.fixture
def lived(programme: Any) -> Any:
    """Listed, renamed with a new telephone and contact, ordered to mend and restored, gone."""
    programme.bring(programme.begin(), "listed")
    desk = programme.desk
    stated = {"name": "示例新名称中心", "phone": "010-84200000", "contact_person": "王示例"}
    no = request_change(
        desk, "U1", stated, reason="核准", documents=[Evidence("a.txt", "准予".encode())], by=OWN, as_of=at(3, 3),
        store=lambda _: "d1",
    ).no  # fmt: skip
    approve_change(desk, no, by=GROUP, as_of=at(3, 5))
    programme.make("order_rectification", 1, at(4, 1), finding="示例", due_on=date(2025, 5, 1))
    programme.make("report_rectification", 1, at(4, 10), report="示例")
    programme.make("accept_rectification", 1, at(4, 15), finding="合格")
    gone = NewDeparture("业务调整", "示例档案室", date(2025, 6, 30), note="请学员联系示例机构2")
    leave(desk, "U1", gone, by=OWN, as_of=at(6, 2))
    sweep(desk, as_of=END)
    return programme


@pytest.mark.clause("I21-4.1", "M24-20c", "M24-20a", "I21-6.1")
def test_every_change_is_told_with_its_instant_clause_and_decision(lived: Any) -> None:
    past = directory_history(lived.desk, "U1", as_of=END)
    assert (past.institution, past.uscc) == ("示例新名称中心", "U1")
    assert [row[:3] + row[6:8] for row in (each.row() for each in past.changes)] == [
        ("2024-10-10 00:00:00", "列入目录", "第1个有效期，自2024-10-10至2027-10-10", "B3-4.6", "到期自动办理"),
        ("2025-03-05 10:00:00", "变更单位名称", "由“示例机构1”变更为“示例新名称中心”", "M24-20c", "工程指导协调小组"),
        ("2025-03-05 10:00:00", "变更公开联系电话", "登记为“010-84200000”", "M24-20c", "工程指导协调小组"),
        ("2025-04-01 10:00:00", "责令限期整改", "整改期限2025-05-01", "M24-20a", "推荐单位"),
        ("2025-04-15 10:00:00", "整改验收合格", "", "M24-20a", "推荐单位"),
        ("2025-06-02 10:00:00", "退出公告（TC-2025-0001）", "请学员联系示例机构2", "M24-20c", "申报单位"),
        ("2025-06-02 10:00:00", "预告主动退出", "最后服务日2025-06-30", "M24-20c", "申报单位"),
        ("2025-07-01 00:00:00", "最后服务日届满，按预告退出", "主动终止业务", "M24-20c", "到期自动办理"),
    ]  # fmt: skip


@pytest.mark.clause("I21-4.6.5", "M24-11.6a")
def test_every_line_rests_on_the_audit_log_and_none_is_personal(lived: Any) -> None:
    past = directory_history(lived.desk, "示例机构1", as_of=END)
    stored = dict(lived.rows("SELECT seq, hash FROM audit"))
    assert {each.hash == stored[each.seq] for each in past.changes if each.seq} == {True}
    assert [each.label for each in past.changes if not each.seq] == ["退出公告（TC-2025-0001）"]
    assert "王示例" not in str(past)


def test_what_has_not_taken_effect_is_not_told_and_one_listing_may_be_asked_for(lived: Any) -> None:
    early = directory_history(lived.desk, "B3-SJAQ-0001", as_of=at(3, 4))
    assert [each.label for each in early.changes] == ["列入目录"]


def test_somebody_unknown_is_refused_in_words(lived: Any) -> None:
    with pytest.raises(Refused, match="没有名称、统一社会信用代码或申报编号为“无此机构”的机构"):
        directory_history(lived.desk, "无此机构", as_of=END)
