"""One request: who asks, in which scope, as of when, and how it is answered."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from casework.access.forms_once import answer_of, note_answer, take_form
from casework.access.policy import may
from casework.access.seat_visits import SeatHeld
from casework.access.sessions import Session
from casework.access.signing_in import Browser
from casework.access.tokens import make_token
from casework.actors import Actor
from casework.desk import Desk
from dashboard.cookies import FLASH, SEAT, SESSION, read_cookie, read_flash, seal_flash, write_cookie
from dashboard.csrf import make_csrf
from dashboard.ground import Ground
from dashboard.language import Say, speak
from dashboard.navigation import Entry, navigation
from dashboard.refusing import ConfirmFirst, NotSignedIn

ONCE = "once"
T = TypeVar("T")


@dataclass(slots=True)
class Visit:
    """What a handler gets. ``form`` is what was sent; empty for a page that is only looked at."""

    request: Request
    ground: Ground
    as_of: datetime
    language: str
    session: Session | None = None
    seat: SeatHeld | None = None
    form: FormData = field(default_factory=FormData)
    _carried: str = ""
    _cookies: dict[str, str] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        """The desk, with today's calendar."""
        return self.ground.desk

    @property
    def signed_in(self) -> Session:
        """The session. Raises NotSignedIn without one."""
        if self.session is None:
            raise NotSignedIn
        return self.session

    @property
    def actor(self) -> Actor:
        """Who acts, in whose scope; the true actor is in ``actor.behind``. Raises NotSignedIn."""
        return self.signed_in.actor

    @property
    def say(self) -> Say:
        """Words in the reader's language."""
        return speak(self.language)

    @property
    def browser(self) -> Browser:
        """Where the request comes from."""
        client = self.request.client
        return Browser(client.host if client else "", self.request.headers.get("user-agent", "")[:160])

    @property
    def partial(self) -> bool:
        """Whether htmx asks for a part of the page."""
        return "hx-request" in self.request.headers and "hx-boosted" not in self.request.headers

    def may(self, action: str) -> bool:
        """Whether the reader may do this in any scope."""
        return may(self.session.actor if self.session else None, action)

    def field(self, name: str) -> str:
        """A field of the form, trimmed; empty when it was not sent. Files are not texts."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def fields(self, name: str) -> list[str]:
        """All values of a field that may be sent more than once."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def grave(self) -> None:
        """Raises ConfirmFirst unless the password was typed within ten minutes."""
        if not self.signed_in.confirmed(self.as_of):
            raise ConfirmFirst

    def page(self, template: str, status: int = 200, **words: Any) -> Response:
        """A page. Besides ``words`` a template has ``visit``, ``t``, ``nav``, ``csrf()``, ``once()`` and ``flash``."""
        flash = self._take_flash()
        text = self.ground.render(
            template,
            {"visit": self, "t": self.say, "nav": self.navigation(), "flash": flash, "csrf": self.csrf,
             "once": make_token, "as_of": self.as_of, **words},
        )  # fmt: skip
        return self.answer(HTMLResponse(text, status))

    def go(self, path: str, says: str = "", *, kind: str = "good") -> Response:
        """See another page next, with one sentence on it; ``kind``: good, watch or bad. ``path`` is on this site."""
        if says:
            self._cookies[FLASH] = seal_flash(self.ground.key, kind, says)
        if self.partial:
            return self.answer(Response(status_code=204, headers={"HX-Redirect": local(path)}))
        return self.answer(RedirectResponse(local(path), 303))

    def answer(self, response: Response) -> Response:
        """Any other response, with the cookies this visit owes. Every handler's answer goes through here or ``page``."""
        for name, value in self._cookies.items():
            write_cookie(self.request, response, name, value)
        return response

    def carry(self, name: str, value: str) -> None:
        """Put a value into a cookie of the answer; an empty one removes it."""
        self._cookies[name] = value
        if name == SESSION:
            self._carried = value

    def csrf(self) -> str:
        """A fresh token for a form; somebody not signed in gets a cookie to bind it to."""
        if not self._carried:
            self._carried = read_cookie(self.request, SESSION)
        if not self._carried:
            self.carry(SESSION, make_token())
        return make_csrf(self._carried)

    def navigation(self) -> tuple[Entry, ...]:
        """The pages this reader may open, in order."""
        return navigation(self)

    def _take_flash(self) -> tuple[str, str] | None:
        if FLASH in self._cookies:
            return None
        sealed = read_cookie(self.request, FLASH)
        if not sealed:
            return None
        self._cookies[FLASH] = ""
        return read_flash(self.ground.key, sealed)

    def answered(self) -> Response | None:
        """Where a second click leads; None for the first. Asked before the policy: the first click may have changed it."""
        token = self.field(ONCE)
        led = answer_of(self.desk, token) if token else None
        return self.go(led) if led is not None else None

    def once(self, act: Callable[[], T]) -> T | Response:
        """Take the form once: a second click is led where the first was, without doing anything."""
        token = self.field(ONCE)
        if not token:
            return act()
        led = take_form(self.desk, token, as_of=self.as_of)
        if led is not None:
            return self.go(led)
        answer = None
        try:
            done = act()
            if isinstance(done, Response) and done.status_code in (204, 303):
                answer = done.headers.get("location") or done.headers.get("hx-redirect")
            return done
        finally:
            note_answer(self.desk, token, answer)


def local(path: str) -> str:
    """The path when it stays on this site, else the front page."""
    sound = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if sound and "\\" not in path else "/"


def incident_number() -> str:
    """What a reader can quote when something failed; the log has the same."""
    return secrets.token_hex(4).upper()


__all__ = ["SEAT", "Visit", "incident_number", "local"]
