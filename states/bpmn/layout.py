"""Where the diagram is drawn: lanes of holders one above the other, one column per stage, lines in the gutters.

Units are pixels of the diagram. Elements of a stage stay in its column; a line to another stage leaves into the
gutter right of its column and, unless the other stage comes next, runs along the channel above all lanes. Every
line has a track of its own in gutter and channel, so lines cross but never lie upon each other.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from states.bpmn.elements import Cell, Node, Way
from states.roles import Role

TASK, SMALL = (180, 80), (176, 50)
EVENT, GATE = 36, 50
_ROW, _TRACK = 74, 14
_AFTER_TASK, _AFTER_GATE = 60, 150
_HEAD, _LANE_HEAD = 30, 30
_GAP = 30
_START = 90
_LABEL_HEIGHT, _CHARACTER = 14, 11.5

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Line:
    """A flow as drawn: its ends, its name, the condition it asks, its corners, and where its name stands."""

    id: str
    source: str
    target: str
    name: str
    condition: str
    points: tuple[Point, ...]
    label: Box | None


@dataclass(slots=True)
class Drawing:
    """Everything with its place; ``lanes`` from top to bottom with what stands in each."""

    pool: Box
    lanes: dict[Role, Box]
    boxes: dict[str, Box] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def draw(start: Node, cells: list[Cell]) -> Drawing:
    """Give every element of the diagram its place, and every line its corners."""
    return _Plan(start, cells).drawn()


class _Plan:
    def __init__(self, start: Node, cells: list[Cell]) -> None:
        self._start, self._cells = start, cells
        self._column = {cell.stage.key: n for n, cell in enumerate(cells)}
        leaving = [(n, way) for n, cell in enumerate(cells) for way in cell.ways if way.to]
        self._long = [(n, way) for n, way in leaving if self._column[way.to] != n + 1]
        tracks = Counter(n for n, way in leaving)
        tracks.update(self._column[way.to] - 1 for _, way in self._long)
        self._gutters = {n: 2 * _GAP + tracks[n] * _TRACK for n in range(-1, len(cells))}
        self._tracks: Counter[int] = Counter()
        self._channel = 0
        self._left = self._columns()
        lanes = list(dict.fromkeys(sorted((c.task.lane for c in cells), key=list(Role).index)))
        top = _GAP + len(self._long) * _TRACK
        self._top = dict.fromkeys(lanes, 0.0)
        self.drawing = Drawing(Box(0, 0, 0, 0), {})
        width = self._left[-1] + _GAP
        y = 0.0
        for place, lane in enumerate(lanes):
            mine = [cell for cell in cells if cell.task.lane is lane]
            above = max(len(cell.above) for cell in mine) * _ROW + _GAP
            height = above + TASK[1] + max(_rows_below(cell) for cell in mine) * _ROW + _GAP
            begins = y
            if place == 0:
                y += top
            self._top[lane] = y + above
            y += height
            self.drawing.lanes[lane] = Box(_HEAD, begins, width - _HEAD, y - begins)
        self.drawing.pool = Box(0, 0, width, y)

    def _columns(self) -> list[float]:
        lefts, x = [], float(_HEAD + _LANE_HEAD + _START + self._gutters[-1])
        for n, cell in enumerate(self._cells):
            lefts.append(x)
            x += _cell_width(cell) + self._gutters[n]
        return [*lefts, x]

    def drawn(self) -> Drawing:
        for n, cell in enumerate(self._cells):
            self._place(n, cell)
        first = self._cells[0]
        x, y = self._left[0], self._top[first.task.lane] + TASK[1] / 2
        self._put(self._start, Box(_HEAD + _LANE_HEAD + _GAP, y - EVENT / 2, EVENT, EVENT))
        at = _HEAD + _LANE_HEAD + _GAP + EVENT
        self._line(self._start, first.task.id, "", "", ((at, y), (x, y)))
        for n, cell in enumerate(self._cells):
            self._connect(n, cell)
        return self.drawing

    def _put(self, node: Node, box: Box, label: Box | None = None) -> None:
        self.drawing.nodes[node.id] = node
        self.drawing.boxes[node.id] = box
        if label is not None and node.name:
            self.drawing.labels[node.id] = label

    def _place(self, n: int, cell: Cell) -> None:
        x, y = self._left[n], self._top[cell.task.lane]
        self._put(cell.task, Box(x, y, *TASK))
        if cell.gateway:
            gate = x + TASK[0] + _AFTER_TASK
            self._put(cell.gateway, Box(gate, y + TASK[1] / 2 - GATE / 2, GATE, GATE))
        for place, way in enumerate(cell.above):
            self._event(way.source, x + 20 + place * 52, y)
        for place, way in enumerate(cell.below):
            self._event(way.source, x + 12 + place * 44, y + TASK[1])

    def _event(self, node: Node, x: float, border: float) -> None:
        self._put(node, Box(x, border - EVENT / 2, EVENT, EVENT))

    def _row_above(self, cell: Cell, place: int) -> float:
        return self._top[cell.task.lane] - (place + 1) * _ROW + 20

    def _row_below(self, cell: Cell, place: int) -> float:
        return self._top[cell.task.lane] + TASK[1] + (place + 1) * _ROW - 20

    def _connect(self, n: int, cell: Cell) -> None:
        middle = self._top[cell.task.lane] + TASK[1] / 2
        right = self._left[n] + TASK[0]
        if cell.gateway:
            gate = right + _AFTER_TASK
            self._line(cell.task, cell.gateway.id, "", "", ((right, middle), (gate, middle)))
            right = gate + GATE
        if cell.ahead:
            self._finish(
                n,
                cell,
                cell.ahead,
                [(right, middle)],
                middle,
                _label(cell.ahead.name, right + 6, middle - 20),
            )
        # The event furthest right takes the row next to the task: no line crosses the way of another.
        for place, way in enumerate(reversed(cell.above)):
            x = self.drawing.boxes[way.source.id].middle[0]
            self._leave(
                n, cell, way, (x, self._top[cell.task.lane] - EVENT / 2), self._row_above(cell, place)
            )
        for place, way in enumerate(cell.chosen):
            row = self._row_below(cell, place)
            self._leave(n, cell, way, (right - GATE / 2, middle + GATE / 2), row)
        for place, way in enumerate(reversed(cell.below)):
            x = self.drawing.boxes[way.source.id].middle[0]
            bottom = self._top[cell.task.lane] + TASK[1] + EVENT / 2
            self._leave(n, cell, way, (x, bottom), self._row_below(cell, len(cell.chosen) + place))

    def _leave(self, n: int, cell: Cell, way: Way, at: Point, row: float) -> None:
        if way.source.on:
            self.drawing.labels[way.source.id] = _label(way.source.name, at[0] + 6, row - _LABEL_HEIGHT - 3)
        label = _label(way.name, at[0] + 6, row - _LABEL_HEIGHT - 3)
        points = [at, (at[0], row)]
        if way.through:
            x = self._left[n] + TASK[0] + _AFTER_TASK + GATE + 10
            self._put(way.through, Box(x, row - SMALL[1] / 2, *SMALL))
            self._line(way.source, way.through.id, way.name, way.condition, (*points, (x, row)), label)
            self._finish(n, cell, way, [(x + SMALL[0], row)], row, None)
            return
        self._finish(n, cell, way, points, row, label)

    def _finish(
        self, n: int, cell: Cell, way: Way, points: list[Point], row: float, label: Box | None
    ) -> None:
        source = way.through or way.source
        name, condition = ("", "") if way.through else (way.name, way.condition)
        if way.end:
            x = self._left[n] + _cell_width(cell) - EVENT
            self._put(
                way.end,
                Box(x, row - EVENT / 2, EVENT, EVENT),
                _label(way.end.name, x - 12, row + EVENT / 2 + 2),
            )
            self._line(source, way.end.id, name, condition, (*points, (x, row)), label)
            return
        target = self._column[way.to]
        into = self._left[target], self._top[self._cells[target].task.lane] + TASK[1] / 2
        bus = self._track(n)
        route: list[Point] = [*points, (bus, row)]
        if target != n + 1:
            self._channel += 1
            high = _GAP / 2 + self._channel * _TRACK
            down = self._track(target - 1)
            route += [(bus, high), (down, high), (down, into[1])]
        else:
            route += [(bus, into[1])]
        self._line(source, way.to, name, condition, (*route, into), label)

    def _track(self, gutter: int) -> float:
        """The next free vertical track of a gutter: -1 lies before the first column."""
        self._tracks[gutter] += 1
        begins = self._left[gutter + 1] - self._gutters[gutter]
        return begins + _GAP + self._tracks[gutter] * _TRACK

    def _line(
        self,
        source: Node,
        target: str,
        name: str,
        condition: str,
        points: Iterable[Point],
        label: Box | None = None,
    ) -> None:
        straight = _without_repeats(points)
        key = f"flow_{source.id}__{target}"
        self.drawing.lines.append(
            Line(key, source.id, target, name, condition, straight, label if name else None)
        )


def _cell_width(cell: Cell) -> float:
    """Task, gateway, whatever is done on the way, and an end."""
    names = max((len(way.name) for way in cell.ways if way.source.tag != "boundaryEvent"), default=0)
    beyond = max(SMALL[0] + 60 if any(way.through for way in cell.ways) else 0, names * _CHARACTER, 70)
    return TASK[0] + _AFTER_TASK + GATE + beyond + EVENT


def _rows_below(cell: Cell) -> int:
    return len(cell.chosen) + len(cell.below)


def _label(words: str, x: float, y: float) -> Box:
    return Box(x, y, max(1, round(len(words) * _CHARACTER)), _LABEL_HEIGHT)


def _without_repeats(points: Iterable[Point]) -> tuple[Point, ...]:
    kept: list[Point] = []
    for point in points:
        if not kept or kept[-1] != point:
            kept.append(point)
    return tuple(kept)
