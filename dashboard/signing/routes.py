"""Coming in and going out."""

from urllib.parse import quote

from fastapi import Response

from casework.access.acting_as import act_as, act_as_oneself
from casework.access.sample import accounts_of, code_of
from casework.access.second_factor import check_code, confirm_enrolment, enrolment, is_enrolled
from casework.access.sessions import SECOND_FACTOR, end_session, session_of
from casework.access.signing_in import confirm_password, sign_in_here
from casework.access.throttle import Wait
from dashboard.area import Area, Here
from dashboard.cookies import SEAT, SESSION, is_safe
from dashboard.refusing import NotSignedIn
from dashboard.signing.qr import qr_svg
from dashboard.signing.registering import add_registering
from dashboard.visit import Visit, local
from states.refusals import Refused

area = Area()
add_registering(area)


@area.get("/sign-in", action="sign_in")
def ask_who(visit: Here) -> Response:
    """Login and password; on a rehearsed installation the sample accounts stand below."""
    if visit.session is not None and visit.session.complete:
        return visit.go(_next(visit))
    return _ask(visit)


@area.post("/sign-in", action="sign_in")
def sign_in(visit: Here) -> Response:
    """Sign in; whoever gives a one-time code is asked for it next."""
    if not is_safe(visit.request):
        return _ask(
            visit, 403, says="本页不是通过 https 打开的，密码会被他人看到，不能登录。请改用 https 地址。"
        )
    ground = visit.ground
    try:
        token = sign_in_here(
            visit.desk, visit.field("login"), str(visit.form.get("password", "")), visit.browser,
            as_of=visit.as_of, passwords=ground.passwords, limits=ground.limits,
        )  # fmt: skip
    except Wait as wait:
        answer = _ask(visit, 429, says=wait.sentence)
        answer.headers["Retry-After"] = str(wait.seconds)
        return answer
    except Refused as refusal:
        return _ask(visit, 422, says=refusal.sentence)
    visit.carry(SESSION, token)
    visit.carry(SEAT, "")
    session = session_of(visit.desk, token, as_of=visit.as_of, limits=ground.limits)
    if session is None or session.me.role not in SECOND_FACTOR:
        return visit.go(_next(visit))
    return visit.go(f"/sign-in/code?next={quote(_next(visit), safe='/')}")


@area.get("/sign-in/code", action="sign_in")
def ask_code(visit: Here) -> Response:
    """The one-time code; at the first sign-in, the secret to put into an authenticator."""
    session = visit.session
    if session is None:
        raise NotSignedIn
    if session.complete:
        return visit.go(_next(visit))
    return _ask_code(visit)


@area.post("/sign-in/code", action="sign_in")
def take_code(visit: Here) -> Response:
    """The one-time code, or a recovery code; the first one binds the authenticator."""
    session, code = visit.signed_in, visit.field("code")
    try:
        if is_enrolled(visit.desk, session.person_id):
            check_code(visit.desk, session, code, as_of=visit.as_of)
            return visit.go(_next(visit))
        codes = confirm_enrolment(visit.desk, session, code, as_of=visit.as_of)
    except Refused as refusal:
        return _ask_code(visit, 429 if isinstance(refusal, Wait) else 422, says=refusal.sentence)
    return visit.page("signing/recovery.html.j2", codes=codes, next=_next(visit))


@area.post("/sign-out", action="public.see")
def sign_out(visit: Here) -> Response:
    """Sign out here."""
    if visit.session is not None:
        end_session(visit.desk, visit.session, as_of=visit.as_of)
    visit.carry(SESSION, "")
    return visit.go("/sign-in", visit.say("signing.signed_out"))


@area.get("/confirm", action="account.own")
def ask_password(visit: Here) -> Response:
    """The password once more, before a grave act."""
    return visit.page("signing/confirm.html.j2", next=_next(visit), says="")


@area.post("/confirm", action="account.own")
def take_password(visit: Here) -> Response:
    """The password once more; back to the page it was asked on."""
    password = str(visit.form.get("password", ""))
    try:
        confirm_password(
            visit.desk, visit.signed_in, password, as_of=visit.as_of, passwords=visit.ground.passwords
        )
    except Refused as refusal:
        return visit.page("signing/confirm.html.j2", 422, next=_next(visit), says=refusal.sentence)
    return visit.go(_next(visit), visit.say("signing.confirmed"))


@area.get("/act-as", action="act_as")
def ask_for_whom(visit: Here) -> Response:
    """For whom to act."""
    return visit.page("signing/act_as.html.j2")


@area.post("/act-as", action="act_as", grave=True)
def begin_acting(visit: Here) -> Response:
    """Act for an applicant or a recommender from now on."""
    name = act_as(visit.desk, visit.signed_in, visit.field("role"), visit.field("scope"), as_of=visit.as_of)
    return visit.go("/home", visit.say("signing.acting", name=name), kind="watch")


@area.post("/act-as/end", action="account.own")
def end_acting(visit: Here) -> Response:
    """Act for oneself again."""
    act_as_oneself(visit.desk, visit.signed_in, as_of=visit.as_of)
    return visit.go("/home")


def _ask(visit: Visit, status: int = 200, says: str = "") -> Response:
    return visit.page(
        "signing/sign_in.html.j2", status, says=says, login=visit.field("login"), next=_next(visit),
        samples=accounts_of(visit.ground.installation),
    )  # fmt: skip


def _ask_code(visit: Visit, status: int = 200, says: str = "") -> Response:
    session = visit.signed_in
    if is_enrolled(visit.desk, session.person_id):
        known = code_of(visit.ground.installation, session.me.name, as_of=visit.as_of)
        return visit.page("signing/code.html.j2", status, says=says, next=_next(visit), known=known)
    asked = enrolment(visit.desk, session, as_of=visit.as_of)
    return visit.page(
        "signing/enrol.html.j2",
        status,
        says=says,
        next=_next(visit),
        secret=asked.secret,
        qr=qr_svg(asked.address),
    )


def _next(visit: Visit) -> str:
    wanted = visit.field("next") or visit.request.query_params.get("next", "")
    return local(wanted) if wanted else "/home"
