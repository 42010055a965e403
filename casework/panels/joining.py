"""A case that comes late joins the panel of its occupation while it has not begun to vote (M24-7.3c, M24-7.3d)."""

from collections.abc import Sequence
from datetime import datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.panels.conflicts import conflicts_of_seats
from casework.panels.leaving import leave
from casework.panels.notes import note
from casework.panels.panel import CLAUSE, PanelView, panel_by_id
from casework.panels.seat import HOLDING, seats_of
from records.transaction import Transaction
from states.calendar import day_of


def join(
    tx: Transaction, desk: Desk, panel: PanelView, ids: Sequence[int], by: Actor, as_of: datetime
) -> PanelView:
    """The panel reads these cases too; recusal is asked again of everybody seated, and who must go leaves (M24-7.3b).

    Their seats are filled as any other: by a fresh commitment and draw. The panel as it then stands.
    """
    tx.many("INSERT INTO panel_case (panel_id, case_id) VALUES (?,?)", ((panel.id, id_) for id_ in ids))
    note(tx, "joined", panel.no, by, as_of, clause=CLAUSE, cases=len(ids))
    seats = [each for each in seats_of(tx, panel.id) if each.state in HOLDING]
    found = conflicts_of_seats(tx, panel, seats, day_of(as_of))
    for seat in seats:
        if seat.id in found.out:
            why = "；".join(dict.fromkeys(each.evidence for each in found.out[seat.id]))
            leave(tx, desk, panel_by_id(tx, panel.id), seat, "conflicted", as_of, why=why, by=by)
    return panel_by_id(tx, panel.id)
