"""One application before its recommender: the form as filed with boxes to mark, findings to answer, what to decide."""

from fastapi import Response

from casework.applying.correcting import markable, marks_of, return_marked
from casework.filed_forms import filed_form
from casework.gate import Wanted, advance
from casework.history import CaseView, show
from casework.intake.cells import Cells
from casework.intake.styles import NEAT
from casework.intake.wording import cells_of
from dashboard.apply.papers import attachment
from dashboard.area import Here
from dashboard.recommend.site import area
from dashboard.refusing import NotThere
from dashboard.visit import Visit
from records.transaction import reading
from states.forms import FormKind, form_of
from states.labels import MATERIALS
from states.refusals import Refused

MOVES = {
    "recommend": (("letter_no", "letter_date"), "recommend.did_recommend"),
    "decline": (("reason",), "recommend.did_decline"),
    "answer_warnings": (("answer",), "recommend.did_answer_warnings"),
}
"""What the office may do here: what it states with it, and what is said once it is done."""


@area.get("/cases/{no}", action="recommend.see")
def show_one(visit: Here, no: str) -> Response:
    """The form as filed, and everything the office may do about it."""
    return _one(visit, find(visit, no))


@area.post("/cases/{no}/{decision}", action="recommend.decide")
def decide(visit: Here, no: str, decision: str) -> Response:
    """Recommend, decline, or answer what falls short of an “一般应”."""
    case = find(visit, no)
    if decision not in MOVES:
        raise NotThere
    asks, says = MOVES[decision]
    inputs = {key: visit.field(key) for key in asks}
    try:
        wanted = Wanted(case.facts.id, seen(visit))
        advance(visit.desk, decision, [wanted], by=visit.actor, as_of=visit.as_of, inputs=inputs)
    except Refused as refusal:
        return _one(visit, find(visit, no), status_of(visit, case), refusal)
    to = "/recommend" if decision != "answer_warnings" else f"/recommend/cases/{case.no}"
    return visit.go(to, visit.say(says, no=case.no))


@area.post("/cases/{no}/return/marked", action="recommend.decide")
def return_it(visit: Here, no: str) -> Response:
    """Return it for correction with the ticked fields marked."""
    case = find(visit, no)
    marks = {key: visit.field(f"words.{key}") for key in visit.fields("mark")}
    try:
        return_marked(
            visit.desk,
            case.no,
            marks,
            visit.field("items"),
            version=seen(visit),
            by=visit.actor,
            as_of=visit.as_of,
        )
    except Refused as refusal:
        return _one(visit, find(visit, no), status_of(visit, case), refusal, marks)
    return visit.go("/recommend", visit.say("recommend.did_return", no=case.no))


@area.get("/cases/{no}/materials/{material_id}", action="recommend.see")
def show_material(visit: Here, no: str, material_id: int) -> Response:
    """A paper as it was handed in, as a download."""
    case = find(visit, no)
    with reading(visit.desk.engine) as tx:
        row = tx.one(
            "SELECT name, digest FROM material WHERE id = ? AND case_id = ?", (material_id, case.facts.id)
        )
    if row is None:
        raise NotThere
    return attachment(visit, row[0], visit.ground.installation.read_material(row[1]))


def find(visit: Visit, no: str) -> CaseView:
    """The case, or NotThere."""
    try:
        return show(visit.desk, no, as_of=visit.as_of, actor=visit.actor)
    except Refused:
        raise NotThere from None


def seen(visit: Visit) -> int | None:
    """The version the sender saw."""
    said = visit.field("version")
    return int(said) if said.isdecimal() and len(said) < 10 else None


def status_of(visit: Visit, case: CaseView) -> int:
    """409 when the case changed since the sender saw it, else 422."""
    return 409 if seen(visit) not in (None, case.version) else 422


def _one(
    visit: Visit,
    case: CaseView,
    status: int = 200,
    refusal: Refused | None = None,
    ticked: dict[str, str] | None = None,
) -> Response:
    form = form_of(FormKind(case.track), case.call)
    with reading(visit.desk.engine) as tx:
        filed = filed_form(tx, case.facts.id)
        papers = tx.rows(
            "SELECT id, kind, name, size FROM material WHERE case_id = ? ORDER BY id", (case.facts.id,)
        )
        marks = marks_of(tx, case.facts.id)
    occupation = next(each for each in case.process.rules.occupations.value if each.code == case.occupation)
    return visit.page(
        "recommend/one.html.j2", status, case=case, title=occupation.title, form_fields=form.fields,
        cells=cells_of(filed, NEAT) if filed else Cells(), papers=papers, materials=MATERIALS,
        markable=markable(form), moves={each.move.name: each for each in case.moves}, refusal=refusal,
        ticked=ticked if ticked is not None else {}, marks=marks,
    )  # fmt: skip
