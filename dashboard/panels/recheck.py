"""The recheck: candidates ranked, choices staged in words, released together by somebody else (M24-7.3e, M24-7.4)."""

from fastapi import Response

from casework.recheck import CHOICES
from casework.recheck_board import board, release_seen, stage_seen, waiting
from dashboard.area import Here
from dashboard.panels.site import area, status_of
from dashboard.refusing import NotThere
from dashboard.visit import Visit
from states.labels import TRACKS
from states.occupations import OCCUPATIONS
from states.places import PROVINCES
from states.refusals import Refused


@area.get("/recheck", action="recheck.see")
def show_waiting(visit: Here) -> Response:
    """Where candidates wait for a decision."""
    return visit.page(
        "panels/recheck_list.html.j2", found=waiting(visit.desk, actor=visit.actor), tracks=TRACKS
    )


@area.get("/recheck/{call_code}/{track}", action="recheck.see")
def show_board(visit: Here, call_code: str, track: str) -> Response:
    """The rankings of a call, with what is staged."""
    return page(visit, call_code, track, 200, None)


@area.post("/recheck/{call_code}/{track}/stage", action="recheck.decide")
def stage(visit: Here, call_code: str, track: str) -> Response:
    """Stage what is decided on one case; nobody is told yet."""
    seen = visit.field("seen")
    try:
        made = stage_seen(
            visit.desk, visit.field("case"), visit.field("choice"), words=visit.field("words"),
            seen=int(seen) if seen.isdecimal() else 0, by=visit.actor, as_of=visit.as_of,
        )  # fmt: skip
    except Refused as refusal:
        return page(visit, call_code, track, status_of(refusal), refusal)
    says = visit.say("panels.staged", no=made.no, choice=CHOICES[made.choice])
    return visit.go(f"/recheck/{call_code}/{track}#{made.no}", says)


@area.post("/recheck/{call_code}/{track}/release", action="recheck.release", grave=True)
def release(visit: Here, call_code: str, track: str) -> Response:
    """Release all that is staged, together; the letters go out with it."""
    try:
        done = release_seen(
            visit.desk, call_code, track, seen=visit.field("seen"), by=visit.actor, as_of=visit.as_of
        )
    except Refused as refusal:
        return page(visit, call_code, track, status_of(refusal), refusal)
    says = visit.say(
        "panels.released", publicised=len(done.publicised), others=len(done.not_selected), kept=len(done.reserved),
        letters=done.letters,
    )  # fmt: skip
    return visit.go("/recheck", says)


def page(visit: Visit, call: str, track: str, status: int, refusal: Refused | None) -> Response:
    """The board, with what was refused."""
    if track not in TRACKS:
        raise NotThere
    try:
        found = board(visit.desk, call, track, actor=visit.actor)
    except (Refused, KeyError):
        raise NotThere from None
    return visit.page(
        "panels/recheck.html.j2", status, board=found, call=call, track=track, track_label=TRACKS[track], refusal=refusal,
        choices=CHOICES, occupations=OCCUPATIONS, places={each.region: each.short for each in PROVINCES},
    )  # fmt: skip
