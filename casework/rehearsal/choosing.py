"""What the group does: choosing from the ranking, two of each occupation, publicity, objections, a replacement.

Decisions are staged by one member and released together by another (M24-7.3e, M24-7.4, D-2).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from casework.ranked import candidates, rankings
from casework.recheck import NOT_SELECT, PUBLICISE, RESERVE, Released, release, stage
from casework.rehearsal import listed_life, objecting, words
from casework.rehearsal.manifold import STANDS_OUT
from casework.rehearsal.world import World
from records.transaction import reading, transaction
from states.anchors import publicity_period
from states.ranking import Ranking

Decision = tuple[str, str]
"""A choice, and what is said of it in words."""


def plan(world: World, concluded: datetime) -> None:
    """Put the group's meeting and all that follows on the agenda."""
    if world.rules.has_recheck.value:
        meets = world.working_day(concluded, world.rules.limits["recheck"].value.count, 8, 30)
    else:
        audited = world.working_day(concluded, 5, 15)
        world.agenda.at(
            audited, lambda: world.batch("approve_result", _numbers(world, "audit"), world.staff.auditor)
        )
        meets = world.working_day(audited, world.rules.limits["decision"].value.count, 8, 30)
    world.agenda.at(world.working_day(meets, -1, 15), lambda: _decide(world))
    world.agenda.at(meets, lambda: _meet(world))


def _deciding(world: World) -> str:
    return "recheck" if world.rules.has_recheck.value else "decision"


def _numbers(world: World, stage: str) -> list[str]:
    return [each.facts.no for each in world.mine(stage=stage)]


def _decide(world: World) -> None:
    """One member of the group stages a decision on every candidate, the best of each ranking first."""
    with reading(world.desk.engine) as tx:
        world.rankings += rankings(
            tx, world.desk, candidates(tx, world.call.code, world.track, province=world.province or None)
        )
    departing = next((each for each in world.rankings if each.chosen and each.not_recommended), None)
    for ranking in world.rankings:
        for no, (choice, said) in _decisions(ranking, departs=ranking is departing).items():
            if said and choice == PUBLICISE:
                _stage(world, no, (choice, ""))
            _stage(world, no, (choice, said))
    if one_too_many := _one_too_many(world):
        _stage(world, one_too_many, (PUBLICISE, words.PASSED_OVER))


def _decisions(ranking: Ranking, *, departs: bool) -> Mapping[str, Decision]:
    """What becomes of every case of a ranking: the quota is chosen, one stands in reserve, the others are not."""
    chosen: dict[str, Decision] = dict.fromkeys(ranking.chosen, (PUBLICISE, ""))
    spare = [*ranking.reserve]
    if ranking.undecided:
        taken, spared = ranking.undecided[: ranking.seats_open], ranking.undecided[ranking.seats_open :]
        chosen |= dict.fromkeys(taken, (PUBLICISE, words.TIE))
        spare = [*spared, *spare]
    elif departs:
        passed = ranking.chosen[-1]
        chosen |= {ranking.not_recommended[0]: (PUBLICISE, words.DEPARTURE)}
        chosen[passed] = (RESERVE, words.NOT_CHOSEN_BACKED)
        spare = []
    rest = {each.case: (NOT_SELECT, words.NOT_CHOSEN) for each in ranking.places}
    kept = {no: (RESERVE, words.TIE if no in ranking.undecided else "") for no in spare[:1]}
    return {**rest, **kept, **chosen}


def _one_too_many(world: World) -> str:
    """The case that somebody would like to take beside a full quota; empty when there is none."""
    full = [each.reserve[0] for each in world.rankings if each.reserve and not each.undecided]
    return full[-1] if full else ""


def _stage(world: World, no: str, decision: Decision) -> None:
    choice, said = decision

    def staged() -> object:
        with transaction(world.desk.engine) as tx:
            return stage(tx, world.desk, no, choice, words=said, by=world.staff.group, as_of=world.now)

    world.tries(world.staff.group, "拟定复核决定", no, staged)


def _meet(world: World) -> None:
    """Whoever counted may not release; nor may anybody release more than the quota; then it is done."""
    code = world.call.code
    if not _numbers(world, _deciding(world)):
        return
    released = _releasing(world)
    world.tries(world.organiser, "发布复核结果", code, lambda: released(by=world.organiser))
    done = world.tries(world.staff.releaser, "发布复核结果", code, lambda: released(by=world.staff.releaser))
    if done is None:
        _stage(world, _one_too_many(world), (RESERVE, ""))
        done = world.tries(
            world.staff.releaser, "发布复核结果", code, lambda: released(by=world.staff.releaser)
        )
    if done is not None:
        _publicity(world, list(done.publicised), list(done.reserved))


def _releasing(world: World) -> Callable[..., Released]:
    return partial(
        release,
        world.desk,
        world.call.code,
        as_of=world.now,
        track=world.track,
        province=world.province or None,
    )


def _publicity(world: World, shown: list[str], spare: list[str]) -> None:
    """What happens while the names are public, and afterwards to whoever stood in reserve."""
    ends = publicity_period(world.now, world.rules, world.desk.calendar).day
    for no in shown:
        listed_life.watch(world, no)
    order = list(shown)
    world.dice("objections").shuffle(order)
    order.sort(key=lambda no: world.parts.get(no) == STANDS_OUT)
    waiting = {_area(world, no) for no in spare}
    objecting.plan(world, order, next((no for no in order if _area(world, no) in waiting), None))
    world.agenda.at(world.working_day(ends, 6, 8, 30), lambda: _replace(world, spare))


def _replace(world: World, spare: list[str]) -> None:
    """Who stood in reserve takes the seat an upheld objection set free; the others are told that they did not."""
    waiting = [no for no in spare if world.case(no).stage == _deciding(world)]
    if not waiting:
        return
    for no in waiting:
        freed = _has_seat(world, no)
        _stage(world, no, (PUBLICISE, words.SEAT_FREED) if freed else (NOT_SELECT, words.NOT_CHOSEN))
    done = world.tries(
        world.staff.releaser,
        "发布复核结果",
        world.call.code,
        lambda: _releasing(world)(by=world.staff.releaser),
    )
    for no in () if done is None else done.publicised:
        listed_life.watch(world, no)


def _has_seat(world: World, no: str) -> bool:
    taking = ("publicity", "listed")
    where = _area(world, no)
    same = [each.facts for each in world.mine(occupation=where[0]) if where == _area(world, each.facts.no)]
    return sum(each.stage in taking for each in same) < world.rules.quota.value


def _area(world: World, no: str) -> tuple[str, str]:
    """Within what a seat is free or taken: an occupation, and a province where the quota is provincial."""
    case = world.case(no)
    return case.occupation, case.province if world.rules.quota.scope == "province" else ""
