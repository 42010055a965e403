"""The directory as everybody reads it, on any day."""

from datetime import date
from urllib.parse import quote

from fastapi import Response
from starlette.datastructures import UploadFile

from casework.access.throttle import door, note_failure, refuse_while_waiting
from casework.directory import Entry, entries
from casework.directory_history import directory_history
from casework.duties.fees import fees_on
from casework.extract_proof import LARGEST, ExtractProof, prove_extract
from casework.extracts import make_extract
from casework.signing import signer
from dashboard.alternates import as_json, wants_json
from dashboard.area import Area, Here
from dashboard.refusing import NotThere
from dashboard.visit import Visit
from records.transaction import reading, transaction
from states.calendar import day_of
from states.labels import TRACKS
from states.occupations import OCCUPATIONS
from states.places import OFFICES, PROVINCES
from states.refusals import Refused

area = Area()
PAGE = 50
FILTERS = ("track", "occupation", "province", "who")


@area.get("/directory", action="public.see")
def show_directory(visit: Here) -> Response:
    """Who stands in the directory of a day, narrowed as asked; beyond the fiftieth on the next page."""
    query, error = visit.request.query_params, ""
    asked = {name: query.get(name, "").strip()[:80] for name in FILTERS}
    try:
        on = _day(visit)
    except Refused as refusal:
        on, error = day_of(visit.as_of), refusal.sentence
    at = query.get("from", "0")
    offset = int(at) if at.isascii() and at.isdecimal() and len(at) < 8 else 0
    found = entries(
        visit.desk.engine, on=on, track=asked["track"] or None, occupation=asked["occupation"] or None,
        province=asked["province"] or None, who=asked["who"], limit=PAGE + 1, offset=offset,
        processes=visit.desk.processes,
    )  # fmt: skip
    if wants_json(visit):
        return as_json(visit, {"on": on, "from": offset, "more": len(found) > PAGE, "entries": found[:PAGE]})
    kept = "&".join(f"{name}={quote(value)}" for name, value in {**asked, "on": str(on)}.items() if value)
    return visit.page(
        "directory/list.html.j2", 422 if error else 200, found=found[:PAGE], on=on, asked=asked, error=error, offset=offset,
        more=f"/directory?{kept}&from={offset + PAGE}" if len(found) > PAGE else "",
        before=f"/directory?{kept}&from={max(0, offset - PAGE)}" if offset else "", kept=kept, offices=OFFICES,
        tracks=[("", visit.say("directory.any")), *TRACKS.items()],
        occupations=[("", visit.say("directory.any")), *((each.code, each.title) for each in OCCUPATIONS.values())],
        provinces=[("", visit.say("directory.any")), *((each.region, each.full) for each in PROVINCES)],
    )  # fmt: skip


@area.get("/directory/verify", action="public.see")
def ask_extract(visit: Here) -> Response:
    """Where somebody checks an extract they were given, and finds the public key to do it alone."""
    return _verify_page(visit, None, "")


@area.post("/directory/verify", action="public.see")
def verify_extract(visit: Here) -> Response:
    """Check an extract with our own public key."""
    file = visit.form.get("extract")
    if not isinstance(file, UploadFile) or not file.filename:
        return _verify_page(visit, None, visit.say("directory.no_file"))
    key = signer(visit.desk.engine, as_of=visit.as_of)
    try:
        proof = prove_extract(file.file.read(LARGEST + 1), key.public)
    except Refused as refusal:
        return _verify_page(visit, None, refusal.sentence)
    return _verify_page(visit, proof, "")


@area.get("/directory/{listed_no}", action="public.see")
def show_entry(visit: Here, listed_no: str) -> Response:
    """One listing as of a day: its term, fees, and everything that changed, with the decision behind each."""
    on = _day(visit)
    entry, changes = _entry(visit, listed_no, on), _history(visit, listed_no)
    with reading(visit.desk.engine) as tx:
        fees = fees_on(tx, on, [listed_no.upper()]).get(listed_no.upper())
    if wants_json(visit):
        told = fees.record() if fees else None
        return as_json(visit, {"on": on, "entry": entry, "fees": told, "history": changes})
    return visit.page(
        "directory/entry.html.j2", entry=entry, no=listed_no.upper(), on=on, today=day_of(visit.as_of), fees=fees,
        changes=changes, office=OFFICES[f"P{entry.province}"].full if entry else "", tracks=TRACKS,
    )  # fmt: skip


@area.get("/directory/{listed_no}/extract", action="public.see")
def give_extract(visit: Here, listed_no: str) -> Response:
    """The signed extract of a listing on a day, as a file. Many in a row from one place must wait."""
    _history(visit, listed_no)
    on, at_door = _day(visit), (door("extract", visit.browser.address),)
    with transaction(visit.desk.engine) as tx:
        refuse_while_waiting(tx, at_door, as_of=visit.as_of)
        note_failure(tx, at_door, as_of=visit.as_of)
    key = signer(visit.desk.engine, as_of=visit.as_of)
    file = make_extract(visit.desk, listed_no, on=on, signer=key, as_of=visit.as_of)
    name = quote(f"目录摘录_{listed_no.upper()}_{on}.json")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return visit.answer(Response(file, media_type="application/json", headers=headers))


def _day(visit: Visit) -> date:
    asked = visit.request.query_params.get("on", "").strip()
    if not asked:
        return day_of(visit.as_of)
    try:
        on = date.fromisoformat(asked)
    except ValueError:
        raise Refused("日期写法不对，应如 2024-10-16。", clause="I21-6.1") from None
    if on > day_of(visit.as_of):
        raise Refused(f"{on}尚未到来，不能查看该日的目录。", clause="I21-6.1")
    return on


def _entry(visit: Visit, no: str, on: date) -> Entry | None:
    found = entries(visit.desk.engine, on=on, who=no, processes=visit.desk.processes)
    return next((each for each in found if each.no == no.upper()), None)


def _history(visit: Visit, no: str) -> list[object]:
    """What changed, newest first. Only what has stood in the directory has a page: who merely applied is nobody's business."""
    with reading(visit.desk.engine) as tx:
        row = tx.one("SELECT term_no FROM cases WHERE no = ?", (no.strip().upper(),))
    if row is None or not row[0]:
        raise NotThere("目录中没有、也不曾有过这一项，请从目录查询中查找。")
    return list(reversed(directory_history(visit.desk, no, as_of=visit.as_of).changes))


def _verify_page(visit: Visit, proof: ExtractProof | None, error: str) -> Response:
    key = signer(visit.desk.engine, as_of=visit.as_of)
    return visit.page("directory/verify.html.j2", 422 if error else 200, proof=proof, error=error, key=key)
