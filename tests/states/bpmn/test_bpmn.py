"""The process as BPMN 2.0: valid by the OMG's schema, whole, drawn without overlaps, and run by another engine."""

from importlib.resources import files
from itertools import combinations, pairwise
from typing import Any

import pytest
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

from states.bpmn import bpmn
from states.bpmn.writing import DC, DD, DI, MODEL
from states.checked import Process, clock_moves
from states.process import build
from states.rulebook import call_rules

PROCESSES = [("B3", "evaluation"), ("CQ23", "evaluation"), ("CQ23", "training")]
NEVER = "'2099-01-01T00:00:00+08:00'"


def built(call: str, track: str) -> Process:
    return build(call_rules(call).track(track))


@pytest.fixture(scope="module", params=PROCESSES, ids="-".join)
def process(request: pytest.FixtureRequest) -> Process:
    return built(*request.param)


@pytest.fixture(scope="module")
def root(process: Process) -> Any:
    return etree.fromstring(bpmn(process).encode())


@pytest.fixture(scope="module")
def schema() -> Any:
    path = files("SpiffWorkflow").joinpath("bpmn/parser/schema/BPMN20.xsd")
    return etree.XMLSchema(etree.parse(str(path)))


def test_the_file_is_valid_by_the_schema_of_the_omg(root: Any, schema: Any) -> None:
    schema.validate(root)
    assert [str(each) for each in schema.error_log] == []


def test_the_file_without_notices_is_valid_too(process: Process, schema: Any) -> None:
    plain = etree.fromstring(bpmn(process, notices=False).encode())
    assert schema.validate(plain)
    assert plain.findall(f".//{{{MODEL}}}sendTask") == []


def test_every_id_is_given_once_and_every_reference_is_met(root: Any) -> None:
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    named = {"sourceRef", "targetRef", "attachedToRef", "bpmnElement", "processRef"}
    wanted = {each.get(name) for each in root.iter() for name in named if each.get(name)}
    wanted |= {
        each.text
        for tag in ("flowNodeRef", "incoming", "outgoing")
        for each in root.iter(f"{{{MODEL}}}{tag}")
    }
    assert wanted - set(ids) == set()


def test_every_stage_is_a_task_in_the_lane_of_its_holder(process: Process, root: Any) -> None:
    lanes = {
        ref.text: lane.get("name")
        for lane in root.iter(f"{{{MODEL}}}lane")
        for ref in lane.iter(f"{{{MODEL}}}flowNodeRef")
    }
    held = {stage.key: stage.holder.role.label for stage in process.stages.values() if stage.holder}
    assert {key: lanes[key] for key in held} == held


def test_every_way_of_the_process_leads_on_in_the_diagram(process: Process, root: Any) -> None:
    """From each stage, following flows until the next stage or end, one comes exactly where the moves lead."""
    stages = {key for key, stage in process.stages.items() if not stage.end}
    ends = {stage.label: key for key, stage in process.stages.items() if stage.end}
    names = {each.get("id"): each.get("name") for each in root.iter(f"{{{MODEL}}}endEvent")}
    ways: dict[str, set[str]] = {}
    for flow in root.iter(f"{{{MODEL}}}sequenceFlow"):
        ways.setdefault(flow.get("sourceRef"), set()).add(flow.get("targetRef"))
    for event in root.iter(f"{{{MODEL}}}boundaryEvent"):
        ways.setdefault(event.get("attachedToRef"), set()).add(event.get("id"))

    def reached(node: str) -> set[str]:
        found = set()
        for target in ways.get(node, ()):
            if target in stages:
                found.add(target)
            elif target in names:
                found |= {ends[names[target]]} if names[target] in ends else set()
            else:
                found |= reached(target)
        return found

    declared = {
        stage.key: {
            branch.to
            for move in (*stage.moves, *clock_moves(stage))
            for branch in move.branches
            if branch.to and branch.to != stage.key
        }
        for stage in process.stages.values()
        if not stage.end
    }
    assert {key: reached(key) for key in declared} == declared


def test_an_event_leads_one_way(root: Any) -> None:
    out = [len(each.findall(f"{{{MODEL}}}outgoing")) for each in root.iter(f"{{{MODEL}}}boundaryEvent")]
    assert set(out) == {1}


def test_every_deadline_that_moves_a_case_is_an_interrupting_timer(process: Process, root: Any) -> None:
    timers = {
        each.get("id")
        for each in root.iter(f"{{{MODEL}}}boundaryEvent")
        if each.find(f"{{{MODEL}}}timerEventDefinition") is not None and each.get("cancelActivity") == "true"
    }
    assert timers == {f"{s.key}_at_{clock.move.name}" for s in process.stages.values() for clock in s.clock}


