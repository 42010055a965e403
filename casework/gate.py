"""The only way a case changes stage: decide by the rules, then write it all down, or nothing.

One case and ten thousand go through ``advance``. In one transaction every case is compared with the version it
was seen at, moved, entered in the hash-chained audit log, given the timers of where it now stands, and its
letters are rendered and queued. Memory stays flat: cases stream through in portions.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from casework.actors import Actor, refuse_unless_allowed
from casework.audit import Chain
from casework.desk import Desk
from casework.inputs import checked
from casework.loading import Loaded, load
from casework.owed import Mailbag
from casework.renewals.awaiting import Applications
from casework.seats import Seats
from casework.writing import Decided, Writer
from records.transaction import Transaction, transaction
from states.conditions import Circumstances
from states.facts import instant
from states.machine import ProcessMachine
from states.refusals import Refused
from states.roles import Role

PORTION = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A case to move: its id, the version it was seen at (None: whatever it is now), what is stated for it."""

    id: int
    version: int | None = None
    inputs: Mapping[str, Any] | None = None
    effective: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turned:
    """A case that was not moved, and the sentence why."""

    id: int
    no: str
    sentence: str
    clause: str | None = None


class Seen:
    """The cases a batch has come to already: one bit each, so that a batch of a million stays small (law 5)."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def first_time(self, id_: int) -> bool:
        """True the first time an id is asked about."""
        at, bit = id_ >> 3, 1 << (id_ & 7)
        if at >= len(self._bits):
            self._bits.extend(bytes(at + 1024 - len(self._bits)))
        if self._bits[at] & bit:
            return False
        self._bits[at] |= bit
        return True


@dataclass(slots=True)
class Outcome:
    """What happened: how many moved, where to, and who was turned away why."""

    moved: int = 0
    to: dict[str, int] = field(default_factory=dict)
    turned: list[Turned] = field(default_factory=list)
    letters: int = 0


class BatchRefused(Refused):
    """At least one case of an all-or-nothing batch cannot move; nothing was changed."""

    def __init__(self, turned: Sequence[Turned]) -> None:
        first = turned[0]
        many = f"另有{len(turned) - 1}件不能办理。" if len(turned) > 1 else ""
        super().__init__(f"整批未办理：{first.no}：{first.sentence}{many}", clause=first.clause)
        self.turned = list(turned)


def advance(
    desk: Desk,
    move: str,
    wanted: Iterable[Wanted | int],
    *,
    by: Actor,
    as_of: datetime,
    inputs: Mapping[str, Any] | None = None,
    partial: bool = False,
) -> Outcome:
    """Make one move on every wanted case, in one transaction.

    ``as_of`` is now; a case's own ``effective`` (the legal instant of a clock move, D-7) dates it instead.
    ``partial`` moves those that can and reports the rest; otherwise one refusal refuses all.
    Raises Refused (BatchRefused with every reason) and leaves the database as it was.
    """
    with transaction(desk.engine) as tx:
        return advance_in(tx, desk, move, wanted, by=by, as_of=as_of, inputs=inputs, partial=partial)


def advance_in(
    tx: Transaction,
    desk: Desk,
    move: str,
    wanted: Iterable[Wanted | int],
    *,
    by: Actor,
    as_of: datetime,
    inputs: Mapping[str, Any] | None = None,
    partial: bool = False,
    watch: Callable[[Decided], None] | None = None,
) -> Outcome:
    """``advance`` within the caller's transaction; the caller rolls back on Refused.

    ``watch`` is called with every group of cases before it is written.
    """
    outcome = Outcome()
    chain, seats, applications = Chain(tx), Seats(tx), Applications(tx)
    writer = Writer(tx, desk, chain, Mailbag(tx, desk, as_of))
    stated, seen = inputs or {}, Seen()
    for portion in _portions(wanted, PORTION):
        asked = {each.id: each for each in portion if seen.first_time(each.id)}
        loaded = load(tx, list(asked))
        outcome.turned.extend(
            Turned(id_, f"#{id_}", "没有这件申报。")
            for id_ in sorted(asked.keys() - {each.facts.id for each in loaded})
        )
        if by.role is not Role.CLOCK and (late := clock_moves_due(tx, desk, loaded, as_of)):
            outcome.turned.extend(
                Turned(each.facts.id, each.facts.no, late[each.facts.id].sentence, late[each.facts.id].clause)
                for each in loaded
                if each.facts.id in late
            )
            loaded = [each for each in loaded if each.facts.id not in late]
        ordered = sorted(loaded, key=_group) if len(loaded) > 1 else loaded
        for (process, stage), members in groupby(ordered, key=_group):
            machine = desk.processes.machine(process)
            try:
                decided = _decide(
                    machine,
                    stage,
                    move,
                    list(members),
                    asked,
                    by,
                    as_of,
                    stated,
                    desk,
                    seats,
                    applications,
                    outcome,
                )
            except Refused as refusal:
                here = [each for each in ordered if _group(each) == (process, stage)]
                outcome.turned.extend(
                    Turned(each.facts.id, each.facts.no, refusal.sentence, refusal.clause) for each in here
                )
                continue
            for group in decided:
                if watch:
                    watch(group)
                writer.write(group, by, as_of)
                outcome.moved += len(group.cases)
                outcome.to[group.to] = outcome.to.get(group.to, 0) + len(group.cases)
        if outcome.turned and not partial:
            raise BatchRefused(outcome.turned)
        outcome.letters += writer.finish()
    writer.close(by, as_of)
    return outcome


def clock_moves_due(
    tx: Transaction, desk: Desk, members: Sequence[Loaded], as_of: datetime
) -> dict[int, Refused]:
    """Cases the clock should have moved by now, with the refusal of anything else: its move comes first (D-7)."""
    if not members:
        return {}
    of_these, listed = tx.is_one_of("case_id", [each.facts.id for each in members])
    rows = tx.rows(
        f"SELECT case_id, move, about FROM timer WHERE {of_these} AND kind = 'move' AND fires_at <= ?",
        (listed, as_of),
    )
    if not rows:
        return {}
    due = {row[0]: (row[1], row[2]) for row in rows}
    found: dict[int, Refused] = {}
    for each in members:
        if each.facts.id in due:
            name, about = due[each.facts.id]
            label = desk.processes.process(each.facts.process).move(each.facts.stage, name).label
            sentence = f"期限已于{about}届满，“{label}”尚待到期办理，请先运行 linxuan sweep 再办理。"
            found[each.facts.id] = Refused(sentence, clause="D-7")
    return found


def _decide(
    machine: ProcessMachine,
    stage: str,
    name: str,
    members: list[Loaded],
    asked: Mapping[int, Wanted],
    by: Actor,
    as_of: datetime,
    stated: Mapping[str, Any],
    desk: Desk,
    seats: Seats,
    applications: Applications,
    outcome: Outcome,
) -> list[Decided]:
    """Decide the cases of one stage; those alike in where they go and what changes are written together."""
    move = machine.process.move(stage, name)
    routes = machine.routes(stage, name)
    rules = machine.process.rules
    common: Mapping[str, Any] | None = None
    groups: dict[Any, Decided] = {}
    plain = len(routes) == 1 and not routes[0].provided and move.effect is None
    for each in members:
        facts = each.facts
        want = asked[facts.id]
        try:
            refuse_unless_allowed(by, move, facts)
            if want.version is not None and want.version != facts.version:
                raise Refused(
                    f"申报在预览之后已被改动（版本{want.version}→{facts.version}），请重新查看后再办理。"
                )
            effective = want.effective or as_of
            updated = instant(facts.updated_at)
            if updated is not None and effective < updated:
                if want.effective is None:
                    raise Refused(f"办理时间早于该申报最近一次变动（{updated:%Y-%m-%d %H:%M}Z）。")
                effective = updated
            if want.inputs:
                values: Mapping[str, Any] = checked(move, {**stated, **want.inputs})
            else:
                values = common = checked(move, stated) if common is None else common
            if plain:
                to, changes = routes[0].to or stage, {}
            else:
                left = seats.left(machine.process, facts) if move.takes_seat else None
                elsewhere = move.takes_seat and seats.elsewhere(machine.process, facts)
                renewal = applications.standing(move, facts, values)
                around = Circumstances(effective, rules, desk.calendar, values, left, elsewhere, renewal)
                to = machine.destination(stage, name, facts, around)
                changes = dict(move.effect(facts, around)) if move.effect else {}
        except Refused as refusal:
            outcome.turned.append(Turned(facts.id, facts.no, refusal.sentence, refusal.clause))
            continue
        if move.takes_seat:
            seats.take(machine.process, facts)
        key = (to, effective, tuple(changes.items()), facts.id if want.inputs else None)
        group = groups.get(key)
        if group is None:
            group = groups[key] = Decided(machine.process, stage, move, to, effective, changes, values)
        group.cases.append(each)
    return list(groups.values())


def _group(each: Loaded) -> tuple[str, str]:
    return each.facts.process, each.facts.stage


def _portions(wanted: Iterable[Wanted | int], size: int) -> Iterator[list[Wanted]]:
    source = iter(wanted)
    while portion := [each if isinstance(each, Wanted) else Wanted(each) for each in islice(source, size)]:
        yield portion
