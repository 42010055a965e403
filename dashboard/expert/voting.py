"""The score sheets side by side, drafts under the resume code, the vote, its receipt (M24-7.3d)."""

from collections.abc import Mapping

from fastapi import Response

from casework.ballots import voting_room
from casework.ballots.content import LONGEST_COMMENT, Sheet
from casework.ballots.sheets import new_resume_code
from casework.ballots.voting_room import Room, room
from casework.panels.links import REVIEW
from dashboard.area import Here
from dashboard.cookies import read_cookie
from dashboard.expert.site import RESUME, area, held
from dashboard.visit import Visit
from states.occupations import OCCUPATIONS
from states.refusals import Refused
from states.tally import Vote


@area.get("/vote", action="seat.vote")
def show_sheets(visit: Here) -> Response:
    """The sheets, with what was saved when this browser has the code."""
    return _show(visit, 200, None)


@area.post("/resume", action="seat.vote")
def resume(visit: Here) -> Response:
    """The resume code, typed in another browser."""
    code = visit.field("resume")
    try:
        voting_room.resumed(visit.desk, held(visit, REVIEW).seat, code, as_of=visit.as_of)
    except Refused as refusal:
        return _show(visit, 422, refusal)
    visit.carry(RESUME, code)
    return visit.go("/expert/vote", visit.say("expert.resumed"))


@area.post("/again", action="seat.vote")
def begin_again(visit: Here) -> Response:
    """The code is lost: the drafts go, and the sheets are empty."""
    voting_room.begin_again(visit.desk, held(visit, REVIEW).seat, as_of=visit.as_of)
    visit.carry(RESUME, "")
    return visit.go("/expert/vote", visit.say("expert.empty"))


@area.post("/save", action="seat.vote")
def save(visit: Here) -> Response:
    """Keep what is filled in so far. The first time the resume code is shown, once."""
    seat = held(visit, REVIEW).seat
    found = room(visit.desk, seat, as_of=visit.as_of)
    carried = read_cookie(visit.request, RESUME)
    code = carried if carried and found.drafts else new_resume_code()
    try:
        said = {no: sheet for no, sheet in _typed(visit, found).items() if sheet != Sheet()}
        count = voting_room.save(visit.desk, seat, said, code, as_of=visit.as_of)
    except Refused as refusal:
        return _show(visit, 422, refusal)
    visit.carry(RESUME, code)
    if code == carried:
        return visit.go("/expert/vote", visit.say("expert.saved", count=count))
    return visit.page("expert/saved.html.j2", code=code, count=count)


@area.post("/cast", action="seat.vote")
def cast(visit: Here) -> Response:
    """Seal and cast, once; receipt and tracking code are shown this one time."""
    seat = held(visit, REVIEW).seat
    found = room(visit.desk, seat, as_of=visit.as_of)
    try:
        receipt = voting_room.cast(
            visit.desk, seat, _typed(visit, found), visit.field("signature"), as_of=visit.as_of
        )
    except Refused as refusal:
        return _show(visit, 422, refusal)
    visit.carry(RESUME, "")
    return visit.page("expert/receipt.html.j2", receipt=receipt, room=found)


def _show(visit: Visit, status: int, refusal: Refused | None) -> Response:
    seat = held(visit, REVIEW).seat
    found = room(visit.desk, seat, as_of=visit.as_of)
    locked, sheets = False, dict[str, Mapping[str, str]]()
    if "sheets" in visit.form:
        sheets = {no: _raw(visit, found, no) for no, _, mine in found.cases if mine}
    elif found.drafts:
        try:
            saved = voting_room.resumed(
                visit.desk, seat, read_cookie(visit.request, RESUME), as_of=visit.as_of
            )
            sheets = {no: _of(sheet) for no, sheet in saved.items()}
        except Refused:
            locked = True
    return visit.page(
        "expert/vote.html.j2", status, room=found, sheets=sheets, locked=locked, refusal=refusal, votes=list(Vote),
        most=LONGEST_COMMENT, occupation=OCCUPATIONS[found.occupation],
    )  # fmt: skip


def _raw(visit: Visit, found: Room, no: str) -> Mapping[str, str]:
    keys = ("vote", "comment", *(each.key for each in found.criteria))
    return {key: visit.field(f"{key}.{no}") for key in keys}


def _of(sheet: Sheet) -> Mapping[str, str]:
    return {
        "vote": str(sheet.vote or ""), "comment": sheet.comment, **{key: str(mark) for key, mark in sheet.marks.items()}
    }  # fmt: skip


def _typed(visit: Visit, found: Room) -> dict[str, Sheet]:
    """The sheets as typed. Raises Refused for a mark that is no whole number."""
    said = {}
    for no, _, mine in found.cases:
        if not mine:
            continue
        raw = _raw(visit, found, no)
        vote = Vote(raw["vote"]) if raw["vote"] in list(Vote) else None
        marks = {}
        for each in found.criteria:
            text = raw[each.key]
            if not text:
                continue
            if not (text.isascii() and text.isdecimal() and len(text) < 4):
                raise Refused(f"申报{no}“{each.label}”应为0至{each.most}的整数。", clause="M24-7.3d")
            marks[each.key] = int(text)
        said[no] = Sheet(vote, {} if vote is Vote.ABSTAIN else marks, raw["comment"].replace("\r\n", "\n"))
    return said
