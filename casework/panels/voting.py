"""The vote of a panel on the clock: it begins when the panel meets, experts are reminded, and it closes (M24-7.3d)."""

from datetime import datetime, timedelta

from casework.actors import CLOCK
from casework.desk import Desk
from casework.panels import timers
from casework.panels.conflicts import conflicts_of_seats
from casework.panels.leaving import leave
from casework.panels.letters import owe_entry
from casework.panels.links import REVIEW, end_links
from casework.panels.news import tell_staff
from casework.panels.notes import note
from casework.panels.panel import PanelView, change, panel_by_id
from casework.panels.seat import SeatView, seats_of
from records.transaction import Transaction
from states.calendar import day_of
from states.refusals import Refused
from states.roles import Role

CLAUSE = "M24-7.3d"
OFFICERS = (Role.OFFICE, Role.HEAD)
REMINDED = (timedelta(hours=24), timedelta(hours=2))
"""How long before the close those who have not voted are reminded."""


def begin_vote(
    tx: Transaction, desk: Desk, panel: PanelView, effective: datetime, as_of: datetime
) -> Refused | None:
    """A confirmed panel votes from now on. Recusal is asked once more first: whoever must go leaves.

    A refusal, to be held and looked at again, while the panel is not whole or the ballots have no key yet.
    """
    if panel.state == "voting":
        return None
    if panel.state != "confirmed":
        return Refused(f"专家组{panel.no}尚未全部确认，不能开始表决。", clause=CLAUSE)
    if not panel.public_key:
        return Refused(f"专家组{panel.no}尚未生成表决密钥，不能开始表决。", clause=CLAUSE)
    seats = _members(tx, panel)
    found = conflicts_of_seats(tx, panel, seats, day_of(as_of))
    if found.out:
        for seat in seats:
            if seat.id in found.out:
                why = "；".join(dict.fromkeys(each.evidence for each in found.out[seat.id]))
                leave(tx, desk, panel, seat, "conflicted", as_of, why=why, by=CLOCK)
        return None
    change(tx, panel, as_of, state="voting")
    lay_reminders(tx, panel, as_of)
    note(tx, "vote_begun", panel.no, CLOCK, as_of, clause=CLAUSE, effective=effective, seats=len(seats))
    return None


def lay_reminders(tx: Transaction, panel: PanelView, as_of: datetime) -> None:
    """The timers that remind those who have not voted, as far as they lie ahead."""
    if panel.closes_at is None:
        return
    for before in REMINDED:
        at = panel.closes_at - before
        if at > as_of:
            turn = f"{int(before.total_seconds()) // 3600}h"
            timers.lay(tx, panel.id, timers.BALLOTS_REMINDER, at, day_of(panel.closes_at), CLAUSE, turn=turn)


def remind_voters(tx: Transaction, desk: Desk, panel: PanelView, occasion: str, as_of: datetime) -> None:
    """Those who have not voted get a fresh link, while there is time."""
    if panel.state != "voting" or panel.closes_at is None or panel.closes_at <= as_of:
        return
    voted = {row[0] for row in tx.rows("SELECT seat_id FROM ballot WHERE panel_id = ?", (panel.id,))}
    for seat in _members(tx, panel):
        if seat.id not in voted:
            owe_entry(
                tx, desk, panel, seat, "expert_ballot_due", REVIEW, f"{occasion}@{day_of(as_of)}", as_of,
                clause=CLAUSE,
            )  # fmt: skip


def close_vote(
    tx: Transaction, desk: Desk, panel: PanelView, effective: datetime, as_of: datetime
) -> Refused | None:
    """The vote closes at its set time, however late this runs (D-7); the officers are told to open it together."""
    if panel.state not in ("voting", "confirmed", "drawn"):
        return None
    if panel.state != "voting":
        return Refused(f"专家组{panel.no}到表决截止时仍未开始表决，请重新设定时间。", clause=CLAUSE)
    closed = change(tx, panel_by_id(tx, panel.id), as_of, state="closed")
    timers.drop(tx, panel.id, (timers.BALLOTS_REMINDER,))
    seats = _members(tx, panel)
    for seat in seats:
        end_links(tx, seat.id, as_of)
    cast = tx.one("SELECT count(*) FROM ballot WHERE panel_id = ?", (panel.id,))
    count = int(cast[0]) if cast else 0
    words = {"cast": str(count), "size": str(len(seats))}
    tell_staff(
        tx, desk, closed, "panel_ballots_closed", OFFICERS, f"closed@{effective:%Y%m%d%H%M}", as_of, clause=CLAUSE,
        words=words,
    )  # fmt: skip
    note(
        tx,
        "vote_closed",
        panel.no,
        CLOCK,
        as_of,
        clause=CLAUSE,
        effective=effective,
        cast=count,
        seats=len(seats),
    )
    return None


def _members(tx: Transaction, panel: PanelView) -> list[SeatView]:
    return [each for each in seats_of(tx, panel.id) if each.state == "confirmed"]
