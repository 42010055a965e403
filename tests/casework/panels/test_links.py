"""Links: two letters, one use, one person, little time, and not a word to whoever guesses."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from casework.panels.answering import answer, look_at_invitation
from casework.panels.entering import SENT_IF_KNOWN, ask_for_link, enter
from casework.panels.links import NOT_THIS_ONE, PAUSE, TRIES
from states.calendar import SHANGHAI
from states.refusals import Refused

Ground = Any  # of conftest
NEXT_DAY = datetime(2024, 7, 4, 10, tzinfo=SHANGHAI)
LONG = timedelta(hours=1)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


@pytest.mark.clause("M24-7.3b", "M24-11.6a")
def test_only_hashes_of_a_link_are_kept_and_link_and_code_travel_apart(ground: Ground) -> None:
    no = ground.seated()
    seat = ground.seats(no)[0]
    token, code = ground.link(seat)
    assert token not in ground.programme.contents()
    assert f"'{code}'" not in ground.programme.contents()
    assert len(token) == 43
    assert [token in letter.body for letter in ground.letters(seat)] == [True, False]
    assert [code in letter.body for letter in ground.letters(seat)] == [False, True]


def test_a_link_opens_for_its_own_seat_alone(ground: Ground) -> None:
    no = ground.seated()
    for seat in ground.seats(no):
        shown = look_at_invitation(ground.desk, *ground.link(seat), as_of=NEXT_DAY)
        assert (shown.panel, len(shown.institutions)) == (no, 2)
    mine, other = ground.seats(no)[:2]
    with pytest.raises(Refused, match=NOT_THIS_ONE):
        look_at_invitation(ground.desk, ground.link(mine)[0], ground.link(other)[1], as_of=NEXT_DAY)


def test_a_link_is_used_once(ground: Ground) -> None:
    no = ground.confirmed()
    token, code = ground.link(ground.seats(no)[0])
    enter(ground.desk, token, code, as_of=NEXT_DAY)
    with pytest.raises(Refused) as refused:
        enter(ground.desk, token, code, as_of=NEXT_DAY)
    assert (
        str(refused.value)
        == "这个链接已经使用过，每个链接只能用一次；需要再次进入的，请申请重新发送。（M24-7.3b）"
    )


def test_a_link_expires(ground: Ground) -> None:
    no = ground.confirmed()
    token, code = ground.link(ground.seats(no)[0])
    with pytest.raises(Refused, match="这个链接已经失效，请申请重新发送，并使用最近一封邮件中的链接"):
        enter(ground.desk, token, code, as_of=NEXT_DAY + timedelta(hours=72))
    enter(ground.desk, token, code, as_of=NEXT_DAY + timedelta(hours=72) - timedelta(seconds=1))


def test_the_time_a_link_lasts_is_a_setting(ground: Ground) -> None:
    no = ground.seated()
    ground.desk.link_hours = 1
    for seat in ground.seats(no):
        ground.answer(seat, as_of=NEXT_DAY)
    with pytest.raises(Refused, match="已经失效"):
        enter(ground.desk, *ground.link(ground.seats(no)[0]), as_of=NEXT_DAY + LONG)


def test_five_wrong_codes_kill_a_link(ground: Ground) -> None:
    no = ground.confirmed()
    token, code = ground.link(ground.seats(no)[0])
    at = NEXT_DAY
    for _ in range(TRIES):
        with pytest.raises(Refused, match=NOT_THIS_ONE):
            enter(ground.desk, token, wrong(code), as_of=at)
        at += LONG
    with pytest.raises(Refused) as refused:
        enter(ground.desk, token, code, as_of=at)
    assert refused.value.sentence == NOT_THIS_ONE


def test_codes_cannot_be_tried_quickly(ground: Ground) -> None:
    """After a wrong code nothing is looked at for a while, and what is not looked at is not counted."""
    no = ground.confirmed()
    token, code = ground.link(ground.seats(no)[0])
    with pytest.raises(Refused, match=NOT_THIS_ONE):
        enter(ground.desk, token, wrong(code), as_of=NEXT_DAY)
    for _ in range(20):
        with pytest.raises(Refused, match=NOT_THIS_ONE):
            enter(ground.desk, token, code, as_of=NEXT_DAY + PAUSE / 2)
    assert ground.programme.rows("SELECT max(tries) FROM entry_link") == [(1,)]
    enter(ground.desk, token, code, as_of=NEXT_DAY + PAUSE)


@pytest.mark.clause("M24-7.3b")
def test_a_guessed_token_learns_what_a_wrong_code_learns_at_the_same_cost(ground: Ground) -> None:
    no = ground.confirmed()
    token, code = ground.link(ground.seats(no)[0])

    def asked(token: str, code: str) -> tuple[str, Counter[str]]:
        seen: Counter[str] = Counter()

        @event.listens_for(ground.desk.engine, "begin")
        def _count(connection: Any) -> None:
            connection.connection.driver_connection.set_trace_callback(
                lambda sql: seen.update([sql.split("VALUES")[0].split("WHERE")[0]])
            )

        with pytest.raises(Refused) as refused:
            enter(ground.desk, token, code, as_of=NEXT_DAY)
        event.remove(ground.desk.engine, "begin", _count)
        return str(refused.value), Counter({sql.split()[0]: n for sql, n in seen.items()})

    assert asked("x" * 43, "000000") == asked(token, wrong(code))


@pytest.mark.parametrize("token", ["", "../../etc", "'; DROP TABLE seat; --", "\ud800", "令牌", "x" * 10_000])
@pytest.mark.parametrize("code", ["", "abcdef", "１２３４５６"])
def test_odd_tokens_are_refused_like_any_other(ground: Ground, token: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        answer(ground.desk, token, code, "accept", as_of=NEXT_DAY)
    assert refused.value.sentence == NOT_THIS_ONE


def test_a_link_for_answering_does_not_let_anybody_in_to_read(ground: Ground) -> None:
    no = ground.seated()
    with pytest.raises(Refused, match=NOT_THIS_ONE):
        enter(ground.desk, *ground.link(ground.seats(no)[0]), as_of=NEXT_DAY)


def test_a_new_link_makes_the_old_one_dead(ground: Ground) -> None:
    no = ground.confirmed()
    seat = ground.seats(no)[0]
    old = ground.link(seat)
    assert ask_for_link(ground.desk, ground.expert_at(seat).mail.upper(), as_of=NEXT_DAY) == SENT_IF_KNOWN
    assert ground.link(seat) != old
    with pytest.raises(Refused, match="已经失效"):
        enter(ground.desk, *old, as_of=NEXT_DAY)
    enter(ground.desk, *ground.link(seat), as_of=NEXT_DAY)


def test_whether_a_mailbox_belongs_to_a_member_is_never_said(ground: Ground) -> None:
    no = ground.confirmed()
    sent = ground.programme.rows("SELECT count(*) FROM panel_letter")
    seated = {ground.expert_at(seat).mail for seat in ground.seats(no)}
    other = next(
        f"expert{n}@pool.example.cn" for n in range(1, 41) if f"expert{n}@pool.example.cn" not in seated
    )
    for mail in (other, "nobody@example.cn", ""):
        assert ask_for_link(ground.desk, mail, as_of=NEXT_DAY) == SENT_IF_KNOWN
    assert ground.programme.rows("SELECT count(*) FROM panel_letter") == sent


def test_links_are_asked_for_a_few_times_a_day(ground: Ground) -> None:
    no = ground.confirmed()
    seat = ground.seats(no)[0]
    mail = ground.expert_at(seat).mail
    for n in range(20):
        ask_for_link(ground.desk, mail, as_of=NEXT_DAY + timedelta(minutes=n))
    given = [letter for letter in ground.letters(seat) if letter.letter == "expert_link"]
    assert 0 < len(given) <= 3


def test_a_seat_that_was_left_has_no_links(ground: Ground) -> None:
    no = ground.seated()
    seat = ground.seats(no)[0]
    token, code = ground.link(seat)
    ground.answer(seat, "decline", as_of=NEXT_DAY)
    with pytest.raises(Refused, match="已经使用过"):
        answer(ground.desk, token, code, "accept", as_of=NEXT_DAY)
    ask_for_link(ground.desk, ground.expert_at(seat).mail, as_of=NEXT_DAY)
    assert [each.letter for each in ground.letters(seat)] == ["expert_invited", "expert_code"]
