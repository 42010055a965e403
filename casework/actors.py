"""Who acts: a name, a role and a scope, and whether that reaches a given case."""

from dataclasses import dataclass

from states.declaration import Move
from states.facts import Facts
from states.refusals import Refused
from states.roles import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody acting. ``scope`` is a channel code for recommenders, a province code for provinces, an
    institution id for applicants, and empty for national staff; ``behind`` is the signature of the true actor
    when somebody of the office acts for another.
    """

    name: str
    role: Role
    scope: str = ""
    behind: str = ""

    @property
    def signature(self) -> str:
        """How the audit log names the actor, and the true one behind: ``applicant:unit.3 by office:lin``."""
        mine = f"{self.role}:{self.name}"
        return f"{mine} by {self.behind}" if self.behind else mine


CLOCK = Actor("clock", Role.CLOCK)


def refuse_unless_allowed(actor: Actor, move: Move, facts: Facts) -> None:
    """Raises Refused when the role may not make this move, or the case lies outside the actor's scope."""
    if actor.role not in move.by:
        may = "、".join(role.label for role in sorted(move.by))
        raise Refused(f"“{move.label}”只能由{may}办理，当前身份为{actor.role.label}。", clause=move.clause)
    if actor.role is Role.CLOCK or not _scoped(actor.role):
        return
    own = {
        Role.RECOMMENDER: facts.channel,
        Role.PROVINCE: facts.province,
        Role.APPLICANT: str(facts.institution_id),
    }[actor.role]
    if actor.scope != own:
        raise Refused(f"申报{facts.no}不在{actor.name}的办理范围内。", clause=move.clause)


def _scoped(role: Role) -> bool:
    return role in (Role.RECOMMENDER, Role.PROVINCE, Role.APPLICANT)
