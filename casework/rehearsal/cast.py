"""Who takes part: staff with accounts, offices with mailboxes. Every name and address is plainly invented."""

from datetime import datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.people import add_user
from records.transaction import transaction
from states.places import OFFICES
from states.roles import Role

OFFICE = Actor("office.lin", Role.OFFICE)
GROUP = Actor("group.zhou", Role.GROUP)
CENTRE = Actor("centre.he", Role.CENTRE)
PANEL = Actor("panel.secretary", Role.PANEL)
RELEASER = Actor("group.sun", Role.GROUP)
HEAD = Actor("head.qin", Role.HEAD)
SUPERVISOR = Actor("audit.fang", Role.AUDITOR)
NATIONAL = {
    OFFICE: "演练·林经办",
    GROUP: "演练·周成员",
    CENTRE: "演练·何老师",
    PANEL: "演练·专家组秘书",
    RELEASER: "演练·孙成员",
    HEAD: "演练·秦主任",
    SUPERVISOR: "演练·方监督",
}
"""National staff and what they are called."""


OFFICERS = (OFFICE, HEAD, SUPERVISOR)
"""Who keeps a share of every panel's key; two of them open the ballots together."""


def organiser(role: str) -> Actor:
    """Who organises expert review, by the role the rules name (I21-4.4)."""
    return {Role.OFFICE: OFFICE, Role.CENTRE: CENTRE}[Role(role)]


def recommender(channel: str) -> Actor:
    """The one person who recommends for an office."""
    return Actor(f"{channel.lower()}.tuijian", Role.RECOMMENDER, channel)


def applicant(institution_id: int) -> Actor:
    """Whoever files for an institution."""
    return Actor(f"unit.{institution_id}", Role.APPLICANT, str(institution_id))


def called(actor: Actor) -> str:
    """What the report calls somebody."""
    if actor.role is Role.RECOMMENDER:
        return OFFICES[actor.scope].name
    return actor.role.label


def enlist(desk: Desk, channels: list[str], organiser: str, as_of: datetime) -> None:
    """Give accounts to the national staff and to one person of every office that will recommend.

    The centre takes part only where it is the ``organiser`` of expert review (I21-4.4).
    """
    for actor, name in NATIONAL.items():
        if actor is CENTRE and organiser != Role.CENTRE:
            continue
        add_user(
            desk.engine, login=actor.name, name=name, mail=f"{actor.name}@office.example.cn",
            role=str(actor.role), as_of=as_of, by=OFFICE,
        )  # fmt: skip
    for channel in channels:
        actor = recommender(channel)
        add_user(
            desk.engine, login=actor.name, name=f"演练·{OFFICES[channel].short}经办",
            mail=f"{actor.name}@{channel.lower()}.example.cn", role=str(actor.role), scope=channel,
            as_of=as_of, by=OFFICE,
        )  # fmt: skip
    with transaction(desk.engine) as tx:
        tx.many(
            "INSERT INTO office_mailbox (channel, name, mail) VALUES (?,?,?)",
            ((code, OFFICES[code].name, f"tuijian@{code.lower()}.example.cn") for code in channels),
        )
