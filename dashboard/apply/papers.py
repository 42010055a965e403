"""Papers of a form being written, and a Word form that fills it in."""

from urllib.parse import quote

from fastapi import Response
from starlette.datastructures import UploadFile

from casework.applying.correcting import writable
from casework.applying.uploads import add_paper, drop_paper, fill_from_word
from casework.objections.evidence import LARGEST, Evidence
from dashboard.apply.filling import find, page
from dashboard.apply.site import area
from dashboard.area import Here
from dashboard.refusing import NotThere
from dashboard.visit import Visit
from states.refusals import Refused


@area.post("/drafts/{draft_id}/papers", action="application.write")
def upload(visit: Here, draft_id: int) -> Response:
    """Keep a paper; its type is told by its content."""
    kept = find(visit, draft_id)
    try:
        add_paper(
            visit.desk, draft_id, visit.field("kind"), sent_file(visit, "paper"), by=visit.actor, as_of=visit.as_of,
            store=visit.ground.installation.store_material,
        )  # fmt: skip
    except Refused as refusal:
        return page(visit, kept, 422, refusal=refusal)
    return visit.go(f"/apply/drafts/{draft_id}#f-papers", visit.say("apply.paper_kept"))


@area.post("/drafts/{draft_id}/papers/drop", action="application.write")
def drop(visit: Here, draft_id: int) -> Response:
    """Take a paper out again."""
    find(visit, draft_id)
    drop_paper(visit.desk, draft_id, visit.field("kind"), by=visit.actor, as_of=visit.as_of)
    return visit.go(f"/apply/drafts/{draft_id}#f-papers", visit.say("apply.paper_dropped"))


@area.get("/drafts/{draft_id}/papers/{kind}", action="application.write")
def show_paper(visit: Here, draft_id: int, kind: str) -> Response:
    """A paper as it was uploaded: always a download, never shown in place."""
    for paper in find(visit, draft_id).papers:
        if paper.kind == kind:
            return attachment(visit, paper.name, visit.ground.installation.read_material(paper.digest))
    raise NotThere


@area.post("/drafts/{draft_id}/word", action="application.write")
def prefill(visit: Here, draft_id: int) -> Response:
    """Write what a filled Word form says over the draft."""
    kept = find(visit, draft_id)
    try:
        count = fill_from_word(
            visit.desk, kept, sent_file(visit, "word"), by=visit.actor, as_of=visit.as_of,
            only=writable(visit.desk, kept),
        )  # fmt: skip
    except Refused as refusal:
        return page(visit, kept, 422, refusal=refusal)
    return visit.go(f"/apply/drafts/{draft_id}?checked=1", visit.say("apply.prefilled", count=count))


def sent_file(visit: Visit, name: str) -> Evidence:
    """A file of the form, read no further than may be kept. Raises Refused when none was chosen."""
    given = visit.form.get(name)
    if not isinstance(given, UploadFile) or not given.filename:
        raise Refused("请先选择文件，再上传。")
    return Evidence(given.filename, given.file.read(LARGEST + 1))


def attachment(visit: Visit, name: str, content: bytes) -> Response:
    """A download that no browser opens by itself."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return visit.answer(Response(content, media_type="application/octet-stream", headers=headers))
