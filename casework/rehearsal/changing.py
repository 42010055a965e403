"""Changes of particulars and departures that are announced: asked, mended, opposed, decided, taken back (M24-20c)."""

from datetime import date
from functools import partial

from casework.objections.evidence import Evidence
from casework.particulars.deciding import approve_change, give_opinion, refuse_change, return_change
from casework.particulars.requesting import request_again, request_change, take_back_change
from casework.rehearsal import words
from casework.rehearsal.cast import applicant, recommender
from casework.rehearsal.world import World
from states.facts import Facts

PROOF = (Evidence("登记证书.pdf", b"%PDF-1.4\n% example, no real document\n%%EOF\n"),)


def plan(world: World, case: Facts, part: str, year: int) -> None:
    """Put what an institution changes in the year after its listing on the agenda, by its part."""

    def at(month: int, day: int, hour: int = 10) -> date:
        return world.working_day(date(year, month, day), 1, hour)

    if part == "renews":
        world.agenda.at(world.working_day(date(year, 4, 8), 1, 10), partial(_move_house, world, case))
    elif part == "lapses":
        world.agenda.at(world.working_day(date(year, 4, 16), 1, 10), partial(_change_phone, world, case))
    elif part == "reviewed_late":
        unit = applicant(case.institution_id)
        leaving = world.working_day(date(year, 9, 3), 1, 10)
        last = date(year, 12, 20)
        world.later(leaving, "announce_leaving", case.no, unit, reason=words.LEAVING, last_day=last)
        world.later(
            world.working_day(leaving, 1),
            "announce_leaving",
            case.no,
            unit,
            reason=words.LEAVING,
            last_day=last,
        )
        world.later(world.working_day(leaving, 9), "take_back_leaving", case.no, unit, reason=words.STAYS)


def _move_house(world: World, case: Facts) -> None:
    """A new address: returned once, mended, supported by the recommender, approved; asked for twice meanwhile."""
    unit, desk, store = applicant(case.institution_id), world.desk, world.installation.store_material
    asked = partial(
        request_change, desk, case.no, reason=words.MOVED_HOUSE, documents=PROOF, by=unit, store=store
    )
    world.tries(unit, "申请变更", case.no, lambda: asked({"uscc": "91"}, as_of=world.now))
    made = world.tries(
        unit, "申请变更", case.no, lambda: asked({"address": _address(world, case)}, as_of=world.now)
    )
    if made is None:
        return
    world.tries(unit, "申请变更", case.no, lambda: asked({"address": _address(world, case)}, as_of=world.now))
    by, backer, no = world.keepers(case)[0], recommender(case.channel), made.no
    at, day = world.agenda.at, partial(world.working_day, world.now)
    at(
        day(2, 11),
        lambda: world.tries(
            by,
            "退回变更申请",
            no,
            lambda: return_change(desk, no, words=words.PROOF_UNCLEAR, by=by, as_of=world.now),
        ),
    )
    at(
        day(4, 11),
        lambda: world.tries(
            unit,
            "补正变更申请",
            no,
            lambda: request_again(desk, no, {}, documents=PROOF_AGAIN, by=unit, as_of=world.now, store=store),
        ),
    )
    at(
        day(5, 11),
        lambda: world.tries(
            backer, "提出意见", no, lambda: give_opinion(desk, no, words.AGREES, by=backer, as_of=world.now)
        ),
    )
    at(
        day(7, 11),
        lambda: world.tries(by, "批准变更", no, lambda: approve_change(desk, no, by=by, as_of=world.now)),
    )
    at(day(7, 12), lambda: world.tries(by, "批准变更", no, lambda: approve_change(desk, no, by=by, as_of=world.now)))  # fmt: skip


def _change_phone(world: World, case: Facts) -> None:
    """A mobile number in public is refused; a name is asked for and taken back; another is not approved, late."""
    unit, desk, store = applicant(case.institution_id), world.desk, world.installation.store_material
    asked = partial(
        request_change, desk, case.no, reason=words.MOVED_HOUSE, documents=PROOF, by=unit, store=store
    )
    world.tries(unit, "申请变更", case.no, lambda: asked({"phone": "13900000000"}, as_of=world.now))
    first = world.tries(unit, "申请变更", case.no, lambda: asked({"phone": "400-000-0000"}, as_of=world.now))
    second = world.tries(
        unit, "申请变更", case.no, lambda: asked({"mailbox": "public@unit.example.cn"}, as_of=world.now)
    )
    by, at, day = world.keepers(case)[0], world.agenda.at, partial(world.working_day, world.now)
    if first is not None:
        taken = partial(take_back_change, desk, first.no, by=unit)
        at(day(1, 9), lambda: world.tries(unit, "撤回变更申请", first.no, lambda: taken(as_of=world.now)))
    if second is not None:
        refused = partial(refuse_change, desk, second.no, words=words.PROOF_UNCLEAR, by=by)
        at(day(14, 9), lambda: world.tries(by, "不予批准变更", second.no, lambda: refused(as_of=world.now)))


def _address(world: World, case: Facts) -> str:
    return f"示例市示例新区示例路{world.dice(f'address/{case.no}').randrange(1, 300)}号"


PROOF_AGAIN = (Evidence("登记证书（清晰）.pdf", b"%PDF-1.4\n% example, no real document, legible\n%%EOF\n"),)
