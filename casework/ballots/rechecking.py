"""Recusal looked at again: when a ballot is cast, and before the ballots are opened (M24-7.3b)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from casework.ballots.panel import SITTING, PanelOfCases, SeatAtPanel
from casework.panels.conflicts import conflicts_of_seats
from casework.panels.panel import panel_by_id
from casework.panels.seat import SeatView, seats_of
from records.transaction import Transaction
from states.calendar import day_of
from states.recusal import RULES


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What recusal comes to for those who sit.

    ``barred``: seats whose ballots may not count; ``recused``: seat → cases it does not judge; ``held``: sentences
    on conflicts that wait for a human, which stop the opening.
    """

    barred: frozenset[int] = frozenset()
    recused: Mapping[int, frozenset[int]] = field(default_factory=dict)
    held: Sequence[str] = ()


Recheck = Callable[[Transaction, PanelOfCases, datetime], Rechecked]


def recheck_conflicts(tx: Transaction, panel: PanelOfCases, as_of: datetime) -> Rechecked:
    """Every rule asked again about those who sit: the pool, the forms and the signed statements as they now stand.

    Raises Refused when a case has no form.
    """
    sitting = [seat for seat in seats_of(tx, panel.id) if seat.state in SITTING]
    return _asked(tx, panel, sitting, as_of)


def recused_cases(tx: Transaction, panel: PanelOfCases, seat: SeatAtPanel, as_of: datetime) -> frozenset[int]:
    """The cases this expert does not judge. Where recusal is of the whole panel, whoever sits judges all of them."""
    if panel.recusal != "case":
        return frozenset()
    own = [each for each in seats_of(tx, panel.id) if each.id == seat.id]
    return _asked(tx, panel, own, as_of).recused.get(seat.id, frozenset())


def _asked(tx: Transaction, panel: PanelOfCases, seats: Sequence[SeatView], as_of: datetime) -> Rechecked:
    found = conflicts_of_seats(tx, panel_by_id(tx, panel.id), seats, day_of(as_of))
    ids = {no: id_ for id_, no in panel.cases.items()}
    place = {seat.id: seat.place for seat in seats}
    return Rechecked(
        frozenset(found.out),
        {seat: frozenset(ids[no] for no in cases) for seat, cases in found.recused.items()},
        # By the number of the seat and the rule: neither a name nor the evidence, which may hold one.
        tuple(
            f"第{place[seat]}席“{RULES[each.rule].label}”" + (f"（申报{each.case}）" if each.case else "")
            for seat, conflicts in found.waiting.items()
            for each in conflicts
        ),
    )
