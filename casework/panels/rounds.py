"""Rounds of a draw as kept, and the frame each was committed to."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from casework.panels.freezing import Frozen, thaw
from casework.panels.panel import PanelView
from records.crypt import decrypt, encrypt
from records.transaction import Transaction
from states.draw.frame import Constraints, Exclusion, Frame
from states.facts import instant
from states.refusals import Refused

CLAUSE = "M24-7.3c"
STATES = {"committed": "已承诺，待抽取", "drawn": "已抽取", "void": "作废"}


class RoundView(NamedTuple):
    """A row of ``draw_round`` without its secret."""

    id: int
    panel_id: int
    round: int
    state: str
    seats: int
    pool_sha256: str
    frame_sha256: str
    commitment: str
    committed_at: datetime
    committed_by: str
    digits: str | None
    source: str | None
    supervisor: str | None
    drawn_at: datetime | None
    void_why: str | None


_COLUMNS = ", ".join(RoundView._fields)


def rounds_of(tx: Transaction, panel_id: int) -> list[RoundView]:
    """Every round of a panel, in order."""
    rows = tx.rows(f"SELECT {_COLUMNS} FROM draw_round WHERE panel_id = ? ORDER BY round", (panel_id,))
    return [_view(row) for row in rows]


def open_round(tx: Transaction, panel_id: int) -> RoundView | None:
    """The round that is committed and not drawn yet; there is never more than one."""
    return next((each for each in rounds_of(tx, panel_id) if each.state == "committed"), None)


def keep_round(
    tx: Transaction, panel: PanelView, frame: Frame, secret: str, commitment: str, by: str, as_of: datetime
) -> None:
    """Write a committed round down. Raises Refused when this commitment was used before."""
    if tx.one("SELECT 1 FROM draw_round WHERE commitment = ?", (commitment,)):
        raise Refused("这个承诺已经用过，每个承诺只能用一次，请重新生成。", clause=CLAUSE)
    frozen = json.dumps(
        {
            "constraints": frame.constraints.record(),
            "exclusions": [each.record() for each in frame.exclusions],
            "standing": list(frame.standing),
        }
    )
    tx.run(
        "INSERT INTO draw_round (panel_id, round, state, seats, pool_sha256, frame_sha256, frozen, secret, commitment,"
        " committed_at, committed_by) VALUES (?,?,'committed',?,?,?,?,?,?,?,?)",
        (
            panel.id, frame.round, frame.seats, frame.pool.sha256, frame.sha256, encrypt(frozen), encrypt(secret),
            commitment, as_of, by,
        ),
    )  # fmt: skip


def committed(tx: Transaction, panel: PanelView, kept: RoundView) -> tuple[Frozen, Frame, str]:
    """The frozen pool, the frame and the secret of a round.

    Raises Refused when what is kept is no longer what was published: the draw must not go on then.
    """
    row = tx.one("SELECT frozen, secret FROM draw_round WHERE id = ?", (kept.id,))
    assert row is not None
    parts, pool = json.loads(decrypt(row[0])), thaw(tx, kept.pool_sha256)
    frame = Frame(
        panel.call, panel.occupation, kept.round, kept.seats, Constraints(**parts["constraints"]), pool.pool,
        tuple(Exclusion(**each) for each in parts["exclusions"]), tuple(parts["standing"]),
    )  # fmt: skip
    if frame.sha256 != kept.frame_sha256:
        raise Refused(
            f"专家组{panel.no}第{kept.round}轮冻结的内容与公布的哈希不一致，可能被改动，不能抽取；请核查后作废本轮。",
            clause=CLAUSE,
        )
    return pool, frame, decrypt(row[1])


def identities_of(tx: Transaction, kept: RoundView) -> Sequence[Any]:
    """What opens the pseudonyms of a round's pool."""
    return thaw(tx, kept.pool_sha256).identities


def _view(row: tuple[Any, ...]) -> RoundView:
    kept = RoundView._make(row)
    return kept._replace(committed_at=instant(kept.committed_at), drawn_at=instant(kept.drawn_at))  # type: ignore[arg-type]
