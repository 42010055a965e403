"""Opening: k of n together, after the close, within half an hour, recusal and quorum checked again."""

import json
from datetime import timedelta
from typing import Any

import pytest

from casework.ballots.opening import open_ballots
from casework.ballots.presenting import SharesInHand
from casework.ballots.rechecking import Rechecked
from states.refusals import Refused
from states.tally import Vote

MINUTES = [timedelta(minutes=each) for each in range(61)]


def refusal(board: Any, *officers: str, **kwargs: Any) -> str:
    with pytest.raises(Refused) as refused:
        board.open(*officers, **kwargs)
    assert board.rows("SELECT count(*) FROM opened_set") == [(0,)]
    assert board.panel.state == "voting"
    return str(refused.value)


@pytest.mark.clause("M24-7.3d")
def test_one_officer_alone_opens_nothing_and_is_recorded(voted: Any) -> None:
    said = refusal(voted, "office.jia")
    assert said == "开启选票须2名开启人在30分钟内共同到场，现有1名；任何一人不得单独开启。（M24-7.3d）"
    assert voted.noted("open_refused") == [
        ("office:office.jia", '{"officers":1,"panel":"B3-SJAQ-Z01","why":"M24-7.3d"}')
    ]
    assert refusal(voted, "office.jia", "office.jia") == said


@pytest.mark.clause("M24-7.3d")
def test_two_of_three_officers_open(voted: Any) -> None:
    opened = voted.open("head.bing", "office.yi")
    assert (opened.counted, opened.turned, voted.panel.state) == (7, (), "opened")
    assert voted.rows("SELECT opened_by FROM opened_set") == [("head.bing、office.yi",)]
    with pytest.raises(Refused, match="选票已经开启，不能再次开启"):
        voted.present("office.jia")


@pytest.mark.clause("M24-7.3d")
def test_all_three_officers_open_as_well(voted: Any) -> None:
    assert voted.open("office.jia", "head.bing", "office.yi").counted == 7


@pytest.mark.clause("M24-7.3d")
def test_two_requests_within_half_an_hour_are_together_and_later_ones_are_not(voted: Any) -> None:
    start = voted.panel.closes_at
    assert not voted.present("office.jia", as_of=start).enough
    late = voted.present("office.yi", as_of=start + MINUTES[31])
    assert (late.present, late.needed) == (1, 2)
    again = voted.present("office.jia", as_of=start + MINUTES[60])
    assert again.enough
    assert open_ballots(
        voted.desk, voted.panel_id, voted.hand, as_of=start + MINUTES[60], recheck=lambda *_: Rechecked()
    ).counted == 7  # fmt: skip


@pytest.mark.clause("M24-7.3d")
def test_another_process_holds_nothing(voted: Any) -> None:
    voted.present("office.jia")
    voted.hand = SharesInHand()
    assert "现有1名" in refusal(voted, "office.yi")


@pytest.mark.clause("M24-7.3d")
def test_nothing_opens_before_the_close_or_before_any_vote(voted: Any) -> None:
    early = voted.panel.closes_at - timedelta(microseconds=1)
    assert refusal(voted, as_of=early) == (
        "专家组B3-SJAQ-Z01的表决尚未截止，截止前任何人不得开启选票。（M24-7.3d）"
    )
    voted.spoil("UPDATE panel SET state = 'confirmed'")
    with pytest.raises(Refused, match="尚未表决，没有选票可以开启"):
        voted.present("office.jia")


@pytest.mark.clause("M24-7.3d")
def test_a_wrong_passphrase_is_recorded_and_tried_five_times_at_most(voted: Any) -> None:
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(Refused, match=f"^口令不正确，已记录；还可再试{left}次。"):
            voted.present("office.jia", "Wrong lantern 一二三 river")
    with pytest.raises(Refused, match=r"^口令已错5次，请15分钟后再试。"):
        voted.present("office.jia")
    assert len(voted.noted("share_refused")) == 5
    voted.present("office.yi")
    later = voted.panel.closes_at + timedelta(days=1)
    assert voted.present("office.jia", as_of=later).present == 1


@pytest.mark.clause("M24-7.3d")
def test_the_right_passphrase_clears_the_wrong_ones(voted: Any) -> None:
    for _ in range(4):
        with pytest.raises(Refused):
            voted.present("office.jia", "Wrong lantern 一二三 river")
    voted.present("office.jia")
    with pytest.raises(Refused, match="还可再试4次"):
        voted.present("office.jia", "Wrong lantern 一二三 river")


