"""Role × action × scope: the one table that pages, API, exports and search obey.

``own`` reaches what lies in the actor's scope (channel, province, institution, seat), ``all`` everything. Rows are
narrowed by ``cases_within``; a page checks ``may``. Nothing else decides what a role sees.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from casework.actors import Actor
from states.refusals import Refused
from states.roles import Role

CLAUSE = "M24-11.6a"


class Reach(StrEnum):
    """How far an action reaches."""

    NONE = "."
    OWN = "own"
    ALL = "all"


ANYONE, EXPERT = "anyone", "expert"
"""Who has no account: the public, and an expert who came in by a personal link."""

COLUMNS: tuple[str, ...] = (
    ANYONE, EXPERT, Role.APPLICANT, Role.RECOMMENDER, Role.PROVINCE, Role.OFFICE, Role.CENTRE, Role.PANEL, Role.GROUP,
    Role.HEAD, Role.AUDITOR,
)  # fmt: skip

TABLE = """
                        anyone expert  applicant recommender province office  centre  panel   group   head    auditor
public.see              all    all     all       all         all      all     all     all     all     all     all
sign_in                 all    all     all       all         all      all     all     all     all     all     all
objection.lodge         all    all     all       all         all      all     all     all     all     all     all

account.own             .      .       own       own         own      own     own     own     own     own     own
home.see                .      .       own       own         own      all     all     all     all     all     all
health.see              .      .       .         .           .        all     all     all     all     all     all
account.manage          .      .       .         .           .        all     .       .       .       all     .
act_as                  .      .       .         .           .        all     .       .       .       .       .

stuck.see               .      .       .         own         own      all     all     .       all     all     all
stuck.nudge             .      .       .         .           own      all     .       .       .       all     .
stuck.reassign          .      .       .         .           .        all     .       .       .       all     .
incident.see            .      .       .         .           .        all     .       .       .       all     all
incident.retry          .      .       .         .           .        all     .       .       .       all     .
process.see             .      .       .         own         own      all     all     .       all     all     all

case.see                .      .       own       own         own      all     all     .       all     all     all
case.move               .      .       own       own         own      all     all     .       all     all     .
case.note               .      .       .         own         own      all     all     .       all     all     .
case.export             .      .       .         own         own      all     all     .       all     all     all
material.see            .      .       own       own         own      all     all     .       all     all     all

batch.see               .      .       .         own         own      all     all     .       all     all     all
batch.run               .      .       .         own         own      all     all     .       all     all     .

call.see                .      .       .         .           own      all     all     all     all     all     all
call.plan               .      .       .         .           own      all     .       .       .       .       .
call.approve            .      .       .         .           .        .       .       .       .       all     .
call.open               .      .       .         .           own      all     .       .       .       .       .
call.extend             .      .       .         .           own      all     .       .       .       all     .
clock.foresee           .      .       .         .           own      all     all     .       all     all     all

expert.see              .      .       .         .           .        all     .       .       all     all     all
expert.change           .      .       .         .           .        all     .       .       all     all     .
panel.see               .      .       .         .           own      all     all     all     all     all     all
panel.plan              .      .       .         .           own      all     all     .       .       .       .
panel.members           .      .       .         .           own      all     .       .       all     all     all
panel.decide            .      .       .         .           own      all     .       .       all     all     .
draw.see                .      .       .         .           own      all     all     .       all     all     all
draw.commit             .      .       .         .           own      all     all     .       .       .       .
draw.digits             .      .       .         .           own      all     all     .       all     all     all
ballots.open            .      .       .         .           own      all     all     .       all     all     all
ballots.tally           .      .       .         .           own      all     all     all     .       .       .
recheck.see             .      .       .         .           own      all     .       .       all     all     all
recheck.decide          .      .       .         .           own      .       .       .       all     .       .
recheck.release         .      .       .         .           own      .       .       .       all     .       .

letter.see              .      .       .         own         own      all     .       .       .       all     all
letter.edit             .      .       .         .           .        all     .       .       .       .       .
letter.resend           .      .       .         .           .        all     .       .       .       .       .
template.see            .      .       .         .           .        all     .       .       .       all     all

recommend.see           .      .       .         own         own      all     .       .       .       all     all
recommend.decide        .      .       .         own         .        .       .       .       .       .       .
failing.answer          .      .       .         own         .        .       .       .       .       .       .
list.report             .      .       .         .           own      all     .       .       .       .       .
paper.track             .      .       .         own         .        all     .       .       .       .       all
filing.import           .      .       .         own         .        all     .       .       .       .       .
duty.see                .      .       own       own         own      all     .       .       all     all     all
duty.report             .      .       own       .           .        .       .       .       .       .       .
duty.accept             .      .       .         own         own      all     .       .       .       .       .
inspection.see          .      .       .         own         own      all     .       .       all     all     all
inspection.run          .      .       .         .           .        all     .       .       .       .       .
objection.see           .      .       .         own         own      all     .       .       all     all     all
objection.decide        .      .       .         .           own      all     .       .       all     .       .
publicity.run           .      .       .         .           own      all     .       .       all     .       .

