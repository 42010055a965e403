"""Who takes part: staff with accounts, offices with mailboxes. Every name and address is plainly invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.people import add_user
from records.transaction import transaction
from states.call_rules import TrackRules
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


_AT_HOME = ("P11",)
"""Where the institutions that departments recommend have their seat."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who runs the selection of a track: the office, who decides, who releases, who organises the experts, who watches.

    ``settles`` decides about recusal and panels; ``officers`` keep the shares of every panel's key, and two of them
    open the ballots together.
    """

    office: Actor
    group: Actor
    releaser: Actor
    organiser: Actor
    settles: Actor
    auditor: Actor
    supervisor: Actor
    officers: tuple[Actor, ...]


def staff_of(rules: TrackRules, province: str) -> Staff:
    """Who runs the selection of a track: national staff (M24-3.1), or a province's own (M24-3.2, CQ23-4.3).

    The experts may be organised by others than decide: by the centre (I21-4.4), or nationally for a province (CQ23-4.3).
    """
    run_by = organiser(rules.review_organiser.value, province)
    local = run_by.role is Role.PROVINCE
    officers = provincial(province) if local else (OFFICE, HEAD, SUPERVISOR)
    settles = run_by if local else OFFICE
    if rules.decided_by.value != "province":
        return Staff(OFFICE, GROUP, RELEASER, run_by, settles, OFFICE, SUPERVISOR, officers)
    office, chief, deputy = provincial(province)
    auditor = OFFICE if rules.national_audit.value else office
    return Staff(office, chief, deputy, run_by, settles, auditor, SUPERVISOR, officers)


def organiser(role: str, province: str) -> Actor:
    """Who organises expert review, by the role the rules name (I21-4.4)."""
    return {Role.OFFICE: OFFICE, Role.CENTRE: CENTRE, Role.PROVINCE: provincial(province)[0]}[Role(role)]


def provincial(province: str) -> tuple[Actor, Actor, Actor]:
    """Three people of a province's bureau: who handles, who decides, who releases."""
    logins = (f"p{province}.jingban", f"p{province}.chuzhang", f"p{province}.juzhang")
    handles, decides, releases = (Actor(login, Role.PROVINCE, province) for login in logins)
    return handles, decides, releases


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
    if actor.role is Role.PROVINCE:
        return OFFICES[f"P{actor.scope}"].name
    return actor.role.label


def enlist(
    desk: Desk,
    channels: Sequence[str],
    provinces: Sequence[str],
    keeping: Sequence[str] = (),
    *,
    with_centre: bool,
    as_of: datetime,
) -> None:
    """Give accounts to the national staff, to one person of every office that will recommend, to three of every
    province that selects, and to one of every province that looks after trainers the nation selected.

    The centre takes part only where it organises expert review (I21-4.4).
    """
    for actor, name in NATIONAL.items():
        if actor is CENTRE and not with_centre:
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
    people = [(province, 3) for province in provinces] + [(province, 1) for province in keeping]
    for province, count in people:
        for actor, title in zip(provincial(province)[:count], ("经办", "处长", "局长"), strict=False):
            add_user(
                desk.engine, login=actor.name, name=f"演练·{OFFICES[f'P{province}'].short}{title}",
                mail=f"{actor.name}@p{province}.example.cn", role=str(actor.role), scope=province, as_of=as_of,
                by=OFFICE,
            )  # fmt: skip
    mailboxes = sorted({*channels, *_AT_HOME} if any(code.startswith("D") for code in channels) else channels)
    with transaction(desk.engine) as tx:
        tx.many(
            "INSERT INTO office_mailbox (channel, name, mail) VALUES (?,?,?)",
            ((code, OFFICES[code].name, f"tuijian@{code.lower()}.example.cn") for code in mailboxes),
        )
