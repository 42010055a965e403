"""How far a conflict reaches: out of the panel, or out of the one case (M24-7.3b, D-10)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from states.draw.frame import Exclusion
from states.recusal.conflict import EVERY_CASE, Conflict, Verdict
from states.refusals import Refused


class Scope(StrEnum):
    """By default a conflict with any case excludes from the whole panel."""

    PANEL = "panel"
    CASE = "case"

    @property
    def label(self) -> str:
        """The Chinese name of the scope."""
        return {"panel": "整组回避", "case": "按件回避"}[self]


@dataclass(frozen=True, slots=True)
class ScopeDecision:
    """Who decided how far recusal reaches, and why. Refused for recusal per case without reason or name (D-10)."""

    scope: Scope = Scope.PANEL
    reason: str = ""
    by: str = ""

    def __post_init__(self) -> None:
        if self.scope is Scope.CASE and not (self.reason.strip() and self.by.strip()):
            raise Refused("改为按件回避须写明理由和决定人。", clause="D-10")


@dataclass(frozen=True, slots=True)
class Barred:
    """What recusal comes to: experts who may not sit, with the conflicts that say so, and for those who may,
    the cases they do not judge (case → experts; empty unless recusal is per case).
    """

    experts: Mapping[str, tuple[Conflict, ...]]
    cases: Mapping[str, frozenset[str]]


def barred(
    conflicts: Iterable[Conflict], cases: Collection[str], decision: ScopeDecision | None = None
) -> Barred:
    """Who is barred from a panel that judges ``cases``, and from what; what is held bars until it is released.

    Per case, an expert is barred from the panel only by something unknown (it speaks against every case) or by
    conflicts with all of its cases.
    """
    by_expert: dict[str, list[Conflict]] = defaultdict(list)
    for conflict in conflicts:
        if conflict.bars:
            by_expert[conflict.expert].append(conflict)
    if decision is None or decision.scope is Scope.PANEL:
        return Barred({expert: tuple(found) for expert, found in by_expert.items()}, {})
    out: dict[str, tuple[Conflict, ...]] = {}
    recused: dict[str, set[str]] = defaultdict(set)
    for expert, found in by_expert.items():
        against = {conflict.case for conflict in found}
        if EVERY_CASE in against or against >= set(cases):
            out[expert] = tuple(found)
            continue
        for case in against:
            recused[case].add(expert)
    return Barred(out, {case: frozenset(experts) for case, experts in sorted(recused.items())})


def exclusions(found: Barred, pseudonyms: Mapping[str, str]) -> tuple[Exclusion, ...]:
    """The exclusions to freeze before a draw: one for each expert and rule, under the expert's pseudonym.

    The rule of a conflict that is only held is published as ``R-3:held``. Neither evidence nor case is published.
    """
    ordered = sorted((pseudonyms[expert], conflicts) for expert, conflicts in found.experts.items())
    return tuple(
        Exclusion(pseudonym, rule, clause)
        for pseudonym, conflicts in ordered
        for rule, clause in sorted({(_published(each), each.clause) for each in conflicts})
    )


def undecided(conflicts: Iterable[Conflict]) -> list[Conflict]:
    """The conflicts that wait for a human decision."""
    return [conflict for conflict in conflicts if conflict.verdict is Verdict.HELD]


def _published(conflict: Conflict) -> str:
    return f"{conflict.rule}:held" if conflict.verdict is Verdict.HELD else conflict.rule
