"""The papers of the vote: the count, the review report, the submission for approval. They name no expert."""

import json
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from casework.ballots.counting import kept_tallies
from casework.ballots.opened_set import fingerprint_of, opened_set_of, recount
from casework.ballots.panel import PanelOfCases, plan_of
from casework.desk import Desk
from casework.loading import load
from casework.papers.panel_facts import about, institutions, rules_of, written
from casework.ranked import rankings
from casework.recheck import NOT_SELECT, PUBLICISE, Staged, decisions_on
from records.transaction import Transaction
from states.ranking import Ranking
from states.refusals import Refused
from states.tally import CaseTally

NONE = "无。"


def ballot_summary(tx: Transaction, desk: Desk, panel: PanelOfCases, _: int) -> Mapping[str, Any]:
    """What the summary of the count says. Refused before the count."""
    tallies, names, plan = kept_tallies(tx, panel), institutions(tx, panel), plan_of(desk, panel)
    text = opened_set_of(tx, panel)
    again = recount(text, plan)
    row = tx.one(
        "SELECT opened_at, opened_by, tallied_at, tallied_by FROM opened_set WHERE panel_id = ?", (panel.id,)
    )
    assert row is not None
    abstaining = "弃权计入表决人数" if plan.abstentions_count else "弃权不计入表决人数"
    return {
        **about(rules_of(tx, panel), panel),
        "closes_at": written(panel.closes_at),
        "opened_at": written(row[0]),
        "opened_by": row[1],
        "tallied_at": written(row[2]),
        "tallied_by": row[3],
        "needed": panel.needed,
        "counted": again.counted,
        "opened_set": fingerprint_of(text),
        "results": [_counted(each, names) for each in tallies],
        "ratio": f"表决人数的{plan.ratio.numerator}/{plan.ratio.denominator}，{abstaining}",
        "turned": [each.sentence for each in again.turned] or [NONE],
    }


def review_report(tx: Transaction, desk: Desk, panel: PanelOfCases, _: int) -> Mapping[str, Any]:
    """What the report of the review says. Refused before the count."""
    tallies, names, plan = kept_tallies(tx, panel), institutions(tx, panel), plan_of(desk, panel)
    rules = rules_of(tx, panel)
    ranked = _ranked(tx, desk, panel)
    places = {place.case: place.place for ranking in ranked for place in ranking.places}
    text = opened_set_of(tx, panel)
    ordered = sorted(tallies, key=lambda each: (places.get(each.case, 0), each.case))
    seats = tx.one("SELECT count(*) FROM seat WHERE panel_id = ? AND state = 'confirmed'", (panel.id,))
    meets = tx.one("SELECT meets_at FROM panel WHERE id = ?", (panel.id,))
    assert seats is not None
    assert meets is not None
    return {
        **about(rules, panel),
        "meets_at": written(meets[0]),
        "counted": recount(text, plan).counted,
        "criteria": [
            {"label": plan.labels[key], "full": full, "clause": rules.panel.criteria[key].clause}
            for key, full in plan.criteria.items()
        ],
        "results": [{"place": places.get(each.case, ""), **_counted(each, names)} for each in ordered],
        "notes": list(_ties(ranked)) or ["没有并列名次。"],
        "comments": list(_comments(text)) or [NONE],
        "signatures": [
            f"第{place}位（签名）：　　　　　　　　　　　　　年　　月　　日"
            for place in range(1, seats[0] + 1)
        ],
    }


def recheck_submission(tx: Transaction, desk: Desk, panel: PanelOfCases, _: int) -> Mapping[str, Any]:
    """What the submission of the recheck says, whether or not it was released. Refused while a case is undecided."""
    tallies = {each.case: each for each in kept_tallies(tx, panel)}
    names, rules = institutions(tx, panel), rules_of(tx, panel)
    cases = [each.facts for each in load(tx, list(panel.cases)) if each.facts.no in tallies]
    standing = decisions_on(tx, cases)
    ranked = _ranked(tx, desk, panel)
    places = {place.case: place.place for ranking in ranked for place in ranking.places}
    missing = [facts.no for facts in cases if facts.no not in standing]
    if missing:
        raise Refused(f"申报{'、'.join(missing)}尚无复核决定，不能生成报批表。", clause="M24-7.4")

    def rows(choice: str) -> list[dict[str, Any]]:
        chosen = [no for no, decision in standing.items() if decision.choice == choice]
        return [
            {"place": places.get(no, ""), "words": standing[no].words, **_counted(tallies[no], names)}
            for no in sorted(chosen, key=lambda no: (places.get(no, 0), no))
        ]

    return {
        **about(rules, panel),
        "quota": f"{rules.quota.of(panel.occupation)}家",
        "quota_clause": rules.quota.clause,
        "chosen": rows(PUBLICISE),
        "others": rows(NOT_SELECT),
        "reserve": _reserve(standing, names) or [NONE],
        "departures": _departures(standing) or [NONE],
    }


def _ranked(tx: Transaction, desk: Desk, panel: PanelOfCases) -> Sequence[Ranking]:
    return rankings(tx, desk, [each.facts for each in load(tx, list(panel.cases)) if each.facts.votes_cast])


def _counted(each: CaseTally, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "no": each.case, "institution": names.get(each.case, ""), "votes_for": each.votes_for,
        "votes_against": each.votes_against, "abstentions": each.abstentions, "recused": each.recused,
        "votes": f"{each.votes_for}/{each.votes_cast}", "score": _score(each.score),
        "conclusion": "推荐" if each.recommended else "未达推荐比例",
    }  # fmt: skip


def _score(score: Fraction | None) -> str:
    return "" if score is None else f"{float(score):.2f}"


def _ties(ranked: Sequence[Ranking]) -> Iterator[str]:
    for ranking in ranked:
        for tie in ranking.ties:
            yield f"申报{'、'.join(tie)}名次并列。"


def _comments(text: str) -> Iterator[str]:
    """Comments case by case, in an order that says nothing of who wrote them."""
    found = {
        (vote["case"], " ".join(vote["comment"].split()))
        for ballot in json.loads(text)["ballots"]
        for vote in ballot["votes"]
    }
    for case, comment in sorted(found):
        if comment:
            yield f"{case}：{comment}"


def _reserve(standing: Mapping[str, Staged], names: Mapping[str, str]) -> list[str]:
    """Those neither chosen nor turned down: they wait for a seat to fall free."""
    return [
        f"申报{no}（{names.get(no, '')}）"
        for no, decision in standing.items()
        if decision.choice not in (PUBLICISE, NOT_SELECT)
    ]


def _departures(standing: Mapping[str, Staged]) -> list[str]:
    return [
        f"申报{no}：{decision.words}"
        for no, decision in standing.items()
        if decision.choice == PUBLICISE and decision.words
    ]
