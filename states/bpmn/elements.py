"""What stands in the diagram of a process: per stage a task, the ways out of it, and where each way leads.

The holder's ways leave through a gateway behind the task; what others may do, and what the clock does, sits on the
task's border as events. Every end a stage can lead to is drawn beside it, so that no line crosses the page for it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from states.checked import Process
from states.declaration import ClockMove, Escalation, Move, Reminder, Stage
from states.roles import Role
from states.spans import Span


@dataclass(frozen=True, slots=True)
class Node:
    """One element: its id, its BPMN tag, its Chinese name, what is said of it, and for events what they wait for.

    ``on`` is the task an event sits on; ``interrupts`` whether the task ends with it.
    """

    id: str
    tag: str
    name: str
    lane: Role
    says: str = ""
    waits_for: str = ""
    on: str = ""
    interrupts: bool = True


@dataclass(frozen=True, slots=True)
class Way:
    """One way out: from ``source``, perhaps through something done on the way, to an end here or to a stage."""

    source: Node
    name: str = ""
    condition: str = ""
    through: Node | None = None
    end: Node | None = None
    to: str = ""


@dataclass(slots=True)
class Cell:
    """A stage in the diagram: its task, the gateway behind it if it has a choice, and the ways out.

    ``ahead`` leaves straight to the right; ``above`` are what others may do, ``chosen`` the holder's other ways,
    ``below`` what the clock does.
    """

    stage: Stage
    task: Node
    gateway: Node | None = None
    ahead: Way | None = None
    above: list[Way] = field(default_factory=list)
    chosen: list[Way] = field(default_factory=list)
    below: list[Way] = field(default_factory=list)

    @property
    def ways(self) -> Iterator[Way]:
        """Every way out."""
        if self.ahead:
            yield self.ahead
        yield from (*self.above, *self.chosen, *self.below)


def cells(process: Process, *, notices: bool = True) -> list[Cell]:
    """The diagram of a process, stage by stage in declared order; ``notices`` adds reminders and escalations."""
    open_stages = [stage for stage in process.stages.values() if not stage.end]
    after = {stage.key: later.key for stage, later in pairwise(open_stages)}
    return [_cell(process, stage, after.get(stage.key, ""), notices) for stage in open_stages]


def _cell(process: Process, stage: Stage, next_key: str, notices: bool) -> Cell:
    assert stage.holder is not None
    lane = stage.holder.role
    tag = "task" if lane is Role.CLOCK else "userTask"
    cell = Cell(stage, Node(stage.key, tag, stage.label, lane, _told(process, stage)))
    own = _grouped(stage, (each for each in stage.moves if lane in each.by))
    if len(own) > 1:
        cell.gateway = Node(f"{stage.key}_choice", "exclusiveGateway", "", lane)
    out = cell.gateway or cell.task
    for to, moves in own.items():
        way = _way(process, stage, out, to, moves, condition=len(own) > 1)
        if to == next_key and cell.ahead is None:
            cell.ahead = way
        else:
            cell.chosen.append(way)
    if cell.ahead is None and len(own) == 1:
        cell.ahead = cell.chosen.pop()
    for to, moves in _grouped(stage, (each for each in stage.moves if lane not in each.by)).items():
        # One event leads one way: a move that may lead several ways is an event for each.
        several = any(_leads_several_ways(each) for each in moves)
        event = Node(
            f"{stage.key}_on_{moves[0].name}_{to}" if several else f"{stage.key}_on_{moves[0].name}",
            "boundaryEvent",
            f"{_names(moves)}（转入{process.stages[to].label}）" if several else _names(moves),
            lane, waits_for="message", on=stage.key,
        )  # fmt: skip
        cell.above.append(_way(process, stage, event, to, moves))
    cell.below += [_by_clock(process, stage, clock) for clock in stage.clock]
    if notices:
        cell.below += _notices(stage, lane)
    return cell


def _grouped(stage: Stage, moves: Iterable[Move]) -> dict[str, list[Move]]:
    """The moves that leave the stage, by where they lead."""
    found: dict[str, list[Move]] = {}
    for move in moves:
        for to in dict.fromkeys(branch.to for branch in move.branches):
            if to and to != stage.key:
                found.setdefault(to, []).append(move)
    return found


def _way(
    process: Process, stage: Stage, source: Node, to: str, moves: list[Move], *, condition: bool = False
) -> Way:
    names = _names(moves) if source.tag != "boundaryEvent" else ""
    asked = ""
    if condition:
        chosen = " or ".join(f"move == '{each.name}'" for each in moves)
        several = any(map(_leads_several_ways, moves))
        asked = f"({chosen}) and to == '{to}'" if several else chosen
    return _ending(process, stage, Way(source, names, asked, to=to), f"by_{moves[0].name}")


def _ending(process: Process, stage: Stage, way: Way, by: str) -> Way:
    """The same way, with an end drawn here where it leads to one."""
    target = process.stages[way.to]
    if not target.end:
        return way
    assert stage.holder is not None
    made = Node(
        f"{stage.key}_{target.key}_{by}", "endEvent", target.label, stage.holder.role, f"依据{target.clause}"
    )
    return Way(way.source, way.name, way.condition, way.through, made)


def _by_clock(process: Process, stage: Stage, clock: ClockMove) -> Way:
    assert stage.holder is not None
    lane, move = stage.holder.role, clock.move
    when = clock.when_due or stage.holder.limit
    assert when is not None
    event = Node(
        f"{stage.key}_at_{move.name}", "boundaryEvent", when.label, lane, f"{when.label}（{when.clause}）",
        "due_at", stage.key,
    )  # fmt: skip
    does = Node(f"{stage.key}_{move.name}", "serviceTask", move.label, lane, f"依据{move.clause}")
    return _ending(process, stage, Way(event, through=does, to=move.branches[0].to), f"at_{move.name}")


def _notices(stage: Stage, lane: Role) -> Iterator[Way]:
    """Reminders before and escalations after the limit: letters that leave the task running."""
    for n, each in enumerate(stage.reminders, 1):
        before = _turns(each.before)
        yield _notice(stage, lane, f"remind{n}", f"到期前{before}", f"提醒{each.role.label}", each)
    for n, late in enumerate(stage.escalations, 1):
        again = f"，此后每{late.every.text()}" if late.every else ""
        yield _notice(
            stage, lane, f"escalate{n}", f"逾期{late.after.text()}{again}", f"报{late.role.label}", late
        )


def _notice(stage: Stage, lane: Role, key: str, when: str, does: str, note: Reminder | Escalation) -> Way:
    event = Node(
        f"{stage.key}_{key}",
        "boundaryEvent",
        when,
        lane,
        f"{when}（{note.clause}）",
        "notice_at",
        stage.key,
        False,
    )
    sends = Node(f"{stage.key}_{key}_letter", "sendTask", does, lane, f"通知{note.letter}，依据{note.clause}")
    over = Node(f"{stage.key}_{key}_sent", "endEvent", "", lane)
    return Way(event, through=sends, end=over)


def _turns(spans: Iterable[Span]) -> str:
    """Several spans briefly: 10、3、1个工作日."""
    texts = [span.text() for span in spans]
    units = {text.lstrip("0123456789") for text in texts}
    if len(units) > 1:
        return "、".join(texts)
    unit = units.pop()
    return "、".join(text.removesuffix(unit) for text in texts) + unit


def _told(process: Process, stage: Stage) -> str:
    """What the task's documentation says: clause, limit, and what may be done without leaving the stage."""
    assert stage.holder is not None
    lines = [f"依据{stage.clause}"]
    if stage.holder.limit:
        lines.append(f"办理期限：{stage.holder.limit.label}（{stage.holder.limit.clause}）")
    stays = [
        move.label for move in stage.moves if move.stays or any(b.to == stage.key for b in move.branches)
    ]
    if stays:
        lines.append(f"不离开本环节可办理：{'、'.join(dict.fromkeys(stays))}")
    lines += [f"每年{each.month}月{each.day}日前：{each.label}（{each.clause}）" for each in stage.duties]
    return "\n".join(lines)


def _leads_several_ways(move: Move) -> bool:
    return len({branch.to for branch in move.branches}) > 1


def _names(moves: list[Move]) -> str:
    return "／".join(dict.fromkeys(move.label for move in moves))
