"""Acting for another: the office for an applicant or a recommender that cannot; the log names the true actor."""

from datetime import datetime

from casework.access.policy import may
from casework.access.sessions import Session
from casework.audit import Entry, append
from casework.desk import Desk
from records.transaction import Transaction, transaction
from states import places
from states.refusals import Refused
from states.roles import Role

FOR_WHOM = (Role.APPLICANT, Role.RECOMMENDER)


def act_as(desk: Desk, session: Session, role: str, scope: str, *, as_of: datetime) -> str:
    """Act for a recommending office (any spelling) or an institution (its code) from now on; its name.

    Raises Refused when the role may not, and for somebody who is not there.
    """
    if not may(session.me, "act_as"):
        raise Refused(f"{session.me.role.label}不能代办。")
    if role not in FOR_WHOM:
        raise Refused("只能代申报单位或推荐单位办理，请重新选择。")
    with transaction(desk.engine) as tx:
        name, place = _office(scope) if role == Role.RECOMMENDER else _institution(tx, scope)
        tx.run(
            "UPDATE web_session SET acting_role = ?, acting_scope = ?, acting_name = ? WHERE id = ?",
            (role, place, name, session.id),
        )
        detail = {"role": str(role), "scope": place}
        append(tx, [Entry(as_of, as_of, session.me.signature, "account", "act_as", detail=detail)])
    return name


def act_as_oneself(desk: Desk, session: Session, *, as_of: datetime) -> None:
    """Stop acting for another; nothing happens when nobody does."""
    with transaction(desk.engine) as tx:
        ended = tx.run(
            "UPDATE web_session SET acting_role = '', acting_scope = '', acting_name = ''"
            " WHERE id = ? AND acting_role <> ''",
            (session.id,),
        )
        if ended.rowcount:
            append(tx, [Entry(as_of, as_of, session.me.signature, "account", "act_as_ended")])


def _office(scope: str) -> tuple[str, str]:
    office = places.find(scope)
    return office.name, office.code


def _institution(tx: Transaction, uscc: str) -> tuple[str, str]:
    row = tx.one("SELECT name, id FROM institution WHERE uscc = ?", (uscc.strip().upper(),))
    if row is None:
        raise Refused(f"没有统一社会信用代码为“{uscc.strip()}”的单位，请核对。")
    return row[0], str(row[1])
