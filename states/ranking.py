"""Choosing the best: by votes, score, priority, then earlier recommendation; ties are shown (B3-5.1, I21-4.3).

A ranking is of one occupation. What the clause on the quota leaves undecided, people decide in words.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import groupby
from typing import Any

from states.facts import Facts, day, instant
from states.refusals import Refused
from states.ruled import Quota

CLAUSE = "B3-5.1"
NATION = ""
_LAST_DAY = date.max
_LAST_INSTANT = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """What one case is ranked by. ``priority`` is its priority mark, the higher the sooner; ``recommended`` is the
    panel's result. What is not known ranks last.
    """

    case: str
    votes_for: int
    votes_cast: int
    score: Fraction | int | None = None
    priority: int = 0
    recommended_on: date | None = None
    filed_at: datetime | None = None
    recommended: bool = True
    province: str = ""

    @property
    def merit(self) -> tuple[Any, ...]:
        """The ranking key, best first; two cases with the same one are tied."""
        share = Fraction(self.votes_for, self.votes_cast) if self.votes_cast else Fraction(0)
        return (
            not self.recommended,
            -share,
            -(self.score or 0),
            -self.priority,
            self.recommended_on or _LAST_DAY,
            self.filed_at or _LAST_INSTANT,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands: tied cases share a place, and the places after them are left out (1, 2, 2, 4)."""

    place: int
    case: str
    tied: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """One occupation ranked, in the nation (``area`` empty) or in a province.

    ``chosen`` fill the quota and ``reserve`` stand next, both best first; those the panel did not recommend are
    ``not_recommended`` and only stand in ``places``. Where a tie straddles the quota its cases are ``undecided``,
    ``seats_open`` of them may still be chosen, and ``sentence`` asks for the decision; empty when there is none.
    ``decision`` is that decision once taken.
    """

    area: str
    quota: int
    clause: str
    places: tuple[Place, ...]
    chosen: tuple[str, ...]
    reserve: tuple[str, ...]
    not_recommended: tuple[str, ...]
    undecided: tuple[str, ...] = ()
    seats_open: int = 0
    decision: str = ""

    @property
    def ties(self) -> tuple[tuple[str, ...], ...]:
        """The groups of tied cases, best first."""
        groups = groupby(self.places, key=lambda each: each.place)
        found = (tuple(each.case for each in group) for _, group in groups)
        return tuple(group for group in found if len(group) > 1)

    @property
    def sentence(self) -> str:
        """What to ask of those who decide, in Chinese; empty when nothing is left open."""
        if not self.undecided:
            return ""
        place = next(each.place for each in self.places if each.case == self.undecided[0])
        return (
            f"第{place}名并列{len(self.undecided)}家（{'、'.join(self.undecided)}），名额只剩{self.seats_open}个，"
            f"得票、得分、优先情形和推荐时间均相同，请书面决定取舍并说明理由（{self.clause}）。"
        )


def rank(
    standings: Iterable[Standing], quota: int, *, clause: str, area: str = NATION, taken: int = 0
) -> Ranking:
    """The ranking of the cases of one occupation that compete for ``quota`` seats, ``taken`` of them filled already.

    ``clause`` is the quota's. Only cases the panel recommends are chosen or held in reserve, so a quota may stay
    unfilled. The order the cases come in does not matter. Refused when a case is given twice.
    """
    ordered = sorted(standings, key=lambda each: (each.merit, each.case))
    if len({each.case for each in ordered}) < len(ordered):
        raise Refused("同一申报在排序名单中出现两次，请先核对名单。", clause="M24-7.2b")
    groups = [list(group) for _, group in groupby(ordered, key=lambda each: each.merit)]
    chosen: list[str] = []
    reserve: list[str] = []
    undecided: list[str] = []
    left = max(0, quota - taken)
    for group in groups:
        cases = [each.case for each in group if each.recommended]
        if undecided or reserve or not left:
            reserve += cases
        elif len(cases) <= left:
            chosen += cases
            left -= len(cases)
        else:
            undecided = cases
    return Ranking(
        area=area,
        quota=quota,
        clause=clause,
        places=tuple(_places(groups)),
        chosen=tuple(chosen),
        reserve=tuple(reserve),
        not_recommended=tuple(each.case for each in ordered if not each.recommended),
        undecided=tuple(undecided),
        seats_open=left if undecided else 0,
    )


def rank_under(standings: Iterable[Standing], quota: Quota) -> tuple[Ranking, ...]:
    """The rankings of one occupation under the quota of its rules: one for the nation, or one for each province
    that has a case, in the order of their codes (CQ23-1.3a, CQ23-1.3b, B3-1.3).
    """
    if quota.scope == "nation":
        return (rank(standings, quota.value, clause=quota.clause),)
    ordered = sorted(standings, key=lambda each: each.province)
    return tuple(
        rank(group, quota.value, clause=quota.clause, area=province)
        for province, group in groupby(ordered, key=lambda each: each.province)
    )


def settle(ranking: Ranking, choose: Sequence[str], *, reason: str, by: str) -> Ranking:
    """The ranking with its undecided tie settled: ``choose`` are taken, the others of the tie stand first in reserve.

    Refused when nothing is undecided, when ``choose`` is not exactly as many of the tied cases as seats are open,
    or without a reason and a name.
    """
    if not ranking.undecided:
        raise Refused("没有需要决定的并列名次。", clause=CLAUSE)
    if not reason.strip() or not by.strip():
        raise Refused("并列取舍须写明理由和决定人。", clause=CLAUSE)
    if (
        len(set(choose)) != ranking.seats_open
        or len(choose) != ranking.seats_open
        or _strange(choose, ranking)
    ):
        raise Refused(
            f"应从并列的{'、'.join(ranking.undecided)}中选定{ranking.seats_open}家。", clause=ranking.clause
        )
    rest = tuple(case for case in ranking.undecided if case not in choose)
    return replace(
        ranking,
        chosen=(*ranking.chosen, *(case for case in ranking.undecided if case in choose)),
        reserve=(*rest, *ranking.reserve),
        undecided=(),
        seats_open=0,
        decision=f"{by}决定取{'、'.join(sorted(choose))}：{reason.strip()}",
    )


def standing_of(facts: Facts) -> Standing:
    """The standing of a case as it is kept."""
    return Standing(
        case=facts.no,
        votes_for=facts.votes_for or 0,
        votes_cast=facts.votes_cast or 0,
        score=facts.score,
        priority=facts.priority,
        recommended_on=day(facts.recommended_on),
        filed_at=instant(facts.filed_at),
        recommended=bool(facts.panel_recommends),
        province=facts.province,
    )


def _places(groups: Sequence[Sequence[Standing]]) -> Iterable[Place]:
    above = 0
    for group in groups:
        for each in group:
            yield Place(above + 1, each.case, len(group) > 1)
        above += len(group)


def _strange(choose: Sequence[str], ranking: Ranking) -> Collection[str]:
    return set(choose) - set(ranking.undecided)
