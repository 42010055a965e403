"""Who judged which institution in which round: from the seats on record and from what experts' profiles tell.

A round is a call, or the year of one this installation never ran. Only an institution's last round before the
present one counts for recusal (M24-7.3b).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.pool.profile import service_in
from records.transaction import Transaction
from states.calendar import day_of
from states.facts import instant
from states.recusal import Service
from states.rulebook import list_calls

VOTED = ("closed", "opened", "tallied", "released")
"""The states of a panel in which its members have voted."""

_SEATS = (
    "SELECT DISTINCT s.expert_id, i.uscc, p.call FROM seat s JOIN panel p ON p.id = s.panel_id"
    " JOIN panel_case pc ON pc.panel_id = p.id JOIN cases c ON c.id = pc.case_id"
    " JOIN institution i ON i.id = c.institution_id"
    f" WHERE (s.state = 'confirmed' AND p.state IN ({','.join('?' * len(VOTED))}))"
    " OR EXISTS (SELECT 1 FROM ballot b WHERE b.seat_id = s.id)"
)


@dataclass(frozen=True, slots=True)
class Rounds:
    """In which rounds each institution (by code) was judged, and on which day each round began."""

    of_institution: Mapping[str, frozenset[str]]
    began: Mapping[str, date]

    def last_before(self, call: str, uscc: str) -> str:
        """The institution's last round before ``call``; empty when there was none."""
        now = self._day(call)
        earlier = [
            (self._day(each), each)
            for each in self.of_institution.get(uscc, ())
            if each != call and self._day(each) <= now
        ]
        return max(earlier, default=(None, ""))[1]

    def _day(self, name: str) -> date:
        return self.began.get(name) or (date(int(name), 12, 31) if name.isdecimal() else date.max)


def votes_on_record(tx: Transaction) -> Mapping[int, tuple[Service, ...]]:
    """By expert (row id), the institutions judged on panels of this installation."""
    found: dict[int, list[Service]] = defaultdict(list)
    for expert_id, uscc, call in tx.rows(_SEATS, VOTED):
        found[expert_id].append(Service(uscc, call))
    return {expert_id: tuple(sorted(served)) for expert_id, served in found.items()}


def rounds(tx: Transaction) -> Rounds:
    """Every round there was, of every expert the pool ever had."""
    told: dict[str, set[str]] = defaultdict(set)
    for served in votes_on_record(tx).values():
        for uscc, call in served:
            told[uscc].add(call)
    for (text,) in tx.rows("SELECT profile FROM expert WHERE profile LIKE ?", ('%"service":[[%',)):
        for uscc, call in service_in(text):
            told[uscc].add(call)
    return Rounds({uscc: frozenset(calls) for uscc, calls in told.items()}, calls_began(tx))


def calls_began(tx: Transaction) -> Mapping[str, date]:
    """The day each known call began to take applications: those kept here, and those of the rulebook."""
    began = {rules.code: rules.opens.value for rules in list_calls()}
    for code, opens in tx.rows("SELECT code, opens_at FROM call"):
        at = instant(opens)
        assert at is not None
        began[code] = day_of(at)
    return began
