"""What a reader is told when something is refused, missing, too large or broken: one sentence, with its status."""

import logging
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from casework.access.forms_once import StillRunning
from casework.access.throttle import Wait
from casework.faults import database_refusal
from casework.selection import NoSuchCase
from dashboard.area import visit_of
from dashboard.ground import Ground
from dashboard.refusing import ConfirmFirst, Gone, NotAllowed, NotSignedIn, NotThere, Stale, TooLarge
from dashboard.visit import Visit, incident_number
from states.refusals import Refused

STATUS: tuple[tuple[type[Refused], int], ...] = (
    (NotSignedIn, 401), (ConfirmFirst, 403), (NotAllowed, 403), (NotThere, 404), (Stale, 409), (StillRunning, 409),
    (NoSuchCase, 404), (Gone, 410), (TooLarge, 413), (Wait, 429),
)  # fmt: skip

log = logging.getLogger(__name__)


def answer_failures(app: FastAPI) -> None:
    """Have every failure of the application answered in words."""

    @app.exception_handler(Refused)
    def _refused(request: Request, refusal: Refused) -> Response:
        status = next((code for kind, code in STATUS if isinstance(refusal, kind)), 422)
        if isinstance(refusal, NotSignedIn | ConfirmFirst):
            return _elsewhere(request, refusal, status)
        return notice(request, status, refusal)

    @app.exception_handler(RequestValidationError)
    def _misread(request: Request, error: RequestValidationError) -> Response:
        # A path or query that is not of its type leads nowhere; a form with a missing field is no form of ours.
        looked_up = all(each["loc"][:1] in (("path",), ("query",)) for each in error.errors())
        if looked_up:
            return notice(request, 404, NotThere())
        return notice(request, 422, Refused("表单不完整，请刷新页面后重新填写。"))

    @app.exception_handler(HTTPException)
    def _turned_away(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return notice(request, 404, NotThere())
        return notice(request, error.status_code, Refused("不能这样访问这个页面。"))

    @app.exception_handler(DBAPIError)
    def _out_of_order(request: Request, error: DBAPIError) -> Response:
        log.error("a page could not be made", exc_info=error)
        refusal = database_refusal(error) or Refused("数据库操作未能完成，详情已记入日志。")
        return notice(request, 503, refusal)

    @app.exception_handler(Exception)
    def _broken(request: Request, error: Exception) -> Response:
        number = incident_number()
        log.error("incident %s: %s %s", number, request.method, request.url.path, exc_info=error)
        return notice(
            request, 500, Refused(f"系统出错，未作改动的内容不受影响。请把编号{number}告诉系统管理员。")
        )


def notice(request: Request, status: int, refusal: Refused) -> Response:
    """A whole page for a browser, a part for htmx, JSON for a program."""
    headers = {"Retry-After": str(refusal.seconds)} if isinstance(refusal, Wait) else {}
    if "application/json" in request.headers.get("accept", "") or request.url.path.startswith("/api/"):
        said = {"status": status, "detail": refusal.sentence, "clause": refusal.clause}
        return JSONResponse(said, status, headers)
    visit = _visit(request)
    template = "parts/refusal.html.j2" if visit.partial else "notice.html.j2"
    try:
        answer = visit.page(template, status, refusal=refusal, status_code=status)
    except Exception as error:
        log.error("the page of a refusal could not be made", exc_info=error)
        return PlainTextResponse(str(refusal), status, headers)
    answer.headers.update(headers)
    return answer


def refuse_upload(app: FastAPI, request: Request, refusal: TooLarge) -> Response:
    """The answer to a body that is not read at all."""
    request.scope.setdefault("app", app)
    answer = notice(request, 413, refusal)
    answer.headers["Connection"] = "close"
    return answer


def _elsewhere(request: Request, refusal: Refused, status: int) -> Response:
    """To the page where one signs in, or types the password again, and from there back."""
    if "application/json" in request.headers.get("accept", ""):
        return notice(request, status, refusal)
    visit = _visit(request)
    back = request.url.path if request.method == "GET" else _page_of(request)
    if request.method == "GET" and request.url.query:
        back = f"{back}?{request.url.query}"
    door = "/confirm" if isinstance(refusal, ConfirmFirst) else "/sign-in"
    if isinstance(refusal, NotSignedIn) and visit.session is not None:
        door = "/sign-in/code"
    elif isinstance(refusal, NotSignedIn) and request.url.path.startswith("/expert/"):
        # Experts have no account: a visit that ended goes on by a new link.
        return visit.answer(RedirectResponse("/expert/link?ended=1", 303))
    where = f"{door}?next={quote(back, safe='/')}"
    if visit.partial:
        return visit.answer(Response(status_code=status, headers={"HX-Redirect": where}))
    return visit.answer(RedirectResponse(where, 303))


def _page_of(request: Request) -> str:
    """The page a form was sent from, when the browser says so and it is ours."""
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc != request.headers.get("host", ""):
        return "/"
    return f"{came.path}?{came.query}" if came.query else came.path or "/"


def _visit(request: Request) -> Visit:
    known = getattr(request.state, "visit", None)
    if isinstance(known, Visit):
        return known
    try:
        return visit_of(request, FormData())
    except DBAPIError:
        ground: Ground = request.app.state.ground
        return Visit(request, ground, ground.now(), ground.language)
