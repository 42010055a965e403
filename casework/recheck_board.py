"""The recheck on one page: the candidates ranked, what is staged for each, and the release as it was seen (M24-7.4)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from casework.access.policy import refuse_same_hand
from casework.actors import Actor
from casework.calls import state_in
from casework.desk import Desk
from casework.panels.access import Matter, refuse_unless_sees
from casework.panels.planning import by_province
from casework.ranked import DECIDING, candidates, rankings
from casework.recheck import CLAUSE, Released, Staged, decisions_on, release, stage, staged
from records.transaction import Transaction, reading, transaction
from states.facts import Facts
from states.ranking import Ranking
from states.refusals import Refused
from states.roles import Role


class Overtaken(Refused):
    """Somebody else was first: decisions changed since they were shown."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call and track with cases that wait to be chosen, and how many of them have a staged decision."""

    call: str
    track: str
    cases: int
    staged: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """One case in the order of its ranking. ``seen`` is the number of its last decision, for the form that changes it."""

    place: int
    tied: bool
    facts: Facts
    institution: str
    standing: Staged | None
    suggested: str
    seen: int


@dataclass(frozen=True, slots=True)
class Board:
    """The rankings of a call and track with their candidates; ``seen`` stands for all that is staged."""

    rankings: tuple[tuple[Ranking, tuple[Candidate, ...]], ...]
    undecided: int
    seen: str


def waiting(desk: Desk, *, actor: Actor) -> list[Waiting]:
    """Where candidates wait, as far as the actor may know them. Raises Refused for those who may not."""
    _refuse(actor)
    only, values = (" AND province = ?", [actor.scope]) if actor.role is Role.PROVINCE else ("", [])
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT call, track, count(*), count(*) FILTER (WHERE EXISTS (SELECT 1 FROM decision d WHERE"
            f" d.case_id = cases.id AND d.released_at IS NULL)) FROM cases WHERE {tx.among('stage')}{only}"
            " GROUP BY call, track ORDER BY call, track",
            (tx.listed(DECIDING), *values),
        )
        return [Waiting(*row) for row in rows if _reaches(tx, row[0], row[1], actor)]


def board(desk: Desk, call: str, track: str, *, actor: Actor) -> Board:
    """The candidates of a call and track. Raises Refused for those who may not know the panel's results."""
    _refuse(actor)
    with reading(desk.engine) as tx:
        _refuse_unless_reached(tx, call, track, actor)
        cases = candidates(tx, call, track, province=_own(actor))
        ranked, standing, last = rankings(tx, desk, cases), staged(tx, cases), decisions_on(tx, cases)
        names = dict(
            tx.rows(
                f"SELECT id, name FROM institution WHERE {tx.among('id')}",
                (tx.listed([facts.institution_id for facts in cases]),),
            )
        )
    by_no = {facts.no: facts for facts in cases}
    return Board(
        tuple((each, tuple(_candidates(each, by_no, names, standing, last))) for each in ranked),
        len(cases) - len(standing),
        _seen(standing.values()),
    )


def stage_seen(
    desk: Desk, no: str, choice: str, *, words: str, seen: int, by: Actor, as_of: datetime
) -> Staged:
    """Stage a decision on a case as it was shown. Raises Overtaken when another decision came in between."""
    with transaction(desk.engine) as tx:
        row = tx.one(
            "SELECT d.number, d.by FROM decision d JOIN cases c ON c.id = d.case_id WHERE c.no = ?"
            " ORDER BY d.number DESC LIMIT 1",
            (no,),
        )
        if row and row[0] != seen:
            raise Overtaken(
                f"申报{no}刚由{row[1]}拟定过新的决定，您的决定没有保存，请刷新后再定。", clause=CLAUSE
            )
        return stage(tx, desk, no, choice, words=words, by=by, as_of=as_of)


def release_seen(desk: Desk, call: str, track: str, *, seen: str, by: Actor, as_of: datetime) -> Released:
    """Release what was shown. Raises Overtaken when decisions changed since, and Refused for one who staged any."""
    with reading(desk.engine) as tx:
        _refuse_unless_reached(tx, call, track, by)
        standing = staged(tx, candidates(tx, call, track, province=_own(by)))
    if _seen(standing.values()) != seen:
        raise Overtaken("拟定的决定在您查看之后有改动，没有发布，请刷新核对后再发布。", clause=CLAUSE)
    hands = {each.by for each in standing.values()}
    refuse_same_hand(
        by, "recheck.release", [("recheck.decide", f"{by.role}:{name}") for name in sorted(hands)]
    )
    return release(desk, call, by=by, as_of=as_of, track=track, province=_own(by))


def _candidates(
    ranking: Ranking,
    by_no: Mapping[str, Facts],
    names: Mapping[int, str],
    standing: Mapping[str, Staged],
    last: Mapping[str, Staged],
) -> Iterator[Candidate]:
    for place in ranking.places:
        facts, before = by_no[place.case], last.get(place.case)
        yield Candidate(
            place.place, place.tied, facts, names[facts.institution_id], standing.get(place.case),
            _suggested(ranking, place.case), before.number if before else 0,
        )  # fmt: skip


def _seen(standing: Iterable[Staged]) -> str:
    return ",".join(map(str, sorted(each.id for each in standing)))


def _suggested(ranking: Ranking, no: str) -> str:
    if no in ranking.chosen:
        return "chosen"
    if no in ranking.undecided:
        return "tie"
    return "reserve" if no in ranking.reserve else "not_recommended"


def _own(actor: Actor) -> str | None:
    return actor.scope if actor.role is Role.PROVINCE else None


def _refuse(actor: Actor) -> None:
    refuse_unless_sees(actor, Matter.MEMBERS)


def _reaches(tx: Transaction, call: str, track: str, actor: Actor) -> bool:
    """Provinces see the votes of their own panels alone (M24-8)."""
    return actor.role is not Role.PROVINCE or by_province(state_in(tx, call).rules.track(track))


def _refuse_unless_reached(tx: Transaction, call: str, track: str, actor: Actor) -> None:
    if not _reaches(tx, call, track, actor):
        raise Refused("专家组成员及评议情况保密，本批次不由本省组织评议，无权查看。", clause="M24-7.3b")
