"""What is stated with a move is checked in words before anything else happens."""

from datetime import date
from typing import Any

import pytest

from casework.inputs import LONGEST, checked
from states.declaration import Ask, Move, move
from states.process import build
from states.refusals import Refused
from states.roles import Role
from states.rulebook import call_rules

B3 = build(call_rules("B3").track("evaluation"))
RECOMMEND = B3.move("submitted", "recommend")
RESULT = B3.move("expert_review", "record_result")
REMOVE = B3.move("listed", "remove")
NOTHING = B3.move("recommended", "begin_review")


def refusal(move: Move, **stated: Any) -> str:
    with pytest.raises(Refused) as refused:
        checked(move, stated)
    return str(refused.value)


@pytest.mark.clause("B3-4.2")
@pytest.mark.parametrize("written", ["2024-06-11", date(2024, 6, 11)])
def test_what_is_typed_becomes_what_is_meant(written: Any) -> None:
    assert checked(RECOMMEND, {"letter_no": "  示例函1号 ", "letter_date": written}) == {
        "letter_no": "示例函1号",
        "letter_date": date(2024, 6, 11),
    }


def test_numbers_may_be_typed_and_what_is_not_required_may_be_left_out() -> None:
    assert checked(RESULT, {"votes_for": "5", "votes_cast": 7}) == {
        "votes_for": 5,
        "votes_cast": 7,
        "score": None,
    }


def test_a_move_that_asks_nothing_takes_nothing() -> None:
    assert checked(NOTHING, {}) == {}
    assert refusal(NOTHING, note="备注") == "“受理”不需要“note”，可填写：无。（B3-4.4）"


def test_what_is_missing_is_named_all_at_once() -> None:
    assert refusal(RECOMMEND) == "“推荐”须填写推荐函文号、推荐函日期。（B3-4.2）"
    assert refusal(RECOMMEND, letter_no="   ", letter_date=None) == (
        "“推荐”须填写推荐函文号、推荐函日期。（B3-4.2）"
    )


def test_what_is_unknown_is_named_with_what_can_be_stated() -> None:
    assert refusal(RECOMMEND, lettre="x", number=1) == (
        "“推荐”不需要“lettre、number”，可填写：推荐函文号（letter_no）、推荐函日期（letter_date）。（B3-4.2）"
    )


@pytest.mark.parametrize("written", ["去年", "2024-02-30", "06/11/2024", ""])
def test_a_day_that_is_none_is_refused_with_an_example(written: str) -> None:
    assert refusal(RECOMMEND, letter_no="1号", letter_date=written) == (
        f"推荐函日期应为日期（如2024-06-20），收到的是“{written}”。（B3-4.2）"
    )


@pytest.mark.parametrize("written", ["五", "5.5", True, "7 票"])
def test_a_number_that_is_none_is_refused(written: Any) -> None:
    assert refusal(RESULT, votes_for=written, votes_cast=7) == (
        f"推荐票数应为整数，收到的是“{written}”。（M24-7.3d）"
    )


@pytest.mark.parametrize("written", [-1, "-1"])
def test_nothing_is_counted_below_nothing(written: Any) -> None:
    assert refusal(RESULT, votes_for=written, votes_cast=7) == "推荐票数不能为负数（-1）。（M24-7.3d）"


def test_a_text_has_an_end() -> None:
    assert refusal(B3.move("submitted", "decline"), reason="长" * (LONGEST + 1)) == (
        f"理由过长（{LONGEST + 1}字），限{LONGEST}字。（B3-4.2）"
    )


@pytest.mark.clause("I21-6.3", "M24-21")
@pytest.mark.parametrize("stated", ["fraud", "弄虚作假", " fraud "])
def test_the_ground_of_a_removal_comes_from_a_closed_list(stated: str) -> None:
    assert checked(REMOVE, {"ground": stated, "finding": "核实"})["ground"] == "fraud"


@pytest.mark.clause("I21-6.3", "M24-9.5")
@pytest.mark.parametrize("stated", ["不满意", "not_applied", ""])
def test_no_other_ground_is_taken(stated: str) -> None:
    assert refusal(REMOVE, ground=stated, finding="核实") == (
        "退出事由应为下列之一：violation（违反管理规定，退出目录）、false_advertising（发布虚假广告，经核实）、"
        "passed_on（在目录之外或者转包、转让其他机构开展活动，经核实）、fraud（弄虚作假）、"
        "false_claims（虚报冒领补贴）、certificate_fraud（违规骗取证书、补贴），"
        f"收到的是“{stated}”。（M24-21）"
    )


@pytest.mark.clause("M24-11.6a")
@pytest.mark.parametrize("number", ["11010119900307299X", "110101199003072991", "91500000MA5TEST000"])
def test_only_a_true_identity_number_is_taken_for_one(number: str) -> None:
    decline = B3.move("submitted", "decline")
    if number == "11010119900307299X":
        assert refusal(decline, reason=f"证号{number}。") == (
            "理由中含有居民身份证号，个人信息不得写入办理记录，请删去后再办理。（M24-11.6a）"
        )
    else:
        assert checked(decline, {"reason": f"证号{number}。"}) == {"reason": f"证号{number}。"}


def test_what_is_asked_for_may_be_of_any_kind_a_move_declares() -> None:
    visit = move(
        "visit", "考察", to="over", by=Role.OFFICE, clause="B3-4.4", asks=(Ask("visit_on", "考察日期", date),)
    )
    assert checked(visit, {"visit_on": "2024-07-08"}) == {"visit_on": date(2024, 7, 8)}
