"""Counting the ballots of a panel (M24-7.3d). The opened set can be counted again by anybody, in any order."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from states.panels import PanelPlan
from states.refusals import Refused

CLAUSE = "M24-7.3d"


class Vote(StrEnum):
    """What an expert says of a case."""

    RECOMMEND = "recommend"
    NOT = "not"
    ABSTAIN = "abstain"

    @property
    def label(self) -> str:
        """The Chinese name of the vote."""
        return {"recommend": "推荐", "not": "不推荐", "abstain": "弃权"}[self]


@dataclass(frozen=True, slots=True)
class Ballot:
    """One expert's ballot on one case. ``voter`` tells ballots apart and need not tell who cast them.

    ``marks`` gives a whole mark for each criterion; an abstention carries none.
    """

    voter: str
    case: str
    vote: Vote
    marks: Mapping[str, int] = field(default_factory=dict)
    comment: str = ""

    @property
    def score(self) -> int:
        """The marks together, out of 100."""
        return sum(self.marks.values())


@dataclass(frozen=True, slots=True)
class CaseTally:
    """What a panel thinks of one case.

    ``votes_cast`` is what the ratio is taken of; ``present`` are all who voted, abstentions included, and are what
    the quorum asks for. ``score`` is the exact mean of those who marked, None when nobody did.
    """

    case: str
    votes_for: int
    votes_against: int
    abstentions: int
    votes_cast: int
    recused: int
    quorate: bool
    score: Fraction | None
    recommended: bool

    @property
    def present(self) -> int:
        """How many voted on the case."""
        return self.votes_for + self.votes_against + self.abstentions

    @property
    def share(self) -> Fraction:
        """The share of those voting that recommends; 0 when nobody votes."""
        return Fraction(self.votes_for, self.votes_cast) if self.votes_cast else Fraction(0)


def tally(
    ballots: Iterable[Ballot],
    cases: Collection[str],
    plan: PanelPlan,
    recused: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> tuple[CaseTally, ...]:
    """The count of every case, in the order of case numbers.

    A case is recommended when the quorum has voted on it and the share set by the plan recommends it: exactly two
    thirds are two thirds. ``recused`` are the voters who do not judge a case. Refused, naming ballot and case, for
    a ballot that cannot be counted: of a case not before the panel, a second one, one of somebody recused, more
    voters than seats, marks missing, unknown or out of range.
    """
    by_case: dict[str, list[Ballot]] = {case: [] for case in sorted(cases)}
    seen: set[tuple[str, str]] = set()
    for ballot in ballots:
        _check(ballot, by_case, plan, recused)
        if (ballot.voter, ballot.case) in seen:
            raise _refused(ballot, "重复投票，只能计一次")
        seen.add((ballot.voter, ballot.case))
        by_case[ballot.case].append(ballot)
    voters = {voter for voter, _ in seen}
    if len(voters) > plan.size:
        raise Refused(f"投票人数{len(voters)}人，多于专家组人数{plan.size}人，不能计票。", clause=CLAUSE)
    return tuple(_count(case, cast, plan, len(recused.get(case, ()))) for case, cast in by_case.items())


def short_of_quorum(present: Mapping[str, int], cases: Collection[str], plan: PanelPlan) -> tuple[str, ...]:
    """What to say, before ballots are opened, of each case on which fewer voted than the quorum asks.

    ``present`` counts the ballots of a case, recused voters left out. Nothing is said when all may be opened.
    """
    return tuple(
        f"申报{case}到会投票{present.get(case, 0)}人，不足法定人数{plan.quorum}人，不能开票，"
        f"请补抽专家或延长投票（{CLAUSE}）。"
        for case in sorted(cases)
        if present.get(case, 0) < plan.quorum
    )


def _count(case: str, cast: list[Ballot], plan: PanelPlan, recused: int) -> CaseTally:
    votes = Counter(ballot.vote for ballot in cast)
    scores = [ballot.score for ballot in cast if ballot.marks]
    votes_for, quorate = votes[Vote.RECOMMEND], len(cast) >= plan.quorum
    votes_cast = votes_for + votes[Vote.NOT] + (votes[Vote.ABSTAIN] if plan.abstentions_count else 0)
    return CaseTally(
        case=case,
        votes_for=votes_for,
        votes_against=votes[Vote.NOT],
        abstentions=votes[Vote.ABSTAIN],
        votes_cast=votes_cast,
        recused=recused,
        quorate=quorate,
        score=Fraction(sum(scores), len(scores)) if scores else None,
        recommended=quorate and votes_for > 0 and votes_for >= plan.ratio * votes_cast,
    )


def _check(
    ballot: Ballot, cases: Collection[str], plan: PanelPlan, recused: Mapping[str, Collection[str]]
) -> None:
    if ballot.case not in cases:
        raise _refused(ballot, "该申报不在本专家组评议范围内")
    if ballot.voter in recused.get(ballot.case, ()):
        raise _refused(ballot, "该专家应回避此申报")
    if ballot.vote is Vote.ABSTAIN:
        if ballot.marks:
            raise _refused(ballot, "弃权的不打分")
        return
    missing = [plan.labels[key] for key in plan.criteria if key not in ballot.marks]
    if missing:
        raise _refused(ballot, f"缺少评分：{'、'.join(missing)}")
    for key, mark in ballot.marks.items():
        if key not in plan.criteria:
            raise _refused(ballot, f"没有评分项目“{key}”")
        if not 0 <= mark <= plan.criteria[key]:
            raise _refused(ballot, f"“{plan.labels[key]}”应在0至{plan.criteria[key]}分之间，现为{mark}分")


def _refused(ballot: Ballot, why: str) -> Refused:
    return Refused(f"选票{ballot.voter}对申报{ballot.case}的表决不能计入：{why}。", clause=CLAUSE)
