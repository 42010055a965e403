"""Which cases: filters and the one policy that decides what a role may see (law 10)."""

from dataclasses import dataclass
from typing import Any

from casework.access.policy import Reach, cases_within, reach
from casework.actors import Actor
from states.refusals import Refused
from states.roles import Role

NATIONAL = frozenset(role for role in Role if reach(role, "case.see") is Reach.ALL) | {Role.CLOCK}
"""Who sees the cases of the whole country."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A choice of cases. Empty fields do not narrow; ``nos`` lists case numbers."""

    call: str | None = None
    track: str | None = None
    stage: str | None = None
    province: str | None = None
    channel: str | None = None
    occupation: str | None = None
    institution: str | None = None
    held_by: str | None = None
    nos: tuple[str, ...] = ()

    def where(self, actor: Actor | None = None) -> tuple[str, list[Any]]:
        """SQL over ``cases c`` (without WHERE) and its values, narrowed to what the actor may see."""
        parts, values = ["1 = 1"], []
        for column in ("call", "track", "stage", "province", "channel", "occupation", "held_by"):
            wanted = getattr(self, column)
            if wanted:
                parts.append(f"c.{column} = ?")
                values.append(wanted)
        if self.institution:
            parts.append("c.institution_id IN (SELECT id FROM institution WHERE name LIKE ? OR uscc = ?)")
            values += [f"%{self.institution}%", self.institution]
        if self.nos:
            parts.append(f"c.no IN ({','.join('?' * len(self.nos))})")
            values += list(self.nos)
        if actor is not None:
            sql, seen = visible(actor)
            parts.append(sql)
            values += seen
        return " AND ".join(parts), values

    @property
    def is_empty(self) -> bool:
        """True when nothing narrows the choice."""
        return self == Selection()


def visible(actor: Actor) -> tuple[str, list[Any]]:
    """What an actor may see of ``cases c``: as the policy says; the clock sees everything."""
    if actor.role is Role.CLOCK:
        return "1 = 1", []
    return cases_within(actor, "case.see")


class NoSuchCase(Refused):
    """There is no such case within the actor's reach; both are said alike (law 10)."""

    def __init__(self) -> None:
        super().__init__("没有这件申报，或者不在您的办理范围内。")
