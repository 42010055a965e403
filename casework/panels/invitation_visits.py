"""An invitation looked at and answered in a browser: the link and the code are asked once, the answer spends them."""

from datetime import datetime
from typing import Literal

from casework.desk import Desk
from casework.panels.answering import Answered, Invitation, answer_seat, invitation_of
from casework.panels.entering import VISIT, SeatSession
from casework.panels.links import CLAUSE, INVITATION, Denied, end_links, try_link
from casework.panels.panel import panel_by_id
from casework.panels.seat import HOLDING, SeatView, person_of, seat_by_id
from casework.panels.statement import Statement
from records.transaction import Transaction, reading, transaction
from states.refusals import Refused


def open_invitation(desk: Desk, token: str, code: str, *, as_of: datetime) -> SeatSession:
    """Come in to answer; the link stays good until the answer. Raises Refused (counted) when it does not open."""
    with transaction(desk.engine) as tx:
        seat = try_link(tx, token, code, INVITATION, as_of, using=False)
    if isinstance(seat, Denied):
        raise seat.refusal()
    return SeatSession(seat.id, seat.panel_id, as_of + VISIT)


def invitation_in(desk: Desk, visit: SeatSession, *, as_of: datetime) -> tuple[Invitation, str, str]:
    """What is asked, the state of the seat, and the expert's own name. Raises Refused once the visit is over."""
    with reading(desk.engine) as tx:
        seat = _held(tx, visit, as_of)
        return invitation_of(tx, panel_by_id(tx, seat.panel_id), seat), seat.state, person_of(tx, seat).name


def answer_in(
    desk: Desk,
    visit: SeatSession,
    choice: Literal["accept", "decline"],
    statement: Statement | None = None,
    *,
    as_of: datetime,
    reason: str = "",
) -> Answered:
    """Answer once, as ``answering.answer``; no link of the invitation opens afterwards."""
    with transaction(desk.engine) as tx:
        seat = _held(tx, visit, as_of)
        made = answer_seat(tx, desk, seat, choice, statement, reason, as_of)
        end_links(tx, seat.id, as_of, purpose=INVITATION)
    return made


def _held(tx: Transaction, visit: SeatSession, as_of: datetime) -> SeatView:
    if visit.until <= as_of:
        raise Refused("本次进入已超过时限，请申请新的链接后再次进入。", clause=CLAUSE)
    seat = seat_by_id(tx, visit.seat_id)
    if seat.state not in HOLDING:
        raise Refused("您已不在该专家组，这份邀请不能再答复。", clause=CLAUSE)
    return seat
