"""What an attacker with a pen tries: each is found out, or gains nothing."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from casework.ballots.content import ballot_text, sealed_length
from casework.ballots.envelope import DoesNotOpen, new_key, opened, public_text, receipt, seal
from casework.ballots.keys import bound, joined
from casework.ballots.opening import open_ballots
from casework.ballots.panel import plan_of
from casework.ballots.passphrases import unlock
from casework.ballots.sheets import new_resume_code, save_sheet
from records.crypt import WrongKey, decrypt
from records.transaction import transaction
from states.refusals import Refused
from states.tally import Vote


def receipts(board: Any) -> dict[int, str]:
    return dict(board.rows("SELECT seat_id, receipt FROM ballot"))


def turned(board: Any) -> list[tuple[str, str]]:
    return [(each.ballot, each.why) for each in board.open().turned]


@pytest.mark.clause("M24-7.3b", "M24-7.3d")
def test_the_whole_file_and_the_installation_key_together_show_no_vote(voting: Any) -> None:
    comment = "此处评语只有本人知道"
    for seat in voting.seats[:3]:
        with transaction(voting.desk.engine) as tx:
            save_sheet(
                tx, voting.desk, seat, voting.case_ids[0], voting.sheet(Vote.NOT, comment=comment), new_resume_code(),
                as_of=voting.panel.closes_at.replace(day=8),
            )  # fmt: skip
    voting.vote(voting.seats[0], Vote.NOT, comment=comment)
    raw = b"".join(
        path.read_bytes() for path in Path(str(voting.desk.engine.url.database)).parent.glob("linxuan.db*")
    )
    readable = raw + b"".join(_decrypted(raw))
    for word in (comment.encode(), b'"vote"', b'"marks"', json.dumps(comment)[1:-1].encode()):
        assert word not in readable


def _decrypted(raw: bytes) -> list[bytes]:
    """Everything in the file that the installation's own key opens."""
    found = []
    for token in re.findall(rb"gAAAAA[A-Za-z0-9_=-]{40,}", raw):
        try:
            found.append(decrypt(token.decode()).encode())
            found.append(base64.b64decode(found[-1]))
        except (WrongKey, ValueError):
            continue
    assert found
    return found


@pytest.mark.clause("M24-7.3d")
def test_one_officer_with_the_whole_database_has_no_key(voted: Any) -> None:
    panel = voted.panel
    mine = dict(voted.rows("SELECT officer, sealed FROM key_share"))["office.jia"]
    share = unlock(mine, "青瓦 Lotus 七只 kettle 远山 42", bound(panel.no, "office.jia", panel.public_key))
    assert share is not None
    with pytest.raises(Refused, match="密钥份额不能合成本专家组的密钥"):
        joined([share], 1, panel.public_key)
    with pytest.raises(Refused, match="密钥份额不能合成本专家组的密钥"):
        joined([share, share], 2, panel.public_key)


@pytest.mark.clause("M24-7.3d")
def test_an_altered_ballot_is_named_and_not_counted(voted: Any) -> None:
    seat = voted.seats[2]
    ((sealed,),) = voted.rows("SELECT sealed FROM ballot WHERE seat_id = ?", seat)
    raw = bytearray(base64.b64decode(sealed))
    raw[40] ^= 1
    voted.spoil("UPDATE ballot SET sealed = ? WHERE seat_id = ?", base64.b64encode(bytes(raw)).decode(), seat)
    assert turned(voted) == [(receipts(voted)[seat], "altered")]


@pytest.mark.clause("M24-7.3d")
def test_a_ballot_put_in_the_place_of_another_is_named_and_the_lost_one_missed(voted: Any) -> None:
    seat = voted.seats[2]
    lost, pseudonym = receipts(voted)[seat], voted.rows("SELECT pseudonym FROM seat WHERE id = ?", seat)[0][0]
    forged = seal('{"format":"linxuan ballot 1"}', 4096, voted.panel.public_key, voted.no, pseudonym)
    voted.spoil("UPDATE ballot SET sealed = ?, receipt = ? WHERE seat_id = ?", forged, receipt(forged), seat)
    assert sorted(turned(voted)) == sorted([(receipt(forged), "foreign"), (lost, "missing")])


