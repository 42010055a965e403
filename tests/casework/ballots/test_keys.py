"""Keys: k of n officers, strong passphrases, nothing stored that opens anything by itself."""

import base64
import json
from typing import Any

import pytest

from casework.ballots.envelope import key_from, public_text
from casework.ballots.keys import bound, joined
from casework.ballots.passphrases import CHEAP, Cost, lock, refuse_weak, unlock
from states.refusals import Refused

GOOD = (
    "青瓦 Lotus 七只 kettle 远山 42",
    "Harbour 白鹭 lantern 三更 river 7",
    "旧书 velvet 竹影 compass 北窗 19",
)
LOGINS = ("office.jia", "office.yi", "head.bing")


def refusal(board: Any, officers: dict[str, str], needed: int = 2) -> str:
    with pytest.raises(Refused) as refused:
        board.keys(needed, officers)
    assert board.rows("SELECT public_key FROM panel") == [(None,)]
    return str(refused.value)


def opened_shares(board: Any) -> list[str]:
    panel, stored = board.panel, dict(board.rows("SELECT officer, sealed FROM key_share"))
    opened = [
        unlock(stored[login], phrase, bound(panel.no, login, panel.public_key))
        for login, phrase in zip(LOGINS, GOOD, strict=True)
    ]
    return [share for share in opened if share is not None]


@pytest.mark.clause("M24-7.3d")
def test_the_panel_gets_a_public_key_and_every_officer_a_locked_share(board: Any) -> None:
    shown = board.keys()
    assert len(shown.split()) == 8
    panel = board.panel
    assert (panel.officers, panel.needed) == (3, 2)
    shares = dict(board.rows("SELECT officer, sealed FROM key_share"))
    assert set(shares) == set(LOGINS)
    assert [json.loads(detail) for _, detail in board.noted("prepare_keys")] == [
        {"key": shown, "needed": 2, "officers": sorted(LOGINS), "panel": panel.no}
    ]


@pytest.mark.clause("M24-7.3d")
@pytest.mark.parametrize("two", [(0, 1), (0, 2), (1, 2), (0, 1, 2)])
def test_any_two_shares_make_the_key_and_one_does_not(board: Any, two: tuple[int, ...]) -> None:
    board.keys()
    shares, public_key = opened_shares(board), board.panel.public_key
    assert public_text(key_from(joined([shares[at] for at in two], 2, public_key))) == public_key
    for needed in (1, 2):
        with pytest.raises(Refused, match="密钥份额不能合成本专家组的密钥"):
            joined(shares[:1], needed, public_key)


@pytest.mark.clause("M24-7.3d")
def test_a_share_opens_only_for_its_own_panel_officer_and_key() -> None:
    locked = lock("份额", GOOD[0], bound("Z1", "office.jia", "K"), CHEAP)
    assert unlock(locked, GOOD[0], bound("Z1", "office.jia", "K")) == "份额"
    assert unlock(locked, f" {GOOD[0]} ", bound("Z1", "office.jia", "K")) == "份额"
    assert unlock(locked, GOOD[1], bound("Z1", "office.jia", "K")) is None
    for other in (("Z2", "office.jia", "K"), ("Z1", "office.yi", "K"), ("Z1", "office.jia", "L")):
        assert unlock(locked, GOOD[0], bound(*other)) is None
    assert unlock("{}", GOOD[0], "") is None
    assert unlock("not json", GOOD[0], "") is None


@pytest.mark.clause("M24-7.3d")
def test_a_passphrase_full_of_full_width_letters_is_the_same_one() -> None:
    locked = lock("份额", "harbour LANTERN river 4417", "", CHEAP)
    assert unlock(locked, "ｈａｒｂｏｕｒ ＬＡＮＴＥＲＮ river ４４１７", "") == "份额"


@pytest.mark.parametrize(
    "weak", ["短", "123456789012", "Password1234!", "aaaaaaaaaaaaaaaaaaaa", "qwertyuiopas", "长" * 129]
)
@pytest.mark.clause("M24-7.3d")
def test_a_weak_passphrase_is_refused_without_repeating_it(weak: str) -> None:
    with pytest.raises(Refused) as refused:
        refuse_weak(weak)
    assert weak not in str(refused.value)


@pytest.mark.clause("M24-7.3d")
def test_a_passphrase_holds_neither_login_nor_name_nor_panel() -> None:
    for word in ("office.jia", "示例甲", "B3-SJAQ-Z01"):
        with pytest.raises(Refused, match="口令中不能含有账号、姓名或专家组编号"):
            refuse_weak(f"{word.upper()} harbour lantern river", word)


def test_a_try_costs_much_by_default() -> None:
    assert Cost().memory >= 64 * 1024
    assert Cost().passes >= 3


@pytest.mark.clause("M24-7.3d")
def test_one_officer_or_one_share_is_never_enough(board: Any) -> None:
    two = dict(zip(LOGINS[:2], GOOD, strict=False))
    assert refusal(board, {LOGINS[0]: GOOD[0]}) == "开启人应为2至16名，现为1名。（M24-7.3d）"
    assert refusal(board, two, 1) == "须有2至2名开启人同时在场，现为1名；任何一人不得单独开启。（M24-7.3d）"
    assert refusal(board, two, 3) == "须有2至2名开启人同时在场，现为3名；任何一人不得单独开启。（M24-7.3d）"
    assert (
        refusal(board, dict.fromkeys(LOGINS, GOOD[0])) == "各开启人的口令不得相同，请各自另设。（M24-7.3d）"
    )


@pytest.mark.clause("M24-7.3d", "M24-7.3b")
def test_officers_have_accounts_in_use_and_do_not_sit_on_the_panel(board: Any) -> None:
    assert refusal(board, {"office.jia": GOOD[0], "nobody": GOOD[1]}) == (
        "没有这些在用的账号：nobody，开启人须是在用账号。（M24-7.3d）"
    )
    board.spoil("UPDATE expert SET name = '示例 乙' WHERE id = 3")
    assert refusal(board, dict(zip(LOGINS, GOOD, strict=True))) == (
        "开启人中有人与本专家组成员同名，不得担任开启人，请换人。（M24-7.3b）"
    )


@pytest.mark.clause("M24-7.3d")
def test_keys_are_made_again_until_voting_begins_and_the_earlier_are_worthless(board: Any) -> None:
    first = board.keys()
    second = board.keys(needed=3)
    assert first != second
    assert board.rows("SELECT count(*) FROM key_share") == [(3,)]
    board.begin_voting()
    with pytest.raises(Refused, match="表决已经开始，不能再更换密钥"):
        board.keys()


@pytest.mark.clause("M24-7.3d")
def test_neither_the_private_key_nor_a_share_is_stored(board: Any) -> None:
    board.keys()
    shares = opened_shares(board)
    secret = joined(shares, 2, board.panel.public_key)
    with board.desk.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        dump = "\n".join(driver.iterdump())
    written = [secret.hex(), base64.b64encode(secret).decode().rstrip("="), *shares]
    assert [text for text in written if text in dump] == []
