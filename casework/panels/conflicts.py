"""Recusal of those who already sit: record, own declaration and human decisions together (M24-7.3b)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from casework.panels.panel import PanelView
from casework.panels.seat import SeatView, kept_words
from casework.panels.statement import Statement, statement_from
from casework.pool.members import members_by_code
from casework.recusal import applicants_of, decisions_on
from records.transaction import Transaction
from states.recusal import Conflict, Verdict, barred, fresh_conflicts


@dataclass(frozen=True, slots=True)
class Sitting:
    """By seat id: conflicts that put its holder out, conflicts that wait for a human, and (where recusal is per
    case) the cases its holder does not judge.
    """

    out: Mapping[int, tuple[Conflict, ...]]
    waiting: Mapping[int, tuple[Conflict, ...]]
    recused: Mapping[int, frozenset[str]]


def conflicts_of_seats(
    tx: Transaction,
    panel: PanelView,
    seats: Sequence[SeatView],
    on: date,
    *,
    fresh: Mapping[int, Statement] | None = None,
) -> Sitting:
    """Ask the rules again about these seats on a Shanghai day.

    A statement signed earlier counts; ``fresh`` ones (by seat id) are those being signed now. Raises Refused for
    a statement that contradicts the record without explaining itself.
    """
    codes = dict(
        tx.rows(
            f"SELECT id, code FROM expert WHERE {tx.among('id')}", (tx.listed([s.expert_id for s in seats]),)
        )
    )
    known = {each.id: each for each in members_by_code(tx, list(codes.values())).experts}
    applicants = applicants_of(tx, panel.id)
    cases = [each.case for each in applicants]
    decisions = decisions_on(tx, panel.id)
    out, waiting, recused = {}, {}, {}
    for seat in seats:
        code = codes[seat.expert_id]
        statement = (fresh or {}).get(seat.id) or _kept(tx, seat)
        found = fresh_conflicts(
            known[code], statement.declaration(code), applicants, on=on, decisions=decisions
        )
        result = barred(found, cases, panel.scope)
        against = result.experts.get(code, ())
        if any(each.verdict is Verdict.EXCLUDED for each in against):
            out[seat.id] = against
        elif against:
            waiting[seat.id] = against
        own = frozenset(case for case, experts in result.cases.items() if code in experts)
        if own:
            recused[seat.id] = own
    return Sitting(out, waiting, recused)


def _kept(tx: Transaction, seat: SeatView) -> Statement:
    kept = kept_words(tx, seat.id, "declaration")
    return Statement() if kept is None else statement_from(kept)
