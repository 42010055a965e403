"""The invitation answered: declined, or accepted under the signed statement (M24-7.3b, M24-7.3c)."""

from typing import Any

from fastapi import Response

from casework.panels.invitation_visits import answer_in, invitation_in
from casework.panels.links import INVITATION
from casework.panels.statement import Statement
from dashboard.area import Here
from dashboard.cookies import SEAT
from dashboard.expert.site import area, held
from dashboard.visit import Visit
from states.recusal import Organisation, OwnRecusal, Tie, TieKind
from states.recusal.expert import Employment
from states.refusals import Refused

ROWS = 3
"""How many ties and how many former employers the form has room for."""


@area.get("/answer", action="seat.answer")
def show_invitation(visit: Here) -> Response:
    """What is asked, and the statement to sign."""
    return _show(visit, 200, None)


@area.post("/answer", action="seat.answer")
def take_answer(visit: Here) -> Response:
    """The answer, once."""
    seat = held(visit, INVITATION).seat
    choice = visit.field("choice")
    try:
        if choice == "decline":
            done = answer_in(visit.desk, seat, "decline", reason=visit.field("reason"), as_of=visit.as_of)
        else:
            done = answer_in(visit.desk, seat, "accept", _statement(visit), as_of=visit.as_of)
    except Refused as refusal:
        return _show(visit, 422, refusal)
    visit.carry(SEAT, "")
    return visit.page("expert/answered.html.j2", done=done)


def _show(visit: Visit, status: int, refusal: Refused | None) -> Response:
    asked, state, name = invitation_in(visit.desk, held(visit, INVITATION).seat, as_of=visit.as_of)
    return visit.page(
        "expert/answer.html.j2", status, asked=asked, state=state, name=name, refusal=refusal, rows=range(ROWS),
        kinds=list(TieKind),
    )  # fmt: skip


def _statement(visit: Visit) -> Statement:
    """The statement as typed; a list nobody filled in adds nothing to the record unless “none” is ticked."""
    return Statement(
        visit.field("signature"), visit.field("confidence") == "yes", _employer(visit),
        employment=_list(visit, "employment", _employment(visit)), ties=_list(visit, "ties", _ties(visit)),
        service=_list(visit, "service", ()), recuses=_recuses(visit),
    )  # fmt: skip


def _employer(visit: Visit) -> Organisation | None:
    name = visit.field("employer")
    return Organisation(name, visit.field("employer_uscc") or None) if name else None


def _employment(visit: Visit) -> tuple[Employment, ...]:
    names = (visit.field(f"former-{row}") for row in range(ROWS))
    return tuple(Employment(Organisation(name)) for name in names if name)


def _ties(visit: Visit) -> tuple[Tie, ...]:
    found = []
    for row in range(ROWS):
        where, note = visit.field(f"tie-{row}"), visit.field(f"tie-note-{row}")
        if not where:
            continue
        kind = visit.field(f"tie-kind-{row}")
        if kind not in list(TieKind):
            raise Refused("请选择关系的种类。", clause="M24-7.3b")
        found.append(Tie(TieKind(kind), Organisation(where), visit.field(f"tie-person-{row}"), note))
    return tuple(found)


def _recuses(visit: Visit) -> tuple[OwnRecusal, ...]:
    return tuple(OwnRecusal(case, visit.field(f"why-{case}")) for case in visit.fields("recuse"))


def _list(visit: Visit, name: str, rows: tuple[Any, ...]) -> tuple[Any, ...] | None:
    if rows:
        return rows
    return () if visit.field(f"no-{name}") == "yes" else None
