"""A seat is left: declined, passed in silence, found in conflict, released. The office learns that one is vacant."""

from datetime import datetime

from casework.actors import CLOCK, Actor
from casework.desk import Desk
from casework.panels import timers
from casework.panels.letters import owe, supersede
from casework.panels.links import end_links
from casework.panels.news import tell_staff
from casework.panels.notes import expert_of, note
from casework.panels.panel import BEFORE_VOTING, PanelView, change, panel_by_id
from casework.panels.seat import STATES, SeatView, set_seat
from records.transaction import Transaction
from states.roles import Role

CLAUSES = {
    "declined": "M24-7.3c",
    "silent": "M24-7.3c",
    "conflicted": "M24-7.3b",
    "released": "M24-7.3c",
}
VACANCY = (Role.OFFICE, Role.CENTRE)
"""Who is told that a replacement is due."""


def leave(
    tx: Transaction,
    desk: Desk,
    panel: PanelView,
    seat: SeatView,
    state: str,
    as_of: datetime,
    *,
    why: str = "",
    by: Actor | None = None,
    effective: datetime | None = None,
) -> SeatView:
    """The holder of a seat leaves it: links die, letters stop, the office is told that it is vacant.

    ``by`` is the clerk or the clock; None is the expert. A confirmed panel is no longer that.
    """
    at = effective or as_of
    left = set_seat(tx, seat, state=state, reason=why or None, answered_at=at)
    supersede(tx, seat.id)
    end_links(tx, seat.id, as_of)
    timers.drop(tx, panel.id, (timers.ANSWER, timers.ANSWER_REMINDER), seat_id=seat.id)
    if state != "declined":
        owe(
            tx, desk, panel, left, "expert_released", state, as_of, clause=CLAUSES[state],
            words={"reason": why if state == "conflicted" else ""}, effective=at,
        )  # fmt: skip
    if panel.state in BEFORE_VOTING:
        words = {"place": str(seat.place), "reason": STATES[state]}
        tell_staff(
            tx,
            desk,
            panel,
            "panel_vacancy",
            VACANCY,
            f"seat{seat.place}",
            as_of,
            clause=CLAUSES[state],
            words=words,
        )
    now = panel_by_id(tx, panel.id)
    if now.state == "confirmed":
        change(tx, now, as_of, state="drawn")
        timers.drop(tx, panel.id, (timers.MEETS, timers.BALLOTS_REMINDER, timers.CLOSES))
    who = expert_of(seat.place) if by is None else by
    note(tx, f"seat_{state}", panel.no, who, as_of, clause=CLAUSES[state], effective=at, seat=seat.place)
    return left


def silent(
    tx: Transaction, desk: Desk, panel: PanelView, seat: SeatView, as_of: datetime, effective: datetime
) -> SeatView:
    """No answer came in time."""
    return leave(tx, desk, panel, seat, "silent", as_of, by=CLOCK, effective=effective)
