"""Emergencies: three offices hear at once, follow-ups are owed until it is closed, silence is told."""

from datetime import date
from typing import Any

import pytest

from casework.actors import Actor
from casework.duties.emergencies import (
    NewEmergency,
    acknowledge,
    close_emergency,
    emergencies,
    follow_up,
    report_emergency,
)
from casework.duties.listing import duties
from casework.duties.sweep import sweep_duties
from states.calendar import at_time, end_of
from states.refusals import Refused
from states.roles import Role

Listing = Any  # of conftest
pytestmark = pytest.mark.clause("M24-11.6b")
NOW = at_time(date(2025, 3, 3), 10)
NEW = NewEmergency("data", at_time(date(2025, 3, 3), 9, 30), "考生报名信息", "已断网排查")


@pytest.fixture
def told(listing: Listing) -> Listing:
    """The listing reported an emergency; group and office have mailboxes."""
    for office in ("office", "group"):
        listing.programme.spoil(
            "INSERT INTO office_mailbox (channel, name, mail) VALUES (?, '示例', ?)",
            office,
            f"{office}@example.cn",
        )
    assert report_emergency(listing.desk, listing.no, NEW, by=listing.office, as_of=NOW) == "TF-2025-001"
    return listing


def open_duties(listing: Listing, as_of: Any = NOW) -> list[tuple[str, Any]]:
    return [
        (each.label, each.due_at) for each in duties(listing.desk, as_of=as_of) if each.kind == "emergency"
    ]


def test_the_three_are_written_to_at_once(told: Listing) -> None:
    rows = told.programme.rows(
        "SELECT recipient, subject FROM letter WHERE letter = 'emergency_reported' ORDER BY 1"
    )
    subject = "突发事件报告（TF-2025-001）：数据安全或者个人信息泄露事件"
    assert rows == [(mail, subject) for mail in ("group@example.cn", "office@example.cn", "p50@example.cn")]
    ((body,),) = told.programme.rows(
        "SELECT body FROM letter WHERE recipient = 'p50@example.cn' AND letter = 'emergency_reported'"
    )
    assert "发生时间：2025年3月3日09:30" in body
    assert "应于2025年3月6日前（含当日）续报" in body


def test_a_follow_up_is_owed_until_it_is_closed(told: Listing, province: Any) -> None:
    assert open_duties(told) == [("突发事件TF-2025-001第1次续报", end_of(date(2025, 3, 6)))]
    acknowledge(told.desk, "TF-2025-001", by=province("50"), as_of=NOW)
    follow_up(told.desk, "tf-2025-001", "系统已恢复", by=told.office, as_of=at_time(date(2025, 3, 5), 10))
    assert open_duties(told) == [("突发事件TF-2025-001第2次续报", end_of(date(2025, 3, 10)))]
    close_emergency(told.desk, "TF-2025-001", "已整改", by=told.office, as_of=at_time(date(2025, 3, 7), 10))
    assert open_duties(told) == []
    [view] = emergencies(told.desk)
    assert ([each.text for each in view.follow_ups], view.outcome) == (["系统已恢复"], "已整改")
    for again in (
        lambda: follow_up(told.desk, "TF-2025-001", "示例", by=told.office, as_of=NOW),
        lambda: close_emergency(told.desk, "TF-2025-001", "示例", by=told.office, as_of=NOW),
        lambda: acknowledge(told.desk, "TF-2025-001", by=told.office, as_of=NOW),
    ):
        with pytest.raises(Refused, match="已办结"):
            again()


def test_silence_is_told_to_the_three_and_stays_in_the_list(told: Listing) -> None:
    late = at_time(date(2025, 3, 7), 9)
    sweep_duties(told.desk, as_of=late)
    rows = told.programme.rows("SELECT recipient FROM letter WHERE letter = 'emergency_silent' ORDER BY 1")
    assert rows == [("group@example.cn",), ("office@example.cn",), ("p50@example.cn",)]
    assert [each.overdue for each in duties(told.desk, as_of=late) if each.kind == "emergency"] == [True]
    before = told.programme.contents()
    sweep_duties(told.desk, as_of=late)
    assert told.programme.contents() == before


def test_only_offices_close_and_scopes_hold(told: Listing, province: Any) -> None:
    institution = Actor("示例机构", Role.APPLICANT, str(told.programme.case(1).institution_id))
    with pytest.raises(Refused, match="当前身份为申报单位"):
        close_emergency(told.desk, "TF-2025-001", "自行办结", by=institution, as_of=NOW)
    with pytest.raises(Refused, match="办理范围"):
        acknowledge(told.desk, "TF-2025-001", by=province("11"), as_of=NOW)
    assert emergencies(told.desk, actor=province("11")) == []
    follow_up(told.desk, "TF-2025-001", "自查完成", by=institution, as_of=NOW)


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (NewEmergency("flood", NOW, "示例", "示例"), "类型应为下列之一"),
        (NewEmergency("data", at_time(date(2025, 3, 4), 0), "示例", "示例"), "发生时间晚于现在"),
        (NewEmergency("data", NOW, " ", "示例"), "影响范围须填写"),
        (NewEmergency("data", NOW, "考生110101199003070070", "示例"), "含有居民身份证号"),
    ],
)
def test_what_cannot_be_reported_is_refused(listing: Listing, new: NewEmergency, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        report_emergency(listing.desk, listing.no, new, by=listing.office, as_of=NOW)


def test_an_office_without_a_mailbox_is_an_incident(listing: Listing) -> None:
    report_emergency(listing.desk, listing.no, NEW, by=listing.office, as_of=NOW)
    reasons = [
        row[0]
        for row in listing.programme.rows(
            "SELECT reason FROM incident WHERE subject = 'emergency_reported' ORDER BY id"
        )
    ]
    assert reasons == [
        "工程指导协调小组办公室没有邮箱，通知“TF-2025-001”无法送达，请登记邮箱后另行告知。",
        "工程指导协调小组没有邮箱，通知“TF-2025-001”无法送达，请登记邮箱后另行告知。",
    ]
