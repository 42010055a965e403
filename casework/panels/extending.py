"""A vote that closed short of its quorum goes on until a later time; whoever has voted keeps the vote (M24-7.3d)."""

from datetime import datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.panels import timers
from casework.panels.access import Act, refuse_unless_does
from casework.panels.conflicts import conflicts_of_seats
from casework.panels.letters import owe_entry
from casework.panels.links import REVIEW
from casework.panels.notes import note
from casework.panels.panel import STATES, PanelView, change, panel_in, plan_of, rules_of
from casework.panels.planning import UNDER_REVIEW
from casework.panels.seat import seats_of
from casework.panels.voting import CLAUSE, lay_reminders
from records.transaction import Transaction, transaction
from states.calendar import day_of
from states.refusals import Refused
from states.tally import short_of_quorum


def extend_vote(
    desk: Desk, no: str, *, closes_at: datetime, because: str, by: Actor, as_of: datetime
) -> PanelView:
    """Let a closed vote go on until ``closes_at``; those who have not voted are sent a fresh link at once.

    Raises Refused without a reason, for a time that is past, for a panel that did not close or is opened already,
    and when every case has its quorum: nobody may wait for one more vote then.
    """
    refuse_unless_does(by, Act.DECIDE)
    if not because.strip():
        raise Refused("延长投票须写明理由。", clause=CLAUSE)
    if closes_at <= as_of:
        raise Refused("延长后的截止时间应晚于现在，请改正。", clause=CLAUSE)
    with transaction(desk.engine) as tx:
        panel = panel_in(tx, no)
        refuse_unless_does(by, Act.DECIDE, panel.province)
        if panel.state != "closed":
            raise Refused(f"专家组{panel.no}{STATES[panel.state]}，不能延长投票。", clause=CLAUSE)
        voted = {row[0] for row in tx.rows("SELECT seat_id FROM ballot WHERE panel_id = ?", (panel.id,))}
        if not _short(tx, panel, voted, as_of):
            raise Refused(f"专家组{panel.no}各件申报投票均达到法定人数，不能延长投票。", clause=CLAUSE)
        going = change(tx, panel, as_of, state="voting", closes_at=closes_at)
        timers.lay(tx, panel.id, timers.CLOSES, closes_at, day_of(closes_at), CLAUSE)
        lay_reminders(tx, going, as_of)
        missing = [
            seat for seat in seats_of(tx, panel.id) if seat.state == "confirmed" and seat.id not in voted
        ]
        for seat in missing:
            owe_entry(
                tx,
                desk,
                going,
                seat,
                "expert_ballot_due",
                REVIEW,
                f"extended@{as_of.isoformat()}",
                as_of,
                clause=CLAUSE,
            )
        note(
            tx, "vote_extended", panel.no, by, as_of, clause=CLAUSE, closes_at=closes_at.isoformat(),
            because=because.strip(), voted=len(voted), missing=len(missing),
        )  # fmt: skip
    return going


def _short(tx: Transaction, panel: PanelView, voted: set[int], as_of: datetime) -> tuple[str, ...]:
    seats = [seat for seat in seats_of(tx, panel.id) if seat.state == "confirmed" and seat.id in voted]
    recused = conflicts_of_seats(tx, panel, seats, day_of(as_of)).recused
    cases = [
        row[0]
        for row in tx.rows(
            f"SELECT c.no FROM panel_case p JOIN cases c ON c.id = p.case_id WHERE p.panel_id = ? AND {tx.among('c.stage')}",
            (panel.id, tx.listed(UNDER_REVIEW)),
        )
    ]
    present = {case: sum(case not in recused.get(seat.id, ()) for seat in seats) for case in cases}
    return short_of_quorum(present, cases, plan_of(panel, rules_of(tx, panel)))
