"""An invitation is declined, or accepted under a signed statement that recusal checks at once."""

from datetime import datetime
from typing import Any

import pytest

from casework.filed_forms import filed_form
from casework.panels.answering import answer
from casework.panels.committing import replace
from casework.panels.deciding import decide_held, held, release
from casework.panels.planning import change_panel
from casework.panels.statement import Statement, statement_from
from records.transaction import reading
from states.calendar import SHANGHAI
from states.recusal import Employment, Organisation, OwnRecusal, Tie, TieKind
from states.refusals import Refused
from states.roles import Role

Ground = Any  # of conftest
NEXT_DAY = datetime(2024, 7, 4, 10, tzinfo=SHANGHAI)


def institution(ground: Ground, at: int = 0) -> Organisation:
    with reading(ground.desk.engine) as tx:
        form = filed_form(tx, ground.cases[at])
    assert form is not None
    return Organisation(form.institution, form.uscc)


@pytest.mark.clause("M24-7.3b")
def test_a_signed_statement_without_conflict_confirms_the_seat(ground: Ground) -> None:
    no = ground.seated()
    seat = ground.seats(no)[0]
    assert ground.answer(seat, as_of=NEXT_DAY).state == "confirmed"
    kept = ground.seats(no)[0]
    assert kept.declared_at == NEXT_DAY
    assert statement_from(kept.declaration).signature == ground.expert_at(seat).name
    assert ground.panel(no).state == "drawn"


@pytest.mark.clause("M24-7.3c")
def test_once_all_are_confirmed_so_is_the_panel_and_everybody_gets_a_link_to_read(ground: Ground) -> None:
    ground.staff("zhou", Role.OFFICE)
    no = ground.confirmed()
    assert ground.panel(no).state == "confirmed"
    assert [[letter.letter for letter in ground.letters(seat)][2:] for seat in ground.seats(no)] == [
        ["expert_confirmed", "expert_code"]
    ] * 5
    assert ground.told("panel_confirmed") == [f"专家组已全部确认：{no}"]


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"keeps_confidence": False}, "接受邀请须先作出保密承诺"),
        ({"signature": "  "}, "请在回避与保密承诺上签署本人姓名"),
        ({"signature": "示例他人"}, "签署的姓名与受邀专家不一致"),
        ({"recuses": (OwnRecusal("B3-SJAQ-9999"),)}, "申报“B3-SJAQ-9999”不在本组评议的范围内"),
    ],
)
def test_an_unsigned_statement_is_refused_and_the_link_stays_good(
    ground: Ground, changes: dict[str, Any], sentence: str
) -> None:
    no = ground.seated()
    seat = ground.seats(no)[0]
    signed = {"signature": ground.expert_at(seat).name, "keeps_confidence": True, **changes}
    with pytest.raises(Refused, match=sentence):
        answer(
            ground.desk,
            ground.link(seat)[0],
            ground.link(seat)[1],
            "accept",
            Statement(**signed),
            as_of=NEXT_DAY,
        )
    assert ground.states(no)[0] == "invited"
    assert ground.answer(seat, as_of=NEXT_DAY).state == "confirmed"


def test_a_name_is_compared_as_names_are(ground: Ground) -> None:
    no = ground.seated()
    seat = ground.seats(no)[0]
    name = " ".join(ground.expert_at(seat).name)
    found = answer(
        ground.desk,
        ground.link(seat)[0],
        ground.link(seat)[1],
        "accept",
        Statement(name, True),
        as_of=NEXT_DAY,
    )
    assert found.state == "confirmed"


def test_declining_leaves_a_vacancy_and_tells_the_office_without_a_name(ground: Ground) -> None:
    ground.staff("zhou", Role.OFFICE)
    no = ground.seated()
    seat = ground.seats(no)[1]
    done = answer(
        ground.desk,
        ground.link(seat)[0],
        ground.link(seat)[1],
        "decline",
        as_of=NEXT_DAY,
        reason="示例：出差在外",
    )
    assert done.sentence == "已记录您的谢绝，感谢答复。"
    assert ground.states(no) == ["invited", "declined", "invited", "invited", "invited"]
    assert ground.seats(no)[1].reason == "示例：出差在外"
    assert ground.told("panel_vacancy") == [f"专家席位空缺，须补抽：{no}第2席"]
    assert ground.noted("seat_declined") == [{"panel": no, "seat": 2}]


@pytest.mark.clause("M24-7.3b")
def test_a_conflict_found_at_acceptance_vacates_the_seat(ground: Ground) -> None:
    no = ground.seated()
    seat = ground.seats(no)[0]
    lately = Employment(institution(ground), datetime(2020, 1, 1).date(), datetime(2023, 1, 1).date())  # noqa: DTZ001
    found = ground.answer(seat, as_of=NEXT_DAY, employment=(lately,))
    assert found.state == "conflicted"
    assert "在申报单位任职至2023-01-01，距2024-07-04未超过3年" in found.sentence
    assert ground.states(no)[0] == "conflicted"
    assert ground.letters(seat)[-1].letter == "expert_released"
    made = replace(ground.desk, no, by=ground.office, as_of=NEXT_DAY)
    assert (made.seats, made.excluded) == (1, 1)


