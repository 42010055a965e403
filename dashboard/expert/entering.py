"""Coming in by a link and its code, leaving, and asking for a new link (M24-7.3b)."""

from fastapi import Response

from casework.access.seat_visits import begin_seat_visit, end_seat_visit
from casework.panels.entering import ask_for_link, enter
from casework.panels.invitation_visits import open_invitation
from casework.panels.links import INVITATION, REVIEW
from dashboard.area import Here
from dashboard.cookies import SEAT, read_cookie
from dashboard.expert.site import RESUME, area
from dashboard.visit import Visit
from states.refusals import Refused


@area.get("/invitation/{token}", action="public.see")
def ask_invited(visit: Here, token: str) -> Response:
    """The code of an invitation. Whether the link is any good is not said before it."""
    return _ask(visit, INVITATION, token)


@area.get("/review/{token}", action="public.see")
def ask_reviewer(visit: Here, token: str) -> Response:
    """The code of a link to read and vote."""
    return _ask(visit, REVIEW, token)


@area.post("/invitation/{token}", action="public.see")
def come_to_answer(visit: Here, token: str) -> Response:
    """Link and code together: in, to answer. The link stays good until the answer."""
    try:
        seat = open_invitation(visit.desk, token, visit.field("code"), as_of=visit.as_of)
    except Refused as refusal:
        return _ask(visit, INVITATION, token, refusal)
    visit.carry(SEAT, begin_seat_visit(visit.desk, seat, INVITATION, as_of=visit.as_of))
    return visit.go("/expert/answer")


@area.post("/review/{token}", action="public.see")
def come_to_review(visit: Here, token: str) -> Response:
    """Link and code together: in, to read and vote. The link is used up."""
    try:
        seat = enter(visit.desk, token, visit.field("code"), as_of=visit.as_of)
    except Refused as refusal:
        return _ask(visit, REVIEW, token, refusal)
    visit.carry(SEAT, begin_seat_visit(visit.desk, seat, REVIEW, as_of=visit.as_of))
    return visit.go("/expert/room")


@area.get("/link", action="public.see")
def ask_mail(visit: Here) -> Response:
    """Where a new link is asked for."""
    return visit.page("expert/link.html.j2", ended="ended" in visit.request.query_params)


@area.post("/link", action="public.see")
def send_link(visit: Here) -> Response:
    """A new link to whoever sits under this mailbox; the answer never says whether."""
    says = ask_for_link(visit.desk, visit.field("mail")[:254], as_of=visit.as_of)
    return visit.go("/expert/link", says)


@area.post("/leave", action="public.see")
def leave(visit: Here) -> Response:
    """The visit ends here; drafts stay, and the code in this browser goes."""
    token = read_cookie(visit.request, SEAT)
    if token:
        end_seat_visit(visit.desk, token)
    visit.carry(SEAT, "")
    visit.carry(RESUME, "")
    return visit.go("/expert/link", visit.say("expert.left"))


def _ask(visit: Visit, purpose: str, token: str, refusal: Refused | None = None) -> Response:
    return visit.page(
        "expert/code.html.j2", 422 if refusal else 200, purpose=purpose, token=token, refusal=refusal
    )
