"""The recommendation form online: every printed field, saved as one types, checked, filed."""

from collections.abc import Mapping
from dataclasses import replace

from fastapi import Response
from fastapi.responses import JSONResponse

from casework.applying.correcting import marked, writable
from casework.applying.drafts import Draft, NoDraft, SavedMeanwhile, discard_draft, draft, merged, save_draft
from casework.applying.submitting import check_draft, printed, submit_draft
from casework.applying.uploads import kinds_of
from casework.filing import FilingRefused
from dashboard.apply.blocks import blocks_of
from dashboard.apply.site import area
from dashboard.apply.typed import read_typed, with_row, without_row
from dashboard.area import Here
from dashboard.refusing import NotThere
from dashboard.visit import Visit
from states.eligibility import Finding
from states.forms.closing_section import COMMITMENT_TEXT
from states.labels import MATERIALS
from states.refusals import Refused

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@area.get("/drafts/{draft_id}", action="application.write")
def show_form(visit: Here, draft_id: int) -> Response:
    """The form as it stands; ``?checked`` shows at each field what is wrong with it."""
    kept = find(visit, draft_id)
    wrong: dict[str, str] = {}
    if "checked" in visit.request.query_params:
        found = check_draft(visit.desk, kept, as_of=visit.as_of, read=visit.ground.installation.read_material)
        wrong = {key: finding.sentence for key, finding in (*found.blocking, *found.notes) if key}
    return page(visit, kept, wrong=wrong)


@area.post("/drafts/{draft_id}", action="application.write")
def save(visit: Here, draft_id: int) -> Response:
    """Keep what was typed; with ``add`` or ``drop`` a row more or less. ``autosave`` is answered to our script."""
    kept = find(visit, draft_id)
    texts, rows = read_typed(kept.form, visit.form)
    add, drop = visit.field("add"), visit.field("drop")
    if add:
        rows = with_row(rows, add, [dict(row) for row in kept.cells.rows.get(add, ())])
    if drop:
        rows = without_row(rows, drop)
    alone = bool(visit.field("autosave"))
    try:
        now = save_draft(
            visit.desk, draft_id, texts, rows, version=version_of(visit, kept), by=visit.actor, as_of=visit.as_of,
            only=writable(visit.desk, kept),
        )  # fmt: skip
    except SavedMeanwhile as stale:
        if alone:
            return visit.answer(JSONResponse({"says": stale.sentence}, 409))
        typed = replace(stale.draft, cells=merged(stale.draft, texts, rows, writable(visit.desk, kept)))
        return page(visit, typed, 409, refusal=stale, theirs=_differences(stale.draft, typed))
    except Refused as refusal:
        if alone:
            return visit.answer(JSONResponse({"says": refusal.sentence}, 422))
        return page(visit, kept, 422, refusal=refusal)
    if alone:
        return visit.answer(JSONResponse({"version": now.version, "says": visit.say("apply.autosaved")}))
    if add or drop:
        return visit.go(f"/apply/drafts/{draft_id}#f-{(add or drop).partition('.')[0]}")
    if visit.field("then") == "check":
        return visit.go(f"/apply/drafts/{draft_id}/check")
    return visit.go(f"/apply/drafts/{draft_id}", visit.say("apply.saved"))


@area.get("/drafts/{draft_id}/check", action="application.write")
def check(visit: Here, draft_id: int) -> Response:
    """Everything filing would say, each with a link to its field; the button to file when nothing is in the way."""
    return _check(visit, find(visit, draft_id))


@area.post("/drafts/{draft_id}/submit", action="application.write")
def submit(visit: Here, draft_id: int) -> Response:
    """File it, or hand the corrected case back."""
    kept, installation = find(visit, draft_id), visit.ground.installation
    try:
        filed = submit_draft(
            visit.desk, draft_id, version=version_of(visit, kept), by=visit.actor, as_of=visit.as_of,
            store=installation.store_material, read=installation.read_material,
        )  # fmt: skip
    except FilingRefused:
        return _check(visit, kept, 422)
    except Refused as refusal:
        return _check(visit, kept, 422, refusal)
    says = "apply.mended" if filed.mended else "apply.submitted"
    return visit.go(f"/apply/cases/{filed.no}", visit.say(says, no=filed.no))


@area.post("/drafts/{draft_id}/discard", action="application.write")
def discard(visit: Here, draft_id: int) -> Response:
    """Throw the draft away."""
    find(visit, draft_id)
    discard_draft(visit.desk, draft_id, by=visit.actor, as_of=visit.as_of)
    return visit.go("/apply", visit.say("apply.discarded"))


@area.get("/drafts/{draft_id}/form.docx", action="application.write")
def download(visit: Here, draft_id: int) -> Response:
    """The form as printed, to be sealed and signed."""
    kept = find(visit, draft_id)
    headers = {"Content-Disposition": f'attachment; filename="form-{draft_id}.docx"'}
    return visit.answer(Response(printed(kept), media_type=WORD, headers=headers))


def find(visit: Visit, draft_id: int) -> Draft:
    """The draft, or NotThere."""
    try:
        return draft(visit.desk, draft_id, visit.actor)
    except NoDraft:
        raise NotThere from None


def version_of(visit: Visit, kept: Draft) -> int:
    """The version the sender saw; 0, which fits none, when it says none."""
    said = visit.field("version")
    return int(said) if said.isdecimal() and len(said) < 10 else 0


def page(
    visit: Visit,
    kept: Draft,
    status: int = 200,
    *,
    refusal: Refused | None = None,
    wrong: Mapping[str, str] | None = None,
    theirs: list[tuple[str, str, str]] | None = None,
) -> Response:
    """The form, with what is wrong at its fields, and what somebody else saved meanwhile."""
    return visit.page(
        "apply/form.html.j2", status, draft=kept, blocks=blocks_of(kept.form, kept.rules), refusal=refusal,
        wrong=wrong or {}, theirs=theirs or [], marks={each.key: each for each in marked(visit.desk, kept)},
        may=writable(visit.desk, kept), kinds=kinds_of(kept), materials=MATERIALS,
        uploaded={paper.kind: paper for paper in kept.papers}, commitment=COMMITMENT_TEXT,
    )  # fmt: skip


def _check(visit: Visit, kept: Draft, status: int = 200, refusal: Refused | None = None) -> Response:
    found = check_draft(visit.desk, kept, as_of=visit.as_of, read=visit.ground.installation.read_material)

    def named(pairs: tuple[tuple[str, Finding], ...]) -> list[tuple[str, Finding]]:
        return [
            (f"#f-{key}" if key in kept.form.by_key or key == "papers" else "", each) for key, each in pairs
        ]

    return visit.page(
        "apply/check.html.j2", status, draft=kept, found=found, blocking=named(found.blocking),
        warnings=named(found.warnings), notes=named(found.notes), refusal=refusal,
    )  # fmt: skip


def _differences(theirs: Draft, typed: Draft) -> list[tuple[str, str, str]]:
    """Key, printed name and what the other saved, for every text that differs from what was typed."""
    found = []
    for field in theirs.form.fields:
        saved, mine = theirs.cells.texts.get(field.key, ""), typed.cells.texts.get(field.key, "")
        if saved != mine or theirs.cells.rows.get(field.key, ()) != typed.cells.rows.get(field.key, ()):
            rows = theirs.cells.rows.get(field.key, ())
            shown = saved or "；".join("，".join(row.values()) for row in rows)
            found.append((field.key, field.name, "……" if field.key == "legal_representative_id" else shown))
    return found
