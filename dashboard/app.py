"""The web application: one plain home page and its health as JSON, until the dashboard proper comes."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from casework.faults import database_refusal
from casework.installation import Installation
from casework.overview import Clock, Overview, overview
from dashboard.home import home
from states.refusals import Refused

HERE = Path(__file__).parent
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
NOT_FOUND = 404

log = logging.getLogger(__name__)


def create_app(installation: Installation, *, now: Callable[[], datetime]) -> FastAPI:
    """The pages of an installation. ``now`` reads the clock; nothing here changes anything."""
    app = FastAPI(title="linxuan", docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/assets", StaticFiles(directory=HERE / "assets"), name="assets")
    templates = Environment(
        loader=FileSystemLoader(HERE / "pages"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    desk = installation.desk()

    def look() -> Overview:
        desk.calendar = installation.calendar()
        return overview(desk, as_of=now())

    def page(name: str, status: int = 200, **words: Any) -> HTMLResponse:
        return HTMLResponse(templates.get_template(name).render(**words), status)

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Any]) -> Response:
        response: Response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    @app.get("/", response_class=HTMLResponse)
    def show_home() -> HTMLResponse:
        return page("home.html.j2", home=home(look(), desk.calendar))

    @app.get("/healthz")
    def show_health() -> JSONResponse:
        view = look()
        return JSONResponse(health(view), 200 if view.clock is Clock.WELL else 503)

    @app.exception_handler(HTTPException)
    async def turn_away(_: Request, error: HTTPException) -> HTMLResponse:
        found = "没有这个页面。" if error.status_code == NOT_FOUND else "不能这样访问这个页面。"
        return page("notice.html.j2", error.status_code, says=found)

    @app.exception_handler(DBAPIError)
    async def admit(_: Request, error: DBAPIError) -> HTMLResponse:
        log.error("a page could not be made", exc_info=error)
        refusal = database_refusal(error) or Refused("数据库操作未能完成，详情已记入日志。")
        return page("notice.html.j2", 503, says=str(refusal))

    return app


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