def test_a_task_with_a_choice_is_followed_by_a_gateway_whose_flows_ask_which_move(
    root: Any,
) -> None:
    gates = {each.get("id") for each in root.iter(f"{{{MODEL}}}exclusiveGateway")}
    asked = {
        flow.get("id"): flow.find(f"{{{MODEL}}}conditionExpression") is not None
        for flow in root.iter(f"{{{MODEL}}}sequenceFlow")
    }
    from_gates = {
        flow.get("id") for flow in root.iter(f"{{{MODEL}}}sequenceFlow") if flow.get("sourceRef") in gates
    }
    assert {key for key, has in asked.items() if has} == from_gates


def test_no_two_elements_lie_upon_each_other_and_all_lie_in_the_pool(root: Any) -> None:
    def bounds(shape: Any) -> tuple[float, float, float, float]:
        box = shape.find(f"{{{DC}}}Bounds")
        x, y, width, height = (float(box.get(name)) for name in ("x", "y", "width", "height"))
        return x, y, x + width, y + height

    shapes = {each.get("bpmnElement"): bounds(each) for each in root.iter(f"{{{DI}}}BPMNShape")}
    pool = shapes.pop("pool")
    events = {each.get("id"): each.get("attachedToRef") for each in root.iter(f"{{{MODEL}}}boundaryEvent")}
    drawn = {key: box for key, box in shapes.items() if not key.startswith("lane_")}
    upon = [
        (one, other)
        for (one, a), (other, b) in combinations(drawn.items(), 2)
        if a[0] < b[2]
        and b[0] < a[2]
        and a[1] < b[3]
        and b[1] < a[3]
        and other != events.get(one)
        and one != events.get(other)
    ]
    outside = [
        key for key, box in drawn.items() if box[0] < 0 or box[1] < 0 or box[2] > pool[2] or box[3] > pool[3]
    ]
    assert (upon, outside) == ([], [])


def test_no_two_lines_run_upon_each_other_away_from_where_they_meet(root: Any) -> None:
    """Vertical and horizontal stretches of different lines share no track, but for the last step into a task."""
    vertical: dict[float, list[tuple[float, float, str]]] = {}
    flows = {each.get("id"): each.get("sourceRef") for each in root.iter(f"{{{MODEL}}}sequenceFlow")}
    for edge in root.iter(f"{{{DI}}}BPMNEdge"):
        points = [(float(p.get("x")), float(p.get("y"))) for p in edge.iter(f"{{{DD}}}waypoint")]
        for (x1, y1), (x2, y2) in pairwise(points):
            if x1 == x2:
                vertical.setdefault(x1, []).append((min(y1, y2), max(y1, y2), edge.get("bpmnElement")))
    shared = [
        (a[2], b[2])
        for stretches in vertical.values()
        for a, b in combinations(stretches, 2)
        if a[0] < b[1] and b[0] < a[1] and flows[a[2]] != flows[b[2]]
    ]
    assert shared == []


class TestAnotherEngineRunsIt:
    """SpiffWorkflow, which knows nothing of us, runs the file along the moves we name."""

    def begin(self) -> BpmnWorkflow:
        process = built("B3", "evaluation")
        parser = BpmnParser()
        parser.add_bpmn_xml(
            etree.fromstring(
                bpmn(process).replace("due_at<", f"{NEVER}<").replace("notice_at<", f"{NEVER}<").encode()
            )
        )
        workflow = BpmnWorkflow(parser.get_spec("B3_evaluation_v1"))
        workflow.do_engine_steps()
        return workflow

    def at(self, workflow: BpmnWorkflow) -> list[str]:
        ready = workflow.get_tasks(state=TaskState.READY, manual=True)
        return [task.task_spec.bpmn_id for task in ready]

    def go(self, workflow: BpmnWorkflow, move: str, to: str = "") -> None:
        (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
        task.data.update(move=move, to=to)
        task.run()
        workflow.do_engine_steps()

    def test_from_filing_to_the_vote(self) -> None:
        workflow = self.begin()
        walked = self.at(workflow)
        for move in ("submit", "recommend", "begin_review", "pass_initial", "conclude_review", "publicise"):
            self.go(workflow, move)
            walked += self.at(workflow)
        assert walked == [
            "draft", "submitted", "recommended", "initial_review", "expert_review", "recheck", "publicity",
        ]  # fmt: skip

    def test_an_application_that_is_not_recommended_ends(self) -> None:
        workflow = self.begin()
        self.go(workflow, "submit")
        self.go(workflow, "decline")
        assert workflow.completed

    def test_a_correction_goes_back_to_whom_it_came_from(self) -> None:
        workflow = self.begin()
        self.go(workflow, "submit")
        self.go(workflow, "return_for_correction")
        assert self.at(workflow) == ["correcting"]
        self.go(workflow, "resubmit", "submitted")
        assert self.at(workflow) == ["submitted"]
