"""Casting: once, complete, signed, in time, and sealed so that nothing shows."""

from datetime import timedelta
from typing import Any

import pytest

from casework.ballots.content import Sheet
from casework.ballots.envelope import receipt
from casework.ballots.receipts import ballot_of, receipt_says
from records.transaction import reading
from states.refusals import Refused
from states.tally import Vote


def refusal(board: Any, *args: Any, **kwargs: Any) -> str:
    before = board.rows("SELECT count(*) FROM ballot")
    with pytest.raises(Refused) as refused:
        board.vote(*args, **kwargs)
    assert board.rows("SELECT count(*) FROM ballot") == before
    return str(refused.value)


@pytest.mark.clause("M24-7.3d")
def test_a_ballot_is_sealed_and_its_voter_gets_a_receipt(voting: Any) -> None:
    got = voting.vote(voting.seats[0])
    ((sealed, number, seat),) = voting.rows("SELECT sealed, receipt, seat_id FROM ballot")
    assert (got.receipt, seat) == (number, voting.seats[0])
    assert receipt(sealed) == number
    assert len(got.tracker) == 32
    ((actor, detail),) = voting.noted("cast")
    assert actor == f"panel:{voting.rows('SELECT pseudonym FROM seat ORDER BY id')[0][0]}"
    assert got.tracker not in detail


@pytest.mark.clause("M24-7.3d")
def test_every_ballot_of_a_panel_is_as_long_as_every_other(voting: Any) -> None:
    voting.vote(voting.seats[0], Vote.ABSTAIN)
    voting.vote(voting.seats[1], Vote.NOT, comment="字" * 500)
    voting.vote(voting.seats[2], Vote.RECOMMEND, comment='"\\\n𠀀' * 125)
    assert len({len(sealed) for (sealed,) in voting.rows("SELECT sealed FROM ballot")}) == 1


@pytest.mark.clause("M24-7.3d")
def test_nobody_votes_twice(voting: Any) -> None:
    voting.vote(voting.seats[0])
    assert refusal(voting, voting.seats[0]) == "您已投票，选票已密封，不能再次投票或修改。（M24-7.3d）"


@pytest.mark.clause("M24-7.3d")
def test_voting_has_a_beginning_and_an_end(board: Any) -> None:
    seat = board.seats[0]
    assert refusal(board, seat) == "专家组B3-SJAQ-Z01表决尚未开始，不能投票。（M24-7.3d）"
    board.begin_voting()
    assert refusal(board, seat) == "专家组B3-SJAQ-Z01尚未准备表决密钥，请先由办公室准备。（M24-7.3d）"
    board.spoil("UPDATE panel SET state = 'confirmed'")
    board.keys()
    board.begin_voting()
    closes = board.panel.closes_at
    assert refusal(board, seat, as_of=closes) == (
        "专家组B3-SJAQ-Z01的表决已于截止时间结束，逾期投票不予受理。（M24-7.3d）"
    )
    board.spoil("UPDATE panel SET state = 'closed'")
    assert refusal(board, seat) == "专家组B3-SJAQ-Z01表决已经结束，不能投票。（M24-7.3d）"


@pytest.mark.clause("M24-7.3d")
def test_the_last_instant_before_the_close_is_in_time(voting: Any) -> None:
    voting.vote(voting.seats[0], as_of=voting.panel.closes_at - timedelta(microseconds=1))
    assert voting.rows("SELECT count(*) FROM ballot") == [(1,)]


@pytest.mark.clause("M24-7.3b", "M24-7.3c")
def test_only_who_sits_and_has_signed_the_declaration_votes(voting: Any) -> None:
    voting.spoil("UPDATE seat SET declared_at = NULL WHERE id = ?", voting.seats[0])
    assert refusal(voting, voting.seats[0]) == "请先签署回避与保密承诺书，再行投票。（M24-7.3b）"
    voting.spoil("UPDATE seat SET state = 'declined' WHERE id = ?", voting.seats[1])
    assert refusal(voting, voting.seats[1]) == "您不在本专家组席位上，不能投票。（M24-7.3c）"


