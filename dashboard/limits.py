"""How much a request may carry: refused early by what it declares, and cut off by what it sends."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.refusing import TooLarge


class RequestLimit:
    """Refuses bodies over ``largest`` bytes: unread by their Content-Length, else as soon as more has come."""

    def __init__(self, app: ASGIApp, largest: int, refuse: Callable[[Request, TooLarge], Response]) -> None:
        self.app, self.largest, self.refuse = app, largest, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self.largest:
            await self.refuse(Request(scope), TooLarge(self.largest))(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.largest:
                raise TooLarge(self.largest)
            return message

        await self.app(scope, counted, send)
