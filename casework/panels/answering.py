"""An invitation answered by its link: declined, or accepted under a signed statement that recusal checks at once."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from casework.desk import Desk
from casework.panels import timers
from casework.panels.conflicts import conflicts_of_seats
from casework.panels.leaving import leave
from casework.panels.letters import owe_entry
from casework.panels.links import INVITATION, REVIEW, Denied, end_links, try_link
from casework.panels.news import tell_staff
from casework.panels.notes import expert_of, note
from casework.panels.panel import PanelView, change, panel_by_id, rules_of
from casework.panels.planning import lay_vote
from casework.panels.seat import HOLDING, SeatView, person_of, seat_by_id, seats_of, set_seat
from casework.panels.statement import CLAUSE, Statement
from records.transaction import Transaction, transaction
from states.calendar import day_of, end_of
from states.recusal import Conflict
from states.refusals import Refused
from states.roles import Role

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invited expert is shown before answering: whose applications they would judge, and until when."""

    panel: str
    call: str
    occupation: str
    institutions: tuple[tuple[str, str], ...]
    """Number and institution of each case."""
    answer_due: date | None
    meets_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an answer: the seat's new state (confirmed, accepted, conflicted, declined) in a sentence."""

    state: str
    sentence: str


def look_at_invitation(desk: Desk, token: str, code: str, *, as_of: datetime) -> Invitation:
    """What the answer is about; the link stays good. Raises Refused as ``answer`` does for the link."""
    with transaction(desk.engine) as tx:
        seat = try_link(tx, token, code, INVITATION, as_of, using=False)
        found = None if isinstance(seat, Denied) else invitation_of(tx, panel_by_id(tx, seat.panel_id), seat)
    if isinstance(seat, Denied):
        raise seat.refusal()
    assert found is not None
    return found


def answer(
    desk: Desk,
    token: str,
    code: str,
    choice: Literal["accept", "decline"],
    statement: Statement | None = None,
    *,
    as_of: datetime,
    reason: str = "",
) -> Answered:
    """Answer an invitation, once. Accepting needs a signed ``statement``; declining may give a ``reason``.

    Recusal is asked at once against the record and the statement: a conflict vacates the seat, one held for a
    human leaves it accepted until decided, none confirms it. Raises Refused for a link that does not open
    (counted), and for a statement that is not signed or not whole (the link stays good).
    """
    with transaction(desk.engine) as tx:
        seat = try_link(tx, token, code, INVITATION, as_of)
        made = (
            None
            if isinstance(seat, Denied)
            else answer_seat(tx, desk, seat, choice, statement, reason, as_of)
        )
    if isinstance(seat, Denied):
        raise seat.refusal()
    assert made is not None
    return made


def settle_accepted(
    tx: Transaction, desk: Desk, panel: PanelView, seat: SeatView, as_of: datetime
) -> SeatView:
    """Once humans have decided what held an accepted seat: it is confirmed, vacated, or still waits."""
    found = conflicts_of_seats(tx, panel, [seat], day_of(as_of))
    if seat.id in found.out:
        return leave(tx, desk, panel, seat, "conflicted", as_of, why=_evidence(found.out[seat.id]), by=None)
    if seat.id in found.waiting:
        return seat
    return _confirm(tx, desk, panel, seat, as_of)


