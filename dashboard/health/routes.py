"""Health: for staff as a page, for programs as JSON without names."""

from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse

from casework.incidents import retry
from casework.overview import Clock, Overview, overview
from dashboard.area import Area, Here
from dashboard.health.prefect_runs import PrefectRuns
from dashboard.health.standing import standing
from dashboard.health.surroundings import failures, surroundings
from dashboard.visit import Visit

area = Area()
PREFECT = PrefectRuns()


@area.get("/health", action="health.see")
def show_health(visit: Here) -> Response:
    """The clock, the post, the runner, the checks; the calls stage by stage."""
    view, ground = _look(visit), visit.ground
    return visit.page(
        "health/health.html.j2", home=standing(view, visit.desk.calendar),
        around=surroundings(ground.installation, visit.desk.calendar, as_of=visit.as_of),
        prefect=PREFECT.look(ground.prefect_url),
        failures=failures(ground.installation, actor=visit.actor) if visit.may("incident.see") else [],
    )  # fmt: skip


@area.post("/health/incidents/{incident_id:int}/retry", action="incident.retry")
def retry_incident(visit: Here, incident_id: int) -> Response:
    """Put what failed back in line."""
    return visit.go("/health", retry(visit.desk, incident_id, by=visit.actor, as_of=visit.as_of))


@area.get("/healthz", action="public.see")
def tell_health(visit: Here) -> Response:
    """200 while a legal deadline would be kept, else 503."""
    view = _look(visit)
    return visit.answer(JSONResponse(health(view), 200 if view.clock is Clock.WELL else 503))


def health(view: Overview) -> dict[str, Any]:
    """How things stand, for programs: instants in UTC, counts, no names."""
    swept, prefect = view.runs.get("sweep"), view.runs.get("prefect")
    checked = view.runs.get("invariants")
    return {
        "clock": str(view.clock),
        "as_of": view.as_of.isoformat(),
        "last_sweep": swept.started_at.isoformat() if swept else None,
        "oldest_due": view.oldest_due.isoformat() if view.oldest_due else None,
        "runner": view.runner_alive,
        "prefect": prefect.outcome if prefect and view.runner_alive else "down",
        "letters_queued": view.mailbox.queued,
        "letters_failed": view.mailbox.failed,
        "incidents": sum(view.incidents.values()),
        "faults": checked.counts.get("faults") if checked else None,
    }


def _look(visit: Visit) -> Overview:
    visit.desk.calendar = visit.ground.installation.calendar()
    return overview(visit.desk, as_of=visit.as_of)