@pytest.mark.clause("M24-7.3d")
def test_somebody_who_holds_no_share_is_turned_away_and_recorded(voted: Any) -> None:
    with pytest.raises(Refused, match=r"^账号“office.ding”不是专家组B3-SJAQ-Z01的开启人，已记录。"):
        voted.present("office.ding", "anything at all")
    voted.spoil("UPDATE person SET disabled_at = ? WHERE login = 'office.jia'", voted.panel.closes_at)
    with pytest.raises(Refused, match="不是专家组"):
        voted.present("office.jia")
    assert [actor for actor, _ in voted.noted("share_refused")] == ["office:office.ding", "office:office.jia"]


@pytest.mark.clause("M24-7.3d")
def test_the_quorum_is_asked_for_before_anything_opens(voting: Any) -> None:
    for seat in voting.seats[:4]:
        voting.vote(seat)
    first = next(iter(voting.panel.cases.values()))
    assert refusal(voting) == (
        f"申报{first}到会投票4人，不足法定人数5人，不能开票，请补抽专家或延长投票（M24-7.3d）。另有2件同样不足。"
    )


@pytest.mark.clause("M24-7.3b")
def test_a_conflict_that_waits_for_a_human_stops_the_opening(voted: Any) -> None:
    said = refusal(
        voted, recheck=lambda *_: Rechecked(held=("代号00000000的专家“同名”（申报B3-SJAQ-0001）",))
    )
    assert said == (
        "开启前复查回避，尚有待核定的情形：代号00000000的专家“同名”（申报B3-SJAQ-0001）（M24-7.3b）"
    )


@pytest.mark.clause("M24-7.3b", "M24-7.3d")
def test_a_conflict_found_at_the_opening_takes_the_ballot_out(voted: Any) -> None:
    receipts = dict(voted.rows("SELECT seat_id, receipt FROM ballot"))
    opened = voted.open(recheck=lambda *_: Rechecked(barred=frozenset(voted.seats[:1])))
    assert opened.counted == 6
    assert [(each.ballot, each.why) for each in opened.turned] == [(receipts[voted.seats[0]], "barred")]
    assert voted.count().tallies[0].votes_cast == 6


@pytest.mark.clause("M24-7.3b", "D-10")
def test_a_recusal_from_one_case_takes_that_vote_out_and_leaves_the_others(voted: Any) -> None:
    first, second, _ = voted.case_ids
    voted.open(recheck=lambda *_: Rechecked(recused={voted.seats[0]: frozenset([first])}))
    tallies = voted.count().tallies
    assert [(each.votes_for, each.votes_cast, each.recused) for each in tallies] == [
        (4, 6, 1),
        (4, 7, 0),
        (5, 7, 0),
    ]
    assert first != second


@pytest.mark.clause("M24-7.3b", "M24-7.3d")
def test_the_quorum_is_counted_without_those_barred(voted: Any) -> None:
    assert "到会投票4人" in refusal(voted, recheck=lambda *_: Rechecked(barred=frozenset(voted.seats[:3])))


@pytest.mark.clause("M24-7.3d", "M24-7.3b")
def test_the_order_in_which_ballots_open_says_nothing_of_the_seats(voted: Any) -> None:
    opened = json.loads(voted.open().opened_set)
    receipts = [row[0] for row in voted.rows("SELECT receipt FROM ballot")]
    assert opened["receipts"] == sorted(receipts)
    text = json.dumps(opened)
    seats = [row[0] for row in voted.rows("SELECT pseudonym FROM seat")]
    assert [each for each in (*seats, "示例专家") if each in text] == []
    assert sorted(len(ballot) for ballot in opened["ballots"]) == [5] * 7


@pytest.mark.clause("M24-7.3b")
def test_the_audit_log_tells_counts_and_never_who_voted_how(voted: Any) -> None:
    voted.open()
    voted.count()
    told = "\n".join(row[0] for row in voted.rows("SELECT detail FROM audit WHERE kind = 'ballot'"))
    for word in (*Vote, "示例专家", "marks"):
        assert f'"{word}"' not in told
    ((_, opening),) = voted.noted("open_ballots")
    assert json.loads(opening) | {"opened_set": ""} == {
        "panel": "B3-SJAQ-Z01", "counted": 7, "turned": {}, "opened_set": "", "officers": ["office.jia", "office.yi"],
    }  # fmt: skip