def answer_seat(
    tx: Transaction,
    desk: Desk,
    seat: SeatView,
    choice: str,
    statement: Statement | None,
    reason: str,
    as_of: datetime,
) -> Answered:
    """The answer of whoever holds a seat, however they came in. Raises Refused as ``answer``, but for the link."""
    panel = panel_by_id(tx, seat.panel_id)
    if seat.state != "invited":
        raise Refused("您已答复过这份邀请，无须再答复。", clause=CLAUSE)
    if seat.answer_due is not None and end_of(seat.answer_due) <= as_of:
        raise Refused(f"答复期限已于{seat.answer_due}届满，本次邀请已失效。", clause="M24-7.3c")
    if choice == "decline":
        leave(tx, desk, panel, seat, "declined", as_of, why=reason.strip()[:LONGEST_REASON])
        return Answered("declined", "已记录您的谢绝，感谢答复。")
    if choice != "accept":
        raise Refused("请选择接受或谢绝。")
    given = statement or Statement()
    given.refuse_unless_signed(person_of(tx, seat).name)
    _refuse_strange_cases(tx, panel, given)
    found = conflicts_of_seats(tx, panel, [seat], day_of(as_of), fresh={seat.id: given})
    signed = set_seat(
        tx, seat, state="accepted", answered_at=as_of, declared_at=as_of, declaration=given.to_json()
    )
    timers.drop(tx, panel.id, (timers.ANSWER, timers.ANSWER_REMINDER), seat_id=seat.id)
    note(tx, "seat_accepted", panel.no, expert_of(seat.place), as_of, clause=CLAUSE, seat=seat.place)
    if seat.id in found.out:
        leave(tx, desk, panel, signed, "conflicted", as_of, why=_evidence(found.out[seat.id]))
        return Answered(
            "conflicted",
            f"经核对，您与本组评议的申报存在应当回避的情形（{_evidence(found.out[seat.id])}），不再参加本组评议，"
            "感谢您如实申报。",
        )
    if seat.id in found.waiting:
        tell_staff(
            tx, desk, panel, "panel_held", (Role.OFFICE, Role.HEAD), f"seat{seat.place}", as_of, clause=CLAUSE,
            words={"place": str(seat.place)},
        )  # fmt: skip
        return Answered("accepted", "已收到您的答复和承诺；有一项情况须由办公室核定，核定后另行通知。")
    _confirm(tx, desk, panel, signed, as_of)
    return Answered("confirmed", "已确认您参加本组评议；全组确认后另行发送查阅材料的链接。")


def _confirm(tx: Transaction, desk: Desk, panel: PanelView, seat: SeatView, as_of: datetime) -> SeatView:
    sits = set_seat(tx, seat, state="confirmed")
    end_links(tx, seat.id, as_of, purpose=INVITATION)
    note(tx, "seat_confirmed", panel.no, expert_of(seat.place), as_of, clause=CLAUSE, seat=seat.place)
    seats = [each for each in seats_of(tx, panel.id) if each.state in HOLDING]
    if len(seats) == panel.size and all(each.state == "confirmed" for each in seats):
        now = change(tx, panel_by_id(tx, panel.id), as_of, state="confirmed")
        lay_vote(tx, now)
        for each in seats:
            owe_entry(
                tx, desk, now, each, "expert_confirmed", REVIEW, f"v{now.version}", as_of, clause="M24-7.3d"
            )
        tell_staff(
            tx,
            desk,
            now,
            "panel_confirmed",
            (Role.OFFICE, Role.CENTRE),
            f"v{now.version}",
            as_of,
            clause="M24-7.3c",
        )
        note(tx, "confirmed", panel.no, "system:linxuan", as_of, clause="M24-7.3c", seats=len(seats))
    return seat_by_id(tx, sits.id)


def _refuse_strange_cases(tx: Transaction, panel: PanelView, given: Statement) -> None:
    known = {
        row[0]
        for row in tx.rows(
            "SELECT c.no FROM panel_case p JOIN cases c ON c.id = p.case_id WHERE p.panel_id = ?", (panel.id,)
        )
    }
    strange = [each.case for each in given.recuses if each.case not in known]
    if strange:
        raise Refused(f"申报“{strange[0]}”不在本组评议的范围内，请核对编号。", clause=CLAUSE)


def invitation_of(tx: Transaction, panel: PanelView, seat: SeatView) -> Invitation:
    """What the holder of a seat is asked."""
    rules = rules_of(tx, panel)
    rows = tx.rows(
        "SELECT c.no, i.name FROM panel_case p JOIN cases c ON c.id = p.case_id"
        " JOIN institution i ON i.id = c.institution_id WHERE p.panel_id = ? ORDER BY c.no",
        (panel.id,),
    )
    return Invitation(
        panel.no, rules.name, rules.offered(panel.occupation).title, tuple((no, name) for no, name in rows),
        seat.answer_due, panel.meets_at,
    )  # fmt: skip


def _evidence(conflicts: tuple[Conflict, ...]) -> str:
    return "；".join(dict.fromkeys(each.evidence for each in conflicts))
