"""Every route × every role × foreign scope, from the application's own table of routes against the policy."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import Request
from starlette.routing import Route

from casework.access.policy import ANYONE, COLUMNS, EXPERT, POLICY, Reach, reach
from casework.access.seat_visits import SeatHeld
from casework.panels.entering import SeatSession
from dashboard.app import action_of, routes
from dashboard.area import Area, admit
from dashboard.refusing import NotSignedIn
from dashboard.visit import Visit
from states.roles import Role

OWN = {Role.APPLICANT: "1", Role.RECOMMENDER: "P50", Role.PROVINCE: "50"}
FOREIGN = {Role.APPLICANT: "999", Role.RECOMMENDER: "P46", Role.PROVINCE: "46"}
SAMPLES: dict[str, str] = {
    "code": "B3",
    "call": "B3",
    "track": "evaluation",
    "view_id": "0",
    "move": "withdraw",
    "session_id": "0",
    "batch_id": "0",
    "no": "B3-SJAQ-0001",
    "publicity_no": "B3-GS-01",
    "listed_no": "B3-SJAQ-0001",
    "panel_no": "B3-SJAQ-P01",
    "round_no": "1",
    "call_code": "B3",
    "expert_code": "ZJ000001",
    "token": "none",
    "case_no": "B3-SJAQ-0001",
    "letter_id": "1",
    "letter_name": "received",
    "reader": "applicant",
    "incident_id": "1",
    "draft_id": "1",
    "what": "fees",
    "change_no": "BG-2024-0001",
    "decision": "decline",
    "failing_id": "1",
    "kind": "credit_record",
    "material_id": "1",
}
"""A value of every path parameter; ``no`` is a case that lies in the scopes of ``OWN`` and outside ``FOREIGN``."""
OF_A_CASE = frozenset({"no"})
"""Path parameters that name something within a scope: from a foreign scope it is not there."""

LEADS_ON = frozenset({"/sign-in/code"})
"""Open to the public in name, and leading on to the sign-in page."""

TURNED_AWAY, NOT_ALLOWED, NOT_THERE = 303, 403, 404


def filled(route: Route) -> str:
    return re.sub(r"{(\w+)(?::\w+)?}", lambda found: SAMPLES[found[1]], route.path)


def names(route: Route) -> list[str]:
    return re.findall(r"{(\w+)(?::\w+)?}", route.path)


def method(route: Route) -> str:
    return "POST" if "POST" in (route.methods or ()) else "GET"


def foreign_people(as_role: Callable[..., Any]) -> dict[Role, Any]:
    return {role: as_role(role, scope, f"foreign.{role}") for role, scope in FOREIGN.items()}


@pytest.fixture
def people(app, client, as_role, desk, now) -> dict[str, Any]:
    """One browser for every column of the policy."""
    found: dict[str, Any] = {ANYONE: client}
    for role in COLUMNS:
        if role not in (ANYONE, EXPERT):
            found[role] = as_role(Role(role), OWN.get(Role(role), ""))
    return found


def test_every_route_stands_under_an_action_of_the_policy(app) -> None:
    stray = [route.path for route in routes(app) if action_of(route) not in POLICY]
    assert stray == []
    assert {getattr(route, "path", "/assets") for route in app.routes if isinstance(route, Route)} <= {
        route.path for route in routes(app)
    }


def test_a_route_without_an_action_does_not_register() -> None:
    with pytest.raises(ValueError, match="no action 'nothing.known'"):
        Area().get("/x", action="nothing.known")(lambda visit: visit)
    with pytest.raises(TypeError, match="action"):
        Area().get("/x")  # type: ignore[call-arg]


def test_every_parameter_has_a_sample(app) -> None:
    assert {name for route in routes(app) for name in names(route)} - set(SAMPLES) == set()


def test_every_route_opens_to_the_roles_of_the_policy_and_to_no_other(app, people, filed, send) -> None:
    filed(1)
    wrong = []
    for route in routes(app):
        action = action_of(route)
        for role, browser in people.items():
            answer = browser.request(method(route), filled(route))
            shut = reach(role, action) is Reach.NONE
            if shut and role == ANYONE:
                door = "/expert/link" if route.path.startswith("/expert/") else "/sign-in?next="
                fits = answer.status_code == TURNED_AWAY and door in answer.headers["location"]
            elif shut:
                fits = answer.status_code == NOT_ALLOWED and "不能办理或查看这一项" in answer.text
            elif method(route) == "POST":
                # Let in, and then turned away because the form does not come from our page.
                fits = answer.status_code == NOT_ALLOWED and "不是从本系统打开的" in answer.text
            else:
                asked = "/sign-in?" in answer.headers.get("location", "")
                refused = answer.status_code in (NOT_ALLOWED, 401, 500) or asked
                fits = not refused or (role == ANYONE and route.path in LEADS_ON)
            if not fits:
                wrong.append((method(route), route.path, role, answer.status_code))
    assert wrong == []


def test_what_lies_in_a_foreign_scope_is_not_there(app, as_role, filed) -> None:
    filed(1)
    answers = {
        (route.path, role): browser.get(filled(route)).status_code
        for role, browser in foreign_people(as_role).items()
        for route in routes(app)
        if reach(role, action_of(route)) is Reach.OWN
        and method(route) == "GET"
        and OF_A_CASE & set(names(route))
    }
    assert {where: status for where, status in answers.items() if status != NOT_THERE} == {}


def test_no_page_shows_a_foreign_institution(app, as_role, filed) -> None:
    filed(1)
    shown = [
        (route.path, role)
        for role, browser in foreign_people(as_role).items()
        for route in routes(app)
        if method(route) == "GET" and not names(route) and "示例不可外泄" in browser.get(route.path).text
    ]
    assert shown == []


def test_an_expert_reaches_what_a_seat_opens_and_nothing_else(app, now) -> None:
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": [], "app": app})
    seat = SeatHeld(SeatSession(1, 1, now() + timedelta(hours=4)), "review")
    visit = Visit(request, app.state.ground, now(), "zh-CN", seat=seat)

    def opens(action: str) -> bool:
        try:
            admit(visit, action)
        except NotSignedIn:
            return False
        return True

    assert [action for action in POLICY if opens(action) is (reach(EXPERT, action) is Reach.NONE)] == []
