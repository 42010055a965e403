"""The panels: planned, looked at, changed; seats, recusals held, the meeting, a vote that goes on."""

import json
from typing import Any

from fastapi import Response

from casework.calls import kept_calls
from casework.panels.access import Matter, may_see, within_reach
from casework.panels.ceremony import version_of
from casework.panels.certificates import certificate
from casework.panels.deciding import decide_held, held, release
from casework.panels.extending import extend_vote
from casework.panels.listing import list_panels
from casework.panels.meeting import meetings, record_meeting
from casework.panels.panel import BEFORE_VOTING
from casework.panels.planning import NUMBERS, TIMES, change_panel, plan_panels
from casework.panels.seat import HOLDING, STATES
from dashboard.area import Here
from dashboard.panels.site import acted, area, moment_typed, number_typed, panel_page, status_of
from dashboard.visit import Visit
from states.labels import TRACKS
from states.occupations import OCCUPATIONS
from states.refusals import Refused


@area.get("/panels", action="panel.see")
def show_panels(visit: Here) -> Response:
    """Every panel within reach, and where to plan them."""
    return _list(visit, 200, None)


@area.post("/panels/plan", action="panel.plan")
def plan(visit: Here) -> Response:
    """One panel for every occupation with cases that no panel reads yet."""
    call, _, track = visit.field("call").partition("/")
    try:
        made = plan_panels(
            visit.desk, call, by=visit.actor, as_of=visit.as_of, track=track or "evaluation",
            occupation=visit.field("occupation") or None, overrides=_given(visit),
        )  # fmt: skip
    except (Refused, KeyError) as error:
        refusal = error if isinstance(error, Refused) else Refused("请选择批次。")
        return _list(visit, status_of(refusal), refusal)
    return visit.go("/panels", visit.say("panels.planned", count=len(made)))


@area.get("/panels/{panel_no}", action="panel.see")
def show_one(visit: Here, panel_no: str) -> Response:
    """One panel as far as the reader may see it."""
    return page(visit, panel_no, 200, None)


@area.post("/panels/{panel_no}/set", action="panel.plan")
def change(visit: Here, panel_no: str) -> Response:
    """Other parameters or times; what is left empty stays."""

    def act(no: str) -> str:
        recusal = visit.field("recusal") or None
        change_panel(
            visit.desk, no, by=visit.actor, as_of=visit.as_of, because=visit.field("because"),
            **_given(visit) | ({"recusal": recusal} if recusal in ("case", "panel") else {}),
        )  # fmt: skip
        return visit.say("panels.changed")

    return acted(visit, panel_no, page, act, "/panels/{no}")


@area.post("/panels/{panel_no}/held", action="panel.decide")
def decide(visit: Here, panel_no: str) -> Response:
    """Decide a conflict that waits for a human, in words."""

    def act(no: str) -> str:
        return decide_held(
            visit.desk, no, expert=visit.field("expert"), case=visit.field("case"), rule=visit.field("rule"),
            verdict=visit.field("verdict"), reason=visit.field("reason"), by=visit.actor, as_of=visit.as_of,
        )  # fmt: skip

    return acted(visit, panel_no, page, act, "/panels/{no}#held")


@area.post("/panels/{panel_no}/release", action="panel.decide")
def release_seat(visit: Here, panel_no: str) -> Response:
    """Relieve the holder of a seat, for a reason on record."""

    def act(no: str) -> str:
        place = number_typed(visit.field("seat"), "席位") or 0
        release(visit.desk, no, place, because=visit.field("because"), by=visit.actor, as_of=visit.as_of)
        return visit.say("panels.seat_released", place=place)

    return acted(visit, panel_no, page, act, "/panels/{no}#members")


@area.post("/panels/{panel_no}/extend", action="panel.decide")
def extend(visit: Here, panel_no: str) -> Response:
    """Let a vote that missed its quorum go on."""

    def act(no: str) -> str:
        closes = moment_typed(visit.field("until"), "延长至")
        if closes is None:
            raise Refused("请填写延长后的截止时间。", clause="M24-7.3d")
        extend_vote(
            visit.desk,
            no,
            closes_at=closes,
            because=visit.field("why"),
            by=visit.actor,
            as_of=visit.as_of,
        )
        return visit.say("panels.extended")

    return acted(visit, panel_no, page, act, "/panels/{no}")


@area.post("/panels/{panel_no}/meeting", action="panel.decide")
def meet(visit: Here, panel_no: str) -> Response:
    """Write a meeting down."""

    def act(no: str) -> str:
        at = moment_typed(visit.field("held_at"), "开会时间")
        if at is None:
            raise Refused("请填写开会时间。", clause="M24-7.3d")
        number = record_meeting(
            visit.desk, no, held_at=at, place=visit.field("place"), minutes=visit.field("minutes"),
            present=[int(each) for each in visit.fields("present") if each.isdecimal()], by=visit.actor,
            as_of=visit.as_of,
        )  # fmt: skip
        return visit.say("panels.met", number=number)

    return acted(visit, panel_no, page, act, "/panels/{no}#meetings")


@area.post("/panels/{panel_no}/sealed/{round_no:int}", action="panel.members", grave=True)
def give_sealed(visit: Here, panel_no: str, round_no: int) -> Response:
    """The sealed certificate of a round, names included; that it was read stands in the audit log."""
    no = panel_page(visit, panel_no).line.no
    try:
        found = certificate(visit.desk, no, round_no, actor=visit.actor, as_of=visit.as_of, sealed=True)
    except Refused as refusal:
        return page(visit, no, status_of(refusal), refusal)
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    headers = {"Content-Disposition": f'attachment; filename="{no}-{round_no}-sealed.json"'}
    return visit.answer(Response(text, media_type="application/json", headers=headers))


def page(visit: Visit, no: str, status: int, refusal: Refused | None) -> Response:
    """The page of a panel, with what was refused."""
    found = panel_page(visit, no)
    line, actor = found.line, visit.actor
    sees = may_see(actor, Matter.MEMBERS, line.province)
    return visit.page(
        "panels/panel.html.j2", status, panel=found, line=line, refusal=refusal, occupation=OCCUPATIONS[line.occupation],
        version=version_of(visit.desk, line.no), seat_states=STATES, holding=HOLDING,
        held=held(visit.desk, line.no, actor=actor, as_of=visit.as_of) if sees and line.state in BEFORE_VOTING else (),
        meetings=meetings(visit.desk, line.no, actor=actor) if sees else (), before=line.state in BEFORE_VOTING,
        sees=sees, progress=may_see(actor, Matter.PROGRESS, line.province), track=TRACKS[line.track],
    )  # fmt: skip


def _list(visit: Visit, status: int, refusal: Refused | None) -> Response:
    found = [
        each
        for each in list_panels(visit.desk, actor=visit.actor)
        if within_reach(visit.actor, each.province)
    ]
    calls = [
        (f"{call.code}/{track}", f"{call.code} {TRACKS[track]}")
        for call in kept_calls(visit.desk)
        for track in call.rules.tracks
    ]
    return visit.page(
        "panels/list.html.j2", status, found=found, refusal=refusal, calls=calls, occupations=OCCUPATIONS,
        seat_states=STATES,
    )  # fmt: skip


def _given(visit: Visit) -> dict[str, Any]:
    numbers = {name: number_typed(visit.field(name), visit.say(f"panels.{name}")) for name in NUMBERS}
    times = {name: moment_typed(visit.field(name), visit.say(f"panels.{name}")) for name in TIMES}
    return {name: value for name, value in {**numbers, **times}.items() if value is not None}
