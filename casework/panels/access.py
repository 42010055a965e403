"""Who may do what about a panel, and who may see what of it: the one table (law 10, M24-7.3b).

Members are confidential: an applicant, a province, a department and the training-guidance centre never learn who
sits. What is published before and after a draw names nobody, and is for everybody.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from casework.actors import Actor
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


def may_see(actor: Actor, matter: Matter) -> bool:
    """Whether the actor's role sees the matter."""
    return actor.role in SEES[matter]


def refuse_unless_sees(actor: Actor, matter: Matter) -> None:
    """Raises Refused, in words that do not say whether there is anything to see."""
    if not may_see(actor, matter):
        raise Refused(f"专家组成员及评议情况保密，{actor.role.label}无权查看。", clause=CLAUSE)


def refuse_unless_does(actor: Actor, act: Act) -> None:
    """Raises Refused when the actor's role does not do this."""
    if actor.role not in DOES[act]:
        may = "、".join(role.label for role in sorted(DOES[act]))
        raise Refused(f"“{act.label}”只能由{may}办理，当前身份为{actor.role.label}。", clause=CLAUSE)
