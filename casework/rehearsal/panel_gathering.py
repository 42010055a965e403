"""Reading the panels of a rehearsal back into stories, and counting what happened to all of them."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from casework.ballots.counting import kept_tallies
from casework.ballots.panel import panel_of
from casework.panels.panel import STATES, PanelView, case_ids, panels_in, plan_of, rules_of
from casework.panels.rounds import STATES as ROUND_STATES
from casework.panels.rounds import RoundView, rounds_of
from casework.panels.seat import GONE, seats_of
from casework.panels.seat import STATES as SEAT_STATES
from casework.recheck import CHOICES
from casework.rehearsal.panel_events import Event, events_of, told
from casework.rehearsal.panel_story import (
    CaseVotes,
    Excluded,
    Happened,
    PanelStory,
    Ranked,
    RoundStory,
    SeatStory,
)
from casework.rehearsal.world import World
from records.transaction import Transaction
from states.clauses import SILENT
from states.panels import announced
from states.ranking import Ranking
from states.recusal import RULES

_LEFT = {rule: SEAT_STATES[state] for state, rule in GONE.items()}


def panel_stories(tx: Transaction, lines: Sequence[World]) -> tuple[PanelStory, ...]:
    """Every panel of the rehearsed call, by number."""
    known = {no: line for line in lines for no in line.panels}
    found = panels_in(tx, lines[0].call.code)
    return tuple(_story(tx, known[panel.no], panel) for panel in found if panel.no in known)


def happened(
    tx: Transaction, lines: Sequence[World], stories: tuple[PanelStory, ...]
) -> tuple[Happened, ...]:
    """What happened, how often, by which clause; what never happened is left out."""
    events = [each for story in stories for each in events_of(tx, story.no)]
    found = [*_of_seats(events), *_of_recusal(events), *_of_draws(events, stories)]
    found += [*_of_votes(events), *_of_choices(tx, lines)]
    excluded: Counter[tuple[str, str, str]] = Counter()
    for story in stories:
        for kept in story.rounds:
            for each in kept.excluded:
                excluded[each.rule, each.label, each.clause] += each.count
    found += [
        Happened(f"抽取时排除：{label}（{rule}）", clause, n)
        for (rule, label, clause), n in sorted(excluded.items())
    ]
    return tuple(each for each in found if each.count)


def _of_seats(events: list[Event]) -> Iterator[Happened]:
    for state, words in (
        ("declined", "专家谢绝"),
        ("silent", "专家逾期未答复"),
        ("conflicted", "接受时申报应当回避的情形"),
    ):
        clause = "M24-7.3b" if state == "conflicted" else "M24-7.3c"
        yield Happened(words, clause, _count(events, "panel", f"seat_{state}"))


def _of_recusal(events: list[Event]) -> Iterator[Happened]:
    decided = [each.detail for each in events if (each.kind, each.name) == ("recusal", "decide")]
    namesakes = sum(each["rule"] == "R-3" for each in decided)
    unknown = sum(not each["case"] for each in decided)
    yield Happened("同名专家经人工核定", "M24-7.3b", namesakes)
    yield Happened("情况不明的专家经人工核定", "M24-7.3b", unknown)
    yield Happened("接受时申报的其他关系经人工核定", "M24-7.3b", len(decided) - namesakes - unknown)
    held = [each.detail["held"] for each in events if each.name == "committed" and each.detail["round"] == 1]
    yield Happened("待核定的专家书面决定不参加首轮抽取（人次）", "M24-7.3b", sum(held))
    yield Happened("同意申报单位申请的专家回避", "M24-7.3b", _count(events, "recusal", "decide_objection"))


def _of_draws(events: list[Event], stories: tuple[PanelStory, ...]) -> Iterator[Happened]:
    size = {story.no: max((kept.seats for kept in story.rounds), default=0) for story in stories}
    drawn = [each.detail for each in events if each.name == "drawn"]
    whole = sum(each["seats"] == size[each["panel"]] for each in drawn)
    changed = [each.detail for each in events if each.name == "changed" and each.detail.get("because")]
    yield Happened("全组抽取", "M24-7.3c", whole)
    yield Happened("新的承诺补抽空缺席位", "M24-7.3c", len(drawn) - whole)
    yield Happened("本领域可抽专家不足，本轮作废", "D-10", _count(events, "panel", "void"))
    yield Happened("决定扩大专家范围", "D-10", sum("of_field" in each for each in changed))
    yield Happened("决定按件回避", "D-10", sum("recusal" in each for each in changed))


def _of_votes(events: list[Event]) -> Iterator[Happened]:
    refused = [each.detail["officers"] for each in events if each.name == "open_refused"]
    yield Happened("选票投出", "M24-7.3d", _count(events, "ballot", "cast"))
    yield Happened("一名开启人单独开启，未获准", "M24-7.3d", sum(count < 2 for count in refused))
    yield Happened("投票不足法定人数，不能开启", "M24-7.3d", sum(count > 1 for count in refused))
    yield Happened("延长投票", "M24-7.3d", _count(events, "panel", "vote_extended"))
    yield Happened("两名开启人共同开启选票", "M24-7.3d", _count(events, "ballot", "open_ballots"))


def _of_choices(tx: Transaction, lines: Sequence[World]) -> Iterator[Happened]:
    world = lines[0]
    rules = world.rules
    undecided = sum(bool(ranking.undecided) for line in lines for ranking in line.rankings)
    yield Happened("名额处得票得分并列，书面决定取舍", rules.quota.clause or SILENT, undecided)
    visits = tx.one("SELECT count(*) FROM audit WHERE kind = 'move' AND name = 'order_site_visit'")
    yield Happened("组织考察", rules.has_site_visit.clause or "", int(visits[0]) if visits else 0)
    departs = tx.one("SELECT count(*) FROM cases WHERE call = ? AND departs = 1", (world.call.code,))
    yield Happened("复核与专家意见不一致，书面说明理由", "M24-7.3e", int(departs[0]) if departs else 0)
    released = tx.one("SELECT count(*) FROM audit WHERE kind = 'recheck' AND name = 'release'")
    yield Happened("复核决定由另一人一并发布", "M24-7.4", int(released[0]) if released else 0)


def _count(events: list[Event], kind: str, name: str) -> int:
    return sum((each.kind, each.name) == (kind, name) for each in events)


def _story(tx: Transaction, world: World, panel: PanelView) -> PanelStory:
    rules = rules_of(tx, panel)
    events = events_of(tx, panel.no)
    ids = case_ids(tx, panel.id)
    ranked = _rankings_of(tx, world, ids)
    return PanelStory(
        panel.no, world.label, rules.offered(panel.occupation).title, STATES[panel.state], len(ids),
        announced(plan_of(panel, rules), rules),
        tuple(_round(tx, each) for each in rounds_of(tx, panel.id)),
        tuple(
            SeatStory(each.place, each.round, each.pseudonym, SEAT_STATES[each.state])
            for each in seats_of(tx, panel.id)
        ),
        tuple(told(events)), _count(events, "ballot", "cast"), tuple(_votes(tx, panel)),
        tuple(place for ranking in ranked for place in _ranked(tx, ranking)),
        "；".join(ranking.sentence for ranking in ranked if ranking.undecided),
    )  # fmt: skip


def _round(tx: Transaction, kept: RoundView) -> RoundStory:
    row = tx.one("SELECT r.certificate, p.size FROM draw_round r JOIN frozen_pool p ON p.sha256 = r.pool_sha256"
                 " WHERE r.id = ?", (kept.id,))  # fmt: skip
    assert row is not None
    certificate: Mapping[str, Any] = (
        json.loads(row[0]) if row[0] else {"exclusions": [], "tickets": [], "sha256": ""}
    )
    counted = Counter((each["rule"], each["clause"]) for each in certificate["exclusions"])
    excluded = tuple(Excluded(rule, _label(rule), clause, n) for (rule, clause), n in sorted(counted.items()))
    return RoundStory(
        kept.round, ROUND_STATES[kept.state], kept.seats, row[1], kept.pool_sha256, kept.frame_sha256, kept.commitment,
        kept.committed_at, kept.drawn_at, kept.digits or "", kept.source or "", len(certificate["tickets"]), excluded,
        kept.void_why or "", certificate["sha256"],
    )  # fmt: skip


def _label(rule: str) -> str:
    id_, _, held = rule.partition(":")
    label = RULES[id_].label if id_ in RULES else _LEFT.get(id_, id_)
    return f"{label}，待核定" if held else label


def _votes(tx: Transaction, panel: PanelView) -> Iterator[CaseVotes]:
    if panel.state not in ("tallied", "released"):
        return
    names = dict(
        tx.rows(
            "SELECT c.no, i.name FROM panel_case p JOIN cases c ON c.id = p.case_id JOIN institution i"
            " ON i.id = c.institution_id WHERE p.panel_id = ?",
            (panel.id,),
        )
    )
    for each in kept_tallies(tx, panel_of(tx, panel.id)):
        yield CaseVotes(
            each.case, names[each.case], each.votes_for, each.votes_against, each.abstentions, each.recused,
            _mean(each.score), each.recommended,
        )  # fmt: skip


def _mean(score: Fraction | None) -> str:
    return "" if score is None else f"{float(score):.2f}"


def _rankings_of(tx: Transaction, world: World, ids: list[int]) -> list[Ranking]:
    """The rankings of a panel's cases: one, or one for each province where the quota is provincial."""
    mine = {no for (no,) in tx.rows(f"SELECT no FROM cases WHERE {tx.among('id')}", (tx.listed(ids),))}
    return [each for each in world.rankings if each.places[0].case in mine]


def _ranked(tx: Transaction, ranking: Ranking) -> Iterator[Ranked]:
    numbers = [each.case for each in ranking.places]
    decided: dict[str, list[tuple[str, str]]] = {}
    for no, choice, words in tx.rows(
        f"SELECT c.no, d.choice, d.words FROM decision d JOIN cases c ON c.id = d.case_id WHERE {tx.among('c.no')}"
        " AND d.released_at IS NOT NULL ORDER BY d.number",
        (tx.listed(numbers),),
    ):
        decided.setdefault(no, []).append((CHOICES[choice], words))
    for each in ranking.places:
        steps = decided.get(each.case, [])
        yield Ranked(
            each.place, each.case, each.tied, "，后".join(choice for choice, _ in steps),
            "；".join(words.removesuffix("。") for _, words in steps if words),
        )  # fmt: skip
