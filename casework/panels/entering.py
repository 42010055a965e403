"""Coming in by a link to read and vote, and asking for a new link when the last one died."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.desk import Desk
from casework.panels.letters import owe_entry
from casework.panels.links import CLAUSE, INVITATION, REVIEW, Denied, made_since, try_link
from casework.panels.notes import note
from casework.panels.panel import PanelView, panel_by_id, panels_in
from casework.panels.seat import SeatView, person_of, seat_by_id, seats_of
from records.transaction import Transaction, transaction
from states.refusals import Refused

VISIT = timedelta(hours=4)
ASKED_AT_MOST = 3
ASKED_WITHIN = timedelta(hours=24)
OPEN = ("confirmed", "voting")
"""The states of a panel in which its members may read."""

SENT_IF_KNOWN = "如果该邮箱属于在席专家，新的链接和验证码已分别发往该邮箱，请查收。"


@dataclass(frozen=True, slots=True)
class SeatSession:
    """An expert who came in: the seat, the panel, and until when. Nothing in it can be guessed or reused later."""

    seat_id: int
    panel_id: int
    until: datetime


def enter(desk: Desk, token: str, code: str, *, as_of: datetime) -> SeatSession:
    """Come in to read and vote. Raises Refused for a link that does not open (counted); the link is used up."""
    with transaction(desk.engine) as tx:
        seat = try_link(tx, token, code, REVIEW, as_of)
    if isinstance(seat, Denied):
        raise seat.refusal()
    return SeatSession(seat.id, seat.panel_id, as_of + VISIT)


def seat_in_session(tx: Transaction, session: SeatSession, as_of: datetime) -> tuple[PanelView, SeatView]:
    """The panel and seat of somebody who came in, asked anew each time.

    Raises Refused after the visit has ended, before the signed statement, for a seat that was left, and while
    the panel is not open.
    """
    if session.until <= as_of:
        raise Refused("本次进入已超过时限，请申请新的链接后再次进入。", clause=CLAUSE)
    panel, seat = panel_by_id(tx, session.panel_id), seat_by_id(tx, session.seat_id)
    if seat.declared_at is None:
        raise Refused("签署回避与保密承诺之后才能查阅材料。", clause=CLAUSE)
    if seat.state != "confirmed":
        raise Refused("您不在本专家组的席位上，不能查阅材料。", clause=CLAUSE)
    over = panel.closes_at is not None and panel.closes_at <= as_of
    if panel.state not in OPEN or over:
        when = "已经结束" if over or panel.state not in ("drawn", "committed", "planned") else "尚未开始"
        raise Refused(f"本专家组的评议{when}，不能查阅材料。", clause="M24-7.3d")
    return panel, seat


def ask_for_link(desk: Desk, mail: str, *, as_of: datetime) -> str:
    """Send a fresh link to every seat held under this mailbox, a few a day at most; the answer never says whether.

    All seats of live panels are looked at in any case, so that the time taken says nothing either.
    """
    wanted = mail.strip().casefold()
    with transaction(desk.engine) as tx:
        for panel in panels_in(tx):
            purpose_of = {"invited": INVITATION, "confirmed": REVIEW if panel.state in OPEN else ""}
            for seat in seats_of(tx, panel.id) if panel.state in ("drawn", *OPEN) else ():
                purpose = purpose_of.get(seat.state)
                mine = person_of(tx, seat).mail.casefold() == wanted
                if not (mine and purpose) or made_since(tx, seat.id, as_of - ASKED_WITHIN) > ASKED_AT_MOST:
                    continue
                owe_entry(tx, desk, panel, seat, "expert_link", purpose, as_of.isoformat(), as_of)
                note(tx, "link_asked", panel.no, "panel:link", as_of, clause=CLAUSE, seat=seat.place)
    return SENT_IF_KNOWN
