"""What the group does: ranking, two of each occupation, publicity, objections, a replacement (M24-7.4, D-2)."""

from datetime import datetime, timedelta

from casework.rehearsal import listed_life, words
from casework.rehearsal.cast import GROUP, OFFICE
from casework.rehearsal.world import World
from states.anchors import publicity_period
from states.facts import Facts


def plan(world: World, concluded: datetime) -> None:
    """Put the group's meeting and all that follows on the agenda."""
    if world.rules.has_recheck.value:
        meets = world.working_day(concluded, world.rules.limits["recheck"].value.count, 8, 30)
    else:
        audited = world.working_day(concluded, 5, 15)
        world.agenda.at(audited, lambda: world.batch("approve_result", _numbers(world, "audit"), OFFICE))
        meets = world.working_day(audited, world.rules.limits["decision"].value.count, 8, 30)
    world.agenda.at(meets, lambda: _meet(world))


def ranking(cases: list[Facts]) -> list[Facts]:
    """Best first: votes, score, priority (M24-7.0), the earlier recommendation."""
    return sorted(
        cases,
        key=lambda case: (
            -(case.votes_for or 0),
            -(case.score or 0),
            -case.priority,
            str(case.recommended_on),
            case.no,
        ),
    )


def _deciding(world: World) -> str:
    return "recheck" if world.rules.has_recheck.value else "decision"


def _numbers(world: World, stage: str) -> list[str]:
    return [each.facts.no for each in world.cases(call=world.call.code, stage=stage)]


def _meet(world: World) -> None:
    """The group decides: the quota of each occupation goes to publicity, one of them against the experts."""
    quota, departed, spare = world.rules.quota.value, False, []
    for occupation in world.rules.occupations.value:
        ranked = ranking(
            [
                e.facts
                for e in world.cases(call=world.call.code, stage=_deciding(world), occupation=occupation.code)
            ]
        )
        backed = [case for case in ranked if case.panel_recommends]
        doubted = [case for case in ranked if not case.panel_recommends]
        if doubted and backed and not departed:
            departed = True
            chosen = [*backed[: quota - 1], doubted[0]]
        else:
            chosen = backed[:quota]
        numbers = [case.no for case in chosen]
        going = world.batch("publicise", numbers, GROUP)
        held = [no for no in numbers if no not in going]
        world.batch("publicise", held, GROUP, departure=words.DEPARTURE)
        rest = [case for case in backed if case.no not in numbers]
        spare += [case.no for case in rest[:1]]
    if spare:
        world.act("publicise", spare[0], GROUP)
    turned_down = [no for no in _numbers(world, _deciding(world)) if no not in spare]
    world.agenda.at(
        world.now + timedelta(hours=1, minutes=30),
        lambda: world.batch("not_select", turned_down, GROUP, reason=words.NOT_CHOSEN),
    )
    _publicity(world, _numbers(world, "publicity"), spare)


def _publicity(world: World, shown: list[str], spare: list[str]) -> None:
    """Objections: one upheld, one dismissed in time, one after the end; one publicity begun anew."""
    posted = world.now
    ends = publicity_period(posted, world.rules, world.desk.calendar).day
    for no in shown:
        listed_life.watch(world, no)
    agenda = world.agenda

    def at(n: int, hour: int, minute: int = 0) -> datetime:
        return world.working_day(ends, n, hour, minute)

    order = list(shown)
    world.dice("objections").shuffle(order)
    waiting = {world.case(no).occupation for no in spare}
    upheld = next((no for no in order if world.case(no).occupation in waiting), None)
    others = [no for no in order if no != upheld]
    dismissed, late, anew = (*others, None, None, None)[:3]
    if upheld:
        _object(world, upheld, world.working_day(posted, 2, 10), words.OBJECTION_UPHELD)
        world.later(at(0, 16), "uphold_objection", upheld, GROUP, finding=words.UPHELD)
    if dismissed:
        _object(world, dismissed, world.working_day(posted, 1, 15), words.OBJECTION_FEES)
        world.later(at(-1, 11), "dismiss_objection", dismissed, OFFICE, finding=words.DISMISSED_FEES)
    if late:
        _object(world, late, at(-1, 15), words.OBJECTION_TIES)
        world.later(at(1, 10), "object", late, OFFICE, objection=words.OBJECTION_LATE)
        world.later(at(4, 10), "dismiss_objection", late, OFFICE, finding=words.DISMISSED_TIES)
    if anew:
        world.later(
            world.working_day(posted, 1, 8, 40), "republish", anew, OFFICE, correction=words.CORRECTED
        )
    agenda.at(at(6, 8, 30), lambda: _replace(world, spare))


def _object(world: World, no: str, when: datetime, words: str) -> None:
    world.later(when, "object", no, OFFICE, objection=words)


def _replace(world: World, spare: list[str]) -> None:
    """Who was next in line takes the seat an upheld objection set free; the others are told that they did not."""
    for no in spare:
        going = world.batch("publicise", [no], GROUP) if _has_seat(world, no) else []
        if going:
            listed_life.watch(world, no)
    left = [no for no in spare if world.case(no).stage == _deciding(world)]
    world.agenda.at(
        world.now + timedelta(hours=1, minutes=30),
        lambda: world.batch("not_select", left, GROUP, reason=words.NOT_CHOSEN),
    )


def _has_seat(world: World, no: str) -> bool:
    taking = ("publicity", "listed")
    same = world.cases(call=world.call.code, occupation=world.case(no).occupation)
    return sum(each.facts.stage in taking for each in same) < world.rules.quota.value
