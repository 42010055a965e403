"""Who may look into the pool, and who may change it: whom it holds is confidential (M24-7.3b)."""

from casework.actors import Actor
from states.refusals import Refused
from states.roles import Role

KEEPERS = (Role.OFFICE, Role.GROUP, Role.HEAD)
READERS = (*KEEPERS, Role.AUDITOR)


def refuse_unless_reader(actor: Actor) -> None:
    """Raises Refused for everyone but the office, the group, the head and auditors."""
    _refuse_unless(actor, READERS, "查看")


def refuse_unless_keeper(actor: Actor) -> None:
    """Raises Refused for everyone but the office, the group and the head."""
    _refuse_unless(actor, KEEPERS, "维护")


def _refuse_unless(actor: Actor, roles: tuple[Role, ...], what: str) -> None:
    if actor.role not in roles:
        may = "、".join(role.label for role in roles)
        raise Refused(f"专家库只能由{may}{what}，当前身份为{actor.role.label}。", clause="M24-7.3b")
