"""The diagram of a call's process with live counts, and the same as a table."""

from fastapi import Response

from casework.calls import kept_calls
from casework.stage_counts import MOST, stage_counts
from dashboard.answer_policies import DRAWING
from dashboard.area import Area, Here
from dashboard.refusing import NotThere
from dashboard.visit import Visit
from states.bpmn import bpmn
from states.checked import Process
from states.labels import TRACKS
from states.roles import Role

area = Area()


@area.get("/map", action="process.see")
def list_maps(visit: Here) -> Response:
    """Every process kept here."""
    found = [
        (call, track, TRACKS[track])
        for call in reversed(kept_calls(visit.desk))
        for track in call.rules.tracks
    ]
    return visit.page("process_map/list.html.j2", maps=found)


@area.get("/map/{call}/{track}", action="process.see")
def show_map(visit: Here, call: str, track: str) -> Response:
    """One process: how many stand where, and how many of them are late."""
    process = _process(visit, call, track)
    found = stage_counts(visit.desk, call, track, as_of=visit.as_of, actor=visit.actor)
    answer = visit.page(
        "process_map/map.html.j2", call=call, track=track, title=f"{process.rules.name} · {TRACKS[track]}",
        stages=found, most=MOST, role=Role, source=f"/map/{call}/{track}/process.bpmn",
    )  # fmt: skip
    answer.headers["Content-Security-Policy"] = DRAWING
    return answer


@area.get("/map/{call}/{track}/process.bpmn", action="process.see")
def give_bpmn(visit: Here, call: str, track: str) -> Response:
    """The diagram as BPMN 2.0."""
    text = bpmn(_process(visit, call, track), notices=False)
    return visit.answer(Response(text, media_type="application/xml"))


def _process(visit: Visit, call: str, track: str) -> Process:
    known = {(each.code, name) for each in kept_calls(visit.desk) for name in each.rules.tracks}
    if (call, track) not in known:
        raise NotThere
    return visit.desk.processes.process(visit.desk.processes.key_for(call, track))