@pytest.mark.clause("M24-7.3b", "D-10")
def test_where_recusal_is_per_case_the_expert_sits_and_leaves_that_case_alone(ground: Ground) -> None:
    no = ground.plan()
    at = ground.panel(no).created_at
    change_panel(ground.desk, no, by=ground.office, as_of=at, recusal="case", because="示例：专家不足")
    ground.commit(no)
    ground.draw(no)
    seat = ground.seats(no)[0]
    mine = ground.programme.case(ground.cases[0]).no
    found = ground.answer(seat, as_of=NEXT_DAY, recuses=(OwnRecusal(mine, "示例：学生在该单位"),))
    assert found.state == "confirmed"


@pytest.mark.clause("M24-7.3b")
def test_a_namesake_declared_at_acceptance_waits_for_a_human_who_releases_it(ground: Ground) -> None:
    """A tie of another kind is held: the seat is accepted, sees nothing, and is confirmed once it is decided."""
    ground.staff("zhou", Role.OFFICE)
    no = ground.seated()
    seat = ground.seats(no)[0]
    tie = Tie(TieKind.OTHER, institution(ground), note="示例：同学会")
    found = ground.answer(seat, as_of=NEXT_DAY, ties=(tie,))
    assert (found.state, ground.states(no)[0]) == ("accepted", "accepted")
    assert ground.told("panel_held") == [f"专家回避情形待核定：{no}第1席"]
    case = ground.programme.case(ground.cases[0]).no
    (waiting,) = held(ground.desk, no, actor=ground.office, as_of=NEXT_DAY)
    assert (waiting.expert, waiting.case, waiting.rule, waiting.seat) == (
        ground.expert_at(seat).code, case, "R-4", 1,
    )  # fmt: skip
    said = decide_held(
        ground.desk, no, expert=waiting.expert, case=case, rule="R-4", verdict="released",
        reason="示例：经核不影响公正", by=ground.office, as_of=NEXT_DAY,
    )  # fmt: skip
    assert said == "已记录核定结果，第1席确认参加评议。"
    assert ground.states(no)[0] == "confirmed"
    assert held(ground.desk, no, actor=ground.office, as_of=NEXT_DAY) == []


@pytest.mark.clause("M24-7.3b")
def test_a_held_conflict_that_is_decided_against_the_expert_vacates_the_seat(ground: Ground) -> None:
    no = ground.seated()
    seat = ground.seats(no)[0]
    ground.answer(seat, as_of=NEXT_DAY, ties=(Tie(TieKind.OTHER, institution(ground)),))
    (waiting,) = held(ground.desk, no, actor=ground.office, as_of=NEXT_DAY)
    said = decide_held(
        ground.desk, no, expert=waiting.expert, case=waiting.case, rule=waiting.rule, verdict="excluded",
        reason="示例：关系密切", by=ground.office, as_of=NEXT_DAY,
    )  # fmt: skip
    assert said == "已记录核定结果，第1席回避，席位空缺。"
    assert ground.states(no)[0] == "conflicted"


def test_an_answer_after_its_last_day_is_too_late(ground: Ground) -> None:
    ground.desk.link_hours = 1000
    no = ground.seated()
    seat = ground.seats(no)[0]
    with pytest.raises(Refused, match="答复期限已于2024-07-08届满"):
        ground.answer(seat, as_of=datetime(2024, 7, 9, tzinfo=SHANGHAI))
    last = datetime(2024, 7, 8, 23, 59, 59, tzinfo=SHANGHAI)
    assert ground.answer(seat, as_of=last).state == "confirmed"


def test_a_member_is_released_for_a_reason_and_the_panel_is_no_longer_whole(ground: Ground) -> None:
    no = ground.confirmed()
    with pytest.raises(Refused, match="解除专家席位须写明理由"):
        release(ground.desk, no, 3, because="", by=ground.office, as_of=NEXT_DAY)
    release(ground.desk, no, 3, because="示例：因病", by=ground.office, as_of=NEXT_DAY)
    assert (ground.panel(no).state, ground.states(no)[2]) == ("drawn", "released")
    with pytest.raises(Refused, match="第3席现在没有人"):
        release(ground.desk, no, 3, because="示例：因病", by=ground.office, as_of=NEXT_DAY)


@pytest.mark.clause("M24-7.3b")
def test_a_sitting_member_whom_recusal_now_speaks_against_leaves_at_the_next_round(ground: Ground) -> None:
    no = ground.seated()
    first, second, *_ = ground.seats(no)
    ground.answer(first, "decline", as_of=NEXT_DAY)
    ground.answer(second, as_of=NEXT_DAY)
    there = institution(ground)
    ground.programme.spoil(
        "UPDATE expert SET employer = ?, uscc = ? WHERE id = ?", there.name, there.uscc, second.expert_id
    )
    made = replace(ground.desk, no, by=ground.office, as_of=NEXT_DAY)
    assert made.seats == 2
    assert ground.states(no)[:2] == ["declined", "conflicted"]
