"""Recusal looked at again: when a ballot is cast, and before the ballots are opened (M24-7.3b)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from casework.ballots.panel import PanelOfCases, SeatAtPanel, seats_of
from casework.pool.members import members_by_code
from casework.recusal import recusals
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
    """Every rule of recusal asked again about those who sit, as the pool and the forms stand on that day.

    What a human excluded stays excluded, whichever rule it was. Raises Refused when a case has no form.
    """
    seats = seats_of(tx, panel.id)
    codes: dict[int, str] = dict(
        tx.rows(
            f"SELECT id, code FROM expert WHERE {tx.among('id')}",
            (tx.listed([seat.expert_id for seat in seats]),),
        )
    )
    by_code = {codes[seat.expert_id]: seat for seat in seats}
    found = recusals(tx, panel.id, day_of(as_of), pool=members_by_code(tx, list(by_code)))
    ids = {no: id_ for id_, no in panel.cases.items()}
    recused: dict[int, set[int]] = defaultdict(set)
    for case, experts in found.barred.cases.items():
        for expert in experts:
            recused[by_code[expert].id].add(ids[case])
    for seat in seats:
        recused[seat.id] |= _excluded_by_hand(tx, seat)
    return Rechecked(
        frozenset(by_code[code].id for code in found.barred.experts),
        {seat: frozenset(cases) for seat, cases in recused.items() if cases},
        tuple(
            f"代号{by_code[each.expert].pseudonym[:8]}的专家“{RULES[each.rule].label}”"
            + (f"（申报{each.case}）" if each.case else "")
            for each in found.held
        ),
    )


def recused_cases(tx: Transaction, panel: PanelOfCases, seat: SeatAtPanel, as_of: datetime) -> frozenset[int]:
    """The cases this expert does not judge. Where recusal is of the whole panel, whoever sits judges all of them."""
    if panel.recusal != "case":
        return _excluded_by_hand(tx, seat)
    return recheck_conflicts(tx, panel, as_of).recused.get(seat.id, frozenset())


def _excluded_by_hand(tx: Transaction, seat: SeatAtPanel) -> frozenset[int]:
    rows = tx.rows(
        "SELECT case_id FROM recusal_decision"
        " WHERE panel_id = ? AND expert_id = ? AND verdict = 'excluded' AND case_id IS NOT NULL",
        (seat.panel_id, seat.expert_id),
    )
    return frozenset(row[0] for row in rows)
