"""An emergency at an institution: told to the three at once, acknowledged, followed up, closed (M24-11.6b)."""

from datetime import date, timedelta

from casework.duties.emergencies import (
    NewEmergency,
    acknowledge,
    close_emergency,
    follow_up,
    report_emergency,
)
from casework.rehearsal import words
from casework.rehearsal.cast import applicant
from casework.rehearsal.world import World
from states.facts import Facts


def plan(world: World, case: Facts, year: int) -> None:
    """Put an emergency of that year on the agenda; its follow-up comes later than it is owed."""
    happens = world.working_day(date(year, 3, 10), 1, 9)
    world.agenda.at(happens, lambda: _report(world, case))


def _report(world: World, case: Facts) -> None:
    unit, desk = applicant(case.institution_id), world.desk
    if world.case(case.no).exit_ground is not None:
        return

    def reported(after: timedelta) -> str:
        new = NewEmergency("data", world.now + after, words.EMERGENCY_SCOPE, words.EMERGENCY_MEASURES)
        return report_emergency(desk, case.no, new, by=unit, as_of=world.now)

    world.tries(unit, "报告突发事件", case.no, lambda: reported(timedelta(hours=2)))
    own = world.tries(unit, "报告突发事件", case.no, lambda: reported(timedelta(hours=-2)))
    if own is None:
        return
    office, at = world.keepers(case)[0], world.agenda.at

    def follows() -> None:
        said = words.EMERGENCY_FOLLOWED
        world.tries(unit, "续报突发事件", own, lambda: follow_up(desk, own, said, by=unit, as_of=world.now))

    def closes() -> None:
        said = words.EMERGENCY_CLOSED
        world.tries(
            office, "办结突发事件", own, lambda: close_emergency(desk, own, said, by=office, as_of=world.now)
        )

    at(
        world.now + timedelta(hours=1),
        lambda: world.tries(
            office, "确认收到突发事件", own, lambda: acknowledge(desk, own, by=office, as_of=world.now)
        ),
    )
    at(world.working_day(world.now, 20, 10), follows)
    at(world.working_day(world.now, 24, 15), closes)
    at(world.working_day(world.now, 25, 9), follows)
