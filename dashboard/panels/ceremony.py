"""The draw on one screen: the promise, the public digits typed by somebody else, what came out (M24-7.3c)."""

from fastapi import Response

from casework.access.witness import witness
from casework.panels import committing
from casework.panels.ceremony import OUTCOMES, ceremony, version_of
from casework.panels.drawing import abandon, draw
from dashboard.area import Here
from dashboard.panels.site import acted, area, panel_page
from dashboard.signing.qr import qr_svg
from dashboard.visit import Visit
from states.occupations import OCCUPATIONS
from states.refusals import Refused


@area.get("/panels/{panel_no}/ceremony", action="draw.see")
def show_ceremony(visit: Here, panel_no: str) -> Response:
    """The screen of the draw, for a projector."""
    return page(visit, panel_no, 200, None)


@area.get("/panels/{panel_no}/ceremony/changed", action="draw.see")
def changed(visit: Here, panel_no: str) -> Response:
    """Asked every few seconds by the screen: it shows itself anew once somebody else has gone on."""
    no = panel_page(visit, panel_no).line.no
    seen = visit.request.query_params.get("seen", "")
    headers = {} if seen == str(version_of(visit.desk, no)) else {"HX-Refresh": "true"}
    return visit.answer(Response(status_code=204, headers=headers))


@area.post("/panels/{panel_no}/commit", action="draw.commit")
def commit(visit: Here, panel_no: str) -> Response:
    """Freeze the pool and promise: the first round, or the seats that are vacant."""

    def act(no: str) -> str:
        drawn = ceremony(visit.desk, no, actor=visit.actor).state not in ("planned", "committed")
        promise = committing.replace if drawn else committing.commit
        made = promise(
            visit.desk, no, by=visit.actor, as_of=visit.as_of,
            leave_out_held_because=visit.field("leave_out_because") or None,
        )  # fmt: skip
        return visit.say("panels.committed", round=made.round, pool=made.pool, excluded=made.excluded)

    return acted(visit, panel_no, page, act, "/panels/{no}/ceremony")


@area.post("/panels/{panel_no}/abandon", action="draw.commit")
def give_up(visit: Here, panel_no: str) -> Response:
    """Give up a promise before it is drawn."""

    def act(no: str) -> str:
        abandon(visit.desk, no, because=visit.field("because"), by=visit.actor, as_of=visit.as_of)
        return visit.say("panels.abandoned")

    return acted(visit, panel_no, page, act, "/panels/{no}/ceremony")


@area.post("/panels/{panel_no}/draw", action="draw.digits")
def draw_now(visit: Here, panel_no: str) -> Response:
    """The public digits, typed by a supervisor: whoever is signed in, or somebody who signs on this very screen."""

    def act(no: str) -> str:
        supervisor = visit.actor
        if visit.field("login"):
            supervisor = witness(
                visit.desk, visit.field("login"), str(visit.form.get("password", "")), visit.field("code"),
                visit.browser, as_of=visit.as_of, passwords=visit.ground.passwords,
            )  # fmt: skip
        drew = draw(
            visit.desk, no, digits=visit.field("digits"), source=visit.field("source"), supervisor=supervisor,
            as_of=visit.as_of,
        )  # fmt: skip
        return visit.say("panels.drew", seats=len(drew.seats), eligible=drew.eligible)

    return acted(visit, panel_no, page, act, "/panels/{no}/ceremony")


def page(visit: Visit, no: str, status: int, refusal: Refused | None) -> Response:
    """The screen, with what was refused."""
    found = panel_page(visit, no)
    shown = ceremony(visit.desk, found.line.no, actor=visit.actor)
    verify = f"{visit.desk.address}/draws/{shown.panel}/{shown.round.round}" if shown.round else ""
    return visit.page(
        "panels/ceremony.html.j2", status, shown=shown, line=found.line, refusal=refusal, verify=verify,
        occupation=OCCUPATIONS[shown.occupation], drawn=bool(shown.round and shown.round.state == "drawn"),
        qr=qr_svg(verify) if verify and shown.certificate_sha256 else "", published=found.published,
        mine=shown.committed_by == visit.actor.name, outcomes=OUTCOMES, seat=OUTCOMES["seated"],
    )  # fmt: skip
