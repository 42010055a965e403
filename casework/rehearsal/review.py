"""What the office does between the close of filing and the group's choice: initial review, one site visit (B3-4.4)."""

from datetime import datetime
from functools import partial

from casework.rehearsal import choosing, convening, supervising, words
from casework.rehearsal.cast import applicant
from casework.rehearsal.world import World
from states.calendar import day_of


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
    convening.plan(world, passes, concludes)
    choosing.plan(world, concludes)


def _with_part(world: World, part: str, stage: str) -> list[str]:
    return [each.facts.no for each in world.mine(stage=stage) if world.parts.get(each.facts.no) == part]


def _begin(world: World) -> None:
    """The day before the close the office takes up what is recommended and there on paper."""
    ready = [each.facts.no for each in world.mine(stage="recommended") if each.facts.paper_at is not None]
    world.batch("begin_review", ready, world.staff.office)


def _send_back(world: World) -> None:
    for no in _with_part(world, "sent_back", "initial_review"):
        world.act("return_for_correction", no, world.staff.office, items=words.TO_SIGN)
        back = world.working_day(world.now, 4, 16)
        unit = applicant(world.case(no).institution_id)
        world.later(back, "resubmit", no, unit)


def _fail(world: World) -> None:
    failing = _with_part(world, "fails_initial", "initial_review")
    world.batch(
        "fail_initial",
        failing,
        world.staff.office,
        finding=words.FAILED,
    )


def _pass(world: World) -> None:
    """Everything in initial review is put forward; the preview says who stays and why (D-9)."""
    waiting = [each.facts.no for each in world.mine(stage="initial_review")]
    world.batch("pass_initial", waiting, world.staff.office)


def _order_visit(world: World) -> None:
    """Somebody goes to look, where the rules know a visit (B3-4.4, CQ23-4.3)."""
    if not world.rules.has_site_visit.value:
        return
    by = world.organiser
    for no in _with_part(world, "visited", "expert_review"):
        on = world.working_day(world.now, 7)
        world.act("order_site_visit", no, by, visit_on=day_of(on))
        world.later(world.working_day(on, 2, 15), "report_visit", no, by, report=words.VISITED)


def _disqualify(world: World) -> None:
    for no in _with_part(world, "false_statement", "expert_review"):
        world.act(
            "disqualify",
            no,
            world.staff.office,
            finding=words.FALSE,
        )
        world.agenda.at(world.working_day(world.now, 6, 10), partial(supervising.hand_over, world, no))
