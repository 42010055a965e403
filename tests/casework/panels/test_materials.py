"""What a member may read, and when, and that every look is on record."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from casework.filed_forms import filed_form
from casework.panels.entering import VISIT, SeatSession, enter
from casework.panels.materials import cases_to_read, masked, materials
from casework.panels.planning import change_panel
from records.transaction import reading
from states.calendar import SHANGHAI
from states.recusal import OwnRecusal
from states.refusals import Refused

Ground = Any  # of conftest
NEXT_DAY = datetime(2024, 7, 4, 10, tzinfo=SHANGHAI)


def visit(ground: Ground, no: str, place: int = 1) -> SeatSession:
    return enter(ground.desk, *ground.link(ground.seats(no)[place - 1]), as_of=NEXT_DAY)


def number(ground: Ground, at: int = 0) -> str:
    no: str = ground.programme.case(ground.cases[at]).no
    return no


@pytest.mark.clause("M24-7.3d")
def test_a_member_reads_the_filed_form_in_printed_order(ground: Ground) -> None:
    no = ground.confirmed()
    read = materials(ground.desk, visit(ground, no), number(ground), as_of=NEXT_DAY)
    assert (read.no, read.occupation) == (number(ground), "数据安全工程技术人员")
    assert [section for section, _ in read.sections] == [
        "申报职业", "申报单位基本情况", "已有基础", "下一步工作方案", "承诺",
    ]  # fmt: skip
    labels = [item.label for _, items in read.sections for item in items]
    assert labels[0] == "拟申报开展评价的职业（仅填一项）"


@pytest.mark.clause("M24-11.6a")
def test_numbers_phones_and_mailboxes_of_persons_are_left_out(ground: Ground) -> None:
    no = ground.confirmed()
    with reading(ground.desk.engine) as tx:
        form = filed_form(tx, ground.cases[0])
    assert form is not None
    shown = repr(materials(ground.desk, visit(ground, no), number(ground), as_of=NEXT_DAY))
    kept_back = [
        form.legal_representative_id, form.responsible.phone, form.responsible.mailbox, form.contact.phone,
        form.contact.mailbox, *(row.phone for row in form.people),
    ]  # fmt: skip
    assert [each for each in kept_back if each in shown] == []
    assert all(row.name in shown for row in form.people)


@pytest.mark.clause("M24-11.6a")
def test_what_slipped_into_free_text_ismasked() -> None:
    told = "联系张老师13800138000或zhang@example.cn，证号500103199001011234，电话023-12345678，年培训2000人，2024年6月"
    assert masked(told) == "联系张老师（略）或（略），证号（略），电话（略），年培训2000人，2024年6月"


@pytest.mark.clause("M24-7.3b")
def test_every_look_is_on_record_by_seat_number(ground: Ground) -> None:
    no = ground.confirmed()
    session = visit(ground, no, 2)
    materials(ground.desk, session, number(ground), as_of=NEXT_DAY)
    materials(ground.desk, session, number(ground, 1), as_of=NEXT_DAY)
    assert ground.noted("materials_read") == [
        {"panel": no, "seat": 2, "case": number(ground)},
        {"panel": no, "seat": 2, "case": number(ground, 1)},
    ]
    assert ground.seats(no)[1].opened_materials_at == NEXT_DAY


@pytest.mark.clause("M24-7.3b")
def test_another_panels_cases_are_not_read(ground: Ground) -> None:
    no = ground.confirmed()
    other = ground.programme.case(ground.under_review(1, occupation="MMGC")[0]).no
    with pytest.raises(Refused) as refused:
        materials(ground.desk, visit(ground, no), other, as_of=NEXT_DAY)
    assert str(refused.value) == f"申报“{other}”不由本专家组评议，不能查阅。（M24-7.3b）"


@pytest.mark.clause("M24-7.3b", "D-10")
def test_a_case_one_is_recused_from_is_not_read(ground: Ground) -> None:
    no = ground.plan()
    at = ground.panel(no).created_at
    change_panel(ground.desk, no, by=ground.office, as_of=at, recusal="case", because="示例：专家不足")
    ground.commit(no)
    ground.draw(no)
    first, *others = ground.seats(no)
    ground.answer(first, as_of=NEXT_DAY, recuses=(OwnRecusal(number(ground)),))
    for seat in others:
        ground.answer(seat, as_of=NEXT_DAY)
    session = visit(ground, no)
    assert [(case, mine) for case, _, mine in cases_to_read(ground.desk, session, as_of=NEXT_DAY)] == [
        (number(ground), False), (number(ground, 1), True),
    ]  # fmt: skip
    with pytest.raises(Refused, match="应当回避，不能查阅"):
        materials(ground.desk, session, number(ground), as_of=NEXT_DAY)
    materials(ground.desk, session, number(ground, 1), as_of=NEXT_DAY)


@pytest.mark.clause("M24-7.3d")
def test_a_case_that_has_left_review_is_not_listed_any_more(ground: Ground) -> None:
    no = ground.confirmed()
    session = visit(ground, no)
    ground.programme.make("withdraw", ground.cases[0], NEXT_DAY)
    assert cases_to_read(ground.desk, session, as_of=NEXT_DAY) == [
        (number(ground, 1), ground.programme.rows(
            "SELECT i.name FROM institution i JOIN cases c ON c.institution_id = i.id WHERE c.id = ?", ground.cases[1]
        )[0][0], True),
    ]  # fmt: skip


@pytest.mark.clause("M24-7.3b")
def test_nothing_is_read_before_the_statement_is_signed(ground: Ground) -> None:
    no = ground.seated()
    seat, panel = ground.seats(no)[0], ground.panel(no)
    forged = SeatSession(seat.id, panel.id, NEXT_DAY + VISIT)
    with pytest.raises(Refused, match="签署回避与保密承诺之后才能查阅材料"):
        materials(ground.desk, forged, number(ground), as_of=NEXT_DAY)


def test_nothing_is_read_before_the_panel_is_whole(ground: Ground) -> None:
    no = ground.seated()
    ground.answer(ground.seats(no)[0], as_of=NEXT_DAY)
    seat, panel = ground.seats(no)[0], ground.panel(no)
    with pytest.raises(Refused, match="评议尚未开始，不能查阅材料"):
        materials(
            ground.desk, SeatSession(seat.id, panel.id, NEXT_DAY + VISIT), number(ground), as_of=NEXT_DAY
        )


def test_nothing_is_read_after_the_close_nor_after_the_visit(ground: Ground) -> None:
    closes = NEXT_DAY + timedelta(hours=2)
    no = ground.confirmed(meets_at=NEXT_DAY + timedelta(hours=1), closes_at=closes)
    session = visit(ground, no)
    materials(ground.desk, session, number(ground), as_of=closes - timedelta(seconds=1))
    with pytest.raises(Refused, match="评议已经结束，不能查阅材料"):
        materials(ground.desk, session, number(ground), as_of=closes)
    with pytest.raises(Refused, match="本次进入已超过时限"):
        materials(ground.desk, session, number(ground), as_of=NEXT_DAY + VISIT)


def test_a_case_that_left_review_is_not_read(ground: Ground) -> None:
    no = ground.confirmed()
    ground.programme.make("withdraw", ground.cases[0], NEXT_DAY)
    with pytest.raises(Refused, match="已不在专家评议环节"):
        materials(ground.desk, visit(ground, no), number(ground), as_of=NEXT_DAY)