application.write       .      .       own       .           .        .       .       .       .       .       .
application.withdraw    .      .       own       .           .        .       .       .       .       .       .
renewal.apply           .      .       own       .           .        .       .       .       .       .       .
change.request          .      .       own       .           .        .       .       .       .       .       .
change.decide           .      .       .         own         own      all     .       .       .       .       .

seat.answer             .      own     .         .           .        .       .       .       .       .       .
seat.read               .      own     .         .           .        .       .       .       .       .       .
seat.vote               .      own     .         .           .        .       .       .       .       .       .

audit.search            .      .       .         .           .        all     .       .       .       all     all
audit.verify            .      .       .         .           .        all     .       .       .       all     all
audit.export            .      .       .         .           .        .       .       .       .       all     all

api.token               .      .       own       own         own      own     own     own     own     own     own
api.describe            all    all     all       all         all      all     all     all     all     all     all
calendar.feed           .      .       own       own         own      own     own     own     own     own     own
"""
"""``.`` none, ``own`` the scope, ``all`` everything. One line per action; the head names the columns."""

APART: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "recheck.decide": frozenset({"ballots.tally", "ballots.open"}),
        "recheck.release": frozenset({"recheck.decide", "ballots.tally"}),
        "call.approve": frozenset({"call.plan"}),
        "draw.digits": frozenset({"draw.commit"}),
        "seat.vote": frozenset({"recommend.decide"}),
    }
)
"""Separation of duties: an action, and those its doer may not have done about the same thing."""

OUTSIDE = "这里没有您可以查看的内容，或者不在您的办理范围内。"


def _read(table: str) -> Mapping[str, Mapping[str, Reach]]:
    lines = [line.split() for line in table.splitlines() if line.strip()]
    head, rows = lines[0], lines[1:]
    if tuple(head) != COLUMNS:
        raise ValueError(f"the table's head should name {COLUMNS}")
    found: dict[str, Mapping[str, Reach]] = {}
    for name, *cells in rows:
        if name in found or len(cells) != len(head):
            raise ValueError(f"line {name!r} stands twice or has {len(cells)} cells")
        found[name] = MappingProxyType(dict(zip(head, map(Reach, cells), strict=True)))
    return MappingProxyType(found)


POLICY: Mapping[str, Mapping[str, Reach]] = _read(TABLE)
"""Action → column → reach."""


def reach(column: str | Role, action: str) -> Reach:
    """How far an action reaches for a role (or ``ANYONE``, ``EXPERT``). KeyError for an action not in the table."""
    return POLICY[action].get(str(column), Reach.NONE)


def may(actor: Actor | None, action: str) -> bool:
    """Whether somebody may do this at all, in whatever scope; None is the public."""
    return reach(actor.role if actor else ANYONE, action) is not Reach.NONE


def refuse_unless_may(actor: Actor | None, action: str) -> None:
    """Raises Refused when the role may not do this in any scope."""
    if not may(actor, action):
        who = actor.role.label if actor else "未登录的访问者"
        raise Refused(f"{who}不能办理或查看这一项。", clause=CLAUSE)


def cases_within(actor: Actor, action: str) -> tuple[str, list[Any]]:
    """SQL over ``cases c`` (without WHERE) and its values: the cases this action reaches for the actor."""
    match reach(actor.role, action):
        case Reach.ALL:
            return "1 = 1", []
        case Reach.OWN:
            return in_scope(actor)
    return "1 = 0", []


def in_scope(actor: Actor) -> tuple[str, list[Any]]:
    """SQL over ``cases c`` and its values: what lies in the actor's channel, province or institution."""
    if actor.role is Role.RECOMMENDER:
        return "c.channel = ?", [actor.scope]
    if actor.role is Role.PROVINCE:
        return "c.province = ?", [actor.scope]
    if actor.role is Role.APPLICANT:
        return "c.institution_id = ?", [int(actor.scope) if actor.scope.isdigit() else -1]
    return "1 = 0", []


def refuse_same_hand(actor: Actor, action: str, done: Iterable[tuple[str, str]]) -> None:
    """Separation of duties: ``done`` are (action, signature) about the same thing.

    Raises Refused when the actor, or the true actor behind, did one that must stay apart from this action.
    """
    apart = APART.get(action, frozenset())
    hands = {actor.signature, actor.behind or actor.signature}
    for before, signature in done:
        if before in apart and hands & {signature, signature.partition(" by ")[2]}:
            raise Refused("办理前一步的人员不能再办理这一步，请由另一名有权限的人员办理。", clause=CLAUSE)
