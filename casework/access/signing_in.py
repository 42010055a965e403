"""Signing in: unknown, closed and wrong look and take alike; wrong tries wait; either is in the audit log."""

from dataclasses import dataclass
from datetime import datetime

from casework.access.sessions import Limits, Session, begin_session, end_sessions, note_password
from casework.access.throttle import door, forget_failures, note_failure, refuse_while_waiting
from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.passwords import Passwords
from records.transaction import reading, transaction
from states.refusals import Refused
from states.roles import Role

WRONG = "登录名或密码不正确，请核对后重试。"


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody signs in from, as far as it is known."""

    address: str = ""
    agent: str = ""


def sign_in_here(
    desk: Desk,
    login: str,
    password: str,
    browser: Browser,
    *,
    as_of: datetime,
    passwords: Passwords | None = None,
    limits: Limits | None = None,
) -> str:
    """Sign in to a browser; the token of its cookie. Raises Refused in the same words for whatever is wrong."""
    check, doors = (
        passwords or Passwords(),
        (door("account", login), door("address", browser.address)),
    )
    with transaction(desk.engine) as tx:
        refuse_while_waiting(tx, doors, as_of=as_of)
    with reading(desk.engine) as tx:
        row = tx.one(
            "SELECT id, login, role, scope, password, disabled_at FROM person WHERE login = ?",
            (login.strip().lower(),),
        )
    fits = check.fits(row[4] if row else None, password)
    known = row is not None and row[5] is None and fits
    with transaction(desk.engine) as tx:
        who = Actor(row[1], Role(row[2]), row[3]).signature if row else "unknown"
        append(tx, [Entry(as_of, as_of, who, "account", "sign_in" if known else "sign_in_refused")])
        if not known:
            note_failure(tx, doors, as_of=as_of)
        else:
            forget_failures(tx, doors[0])
            if row and check.outdated(row[4]):
                tx.run("UPDATE person SET password = ? WHERE id = ?", (check.rehash(password), row[0]))
    if not known or row is None:
        raise Refused(WRONG)
    return begin_session(
        desk, row[0], as_of=as_of, address=browser.address, agent=browser.agent, limits=limits
    )


def confirm_password(
    desk: Desk, session: Session, password: str, *, as_of: datetime, passwords: Passwords | None = None
) -> None:
    """Type the password again before a grave act. Raises Refused (counted) when it is not the one."""
    _refuse_unless_own(desk, session, password, as_of, passwords or Passwords())
    with transaction(desk.engine) as tx:
        note_password(tx, session.id, as_of=as_of)


def change_password(
    desk: Desk,
    session: Session,
    old: str,
    new: str,
    *,
    as_of: datetime,
    passwords: Passwords | None = None,
) -> int:
    """A new password in place of the old one; how many other sessions ended with it. Raises Refused."""
    check = passwords or Passwords()
    _refuse_unless_own(desk, session, old, as_of, check)
    hashed = check.hash(new, login=session.me.name)
    with transaction(desk.engine) as tx:
        tx.run("UPDATE person SET password = ? WHERE id = ?", (hashed, session.person_id))
        append(tx, [Entry(as_of, as_of, session.me.signature, "account", "set_password")])
        return end_sessions(tx, session.person_id, as_of=as_of, but=session.id)


def _refuse_unless_own(
    desk: Desk, session: Session, password: str, as_of: datetime, check: Passwords
) -> None:
    doors = (door("account", session.me.name),)
    with transaction(desk.engine) as tx:
        refuse_while_waiting(tx, doors, as_of=as_of)
    with reading(desk.engine) as tx:
        row = tx.one("SELECT password FROM person WHERE id = ?", (session.person_id,))
    if not check.fits(row[0] if row else None, password):
        with transaction(desk.engine) as tx:
            note_failure(tx, doors, as_of=as_of)
            append(tx, [Entry(as_of, as_of, session.me.signature, "account", "password_refused")])
        raise Refused("密码不正确，请核对后重试。")
