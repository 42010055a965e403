"""Suspended, retired, reinstated: always for a reason, always on record."""

import json

import pytest

from casework.actors import Actor
from casework.pool.members import members
from casework.pool.standing import Standing, reinstate, retire, standing_named, suspend
from records.transaction import reading
from states.refusals import Refused
from states.roles import Role


@pytest.fixture
def pool(imported, experts):
    return imported(*experts)


def refusal(step, *args, **how):
    with pytest.raises(Refused) as refused:
        step(*args, **how)
    return str(refused.value)


@pytest.mark.clause("M24-7.3c")
def test_only_active_experts_are_drawn(desk, office, pool, noon):
    suspend(desk, "zj000001", reason="出国一年", by=office, as_of=noon)
    retire(desk, "ZJ000002", reason="本人申请", by=office, as_of=noon)
    with reading(desk.engine) as tx:
        assert [each.id for each in members(tx).experts] == ["ZJ000003", "ZJ000004", "ZJ000005", "ZJ000006"]
    assert reinstate(desk, "ZJ000001", reason="已回国", by=office, as_of=noon) is Standing.ACTIVE
    with reading(desk.engine) as tx:
        assert members(tx).experts[0].id == "ZJ000001"


def test_every_step_is_in_the_log_with_its_reason(desk, office, pool, noon, stored):
    suspend(desk, "ZJ000001", reason=" 出国\n一年 ", by=office, as_of=noon)
    ((name, detail),) = stored("SELECT name, detail FROM audit WHERE name <> 'import'")
    assert (name, json.loads(detail)) == (
        "suspend",
        {"expert": "ZJ000001", "from": "active", "to": "suspended", "reason": "出国 一年"},
    )


@pytest.mark.clause("M24-7.3c")
@pytest.mark.parametrize(
    ("step", "code", "reason", "told"),
    [
        (
            suspend,
            "ZJ000009",
            "x",
            "专家库中没有编号为“ZJ000009”的专家，可用 linxuan expert list 查看。（M24-7.3c）",
        ),
        (suspend, "ZJ000001", " ", "请写明理由。（M24-7.3c）"),
        (reinstate, "ZJ000001", "x", "专家ZJ000001现为“在库”，不能改为“在库”。（M24-7.3c）"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(desk, office, pool, noon, step, code, reason, told):
    assert refusal(step, desk, code, reason=reason, by=office, as_of=noon) == told


def test_a_retired_expert_is_not_suspended(desk, office, pool, noon):
    retire(desk, "ZJ000001", reason="本人申请", by=office, as_of=noon)
    assert refusal(suspend, desk, "ZJ000001", reason="x", by=office, as_of=noon) == (
        "专家ZJ000001现为“离库”，不能改为“暂停”。（M24-7.3c）"
    )


@pytest.mark.clause("M24-7.3b")
def test_an_auditor_changes_nothing(desk, pool, noon):
    said = refusal(retire, desk, "ZJ000001", reason="x", by=Actor("示例审计", Role.AUDITOR), as_of=noon)
    assert said.endswith("当前身份为审计人员。（M24-7.3b）")


def test_a_standing_is_known_by_its_key_and_its_name():
    assert [standing_named(text) for text in ("在库", "suspended")] == [Standing.ACTIVE, Standing.SUSPENDED]
    assert refusal(standing_named, "退休") == (
        "没有“退休”这一状态，可用的有：active（在库）、suspended（暂停）、retired（离库）。"
    )
