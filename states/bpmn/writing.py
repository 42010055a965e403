"""A process as BPMN 2.0 XML with diagram interchange, as the OMG's schema asks for it."""

from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from states.bpmn.elements import Node, cells
from states.bpmn.layout import Box, Drawing, Line, draw
from states.checked import Process
from states.labels import TRACKS

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PREFIXES = {"bpmn": MODEL, "bpmndi": DI, "dc": DC, "di": DD, "xsi": XSI}


def bpmn(process: Process, *, notices: bool = True) -> str:
    """The process as one BPMN file: a lane per holder, a task per stage, its id the stage's key.

    Timer events wait for ``due_at``, conditions of flows ask for ``move`` (and ``to`` where a move may lead to
    several stages), which an engine that runs the file has to supply. ``notices`` adds reminders and escalations.
    """
    for prefix, uri in _PREFIXES.items():
        register_namespace(prefix, uri)
    declared = cells(process, notices=notices)
    start = Node("begin", "startEvent", "开始填报", declared[0].task.lane)
    drawing = draw(start, declared)
    root = Element(
        f"{{{MODEL}}}definitions",
        {"id": "definitions", "targetNamespace": "urn:linxuan:process", "name": process.rules.name},
    )
    key = process.key.replace("/", "_").replace("@", "_v")
    _collaboration(root, process, key)
    _process(root, key, drawing)
    _diagram(root, drawing)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _collaboration(root: Element, process: Process, key: str) -> None:
    made = SubElement(root, f"{{{MODEL}}}collaboration", {"id": "collaboration"})
    name = f"{process.rules.name}·{TRACKS[process.rules.track]}机构（{process.key}）"
    SubElement(made, f"{{{MODEL}}}participant", {"id": "pool", "name": name, "processRef": key})


def _process(root: Element, key: str, drawing: Drawing) -> None:
    made = SubElement(root, f"{{{MODEL}}}process", {"id": key, "isExecutable": "true"})
    lanes = SubElement(made, f"{{{MODEL}}}laneSet", {"id": "lanes"})
    for role in drawing.lanes:
        lane = SubElement(lanes, f"{{{MODEL}}}lane", {"id": f"lane_{role}", "name": role.label})
        for node in drawing.nodes.values():
            if node.lane is role:
                SubElement(lane, f"{{{MODEL}}}flowNodeRef").text = node.id
    for node in drawing.nodes.values():
        _node(made, node, drawing.lines)
    for line in drawing.lines:
        words = {"id": line.id, "sourceRef": line.source, "targetRef": line.target}
        flow = SubElement(
            made, f"{{{MODEL}}}sequenceFlow", words | ({"name": line.name} if line.name else {})
        )
        if line.condition:
            asked = SubElement(
                flow, f"{{{MODEL}}}conditionExpression", {f"{{{XSI}}}type": "bpmn:tFormalExpression"}
            )
            asked.text = line.condition


def _node(made: Element, node: Node, lines: list[Line]) -> None:
    words = {"id": node.id}
    if node.name:
        words["name"] = node.name
    if node.on:
        words |= {"attachedToRef": node.on, "cancelActivity": str(node.interrupts).lower()}
    element = SubElement(made, f"{{{MODEL}}}{node.tag}", words)
    if node.says:
        SubElement(element, f"{{{MODEL}}}documentation").text = node.says
    for line in lines:
        if line.target == node.id:
            SubElement(element, f"{{{MODEL}}}incoming").text = line.id
    for line in lines:
        if line.source == node.id:
            SubElement(element, f"{{{MODEL}}}outgoing").text = line.id
    if node.waits_for == "message":
        SubElement(element, f"{{{MODEL}}}messageEventDefinition", {"id": f"{node.id}_message"})
    elif node.waits_for:
        timer = SubElement(element, f"{{{MODEL}}}timerEventDefinition", {"id": f"{node.id}_timer"})
        at = SubElement(timer, f"{{{MODEL}}}timeDate", {f"{{{XSI}}}type": "bpmn:tFormalExpression"})
        at.text = node.waits_for


def _diagram(root: Element, drawing: Drawing) -> None:
    diagram = SubElement(root, f"{{{DI}}}BPMNDiagram", {"id": "diagram"})
    plane = SubElement(diagram, f"{{{DI}}}BPMNPlane", {"id": "plane", "bpmnElement": "collaboration"})
    _shape(plane, "pool", drawing.pool, {"isHorizontal": "true"})
    for role, box in drawing.lanes.items():
        _shape(plane, f"lane_{role}", box, {"isHorizontal": "true"})
    for key, node in drawing.nodes.items():
        marked = {"isMarkerVisible": "true"} if node.tag == "exclusiveGateway" else {}
        _shape(plane, key, drawing.boxes[key], marked, drawing.labels.get(key))
    for line in drawing.lines:
        edge = SubElement(plane, f"{{{DI}}}BPMNEdge", {"id": f"{line.id}_di", "bpmnElement": line.id})
        for x, y in line.points:
            SubElement(edge, f"{{{DD}}}waypoint", {"x": _number(x), "y": _number(y)})
        _label(edge, line.label)


def _shape(plane: Element, key: str, box: Box, more: dict[str, str], label: Box | None = None) -> None:
    shape = SubElement(plane, f"{{{DI}}}BPMNShape", {"id": f"{key}_di", "bpmnElement": key} | more)
    _bounds(shape, box)
    _label(shape, label)


def _label(of: Element, box: Box | None) -> None:
    if box is not None:
        _bounds(SubElement(of, f"{{{DI}}}BPMNLabel"), box)


def _bounds(of: Element, box: Box) -> None:
    places = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    SubElement(of, f"{{{DC}}}Bounds", {key: _number(value) for key, value in places.items()})


def _number(value: float) -> str:
    return f"{round(value, 1):g}" if abs(value) < 100000 else str(round(value))
