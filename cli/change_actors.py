"""Who acts on a change when nobody signs in: the operator in the part that the act belongs to."""

from typing import TYPE_CHECKING

from states.roles import Role

if TYPE_CHECKING:
    from casework.actors import Actor
    from casework.desk import Desk
    from casework.particulars.standing import Standing


def institution_actor(desk: "Desk", login: str | None, who: str) -> "Actor":
    """The account, or the operator on behalf of the institution that ``who`` names."""
    from casework.particulars.standing import find_institution
    from cli.acting import account, operator
    from records.transaction import reading

    if login:
        return account(desk, login)
    with reading(desk.engine) as tx:
        return operator(Role.APPLICANT, str(find_institution(tx, who)[0]))


def owner_actor(desk: "Desk", login: str | None, no: str) -> "Actor":
    """The account, or the operator on behalf of the institution a request or departure belongs to."""
    from cli.acting import account, operator

    return (
        account(desk, login) if login else operator(Role.APPLICANT, str(_standing(desk, no).institution_id))
    )


def decider_actor(desk: "Desk", login: str | None, no: str) -> "Actor":
    """The account, or the operator as whoever decides about a request."""
    from cli.acting import account, operator

    if login:
        return account(desk, login)
    standing = _standing(desk, no)
    role = standing.deciders[0]
    scoped = role is Role.PROVINCE and standing.listings
    return operator(role, standing.listings[0].province if scoped else "")


def recommender_actor(desk: "Desk", login: str | None, no: str) -> "Actor":
    """The account, or the operator as the first of those who recommended the institution."""
    from cli.acting import account, operator

    if login:
        return account(desk, login)
    channels = _standing(desk, no).channels
    return operator(Role.RECOMMENDER, channels[0] if channels else "")


def _standing(desk: "Desk", no: str) -> "Standing":
    from casework.particulars.standing import standing_of
    from records.transaction import reading
    from states.particulars import CLAUSE
    from states.refusals import Refused

    wanted = no.strip().upper()
    with reading(desk.engine) as tx:
        for table in ("change_request", "departure"):
            row = tx.one(f"SELECT institution_id FROM {table} WHERE no = ?", (wanted,))
            if row is not None:
                return standing_of(tx, desk, row[0], lock=False)
    raise Refused(
        f"没有编号为“{no}”的变更申请或退出登记，可用 linxuan change list、linxuan change leavings 查看。",
        clause=CLAUSE,
    )
