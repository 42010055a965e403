"""Calls planned, approved by another hand, and opened with what was approved."""

from datetime import UTC, date, datetime

import pytest

from casework.actors import Actor
from casework.call_planning import decide, proposals, propose
from casework.calls import known_calls, open_call
from casework.desk import Desk
from casework.rule_text import with_day, with_text
from states.refusals import Refused
from states.roles import Role
from states.rulebook import BadRules, call_text

OFFICE = Actor("示例经办人", Role.OFFICE)
HEAD = Actor("示例负责人", Role.HEAD)
ON = datetime(2024, 7, 1, 2, tzinfo=UTC)
OPENS = datetime(2024, 8, 1, 2, tzinfo=UTC)


def fourth(code: str = "B9") -> str:
    text = with_text(with_text(call_text("B3"), "code", code), "name", "第九批")
    for key, value in (("notice", date(2024, 7, 15)), ("opens", date(2024, 8, 1)),
                       ("filing_closes", date(2024, 9, 2)), ("paper_due", date(2024, 9, 6))):  # fmt: skip
        text = with_day(text, key, value)
    return text


@pytest.mark.clause("M24-7.1")
def test_a_plan_is_approved_by_another_hand_and_then_opens(desk: Desk) -> None:
    plan = propose(desk, fourth(), by=OFFICE, as_of=ON)
    with pytest.raises(Refused, match="尚未批准"):
        open_call(desk, "B9", by=OFFICE, as_of=OPENS)
    decide(desk, "B9", approve=True, seen=plan.version, by=HEAD, as_of=ON)
    assert "B9" in [call.code for call in known_calls(desk)]
    opened = open_call(desk, "B9", by=OFFICE, as_of=OPENS)
    assert opened.rules.filing_closes.value == date(2024, 9, 2)
    assert desk.processes.process("B9/evaluation@1").rules.name == "第九批"


def test_who_planned_does_not_approve_even_behind_another(desk: Desk) -> None:
    plan = propose(desk, fourth(), by=OFFICE, as_of=ON)
    acting = Actor("示例负责人", Role.HEAD, behind=OFFICE.signature)
    with pytest.raises(Refused, match="另一名有权限的人员"):
        decide(desk, "B9", approve=True, seen=plan.version, by=acting, as_of=ON)
    with pytest.raises(Refused, match="不能办理"):
        decide(desk, "B9", approve=True, seen=plan.version, by=OFFICE, as_of=ON)


def test_nobody_approves_what_they_have_not_seen(desk: Desk) -> None:
    plan = propose(desk, fourth(), by=OFFICE, as_of=ON)
    propose(desk, with_text(fourth(), "name", "另一名称"), by=OFFICE, as_of=ON)
    with pytest.raises(Refused, match="已有变动"):
        decide(desk, "B9", approve=True, seen=plan.version, by=HEAD, as_of=ON)


def test_one_that_is_returned_says_why_and_may_be_proposed_again(desk: Desk) -> None:
    plan = propose(desk, fourth(), by=OFFICE, as_of=ON)
    with pytest.raises(Refused, match="退回时请写明意见"):
        decide(desk, "B9", approve=False, seen=plan.version, by=HEAD, as_of=ON)
    back = decide(desk, "B9", approve=False, words="受理时间过短", seen=plan.version, by=HEAD, as_of=ON)
    assert (back.state, back.words) == ("returned", "受理时间过短")
    assert propose(desk, fourth(), by=OFFICE, as_of=ON).state == "proposed"


def test_a_wrong_file_says_what_is_wrong(desk: Desk) -> None:
    with pytest.raises(BadRules, match="早于 opens"):
        propose(desk, with_day(fourth(), "filing_closes", date(2024, 7, 20)), by=OFFICE, as_of=ON)
    assert proposals(desk, OFFICE) == []


@pytest.mark.parametrize("code", ["B3", "M24"])
def test_a_code_that_is_taken_is_refused(desk: Desk, code: str) -> None:
    with pytest.raises(Refused, match="已经使用"):
        propose(desk, fourth(code), by=OFFICE, as_of=ON)


@pytest.mark.clause("M24-8")
def test_a_province_plans_its_own_calls_alone(desk: Desk) -> None:
    with pytest.raises(Refused, match="本省的批次"):
        propose(desk, fourth(), by=Actor("示例省", Role.PROVINCE, "50"), as_of=ON)
