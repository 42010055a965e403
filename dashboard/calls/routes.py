"""Calls: the list, one call with its calendar and rules, planning and approving, opening, closing, extending."""

from datetime import date
from pathlib import Path

from fastapi import Response

from casework.access.policy import Reach, reach
from casework.call_calendar import bars, days_off
from casework.call_overview import call_in_sight, calls_in_sight, count_of, extensions, rules_told
from casework.call_planning import Proposal, decide, proposals, propose
from casework.calls import CallState, close_call, open_call
from casework.extending import Extension, extend_call, foresee_extension
from casework.foreseeing import DAYS, look_ahead
from casework.rule_text import with_day, with_text
from dashboard.area import Area, Here
from dashboard.calls.gantt import draw, span_of
from dashboard.refusing import NotThere
from dashboard.visit import Visit
from states.calendar import day_of
from states.labels import TRACKS
from states.refusals import Refused
from states.rulebook import CALLS, SAMPLES, call_text

area = Area()

HEAD = ("code", "name", "title")
HEAD_DAYS = ("notice", "opens", "filing_closes", "paper_due")
KINDS = ("move", "letter", "notice", "call")


@area.get("/calls", action="call.see")
def show_calls(visit: Here) -> Response:
    """Every call in sight, and what is planned."""
    found = calls_in_sight(visit.desk, visit.actor, _folder(visit))
    rows = [(call, count_of(visit.desk, call.code, visit.actor) if call.opened_at else 0) for call in found]
    plans = [each for each in proposals(visit.desk, visit.actor) if each.state != "approved"]
    return visit.page("calls/list.html.j2", rows=rows, plans=plans)


@area.get("/calls/new", action="call.plan")
def plan(visit: Here) -> Response:
    """Plan a call, on the pattern of another."""
    pattern = visit.request.query_params.get("from", "")
    known = {each.code: each.text for each in proposals(visit.desk, visit.actor)}
    if pattern not in (*CALLS, *SAMPLES) and pattern not in known:
        pattern = CALLS[-1]
    return _planning(visit, pattern, {"rules": known.get(pattern) or call_text(pattern)})


@area.post("/calls/new", action="call.plan")
def put_forward(visit: Here) -> Response:
    """Put a plan forward for approval."""
    typed = {name: visit.field(name) for name in (*HEAD, *HEAD_DAYS, "rules", "from")}
    try:
        made = propose(visit.desk, _rules_typed(typed), by=visit.actor, as_of=visit.as_of)
    except Refused as refusal:
        return _planning(visit, typed["from"], typed, refusal)
    return visit.go(f"/calls/plans/{made.code}", visit.say("calls.planned_now"))


@area.get("/calls/plans/{code}", action="call.see")
def show_plan(visit: Here, code: str) -> Response:
    """What is planned, for whoever approves."""
    return _plan_page(visit, _plan(visit, code))


@area.post("/calls/plans/{code}/decide", action="call.approve", grave=True)
def decide_plan(visit: Here, code: str) -> Response:
    """Approve it, or return it with words."""
    found = _plan(visit, code)
    approve, seen = visit.field("decision") == "approve", visit.field("seen")
    try:
        decide(
            visit.desk, found.code, approve=approve, words=visit.field("words"),
            seen=int(seen) if seen.isdecimal() else 0, by=visit.actor, as_of=visit.as_of,
        )  # fmt: skip
    except Refused as refusal:
        return _plan_page(visit, _plan(visit, code), refusal)
    return visit.go("/calls", visit.say("calls.approved_now" if approve else "calls.returned_now"))


@area.get("/calls/{code}", action="call.see")
def show_call(visit: Here, code: str) -> Response:
    """One call: how it stands, its calendar, its rules with their clauses."""
    return _call_page(visit, _call(visit, code))


@area.post("/calls/{code}/open", action="call.open", grave=True)
def open_now(visit: Here, code: str) -> Response:
    """Open it for filing."""
    call = _call(visit, code)
    try:
        _refuse_unless_own(visit, call, "call.open")
        open_call(visit.desk, call.code, by=visit.actor, as_of=visit.as_of, folder=_folder(visit))
    except Refused as refusal:
        return _call_page(visit, call, refusal)
    return visit.go(f"/calls/{call.code}", visit.say("calls.opened_now"))


@area.post("/calls/{code}/close", action="call.open", grave=True)
def close_now(visit: Here, code: str) -> Response:
    """Close it when its last day has passed."""
    call = _call(visit, code)
    try:
        _refuse_unless_own(visit, call, "call.open")
        close_call(visit.desk, call.code, by=visit.actor, as_of=visit.as_of)
    except Refused as refusal:
        return _call_page(visit, call, refusal)
    return visit.go(f"/calls/{call.code}", visit.say("calls.closed_now"))


@area.get("/calls/{code}/extend", action="call.extend")
def ask_extension(visit: Here, code: str) -> Response:
    """To when, and why."""
    return visit.page("calls/extend.html.j2", call=_call(visit, code), typed={}, refusal=None, shown=None)


@area.post("/calls/{code}/extend/preview", action="call.extend")
def preview_extension(visit: Here, code: str) -> Response:
    """What it would move, and whom it would tell."""
    call, typed = _call(visit, code), {name: visit.field(name) for name in ("closes", "paper", "reason")}
    shown, refusal = None, None
    try:
        shown = foresee_extension(visit.desk, call.code, _asked(typed), by=visit.actor, as_of=visit.as_of)
    except Refused as refused:
        refusal = refused
    return visit.page(
        "calls/extend.html.j2", 422 if refusal else 200, call=call, typed=typed, refusal=refusal, shown=shown
    )


