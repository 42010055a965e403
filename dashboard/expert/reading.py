"""The room of one visit, and each case to read; every look is on record (M24-7.3d)."""

from fastapi import Response

from casework.ballots.voting_room import room
from casework.panels.links import REVIEW
from casework.panels.materials import materials
from dashboard.area import Here
from dashboard.expert.site import area, held
from states.occupations import OCCUPATIONS


@area.get("/room", action="seat.read")
def show_room(visit: Here) -> Response:
    """The cases to judge, the deadline, and the way to the score sheets."""
    found = room(visit.desk, held(visit, REVIEW).seat, as_of=visit.as_of)
    return visit.page("expert/room.html.j2", room=found, occupation=OCCUPATIONS[found.occupation])


@area.get("/read/{case_no}", action="seat.read")
def read_case(visit: Here, case_no: str) -> Response:
    """One case as filed, marked with the reader's pseudonym."""
    seat = held(visit, REVIEW).seat
    found = room(visit.desk, seat, as_of=visit.as_of)
    case = materials(visit.desk, seat, case_no, as_of=visit.as_of)
    judged = [no for no, _, mine in found.cases if mine]
    at = judged.index(case.no) if case.no in judged else 0
    return visit.page(
        "expert/case.html.j2", room=found, case=case, before=judged[at - 1] if at else "",
        after=judged[at + 1] if at + 1 < len(judged) else "",
    )  # fmt: skip
