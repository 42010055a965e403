"""A process that has checked itself: what is declared hangs together, or it does not start."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from states.declaration import Escalation, Move, Reminder, Stage
from states.refusals import Refused
from states.roles import Role

if TYPE_CHECKING:
    from states.rulebook import TrackRules


class Process:
    """One track of one call: its stages, in order, and the rules they were built from.

    Raises ValueError naming every fault when the declaration is unsound: an unknown or unreachable stage, a
    stage without a way out, a limit that passes in silence, a move declared twice in a stage or meaning two
    things, a letter told to nobody.
    """

    def __init__(self, key: str, rules: "TrackRules", stages: Iterable[Stage]) -> None:
        self.key = key
        self.rules = rules
        declared = tuple(stages)
        self.stages = {stage.key: stage for stage in declared}
        faults = list(_faults(declared, self.stages))
        if faults:
            raise ValueError(f"process {key}: " + "; ".join(faults))
        self._moves = {
            (stage.key, move.name): move for stage in declared for move in (*stage.moves, *clock_moves(stage))
        }
        self.labels = {name: move.label for (_, name), move in self._moves.items()}

    def stage(self, key: str) -> Stage:
        """The stage of that key; KeyError when there is none."""
        return self.stages[key]

    def move(self, stage: str, name: str) -> Move:
        """The move of that name in that stage; refused in words, naming what can be done there."""
        found = self._moves.get((stage, name))
        if found is not None:
            return found
        here = self.stages[stage]
        if name not in self.labels:
            raise Refused(f"没有名为“{name}”的办理动作，可用的有：{'、'.join(sorted(self.labels))}。")
        can = "、".join(f"{move.label}（{move.name}）" for move in here.moves) or "无（已办结）"
        raise Refused(f"“{here.label}”环节不能“{self.labels[name]}”，可办理的有：{can}。", clause=here.clause)

    @property
    def seat_stages(self) -> tuple[str, ...]:
        """Stages in which a case counts against the quota of its occupation."""
        return tuple(key for key, stage in self.stages.items() if stage.takes_seat)

    @property
    def directory_stages(self) -> tuple[str, ...]:
        """Stages in which an institution stands in the public directory."""
        return tuple(key for key, stage in self.stages.items() if stage.in_directory)

    def letters(self) -> dict[str, frozenset[Role]]:
        """Every letter the process may owe, with the roles it tells."""
        told: dict[str, set[Role]] = defaultdict(set)
        for stage in self.stages.values():
            for move in (*stage.moves, *clock_moves(stage)):
                if move.letter:
                    told[move.letter].update(move.tells)
            for reminder in stage.reminders:
                told[reminder.letter].add(reminder.role)
            for escalation in stage.escalations:
                told[escalation.letter].add(escalation.role)
            if stage.duties:
                told["duty_due"].add(Role.APPLICANT)
                told["duty_overdue"].add(Role.APPLICANT)
        return {letter: frozenset(roles) for letter, roles in sorted(told.items())}

    def clauses(self) -> frozenset[str]:
        """Every clause id the process cites."""
        found: set[str] = set()
        for stage in self.stages.values():
            found.add(stage.clause)
            for move in (*stage.moves, *clock_moves(stage)):
                found.add(move.clause)
                found.update(
                    condition.clause_under(self.rules)
                    for branch in move.branches
                    for condition in branch.provided
                )
            found.update(each.clause for each in stage.reminders)
            found.update(each.clause for each in stage.escalations)
            found.update(each.clause for each in stage.duties)
            if stage.holder and stage.holder.limit:
                found.add(stage.holder.limit.clause)
        return frozenset(found)


def clock_moves(stage: Stage) -> tuple[Move, ...]:
    """The moves the clock makes in a stage."""
    return tuple(clock.move for clock in stage.clock)


def _faults(declared: tuple[Stage, ...], stages: dict[str, Stage]) -> Iterable[str]:
    if len(stages) != len(declared):
        yield "a stage is declared twice"
    meanings: dict[str, str] = {}
    for stage in declared:
        moves = (*stage.moves, *clock_moves(stage))
        names = [move.name for move in moves]
        yield from (
            f"{stage.key}: move {name} is declared twice" for name in set(names) if names.count(name) > 1
        )
        for move in moves:
            if meanings.setdefault(move.name, move.label) != move.label:
                yield f"{stage.key}: move {move.name} means two things"
            if bool(move.letter) != bool(move.tells):
                yield f"{stage.key}: move {move.name} has a letter without readers, or readers without a letter"
            for branch in move.branches:
                if branch.to and branch.to not in stages:
                    yield f"{stage.key}: move {move.name} leads to unknown stage {branch.to}"
            if any(bool(branch.to) == move.stays for branch in move.branches):
                yield f"{stage.key}: move {move.name} both stays and leaves"
        yield from _silent(stage)
        if not stage.end and not any(branch.to for move in moves for branch in move.branches):
            yield f"{stage.key}: no way out"
    yield from _unreachable(declared, stages)


def _silent(stage: Stage) -> Iterable[str]:
    """A limit must end in a move or be escalated; a timer without an anchor of its own needs the stage's limit."""
    limit = stage.holder.limit if stage.holder else None
    at_limit = any(clock.when_due is None for clock in stage.clock)
    if limit and not at_limit and not any(note.of is None for note in stage.escalations):
        yield f"{stage.key}: the limit passes in silence"
    if not stage.end and stage.holder is None:
        yield f"{stage.key}: nobody holds it"
    notes: tuple[Reminder | Escalation, ...] = (*stage.reminders, *stage.escalations)
    unanchored = any(note.of is None for note in notes)
    if limit is None and (at_limit or unanchored):
        yield f"{stage.key}: a timer hangs on a limit the stage does not have"


def _unreachable(declared: tuple[Stage, ...], stages: dict[str, Stage]) -> Iterable[str]:
    if not declared:
        yield "no stages"
        return
    seen, front = {declared[0].key}, [declared[0].key]
    while front:
        here = stages[front.pop()]
        for move in (*here.moves, *clock_moves(here)):
            for branch in move.branches:
                if branch.to and branch.to in stages and branch.to not in seen:
                    seen.add(branch.to)
                    front.append(branch.to)
    yield from (f"{key}: unreachable" for key in stages if key not in seen)
    can_end = {key for key, stage in stages.items() if stage.end}
    while True:
        more = {
            key
            for key, stage in stages.items()
            if key not in can_end
            and any(b.to in can_end for m in (*stage.moves, *clock_moves(stage)) for b in m.branches)
        }
        if not more:
            break
        can_end |= more
    yield from (f"{key}: no end can be reached from it" for key in stages if key not in can_end)
