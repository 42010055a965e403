"""Somebody else signs an act on a screen where another is signed in: password and one-time code, for that act alone."""

from datetime import datetime

from casework.access.second_factor import check_code
from casework.access.sessions import SECOND_FACTOR, Limits, end_session, session_of
from casework.access.signing_in import Browser, sign_in_here
from casework.actors import Actor
from casework.desk import Desk
from casework.passwords import Passwords
from states.refusals import Refused


def witness(
    desk: Desk,
    login: str,
    password: str,
    code: str,
    browser: Browser,
    *,
    as_of: datetime,
    passwords: Passwords | None = None,
) -> Actor:
    """Who signs, proved as at sign-in and signed out again at once; both stand in the audit log.

    Raises Refused (counted) for whatever does not fit.
    """
    token = sign_in_here(desk, login, password, browser, as_of=as_of, passwords=passwords)
    session = session_of(desk, token, as_of=as_of, limits=Limits())
    if session is None:
        raise Refused("登录名或密码不正确，请核对后重试。")
    try:
        if session.me.role in SECOND_FACTOR:
            check_code(desk, session, code, as_of=as_of)
    finally:
        end_session(desk, session, as_of=as_of)
    return session.me