@pytest.mark.clause("M24-7.3d")
def test_swapped_seats_open_nothing(voted: Any) -> None:
    one, other = voted.seats[:2]
    rows = {
        seat: (sealed, number)
        for seat, sealed, number in voted.rows("SELECT seat_id, sealed, receipt FROM ballot")
    }
    voted.spoil("UPDATE ballot SET receipt = 'x' WHERE seat_id = ?", one)
    voted.spoil("UPDATE ballot SET sealed = ?, receipt = ? WHERE seat_id = ?", *rows[one], other)
    voted.spoil("UPDATE ballot SET sealed = ?, receipt = ? WHERE seat_id = ?", *rows[other], one)
    assert sorted(turned(voted)) == sorted([(rows[one][1], "altered"), (rows[other][1], "altered")])


@pytest.mark.clause("M24-7.3d")
def test_a_well_made_ballot_that_nobody_cast_is_foreign(voting: Any) -> None:
    *voters, silent = voting.seats
    for seat in voters:
        voting.vote(seat)
    plan, panel = plan_of(voting.desk, voting.panel), voting.panel
    text = ballot_text(panel.no, "0" * 32, {no: voting.sheet() for no in panel.cases.values()}, [])
    pseudonym = voting.rows("SELECT pseudonym FROM seat WHERE id = ?", silent)[0][0]
    length = sealed_length(panel.no, panel.cases.values(), plan)
    sealed = seal(text, length, panel.public_key, panel.no, pseudonym)
    voting.spoil(
        "INSERT INTO ballot (panel_id, seat_id, sealed, receipt, cast_at) VALUES (?,?,?,?,?)",
        panel.id, silent, sealed, receipt(sealed), panel.closes_at.replace(day=9),
    )  # fmt: skip
    assert turned(voting) == [(receipt(sealed), "foreign")]


@pytest.mark.clause("M24-7.3d")
def test_a_ballot_dated_after_the_close_is_late(voted: Any) -> None:
    seat = voted.seats[3]
    voted.spoil("UPDATE ballot SET cast_at = ? WHERE seat_id = ?", voted.panel.closes_at, seat)
    assert turned(voted) == [(receipts(voted)[seat], "late")]


@pytest.mark.clause("M24-7.3d")
def test_a_deleted_ballot_is_missed(voted: Any) -> None:
    seat = voted.seats[3]
    lost = receipts(voted)[seat]
    voted.spoil("DELETE FROM ballot WHERE seat_id = ?", seat)
    assert turned(voted) == [(lost, "missing")]


@pytest.mark.clause("M24-7.3d")
def test_a_ballot_replayed_from_another_panel_opens_nothing() -> None:
    key = new_key()
    sealed = seal("选票", 1024, public_text(key), "B3-SJAQ-Z01", "a" * 32)
    assert opened(sealed, key, "B3-SJAQ-Z01", "a" * 32) == "选票"
    for panel, seat, other in (
        ("B3-SJAQ-Z02", "a" * 32, key),
        ("B3-SJAQ-Z01", "b" * 32, key),
        ("B3-SJAQ-Z01", "a" * 32, new_key()),
    ):
        with pytest.raises(DoesNotOpen):
            opened(sealed, other, panel, seat)
    for broken in ("", "!", sealed[:40], sealed[:-4]):
        with pytest.raises(DoesNotOpen):
            opened(broken, key, "B3-SJAQ-Z01", "a" * 32)


@pytest.mark.clause("M24-7.3d")
def test_an_exchanged_public_key_is_found_out_before_anything_opens(voting: Any) -> None:
    mine = new_key()
    voting.spoil("UPDATE panel SET public_key = ?", public_text(mine))
    for seat in voting.seats:
        voting.vote(seat)
    with pytest.raises(Refused, match="口令不正确"):
        voting.open()
    for officer in ("office.jia", "office.yi"):
        voting.hand.take(voting.panel_id, officer, "academic acid", voting.panel.closes_at)
    with pytest.raises(Refused, match="公钥与准备密钥时的记录不符，可能被调换"):
        open_ballots(voting.desk, voting.panel_id, voting.hand, as_of=voting.panel.closes_at)


@pytest.mark.clause("M24-7.3d")
def test_so_many_altered_that_the_quorum_is_lost_opens_nothing(voted: Any) -> None:
    for seat in voted.seats[:3]:
        sealed = base64.b64encode(b"0" * 5000).decode()
        voted.spoil("UPDATE ballot SET sealed = ? WHERE seat_id = ?", sealed, seat)
    with pytest.raises(Refused, match="到会投票4人，不足法定人数5人"):
        voted.open()
    assert voted.rows("SELECT count(*) FROM opened_set") == [(0,)]
