"""Seats after a draw, and the invitation each expert answers by a personal link within so many working days."""

from datetime import date, datetime

from casework.desk import Desk
from casework.panels import timers
from casework.panels.leaving import leave
from casework.panels.letters import owe_entry
from casework.panels.links import INVITATION
from casework.panels.panel import CLAUSE, PanelView, plan_of, rules_of
from casework.panels.seat import SeatView, seat_by_id, set_seat
from records.transaction import Transaction
from states.calendar import at_time, day_of
from states.spans import Span

REMINDED_AT = 9
"""The hour, in Shanghai, at which a reminder falls due on its day."""


def seat_drawn(tx: Transaction, panel: PanelView, round_: int, pseudonym: str, expert_id: int) -> SeatView:
    """A new seat, numbered after all there were."""
    row = tx.run(
        "INSERT INTO seat (panel_id, round, place, expert_id, pseudonym, state)"
        " SELECT ?, ?, count(*) + 1, ?, ?, 'drawn' FROM seat WHERE panel_id = ? RETURNING id",
        (panel.id, round_, expert_id, pseudonym, panel.id),
    ).fetchone()
    return seat_by_id(tx, int(row[0]))


def invite(tx: Transaction, desk: Desk, panel: PanelView, seat: SeatView, as_of: datetime) -> SeatView:
    """Owe the invitation and its code, and lay the timers of the answer (D-7).

    An expert who was suspended between commitment and draw is released at once.
    """
    state = tx.one("SELECT state FROM expert WHERE id = ?", (seat.expert_id,))
    if state is None or state[0] != "active":
        return leave(tx, desk, panel, seat, "released", as_of, why="已不在专家库中任职")
    rules = rules_of(tx, panel)
    plan = plan_of(panel, rules)
    limit = plan.invitation.after(as_of, desk.calendar)
    invited = set_seat(tx, seat, state="invited", invited_at=as_of, answer_due=limit.day)
    clause = rules.panel.invitation.clause
    cited = CLAUSE if clause == "设置" else clause
    timers.lay(tx, panel.id, timers.ANSWER, limit.due, limit.day, cited, seat_id=seat.id)
    for span in rules.reminders.value:
        at = _reminder(span, limit.day, as_of, desk)
        if at is not None:
            timers.lay(
                tx, panel.id, timers.ANSWER_REMINDER, at, limit.day, cited, seat_id=seat.id, turn=str(span)
            )
    owe_entry(
        tx, desk, panel, invited, "expert_invited", INVITATION, f"round{seat.round}", as_of, clause=CLAUSE,
        words={"explanation": limit.explanation()},
    )  # fmt: skip
    return invited


def _reminder(span: Span, last_day: date, as_of: datetime, desk: Desk) -> datetime | None:
    """When a reminder so long before the last day falls due; None unless that is after the day of invitation."""
    on = span.before(last_day, desk.calendar).day
    return at_time(on, REMINDED_AT) if on > day_of(as_of) else None
