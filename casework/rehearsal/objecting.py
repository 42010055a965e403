"""Objections while names are public: with evidence and without, in time or late; upheld, dismissed, corrected (D-2)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from casework.actors import Actor
from casework.objections.deciding import DISMISS, UPHOLD, decide, investigate
from casework.objections.lodging import NewObjection, lodge
from casework.rehearsal import supervising, words
from casework.rehearsal.changing import PROOF
from casework.rehearsal.world import World
from records.transaction import reading
from states.anchors import publicity_period


def plan(world: World, shown: Sequence[str], upheld: str | None) -> None:
    """Objections: one upheld, one dismissed in time, one decided after the end; one publicity begun anew."""
    posted, office = world.now, world.staff.office
    ends = publicity_period(posted, world.rules, world.desk.calendar).day

    def at(n: int, hour: int, minute: int = 0) -> datetime:
        return world.working_day(ends, n, hour, minute)

    others = [no for no in shown if no != upheld]
    dismissed, late, anew = (*others, None, None, None)[:3]
    if upheld:
        _object(world, upheld, world.working_day(posted, 2, 10), words.OBJECTION_UPHELD, named=True)
        _settle(world, upheld, at(0, 16), UPHOLD, words.UPHELD, world.staff.group)
        supervising.answer(world, upheld, at(8, 11))
    if dismissed:
        _object(world, dismissed, world.working_day(posted, 1, 15), words.OBJECTION_FEES)
        changed = "" if world.leads else words.CORRECTS
        _settle(world, dismissed, at(-1, 11), DISMISS, words.DISMISSED_FEES, office, changed)
    if late:
        _object(world, late, at(-1, 15), words.OBJECTION_TIES)
        _object(world, late, at(1, 10), words.OBJECTION_LATE)
        _settle(world, late, at(4, 10), DISMISS, words.DISMISSED_TIES, office)
    if anew:
        again = world.working_day(posted, 1, 8, 40)
        world.later(again, "republish", anew, office, correction=words.CORRECTED)


def _object(world: World, no: str, when: datetime, text: str, *, named: bool = False) -> None:
    """Somebody objects, under a name and with a file or without either; said once more it is the same objection."""
    by = world.staff.office
    said = NewObjection(text)
    if named:
        said = NewObjection(text, name="示例群众", mail="objector@example.cn", evidence=PROOF)

    def lodged() -> object:
        return lodge(world.desk, no, said, by=by, as_of=world.now, store=world.installation.store_material)

    world.agenda.at(when, lambda: world.tries(by, "登记异议", no, lodged))
    if named:
        world.agenda.at(when + timedelta(hours=1), lambda: world.tries(by, "登记异议", no, lodged))


def _settle(
    world: World, no: str, when: datetime, verdict: str, finding: str, by: Actor, changed: str = ""
) -> None:
    """The open objections to a case are looked into and decided."""

    def settled() -> None:
        with reading(world.desk.engine) as tx:
            rows = tx.rows(
                "SELECT o.no FROM objection o JOIN cases c ON c.id = o.case_id WHERE c.no = ? AND o.outcome = ''"
                " ORDER BY o.id",
                (no,),
            )
        for (objection,) in rows:
            office, now, desk = world.staff.office, world.now, world.desk
            noted = partial(investigate, desk, objection, finding, by=office, as_of=now)
            decided = partial(
                decide, desk, objection, verdict, finding=finding, by=by, as_of=now, changed_facts=changed
            )
            world.tries(office, "核查异议", objection, noted)
            world.tries(by, "办结异议", objection, decided)

    world.agenda.at(when, settled)
