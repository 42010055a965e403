"""The web application: every area's routes, what is said when something fails, and what every answer carries."""

import logging
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

import dashboard
from casework.installation import Installation
from casework.passwords import Passwords
from dashboard.area import Area
from dashboard.failing import answer_failures, refuse_upload
from dashboard.ground import ASSETS, Ground
from dashboard.limits import RequestLimit

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
"""A page that needs more sets its own header, as the process map does for styles."""
FOREVER = "public, max-age=31536000, immutable"
MB = 1024 * 1024

log = logging.getLogger(__name__)


def create_app(
    installation: Installation, *, now: Callable[[], datetime], passwords: Passwords | None = None
) -> FastAPI:
    """The pages of an installation. ``now`` reads the clock; ``passwords`` are hashed at full cost unless given."""
    app = FastAPI(title="linxuan", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.ground = Ground(installation, now, passwords=passwords or Passwords())
    app.mount("/assets", StaticFiles(directory=ASSETS), name="assets")
    for area in areas():
        app.include_router(area.router)
    app.state.paths = frozenset(route.path for route in routes(app))
    answer_failures(app)

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Any]) -> Response:
        response: Response = await call_next(request)
        if (
            request.url.path.startswith("/assets/")
            and "v" in request.query_params
            and response.status_code == 200
        ):
            response.headers["Cache-Control"] = FOREVER
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.url.scheme == "https":
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response

    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(
        RequestLimit,
        largest=installation.settings.web.upload_mb * MB,
        refuse=lambda request, why: refuse_upload(app, request, why),
    )
    return app


def areas() -> list[Area]:
    """Every package of this room that has a module ``routes`` with an ``area``, by name."""
    return [
        import_module(f"dashboard.{each.name}.routes").area
        for each in iter_modules(dashboard.__path__)
        if each.ispkg
    ]


def routes(app: FastAPI) -> list[Route]:
    """The routes of the areas: those that stand under an action of the policy."""
    found: list[Route] = []
    for each in areas():
        found += [route for route in each.router.routes if isinstance(route, Route)]
    return found


def action_of(route: Route) -> str:
    """The action a route stands under."""
    return str(route.endpoint.__linxuan_action__)  # type: ignore[attr-defined]
