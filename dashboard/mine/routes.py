"""What waits for me, and my account."""

from fastapi import Response

from casework.access.second_factor import renew_recovery_codes
from casework.access.sessions import end_session, end_sessions, sessions_of
from casework.access.signing_in import change_password
from casework.waiting import waiting
from dashboard.area import Area, Here
from dashboard.visit import Visit
from records.transaction import transaction
from states.refusals import Refused

area = Area()


@area.get("/home", action="home.see")
def show_home(visit: Here) -> Response:
    """Counts, what is due next, who waits longest, and one button to the next case."""
    visit.desk.calendar = visit.ground.installation.calendar()
    return visit.page("mine/home.html.j2", mine=waiting(visit.desk, visit.actor, as_of=visit.as_of))


@area.get("/account", action="account.own")
def show_account(visit: Here) -> Response:
    """My sessions, password and authenticator."""
    return _account(visit)


@area.post("/account/password", action="account.own")
def set_password(visit: Here) -> Response:
    """A new password; every other session ends with the old one."""
    form = visit.form
    old, new, again = (str(form.get(name, "")) for name in ("old", "new", "again"))
    try:
        if new != again:
            raise Refused("两次输入的新密码不一致，请重新输入。")
        change_password(
            visit.desk, visit.signed_in, old, new, as_of=visit.as_of, passwords=visit.ground.passwords
        )
    except Refused as refusal:
        return _account(visit, 422, says=refusal.sentence)
    return visit.go("/account", visit.say("account.password_changed"))


@area.post("/account/sessions/{session_id}/end", action="account.own")
def end_one(visit: Here, session_id: int) -> Response:
    """Sign out another browser."""
    end_session(visit.desk, visit.signed_in, as_of=visit.as_of, which=session_id)
    return visit.go("/account", visit.say("account.session_ended"))


@area.post("/account/sessions/end", action="account.own")
def end_others(visit: Here) -> Response:
    """Sign out everywhere else."""
    mine = visit.signed_in
    with transaction(visit.desk.engine) as tx:
        end_sessions(tx, mine.person_id, as_of=visit.as_of, but=mine.id)
    return visit.go("/account", visit.say("account.sessions_ended"))


@area.post("/account/recovery", action="account.own", grave=True)
def renew_codes(visit: Here) -> Response:
    """New recovery codes in place of the old ones."""
    codes = renew_recovery_codes(visit.desk, visit.signed_in, as_of=visit.as_of)
    return visit.page("signing/recovery.html.j2", codes=codes, next="/account")


def _account(visit: Visit, status: int = 200, says: str = "") -> Response:
    mine = visit.signed_in
    seen = sessions_of(visit.desk, mine.person_id, as_of=visit.as_of, limits=visit.ground.limits)
    return visit.page("mine/account.html.j2", status, mine=mine, sessions=seen, says=says)
