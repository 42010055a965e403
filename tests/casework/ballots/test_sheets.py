"""Score sheets: saved and resumed by the expert alone."""

import re
from typing import Any

import pytest

from casework.ballots.content import Sheet
from casework.ballots.sheets import discard_sheets, new_resume_code, save_sheet, saved_sheets
from records.crypt import decrypt
from records.transaction import reading, transaction
from states.refusals import Refused
from states.tally import Vote

CODE = "ABCD-EFGH-IJKL-MNOP-QRST-UV23"
HALF = Sheet(None, {"standing": 12}, "证照齐全，\n待核场地。")


def save(board: Any, sheet: Sheet = HALF, *, seat: int = 0, case: int = 0, code: str = CODE) -> None:
    with transaction(board.desk.engine) as tx:
        save_sheet(
            tx, board.desk, board.seats[seat], board.case_ids[case], sheet, code,
            as_of=board.panel.closes_at.replace(day=8),
        )  # fmt: skip


def saved(board: Any, code: str = CODE) -> dict[int, Sheet]:
    with reading(board.desk.engine) as tx:
        return dict(saved_sheets(tx, board.seats[0], code))


@pytest.mark.clause("M24-7.3d")
def test_what_was_saved_is_resumed_with_the_code(voting: Any) -> None:
    save(voting)
    save(voting, voting.sheet(Vote.NOT, comment="不足。"), case=1)
    save(voting, Sheet(Vote.RECOMMEND, {"standing": 14}))
    first, second, _ = voting.case_ids
    assert saved(voting) == {
        first: Sheet(Vote.RECOMMEND, {"standing": 14}),
        second: voting.sheet(Vote.NOT, comment="不足。"),
    }
    assert saved(voting, CODE.lower().replace("-", " ")) == saved(voting)


@pytest.mark.clause("M24-7.3d")
def test_without_the_code_the_holder_of_the_installation_reads_nothing(voting: Any) -> None:
    save(voting)
    with pytest.raises(Refused, match="续填码不符，此前保存的评分表无法读取"):
        saved(voting, new_resume_code())
    ((content,),) = voting.rows("SELECT content FROM score_sheet")
    inside = decrypt(content)
    assert "standing" not in inside
    save(voting, voting.sheet(Vote.RECOMMEND, comment="字" * 500))
    ((longer,),) = voting.rows("SELECT content FROM score_sheet")
    assert len(decrypt(longer)) == len(inside)


@pytest.mark.clause("M24-7.3d")
def test_a_lost_code_means_to_begin_again(voting: Any) -> None:
    save(voting)
    with transaction(voting.desk.engine) as tx:
        assert discard_sheets(tx, voting.seats[0]) == 1
    assert saved(voting) == {}


def test_a_code_is_long_and_easy_to_copy() -> None:
    codes = {new_resume_code() for _ in range(50)}
    assert len(codes) == 50
    assert all(re.fullmatch(r"([A-Z2-7]{4}-){5}[A-Z2-7]{4}", code) for code in codes)


@pytest.mark.clause("M24-7.3d")
def test_drafts_are_gone_after_the_cast_and_nothing_is_saved_any_more(voting: Any) -> None:
    save(voting)
    voting.vote(voting.seats[0])
    assert voting.rows("SELECT count(*) FROM score_sheet") == [(0,)]
    with pytest.raises(Refused, match="您已投票，选票已密封"):
        save(voting)


@pytest.mark.clause("M24-7.3d")
def test_drafts_of_those_who_never_cast_are_gone_after_the_opening(voting: Any) -> None:
    save(voting, seat=6)
    for seat in voting.seats[:6]:
        voting.vote(seat)
    voting.open()
    assert voting.rows("SELECT count(*) FROM score_sheet") == [(0,)]


@pytest.mark.clause("M24-7.3d")
@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [
        (Sheet(None, {"looks": 3}), "评分项“looks”不在评分表内"),
        (Sheet(None, {"standing": 16}), "应为0至15的整数"),
        (Sheet(None, {}, "字" * 501), "共501字，限500字"),
    ],
)
def test_a_draft_out_of_range_is_refused(voting: Any, sheet: Sheet, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        save(voting, sheet)
