"""How terms end: renewed in time, reviewed late, refused, let go, and asked for again too soon (M24-9.1, M24-9.4, D-5, D-8)."""

from datetime import date, timedelta

from casework.actors import Actor
from casework.rehearsal import coming_back, listed_life, words
from casework.rehearsal.cast import applicant
from casework.rehearsal.world import World
from casework.renewals.filing import file
from casework.renewals.samples import sample_application
from states.calendar import at_time, day_of
from states.facts import Facts, day, instant
from states.terms import last_day_to_apply, window_opens


def plan(world: World, case: Facts, part: str) -> None:
    """Put on the agenda how the running term of a case comes to its end, by its part."""
    last = day(case.term_last_day)
    assert last is not None
    closes, opens = last_day_to_apply(last), window_opens(last)
    agenda, no, unit = world.agenda, case.no, applicant(case.institution_id)

    def apply(on: date, hour: int = 10) -> None:
        agenda.at(at_time(on, hour), lambda: _file(world, no, unit))

    if part in ("renews", "rectified"):
        if part == "renews":
            apply(opens - timedelta(days=20))
        apply(_working(world, opens + timedelta(days=50)))
        agenda.at(world.working_day(opens + timedelta(days=50), 45), lambda: _approve(world, no, part))
    elif part == "reviewed_late":
        apply(_working(world, closes - timedelta(days=3)), 16)
        agenda.at(world.working_day(last + timedelta(days=30), 1), lambda: _approve(world, no, part))
    elif part in ("inactive", "below_200"):
        apply(_working(world, closes - timedelta(days=19)))
        world.later(world.working_day(closes, 15), "approve_renewal", no, world.keepers(case)[1])
        world.later(
            world.working_day(closes, 15, 15),
            "refuse_renewal",
            no,
            world.keepers(case)[1],
            reason=words.TOO_LITTLE,
        )
    elif part == "lapses":
        apply(closes + timedelta(days=1), 11)
    if part in ("lapses", "leaves"):
        coming_back.expect(world, no, last)


def _file(world: World, no: str, unit: Actor) -> None:
    """The institution hands in its report with the department's consent, true to what is registered of it."""
    new = sample_application(world.desk, no, as_of=world.now)
    store = world.installation.store_material
    world.tries(
        unit,
        world.move_label("apply_renewal"),
        no,
        lambda: file(world.desk, no, new, by=unit, as_of=world.now, store=store),
    )


def _working(world: World, day_: date) -> date:
    return world.desk.calendar.working_days_after(day_ - timedelta(days=1), 1).day


def _approve(world: World, no: str, part: str) -> None:
    """Approved: the new term starts where the old one ends (D-8), and its own end is prepared."""
    if not world.act("approve_renewal", no, world.keepers(world.case(no))[1]):
        return
    case = world.case(no)
    starts, last = instant(case.term_starts_at), day(case.term_last_day)
    assert starts is not None
    assert last is not None
    if starts > world.until:
        return
    first = day_of(starts)
    part = {"renews": "below_200", "rectified": "rectified"}.get(part, "lets_go")
    world.parts[no] = part
    low, high = (10, 40) if part == "below_200" else (110, 260)
    listed_life.record_activity(world, case, first, last, low, high)
    listed_life.report_yearly(world, case, first, last)
    plan(world, case, part)
