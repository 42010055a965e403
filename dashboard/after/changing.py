"""Changes of an institution's particulars, and leaving the directory by its own will (M24-20c)."""

from fastapi import Response
from starlette.datastructures import UploadFile

from casework.departures.leaving import NewDeparture, leave, stay
from casework.departures.preview import Preview, preview
from casework.departures.reading import departures
from casework.history import CaseView
from casework.objections.evidence import LARGEST, Evidence
from casework.particulars.reading import ChangeView, change, changes
from casework.particulars.requesting import request_again, request_change, take_back_change
from dashboard.after.site import area, day, listed, typed, whole
from dashboard.area import Here
from dashboard.refusing import NotThere
from dashboard.visit import Visit
from states.particulars import PARTICULARS
from states.refusals import Refused


@area.get("/{no}/changes", action="change.request")
def show_changes(visit: Here, no: str) -> Response:
    """What was asked, and what may be."""
    return _changes(visit, listed(visit, no))


@area.post("/{no}/changes", action="change.request")
def ask(visit: Here, no: str) -> Response:
    """Ask for a change, with its documents; or again, when it was returned."""
    case = listed(visit, no)
    stated = {key: text for key in PARTICULARS if (text := visit.field(f"value.{key}"))}
    store = visit.ground.installation.store_material
    again = visit.field("again")
    try:
        if again:
            asked = request_again(
                visit.desk, _own(visit, again), stated, documents=_files(visit), by=visit.actor, as_of=visit.as_of,
                store=store,
            )  # fmt: skip
        else:
            asked = request_change(
                visit.desk, case.no, stated, reason=visit.field("reason"), documents=_files(visit), by=visit.actor,
                as_of=visit.as_of, store=store,
            )  # fmt: skip
    except NotThere:
        raise
    except Refused as refusal:
        return _changes(visit, case, 422, refusal)
    return visit.go(f"/after/{case.no}/changes", visit.say("after.change_asked", no=asked.no))


@area.post("/{no}/changes/{change_no}/take-back", action="change.request")
def take_back(visit: Here, no: str, change_no: str) -> Response:
    """Take a request back."""
    case = listed(visit, no)
    try:
        take_back_change(visit.desk, _own(visit, change_no), by=visit.actor, as_of=visit.as_of)
    except NotThere:
        raise
    except Refused as refusal:
        return _changes(visit, case, 422, refusal)
    return visit.go(f"/after/{case.no}/changes", visit.say("after.change_taken_back"))


@area.get("/{no}/leave", action="change.request")
def show_leave(visit: Here, no: str) -> Response:
    """What leaving would do."""
    return _leave(visit, listed(visit, no))


@area.post("/{no}/leave", action="change.request")
def leave_it(visit: Here, no: str) -> Response:
    """First shown what would happen, then done: exactly that, or nothing."""
    case = listed(visit, no)
    try:
        last_day = day(visit, "last_day", "最后服务日") if visit.field("last_day") else None
        only = (case.no,) if visit.field("which") == "this" else ()
        if visit.field("then") != "leave":
            shown = preview(
                visit.desk, case.no, by=visit.actor, as_of=visit.as_of, only=only, last_day=last_day
            )
            return _leave(visit, case, shown=shown)
        new = NewDeparture(
            visit.field("reason"), visit.field("records_kept"), last_day, visit.field("note"),
            whole(visit, "learners", "在学人数"), visit.field("arrangements"),
        )  # fmt: skip
        left = leave(
            visit.desk, case.no, new, by=visit.actor, as_of=visit.as_of, only=only, mark=visit.field("mark")
        )
    except NotThere:
        raise
    except Refused as refusal:
        return _leave(visit, case, 422, refusal)
    return visit.go(f"/after/{case.no}/leave", visit.say("after.left", no=left.no))


@area.post("/{no}/stay", action="change.request")
def stay_on(visit: Here, no: str) -> Response:
    """Take an announced departure back."""
    case = listed(visit, no)
    own = visit.field("departure")
    if own not in {each.no for each in departures(visit.desk, actor=visit.actor)}:
        raise NotThere
    try:
        stay(visit.desk, own, reason=visit.field("reason"), by=visit.actor, as_of=visit.as_of)
    except NotThere:
        raise
    except Refused as refusal:
        return _leave(visit, case, 422, refusal)
    return visit.go(f"/after/{case.no}/leave", visit.say("after.stays"))


def _own(visit: Visit, no: str) -> str:
    if no not in {each.no for each in changes(visit.desk, as_of=visit.as_of, actor=visit.actor)}:
        raise NotThere
    return no


def _files(visit: Visit) -> list[Evidence]:
    return [
        Evidence(each.filename, each.file.read(LARGEST + 1))
        for each in visit.form.getlist("documents")
        if isinstance(each, UploadFile) and each.filename
    ]


def _changes(visit: Visit, case: CaseView, status: int = 200, refusal: Refused | None = None) -> Response:
    found: list[ChangeView] = [
        change(visit.desk, each.no, as_of=visit.as_of, actor=visit.actor)
        for each in changes(visit.desk, as_of=visit.as_of, actor=visit.actor)[:30]
    ]
    return visit.page(
        "after/changes.html.j2", status, case=case, changes=found, particulars=PARTICULARS, refusal=refusal,
        said=typed(visit),
    )  # fmt: skip


def _leave(
    visit: Visit,
    case: CaseView,
    status: int = 200,
    refusal: Refused | None = None,
    shown: Preview | None = None,
) -> Response:
    return visit.page(
        "after/leave.html.j2", status, case=case, refusal=refusal, shown=shown, said=typed(visit),
        departures=departures(visit.desk, actor=visit.actor),
    )  # fmt: skip
