"""Who may do what about a panel, and who may see what of it: the one table (law 10, M24-7.3b).

Members are confidential: an applicant, a department and the training-guidance centre never learn who sits, nor does
a province, unless the panel is its own (M24-8). What is published before and after a draw names nobody, and is for
everybody. A province's panel is that province's affair: national staff see how far it has come, not who sits.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from casework.actors import Actor
from states.places import OFFICES
from states.refusals import Refused
from states.roles import Role

CLAUSE = "M24-7.3b"


class Matter(StrEnum):
    """What there is to see of a panel."""

    PUBLISHED = "published"
    """Its parameters, its rounds with their hashes, and the public certificates."""
    PROGRESS = "progress"
    """How many were invited, accepted, declined; what the panel waits for."""
    MEMBERS = "members"
    """Who sits, who declined and why; the sealed certificates; conflicts held for a human."""


class Act(StrEnum):
    """What there is to do about a panel."""

    PLAN = "plan"
    COMMIT = "commit"
    SUPERVISE = "supervise"
    DECIDE = "decide"

    @property
    def label(self) -> str:
        """What the act is called in a refusal."""
        return {
            "plan": "设定专家组", "commit": "承诺抽取", "supervise": "监督抽取", "decide": "核定回避和席位",
        }[self]  # fmt: skip


EVERYBODY = frozenset(Role)
ORGANISERS = frozenset({Role.OFFICE, Role.CENTRE})
WITH_NEED = frozenset({Role.OFFICE, Role.GROUP, Role.HEAD, Role.AUDITOR})

SEES: Mapping[Matter, frozenset[Role]] = MappingProxyType(
    {
        Matter.PUBLISHED: EVERYBODY,
        Matter.PROGRESS: WITH_NEED | ORGANISERS,
        Matter.MEMBERS: WITH_NEED,
    }
)
"""Matter → the roles that see it."""

DOES: Mapping[Act, frozenset[Role]] = MappingProxyType(
    {
        Act.PLAN: ORGANISERS,
        Act.COMMIT: ORGANISERS,
        Act.SUPERVISE: WITH_NEED | ORGANISERS,
        Act.DECIDE: frozenset({Role.OFFICE, Role.GROUP, Role.HEAD}),
    }
)
"""Act → the roles that do it. Whoever committed a round never supervises it (``drawing``)."""

PROVINCE_SEES: Mapping[Matter, frozenset[Role]] = MappingProxyType(
    {
        Matter.PUBLISHED: EVERYBODY,
        Matter.PROGRESS: WITH_NEED | {Role.PROVINCE},
        Matter.MEMBERS: frozenset({Role.PROVINCE, Role.AUDITOR}),
    }
)
"""The same for a panel that a province organises; of the provinces, itself alone."""

PROVINCE_DOES: Mapping[Act, frozenset[Role]] = MappingProxyType(
    {
        Act.PLAN: frozenset({Role.PROVINCE}),
        Act.COMMIT: frozenset({Role.PROVINCE}),
        Act.SUPERVISE: frozenset({Role.PROVINCE, Role.AUDITOR}),
        Act.DECIDE: frozenset({Role.PROVINCE}),
    }
)
"""The same for a panel that a province organises (M24-8)."""


def may_see(actor: Actor, matter: Matter, province: str) -> bool:
    """Whether the actor sees the matter of a panel; ``province`` is the panel's, empty for a national one."""
    if matter is Matter.PUBLISHED:
        return True
    table = PROVINCE_SEES if province else SEES
    return actor.role in table[matter] and _reaches(actor, province)


def refuse_unless_sees(actor: Actor, matter: Matter, province: str | None = None) -> None:
    """Raises Refused, in words that do not say whether there is anything to see.

    ``province`` is the panel's; None, while the panel is not known yet, refuses those who see it of no panel.
    """
    ever = actor.role in SEES[matter] | PROVINCE_SEES[matter]
    if not (ever if province is None else may_see(actor, matter, province)):
        raise Refused(f"专家组成员及评议情况保密，{actor.role.label}无权查看。", clause=CLAUSE)


def refuse_unless_does(actor: Actor, act: Act, province: str | None = None) -> None:
    """Raises Refused when the actor does not do this for a panel; ``province`` as for ``refuse_unless_sees``."""
    table = PROVINCE_DOES if province else DOES
    ever = actor.role in DOES[act] | PROVINCE_DOES[act]
    if ever if province is None else actor.role in table[act] and _reaches(actor, province):
        return
    if ever and province:
        organiser = OFFICES[f"P{province}"].name
        raise Refused(
            f"“{act.label}”：本专家组由{organiser}组织，不在{actor.name}的办理范围内。", clause="M24-8"
        )
    may = "、".join(role.label for role in sorted(table[act]))
    raise Refused(f"“{act.label}”只能由{may}办理，当前身份为{actor.role.label}。", clause=CLAUSE)


def within_reach(actor: Actor, province: str) -> bool:
    """Whether a panel's pages are there for the actor at all: a province's reader has those of that province."""
    return _reaches(actor, province)


def _reaches(actor: Actor, province: str) -> bool:
    return actor.role is not Role.PROVINCE or actor.scope == province