@area.post("/calls/{code}/extend", action="call.extend", grave=True)
def extend(visit: Here, code: str) -> Response:
    """Do it."""
    call, typed = (
        _call(visit, code),
        {name: visit.field(name) for name in ("closes", "paper", "reason", "seen")},
    )
    try:
        done = extend_call(
            visit.desk, call.code, _asked(typed), seen=_day(typed["seen"]), by=visit.actor, as_of=visit.as_of
        )
    except Refused as refusal:
        return visit.page(
            "calls/extend.html.j2", 422, call=_call(visit, code), typed=typed, refusal=refusal, shown=None
        )
    says = visit.say("calls.extended_now", cases=done.cases, letters=done.letters)
    return visit.go(f"/calls/{call.code}", says)


@area.get("/outlook", action="clock.foresee")
def show_outlook(visit: Here) -> Response:
    """What the clock will do in the days to come, and to whom it will write."""
    query = visit.request.query_params
    call, kind = query.get("call", ""), query.get("kind", "")
    days = int(query["days"]) if query.get("days") in ("7", "30", "90") else DAYS
    found = look_ahead(
        visit.desk, as_of=visit.as_of, actor=visit.actor, days=days, call=call, folder=_folder(visit)
    )
    shown = [each for each in found.steps if kind in ("", each.kind)]
    by_day: dict[date, list[object]] = {}
    for each in shown:
        by_day.setdefault(each.day, []).append(each)
    calls = [(each.code, each.name) for each in calls_in_sight(visit.desk, visit.actor, _folder(visit))]
    return visit.page(
        "calls/outlook.html.j2", found=found, by_day=by_day, calendar=visit.desk.calendar, calls=calls, call=call,
        kind=kind, days=days, kinds=KINDS,
    )  # fmt: skip


def _folder(visit: Visit) -> Path:
    return visit.ground.installation.data / "calls"


def _call(visit: Visit, code: str) -> CallState:
    call = call_in_sight(visit.desk, code, visit.actor, _folder(visit))
    if call is None:
        raise NotThere
    return call


def _plan(visit: Visit, code: str) -> Proposal:
    found = next(
        (each for each in proposals(visit.desk, visit.actor) if each.code == code.strip().upper()), None
    )
    if found is None:
        raise NotThere
    return found


def _refuse_unless_own(visit: Visit, call: CallState, action: str) -> None:
    if reach(visit.actor.role, action) is Reach.OWN and call.rules.province != visit.actor.scope:
        raise Refused(f"{call.name}不是{visit.actor.name}所在省份的批次，不能由其办理。", clause="M24-8")


def _asked(typed: dict[str, str]) -> Extension:
    return Extension(_day(typed["closes"]), _day(typed["paper"]), typed["reason"])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"“{text}”不是日期，请写成2024-06-28这样。") from None


def _rules_typed(typed: dict[str, str]) -> str:
    text = typed["rules"]
    for name in HEAD:
        if typed[name]:
            text = with_text(text, name, typed[name].upper() if name == "code" else typed[name])
    for name in HEAD_DAYS:
        if typed[name]:
            text = with_day(text, name, _day(typed[name]))
    return text


def _planning(visit: Visit, pattern: str, typed: dict[str, str], refusal: Refused | None = None) -> Response:
    patterns = [(code, code) for code in (*CALLS, *SAMPLES)]
    return visit.page(
        "calls/new.html.j2",
        422 if refusal else 200,
        pattern=pattern,
        typed=typed,
        refusal=refusal,
        patterns=patterns,
    )


def _plan_page(visit: Visit, found: Proposal, refusal: Refused | None = None) -> Response:
    rules = found.rules
    planned = CallState(found.code, found.name, "planned", visit.as_of, visit.as_of, None, None, rules)
    tracks = [name for name, terms in rules.tracks.items() if terms.open.value]
    told = [(TRACKS[name], rules_told(planned, name)) for name in tracks]
    return visit.page(
        "calls/plan.html.j2", 422 if refusal else 200, plan=found, rules=rules, told=told, refusal=refusal,
        typed=visit.field("words"),
    )  # fmt: skip


def _call_page(visit: Visit, call: CallState, refusal: Refused | None = None) -> Response:
    open_tracks = [name for name, terms in call.rules.tracks.items() if terms.open.value]
    asked = visit.request.query_params.get("track", "")
    track = asked if asked in open_tracks else open_tracks[0]
    rows = bars(visit.desk, call, track)
    first, last = span_of(rows)
    drawn = draw(rows, list(days_off(visit.desk.calendar, first, last)), day_of(visit.as_of))
    own = reach(visit.actor.role, "call.open") is not Reach.OWN or call.rules.province == visit.actor.scope
    return visit.page(
        "calls/call.html.j2", 422 if refusal else 200, call=call, rules=call.rules, rows=rows, gantt=drawn, own=own,
        track=track, tracks=[(name, TRACKS[name]) for name in open_tracks], told=rules_told(call, track),
        past=extensions(visit.desk, call.code), count=count_of(visit.desk, call.code, visit.actor), refusal=refusal,
        track_label=TRACKS[track],
    )  # fmt: skip
