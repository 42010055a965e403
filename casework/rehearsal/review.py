"""What the office and the panel do: initial review, the panel's vote, one site visit (B3-4.4, M24-7.3d)."""

from datetime import datetime
from functools import partial

from casework.actors import Actor
from casework.rehearsal import choosing, panel, words
from casework.rehearsal.cast import CENTRE, OFFICE, PANEL, applicant
from casework.rehearsal.world import World
from states.calendar import day_of
from states.roles import Role

PANEL_SIZE = 7
POOL = tuple(f"专家{number:02d}" for number in range(1, 41))
"""The stand-in for the pool of experts; panel members' names appear nowhere (law 10)."""


def plan(world: World) -> None:
    """Put the review on the agenda, counted from the close of filing."""
    closes, agenda = world.rules.filing_closes.value, world.agenda
    limits = world.rules.limits
    passes = world.working_day(closes, limits["initial_review"].value.count - 1, 10)
    concludes = world.working_day(passes, limits["expert_review"].value.count, 16)

    def at(n: int, hour: int, minute: int = 0) -> datetime:
        return world.working_day(closes, n, hour, minute)

    agenda.at(world.working_day(closes, -1, 15), lambda: _begin(world))
    agenda.at(at(8, 10), lambda: _send_back(world))
    agenda.at(world.working_day(passes, -1, 14), lambda: _fail(world))
    agenda.at(passes, lambda: _pass(world))
    agenda.at(at(25, 9, 30), lambda: _pass(world))
    agenda.at(at(27, 9, 30), lambda: _order_visit(world))
    agenda.at(at(33, 11), lambda: _disqualify(world))
    occupations = world.rules.occupations.value
    for place, occupation in enumerate(occupations):
        meets = world.working_day(concludes, place - len(occupations) - 3, 14)
        agenda.at(meets, partial(_meet, world, occupation.code))
    agenda.at(concludes, lambda: _conclude(world))
    choosing.plan(world, concludes)


def _with_part(world: World, part: str, stage: str) -> list[str]:
    return [
        each.facts.no
        for each in world.cases(call=world.call.code, stage=stage)
        if world.parts.get(each.facts.no) == part
    ]


def _begin(world: World) -> None:
    """The day before the close the office takes up what is recommended and there on paper."""
    ready = [
        each.facts.no
        for each in world.cases(call=world.call.code, stage="recommended")
        if each.facts.paper_at is not None
    ]
    world.batch("begin_review", ready, OFFICE)


def _send_back(world: World) -> None:
    for no in _with_part(world, "sent_back", "initial_review"):
        world.act("return_for_correction", no, OFFICE, items=words.TO_SIGN)
        back = world.working_day(world.now, 4, 16)
        unit = applicant(world.case(no).institution_id)
        world.later(back, "resubmit", no, unit)


def _fail(world: World) -> None:
    failing = _with_part(world, "fails_initial", "initial_review")
    world.batch(
        "fail_initial",
        failing,
        OFFICE,
        finding=words.FAILED,
    )


def _pass(world: World) -> None:
    """Everything in initial review is put forward; the preview says who stays and why (D-9)."""
    waiting = [each.facts.no for each in world.cases(call=world.call.code, stage="initial_review")]
    world.batch("pass_initial", waiting, OFFICE)


def _organiser(world: World) -> Actor:
    return {Role.OFFICE: OFFICE, Role.CENTRE: CENTRE}[Role(world.rules.review_organiser.value)]


def _order_visit(world: World) -> None:
    by = _organiser(world)
    for no in _with_part(world, "visited", "expert_review"):
        on = world.working_day(world.now, 7)
        world.act("order_site_visit", no, by, visit_on=day_of(on))
        world.later(world.working_day(on, 2, 15), "report_visit", no, by, report=words.VISITED)


def _disqualify(world: World) -> None:
    for no in _with_part(world, "false_statement", "expert_review"):
        world.act(
            "disqualify",
            no,
            OFFICE,
            finding=words.FALSE,
        )


def _meet(world: World, occupation: str) -> None:
    """One occupation's panel sits: drawn by chance, votes on every candidate."""
    seats = panel.draw(POOL, PANEL_SIZE, f"{world.seed}/{world.call.code}/{occupation}")
    stated = {}
    for each in world.cases(call=world.call.code, stage="expert_review", occupation=occupation):
        ballot = panel.votes(seats, each.facts.no)
        stated[each.facts.no] = {
            "votes_for": ballot.votes_for,
            "votes_cast": ballot.votes_cast,
            "score": ballot.score,
        }
    world.each("record_result", stated, PANEL)


def _conclude(world: World) -> None:
    for occupation in world.rules.occupations.value:
        found = world.cases(call=world.call.code, stage="expert_review", occupation=occupation.code)
        world.batch("conclude_review", [each.facts.no for each in found], _organiser(world))
