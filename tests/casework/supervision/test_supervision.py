"""Failings are told and answered, fraud is handed over, inspections are drawn in public and lead to orders."""

from datetime import date
from typing import Any

import pytest

from casework.actors import Actor
from casework.gate import advance
from casework.invariants import check
from casework.supervision.failings import answer_failing, failings, tell_unanswered
from casework.supervision.inspections import (
    NewInspection,
    certificate_of,
    draw,
    plan_inspection,
    publish,
    record_result,
)
from casework.supervision.referrals import refer, referrals
from records.transaction import reading
from states.calendar import at_time
from states.draw.inspection import inspection_fault
from states.refusals import Refused
from states.roles import Role

ORDERED = at_time(date(2025, 3, 3), 10)
OTHER = Actor("示例监督人", Role.OFFICE)
PEOPLE = [("示例甲", "示例单位甲"), ("示例乙", "示例机构1"), ("示例丙", "示例单位丙")]
NEW = NewInspection("2025年第一次抽查", "evaluation", 1, PEOPLE)


@pytest.fixture
def listed(programme: Any) -> Any:
    """Two institutions in the directory."""
    programme.bring(programme.begin(2), "listed")
    return programme


def order(listed: Any, by: Actor, **inputs: Any) -> None:
    given = {"finding": "档案不全", "due_on": date(2025, 4, 2), **inputs}
    advance(listed.desk, "order_rectification", [1], by=by, as_of=ORDERED, inputs=given)


@pytest.mark.clause("M24-18", "M24-20a")
def test_an_order_names_its_ground_from_the_closed_list(listed: Any, office: Actor) -> None:
    order(listed, office, ground="trains_what_it_evaluates")
    ((body,),) = listed.rows(
        "SELECT body FROM letter WHERE letter = 'rectification_ordered' AND role = 'applicant'"
    )
    assert "违规情形：本机构及下属、分支机构或者技术支持单位参与本职业培训（M24-18）。" in body


@pytest.mark.clause("M24-17", "M24-19")
def test_a_ground_of_the_other_track_or_of_nobody_is_refused(listed: Any, office: Actor) -> None:
    for ground in ("training_lending", "fraud", "示例"):
        with pytest.raises(
            Refused, match="违规情形应为下列之一：.*certificate_words（证书使用规定禁用的字样）"
        ):
            order(listed, office, ground=ground)


@pytest.mark.clause("I21-6.3", "M24-21")
def test_a_verified_violation_leads_out_of_the_directory_on_its_ground(listed: Any) -> None:
    listed.make("remove", 1, ORDERED, ground="false_advertising", finding="虚假广告属实")
    assert (listed.case(1).stage, listed.case(1).exit_ground) == ("exited", "false_advertising")


@pytest.mark.clause("M24-3.3")
def test_the_recommender_must_answer_every_failing_within_its_limit(listed: Any, office: Actor) -> None:
    recommender, other = (Actor(f"{code}经办人", Role.RECOMMENDER, code) for code in ("P50", "P11"))
    order(listed, office)
    (each,) = failings(listed.desk, as_of=ORDERED, actor=recommender)
    assert (each.no, each.failing, each.finding, each.due_at) == (
        "B3-SJAQ-0001", "责令限期整改", "档案不全", at_time(date(2025, 3, 18), 0),
    )  # fmt: skip
    assert failings(listed.desk, as_of=ORDERED, actor=other) == []
    with pytest.raises(Refused, match="只能由推荐该机构的单位答复"):
        answer_failing(listed.desk, each.id, "已督促", by=other, as_of=ORDERED)
    answer_failing(listed.desk, each.id, "已督促整改", by=recommender, as_of=ORDERED)
    with pytest.raises(Refused, match="已经答复"):
        answer_failing(listed.desk, each.id, "再次答复", by=recommender, as_of=ORDERED)
    assert tell_unanswered(listed.desk, as_of=at_time(date(2025, 4, 1), 9)) == 0


@pytest.mark.clause("M24-3.3")
def test_a_failing_left_unanswered_is_told_once(listed: Any, office: Actor) -> None:
    order(listed, office)
    last, after = at_time(date(2025, 3, 17), 23), at_time(date(2025, 3, 18), 9)
    assert [tell_unanswered(listed.desk, as_of=when) for when in (last, after, after)] == [0, 1, 0]
    assert listed.rows("SELECT role FROM notice WHERE letter = 'failing_unanswered' ORDER BY role") == [
        ("office",), ("recommender",),
    ]  # fmt: skip
    assert [each.overdue for each in failings(listed.desk, as_of=after)] == [True]


@pytest.mark.clause("M24-3.3")
def test_what_the_recommender_finds_itself_it_need_not_answer(listed: Any) -> None:
    order(listed, Actor("P50经办人", Role.RECOMMENDER, "P50"))
    assert failings(listed.desk, as_of=ORDERED) == []


