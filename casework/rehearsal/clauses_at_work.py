"""Every clause that applies to a rehearsed call, with what happened under it, or why nothing did."""

from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain

from casework.rehearsal import record_evidence, rule_evidence
from casework.rehearsal.clause_story import ClauseAtWork, Evidence
from casework.rehearsal.panel_story import PanelStory
from casework.rehearsal.world import World
from records.transaction import Transaction
from states.clauses import CLAUSES, Clause
from states.grounds import GROUNDS
from states.labels import TRACKS
from states.rulebook import regime_rules

ALWAYS = ("M24", "D")
"""Every listing lives under these, and every silence is filled by them."""
_ENOUGH = 12
_TRANSITION = "M24-23"


def clauses_at_work(
    tx: Transaction, lines: Sequence[World], stories: Sequence[PanelStory]
) -> tuple[ClauseAtWork, ...]:
    """The clauses of the call, of its regime, of the measures of 2024 and of what was decided where the texts are
    silent; of other texts those under which something happened.
    """
    world = lines[0]
    sources = {world.call.code, world.call.regime, *ALWAYS}
    found: dict[str, list[Evidence]] = {}
    for clause, evidence in _everything(tx, lines, stories, sources):
        found.setdefault(clause, []).append(evidence)
    return tuple(
        ClauseAtWork(id_, clause.asks, happened, "" if happened else _silence(world, clause))
        for id_, clause in CLAUSES.items()
        if (happened := _told(found.get(id_, ()))) or clause.source in sources
    )


def _everything(
    tx: Transaction, lines: Sequence[World], stories: Sequence[PanelStory], sources: Set[str]
) -> Iterator[tuple[str, Evidence]]:
    world_regime = lines[0].call.regime
    yield from record_evidence.acts(tx, lines[0])
    yield from record_evidence.grounds(tx)
    yield from record_evidence.letters(tx)
    yield from record_evidence.refusals(lines[0].journal.refusals)
    yield from record_evidence.findings(tx)
    yield from record_evidence.witnessed(lines[0].journal.witnessed)
    yield from record_evidence.draws(stories)
    for clause, evidence in record_evidence.marks(tx):
        if CLAUSES[clause].source in sources and (clause, world_regime) != (_TRANSITION, "M24"):
            yield clause, evidence
    for line in lines:
        yield from rule_evidence.conditions_at_work(tx, line)
        yield from rule_evidence.rules_at_work(tx, line)


def _told(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The same thing once, with the counts together and the first occasion."""
    by_what: dict[str, Evidence] = {}
    for each in evidence:
        before = by_what.get(each.what)
        by_what[each.what] = (
            Evidence(each.what, before.count + each.count, before.at, before.about) if before else each
        )
    return tuple(by_what.values())[:_ENOUGH]


def _silence(world: World, clause: Clause) -> str:
    """Why nothing happened under a clause."""
    reason = getattr(clause, "reason", "")
    if reason:
        return str(reason)
    if clause.source != "D" and (instead := _instead(world, clause)):
        return f"本批次另有规定（{'、'.join(instead)}）"
    if clause.id == _TRANSITION:
        return "本批次通知在2024年8月22日以后，遴选和管理均依管理办法，无须衔接"
    tracks = {track for each in GROUNDS.values() if each.clause == clause.id for track in each.tracks}
    if tracks and not any(world.call.track(track).open.value for track in tracks):
        return f"本批次不遴选{'、'.join(TRACKS[track] for track in sorted(tracks))}机构"
    if clause.source == "M24" and world.call.regime != "M24" and clause.id in _selection_of("M24"):
        return "本批次通知在2024年8月22日以前，遴选依原办法办理（M24-23）"
    return "演练期内没有发生这一情形"


def _instead(world: World, clause: Clause) -> list[str]:
    """The clauses of the call that rule everything the clause rules in its regime; empty when it still rules something."""
    if clause.source != world.call.regime:
        return []
    standing = regime_rules(world.call.regime)
    found = set()
    for track in (name for name, terms in world.call.tracks.items() if terms.open.value):
        own = dict(rule_evidence.ruled_by(world.call.track(track)))
        for key, ruled in rule_evidence.ruled_by(standing.track(track)):
            if ruled.clause == clause.id:
                if key in own and own[key].clause == clause.id:
                    return []
                found.add(own[key].clause if key in own else "")
    cited = [name for name, id_ in standing.cites.items() if id_ == clause.id]
    found |= {world.call.cites[name] for name in cited}
    return sorted(each for each in found if each and each != clause.id)


def _selection_of(regime: str) -> frozenset[str]:
    """The clauses that a regime's rules of selection rest on."""
    rules = regime_rules(regime)
    ruled = chain.from_iterable(rule_evidence.ruled_by(rules.track(track)) for track in rules.tracks)
    return frozenset((*(each.clause for _, each in ruled), *rules.cites.values()))
