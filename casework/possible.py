"""What may be done with a case now, by whom, and for everything else why not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from casework.actors import Actor, refuse_unless_allowed
from casework.desk import Desk
from casework.gate import clock_moves_due
from casework.loading import Loaded, load
from casework.renewals.awaiting import Applications
from casework.seats import Seats
from records.transaction import Transaction
from states.calendar import day_of
from states.checked import Process, clock_moves
from states.conditions import Circumstances
from states.declaration import Ask, Move, Stage
from states.facts import Facts, instant
from states.refusals import Refused
from states.roles import Role
from states.timers import schedule


@dataclass(frozen=True, slots=True)
class Possible:
    """A move that may be made now: by which roles, to which stage, what must be stated with it.

    ``unless_stated`` is the refusal that comes when only what is required is stated, empty when none does.
    """

    move: Move
    by: tuple[Role, ...]
    to: Stage
    unless_stated: str = ""

    @property
    def asks(self) -> tuple[Ask, ...]:
        """What is, or may be, stated with the move."""
        return self.move.asks


def possible_moves(
    tx: Transaction, desk: Desk, each: Loaded, *, as_of: datetime, actor: Actor | None = None
) -> tuple[list[Possible], dict[str, str]]:
    """The moves that may be made at ``as_of``, and for every other move of the process the sentence why not.

    With an ``actor`` only what that actor may do counts. What a move asks to be stated is taken as stated well.
    """
    facts = each.facts
    machine = desk.processes.machine(facts.process)
    late = clock_moves_due(tx, desk, [each], as_of).get(facts.id)
    process, stage = machine.process, machine.process.stages[facts.stage]
    can: list[Possible] = []
    why_not: dict[str, str] = {}
    for move in stage.moves:
        try:
            if actor is not None:
                refuse_unless_allowed(actor, move, facts)
            if late is not None:
                raise late
            _refuse_the_past(facts, as_of)
            seats = Seats(tx)
            left = seats.left(process, facts) if move.takes_seat else None
            elsewhere = move.takes_seat and seats.elsewhere(process, facts)
            every, needed = _assumed(move.asks, as_of), _assumed((a for a in move.asks if a.required), as_of)
            renewal = replace(Applications(tx).standing(move, facts, {}), complete=True)
            around = Circumstances(as_of, process.rules, desk.calendar, every, left, elsewhere, renewal)
            to = machine.destination(stage.key, move.name, facts, around)
        except Refused as refusal:
            why_not[move.name] = str(refusal)
            continue
        unless = ""
        try:
            around = Circumstances(as_of, process.rules, desk.calendar, needed, left, elsewhere, renewal)
            machine.destination(stage.key, move.name, facts, around)
        except Refused as refusal:
            unless = str(refusal)
        can.append(Possible(move, by_whom(stage, move), process.stages[to], unless))
    why_not |= {move.name: _by_the_clock(desk, process, facts, move) for move in clock_moves(stage)}
    here = {move.name for move in (*stage.moves, *clock_moves(stage))}
    for name in process.labels:
        if name not in here:
            why_not[name] = _elsewhere(process, stage, name)
    return can, why_not


def blockers(tx: Transaction, desk: Desk, nos: Iterable[str], *, as_of: datetime) -> Mapping[str, list[str]]:
    """For each of these cases, the conditions that keep its holder from moving it on, as sentences."""
    listed = list(nos)
    ids = [row[0] for row in tx.rows(f"SELECT id FROM cases WHERE {tx.among('no')}", (tx.listed(listed),))]
    found: dict[str, list[str]] = {}
    for each in load(tx, ids) if ids else []:
        facts = each.facts
        stage = desk.processes.process(facts.process).stages[facts.stage]
        _, why_not = possible_moves(tx, desk, each, as_of=as_of)
        held = {
            move.name
            for move in stage.moves
            if stage.holder and stage.holder.role in move.by and not move.stays
        }
        found[facts.no] = [
            f"“{move.label}”：{why_not[move.name]}"
            for move in stage.moves
            if move.name in held & why_not.keys()
        ]
    return found


def by_whom(stage: Stage, move: Move) -> tuple[Role, ...]:
    """The roles that may make a move, the holder of the stage first, then in the order of ``Role``."""
    holder = stage.holder.role if stage.holder else None
    return tuple(sorted(move.by, key=lambda role: (role is not holder, list(Role).index(role))))


def _assumed(asks: Iterable[Ask], as_of: datetime) -> dict[str, Any]:
    ahead = day_of(as_of) + timedelta(days=30)
    return {
        ask.key: ask.choices[0][0]
        if ask.choices
        else ahead
        if ask.kind is date
        else 1
        if ask.kind is int
        else "…"
        for ask in asks
    }


def _refuse_the_past(facts: Facts, as_of: datetime) -> None:
    updated = instant(facts.updated_at)
    if updated is not None and as_of < updated:
        raise Refused(f"该申报在{day_of(updated)}还有变动，不能以更早的时间办理。")


def _by_the_clock(desk: Desk, process: Process, facts: Facts, move: Move) -> str:
    planned = {timer.move: timer for timer in schedule(process, facts, desk.calendar).timers if timer.move}
    timer = planned.get(move.name)
    when = f"在{timer.about}期满时" if timer else "在期满时"
    return str(Refused(f"“{move.label}”由系统{when}自动办理，不能人工办理。", clause=move.clause))


def _elsewhere(process: Process, stage: Stage, name: str) -> str:
    try:
        process.move(stage.key, name)
    except Refused as refusal:
        return str(refusal)
    raise AssertionError(f"{name} is a move of {stage.key}")
