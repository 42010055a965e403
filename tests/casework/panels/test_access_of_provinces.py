"""A panel of a province is that province's affair: others, and national staff, neither run it nor learn who sits."""

import pytest

from casework.actors import Actor
from casework.panels.access import Act, Matter, may_see, refuse_unless_does, refuse_unless_sees
from states.refusals import Refused
from states.roles import Role

CHONGQING, CORPS = Actor("示例重庆", Role.PROVINCE, "50"), Actor("示例兵团", Role.PROVINCE, "66")
NATIONAL = [Actor(f"示例{role.label}", role) for role in (Role.OFFICE, Role.CENTRE, Role.GROUP, Role.HEAD)]


@pytest.mark.clause("M24-8", "M24-7.3b")
def test_only_the_province_and_auditors_know_who_sits_on_its_panel() -> None:
    auditor = Actor("示例审计", Role.AUDITOR)
    everybody = [CHONGQING, CORPS, *NATIONAL, auditor]
    assert [each for each in everybody if may_see(each, Matter.MEMBERS, "50")] == [CHONGQING, auditor]
    assert not may_see(CHONGQING, Matter.MEMBERS, "")
    with pytest.raises(Refused, match="专家组成员及评议情况保密，省级人力资源社会保障部门无权查看。"):
        refuse_unless_sees(CORPS, Matter.MEMBERS, "50")


@pytest.mark.clause("M24-8", "M24-3.2")
@pytest.mark.parametrize("act", list(Act))
def test_nobody_else_runs_a_provinces_panel_and_it_runs_no_national_one(act: Act) -> None:
    refuse_unless_does(CHONGQING, act, "50")
    for actor in (CORPS, *NATIONAL):
        with pytest.raises(Refused):
            refuse_unless_does(actor, act, "50")
    with pytest.raises(Refused, match=f"“{act.label}”只能由"):
        refuse_unless_does(CHONGQING, act, "")
