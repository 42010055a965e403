"""A filed application as its institution sees it: where it stands and why, what is asked of it, what it may do."""

from fastapi import Response

from casework.applying.correcting import begin_correction, markable, marks_of
from casework.applying.received import received
from casework.gate import Wanted, advance
from casework.history import History, history
from casework.possible import Possible
from dashboard.apply.papers import attachment
from dashboard.apply.site import area
from dashboard.area import Here
from dashboard.refusing import NotThere
from dashboard.visit import Visit
from records.transaction import reading
from states.forms import FormKind, form_of
from states.labels import MATERIALS
from states.refusals import Refused


@area.get("/cases/{no}", action="application.write")
def show_case(visit: Here, no: str) -> Response:
    """Progress in plain words."""
    return _case(visit, no)


@area.post("/cases/{no}/correct", action="application.write")
def correct(visit: Here, no: str) -> Response:
    """Begin to mend a returned case, in the form as it was filed."""
    told = find(visit, no)
    return visit.go(
        f"/apply/drafts/{begin_correction(visit.desk, told.case.no, by=visit.actor, as_of=visit.as_of)}"
    )


@area.post("/cases/{no}/answer", action="application.write")
def answer(visit: Here, no: str) -> Response:
    """Say something to what falls short of an “一般应”."""
    return _move(visit, no, "answer_warnings", {"answer": visit.field("answer")}, "apply.answered")


@area.post("/cases/{no}/withdraw", action="application.withdraw")
def withdraw(visit: Here, no: str) -> Response:
    """Take the application back."""
    return _move(visit, no, "withdraw", {}, "apply.withdrawn")


@area.get("/cases/{no}/materials/{material_id}", action="application.write")
def show_material(visit: Here, no: str, material_id: int) -> Response:
    """A paper as it was handed in."""
    told = find(visit, no)
    with reading(visit.desk.engine) as tx:
        row = tx.one(
            "SELECT name, digest FROM material WHERE id = ? AND case_id = ?",
            (material_id, told.case.facts.id),
        )
    if row is None:
        raise NotThere
    return attachment(visit, row[0], visit.ground.installation.read_material(row[1]))


def find(visit: Visit, no: str) -> History:
    """The case with its past and future, or NotThere."""
    try:
        return history(visit.desk, no, as_of=visit.as_of, actor=visit.actor)
    except Refused:
        raise NotThere from None


def _move(visit: Visit, no: str, move: str, inputs: dict[str, str], says: str) -> Response:
    told = find(visit, no)
    seen = visit.field("version")
    wanted = Wanted(told.case.facts.id, int(seen) if seen.isdecimal() and len(seen) < 10 else None)
    try:
        advance(visit.desk, move, [wanted], by=visit.actor, as_of=visit.as_of, inputs=inputs)
    except Refused as refusal:
        return _case(visit, no, 422, refusal)
    return visit.go(f"/apply/cases/{told.case.no}", visit.say(says))


def _case(visit: Visit, no: str, status: int = 200, refusal: Refused | None = None) -> Response:
    told = find(visit, no)
    case, desk = told.case, visit.desk
    moves: dict[str, Possible] = {each.move.name: each for each in case.moves}
    with reading(desk.engine) as tx:
        papers = tx.rows(
            "SELECT id, kind, name, size FROM material WHERE case_id = ? ORDER BY id", (case.facts.id,)
        )
        marks = marks_of(tx, case.facts.id) if case.stage == "correcting" else {}
    names = markable(form_of(FormKind(case.track), case.call))
    occupation = next(each for each in case.process.rules.occupations.value if each.code == case.occupation)
    happened = [each for each in told.happened if each.kind == "move"]
    return visit.page(
        "apply/case.html.j2", status, told=told, case=case, title=occupation.title, moves=moves, refusal=refusal,
        papers=[(id_, MATERIALS.get(kind, kind), name, size) for id_, kind, name, size in papers],
        marks=[(names.get(key, key), words) for key, words in marks.items()], happened=happened,
        letters=received(desk, visit.actor, no=case.no, limit=20),
        waiting=[each for each in case.findings if each.waits], answer=visit.field("answer"),
    )  # fmt: skip
