"""One case: where it stands and why until then, what may be done, and everything kept about it."""

from fastapi import Response

from casework.case_file import CaseFile, case_file
from casework.case_notes import note_down
from casework.history import LETTER_STATES, CaseView
from dashboard.answer_policies import DRAWING
from dashboard.area import Here
from dashboard.cases.area import area
from dashboard.choices import short_place
from dashboard.visit import Visit
from states.bpmn import bpmn
from states.checked import clock_moves
from states.labels import TRACKS
from states.occupations import find_occupation
from states.places import OFFICES
from states.roles import Role


@area.get("/cases/{no}", action="case.see")
def show_case(visit: Here, no: str) -> Response:
    """The page of a case."""
    return case_page(visit, no)


@area.get("/cases/{no}/path", action="process.see")
def show_path(visit: Here, no: str) -> Response:
    """The way the case took, on the diagram of its own process version and as a table."""
    file = _file(visit, no)
    answer = visit.page(
        "cases/path.html.j2",
        file=file,
        case=file.history.case,
        steps=steps(file),
        source=f"/cases/{no}/process.bpmn",
    )
    answer.headers["Content-Security-Policy"] = DRAWING
    return answer


@area.get("/cases/{no}/process.bpmn", action="process.see")
def give_process(visit: Here, no: str) -> Response:
    """The diagram of the process version the case is pinned to."""
    text = bpmn(_file(visit, no).history.case.process, notices=False)
    return visit.answer(Response(text, media_type="application/xml"))


@area.post("/cases/{no}/notes", action="case.note")
def add_note(visit: Here, no: str) -> Response:
    """Keep a note for one's own office."""
    note_down(visit.desk, no, visit.field("words"), by=visit.actor, as_of=visit.as_of)
    return visit.go(f"/cases/{no}#notes", visit.say("case.noted"))


def case_page(visit: Visit, no: str) -> Response:
    """The page of a case, for whoever shows it."""
    file = _file(visit, no)
    case = file.history.case
    here = {
        move.name
        for move in (*case.process.stages[case.stage].moves, *clock_moves(case.process.stages[case.stage]))
    }
    labels = case.process.labels
    holder = case.process.stages[case.stage].holder
    return visit.page(
        "cases/case.html.j2",
        file=file,
        case=case,
        limit=holder.limit if holder else None,
        occupation=find_occupation(case.occupation, case.process.rules.occupations.value).title,
        recommender=OFFICES[case.channel].name,
        province=short_place(f"P{case.province}"),
        track=TRACKS[case.track],
        not_here=[(labels[name], why) for name, why in case.why_not.items() if name in here],
        elsewhere=[(labels[name], why) for name, why in case.why_not.items() if name not in here],
        steps=steps(file),
        states=LETTER_STATES,
        asked=asked_labels(case),
        role=Role,
    )


def steps(file: CaseFile) -> list[tuple[str, str, object]]:
    """The stages the case went through, in order: key, label, the entry that led there."""
    case = file.history.case
    keys = {stage.label: key for key, stage in case.process.stages.items()}
    found: list[tuple[str, str, object]] = []
    for entry in file.history.happened:
        if entry.kind != "move" or not entry.to_stage or (found and found[-1][1] == entry.to_stage):
            continue
        found.append((keys.get(entry.to_stage, entry.to_stage), entry.to_stage, entry))
    if not found or found[-1][0] != case.stage:
        found.append((case.stage, case.stage_label, None))
    return found


def asked_labels(case: CaseView) -> dict[str, str]:
    """What is stated with moves, by the printed names of what was asked."""
    return {
        ask.key: ask.label
        for stage in case.process.stages.values()
        for move in stage.moves
        for ask in move.asks
    }


def _file(visit: Visit, no: str) -> CaseFile:
    visit.desk.calendar = visit.ground.installation.calendar()
    return case_file(visit.desk, no, as_of=visit.as_of, actor=visit.actor)
