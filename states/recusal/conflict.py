"""A conflict between an expert and a case, and what a human decided about one that was held (M24-7.3b)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from states.refusals import Refused

CLAUSE = "M24-7.3b"
EVERY_CASE = ""
"""Stands for the case where a conflict is with whatever the panel judges: something about the expert is unknown."""


class Verdict(StrEnum):
    """What a rule says: out, or a human must look; and what a human may make of the second."""

    EXCLUDED = "excluded"
    HELD = "held"
    RELEASED = "released"

    @property
    def label(self) -> str:
        """The Chinese name of the verdict."""
        return {"excluded": "回避", "held": "待人工核定", "released": "经核定无须回避"}[self]


@dataclass(frozen=True, slots=True)
class Decision:
    """A human decision on a held conflict: released or excluded, why and by whom.

    It stands for the evidence it was taken on: other evidence holds again. Refused without reason or name.
    """

    expert: str
    case: str
    rule: str
    evidence: str
    verdict: Verdict
    reason: str
    by: str

    def __post_init__(self) -> None:
        if self.verdict is Verdict.HELD:
            raise Refused("人工核定应写明“回避”或“无须回避”。", clause=CLAUSE)
        if not self.reason.strip() or not self.by.strip():
            raise Refused("人工核定须写明理由和核定人。", clause=CLAUSE)


class Conflict(NamedTuple):
    """One rule that speaks against one expert judging one case (or every case), with its evidence in Chinese."""

    expert: str
    case: str
    rule: str
    verdict: Verdict
    evidence: str
    clause: str = CLAUSE
    decision: Decision | None = None

    @property
    def bars(self) -> bool:
        """Whether the expert stays out as things stand: what is held does not pass."""
        return self.verdict is not Verdict.RELEASED

    def joined(self, other: "Conflict") -> "Conflict":
        """Both as one: what excludes stands before what is held, and evidence of one weight is put together."""
        if self.verdict is not other.verdict:
            return self if self.verdict is Verdict.EXCLUDED else other
        if other.evidence in self.evidence.split("；"):
            return self
        return self._replace(evidence=f"{self.evidence}；{other.evidence}")


def decided(conflicts: Iterable[Conflict], decisions: Iterable[Decision]) -> list[Conflict]:
    """The conflicts with the human decisions applied; of several on one conflict the last given stands.

    Refused when a decision would release what a rule excludes without doubt.
    """
    taken = {(each.expert, each.case, each.rule, each.evidence): each for each in decisions}
    if not taken:
        return list(conflicts)
    return [_with_decision(conflict, taken) for conflict in conflicts]


def _with_decision(conflict: Conflict, taken: Mapping[tuple[str, str, str, str], Decision]) -> Conflict:
    decision = taken.get((conflict.expert, conflict.case, conflict.rule, conflict.evidence))
    if decision is None:
        return conflict
    if conflict.verdict is Verdict.EXCLUDED and decision.verdict is Verdict.RELEASED:
        raise Refused(
            f"专家{conflict.expert}与申报{conflict.case}属于应当回避的情形（{conflict.evidence}），不能核定为无须回避；"
            "专家不足的，可决定按件回避并记录理由（D-10）。",
            clause=CLAUSE,
        )
    return conflict._replace(verdict=decision.verdict, decision=decision)
