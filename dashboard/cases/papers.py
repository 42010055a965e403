"""Papers of a case: saved, or looked at where that is safe. Their kind is read from their content, never their name."""

from urllib.parse import quote

from fastapi import Response

from casework.case_file import Kept, open_material
from dashboard.answer_policies import SEALED
from dashboard.area import Here
from dashboard.cases.area import area
from dashboard.visit import Visit

PDF = "application/pdf"
MARKS = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


@area.get("/cases/{no}/materials/{material_id}", action="material.see")
def save_paper(visit: Here, no: str, material_id: int) -> Response:
    """The paper as a file to save."""
    kept, content = _open(visit, no, material_id)
    return visit.answer(_handed(content, kept, "application/octet-stream", "attachment", SEALED))


@area.get("/cases/{no}/materials/{material_id}/view", action="material.see")
def view_paper(visit: Here, no: str, material_id: int) -> Response:
    """The paper to look at: PDF, picture or plain text; anything else is handed out to save."""
    kept, content = _open(visit, no, material_id)
    kind = kind_of(content)
    if kind is None:
        return visit.answer(_handed(content, kept, "application/octet-stream", "attachment", SEALED))
    # The browser's own PDF viewer does not open in a sandbox; it runs apart from the page anyway.
    policy = SEALED.replace(" sandbox;", "") if kind == PDF else SEALED
    return visit.answer(_handed(content, kept, kind, "inline", policy))


def kind_of(content: bytes) -> str | None:
    """What may be shown as it is: by its first bytes, or plain text without control characters."""
    for mark, kind in MARKS:
        if content.startswith(mark):
            return kind
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(each.isprintable() or each in "\r\n\t\u3000\xa0" for each in text):
            return f"text/plain; charset={'utf-8' if encoding == 'utf-8-sig' else encoding}"
        return None
    return None


def _open(visit: Visit, no: str, material_id: int) -> tuple[Kept, bytes]:
    read = visit.ground.installation.read_material
    return open_material(visit.desk, no, material_id, read, by=visit.actor, as_of=visit.as_of)


def _handed(content: bytes, kept: Kept, kind: str, how: str, policy: str) -> Response:
    name = quote(kept.file_name)
    return Response(
        content,
        headers={
            "Content-Type": kind, "Content-Disposition": f"{how}; filename*=UTF-8''{name}",
            "Content-Security-Policy": policy,
        },
    )  # fmt: skip
