"""Publicity, current and past; objecting; following an objection. Nobody needs an account."""

from typing import Any

from fastapi import Response
from starlette.datastructures import UploadFile

from casework.access.throttle import door, note_failure, refuse_while_waiting
from casework.actors import Actor
from casework.objections.evidence import LARGEST, MEGABYTE, MOST, Evidence
from casework.objections.lodging import NewObjection
from casework.objections.online import follow_online, lodge_online
from casework.publicity.reading import PublicityView, Standing, publicities, publicity
from dashboard.alternates import as_json, wants_json
from dashboard.area import Area, Here
from dashboard.publicity.robots import challenge, refuse_robots
from dashboard.refusing import NotThere
from dashboard.visit import Visit
from records.transaction import transaction
from states.calendar import end_of
from states.refusals import Refused
from states.roles import Role

area = Area()
NOBODY = Actor("public", Role.APPLICANT)
"""Reads what everybody may: an applicant without an institution."""
TYPED = ("case", "manner", "name", "contact", "mail", "text")


@area.get("/publicity", action="public.see")
def show_publicities(visit: Here) -> Response:
    """What is on display now, and what was."""
    found = publicities(visit.desk, as_of=visit.as_of)
    if wants_json(visit):
        return as_json(visit, [_told(each) for each in found])
    return visit.page(
        "publicity/list.html.j2", current=[each for each in found if each.running],
        past=[each for each in found if not each.running],
    )  # fmt: skip


@area.get("/publicity/receipt", action="objection.lodge")
def ask_receipt(visit: Here) -> Response:
    """The form by which somebody follows an objection."""
    return visit.page("publicity/follow.html.j2", found=None, error="", no="")


@area.post("/publicity/receipt", action="objection.lodge")
def follow(visit: Here) -> Response:
    """How an objection stands, for whoever has its code; wrong codes make the next try wait."""
    no = visit.field("no")
    at_door = (door("receipt", visit.browser.address), door("receipt no", no))
    with transaction(visit.desk.engine) as tx:
        refuse_while_waiting(tx, at_door, as_of=visit.as_of)
    try:
        found = follow_online(visit.desk, no, visit.field("code"), keys=visit.ground.installation.keys)
    except Refused as refusal:
        with transaction(visit.desk.engine) as tx:
            note_failure(tx, at_door, as_of=visit.as_of)
        return visit.page("publicity/follow.html.j2", 422, found=None, error=refusal.sentence, no=no)
    return visit.page("publicity/follow.html.j2", found=found, error="", no=no)


@area.get("/publicity/{publicity_no}", action="public.see")
def show_publicity(visit: Here, publicity_no: str) -> Response:
    """One list as it was posted, until when it runs and why, and the way to object."""
    view, standings = _one(visit, publicity_no)
    if wants_json(visit):
        return as_json(visit, {**_told(view), "content": view.content})
    return _page(visit, view, standings)


@area.post("/publicity/{publicity_no}", action="objection.lodge")
def object_to(visit: Here, publicity_no: str) -> Response:
    """Receive an objection; the receipt is shown once, and only here."""
    view, standings = _one(visit, publicity_no)
    at_door = (door("objection", visit.browser.address),)
    try:
        with transaction(visit.desk.engine) as tx:
            refuse_while_waiting(tx, at_door, as_of=visit.as_of)
        case = visit.field("case")
        if case not in {each.no for each in standings if not each.hold}:
            raise Refused("请选择对名单中的哪一家提出异议。", clause="D-2")
        refuse_robots(
            visit.desk, visit.ground.key, visit.field("robots"), visit.field("proof"), visit.field("answer"),
            as_of=visit.as_of,
        )  # fmt: skip
        receipt = lodge_online(
            visit.desk, case, _objection(visit), keys=visit.ground.installation.keys, as_of=visit.as_of,
            store=visit.ground.installation.store_material,
        )  # fmt: skip
    except Refused as refusal:
        return _page(visit, view, standings, refusal)
    with transaction(visit.desk.engine) as tx:
        note_failure(tx, at_door, as_of=visit.as_of)
    shown = next(each for each in standings if each.no == case)
    return visit.page("publicity/receipt.html.j2", view=view, receipt=receipt, shown=shown)


def _one(visit: Visit, no: str) -> tuple[PublicityView, list[Standing]]:
    try:
        return publicity(visit.desk, no, as_of=visit.as_of, actor=NOBODY)
    except Refused:
        raise NotThere("没有这次公示，请从公示列表中查找。") from None


def _page(
    visit: Visit, view: PublicityView, standings: list[Standing], refusal: Refused | None = None
) -> Response:
    typed = {name: visit.field(name) for name in TYPED}
    return visit.page(
        "publicity/one.html.j2", 422 if refusal else 200, view=view, standings=standings, ends_at=end_of(view.last_day),
        refusal=refusal, typed=typed, challenge=challenge(visit.ground.key, visit.as_of) if view.running else None,
        had_files=any(_files(visit)), most=MOST, largest=LARGEST // MEGABYTE,
    )  # fmt: skip


def _objection(visit: Visit) -> NewObjection:
    named = visit.field("manner") == "named"
    name, contact, mail = (visit.field(each) if named else "" for each in ("name", "contact", "mail"))
    if named and not name:
        raise Refused("实名异议须写明姓名；不愿留姓名的，请选择匿名。", clause="D-2")
    files = [Evidence(each.filename or "", each.file.read(LARGEST + 1)) for each in _files(visit)]
    return NewObjection(visit.field("text"), name, contact, mail, files)


def _files(visit: Visit) -> list[UploadFile]:
    return [each for each in visit.form.getlist("evidence") if isinstance(each, UploadFile) and each.filename]


def _told(view: PublicityView) -> dict[str, Any]:
    """What programs read of a publicity: nothing that is not on the page."""
    return {
        "no": view.no, "title": view.content["title"], "call": view.call, "track": view.track,
        "publisher": view.publisher, "clause": view.clause, "posted_at": view.posted_at, "last_day": view.last_day,
        "ends_at": end_of(view.last_day), "explanation": view.explanation, "working_days": view.working_days,
        "working_days_left": view.days_left, "running": view.running, "corrects": view.corrects,
        "corrected_by": view.corrected_by, "correction": view.correction, "sha256": view.sha256,
        "institutions": len(view.content["entries"]),
    }  # fmt: skip
