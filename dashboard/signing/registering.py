"""An institution registers itself."""

from fastapi import Response

from casework.access.registering import SENT, Wish, confirm_registration, register
from casework.access.sessions import begin_session
from casework.access.throttle import Wait
from dashboard.area import Area, Here
from dashboard.cookies import SESSION, is_safe
from dashboard.refusing import NotAllowed
from dashboard.visit import Visit
from states.refusals import Refused

FIELDS = ("uscc", "institution", "name", "login", "mail")


def add_registering(area: Area) -> None:
    """Give an area the pages of registering."""

    @area.get("/register", action="sign_in")
    def ask_particulars(visit: Here) -> Response:
        return _ask(visit)

    @area.post("/register", action="sign_in")
    def take_particulars(visit: Here) -> Response:
        if not is_safe(visit.request):
            raise NotAllowed("本页不是通过 https 打开的，不能注册。请改用 https 地址。")
        wish = Wish(
            **{name: visit.field(name) for name in FIELDS}, password=str(visit.form.get("password", ""))
        )
        try:
            mark = register(
                visit.desk,
                wish,
                as_of=visit.as_of,
                address=visit.browser.address,
                passwords=visit.ground.passwords,
            )
        except Refused as refusal:
            return _ask(visit, 429 if isinstance(refusal, Wait) else 422, says=refusal.sentence)
        return visit.page("signing/register_code.html.j2", mark=mark, says="", sent=SENT)

    @area.post("/register/code", action="sign_in")
    def take_mailbox_code(visit: Here) -> Response:
        mark = visit.field("mark")
        try:
            person = confirm_registration(visit.desk, mark, visit.field("code"), as_of=visit.as_of)
        except Refused as refusal:
            return visit.page("signing/register_code.html.j2", 422, mark=mark, says=refusal.sentence, sent="")
        browser = visit.browser
        token = begin_session(
            visit.desk, person, as_of=visit.as_of, address=browser.address, agent=browser.agent,
            limits=visit.ground.limits,
        )  # fmt: skip
        visit.carry(SESSION, token)
        return visit.go("/home", visit.say("signing.registered"))


def _ask(visit: Visit, status: int = 200, says: str = "") -> Response:
    typed = {name: visit.field(name) for name in FIELDS}
    return visit.page("signing/register.html.j2", status, typed=typed, says=says)
