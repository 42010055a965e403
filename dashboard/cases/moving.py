"""One move from the page of a case: state what it asks, see what will happen, do it, go on to the next."""

from typing import Any
from urllib.parse import quote

from fastapi import Response

from casework.history import show
from casework.move_preview import ACTION, Foreseen, MovedMeanwhile, foresee, make_move, next_for
from casework.selection import NoSuchCase, Selection
from dashboard.area import Here
from dashboard.cases.area import area
from dashboard.refusing import NotThere
from dashboard.visit import Visit
from records.transaction import reading
from states.refusals import Refused
from states.roles import Role

FIELD = "in-"


@area.get("/cases/{no}/move/{move}", action=ACTION)
def ask_move(visit: Here, no: str, move: str) -> Response:
    """What the move asks; one that asks nothing is foreseen at once."""
    return _page(visit, no, move, {}, at_once=True)


@area.post("/cases/{no}/move/{move}/preview", action=ACTION)
def preview_move(visit: Here, no: str, move: str) -> Response:
    """What would happen with what was stated; nothing is changed."""
    stated = _stated(visit)
    try:
        found = foresee(
            visit.desk, no, move, seen=_seen(visit), by=visit.actor, as_of=visit.as_of, inputs=_given(stated)
        )
    except NoSuchCase:
        raise
    except Refused as refusal:
        return _page(visit, no, move, stated, refusal=refusal)
    return _page(visit, no, move, stated, found=found)


@area.post("/cases/{no}/move/{move}", action=ACTION)
def do_move(visit: Here, no: str, move: str) -> Response:
    """Make the move on the version that was seen; then back to the case, or on to the next."""
    stated = _stated(visit)
    try:
        letters = make_move(
            visit.desk, no, move, seen=_seen(visit), by=visit.actor, as_of=visit.as_of, inputs=_given(stated)
        )
    except NoSuchCase:
        raise
    except Refused as refusal:
        return _page(visit, no, move, stated, refusal=refusal)
    said = visit.say("case.done", no=no, letters=letters)
    if visit.field("then") == "next":
        following = next_for(visit.desk, visit.actor, but=no)
        if following is None:
            return visit.go("/home", f"{said}{visit.say('case.no_more')}")
        return visit.go(f"/cases/{quote(following)}", said)
    return visit.go(f"/cases/{no}", said)


def _page(
    visit: Visit,
    no: str,
    name: str,
    stated: dict[str, str],
    *,
    refusal: Refused | None = None,
    found: Foreseen | None = None,
    at_once: bool = False,
) -> Response:
    visit.desk.calendar = visit.ground.installation.calendar()
    _refuse_out_of_sight(visit, no)
    case = show(visit.desk, no, as_of=visit.as_of, actor=visit.actor)
    stage = case.process.stages[case.stage]
    move = next((each for each in stage.moves if each.name == name), None)
    if move is None and name not in case.process.labels:
        raise NotThere
    if move is None:
        refusal = refusal or Refused(case.why_not[name])
    elif at_once and not move.asks and refusal is None:
        try:
            found = foresee(
                visit.desk, no, name, seen=case.version, by=visit.actor, as_of=visit.as_of, inputs={}
            )
        except Refused as why:
            refusal = why
    status = 200
    if refusal is not None and not at_once:
        status = 409 if isinstance(refusal, MovedMeanwhile) else 422
    return visit.page(
        "cases/move.html.j2", status, case=case, move=move, label=case.process.labels[name], name=name, stated=stated,
        refusal=refusal, found=found, prefix=FIELD, role=Role,
    )  # fmt: skip


def _refuse_out_of_sight(visit: Visit, no: str) -> None:
    where, values = Selection(nos=(no.upper(),)).where(visit.actor)
    with reading(visit.desk.engine) as tx:
        if tx.one(f"SELECT 1 FROM cases c WHERE {where}", values) is None:
            raise NoSuchCase


def _stated(visit: Visit) -> dict[str, str]:
    return {key.removeprefix(FIELD): visit.field(key) for key in visit.form if key.startswith(FIELD)}


def _given(stated: dict[str, str]) -> dict[str, Any]:
    return {key: value for key, value in stated.items() if value}


def _seen(visit: Visit) -> int:
    version = visit.field("version")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 9 else -1
