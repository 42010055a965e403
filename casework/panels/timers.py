"""What a panel waits for, as rows (law 3). ``due`` is the legal instant, ``fires_at`` when the sweep looks at it."""

from collections.abc import Iterable
from datetime import date, datetime

from records.transaction import Transaction

DRAW, ANSWER, ANSWER_REMINDER = "draw", "answer", "answer_reminder"
MEETS, BALLOTS_REMINDER, CLOSES = "meets", "ballots_reminder", "closes"

LABELS = {
    DRAW: "抽取专家",
    ANSWER: "专家答复邀请",
    ANSWER_REMINDER: "提醒专家答复",
    MEETS: "开会评议，开始表决",
    BALLOTS_REMINDER: "提醒专家表决",
    CLOSES: "表决截止",
}
"""Every kind of timer and what it is called."""


def lay(
    tx: Transaction,
    panel_id: int,
    kind: str,
    due: datetime,
    about: date,
    clause: str,
    *,
    fires_at: datetime | None = None,
    seat_id: int | None = None,
    turn: str = "",
) -> None:
    """Write a timer, in place of the one of the same kind, seat and turn if there is one."""
    key = ":".join(part for part in (kind, str(seat_id or ""), turn) if part)
    tx.run(
        "INSERT INTO panel_timer (panel_id, key, kind, due, fires_at, about, clause, seat_id) VALUES (?,?,?,?,?,?,?,?)"
        " ON CONFLICT (panel_id, key) DO UPDATE SET due = excluded.due, fires_at = excluded.fires_at,"
        " about = excluded.about, clause = excluded.clause, held_why = NULL",
        (panel_id, key, kind, due, fires_at or due, about, clause, seat_id),
    )


def drop(tx: Transaction, panel_id: int, kinds: Iterable[str], *, seat_id: int | None = None) -> None:
    """Remove the timers of these kinds, of one seat or of the panel."""
    for kind in kinds:
        seat, values = ("", []) if seat_id is None else (" AND seat_id = ?", [seat_id])
        tx.run(f"DELETE FROM panel_timer WHERE panel_id = ? AND kind = ?{seat}", (panel_id, kind, *values))
