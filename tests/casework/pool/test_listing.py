"""Who may look into the pool, and what they see of it."""

from dataclasses import asdict

import pytest

from casework.actors import Actor
from casework.pool.listing import list_experts, show_expert
from casework.pool.standing import Standing, suspend
from casework.pool.wording import profile_texts
from states.places import find
from states.refusals import Refused
from states.roles import Role

READERS = (Role.OFFICE, Role.GROUP, Role.HEAD, Role.AUDITOR)


@pytest.fixture
def pool(imported, experts):
    return imported(*experts)


def listed(desk, by, **choice):
    return [each.code for each in list_experts(desk, by=by, **choice).lines]


def test_experts_are_chosen_by_field_province_and_standing(desk, office, pool, experts, noon):
    suspend(desk, "ZJ000002", reason="出国", by=office, as_of=noon)
    numbered = dict(zip([f"ZJ00000{n}" for n in range(1, 7)], experts, strict=True))
    first = find(experts[0]["province"])
    assert listed(desk, office) == list(numbered)
    assert listed(desk, office, field="SJAQ") == [
        c for c, texts in numbered.items() if "SJAQ" in texts["fields"]
    ]
    assert listed(desk, office, province=first.region) == [
        code for code, texts in numbered.items() if texts["province"] == first.short
    ]
    assert listed(desk, office, state=Standing.SUSPENDED) == ["ZJ000002"]
    assert listed(desk, office, field="RGZN") == []


def test_a_long_list_says_how_many_there_are(desk, office, pool):
    found = list_experts(desk, by=office, limit=2)
    assert ([each.code for each in found.lines], found.total) == (["ZJ000001", "ZJ000002"], 6)


@pytest.mark.clause("M24-11.6a")
def test_neither_list_nor_page_shows_what_identifies_a_person(desk, office, pool, experts):
    shown = str([asdict(each) for each in list_experts(desk, by=office).lines])
    shown += str([asdict(show_expert(desk, f"ZJ00000{n}", by=office)) for n in range(1, 7)])
    secrets = [texts[key] for texts in experts for key in ("identity", "phone", "mail")]
    assert [secret for secret in secrets if secret in shown] == []
    assert show_expert(desk, "ZJ000001", by=office).mail == "e***@pool.example.cn"


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize("role", sorted(set(Role)))
def test_the_pool_is_open_to_those_who_need_it_and_nobody_else(desk, pool, role):
    somebody = Actor("示例甲", role, "50")
    if role in READERS:
        assert listed(desk, somebody) == [f"ZJ00000{n}" for n in range(1, 7)]
        return
    for look in (lambda: list_experts(desk, by=somebody), lambda: show_expert(desk, "ZJ000001", by=somebody)):
        with pytest.raises(Refused) as refused:
            look()
        assert str(refused.value) == (
            "专家库只能由工程指导协调小组办公室、工程指导协调小组、办公室负责人、审计人员查看，"
            f"当前身份为{role.label}。（M24-7.3b）"
        )


def test_a_code_nobody_has_is_refused(desk, office, pool):
    with pytest.raises(Refused) as refused:
        show_expert(desk, "zj000099", by=office)
    assert refused.value.sentence == "专家库中没有编号为“ZJ000099”的专家，可用 linxuan expert list 查看。"


def test_a_profile_in_words_is_what_the_sheet_said(desk, office, imported, row):
    told = {
        **row, "ties": "亲属关系｜示例中心｜｜钱示清｜配偶", "employment": "示例海外研究所｜无｜2019-01-01｜至今",
        "available": "2024-07-01至2024-07-12", "shareholders": "",
    }  # fmt: skip
    imported(told)
    words = profile_texts(show_expert(desk, "ZJ000001", by=office).profile)
    keys = ("employment", "ties", "legal_representative", "service", "available")
    assert words == {key: told[key] for key in keys}
