"""Who acts when something is typed: an account, or the operator at this machine."""

import getpass
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from states.refusals import Refused
from states.roles import Role

if TYPE_CHECKING:
    from casework.actors import Actor
    from casework.desk import Desk
    from casework.selection import Selection


class Place(NamedTuple):
    """Where a case belongs: what a scope is compared with."""

    channel: str
    province: str
    institution_id: int


def operator(role: Role, scope: str = "") -> "Actor":
    """The person at this machine in a role, as the audit log names them: ``office:li@本机``."""
    from casework.actors import Actor

    return Actor(f"{_system_user()}@本机", role, scope)


def account(desk: "Desk", login: str) -> "Actor":
    """The actor behind a login. Raises Refused when there is none, or it was disabled."""
    from casework.actors import Actor
    from casework.people import find_user

    user = find_user(desk.engine, login)
    if user.disabled_at is not None:
        raise Refused(f"账号“{user.login}”已停用，不能办理。")
    return Actor(user.login, Role(user.role), user.scope)


def office_or(desk: "Desk", login: str | None) -> "Actor":
    """Who acts: the account, or the operator at this machine as the office."""
    return account(desk, login) if login else operator(Role.OFFICE)


def reader(desk: "Desk", login: str | None) -> "Actor | None":
    """Who reads: an account sees its own scope, the operator everything."""
    return account(desk, login) if login else None


def who_acts(
    desk: "Desk",
    login: str | None,
    what: str,
    by: Sequence[Role],
    cases: Iterable[Place],
    clause: str | None = None,
) -> "Actor":
    """The decision who makes a move that the roles ``by`` may make, the first of them preferred.

    ``what`` the move is called and its ``clause`` are for the refusal.

    With a login it is that account, with its own role and scope; the gate refuses what it may not do. Without
    one it is the operator, in the first role whose scope all these cases share. Raises Refused when only the
    clock may do it, and when the cases belong to several offices and no role reaches all of them.
    """
    if login:
        return account(desk, login)
    # Nobody at a keyboard is a panel: where an office may record for it, the operator is the office.
    people = sorted((role for role in by if role is not Role.CLOCK), key=lambda role: role is Role.PANEL)
    if not people:
        raise Refused(f"“{what}”由系统到期自动办理，不能人工办理。", clause=clause)
    places = list(cases)
    for role in people:
        scopes = {_scope(role, place) for place in places} or {""}
        if len(scopes) == 1:
            return operator(role, scopes.pop())
    first = people[0]
    option = {Role.RECOMMENDER: "--channel", Role.PROVINCE: "--province"}.get(first, "--no")
    count = len({_scope(first, place) for place in places})
    raise Refused(
        f"“{what}”由{first.label}办理，所选申报分属{count}家，请用 {option} 一次选一家，或用 --as 以其账号办理。"
    )


def who_acts_in_batch(desk: "Desk", login: str | None, move: str, chosen: "Selection") -> "Actor":
    """``who_acts`` for the chosen cases, by the stages in which they can make the move."""
    from casework.possible import by_whom
    from records.transaction import reading

    where, values = chosen.where()
    with reading(desk.engine) as tx:
        rows = tx.rows(
            f"SELECT DISTINCT c.process, c.stage, c.channel, c.province, c.institution_id FROM cases c WHERE {where}",
            values,
        )
    by: tuple[Role, ...] = ()
    places, label = [], move
    for process_key, stage_key, *place in rows:
        process = desk.processes.process(process_key)
        stage = process.stages[stage_key]
        found = next((each for each in stage.moves if each.name == move), None)
        if found is not None:
            by, label = by or by_whom(stage, found), found.label
            places.append(Place(*place))
        elif move not in process.labels:
            process.move(stage_key, move)
    if not by:  # nobody can make it anywhere: the preview says so case by case
        by = (Role.OFFICE,)
    return who_acts(desk, login, label, by, places)


def _scope(role: Role, place: Place) -> str:
    match role:
        case Role.RECOMMENDER:
            return place.channel
        case Role.PROVINCE:
            return place.province
        case Role.APPLICANT:
            return str(place.institution_id)
    return ""


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "operator"
