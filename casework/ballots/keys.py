"""The key of a panel: made, split among the officers, forgotten.

The private half exists for a moment here, and again for a moment when enough officers have presented their
shares. No copy is stored anywhere.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from casework.actors import Actor
from casework.audit import Entry, append
from casework.ballots.envelope import fingerprint, key_from, new_key, public_text
from casework.ballots.panel import CLAUSE, PanelOfCases, panel_of, seats_of
from casework.ballots.passphrases import Cost, lock, refuse_weak
from casework.panels.access import Act, refuse_unless_does
from records.transaction import Transaction
from states.recusal.names import person_key
from states.refusals import Refused

MOST_OFFICERS = 16
BEFORE_VOTING = ("planned", "committed", "drawn", "confirmed")


def prepare_keys(
    tx: Transaction,
    panel_id: int,
    officers: Mapping[str, str],
    needed: int,
    *,
    by: Actor,
    as_of: datetime,
    cost: Cost | None = None,
) -> str:
    """Make the panel's key, of which any ``needed`` of the officers (login → passphrase) open the ballots together.

    Returns the fingerprint of the public key, for the officers to write down and the voters to see. Keys may be
    made again until voting begins; the earlier ones are worth nothing then. Raises Refused for fewer than two
    officers, ``needed`` under two, an officer who has no account, is closed or sits on the panel, and for
    passphrases that are weak or the same.
    """
    refuse_unless_does(by, Act.PLAN)
    panel = panel_of(tx, panel_id)
    refuse_unless_does(by, Act.PLAN, panel.province)
    _refuse_unready(panel)
    names = _accounts(tx, officers)
    _refuse_officers(tx, panel, officers, needed, names)
    for login, passphrase in officers.items():
        refuse_weak(passphrase, login, names[login], panel.no)
    key = new_key()
    public = public_text(key)
    # The shares stand under the officers' passphrases below; SLIP-0039's own passphrase adds nothing to that.
    shares = generate_mnemonics(1, [(needed, len(officers))], key.private_bytes_raw(), iteration_exponent=0)[
        0
    ]
    tx.run("DELETE FROM key_share WHERE panel_id = ?", (panel_id,))
    for (login, passphrase), share in zip(officers.items(), shares, strict=True):
        tx.run(
            "INSERT INTO key_share (panel_id, officer, sealed, made_at) VALUES (?,?,?,?)",
            (panel_id, login, lock(share, passphrase, bound(panel.no, login, public), cost), as_of),
        )
    tx.run(
        "UPDATE panel SET public_key = ?, officers = ?, officers_needed = ?, version = version + 1, updated_at = ?"
        " WHERE id = ?",
        (public, len(officers), needed, as_of, panel_id),
    )
    detail = {"panel": panel.no, "key": fingerprint(public), "officers": sorted(officers), "needed": needed}
    append(tx, [Entry(as_of, as_of, by.signature, "ballot", "prepare_keys", clause=CLAUSE, detail=detail)])
    return fingerprint(public)


def bound(panel_no: str, officer: str, public_key: str) -> str:
    """What a locked share is bound to: it opens nothing for another panel, officer or key."""
    return f"linxuan share 1\n{panel_no}\n{officer}\n{public_key}\n"


def joined(shares: Sequence[str], needed: int, public_key: str) -> bytes:
    """The private key of at least ``needed`` shares. Raises Refused when they do not make the panel's key."""
    try:
        secret: bytes = combine_mnemonics(shares[:needed])
        fits = public_text(key_from(secret)) == public_key
    except (MnemonicError, ValueError):
        fits = False
    if not fits:
        raise Refused("密钥份额不能合成本专家组的密钥，份额或公钥被改动过，请停止开启并核查。", clause=CLAUSE)
    return secret


def _refuse_unready(panel: PanelOfCases) -> None:
    if panel.state not in BEFORE_VOTING:
        raise Refused(f"专家组{panel.no}的表决已经开始，不能再更换密钥。", clause=CLAUSE)
    if not panel.cases:
        raise Refused(f"专家组{panel.no}还没有申报可评，不能准备密钥。", clause=CLAUSE)


def _accounts(tx: Transaction, officers: Mapping[str, str]) -> dict[str, str]:
    rows = tx.rows(
        f"SELECT login, name FROM person WHERE disabled_at IS NULL AND {tx.among('login')}",
        (tx.listed(list(officers)),),
    )
    names: dict[str, str] = dict(rows)
    missing = "、".join(login for login in officers if login not in names)
    if missing:
        raise Refused(f"没有这些在用的账号：{missing}，开启人须是在用账号。", clause=CLAUSE)
    return names


def _refuse_officers(
    tx: Transaction, panel: PanelOfCases, officers: Mapping[str, str], needed: int, names: Mapping[str, str]
) -> None:
    if not 2 <= len(officers) <= MOST_OFFICERS:
        raise Refused(f"开启人应为2至{MOST_OFFICERS}名，现为{len(officers)}名。", clause=CLAUSE)
    if not 2 <= needed <= len(officers):
        raise Refused(
            f"须有2至{len(officers)}名开启人同时在场，现为{needed}名；任何一人不得单独开启。", clause=CLAUSE
        )
    if len(set(officers.values())) != len(officers):
        raise Refused("各开启人的口令不得相同，请各自另设。", clause=CLAUSE)
    experts = {
        row[0]
        for row in tx.rows(
            f"SELECT name FROM expert WHERE {tx.among('id')}",
            (tx.listed([seat.expert_id for seat in seats_of(tx, panel.id)]),),
        )
    }
    if {person_key(name) for name in experts} & {person_key(name) for name in names.values()}:
        # Not by name: who sits on the panel is nobody's business here (law 10).
        raise Refused("开启人中有人与本专家组成员同名，不得担任开启人，请换人。", clause="M24-7.3b")
