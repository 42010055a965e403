"""Forms and sheets filed in bulk: gone through first, one line per file, and filed only when the reader says so."""

from pathlib import Path

from fastapi import Response
from starlette.datastructures import UploadFile

from casework.calls import kept_calls
from casework.import_report import ImportReport
from casework.importing import import_paths
from casework.objections.evidence import LARGEST, Evidence
from casework.recommending.parking import park, parked, release
from dashboard.area import Here
from dashboard.recommend.site import area
from dashboard.visit import Visit
from states.places import OFFICES, Office
from states.refusals import Refused
from states.roles import Role


@area.get("/import", action="filing.import")
def show_import(visit: Here) -> Response:
    """Choose the call and the files."""
    return _page(visit)


@area.post("/import", action="filing.import")
def try_import(visit: Here) -> Response:
    """Go through the files without writing anything."""
    files = [
        Evidence(each.filename or "", each.file.read(LARGEST + 1))
        for each in visit.form.getlist("files")
        if isinstance(each, UploadFile) and each.filename
    ]
    try:
        if large := next((each for each in files if len(each.content) > LARGEST), None):
            raise Refused(
                f"“{large.name}”超过{LARGEST // 1024 // 1024}MB，请压缩后重新上传。", clause="B3-4.3"
            )
        token = park(_folder(visit), files, by=visit.actor, as_of=visit.as_of)
        report = _run(visit, token, dry_run=True)
    except Refused as refusal:
        return _page(visit, 422, refusal)
    return _page(visit, report=report, token=token)


@area.post("/import/file", action="filing.import")
def do_import(visit: Here) -> Response:
    """File what was gone through."""
    token = visit.field("token")
    try:
        report = _run(visit, token, dry_run=False)
    except Refused as refusal:
        return _page(visit, 422, refusal)
    release(_folder(visit), token, by=visit.actor)
    return _page(visit, report=report)


def _run(visit: Visit, token: str, *, dry_run: bool) -> ImportReport:
    channel = _channel(visit)
    with parked(_folder(visit), token, by=visit.actor) as folder:
        return import_paths(
            visit.desk, [folder], call=visit.field("call"), channel=channel, by=visit.actor, as_of=visit.as_of,
            store=visit.ground.installation.store_material, dry_run=dry_run,
        )  # fmt: skip


def _channel(visit: Visit) -> Office:
    code = visit.actor.scope if visit.actor.role is Role.RECOMMENDER else visit.field("channel")
    if code not in OFFICES:
        raise Refused("请选择推荐单位。", clause="B3-4.1")
    return OFFICES[code]


def _folder(visit: Visit) -> Path:
    return visit.ground.installation.data / "parked"


def _page(
    visit: Visit,
    status: int = 200,
    refusal: Refused | None = None,
    report: ImportReport | None = None,
    token: str = "",
) -> Response:
    calls = [each for each in kept_calls(visit.desk) if each.state == "open"]
    rows = [(Path(each.file).name, each) for each in report.lines] if report else []
    return visit.page(
        "recommend/import.html.j2", status, calls=calls, refusal=refusal, report=report, rows=rows, token=token,
        own=visit.actor.role is Role.RECOMMENDER, offices=list(OFFICES.values()),
        call=visit.field("call"), channel=visit.field("channel"),
    )  # fmt: skip
