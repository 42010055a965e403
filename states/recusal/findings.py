"""Recusal itself: every conflict between experts and applicants, as the rules and the humans see it (M24-7.3b).

Asked at the draw, at acceptance and again before ballots are opened, each time in full.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from dateutil.relativedelta import relativedelta

from states.recusal.applicant import Applicant
from states.recusal.conflict import Conflict, Decision, decided
from states.recusal.expert import Expert
from states.recusal.expert_index import ExpertIndex
from states.recusal.gaps import employment_gap
from states.recusal.rules import RULES, Window
from states.refusals import Refused

YEARS = 3


def findings(
    experts: Iterable[Expert] | ExpertIndex,
    applicants: Iterable[Applicant],
    *,
    on: date,
    decisions: Iterable[Decision] = (),
    years: int = YEARS,
) -> list[Conflict]:
    """Every conflict, one for each expert, case and rule, in that order, with the decisions applied.

    ``on`` is the Shanghai day it is asked for (the draw's, the acceptance's); ``years`` how long former employment
    counts. What is unknown of an expert is held against every case. Several panels of one pool share an
    ``ExpertIndex``: the cost of each then follows its applicants, not the pool. Refused when a case stands there
    twice, an expert stands in the pool twice, or a decision would release what is excluded.
    """
    pool = experts if isinstance(experts, ExpertIndex) else ExpertIndex(experts)
    window = Window(on, on - relativedelta(years=years), years)
    judged, every = tuple(applicants), dict[tuple[str, str, str], Conflict]()
    if len({applicant.case for applicant in judged}) < len(judged):
        raise Refused("同一申报在评议名单中出现两次，请先核对名单。", clause="M24-7.2b")
    for applicant in judged:
        for conflict in _against(pool, applicant, window):
            key = (conflict.expert, conflict.case, conflict.rule)
            earlier = every.get(key)
            every[key] = conflict if earlier is None else earlier.joined(conflict)
    return decided(sorted([*_unknown(pool, judged, window), *every.values()]), decisions)


def _against(pool: ExpertIndex, applicant: Applicant, window: Window) -> Iterator[Conflict]:
    case = applicant.case
    for rule in RULES.values():
        for expert, verdict, evidence in rule.find(pool, applicant, window):
            yield Conflict(expert.id, case, rule.id, verdict, evidence, rule.clause)


def _unknown(pool: ExpertIndex, applicants: Sequence[Applicant], window: Window) -> Iterator[Conflict]:
    yield from pool.gaps
    if any(applicant.last_call for applicant in applicants):
        yield from pool.service_gaps
    for expert, rows in pool.without_code:
        recent = [row for row in rows if row.until is None or row.until >= window.since]
        if recent:
            yield employment_gap(expert, recent)