@pytest.mark.clause("M24-7.3d")
def test_the_voter_signs_with_the_own_name(voting: Any) -> None:
    assert refusal(voting, voting.seats[0], signature="示例专家2") == (
        "签名与您的姓名不符，请输入本人姓名确认投票。（M24-7.3d）"
    )
    voting.vote(voting.seats[0], signature=" 示例 专家１ ")


@pytest.mark.clause("M24-7.3d")
def test_a_ballot_is_complete(voting: Any) -> None:
    first, second, third = voting.case_ids
    numbers = list(voting.panel.cases.values())
    with pytest.raises(Refused) as refused:
        voting.cast(voting.seats[0], {first: voting.sheet(), second: Sheet(None, {})})
    assert str(refused.value) == (
        f"还有2件申报没有表决：{numbers[1]}、{numbers[2]}，请逐件表决后再投出。（M24-7.3d）"
    )
    short = {first: voting.sheet(), second: voting.sheet(), third: Sheet(Vote.NOT, {"standing": 1})}
    with pytest.raises(Refused, match=f"^选票对申报{numbers[2]}的表决不能计入：缺少评分"):
        voting.cast(voting.seats[0], short)


@pytest.mark.clause("M24-7.3d")
@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [
        (Sheet(Vote.ABSTAIN, {"standing": 1}), "弃权的不打分"),
        (
            Sheet(
                Vote.NOT, {"standing": 16, "strength": 1, "experience": 1, "supervision": 1, "priority": 1}
            ),
            "0至15分",
        ),
        (Sheet(Vote.ABSTAIN, {}, "字" * 501), "共501字，限500字"),
        (Sheet(Vote.ABSTAIN, {}, "响\x07铃"), "不能显示的字符"),
        (Sheet(Vote.NOT, {"standing": 1.5}), "评分应为整数"),  # type: ignore[dict-item]
    ],
)
def test_what_could_not_be_counted_is_not_cast(voting: Any, sheet: Sheet, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        voting.cast(voting.seats[0], dict.fromkeys(voting.case_ids, sheet))


@pytest.mark.clause("M24-7.3d")
def test_a_case_of_another_panel_is_not_voted_on(voting: Any) -> None:
    sheets = dict.fromkeys([*voting.case_ids, 999], voting.sheet())
    with pytest.raises(Refused, match="选票中有不属于本专家组的申报"):
        voting.cast(voting.seats[0], sheets)


@pytest.mark.clause("M24-7.3d", "M24-20c")
def test_a_case_that_was_withdrawn_needs_no_vote(voting: Any) -> None:
    first, *others = voting.case_ids
    voting.spoil("UPDATE cases SET stage = 'withdrawn' WHERE id = ?", first)
    voting.cast(voting.seats[0], dict.fromkeys(others, voting.sheet()))
    voting.cast(voting.seats[1], dict.fromkeys(voting.case_ids, voting.sheet()))


@pytest.mark.clause("M24-7.3d")
def test_a_voter_finds_the_own_ballot_among_those_counted(voting: Any) -> None:
    receipts = [voting.vote(seat, comment=f"评语{place}") for place, seat in enumerate(voting.seats)]

    def says(number: str) -> str:
        with reading(voting.desk.engine) as tx:
            return receipt_says(tx, voting.panel, number)

    assert says(receipts[0].receipt) == "选票已密封在库，尚未开启。"
    voting.open()
    assert [says(each.receipt) for each in receipts] == ["选票已开启，并已计入。"] * 7
    with reading(voting.desk.engine) as tx:
        mine = ballot_of(tx, voting.panel, receipts[3].tracker)
        with pytest.raises(Refused, match="没有这个验票码对应的选票"):
            ballot_of(tx, voting.panel, "0" * 32)
    assert [vote["comment"] for vote in mine["votes"]] == ["评语3"] * 3
    with pytest.raises(Refused, match="没有这张选票的记录，请核对回执"):
        says("0" * 64)