@pytest.mark.clause("M24-21")
def test_fraud_is_handed_to_the_authorities_and_until_then_shown_as_waiting(
    listed: Any, office: Actor
) -> None:
    handed: dict[str, Any] = {
        "to": "示例监管部门",
        "on": date(2025, 3, 4),
        "document_no": "示例函〔2025〕1号",
    }
    later = at_time(date(2025, 3, 5), 10)
    with pytest.raises(Refused, match="没有认定弄虚作假，无须移送"):
        refer(listed.desk, "B3-SJAQ-0001", **handed, by=office, as_of=later)
    listed.make("remove", 1, ORDERED, ground="fraud", finding="伪造记录")
    assert [(each.no, each.document_no) for each in referrals(listed.desk)] == [("B3-SJAQ-0001", "")]
    refer(listed.desk, "B3-SJAQ-0001", **handed, by=office, as_of=later)
    assert [(each.referred_to, each.referred_on, each.document_no) for each in referrals(listed.desk)] == [
        ("示例监管部门", date(2025, 3, 4), "示例函〔2025〕1号")
    ]
    with pytest.raises(Refused, match="已登记"):
        refer(listed.desk, "B3-SJAQ-0001", **handed, by=office, as_of=later)


@pytest.mark.clause("I21-6.2", "M24-16b")
def test_an_inspection_from_the_draw_to_the_published_result(listed: Any, office: Actor) -> None:
    desk = listed.desk
    no, frame_hash, _ = plan_inspection(desk, NEW, by=office, as_of=ORDERED, secret="ab" * 32)
    assert no == "CC-2025-01"
    with pytest.raises(Refused, match="公布承诺的人不能录入公开数字"):
        draw(desk, no, digits="123456", source="示例彩票", supervisor=office, as_of=ORDERED)
    made = draw(desk, no, digits="123456", source="示例彩票", supervisor=OTHER, as_of=ORDERED)
    assert (made["frame_sha256"], inspection_fault(made)) == (frame_hash, None)
    with pytest.raises(Refused, match="已经抽取"):
        draw(desk, no, digits="654321", source="示例彩票", supervisor=OTHER, as_of=ORDERED)
    with reading(desk.engine) as tx:
        assert certificate_of(tx, no) == made
    ((drawn, inspectors),) = ((each["object"], each["inspectors"]) for each in made["drawn"])
    assert len(inspectors) == 2
    avoided = {each["code"]: each["avoids"] for each in made["frame"]["inspectors"]}
    assert avoided == {"R01": [], "R02": ["B3-SJAQ-0001"], "R03": []}
    assert [code for code in inspectors if drawn in avoided[code]] == []
    with pytest.raises(Refused, match="尚有1家没有登记结果"):
        publish(desk, no, by=office, as_of=ORDERED)
    record_result(
        desk, no, drawn, "rectify", finding="档案不全", ground="below_standard", due_on=date(2025, 4, 2),
        by=office, as_of=ORDERED,
    )  # fmt: skip
    assert listed.case(int(drawn[-1])).stage == "rectifying"
    with pytest.raises(Refused, match="结果已登记"):
        record_result(desk, no, drawn, "sound", finding="无", by=office, as_of=ORDERED)
    (told,) = publish(desk, no, by=office, as_of=ORDERED)["objects"]
    assert (told["no"], told["result"], told["ground"]) == (
        drawn, "责令限期整改", "达不到培训管理、考核管理要求（M24-20a）",
    )  # fmt: skip
    assert check(desk, ORDERED).faults == []


@pytest.mark.clause("I21-6.2")
def test_every_change_to_a_certificate_is_found_out(listed: Any, office: Actor) -> None:
    no, _, _ = plan_inspection(listed.desk, NEW, by=office, as_of=ORDERED)
    made = draw(listed.desk, no, digits="123456", source="示例彩票", supervisor=OTHER, as_of=ORDERED)
    for key in made:
        assert inspection_fault({**made, key: "0" * 64}) is not None


@pytest.mark.clause("M24-16b")
def test_a_finding_the_gate_refuses_is_not_recorded(listed: Any, office: Actor) -> None:
    no, _, _ = plan_inspection(listed.desk, NEW, by=office, as_of=ORDERED)
    made = draw(listed.desk, no, digits="123456", source="示例彩票", supervisor=OTHER, as_of=ORDERED)
    before = listed.contents()
    with pytest.raises(Refused, match="整改期限"):
        record_result(
            listed.desk, no, made["drawn"][0]["object"], "rectify", finding="档案不全", ground="below_standard",
            due_on=date(2025, 3, 1), by=office, as_of=ORDERED,
        )  # fmt: skip
    assert listed.contents() == before


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (NewInspection("示例", "evaluation", 3, PEOPLE), "抽查对象共2家，不能抽取3家"),
        (NewInspection("示例", "evaluation", 1, PEOPLE[:2]), "检查人员不足：可以检查B3-SJAQ-0001的只有1人"),
        (NewInspection("示例", "training", 1, PEOPLE), "没有符合条件的在册机构"),
        (NewInspection("", "evaluation", 1, PEOPLE), "抽查须有名称"),
    ],
)
def test_an_inspection_that_cannot_be_drawn_is_refused(
    listed: Any, office: Actor, new: NewInspection, sentence: str
) -> None:
    before = listed.contents()
    with pytest.raises(Refused, match=sentence):
        plan_inspection(listed.desk, new, by=office, as_of=ORDERED)
    assert listed.contents() == before
