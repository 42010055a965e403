"""The recheck: decisions are staged case by case, then released together; letters only then (M24-7.3e, M24-7.4).

A decision that departs from the panel's result, passes over the ranking, or settles a tie needs words. Whoever
counted a panel decides nothing about its cases.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from casework.actors import Actor, refuse_unless_allowed
from casework.audit import Entry, append
from casework.desk import Desk
from casework.gate import Wanted, advance_in
from casework.loading import case_id, load
from casework.ranked import DECIDING, candidates, panels_of, rankings
from records.transaction import Transaction, transaction
from states.facts import Facts, instant
from states.ranking import Ranking
from states.refusals import Refused
from states.roles import Role

PUBLICISE, NOT_SELECT, RESERVE = "publicise", "not_select", "reserve"
CHOICES: Mapping[str, str] = MappingProxyType(
    {PUBLICISE: "列入拟公示名单", NOT_SELECT: "不予列入", RESERVE: "留作候补"}
)
"""What may be decided on a case. One in reserve stays where it is, and is decided on again when a seat falls free."""
CLAUSE = "M24-7.4"
_COLUMNS = "d.id, c.no, d.number, d.choice, d.words, d.by, d.at"


@dataclass(frozen=True, slots=True)
class Staged:
    """A decision that waits for its release; the latest of a case stands."""

    id: int
    no: str
    number: int
    choice: str
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Released:
    """What was released: case numbers, and how many letters are owed. Nobody is told of the reserve."""

    publicised: tuple[str, ...]
    not_selected: tuple[str, ...]
    letters: int
    reserved: tuple[str, ...] = ()


def stage(
    tx: Transaction, desk: Desk, no: str, choice: str, *, words: str = "", by: Actor, as_of: datetime
) -> Staged:
    """Stage what is decided on a case; a later decision before the release takes its place. Nobody is told yet.

    Raises Refused for a case that does not wait to be chosen, an actor who may not decide or who counted the
    panel's ballots, and for words that are missing where they are owed.
    """
    facts = _deciding(tx, no)
    _refuse_unknown(choice)
    process = desk.processes.process(facts.process)
    refuse_unless_allowed(by, process.move(facts.stage, PUBLICISE if choice == RESERVE else choice), facts)
    _refuse_counter(tx, [facts], by)
    said = words.strip()
    ranking = _ranking_of(tx, desk, facts)
    owed = _words_owed(facts, choice, ranking)
    if owed and not said:
        raise Refused(f"申报{facts.no}：{owed}", clause=_clause_of(facts, choice, ranking))
    number = 1 + max((each.number for each in _history(tx, [facts.id])), default=0)
    row = tx.run(
        "INSERT INTO decision (case_id, panel_id, number, choice, words, by, at) VALUES (?,?,?,?,?,?,?) RETURNING id",
        (facts.id, next(iter(panels_of(tx, [facts])), None), number, choice, said, by.name, as_of),
    ).fetchone()
    # Not under the case: its history is read by people who learn the result only when it is released (law 6).
    detail = {"case": facts.no, "choice": choice, "number": number, "words": said}
    append(tx, [Entry(as_of, as_of, by.signature, "recheck", "stage", clause=CLAUSE, detail=detail)])
    return Staged(row[0], facts.no, number, choice, said, by.name, as_of)


def staged(tx: Transaction, cases: Sequence[Facts]) -> Mapping[str, Staged]:
    """The decision that stands for each case, by number; cases without one are left out."""
    standing: dict[str, Staged] = {}
    for each in _history(tx, [facts.id for facts in cases], released=False):
        standing[each.no] = each
    return standing


def decisions_on(tx: Transaction, cases: Sequence[Facts]) -> Mapping[str, Staged]:
    """The last decision on each case, released or not, by number."""
    return {each.no: each for each in _history(tx, [facts.id for facts in cases])}


def release(
    desk: Desk,
    call: str,
    *,
    by: Actor,
    as_of: datetime,
    track: str = "evaluation",
    occupation: str | None = None,
    province: str | None = None,
) -> Released:
    """Release the decisions on every candidate of a call (or one occupation, or one province) in one transaction.

    Cases held in reserve stay, to be decided on again. A province releases its own alone (M24-8).
    Raises Refused, changing nothing, when a candidate has no decision, when more are chosen than the quota allows,
    when a tie at the quota is settled without words, and for whoever counted one of the panels.
    """
    with transaction(desk.engine) as tx:
        own = by.scope if by.role is Role.PROVINCE else province
        cases = candidates(tx, call, track, occupation, own)
        if not cases:
            raise Refused(f"批次{call}没有待复核决定的申报。", clause=CLAUSE)
        _refuse_counter(tx, cases, by)
        standing = staged(tx, cases)
        _refuse_undecided(cases, standing)
        _refuse_wordless(tx, desk, cases, standing)
        wanted: dict[str, list[Wanted]] = {NOT_SELECT: [], PUBLICISE: []}
        for facts in cases:
            decision = standing[facts.no]
            if decision.choice in wanted:
                wanted[decision.choice].append(Wanted(facts.id, facts.version, _inputs(facts, decision)))
        letters = 0
        for move, those in wanted.items():
            if those:
                letters += advance_in(tx, desk, move, those, by=by, as_of=as_of).letters
        _close(tx, cases, standing, by, as_of)
        chosen = tuple(no for no, decision in standing.items() if decision.choice == PUBLICISE)
        others = tuple(no for no, decision in standing.items() if decision.choice == NOT_SELECT)
        kept = tuple(no for no, decision in standing.items() if decision.choice == RESERVE)
        detail = {
            "call": call, "track": track, PUBLICISE: len(chosen), NOT_SELECT: len(others), RESERVE: len(kept),
        }  # fmt: skip
        append(tx, [Entry(as_of, as_of, by.signature, "recheck", "release", clause=CLAUSE, detail=detail)])
        return Released(chosen, others, letters, kept)


def _deciding(tx: Transaction, no: str) -> Facts:
    found = case_id(tx, no.strip())
    if found is None:
        raise Refused(f"没有编号为“{no}”的申报，请核对编号。")
    facts = load(tx, [found])[0].facts
    if facts.stage not in DECIDING:
        raise Refused(f"申报{facts.no}不在复核（审定）环节，不能作出复核决定。", clause=CLAUSE)
    return facts


def _refuse_unknown(choice: str) -> None:
    if choice not in CHOICES:
        offered = "、".join(f"{key}（{label}）" for key, label in CHOICES.items())
        raise Refused(f"复核决定应为下列之一：{offered}，收到的是“{choice}”。", clause=CLAUSE)


def _refuse_counter(tx: Transaction, cases: Sequence[Facts], by: Actor) -> None:
    """Separation of duties: whoever counted decides and releases nothing of what was counted."""
    counted = tx.rows(
        f"SELECT DISTINCT tallied_by FROM opened_set WHERE {tx.among('panel_id')}",
        (tx.listed(panels_of(tx, cases)),),
    )
    if (by.name,) in counted:
        raise Refused(f"{by.name}是本次评议的计票人，不得再办理复核和发布，请由他人办理。", clause=CLAUSE)


def _ranking_of(tx: Transaction, desk: Desk, facts: Facts) -> Ranking:
    rules = desk.processes.process(facts.process).rules
    province = facts.province if rules.quota.scope == "province" else None
    return rankings(tx, desk, candidates(tx, facts.call, facts.track, facts.occupation, province))[0]


def _words_owed(facts: Facts, choice: str, ranking: Ranking) -> str:
    """What has to be said in words of this choice, and is asked for when it is not; empty when nothing is."""
    if facts.no in ranking.undecided:
        return ranking.sentence
    if choice in (NOT_SELECT, RESERVE) and facts.no in ranking.chosen:
        return "专家组推荐且排名在名额之内，不予列入的，须书面说明与专家意见不一致的理由。"
    if choice == NOT_SELECT:
        return "不予列入的，须写明告知申报单位的理由。"
    if choice == RESERVE:
        return ""
    if not facts.panel_recommends:
        return "专家组表决未达推荐比例，列入公示的，须书面说明与专家意见不一致的理由。"
    if facts.no in ranking.reserve:
        return "排名在名额之外，越过排名在前者列入的，须书面说明理由。"
    return ""


def _clause_of(facts: Facts, choice: str, ranking: Ranking) -> str:
    if facts.no in ranking.undecided:
        return ranking.clause
    return CLAUSE if choice == NOT_SELECT and facts.no not in ranking.chosen else "M24-7.3e"


def _refuse_undecided(cases: Iterable[Facts], standing: Mapping[str, Staged]) -> None:
    missing = [facts.no for facts in cases if facts.no not in standing]
    if missing:
        listed = "、".join(missing[:5]) + (f"等{len(missing)}件" if len(missing) > 5 else "")
        raise Refused(f"申报{listed}尚无复核决定，须全部决定后一并发布。", clause=CLAUSE)


def _refuse_wordless(
    tx: Transaction, desk: Desk, cases: Sequence[Facts], standing: Mapping[str, Staged]
) -> None:
    """Words may have come to be owed since a decision was staged: somebody withdrew, and the ranking moved."""
    by_no = {facts.no: facts for facts in cases}
    for ranking in rankings(tx, desk, cases):
        for place in ranking.places:
            decision = standing[place.case]
            owed = _words_owed(by_no[place.case], decision.choice, ranking)
            if owed and not decision.words:
                clause = _clause_of(by_no[place.case], decision.choice, ranking)
                raise Refused(f"申报{place.case}：{owed}", clause=clause)


def _inputs(facts: Facts, decision: Staged) -> Mapping[str, str]:
    if decision.choice == NOT_SELECT:
        return {"reason": decision.words}
    # Words that settle a tie among those the panel recommends depart from nobody.
    return {} if facts.panel_recommends else {"departure": decision.words}


def _close(
    tx: Transaction, cases: Sequence[Facts], standing: Mapping[str, Staged], by: Actor, as_of: datetime
) -> None:
    tx.many(
        "UPDATE decision SET released_at = ?, released_by = ? WHERE id = ?",
        ((tx.encode(as_of), by.name, each.id) for each in standing.values()),
    )
    open_cases = (
        "SELECT 1 FROM panel_case pc JOIN cases c ON c.id = pc.case_id WHERE pc.panel_id = panel.id AND c.stage IN"
        " ('expert_review', 'site_visit', 'audit', 'recheck', 'decision')"
    )
    tx.run(
        "UPDATE panel SET state = 'released', version = version + 1, updated_at = ?"
        f" WHERE state = 'tallied' AND {tx.among('id')} AND NOT EXISTS ({open_cases})",
        (as_of, tx.listed(panels_of(tx, cases))),
    )


def _history(tx: Transaction, cases: Sequence[int], *, released: bool = True) -> list[Staged]:
    waiting = "" if released else "AND d.released_at IS NULL"
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM decision d JOIN cases c ON c.id = d.case_id WHERE {tx.among('d.case_id')}"
        f" {waiting} ORDER BY c.no, d.number",
        (tx.listed(cases),),
    )
    return [
        Staged(id_, no, number, choice, words, by, _at(at)) for id_, no, number, choice, words, by, at in rows
    ]


def _at(stored: datetime | str) -> datetime:
    found = instant(stored)
    assert found is not None
    return found
