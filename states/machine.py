"""The one shared ``transitions`` machine of a process version. It is asked; it is never bound to a row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from transitions import EventData, Machine

from states.checked import Process, clock_moves
from states.conditions import Circumstances, Condition
from states.declaration import Branch, Move
from states.facts import Facts
from states.refusals import Refused


@dataclass(slots=True)
class _Asked:
    """A throw-away model: the facts of one case, the circumstances, and the stage the machine leaves it in."""

    state: str
    facts: Facts
    around: Circumstances


class ProcessMachine:
    """Answers, for one process version, which moves lead where and why not."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self._machine = Machine(
            model=None,
            states=list(process.stages),
            initial=next(iter(process.stages)),
            auto_transitions=False,
            send_event=True,
        )
        self._routes: dict[tuple[str, str], tuple[Branch, ...]] = {}
        for stage in process.stages.values():
            for move in (*stage.moves, *clock_moves(stage)):
                for branch in move.branches:
                    self._machine.add_transition(
                        move.name,
                        stage.key,
                        branch.to or None,
                        conditions=[_asks(c) for c in branch.provided],
                    )

    def routes(self, stage: str, move: str) -> tuple[Branch, ...]:
        """The branches the machine has for a move in a stage, asked of it once and kept.

        Refused in words when the stage does not have the move.
        """
        key = (stage, move)
        found = self._routes.get(key)
        if found is None:
            declared = self.process.move(stage, move)
            known = self._machine.get_transitions(move, source=stage)
            if [each.dest or "" for each in known] != [branch.to for branch in declared.branches]:
                raise ValueError(f"{self.process.key}: the machine and the declaration differ at {key}")
            found = self._routes[key] = declared.branches
        return found

    def destination(self, stage: str, move: str, facts: Facts, around: Circumstances) -> str:
        """Where the move takes this case; the same stage for a move that stays.

        Raises Refused with the first condition that does not hold, its sentence and its clause. Where several
        branches were tried it is the last one's: branches go from the special to the general.
        """
        last_failed: Condition | None = None
        for branch in self.routes(stage, move):
            failed = next((each for each in branch.provided if not each.holds(facts, around)), None)
            if failed is None:
                return branch.to or stage
            last_failed = failed
        assert last_failed is not None
        raise Refused(last_failed.refusal, clause=last_failed.clause_under(around.rules))

    def walk(self, stage: str, move: str, facts: Facts, around: Circumstances) -> str | None:
        """The same question put to ``transitions`` itself, event by event; None when it refuses.

        ``destination`` works set by set and is what the gate uses; a test holds the two together.
        """
        asked = _Asked(stage, facts, around)
        return asked.state if self._machine.events[move].trigger(asked) else None

    def moves_from(self, stage: str) -> tuple[Move, ...]:
        """Every move a person may try in a stage, in the order declared."""
        return self.process.stages[stage].moves


def _asks(condition: Condition) -> Callable[[EventData], bool]:
    def ask(event: EventData) -> bool:
        asked: Any = event.model
        return condition.holds(asked.facts, asked.around)

    return ask
