"""One part of the site: a router that takes no route without an action of the policy.

    area = Area()

    @area.get("/stuck", action="stuck.see")
    def show_stuck(visit: Here) -> Response: ...

A handler is a plain function (it runs in a thread) with a parameter ``visit: Here``.
"""

from collections.abc import AsyncIterator, Callable
from functools import wraps
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from casework.access.policy import ANYONE, EXPERT, POLICY, Reach, reach, refuse_unless_may
from casework.access.seat_visits import seat_of
from casework.access.sessions import session_of
from dashboard.cookies import LANGUAGE, SEAT, SESSION, read_cookie
from dashboard.csrf import FIELD, HEADER, csrf_fits, same_origin
from dashboard.ground import Ground
from dashboard.language import LANGUAGES
from dashboard.refusing import NotAllowed, NotSignedIn
from dashboard.visit import Visit
from states.refusals import Refused

READING = frozenset({"GET", "HEAD"})
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
HALF_SIGNED_IN = frozenset({"public.see", "sign_in", "objection.lodge", "api.describe"})
"""What is open before the one-time code was given."""


async def _form(request: Request) -> AsyncIterator[FormData]:
    """What was sent; files are closed once the answer is made."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method in READING or kind not in FORMS:
        yield FormData()
        return
    try:
        form = await request.form(max_files=200, max_fields=2000, max_part_size=2 * 1024 * 1024)
    except HTTPException as fault:
        raise Refused("表单内容过长或格式有误，请减少内容后重试。") from fault
    try:
        yield form
    finally:
        await form.close()


def visit_of(request: Request, form: Annotated[FormData, Depends(_form)]) -> Visit:
    """The visit of a request: session or seat looked up, what was sent checked to come from our own page."""
    ground: Ground = request.app.state.ground
    as_of = ground.now()
    chosen = read_cookie(request, LANGUAGE)
    visit = Visit(request, ground, as_of, chosen if chosen in LANGUAGES else ground.language, form=form)
    carried, seat = read_cookie(request, SESSION), read_cookie(request, SEAT)
    if carried:
        visit.session = session_of(ground.desk, carried, as_of=as_of, limits=ground.limits)
    if seat:
        visit.seat = seat_of(ground.desk, seat, as_of=as_of)
    request.state.visit = visit
    return visit


Here = Annotated[Visit, Depends(visit_of)]
"""The parameter every handler has."""


class Area:
    """The routes of one part of the site. ``prefix`` goes before every path."""

    def __init__(self, prefix: str = "") -> None:
        self.router = APIRouter(prefix=prefix)

    def get(
        self, path: str, *, action: str, **options: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A page to look at: changes nothing."""
        return self._route("GET", path, action, options)

    def post(
        self, path: str, *, action: str, grave: bool = False, **options: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A form that is sent; a ``grave`` one asks for the password again. Taken once per form."""
        return self._route("POST", path, action, options, grave=grave)

    def _route(
        self, method: str, path: str, action: str, options: dict[str, Any], *, grave: bool = False
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        if action not in POLICY:
            raise ValueError(f"{method} {path}: the policy has no action {action!r}")

        def register(handler: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(handler)
            def guarded(*values: Any, **named: Any) -> Any:
                visit: Visit = named["visit"]
                if method == "GET":
                    admit(visit, action)
                    return handler(*values, **named)
                if _is_ours(visit) and (again := visit.answered()) is not None:
                    return again
                admit(visit, action)
                _refuse_foreign(visit)
                if grave:
                    visit.grave()
                return visit.once(lambda: handler(*values, **named))

            guarded.__linxuan_action__ = action  # type: ignore[attr-defined]
            self.router.add_api_route(
                path, guarded, methods=[method], response_class=Response, response_model=None,
                include_in_schema=False, **options,
            )  # fmt: skip
            return handler

        return register


def admit(visit: Visit, action: str) -> None:
    """Raises NotSignedIn or NotAllowed unless the policy opens this action to the visitor."""
    if reach(ANYONE, action) is not Reach.NONE:
        return
    if visit.seat is not None and reach(EXPERT, action) is not Reach.NONE:
        return
    session = visit.session
    if session is None or (not session.complete and action not in HALF_SIGNED_IN):
        raise NotSignedIn
    try:
        refuse_unless_may(session.actor, action)
    except Refused as refusal:
        raise NotAllowed(refusal.sentence, clause=refusal.clause) from None


def _refuse_foreign(visit: Visit) -> None:
    if not _is_ours(visit):
        raise NotAllowed("页面已过期或不是从本系统打开的，未作任何改动，请刷新页面后重新提交。")


def _is_ours(visit: Visit) -> bool:
    headers = visit.request.headers
    sent = visit.field(FIELD) or headers.get(HEADER, "")
    return same_origin(headers, headers.get("host", "")) and csrf_fits(
        read_cookie(visit.request, SESSION), sent
    )
